//! Date-times of CertLogic 1.3.3, sections "Offset date-time (plusTime)" and "DCC Date of birth".
//!
//! Offsets are those of ECMAScript's `setUTCFullYear`, `setUTCMonth`, `setUTCDate` and
//! `setUTCHours`, which the specification names: a day that the month does not have runs over
//! into the next month (2020-02-29 and a year is 2021-03-01).

use std::fmt;

/// Milliseconds UTC since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DateTime(i64);

/// A unit of time that `plusTime` adds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Unit {
    Year,
    Month,
    Day,
    Hour,
}

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// As far as ECMAScript's dates reach, either way: 100 million days (ECMA-262, "Time Values and Time Range").
const MAX_MS: i64 = 100_000_000 * DAY_MS;

/// No date within [`MAX_MS`] has a year of more digits; kept out before days are multiplied.
const MAX_YEAR: i64 = 300_000;

impl Unit {
    /// The unit of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "year" => Some(Self::Year),
            "month" => Some(Self::Month),
            "day" => Some(Self::Day),
            "hour" => Some(Self::Hour),
            _ => None,
        }
    }
}

impl DateTime {
    /// Reads a date or date-time in the formats that `plusTime` allows. Days and times that do not
    /// exist are refused; the specification leaves open what they come to.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let Some((date, time)) = text.split_once('T') else { return Self::of_birth(text) };
        let mut cursor = Cursor(date.as_bytes());
        let midnight = cursor.whole_date()?;
        if !cursor.is_done() {
            return None;
        }
        let mut cursor = Cursor(time.as_bytes());
        let within = cursor.time_of_day()?;
        let offset = cursor.offset()?;
        cursor.is_done().then_some(Self(midnight + within - offset))
    }

    /// Reads `YYYY[-MM[-DD]]` as the last day that it can mean.
    pub(crate) fn of_birth(text: &str) -> Option<Self> {
        let mut cursor = Cursor(text.as_bytes());
        let ms = match text.len() {
            4 => ms_of(cursor.digits(4)?, 12, 31),
            7 => {
                let (year, month) = cursor.year_and_month()?;
                ms_of(year, month, days_in(year, month))
            }
            _ => cursor.whole_date()?,
        };
        cursor.is_done().then_some(Self(ms))
    }

    /// This time and so many units; `None` beyond what ECMAScript's dates reach.
    pub(crate) fn plus(self, amount: i64, unit: Unit) -> Option<Self> {
        let ms = match unit {
            Unit::Hour => self.0.checked_add(amount.checked_mul(HOUR_MS)?)?,
            Unit::Day => self.0.checked_add(amount.checked_mul(DAY_MS)?)?,
            Unit::Month => self.plus_months(amount)?,
            Unit::Year => self.plus_months(amount.checked_mul(12)?)?,
        };
        (-MAX_MS..=MAX_MS).contains(&ms).then_some(Self(ms))
    }

    /// Seconds since 1970, rounded down.
    pub(crate) fn unix_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The time of so many seconds since 1970; `None` beyond what ECMAScript's dates reach.
    pub(crate) fn from_unix_seconds(seconds: i64) -> Option<Self> {
        let ms = seconds.checked_mul(1000)?;
        (-MAX_MS..=MAX_MS).contains(&ms).then_some(Self(ms))
    }

    fn plus_months(self, amount: i64) -> Option<i64> {
        let (year, month, day) = date_of(self.0.div_euclid(DAY_MS));
        let months = (year * 12 + month - 1).checked_add(amount)?;
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
        if year.abs() > MAX_YEAR {
            return None;
        }
        Some(ms_of(year, month, 1) + (day - 1) * DAY_MS + self.0.rem_euclid(DAY_MS))
    }
}

/// As ECMAScript's `toISOString` writes it, which is what a `Date` becomes in JSON.
impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date_of(self.0.div_euclid(DAY_MS));
        let ms = self.0.rem_euclid(DAY_MS);
        if (0..=9999).contains(&year) {
            write!(f, "{year:04}")?
        } else {
            write!(f, "{year:+07}")?
        }
        let (hour, minute, second) = (ms / HOUR_MS, ms / 60_000 % 60, ms / 1000 % 60);
        write!(f, "-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", ms % 1000)
    }
}

/// What is left of a text.
struct Cursor<'t>(&'t [u8]);

impl Cursor<'_> {
    fn is_done(&self) -> bool {
        self.0.is_empty()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let eaten = self.0.first() == Some(&byte);
        if eaten {
            self.0 = &self.0[1..];
        }
        eaten
    }

    /// How many digits come next.
    fn run(&self) -> usize {
        self.0.iter().take_while(|byte| byte.is_ascii_digit()).count()
    }

    /// The number of exactly so many digits (at most 4).
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        let number =
            |number, digit: &u8| digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0'));
        digits.iter().try_fold(0, number)
    }

    /// Exactly so many digits, of a number from zero up to `most`.
    fn up_to(&mut self, count: usize, most: i64) -> Option<i64> {
        self.digits(count).filter(|number| *number <= most)
    }

    fn year_and_month(&mut self) -> Option<(i64, i64)> {
        let year = self.digits(4)?;
        let month = self.eat(b'-').then(|| self.digits(2))??;
        (1..=12).contains(&month).then_some((year, month))
    }

    /// Midnight UTC of `YYYY-MM-DD`, milliseconds since 1970.
    fn whole_date(&mut self) -> Option<i64> {
        let (year, month) = self.year_and_month()?;
        let day = self.eat(b'-').then(|| self.digits(2))??;
        (1..=days_in(year, month)).contains(&day).then(|| ms_of(year, month, day))
    }

    /// `hh:mm:ss[.S…]` in milliseconds; 24:00:00 is the day's end, as in ISO 8601.
    fn time_of_day(&mut self) -> Option<i64> {
        let hour = self.up_to(2, 24)?;
        let minute = self.eat(b':').then(|| self.up_to(2, 59))??;
        let second = self.eat(b':').then(|| self.up_to(2, 59))??;
        let fraction = if self.eat(b'.') { self.fraction()? } else { 0 };
        let ms = hour * HOUR_MS + minute * 60_000 + second * 1000 + fraction;
        (ms <= DAY_MS).then_some(ms)
    }

    /// Decimals of a second in milliseconds; those after the third are left out.
    fn fraction(&mut self) -> Option<i64> {
        let (digits, rest) = self.0.split_at(self.run());
        self.0 = rest;
        let digit = |at: usize| digits.get(at).map_or(0, |digit| i64::from(digit - b'0'));
        (!digits.is_empty()).then(|| digit(0) * 100 + digit(1) * 10 + digit(2))
    }

    /// `Z`, `[+-]h`, `hh`, `hmm`, `hhmm`, `h:mm` or `hh:mm` in milliseconds; nothing is `Z`.
    fn offset(&mut self) -> Option<i64> {
        if self.is_done() || self.eat(b'Z') {
            return Some(0);
        }
        let sign = if self.eat(b'-') { -1 } else { self.eat(b'+').then_some(1)? };
        let run = self.run();
        let hours = self.up_to(if run % 2 == 1 { 1 } else { 2 }, 23)?;
        let minutes = if run > 2 || self.eat(b':') { self.up_to(2, 59)? } else { 0 };
        Some(sign * (hours * HOUR_MS + minutes * 60_000))
    }
}

/// Midnight UTC of a day in milliseconds since 1970.
fn ms_of(year: i64, month: i64, day: i64) -> i64 {
    (days_before(year, month) + day - 1) * DAY_MS
}

/// How many days lie between 1970-01-01 and the first of a month.
fn days_before(year: i64, month: i64) -> i64 {
    // Years that begin in March have their leap day at the end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // 719 468 days lie between 0000-03-01 and 1970-01-01; five months from March on have 153.
    year * 365 + leap_days + (153 * month + 2) / 5 - 719_468
}

/// Year, month and day of a day since 1970-01-01.
fn date_of(days: i64) -> (i64, i64, i64) {
    // 400 years have 146 097 days, so this is the year, or the one after it.
    let guess = 1970 + (days * 400).div_euclid(146_097);
    let year = if days_before(guess, 1) > days { guess - 1 } else { guess };
    let year = if days_before(year + 1, 1) <= days { year + 1 } else { year };
    let month = (2..=12).rev().find(|month| days_before(year, *month) <= days).unwrap_or(1);
    (year, month, days - days_before(year, month) + 1)
}

fn days_in(year: i64, month: i64) -> i64 {
    let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    days_before(next_year, next) - days_before(year, month)
}

#[cfg(test)]
mod tests;
