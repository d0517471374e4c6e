//! Dates and times as certificates write them.
//!
//! The schema asks for RFC 3339, which verifiers have never enforced: certificates that are
//! accepted everywhere have dates with times, times without offsets, and spaces between both.

use std::borrow::Cow;

/// `YYYY`, `YYYY-MM`, or [`is_date`]. The century is the schema's.
pub(crate) fn is_birth_date(text: &str) -> bool {
    (text.starts_with("19") || text.starts_with("20"))
        && match *text.as_bytes() {
            [a, b, c, d] => [a, b, c, d].iter().all(u8::is_ascii_digit),
            [a, b, c, d, b'-', e, f] => date(&[a, b, c, d, b'-', e, f, b'-', b'0', b'1']),
            _ => is_date(text),
        }
}

/// `YYYY-MM-DD`, with or without a time after `T` or a space.
pub(crate) fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    match bytes.split_at_checked(10) {
        Some((day, [])) => date(day),
        Some((day, [b'T' | b't' | b' ', rest @ ..])) => date(day) && time(rest),
        _ => false,
    }
}

/// The same date or time (one that [`is_date`]) in the one form that rules read: `T`, seconds, a dot before their
/// fraction, `Z`; a leap second as the second before it.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    let Some((day, rest)) = text.split_at_checked(10).filter(|(_, rest)| !rest.is_empty()) else {
        return Cow::Borrowed(text);
    };
    // safe: a time that was checked is of ASCII and has hours and minutes
    let (minute, rest) = rest[1..].split_at_checked(5).unwrap_or((&rest[1..], ""));
    let (second, rest) =
        rest.split_at_checked(3).filter(|(second, _)| second.starts_with(':')).unwrap_or((":00", rest));
    let second = if second == ":60" { ":59" } else { second };
    Cow::Owned(format!("{day}T{minute}{second}{}", rest.replace(',', ".").replace('z', "Z")))
}

/// The part before the time.
pub(crate) fn day(text: &str) -> &str {
    text.split(['T', 't', ' ']).next().unwrap_or(text)
}

/// A second of the day of a date that [`is_date`], UTC, since 1970; `time` as `HH:MM:SS`.
pub(crate) fn second(text: &str, time: &str) -> Option<i64> {
    certlogic::timestamp::parse(&format!("{}T{time}Z", day(text)))
}

fn date(bytes: &[u8]) -> bool {
    let [y @ .., b'-', m1, m2, b'-', d1, d2] = bytes else { return false };
    let numbers = (number(y), number(&[*m1, *m2]), number(&[*d1, *d2]));
    let (Some(year), Some(month), Some(day)) = numbers else { return false };
    y.len() == 4 && (1..=days(year, month)).contains(&day)
}

/// None in a month that does not exist.
fn days(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    }
}

/// `HH:MM`, then `:SS` with or without a fraction, then an offset or none.
fn time(bytes: &[u8]) -> bool {
    let [h1, h2, b':', m1, m2, rest @ ..] = bytes else { return false };
    let rest = match rest {
        [b':', s1, s2, rest @ ..] if below(&[*s1, *s2], 61) => fraction(rest),
        _ => Some(rest),
    };
    below(&[*h1, *h2], 24) && below(&[*m1, *m2], 60) && rest.is_some_and(offset)
}

/// What follows the fraction; `None` when there is a dot without digits.
fn fraction(bytes: &[u8]) -> Option<&[u8]> {
    let [b'.' | b',', digits @ ..] = bytes else { return Some(bytes) };
    let count = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (count > 0).then(|| &digits[count..]) // safe: counted in it
}

/// Nothing, `Z`, `+HH:MM`, `+HHMM` or `+HH`.
fn offset(bytes: &[u8]) -> bool {
    match bytes {
        [] | [b'Z' | b'z'] => true,
        [b'+' | b'-', h1, h2, rest @ ..] => {
            let minutes = match rest {
                [] => true,
                [b':', m1, m2] | [m1, m2] => below(&[*m1, *m2], 60),
                _ => false,
            };
            below(&[*h1, *h2], 24) && minutes
        }
        _ => false,
    }
}

fn below(digits: &[u8], limit: u32) -> bool {
    number(digits).is_some_and(|number| number < limit)
}

/// A decimal number of a few digits.
fn number(digits: &[u8]) -> Option<u32> {
    let digits = digits.iter().map(|byte| byte.is_ascii_digit().then(|| u32::from(byte - b'0')));
    digits.take(9).try_fold(0, |number, digit| Some(number * 10 + digit?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_every_form_that_certificates_have() {
        for text in [
            "2021-05-18",
            "2020-02-29",
            "2021-03-18T22:54:00+02:00",
            "2021-03-09T00:00:00",
            "2021-06-04T08:13:51.123456Z",
            "2021-06-04t08:13:51z",
            "2021-06-04 08:13",
            "2021-06-04T23:59:60-0200",
            "2021-06-04T08:13:51+02",
        ] {
            assert!(is_date(text), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "2021",
            "2021-05",
            "2021-13-01",
            "2021-00-01",
            "2021-02-29",
            "2021-02-30",
            "2021-04-31",
            "2021-01-00",
            "21-05-18",
            "2021/05/18",
            "2021-05-18X",
            "2021-05-18T",
            "2021-05-18T25:00",
            "2021-05-18T10:60",
            "2021-05-18T10:00:61",
            "2021-05-18T10:00:00.",
            "2021-05-18T10:00:00+",
            "2021-05-18T10:00:00+25:00",
            "2021-05-18T10:00:00+02:0",
            "2021-05-1\u{660}",
            "+021-05-18",
            "2021-05-18\n",
            "tomorrow",
        ] {
            assert!(!is_date(text), "{text:?}");
        }
    }

    #[test]
    fn rules_get_every_date_in_a_form_that_they_read() {
        for (text, plainly) in [
            ("2021-05-18", "2021-05-18"),
            ("2021-03-18T22:54:00+02:00", "2021-03-18T22:54:00+02:00"),
            ("2021-06-04 08:13", "2021-06-04T08:13:00"),
            ("2021-06-04t08:13:51,5z", "2021-06-04T08:13:51.5Z"),
            ("2021-06-04T08:13+02", "2021-06-04T08:13:00+02"),
            ("2021-06-04T23:59:60-0200", "2021-06-04T23:59:59-0200"),
        ] {
            assert!(is_date(text), "{text}");
            assert_eq!(plain(text), plainly);
            let read: certlogic::Expression = r#"{"plusTime": [{"var": ""}, 0, "day"]}"#.parse().unwrap();
            assert!(read.evaluate(&plain(text).into_owned().into()).is_ok(), "{text}");
        }
    }

    #[test]
    fn births_can_be_known_to_the_year_or_the_month() {
        for (text, good) in [
            ("1964", true),
            ("1964-08", true),
            ("1964-08-12", true),
            ("1978-01-26T00:00:00", true),
            ("1864-08-12", false),
            ("2164", false),
            ("1964-13", false),
            ("1964-8", false),
            ("196", false),
            ("19xx", false),
            ("", false),
        ] {
            assert_eq!(is_birth_date(text), good, "{text}");
        }
    }
}
