//! A row of text fields as a typed record.

use credential::{Kind, general};
use time::format_description::well_known::Rfc3339;
use time::{Date, Duration, OffsetDateTime, Time};

use super::Column;
use super::error::{Problem, RegisterError, quote};
use crate::product;
use crate::record::{
    BirthDate, COVID_19, DEFAULT_DAYS, Expiry, Facts, General, Record, Recovery, TestResult, Vaccination,
    parse_date,
};

const DATE: &str = "a date as YYYY-MM-DD or DD.MM.YYYY";
const BIRTH_DATE: &str = "a date as YYYY-MM-DD, DD.MM.YYYY, YYYY-MM or YYYY, from 1900 on";
const TIME: &str =
    "a date as YYYY-MM-DD or DD.MM.YYYY, or a time with its offset such as 2026-11-20T08:30:00+03:00";
const INSTANT: &str = "a time with its offset such as 2026-11-20T08:30:00+03:00";
const KIND: &str = "vaccination, test or recovery (вакцинация, тест, выздоровление), card, badge, appointment or ticket (карта, бейдж, запись, билет)";
const USES: &str = "a number from 1 to 1000, or nothing where it can be used as often as you like";
const DOSE: &str = "a number from 1 to 9";
const DAYS: &str = "a number of days from 1 to 36500";
/// Days after the first positive test from which and until which a recovery counts
/// (Commission Regulation (EU) 2021/953, annex, point 3).
const RECOVERY_DAYS: (i64, i64) = (11, 180);
/// Longest validity in days: a hundred years.
const MAX_DAYS: u32 = 36_500;

const OF_VACCINATION: [Column; 6] = [
    Column::Vaccine,
    Column::Product,
    Column::Manufacturer,
    Column::Dose,
    Column::Doses,
    Column::VaccinatedOn,
];
const OF_TEST: [Column; 6] = [
    Column::TestType,
    Column::TestName,
    Column::TestDevice,
    Column::SampledAt,
    Column::Result,
    Column::TestCentre,
];
const OF_RECOVERY: [Column; 3] = [Column::FirstPositive, Column::RecoveryFrom, Column::RecoveryUntil];
const OF_GENERAL: [Column; 4] = [Column::Title, Column::Zones, Column::Uses, Column::Detail];
/// What only certificates have.
const OF_CERTIFICATE: [Column; 4] =
    [Column::Disease, Column::Country, Column::FamilyNameLatin, Column::GivenNameLatin];

/// A row's fields, trimmed; an empty one is none.
pub(super) struct Row {
    line: u64,
    fields: [Option<String>; Column::COUNT],
}

impl Row {
    pub(super) fn new(line: u64) -> Self {
        Self { line, fields: [const { None }; Column::COUNT] }
    }

    pub(super) fn line(&self) -> u64 {
        self.line
    }

    pub(super) fn put(&mut self, column: Column, value: &str) {
        let value = value.trim();
        self.fields[column as usize] = (!value.is_empty()).then(|| value.to_owned()); // safe: COUNT columns
    }

    pub(super) fn has(&self, column: Column) -> bool {
        self.text(column).is_some()
    }

    /// The record that it describes.
    pub(super) fn record(&self, kind: Option<Kind>) -> Result<Record, RegisterError> {
        let kind = match self.kind(kind) {
            Err(error) if self.has(Column::Kind) => return Err(error),
            kind => kind,
        };
        let (family_name, given_name) = self.names(kind.as_ref().ok())?;
        let kind = kind?;
        Ok(Record {
            family_name,
            given_name,
            family_name_latin: self.owned(Column::FamilyNameLatin),
            given_name_latin: self.owned(Column::GivenNameLatin),
            date_of_birth: self.birth_date()?,
            facts: self.facts(kind)?,
            disease: self.owned(Column::Disease).unwrap_or_else(|| COVID_19.into()),
            country: self.owned(Column::Country),
            issuer: self.owned(Column::Issuer),
            valid_from: self.second(Column::ValidFrom, Time::MIDNIGHT)?,
            expiry: self.expiry(kind)?,
            id: self.owned(Column::Id),
        })
    }

    fn names(&self, kind: Option<&Kind>) -> Result<(String, String), RegisterError> {
        let family = self.text(Column::FamilyName).unwrap_or_default();
        let mut given = self.text(Column::GivenName).unwrap_or_default().to_owned();
        let latin = self.has(Column::FamilyNameLatin) || self.has(Column::GivenNameLatin);
        let nameless = matches!(kind, Some(Kind::Ticket | Kind::Appointment));
        if family.is_empty() && given.is_empty() && !latin && !nameless {
            return Err(self.error(Column::FamilyName, Problem::Empty));
        }
        if let Some(patronymic) = self.text(Column::Patronymic) {
            given = format!("{given} {patronymic}").trim().to_owned();
        }
        Ok((family.to_owned(), given))
    }

    fn birth_date(&self) -> Result<BirthDate, RegisterError> {
        self.parse(Column::DateOfBirth, BIRTH_DATE, |text| {
            BirthDate::parse(text).or_else(|| BirthDate::parse(&date(text)?.to_string()))
        })
        .map(Option::unwrap_or_default)
    }

    /// The row's own kind, else the one that all rows without have.
    fn kind(&self, default: Option<Kind>) -> Result<Kind, RegisterError> {
        let Some(word) = self.text(Column::Kind) else {
            return default.ok_or_else(|| self.error(Column::Kind, Problem::Empty));
        };
        Ok(match word.to_lowercase().as_str() {
            "vaccination" | "v" | "вакцинация" | "прививка" => Kind::Vaccination,
            "test" | "t" | "тест" => Kind::Test,
            "recovery" | "r" | "выздоровление" => Kind::Recovery,
            "card" | "карта" => Kind::Card,
            "badge" | "бейдж" | "удостоверение" => Kind::Badge,
            "appointment" | "запись" | "приём" | "прием" => Kind::Appointment,
            "ticket" | "билет" => Kind::Ticket,
            other => return Err(self.unreadable(Column::Kind, other, KIND)),
        })
    }

    fn facts(&self, kind: Kind) -> Result<Facts, RegisterError> {
        let others: &[&[Column]] = match kind {
            Kind::Vaccination => &[&OF_TEST, &OF_RECOVERY, &OF_GENERAL],
            Kind::Test => &[&OF_VACCINATION, &OF_RECOVERY, &OF_GENERAL],
            Kind::Recovery => &[&OF_VACCINATION, &OF_TEST, &OF_GENERAL],
            _ => &[&OF_VACCINATION, &OF_TEST, &OF_RECOVERY, &OF_CERTIFICATE],
        };
        self.only(kind.name(), others)?;
        match kind {
            Kind::Vaccination => self.vaccination().map(Facts::Vaccination),
            Kind::Test => self.test().map(Facts::Test),
            Kind::Recovery => self.recovery().map(Facts::Recovery),
            kind if is_general(kind) => self.general(kind).map(Facts::General),
            other => Err(self.unreadable(Column::Kind, other.name(), KIND)),
        }
    }

    fn general(&self, kind: Kind) -> Result<General, RegisterError> {
        let zones = self.text(Column::Zones).unwrap_or_default().split([';', '|']).map(str::trim);
        let zones: Vec<_> = zones.filter(|zone| !zone.is_empty()).map(str::to_owned).collect();
        if zones.is_empty() && kind == Kind::Appointment {
            return Err(self.error(Column::Zones, Problem::Empty));
        }
        Ok(General {
            kind,
            title: self.needed(Column::Title)?.to_owned(),
            zones,
            uses: self.number(Column::Uses, USES, general::MAX_USES)?,
            detail: self.owned(Column::Detail),
        })
    }

    fn vaccination(&self) -> Result<Vaccination, RegisterError> {
        let code = self.text(Column::Product).unwrap_or(product::DEFAULT);
        let known = product::by_code(code);
        let doses = match (self.number(Column::Doses, DOSE, 9)?, known) {
            (Some(doses), _) => doses,
            (None, Some(known)) => known.doses.into(),
            (None, None) => return Err(self.error(Column::Doses, Problem::Empty)),
        };
        Ok(Vaccination {
            vaccine: self.or_known(Column::Vaccine, known.map(|product| product.vaccine))?,
            product: code.to_owned(),
            manufacturer: self.or_known(Column::Manufacturer, known.map(|product| product.manufacturer))?,
            dose: self.number(Column::Dose, DOSE, 9)?.unwrap_or(doses) as u8, // safe: at most 9
            doses: doses as u8,                                               // safe: at most 9
            date: self.date(Column::VaccinatedOn)?,
        })
    }

    fn test(&self) -> Result<TestResult, RegisterError> {
        let sampled_at = self
            .parse(Column::SampledAt, INSTANT, |text| OffsetDateTime::parse(text, &Rfc3339).ok())?
            .ok_or_else(|| self.error(Column::SampledAt, Problem::Empty))?;
        Ok(TestResult {
            test_type: self.code(Column::TestType, TestResult::NAAT, test_type),
            name: self.owned(Column::TestName),
            device: self.owned(Column::TestDevice),
            sampled_at,
            result: self.code(Column::Result, TestResult::NOT_DETECTED, result),
            centre: self.owned(Column::TestCentre),
        })
    }

    fn recovery(&self) -> Result<Recovery, RegisterError> {
        let first_positive = self.date(Column::FirstPositive)?;
        let after = |days| first_positive.saturating_add(Duration::days(days));
        Ok(Recovery {
            first_positive,
            from: self.parse(Column::RecoveryFrom, DATE, date)?.unwrap_or(after(RECOVERY_DAYS.0)),
            until: self.parse(Column::RecoveryUntil, DATE, date)?.unwrap_or(after(RECOVERY_DAYS.1)),
        })
    }

    /// A card or certificate may be valid for a year by itself; when a ticket or an appointment is over has to be said.
    fn expiry(&self, kind: Kind) -> Result<Expiry, RegisterError> {
        let until = self.second(Column::ValidUntil, Time::from_hms(23, 59, 59).unwrap_or(Time::MIDNIGHT))?;
        let days = self.number(Column::ValidDays, DAYS, MAX_DAYS)?;
        match (until, days) {
            (Some(_), Some(_)) => Err(self.error(Column::ValidUntil, Problem::Both(Column::ValidDays))),
            (Some(second), None) => Ok(Expiry::At(second)),
            (None, None) if matches!(kind, Kind::Ticket | Kind::Appointment) => {
                Err(self.error(Column::ValidUntil, Problem::Empty))
            }
            (None, days) => Ok(Expiry::Days(days.unwrap_or(DEFAULT_DAYS))),
        }
    }

    /// A time, or the day at `time_of_day` UTC, in seconds.
    fn second(&self, column: Column, time_of_day: Time) -> Result<Option<i64>, RegisterError> {
        self.parse(column, TIME, |text| match date(text) {
            Some(day) => Some(day.with_time(time_of_day).assume_utc().unix_timestamp()),
            None => OffsetDateTime::parse(text, &Rfc3339).ok().map(OffsetDateTime::unix_timestamp),
        })
    }

    fn date(&self, column: Column) -> Result<Date, RegisterError> {
        self.parse(column, DATE, date)?.ok_or_else(|| self.error(column, Problem::Empty))
    }

    fn number(&self, column: Column, expected: &'static str, max: u32) -> Result<Option<u32>, RegisterError> {
        self.parse(column, expected, |text| text.parse().ok().filter(|number| (1..=max).contains(number)))
    }

    /// A code, or a word for one.
    fn code(&self, column: Column, default: &str, word: fn(&str) -> Option<&'static str>) -> String {
        let Some(text) = self.text(column) else { return default.to_owned() };
        word(&text.to_lowercase()).unwrap_or(text).to_owned()
    }

    fn or_known(&self, column: Column, known: Option<&str>) -> Result<String, RegisterError> {
        self.text(column).or(known).map(str::to_owned).ok_or_else(|| self.error(column, Problem::Empty))
    }

    /// Refuses fields that belong to other kinds.
    fn only(&self, kind: &'static str, others: &[&[Column]]) -> Result<(), RegisterError> {
        match others.iter().copied().flatten().find(|column| self.has(**column)) {
            Some(column) => Err(self.error(*column, Problem::WrongKind { kind })),
            None => Ok(()),
        }
    }

    fn parse<T>(
        &self,
        column: Column,
        expected: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, RegisterError> {
        let Some(text) = self.text(column) else { return Ok(None) };
        read(text).map(Some).ok_or_else(|| self.unreadable(column, text, expected))
    }

    fn needed(&self, column: Column) -> Result<&str, RegisterError> {
        self.text(column).ok_or_else(|| self.error(column, Problem::Empty))
    }

    fn text(&self, column: Column) -> Option<&str> {
        self.fields[column as usize].as_deref() // safe: COUNT columns
    }

    fn owned(&self, column: Column) -> Option<String> {
        self.text(column).map(str::to_owned)
    }

    fn error(&self, column: Column, problem: Problem) -> RegisterError {
        RegisterError::field(self.line, column, problem)
    }

    fn unreadable(&self, column: Column, value: &str, expected: &'static str) -> RegisterError {
        self.error(column, Problem::Unreadable { value: quote(value), expected })
    }
}

/// Whether passes of this kind are general ones of our own.
pub(super) fn is_general(kind: Kind) -> bool {
    general::KINDS.iter().any(|(_, general)| *general == kind)
}

/// `YYYY-MM-DD`, or `DD.MM.YYYY` as Excel writes in Russia and Germany.
fn date(text: &str) -> Option<Date> {
    parse_date(text).or_else(|| {
        let mut parts = text.split('.');
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        parse_date(&format!("{year}-{month:0>2}-{day:0>2}")).filter(|_| parts.next().is_none())
    })
}

fn test_type(word: &str) -> Option<&'static str> {
    match word {
        "pcr" | "naat" | "пцр" => Some(TestResult::NAAT),
        "antigen" | "rapid" | "антиген" => Some(TestResult::RAPID),
        _ => None,
    }
}

fn result(word: &str) -> Option<&'static str> {
    match word {
        "negative" | "not detected" | "отрицательный" => Some(TestResult::NOT_DETECTED),
        "positive" | "detected" | "положительный" => Some(TestResult::DETECTED),
        _ => None,
    }
}
