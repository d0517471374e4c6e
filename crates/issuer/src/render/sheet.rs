//! What stands on a printed pass.

use credential::Kind;
use time::{Date, OffsetDateTime, UtcOffset};

use crate::authority::Authority;
use crate::hcert::Issued;
use crate::icao;
use crate::product;
use crate::record::{Facts, General, Record, Recovery, TestResult, Vaccination};

/// A pass as it is printed: one page.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The text for the QR code.
    pub text: String,
    /// What it certifies.
    pub kind: Kind,
    /// The holder's name as the holder writes it.
    pub name: String,
    /// The same in ICAO letters, with spaces.
    pub name_latin: String,
    /// Date of birth, `DD.MM.YYYY` or as much of it as is known.
    pub date_of_birth: String,
    /// The kind's main facts.
    pub facts: Vec<Fact>,
    /// First second of validity, UTC.
    pub valid_from: i64,
    /// Last second of validity, UTC.
    pub valid_until: i64,
    /// When it was issued, seconds UTC.
    pub issued_at: i64,
    /// Who issued it.
    pub issuer: String,
    /// The issuer's country, alpha-2.
    pub country: String,
    /// The certificate's identifier.
    pub id: String,
    /// Issued for trying things out: every page says so.
    pub demo: bool,
}

/// One line of facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is, in Russian.
    pub label_ru: &'static str,
    /// What it is, in English.
    pub label_en: &'static str,
    /// Its value.
    pub value: String,
}

impl Sheet {
    /// The page of a pass that was issued for this record.
    pub fn new(authority: &Authority, record: &Record, issued: &Issued) -> Self {
        Self {
            text: issued.text.clone(),
            kind: record.facts.kind(),
            name: joined(&record.family_name, &record.given_name),
            name_latin: joined(
                &latin(record.family_name_latin.as_deref(), &record.family_name),
                &latin(record.given_name_latin.as_deref(), &record.given_name),
            ),
            date_of_birth: birth_date(record.date_of_birth.as_str()),
            facts: facts(&record.facts),
            valid_from: issued.valid_from,
            valid_until: issued.valid_until,
            issued_at: issued.issued_at,
            issuer: record.issuer.clone().unwrap_or_else(|| authority.name().into()),
            country: record.country.clone().unwrap_or_else(|| authority.country().into()),
            id: issued.id.clone(),
            demo: authority.demo(),
        }
    }
}

/// `DD.MM.YYYY hh:mm UTC`.
pub(super) fn moment(seconds: i64) -> String {
    OffsetDateTime::from_unix_timestamp(seconds).map(clock).unwrap_or_default()
}

fn clock(time: OffsetDateTime) -> String {
    let time = time.to_offset(UtcOffset::UTC);
    format!("{} {:02}:{:02} UTC", day(time.date()), time.hour(), time.minute())
}

fn day(date: Date) -> String {
    format!("{:02}.{:02}.{:04}", date.day(), u8::from(date.month()), date.year())
}

/// `YYYY-MM-DD` turned around; shorter forms too.
fn birth_date(text: &str) -> String {
    text.split('-').rev().collect::<Vec<_>>().join(".")
}

fn latin(given: Option<&str>, native: &str) -> String {
    // A name that cannot be transliterated was refused when the pass was issued.
    icao::transliterate(given.unwrap_or(native)).unwrap_or_default().replace('<', " ")
}

fn joined(family: &str, given: &str) -> String {
    format!("{} {}", family.trim(), given.trim()).trim().to_owned()
}

fn facts(facts: &Facts) -> Vec<Fact> {
    match facts {
        Facts::Vaccination(vaccination) => vaccination_facts(vaccination),
        Facts::Test(test) => test_facts(test),
        Facts::Recovery(recovery) => recovery_facts(recovery),
        Facts::General(general) => general_facts(general),
    }
}

fn vaccination_facts(vaccination: &Vaccination) -> Vec<Fact> {
    let product =
        product::by_code(&vaccination.product).map_or(vaccination.product.as_str(), |known| known.name);
    let (dose, doses) = (vaccination.dose, vaccination.doses);
    vec![
        fact("Вакцина", "Vaccine", product),
        fact("Доза", "Dose", &format!("{dose} / {doses}")),
        fact("Дата вакцинации", "Date of vaccination", &day(vaccination.date)),
    ]
}

fn test_facts(test: &TestResult) -> Vec<Fact> {
    let test_type = match test.test_type.as_str() {
        TestResult::NAAT => "ПЦР / PCR (NAAT)",
        TestResult::RAPID => "Антиген / Rapid antigen",
        other => other,
    };
    let result = match test.result.as_str() {
        TestResult::NOT_DETECTED => "Отрицательный / Negative",
        TestResult::DETECTED => "Положительный / Positive",
        other => other,
    };
    let mut facts = vec![
        fact("Вид теста", "Type of test", test_type),
        fact("Результат", "Result", result),
        fact("Взят", "Sampled", &clock(test.sampled_at)),
    ];
    if let Some(centre) = &test.centre {
        facts.push(fact("Лаборатория", "Test centre", centre));
    }
    facts
}

fn recovery_facts(recovery: &Recovery) -> Vec<Fact> {
    vec![
        fact("Первый положительный тест", "First positive test", &day(recovery.first_positive)),
        fact("Учитывается с", "Counts from", &day(recovery.from)),
        fact("Учитывается до", "Counts until", &day(recovery.until)),
    ]
}

fn general_facts(general: &General) -> Vec<Fact> {
    let mut facts = vec![fact("Название", "For", &general.title)];
    if let Some(detail) = &general.detail {
        facts.push(fact("Подробности", "Details", detail));
    }
    if !general.zones.is_empty() {
        let (ru, en) =
            if general.kind == Kind::Appointment { ("Место", "Place") } else { ("Зоны", "Zones") };
        facts.push(fact(ru, en, &general.zones.join(", ")));
    }
    if let Some(uses) = general.uses {
        facts.push(fact("Проходов", "Uses", &uses.to_string()));
    }
    facts
}

fn fact(label_ru: &'static str, label_en: &'static str, value: &str) -> Fact {
    Fact { label_ru, label_en, value: value.to_owned() }
}
