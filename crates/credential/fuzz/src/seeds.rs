//! Inputs to begin with: the public vectors where they lie beside the project, and a content for each form.

use std::fs;
use std::path::{Path, PathBuf};

use ciborium::{Value, cbor};
use serde_json::json;

use crate::{NOW, wrap};

/// Published samples of the formats that cannot be signed here: whoever reads them needs no key to get far.
const SAMPLES: [&str; 6] = [
    include_str!("../../src/divoc/tests/ed25519.json"),
    include_str!("../../src/divoc/tests/rsa.json"),
    include_str!("../../src/divoc/tests/india.txt"),
    include_str!("../../src/vds_nc/tests/australia.json"),
    include_str!("../../src/vds_nc/tests/japan.json"),
    include_str!("../../src/vds_nc/tests/utopia.json"),
];

/// Texts, good ones and others.
pub fn texts() -> Vec<Vec<u8>> {
    let own = contents().into_iter().map(|seed| wrap::text(usize::from(seed[0]), &seed[1..]).into_bytes());
    let everyday =
        ["https://www.gosuslugi.ru/covid-cert/verify/1", "WIFI:S:x;;", "shc:/1/2/56", "NL2:A", "HC1:6BF"];
    let everyday = everyday.iter().map(|text| text.as_bytes().to_vec());
    let samples = SAMPLES.iter().map(|text| text.as_bytes().to_vec());
    own.chain(everyday).chain(samples).chain(vectors().into_iter().map(String::into_bytes)).collect()
}

/// A form's number, and a content that is good in it.
pub fn contents() -> Vec<Vec<u8>> {
    let seed = |form: u8, content: Vec<u8>| [vec![form], content].concat();
    let times =
        [(4.into(), (NOW + 1000).into()), (5.into(), (NOW - 1000).into()), (6.into(), (NOW - 1000).into())];
    let claims = |rest: Vec<(Value, Value)>| {
        let claims = [(1.into(), "NZ".into())].into_iter().chain(times.clone()).chain(rest);
        encode(&Value::Map(claims.collect()))
    };
    let hcert = |group: &str, entry: Value| {
        let mut dcc = person();
        dcc.push((group.into(), Value::Array(vec![entry])));
        seed(0, claims(vec![((-260).into(), Value::Map(vec![(1.into(), Value::Map(dcc))]))]))
    };
    let identity = cbor!({ 1 => "ID", 4 => "Jane Doe", 8 => "19800102", 17 => 1 }).expect("CBOR");
    let identity = claims(vec![(169.into(), identity)]);
    let seal = |kind: &str, message| seed(5, seal(kind, message).to_string().into_bytes());
    vec![
        hcert("v", vaccination()),
        hcert("t", test()),
        hcert("r", recovery()),
        seed(0, encode(&Value::Map(document()))),
        seed(1, claims(vec![((-250).into(), Value::Map(person()))])),
        seed(2, claims(vec![(7.into(), Value::Bytes(vec![7; 16])), ("vc".into(), credential())])),
        seed(3, card(&json!("Immunization")).to_string().into_bytes()),
        seed(3, card(&json!("Observation")).to_string().into_bytes()),
        seed(4, claims(vec![((-65537).into(), ticket())])),
        seal("icao.vacc", doses()),
        seal("icao.test", result()),
        seed(6, identity.clone()),
        seed(7, identity),
    ]
}

fn person() -> Vec<(Value, Value)> {
    let name = cbor!({ "fn" => "Doe", "gn" => "Jane", "fnt" => "DOE", "gnt" => "JANE" }).expect("CBOR");
    vec![("ver".into(), "1.3.0".into()), ("nam".into(), name), ("dob".into(), "1980-01-02".into())]
}

fn vaccination() -> Value {
    cbor!({
        "tg" => "840539006", "vp" => "1119349007", "mp" => "EU/1/20/1528", "ma" => "ORG-100030215", "dn" => 2,
        "sd" => 2, "dt" => "2021-05-29", "co" => "DE", "is" => "RKI", "ci" => "URN:UVCI:01DE/1#A",
    })
    .expect("CBOR")
}

fn test() -> Value {
    cbor!({
        "tg" => "840539006", "tt" => "LP6464-4", "nm" => "PCR", "sc" => "2021-05-31T12:00:00Z", "tr" => "260415000",
        "co" => "DE", "is" => "RKI", "ci" => "URN:UVCI:01DE/2#B",
    })
    .expect("CBOR")
}

fn recovery() -> Value {
    cbor!({
        "tg" => "840539006", "fr" => "2021-01-01", "df" => "2021-01-12", "du" => "2021-07-01", "co" => "DE",
        "is" => "RKI", "ci" => "URN:UVCI:01DE/3#C",
    })
    .expect("CBOR")
}

fn document() -> Vec<(Value, Value)> {
    let text = |name: &str, value: &str| (Value::from(name), Value::from(value));
    vec![
        text("name", "Jane Doe"),
        text("birthDate", "1980-01-02"),
        text("vaccine", "1119349007"),
        text("date", "2021-05-08"),
        text("hcid", "1"),
        text("valid_until", "2029-01-01"),
    ]
}

fn credential() -> Value {
    let subject = cbor!({ "givenName" => "Jack", "familyName" => "Sparrow", "dob" => "1960-04-16" });
    cbor!({
        "type" => ["VerifiableCredential", "PublicCovidPass"], "credentialSubject" => subject.expect("CBOR"),
    })
    .expect("CBOR")
}

fn ticket() -> Value {
    cbor!({
        1 => 4, 2 => [7, "a.example/1"], 3 => "Concert", 5 => "Doe", 6 => "Jane", 7 => "1980", 8 => ["A"], 9 => 2, 10 => "Row 1",
    })
    .expect("CBOR")
}

fn seal(kind: &str, mut message: serde_json::Value) -> serde_json::Value {
    message["pid"] = json!({ "n": "Doe  Jane", "dob": "1980-01-02" });
    json!({ "hdr": { "t": kind, "v": 1, "is": "UTO" }, "msg": message })
}

fn doses() -> serde_json::Value {
    let dose = json!({ "dvc": "2021-05-29", "seq": 2, "ctr": "UTO", "adm": "RIVM", "lot": "1" });
    json!({ "uvci": "U32870", "ve": [{ "des": "XM68M6", "dis": "RA01", "nam": "Comirnaty", "vd": [dose] }] })
}

fn result() -> serde_json::Value {
    let result = json!({ "tc": "molecular(PCR)", "r": "negative", "m": "nasopharyngeal" });
    let dates = json!({ "sc": "2020-12-12T12:00:00+08:00", "ri": "2020-12-12T14:00:00+08:00" });
    let provider = json!({ "spn": "Hospital", "ctr": "UTO", "cd": { "p": "1", "e": "a@b", "a": "1" } });
    json!({ "utci": "U01932", "tr": result, "dat": dates, "sp": provider })
}

fn card(kind: &serde_json::Value) -> serde_json::Value {
    let coding = |system: &str, code: &str| json!({ "coding": [{ "system": system, "code": code }] });
    let patient = json!({ "resourceType": "Patient", "name": [{ "family": "Doe" }], "birthDate": "1980" });
    let done = if kind == "Immunization" { "completed" } else { "final" };
    let entry = json!({
        "resourceType": kind, "status": done, "occurrenceDateTime": "2021-01-01", "effectiveDateTime": "2021-01-01",
        "vaccineCode": coding("http://hl7.org/fhir/sid/cvx", "207"), "code": coding("http://loinc.org", "94558-4"),
        "valueCodeableConcept": coding("http://snomed.info/sct", "260415000"),
    });
    let bundle = json!({ "entry": [{ "resource": patient }, { "resource": entry }] });
    json!({ "iss": "https://a.example", "nbf": NOW - 1000, "exp": NOW + 1000, "vc": {
        "type": ["https://smarthealth.cards#health-card"], "rid": "a", "credentialSubject": { "fhirBundle": bundle },
    } })
}

fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = vec![];
    ciborium::into_writer(value, &mut bytes).expect("into memory");
    bytes
}

/// Where the public vectors lie; they are not part of this repository.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/vectors")
}

/// A file of the vectors.
pub fn json(name: &str) -> Option<serde_json::Value> {
    serde_json::from_slice(&fs::read(folder().join(name)).ok()?).ok()
}

/// The texts of all public vectors, in the order of their files; none where they are not here.
fn vectors() -> Vec<String> {
    let mut files = vec![];
    collect(&folder(), &mut files);
    files.sort();
    files.iter().filter_map(|file| text(file)).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    for path in entries {
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}

/// What a code shows: the file itself, or the member of its JSON.
fn text(file: &Path) -> Option<String> {
    let content = String::from_utf8(fs::read(file).ok()?).ok()?;
    if file.extension()? == "txt" {
        return Some(content.trim().to_owned());
    }
    let json: serde_json::Value = serde_json::from_str(content.trim_start_matches('\u{feff}')).ok()?;
    ["PREFIX", "qr_data"].iter().find_map(|name| Some(json.get(name)?.as_str()?.to_owned()))
}
