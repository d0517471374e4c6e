//! Cards, badges, appointments and tickets: from the register's row to the verdict, and how large their codes are.

use std::fs;
use std::path::Path;

use credential::general::General;
use credential::{Context, InForce, KeySet, Kind, NothingRevoked, Pass, Verdict, judge_text};
use issuer::{Algorithm, Authority, Problem, Record, Register, render};
use proptest::prelude::*;

const NOW: i64 = 1_800_000_000;
const STATUS: &str = "https://tickets.example.org/s";

fn authority() -> Authority {
    Authority::generate("Venue", "NL", Algorithm::EdDsa, [7; 32], false, STATUS).unwrap()
}

fn rows(kind: Option<Kind>, csv: &str) -> Vec<Result<Record, issuer::RegisterError>> {
    Register::from_csv_of(csv.as_bytes(), kind).unwrap().collect()
}

fn record(kind: Kind, csv: &str) -> Record {
    rows(Some(kind), csv).remove(0).unwrap()
}

#[track_caller]
fn accepted(text: &str, now: i64) -> Pass {
    let keys = KeySet::new(vec![authority().issuer_key()]);
    match judge_text(
        text,
        Context { keys: &keys, revocation: &NothingRevoked, policy: InForce::Nothing },
        now,
    ) {
        Verdict::Accepted(accepted) => accepted.pass,
        other => panic!("{other:?}"),
    }
}

/// A ticket without a photo as an organiser would have it.
const TICKET: &str = "title,valid_from,valid_until,zones,uses,detail\n\
    Summer Festival 2027,2027-07-03T10:00:00+02:00,2027-07-05T02:00:00+02:00,Main;Tent,3,Row 4 seat 12\n";

#[test]
fn a_ticket_says_what_its_row_says() {
    let issued = authority().issue_pass(&record(Kind::Ticket, TICKET), 1042, NOW).unwrap();
    assert!(issued.text.starts_with("PP1:"));
    let pass = accepted(&issued.text, 1_814_700_000);
    assert_eq!((pass.kind, &pass.id), (Kind::Ticket, &issued.id));
    assert_eq!(issued.id, format!("{STATUS}#1042"));
    assert_eq!(pass.status.unwrap().index, 1042);
    let general = General {
        title: "Summer Festival 2027".into(),
        zones: vec!["Main".into(), "Tent".into()],
        uses: Some(3),
        detail: Some("Row 4 seat 12".into()),
    };
    assert_eq!(pass.general, Some(general));
}

#[test]
#[allow(clippy::print_stdout, reason = "the sizes are figures of the README")]
fn typical_passes_need_small_codes() {
    let badge = "family_name,given_name,title,zones,id\nИванова,Анна,City Hospital,Ward 2;Lab,E-1017\n";
    let card = "family_name,given_name,date_of_birth,title\nSmit,Jan,1951-03-04,Reduced fare\n";
    let appointment = "given_name,title,zones,valid_from,valid_until,uses\n\
        Anna,Blood test,Room 12,2027-07-03T10:00:00Z,2027-07-03T11:00:00Z,1\n";
    for (kind, csv, most) in [
        (Kind::Ticket, TICKET, 10),
        (Kind::Badge, badge, 11),
        (Kind::Card, card, 10),
        (Kind::Appointment, appointment, 10),
    ] {
        let text = authority().issue(&record(kind, csv), 8_999_999, NOW).unwrap();
        let (version, level) = render::version(&text).unwrap();
        println!("{}: {} characters, version {version}-{level}", kind.name(), text.len());
        assert!(version <= most, "{}: {} characters, version {version}", kind.name(), text.len());
    }
}

#[test]
fn what_a_row_lacks_or_has_too_much_is_told() {
    let told = |kind, csv| match rows(Some(kind), csv).remove(0) {
        Ok(record) => authority().issue(&record, 0, NOW).unwrap_err().to_string(),
        Err(error) => error.to_string(),
    };
    let table = [
        (Kind::Ticket, "title,valid_until,uses\n,2027-08-01,1", "line 2, column title: is empty: fill it in"),
        (Kind::Ticket, "title,uses\nConcert,1", "line 2, column valid_until: is empty: fill it in"),
        (
            Kind::Ticket,
            "title,valid_until,uses\nConcert,2027-08-01,0",
            "line 2, column uses: `0` cannot be read: write a number from 1 to 1000, or nothing where it can be used as often as you like",
        ),
        (
            Kind::Ticket,
            "title,valid_until,dose\nConcert,2027-08-01,1",
            "line 2, column dose: does not belong to a row of the kind ticket: leave it empty",
        ),
        (
            Kind::Ticket,
            "title,valid_until,disease\nConcert,2027-08-01,1",
            "line 2, column disease: does not belong to a row of the kind ticket: leave it empty",
        ),
        (Kind::Badge, "title\nClinic", "line 2, column family_name: is empty: fill it in"),
        (
            Kind::Appointment,
            "title,valid_until\nBlood test,2027-08-01",
            "line 2, column zones: is empty: fill it in",
        ),
        (
            Kind::Ticket,
            "kind,title,valid_until\nvisit,x,2027-08-01",
            "line 2, column kind: `visit` cannot be read: write vaccination, test or recovery (вакцинация, тест, выздоровление), card, badge, appointment or ticket (карта, бейдж, запись, билет)",
        ),
        (
            Kind::Ticket,
            "title,valid_until,zones\nConcert,2027-08-01,1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17",
            "zones are 17, 16 at most: leave some out",
        ),
        (
            Kind::Ticket,
            "title,valid_until\nCon\u{200b}cert,2027-08-01",
            "title has the invisible character \\u{200b}: remove it",
        ),
    ];
    for (kind, csv, expected) in table {
        assert_eq!(told(kind, csv), expected, "{csv}");
    }
    let certificate = "family_name,date_of_birth,kind,vaccinated_on,title\nA,,vaccination,2026-01-01,x";
    let error = rows(None, certificate).remove(0).unwrap_err();
    assert!(matches!(error.problem, Problem::WrongKind { kind: "vaccination" }), "{error}");
}

#[test]
fn rows_of_several_kinds_stand_in_one_register_and_jsons_too() {
    let csv = "kind,family_name,date_of_birth,title,valid_days,zones\n\
        билет,,,Concert,3,\nbadge,Smit,,Clinic,30,\nзапись,,,Blood test,1,Room 12\nкарта,Smit,1951-03-04,Fare,,\n";
    let kinds: Vec<_> = rows(None, csv).into_iter().map(|row| row.unwrap().facts.kind()).collect();
    assert_eq!(kinds, [Kind::Ticket, Kind::Badge, Kind::Appointment, Kind::Card]);
    let json = r#"[{"title": "Concert", "valid_days": 3, "uses": 2}]"#;
    let row = Register::from_json_of(json.as_bytes(), Some(Kind::Ticket)).unwrap().next().unwrap().unwrap();
    assert_eq!(accepted(&authority().issue(&row, 0, NOW).unwrap(), NOW).general.unwrap().uses, Some(2));
}

#[test]
fn the_schema_has_the_readers_keys_and_limits() {
    use credential::general::{CLAIM, KINDS, MAX_TEXT, MAX_USES, MAX_ZONES, key};
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../keys/schema/pass.cddl");
    let schema = fs::read_to_string(schema).unwrap();
    let (_, pass) = schema.split_once("\npass = {\n").unwrap();
    let (pass, _) = pass.split_once("\n}").unwrap();
    let keys = pass.lines().map(|line| line.trim_start_matches(['?', ' ']).split_once(" => ").unwrap());
    let keys: Vec<(i64, &str)> = keys.map(|(key, rest)| (key.parse().unwrap(), rest)).collect();
    assert!(keys.iter().map(|(key, _)| *key).eq(key::KIND..=key::DETAIL));
    let says = |key: i64, text: &str| keys.iter().any(|(at, rest)| *at == key && rest.starts_with(text));
    assert!(says(key::ZONES, &format!("[1*{MAX_ZONES} words]")));
    assert!(says(key::USES, &format!("1..{MAX_USES},")));
    let kinds = KINDS.map(|(number, kind)| format!("{}: {number}", kind.name())).join(", ");
    for line in [
        format!("\n  {CLAIM} => pass,"),
        format!("\nwords = tstr .regexp \".{{1,{MAX_TEXT}}}\"\n"),
        format!("\nkind = &( {kinds} )\n"),
    ] {
        assert!(schema.contains(&line), "{line}");
    }
}

/// The examples are checked by issuing the same.
#[test]
fn the_schemas_examples_are_what_is_issued() {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../keys/schema");
    let readme = fs::read_to_string(schema.join("README.md")).unwrap();
    let examples: Vec<_> = readme.split("```\n").skip(1).step_by(2).collect();
    assert_eq!(examples.len(), 4);
    let at = |uri: &str| Authority::generate("A", "NL", Algorithm::EdDsa, [7; 32], false, uri).unwrap();
    let ticket = "title,valid_from,valid_until,zones,uses\n\
        Summer Festival 2026,2026-06-30T03:00:00Z,2026-07-01T21:59:59Z,Main;Tent,3\n";
    let badge = "family_name,given_name,title,zones,id,detail,valid_until\n\
        Иванова,Анна,City Hospital,Ward 2;Lab,E-1017,Nurse,2026-12-31\n";
    let card = "family_name,given_name,date_of_birth,title,valid_until\n\
        Smit,Jan,1951-03-04,Reduced fare,2027-05-28\n";
    let appointment = "given_name,title,zones,valid_from,valid_until,uses\n\
        Anna,Blood test,Room 12,2026-06-01T08:00:00Z,2026-06-01T09:00:00Z,1\n";
    for (example, kind, csv, place, uri) in [
        (examples[0], Kind::Ticket, ticket, 1042, "https://tickets.example.org/s"),
        (examples[1], Kind::Badge, badge, 7, "https://clinic.example.org/s"),
        (examples[2], Kind::Card, card, 8, "https://city.example.org/s"),
        (examples[3], Kind::Appointment, appointment, 9, "https://clinic.example.org/s"),
    ] {
        let issued = at(uri).issue(&record(kind, csv), place, 1_780_000_000).unwrap();
        assert_eq!(diagnostic(&claims(&issued)), example.split_whitespace().collect::<Vec<_>>().join(" "));
    }
}

/// What was signed, without our own reader.
fn claims(text: &str) -> ciborium::Value {
    let zlib = base45::decode(text.strip_prefix("PP1:").unwrap()).unwrap();
    let message: ciborium::Value =
        ciborium::from_reader(flate2::read::ZlibDecoder::new(zlib.as_slice())).unwrap();
    let ciborium::Value::Tag(18, message) = message else { panic!("{message:?}") };
    let payload = message.as_array().unwrap()[2].as_bytes().unwrap().clone();
    ciborium::from_reader(payload.as_slice()).unwrap()
}

/// Diagnostic notation (RFC 8949 §8), as the examples are written.
fn diagnostic(value: &ciborium::Value) -> String {
    use ciborium::Value;
    let list = |items: Vec<String>| items.join(", ");
    match value {
        Value::Map(pairs) => {
            let pairs =
                pairs.iter().map(|(key, value)| format!("{}: {}", diagnostic(key), diagnostic(value)));
            format!("{{ {} }}", list(pairs.collect()))
        }
        Value::Array(items) => format!("[{}]", list(items.iter().map(diagnostic).collect())),
        Value::Integer(number) => i128::from(*number).to_string(),
        Value::Text(text) => format!("{text:?}"),
        other => panic!("{other:?}"),
    }
}

proptest! {
    #[test]
    fn what_is_issued_is_read_as_it_was_written(
        title in "[\\p{L}\\p{N} .,;:!?'-]{1,80}", zones in prop::collection::vec("[\\p{L}\\p{N}]{1,20}", 0..17),
        uses in prop::option::of(1_u32..=1000), detail in prop::option::of("[\\p{L}\\p{N}]{1,80}"), place: u64,
    ) {
        prop_assume!(!title.trim().is_empty());
        let mut record = record(Kind::Ticket, TICKET);
        let title = title.trim().to_owned();
        record.valid_from = None;
        record.facts = issuer::Facts::General(issuer::General {
            kind: Kind::Ticket, title: title.clone(), zones: zones.clone(), uses, detail: detail.clone(),
        });
        let pass = accepted(&authority().issue(&record, place, NOW).unwrap(), NOW);
        prop_assert_eq!(pass.general, Some(General { title, zones, uses, detail }));
        prop_assert_eq!(pass.status.unwrap().index, place);
    }
}
