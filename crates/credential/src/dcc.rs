//! The EU Digital COVID Certificate's claims, typed (eu-dcc-schema 1.0 to 1.3).
//!
//! All text is as the issuer signed it: escape it ([`crate::display`]) before it is shown.
//! Dates stay text, since certificates have them in several precisions; that they are
//! dates has been checked.

use ciborium::Value;

use crate::pass::{Holder, Kind};
use crate::refusal::Refusal;

mod date;
mod json;
mod read;

pub(crate) use date::{day, is_birth_date, is_date, plain, second};
pub(crate) use json::for_rules;
pub(crate) use read::person;
pub use read::{is_country, is_filler};

/// A DCC payload.
#[derive(Clone, Debug, PartialEq)]
pub struct Dcc {
    /// `ver`: schema version, e.g. `1.3.0`.
    pub version: String,
    /// `nam`: whom it is for.
    pub name: Name,
    /// `dob`: date of birth: `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, any of these with a time, or empty.
    pub date_of_birth: String,
    /// `v`, `t` or `r`: what it certifies.
    pub certificate: Certificate,
}

/// A person's name. At least one part is not empty; parts that are missing are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// `fn`: family name as written in the holder's language.
    pub family: String,
    /// `gn`: given name as written in the holder's language.
    pub given: String,
    /// `fnt`: family name in ICAO 9303 transliteration: `A` to `Z` and `<`.
    pub family_latin: String,
    /// `gnt`: given name in ICAO 9303 transliteration: `A` to `Z` and `<`.
    pub given_latin: String,
}

/// Exactly one of the three groups.
#[derive(Clone, Debug, PartialEq)]
pub enum Certificate {
    /// `v`: at least one dose; certificates by schemas before 1.3 can list several.
    Vaccinations(Vec<Vaccination>),
    /// `t`.
    Test(Test),
    /// `r`.
    Recovery(Recovery),
}

/// A dose (`v`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vaccination {
    /// `tg`: disease, SNOMED CT.
    pub target: String,
    /// `vp`: vaccine or prophylaxis, SNOMED CT or ATC.
    pub vaccine: String,
    /// `mp`: product, by its EU number.
    pub product: String,
    /// `ma`: marketing authorisation holder, by its EMA number.
    pub manufacturer: String,
    /// `dn`: number of this dose, from 1.
    pub dose: u32,
    /// `sd`: doses in the series, from 1; less than [`Self::dose`] after a booster.
    pub doses: u32,
    /// `dt`: date of vaccination.
    pub date: String,
    /// Where and by whom it was certified.
    pub origin: Origin,
}

/// A test result (`t`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// `tg`: disease, SNOMED CT.
    pub target: String,
    /// `tt`: type of test, LOINC.
    pub method: String,
    /// `nm`: name of the test (NAAT).
    pub name: Option<String>,
    /// `ma`: device (rapid antigen test), by its JRC number.
    pub device: Option<String>,
    /// `sc`: date and time of the sample.
    pub sampled: String,
    /// `dr`: date and time of the result (schema 1.0).
    pub reported: Option<String>,
    /// `tr`: result, SNOMED CT: 260415000 not detected, 260373001 detected.
    pub result: String,
    /// `tc`: testing centre.
    pub centre: Option<String>,
    /// Where and by whom it was certified.
    pub origin: Origin,
}

/// A recovery (`r`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// `tg`: disease, SNOMED CT.
    pub target: String,
    /// `fr`: date of the first positive test.
    pub first_positive: String,
    /// `df`: first date on which the certificate counts.
    pub valid_from: String,
    /// `du`: last date on which the certificate counts.
    pub valid_until: String,
    /// Where and by whom it was certified.
    pub origin: Origin,
}

/// Where and by whom an entry was certified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// `co`: country, ISO 3166-1 alpha-2 or an organisation's code.
    pub country: String,
    /// `is`: issuer.
    pub issuer: String,
    /// `ci`: unique certificate identifier (UVCI).
    pub id: String,
}

impl Dcc {
    /// Reads the map at -260/1 of a payload whose signature held.
    pub(crate) fn read(map: &[(Value, Value)]) -> Result<Self, Refusal> {
        read::dcc(map)
    }

    /// Whom it is for, in the form that all formats share.
    pub(crate) fn holder(&self) -> Holder {
        self.name.holder(&self.date_of_birth)
    }
}

impl Name {
    /// Whom a pass is for, in the form that all formats share.
    fn holder(&self, date_of_birth: &str) -> Holder {
        Holder {
            family_name: self.family.clone(),
            given_name: self.given.clone(),
            family_name_latin: self.family_latin.clone(),
            given_name_latin: self.given_latin.clone(),
            date_of_birth: date::day(date_of_birth).to_owned(),
        }
    }
}

/// `ver`, `nam` and `dob` alone.
pub(crate) struct Person {
    version: String,
    name: Name,
    date_of_birth: String,
}

impl Person {
    pub(crate) fn holder(&self) -> Holder {
        self.name.holder(&self.date_of_birth)
    }

    /// Under the names of the schema.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        json::person(&self.version, &self.name, &self.date_of_birth)
    }
}

impl Certificate {
    /// Which of the three it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Vaccinations(_) => Kind::Vaccination,
            Self::Test(_) => Kind::Test,
            Self::Recovery(_) => Kind::Recovery,
        }
    }

    /// Its doses, in the order in which they stand; none of another kind.
    pub(crate) fn doses(&self) -> Vec<&Vaccination> {
        match self {
            Self::Vaccinations(doses) => doses.iter().collect(),
            Self::Test(_) | Self::Recovery(_) => vec![],
        }
    }

    /// The same, the latest first; of those of one date the last that stands there.
    pub(crate) fn latest_first(&self) -> Vec<&Vaccination> {
        let mut doses = self.doses();
        doses.sort_by(|one, other| one.date.cmp(&other.date));
        doses.reverse();
        doses
    }

    /// Where and by whom each of its entries was certified: of several doses, all, the latest first.
    pub fn origins(&self) -> Vec<&Origin> {
        match self {
            Self::Vaccinations(_) => self.latest_first().into_iter().map(|dose| &dose.origin).collect(),
            Self::Test(test) => vec![&test.origin],
            Self::Recovery(recovery) => vec![&recovery.origin],
        }
    }

    /// Its identifier; of several doses, the latest one's.
    pub fn id(&self) -> &str {
        self.origins().first().map_or("", |origin| origin.id.as_str())
    }
}

#[cfg(test)]
mod tests;
