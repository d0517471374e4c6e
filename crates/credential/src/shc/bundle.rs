//! The FHIR bundle of a card: whose it is, and the vaccinations or the test against COVID-19.

use serde_json::{Value, json};

use super::wrong;
use crate::dcc;
use crate::judge::{DETECTED, NOT_DETECTED};
use crate::laboratory;
use crate::pass::{Holder, Kind};
use crate::refusal::{Doubt, Refusal, Stop};
use crate::vaccines::{self, COVID_19, Product};

/// The most resources of one bundle: our own limit; the specification's longest example has some ten.
const MAX_ENTRIES: usize = 100;
const CVX: &str = "http://hl7.org/fhir/sid/cvx";
const LOINC: &str = "http://loinc.org";
const SNOMED: &str = "http://snomed.info/sct";

/// Sound cards that say nothing that is understood here.
const OTHER_VACCINES: Doubt = Doubt::FormatNotSupported { format: "SMART Health Card of other vaccines" };
const OTHER_TEST: Doubt =
    Doubt::FormatNotSupported { format: "SMART Health Card of another laboratory test" };

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

/// Reads it.
pub(super) fn read(bundle: Option<&Value>) -> Result<Record, Stop> {
    let entries = bundle.and_then(|bundle| bundle.get("entry")?.as_array());
    let entries = entries.ok_or_else(|| wrong("fhirBundle.entry", "no list"))?;
    if entries.len() > MAX_ENTRIES {
        return Err(wrong("fhirBundle.entry", "too long").into());
    }
    let resources: Vec<&Value> = entries.iter().filter_map(|entry| entry.get("resource")).collect();
    let of = |kind: &str| {
        resources.iter().copied().filter(|one| text(one, "/resourceType") == Some(kind)).collect()
    };
    let (patients, vaccinations, tests): (Vec<_>, Vec<_>, Vec<_>) =
        (of("Patient"), of("Immunization"), of("Observation"));
    let [patient] = patients[..] else { return Err(wrong("Patient", "not exactly one").into()) };
    let holder = holder(patient)?;
    match (&vaccinations[..], &tests[..]) {
        ([_, ..], []) => vaccinated(holder, &vaccinations),
        ([], [test]) => tested(holder, test),
        (doses, tests) => Err(Refusal::NotOneCertificate { count: doses.len().min(1) + tests.len() }.into()),
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

/// A dose that was given: its day, the product, where the EU lists it, and all that is said of it.
struct Dose<'v> {
    day: &'v str,
    product: Option<Product>,
    resource: &'v Value,
}

fn vaccinated(holder: Holder, resources: &[&Value]) -> Result<Record, Stop> {
    let given = |dose: &&&Value| text(dose, "/status") == Some("completed");
    let given: Vec<&Value> = resources.iter().filter(given).copied().collect();
    if given.is_empty() {
        return Err(wrong("Immunization.status", "no dose that was given").into());
    }
    let doses: Result<Vec<_>, _> = given.into_iter().filter_map(against_covid).collect();
    let mut doses: Vec<Dose<'_>> = doses?;
    // Nobody gets two in a day: what stands there twice was reported twice, and here or there without its product.
    doses.sort_by_key(|dose| (dose.day, dose.product.is_none()));
    doses.dedup_by_key(|dose| dose.day);
    let Some(latest) = doses.last() else { return Err(OTHER_VACCINES.into()) };
    let place = place(latest.resource);
    let entries: Vec<Value> = doses.iter().enumerate().map(entry).rev().collect();
    let for_rules = for_rules(&holder, "v", entries);
    Ok(Record { kind: Kind::Vaccination, holder, place, test: None, for_rules })
}

/// `None` where it is of a vaccine that is not known here.
fn against_covid(resource: &Value) -> Option<Result<Dose<'_>, Refusal>> {
    let product = vaccines::by_cvx(coding(resource, "/vaccineCode/coding", CVX)?)?;
    let date = text(resource, "/occurrenceDateTime").filter(|date| dcc::is_date(date));
    let dose = date.map(|date| Dose { day: dcc::day(date), product, resource });
    Some(dose.ok_or_else(|| wrong("Immunization.occurrenceDateTime", "no date")))
}

/// A dose as an entry of `v`, by its place.
fn entry((at, dose): (usize, &Dose<'_>)) -> Value {
    let mut entry = json!({ "tg": COVID_19, "dn": at + 1, "dt": dose.day, "is": place(dose.resource) });
    if let Some(product) = dose.product {
        (entry["vp"], entry["mp"]) = (product.vaccine.into(), product.product.into());
        entry["ma"] = product.manufacturer.into();
    }
    entry
}

/// A result other than the two that DCCs know says what it is, and is judged as unclear.
fn tested(holder: Holder, test: &Value) -> Result<Record, Stop> {
    if !matches!(text(test, "/status"), Some("final" | "amended" | "corrected")) {
        return Err(wrong("Observation.status", "not final").into());
    }
    let loinc =
        coding(test, "/code/coding", LOINC).ok_or_else(|| wrong("Observation.code", "no LOINC code"))?;
    let method = laboratory::method(loinc).ok_or(OTHER_TEST)?;
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
