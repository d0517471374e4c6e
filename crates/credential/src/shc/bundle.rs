//! The FHIR bundle of a card: whose it is, and the vaccinations or the test against COVID-19.

use serde_json::{Value, json};

use super::wrong;
use crate::dcc;
use crate::judge::{DETECTED, NOT_DETECTED};
use crate::pass::{Holder, Kind};
use crate::refusal::Refusal;

/// The most resources of one bundle: our own limit; the specification's longest example has some ten.
const MAX_ENTRIES: usize = 100;
/// SNOMED CT: COVID-19, as DCCs name it.
const COVID_19: &str = "840539006";
const CVX: &str = "http://hl7.org/fhir/sid/cvx";
const LOINC: &str = "http://loinc.org";
const SNOMED: &str = "http://snomed.info/sct";

/// What a card says, in the terms of all formats.
pub(super) struct Record {
    pub(super) kind: Kind,
    pub(super) holder: Holder,
    /// Who gave the latest dose, or made the test.
    pub(super) place: String,
    /// A test's result (SNOMED CT) and when it was taken.
    pub(super) test: Option<(String, String)>,
    pub(super) for_rules: Value,
}

/// A vaccine in the codes of a DCC: CVX (CDC), product and manufacturer (EMA), kind of vaccine (SNOMED CT).
struct Vaccine {
    cvx: &'static [&'static str],
    codes: Option<[&'static str; 3]>,
}

/// Vaccines against COVID-19 by the CDC's "COVID-19 vaccine related codes"; those that the EU lists, by its codes
/// (eu-dcc-valuesets).
const VACCINES: &[Vaccine] = &[
    Vaccine {
        cvx: &["208", "217", "218", "219", "300", "301", "302", "308", "309", "310"],
        codes: Some(["1119349007", "EU/1/20/1528", "ORG-100030215"]),
    },
    Vaccine {
        cvx: &["207", "221", "227", "228", "229", "230", "311", "312"],
        codes: Some(["1119349007", "EU/1/20/1507", "ORG-100031184"]),
    },
    Vaccine { cvx: &["210"], codes: Some(["1119305005", "EU/1/21/1529", "ORG-100001699"]) },
    Vaccine { cvx: &["211", "313"], codes: Some(["1119305005", "EU/1/21/1618", "ORG-100032020"]) },
    Vaccine { cvx: &["212"], codes: Some(["1119305005", "EU/1/20/1525", "ORG-100001417"]) },
    Vaccine {
        cvx: &["213", "500", "501", "502", "503", "504", "505", "506", "507", "508", "509", "510", "511"],
        codes: None,
    },
];

/// Reads it.
pub(super) fn read(bundle: Option<&Value>) -> Result<Record, Refusal> {
    let entries = bundle.and_then(|bundle| bundle.get("entry")?.as_array());
    let entries = entries.ok_or_else(|| wrong("fhirBundle.entry", "no list"))?;
    if entries.len() > MAX_ENTRIES {
        return Err(wrong("fhirBundle.entry", "too long"));
    }
    let resources: Vec<&Value> = entries.iter().filter_map(|entry| entry.get("resource")).collect();
    let of = |kind: &str| {
        resources.iter().copied().filter(|one| text(one, "/resourceType") == Some(kind)).collect()
    };
    let (patients, vaccinations, tests): (Vec<_>, Vec<_>, Vec<_>) =
        (of("Patient"), of("Immunization"), of("Observation"));
    let [patient] = patients[..] else { return Err(wrong("Patient", "not exactly one")) };
    let holder = holder(patient)?;
    match (&vaccinations[..], &tests[..]) {
        ([_, ..], []) => vaccinated(holder, &vaccinations),
        ([], [test]) => tested(holder, test),
        (doses, tests) => Err(Refusal::NotOneCertificate { count: doses.len().min(1) + tests.len() }),
    }
}

fn holder(patient: &Value) -> Result<Holder, Refusal> {
    let family_name = text(patient, "/name/0/family").unwrap_or_default().to_owned();
    let given = patient.pointer("/name/0/given").and_then(Value::as_array);
    let given: Vec<&str> = given.into_iter().flatten().filter_map(Value::as_str).collect();
    let given_name = given.join(" ");
    if family_name.trim().is_empty() && given_name.trim().is_empty() {
        return Err(wrong("Patient.name", "no name"));
    }
    let date_of_birth = text(patient, "/birthDate").unwrap_or_default().to_owned();
    if !date_of_birth.is_empty() && !dcc::is_birth_date(&date_of_birth) {
        return Err(wrong("Patient.birthDate", "no date of birth"));
    }
    Ok(Holder { family_name, given_name, date_of_birth, ..Holder::default() })
}

fn vaccinated(holder: Holder, doses: &[&Value]) -> Result<Record, Refusal> {
    let mut doses: Vec<(&Value, &Vaccine)> = doses.iter().copied().filter_map(against_covid).collect();
    if doses.is_empty() {
        return Err(wrong("Immunization.vaccineCode", "no vaccine against COVID-19 that is known here"));
    }
    if doses.iter().any(|(dose, _)| !text(dose, "/occurrenceDateTime").is_some_and(dcc::is_date)) {
        return Err(wrong("Immunization.occurrenceDateTime", "no date"));
    }
    doses.sort_by_key(|(dose, _)| text(dose, "/occurrenceDateTime"));
    let entry = |(at, (dose, vaccine)): (usize, &(&Value, &Vaccine))| {
        let date = text(dose, "/occurrenceDateTime").map(dcc::day);
        let mut entry = json!({ "tg": COVID_19, "dn": at + 1, "dt": date, "is": place(dose) });
        if let Some([vaccine, product, manufacturer]) = vaccine.codes {
            (entry["vp"], entry["mp"], entry["ma"]) = (vaccine.into(), product.into(), manufacturer.into());
        }
        entry
    };
    let entries: Vec<Value> = doses.iter().enumerate().map(entry).rev().collect();
    let place = doses.last().map(|(dose, _)| place(dose)).unwrap_or_default();
    let for_rules = for_rules(&holder, "v", entries);
    Ok(Record { kind: Kind::Vaccination, holder, place, test: None, for_rules })
}

/// A dose that was given, of a vaccine that is known.
fn against_covid(dose: &Value) -> Option<(&Value, &'static Vaccine)> {
    let code = coding(dose, "/vaccineCode/coding", CVX)?;
    let vaccine = VACCINES.iter().find(|vaccine| vaccine.cvx.contains(&code))?;
    (text(dose, "/status") == Some("completed")).then_some((dose, vaccine))
}

/// A result other than the two that DCCs know says what it is, and is judged as unclear.
fn tested(holder: Holder, test: &Value) -> Result<Record, Refusal> {
    if !matches!(text(test, "/status"), Some("final" | "amended" | "corrected")) {
        return Err(wrong("Observation.status", "not final"));
    }
    let method =
        coding(test, "/code/coding", LOINC).ok_or_else(|| wrong("Observation.code", "no LOINC code"))?;
    let sampled = text(test, "/effectiveDateTime").filter(|time| dcc::is_date(time));
    let sampled = sampled.ok_or_else(|| wrong("Observation.effectiveDateTime", "no date"))?.to_owned();
    let result = coding(test, "/valueCodeableConcept/coding", SNOMED).or_else(|| text(test, "/valueString"));
    let code = match result.ok_or_else(|| wrong("Observation.value", "no result"))? {
        // "Negative", "Positive": older codes for the same.
        NOT_DETECTED | "260385009" => NOT_DETECTED,
        DETECTED | "10828004" => DETECTED,
        other => other,
    };
    let (code, place) = (code.to_owned(), place(test));
    let entry = json!({ "tg": COVID_19, "tt": method, "sc": dcc::plain(&sampled), "tr": code, "is": place });
    let for_rules = for_rules(&holder, "t", vec![entry]);
    Ok(Record { kind: Kind::Test, holder, place, test: Some((code, sampled)), for_rules })
}

fn for_rules(holder: &Holder, group: &str, entries: Vec<Value>) -> Value {
    let name = json!({ "fn": holder.family_name, "gn": holder.given_name });
    json!({ "nam": name, "dob": holder.date_of_birth, group: entries })
}

fn place(resource: &Value) -> String {
    text(resource, "/performer/0/actor/display")
        .or_else(|| text(resource, "/performer/0/display"))
        .unwrap_or_default()
        .to_owned()
}

fn text<'v>(resource: &'v Value, pointer: &str) -> Option<&'v str> {
    resource.pointer(pointer).and_then(Value::as_str)
}

/// The code of this system.
fn coding<'v>(resource: &'v Value, pointer: &str, system: &str) -> Option<&'v str> {
    let codings = resource.pointer(pointer)?.as_array()?;
    codings
        .iter()
        .find(|coding| text(coding, "/system") == Some(system))
        .and_then(|coding| text(coding, "/code"))
}
