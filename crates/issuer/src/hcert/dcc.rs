//! A record as an EU Digital COVID Certificate payload, schema 1.3.0.

use ciborium::Value;
use credential::dcc::is_filler;
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use super::{int, text};
use crate::authority::{Authority, check_country};
use crate::error::{Error, shown};
use crate::icao;
use crate::record::{Facts, Record, Recovery, TestResult, Vaccination};

/// `ver`.
const SCHEMA: &str = "1.3.0";
/// Longest name, issuer, identifier and free text, in characters (schema 1.3.0).
pub(super) const MAX_TEXT: usize = 80;
/// Most doses (schema 1.3.0, `dose_posint`).
const MAX_DOSES: u8 = 9;

type Entries = Vec<(Value, Value)>;

/// The payload: who, and one entry of `v`, `t` or `r`.
pub(super) fn payload(record: &Record, authority: &Authority, id: &str) -> Result<Value, Error> {
    let (group, mut entry) = match &record.facts {
        Facts::Vaccination(vaccination) => ("v", vaccination_entry(vaccination)?),
        Facts::Test(test) => ("t", test_entry(test)?),
        Facts::Recovery(recovery) => ("r", recovery_entry(recovery)?),
        Facts::General(general) => {
            return Err(Error::field("kind", format!("{} is no health certificate", general.kind.name())));
        }
    };
    let country = record.country.as_deref().unwrap_or(authority.country());
    check_country("country", country)?;
    put(&mut entry, "tg", "disease", &record.disease)?;
    put(&mut entry, "co", "country", country)?;
    put(&mut entry, "is", "issuer", record.issuer.as_deref().unwrap_or(authority.name()))?;
    put(&mut entry, "ci", "id", checked_id(id)?)?;
    Ok(Value::Map(vec![
        (text("ver"), text(SCHEMA)),
        (text("dob"), text(record.date_of_birth.as_str())),
        (text("nam"), Value::Map(names(record)?)),
        (text(group), Value::Array(vec![Value::Map(entry)])),
    ]))
}

/// A name in ICAO letters: as given, or transliterated.
pub(crate) fn latin(field: &'static str, given: Option<&str>, native: &str) -> Result<String, Error> {
    icao::transliterate(given.unwrap_or(native)).map_err(|letter| {
        let letter = shown(&letter.to_string());
        Error::field(field, format!("is needed: `{letter}` has no ICAO transliteration"))
    })
}

fn names(record: &Record) -> Result<Entries, Error> {
    let family = latin("family_name_latin", record.family_name_latin.as_deref(), &record.family_name)?;
    let given = latin("given_name_latin", record.given_name_latin.as_deref(), &record.given_name)?;
    if family.is_empty() && given.is_empty() {
        return Err(Error::field("family_name", "and given_name are both empty: fill in at least one"));
    }
    let mut entries = Vec::new();
    // `fnt` is the one name that the schema requires, even where it is empty.
    entries.push((text("fnt"), text(checked("family_name_latin", &family)?)));
    for (key, field, name) in [
        ("fn", "family_name", record.family_name.trim()),
        ("gn", "given_name", record.given_name.trim()),
        ("gnt", "given_name_latin", given.as_str()),
    ] {
        if !name.is_empty() {
            put(&mut entries, key, field, name)?;
        }
    }
    Ok(entries)
}

fn vaccination_entry(vaccination: &Vaccination) -> Result<Entries, Error> {
    let mut entry = Vec::new();
    put(&mut entry, "vp", "vaccine", &vaccination.vaccine)?;
    put(&mut entry, "mp", "product", &vaccination.product)?;
    put(&mut entry, "ma", "manufacturer", coded("manufacturer", &vaccination.manufacturer)?)?;
    for (key, field, number) in [("dn", "dose", vaccination.dose), ("sd", "doses", vaccination.doses)] {
        if !(1..=MAX_DOSES).contains(&number) {
            return Err(Error::field(field, format!("must be 1 to {MAX_DOSES}")));
        }
        entry.push((text(key), int(number.into())));
    }
    put(&mut entry, "dt", "vaccinated_on", &vaccination.date.to_string())?;
    Ok(entry)
}

fn test_entry(test: &TestResult) -> Result<Entries, Error> {
    if test.test_type == TestResult::NAAT && test.centre.is_none() {
        return Err(Error::field("test_centre", "is needed for a PCR test: name where it was done"));
    }
    let sampled_at = rfc3339(test.sampled_at)
        .ok_or_else(|| Error::field("sampled_at", "must be a time of the years 0 to 9999"))?;
    if let Some(device) = &test.device {
        coded("test_device", device)?;
    }
    let mut entry = Vec::new();
    put(&mut entry, "tt", "test_type", &test.test_type)?;
    put(&mut entry, "sc", "sampled_at", &sampled_at)?;
    put(&mut entry, "tr", "result", &test.result)?;
    for (key, field, value) in [
        ("nm", "test_name", &test.name),
        ("ma", "test_device", &test.device),
        ("tc", "test_centre", &test.centre),
    ] {
        if let Some(value) = value {
            put(&mut entry, key, field, value)?;
        }
    }
    Ok(entry)
}

/// Whole seconds, UTC.
fn rfc3339(time: OffsetDateTime) -> Option<String> {
    time.checked_to_offset(UtcOffset::UTC)?.truncate_to_second().format(&Rfc3339).ok()
}

fn recovery_entry(recovery: &Recovery) -> Result<Entries, Error> {
    if recovery.until < recovery.from {
        return Err(Error::field("recovery_until", "lies before recovery_from: correct one of them"));
    }
    let mut entry = Vec::new();
    put(&mut entry, "fr", "first_positive", &recovery.first_positive.to_string())?;
    put(&mut entry, "df", "recovery_from", &recovery.from.to_string())?;
    put(&mut entry, "du", "recovery_until", &recovery.until.to_string())?;
    Ok(entry)
}

fn put(entries: &mut Entries, key: &str, field: &'static str, value: &str) -> Result<(), Error> {
    if value.trim().is_empty() {
        return Err(Error::field(field, "is empty: fill it in"));
    }
    entries.push((text(key), text(checked(field, value)?)));
    Ok(())
}

/// A code that verifiers take for one.
fn coded<'a>(field: &'static str, code: &'a str) -> Result<&'a str, Error> {
    if is_filler(code) {
        return Err(Error::field(field, "is a filler, not a code: write its code"));
    }
    Ok(code)
}

/// Text that fits the schema and that a screen shows as it is.
pub(super) fn checked<'a>(field: &'static str, value: &'a str) -> Result<&'a str, Error> {
    let length = value.chars().count();
    if length > MAX_TEXT {
        return Err(Error::field(field, format!("has {length} characters, {MAX_TEXT} at most: shorten it")));
    }
    match value.chars().find(|character| invisible(*character)) {
        Some(character) => Err(Error::field(
            field,
            format!("has the invisible character {}: remove it", character.escape_unicode()),
        )),
        None => Ok(value),
    }
}

/// Controls, bidi controls and zero-width characters: verifiers flag them as forged.
fn invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// `ci`: the characters of the UVCI guidelines, annex 2.
fn checked_id(id: &str) -> Result<&str, Error> {
    let known =
        |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'/' | b'#' | b':');
    if !id.bytes().all(known) {
        return Err(Error::field("id", "may have capital letters A–Z, digits and / # : only"));
    }
    Ok(id)
}
