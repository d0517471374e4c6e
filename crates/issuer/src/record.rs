//! One row of a register: who, what, and for how long.

use credential::Kind;
use time::format_description::well_known::Iso8601;
use time::{Date, OffsetDateTime};

/// COVID-19, SNOMED CT (the `tg` of every EU certificate).
pub(crate) const COVID_19: &str = "840539006";
/// Days for which a pass is valid when its row does not say.
pub(crate) const DEFAULT_DAYS: u32 = 365;

/// One row of a register.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Family name as the holder writes it; may be empty.
    pub family_name: String,
    /// Given name (and patronymic) as the holder writes it; may be empty.
    pub given_name: String,
    /// Family name in ICAO 9303 letters; transliterated from the above when `None`.
    pub family_name_latin: Option<String>,
    /// Given name in ICAO 9303 letters; transliterated from the above when `None`.
    pub given_name_latin: Option<String>,
    /// Date of birth, as far as it is known.
    pub date_of_birth: BirthDate,
    /// What is certified.
    pub facts: Facts,
    /// Disease (`tg`): a SNOMED CT code.
    pub disease: String,
    /// Country of the event (`co`), alpha-2; the authority's when `None`.
    pub country: Option<String>,
    /// Issuer as the certificate names it (`is`); the authority's name when `None`.
    pub issuer: Option<String>,
    /// First second of validity, UTC; the time of issue when `None`.
    pub valid_from: Option<i64>,
    /// Until when it is valid.
    pub expiry: Expiry,
    /// Certificate identifier (`ci`); made from the authority's key and the status index when `None`.
    pub id: Option<String>,
}

/// What is certified: the DCC's `v`, `t` or `r`.
#[derive(Clone, Debug, PartialEq)]
pub enum Facts {
    /// `v`.
    Vaccination(Vaccination),
    /// `t`.
    Test(TestResult),
    /// `r`.
    Recovery(Recovery),
    /// No certificate: a card, badge, appointment or ticket.
    General(General),
}

/// What a general pass says (`keys/schema/pass.cddl`).
#[derive(Clone, Debug, PartialEq)]
pub struct General {
    /// Card, badge, appointment or ticket.
    pub kind: Kind,
    /// What it is for.
    pub title: String,
    /// Where it is valid; everywhere when empty.
    pub zones: Vec<String>,
    /// How often it can be used; as often as you like when `None`.
    pub uses: Option<u32>,
    /// Whatever else stands on it.
    pub detail: Option<String>,
}

/// A dose of vaccine (DCC schema 1.3.0, `vaccination_entry`).
#[derive(Clone, Debug, PartialEq)]
pub struct Vaccination {
    /// Kind of vaccine (`vp`), e.g. `J07BX03`.
    pub vaccine: String,
    /// Product (`mp`), e.g. `Sputnik-V`.
    pub product: String,
    /// Marketing authorisation holder (`ma`), e.g. `Gamaleya-Research-Institute`.
    pub manufacturer: String,
    /// Number of this dose (`dn`), 1 to 9.
    pub dose: u8,
    /// Doses in the whole series (`sd`), 1 to 9.
    pub doses: u8,
    /// When it was given (`dt`).
    pub date: Date,
}

/// A test's result (DCC schema 1.3.0, `test_entry`).
#[derive(Clone, Debug, PartialEq)]
pub struct TestResult {
    /// Type (`tt`): `LP6464-4` (NAAT) or `LP217198-3` (rapid antigen).
    pub test_type: String,
    /// Name of a NAAT test (`nm`).
    pub name: Option<String>,
    /// Device of a rapid test (`ma`), an EU list number.
    pub device: Option<String>,
    /// When the sample was taken (`sc`).
    pub sampled_at: OffsetDateTime,
    /// Result (`tr`): `260415000` (not detected) or `260373001` (detected).
    pub result: String,
    /// Where it was tested (`tc`); a NAAT test needs it.
    pub centre: Option<String>,
}

/// A recovery (DCC schema 1.3.0, `recovery_entry`).
#[derive(Clone, Debug, PartialEq)]
pub struct Recovery {
    /// First positive test (`fr`).
    pub first_positive: Date,
    /// Valid from (`df`).
    pub from: Date,
    /// Valid until (`du`).
    pub until: Date,
}

/// Until when a pass is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// Its last second, UTC.
    At(i64),
    /// So many days of 24 hours after its first second.
    Days(u32),
}

/// A date of birth as far as it is known: `YYYY-MM-DD`, `YYYY-MM`, `YYYY` or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BirthDate(String);

impl Record {
    /// A record with nothing but who and what; the rest as the authority sets it.
    pub fn new(family_name: &str, given_name: &str, date_of_birth: BirthDate, facts: Facts) -> Self {
        Self {
            family_name: family_name.into(),
            given_name: given_name.into(),
            family_name_latin: None,
            given_name_latin: None,
            date_of_birth,
            facts,
            disease: COVID_19.into(),
            country: None,
            issuer: None,
            valid_from: None,
            expiry: Expiry::default(),
            id: None,
        }
    }
}

impl Facts {
    /// Its kind, without the facts.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Vaccination(_) => Kind::Vaccination,
            Self::Test(_) => Kind::Test,
            Self::Recovery(_) => Kind::Recovery,
            Self::General(general) => general.kind,
        }
    }
}

impl Vaccination {
    /// A dose of Sputnik V.
    pub fn sputnik_v(dose: u8, doses: u8, date: Date) -> Self {
        Self {
            vaccine: "J07BX03".into(),
            product: "Sputnik-V".into(),
            manufacturer: "Gamaleya-Research-Institute".into(),
            dose,
            doses,
            date,
        }
    }
}

impl TestResult {
    /// `tt` of a nucleic acid amplification test (PCR).
    pub const NAAT: &str = "LP6464-4";
    /// `tt` of a rapid antigen test.
    pub const RAPID: &str = "LP217198-3";
    /// `tr` of a negative test.
    pub const NOT_DETECTED: &str = "260415000";
    /// `tr` of a positive test.
    pub const DETECTED: &str = "260373001";

    /// A negative PCR test.
    pub fn negative_pcr(sampled_at: OffsetDateTime, centre: &str) -> Self {
        Self {
            test_type: Self::NAAT.into(),
            name: None,
            device: None,
            sampled_at,
            result: Self::NOT_DETECTED.into(),
            centre: Some(centre.into()),
        }
    }
}

impl BirthDate {
    /// Reads `YYYY-MM-DD`, `YYYY-MM`, `YYYY`, or nothing at all (DCC schema 1.3.0, `dob`).
    pub fn parse(text: &str) -> Option<Self> {
        let day = match text.len() {
            0 => return Some(Self::default()),
            4 => format!("{text}-01-01"),
            7 => format!("{text}-01"),
            _ => text.to_owned(),
        };
        let date = parse_date(&day)?;
        (1900..=2099).contains(&date.year()).then(|| Self(text.to_owned()))
    }

    /// As the certificate has it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Date> for BirthDate {
    fn from(date: Date) -> Self {
        Self(date.to_string())
    }
}

impl Default for Expiry {
    fn default() -> Self {
        Self::Days(DEFAULT_DAYS)
    }
}

/// `YYYY-MM-DD` and nothing else.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let dashed = text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if dashed { Date::parse(text, &Iso8601::DATE).ok() } else { None }
}
