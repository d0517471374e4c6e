use ciborium::{Value, cbor};

use super::*;

fn read(value: &Value) -> Result<Dcc, Refusal> {
    Dcc::read(value.as_map().unwrap())
}

fn origin() -> Vec<(&'static str, Value)> {
    vec![
        ("tg", "840539006".into()),
        ("co", "DE".into()),
        ("is", "RKI".into()),
        ("ci", "URN:UVCI:01DE/1#A".into()),
    ]
}

fn entry(group: &str) -> Vec<(&'static str, Value)> {
    let own: Vec<(&str, Value)> = match group {
        "v" => vec![
            ("vp", "1119349007".into()),
            ("mp", "EU/1/20/1528".into()),
            ("ma", "ORG-100030215".into()),
            ("dn", 2.into()),
            ("sd", 2.into()),
            ("dt", "2021-05-29".into()),
        ],
        "t" => {
            vec![("tt", "LP6464-4".into()), ("sc", "2021-05-29T12:00:00Z".into()), ("tr", "260415000".into())]
        }
        _ => vec![("fr", "2021-01-01".into()), ("df", "2021-01-12".into()), ("du", "2021-07-01".into())],
    };
    [own, origin()].concat()
}

fn map(fields: Vec<(&str, Value)>) -> Value {
    Value::Map(fields.into_iter().map(|(name, value)| (name.into(), value)).collect())
}

fn groups(groups: Vec<(&str, Value)>) -> Value {
    let name =
        cbor!({ "fn" => "Mustermann", "gn" => "Erika", "fnt" => "MUSTERMANN", "gnt" => "ERIKA" }).unwrap();
    let fields = vec![("ver", "1.3.0".into()), ("nam", name), ("dob", "1964-08-12".into())];
    map([fields, groups].concat())
}

fn list(entries: Vec<Value>) -> Value {
    Value::Array(entries)
}

/// A good DCC of this group, with one field of its entry set or (by `None`) left out.
fn with(group: &'static str, field: &'static str, value: Option<Value>) -> Value {
    let mut fields = entry(group);
    fields.retain(|(name, _)| *name != field);
    fields.extend(value.map(|value| (field, value)));
    groups(vec![(group, list(vec![map(fields)]))])
}

/// A good vaccination, with one field outside of its entry set or left out.
fn with_outer(field: &str, value: Option<Value>) -> Value {
    let Value::Map(mut fields) = with("v", "", None) else { unreachable!() };
    fields.retain(|(name, _)| name.as_text() != Some(field));
    fields.extend(value.map(|value| (field.into(), value)));
    Value::Map(fields)
}

#[track_caller]
fn violates(dcc: &Value, at: &str, what: &str) {
    match read(dcc) {
        Err(Refusal::SchemaViolation { field, fault }) => assert_eq!((field.as_str(), fault), (at, what)),
        other => panic!("{at}: {other:?}"),
    }
}

#[test]
fn all_fields_are_read() {
    let dcc = read(&with("v", "", None)).unwrap();
    assert_eq!((dcc.version.as_str(), dcc.date_of_birth.as_str()), ("1.3.0", "1964-08-12"));
    assert_eq!(dcc.name.family_latin, "MUSTERMANN");
    let Certificate::Vaccinations(doses) = &dcc.certificate else { panic!() };
    let origin = Origin { country: "DE".into(), issuer: "RKI".into(), id: "URN:UVCI:01DE/1#A".into() };
    let dose = Vaccination {
        target: "840539006".into(),
        vaccine: "1119349007".into(),
        product: "EU/1/20/1528".into(),
        manufacturer: "ORG-100030215".into(),
        dose: 2,
        doses: 2,
        date: "2021-05-29".into(),
        origin: origin.clone(),
    };
    assert_eq!(doses, &[dose]);

    let named = with("t", "nm", Some("PCR".into()));
    let Certificate::Test(test) = read(&named).unwrap().certificate else { panic!() };
    assert_eq!(
        (test.name.as_deref(), test.device, test.reported, test.centre),
        (Some("PCR"), None, None, None)
    );
    assert_eq!((test.method.as_str(), test.sampled.as_str()), ("LP6464-4", "2021-05-29T12:00:00Z"));
    assert_eq!((test.result.as_str(), test.target.as_str()), ("260415000", "840539006"));

    let Certificate::Recovery(recovery) = read(&with("r", "", None)).unwrap().certificate else { panic!() };
    assert_eq!(
        (recovery.first_positive.as_str(), recovery.valid_from.as_str()),
        ("2021-01-01", "2021-01-12")
    );
    assert_eq!((recovery.valid_until.as_str(), recovery.origin), ("2021-07-01", origin));
}

#[test]
fn every_required_field_is_required_and_null_is_not_it() {
    let required = [
        ("v", &["tg", "vp", "mp", "ma", "dn", "sd", "dt", "co", "is", "ci"][..]),
        ("t", &["tg", "tt", "sc", "tr", "co", "is", "ci"]),
        ("r", &["tg", "fr", "df", "du", "co", "is", "ci"]),
    ];
    for (group, fields) in required {
        for field in fields {
            for missing in [None, Some(Value::Null)] {
                violates(&with(group, field, missing), &format!("{group}[0].{field}"), "missing");
            }
            violates(
                &with(group, field, Some(true.into())),
                &format!("{group}[0].{field}"),
                match *field {
                    "dn" | "sd" => "no number from 1",
                    _ => "no text",
                },
            );
        }
    }
    for field in ["ver", "nam", "dob"] {
        violates(&with_outer(field, None), field, "missing");
    }
}

#[test]
fn fields_have_the_form_that_the_schema_demands() {
    let table = [
        ("v", "dt", "2021-02-30".into(), "no date"),
        ("v", "dt", "".into(), "no date"),
        ("v", "dn", 0.into(), "no number from 1"),
        ("v", "dn", (-1).into(), "no number from 1"),
        ("v", "sd", 1.5.into(), "no number from 1"),
        ("v", "sd", "2".into(), "no number from 1"),
        ("v", "dn", (1_i64 << 40).into(), "no number from 1"),
        ("v", "ma", "ORG-99999999".into(), "a filler, not a code"),
        ("v", "co", "XY".into(), "no country"),
        ("v", "co", "de".into(), "no country"),
        ("v", "co", "".into(), "no country"),
        ("v", "co", "ABCDEFGHIJK".into(), "no country"),
        ("v", "ci", " ".into(), "empty"),
        ("t", "ma", "9999".into(), "a filler, not a code"),
        ("t", "sc", "yesterday".into(), "no date"),
        ("t", "dr", "yesterday".into(), "no date"),
        ("t", "nm", 1.into(), "no text"),
        ("r", "fr", "2021".into(), "no date"),
        ("r", "df", "2021-13-01".into(), "no date"),
        ("r", "du", Value::Tag(1, Box::new(0.into())), "no text"),
    ];
    for (group, field, value, fault) in table {
        violates(&with(group, field, Some(value)), &format!("{group}[0].{field}"), fault);
    }
}

#[test]
fn what_certificates_in_use_have_is_read() {
    let tagged = Value::Tag(0, Box::new("2021-06-04T08:13:51Z".into()));
    let table = [
        ("v", "dt", "2021-03-18T22:54:00+02:00".into()),
        ("v", "ma", "ORG-1000030215".into()),
        ("v", "ma", "Bharat-Biotech".into()),
        ("v", "co", "XK".into()),
        ("v", "co", "UNHCR".into()),
        ("v", "unknown", 1.into()),
        ("v", "dn", 3.into()),
        ("t", "ma", "".into()),
        ("t", "ma", "1232".into()),
        ("t", "nm", Value::Null),
        ("t", "sc", tagged.clone()),
        ("t", "dr", tagged),
    ];
    for (group, field, value) in table {
        let read = read(&with(group, field, Some(value.clone())));
        assert!(read.is_ok(), "{group}.{field} = {value:?}: {read:?}");
    }
}

#[test]
fn exactly_one_group_is_certified() {
    let one = |group: &'static str| (group, list(vec![map(entry(group))]));
    let two = |group: &'static str| (group, list(vec![map(entry(group)), map(entry(group))]));
    let none = |group: &'static str, value| (group, value);
    for (dcc, count) in [
        (vec![], 0),
        (vec![none("v", list(vec![]))], 0),
        (vec![none("v", Value::Null)], 0),
        (vec![one("v"), one("t")], 2),
        (vec![one("v"), one("t"), one("r")], 3),
        (vec![two("t")], 2),
        (vec![two("r")], 2),
    ] {
        assert_eq!(read(&groups(dcc)), Err(Refusal::NotOneCertificate { count }));
    }
    for dcc in [vec![two("v")], vec![one("r"), none("v", Value::Null), none("t", list(vec![]))]] {
        assert!(read(&groups(dcc)).is_ok());
    }
    violates(&groups(vec![none("v", 1.into())]), "v", "no list");
    violates(&groups(vec![none("v", list(vec![1.into()]))]), "v[0]", "no map");
}

#[test]
fn of_several_doses_the_latest_gives_the_identifier() {
    let dose = |date: &str, id: &str| {
        let mut fields = entry("v");
        fields.retain(|(name, _)| !["dt", "ci"].contains(name));
        fields.extend([("dt", date.into()), ("ci", id.into())]);
        map(fields)
    };
    let doses = list(vec![dose("2021-05-19", "second"), dose("2021-03-30", "first")]);
    assert_eq!(read(&groups(vec![("v", doses)])).unwrap().certificate.id(), "second");
}

#[test]
fn births_are_read_in_every_precision_and_shown_as_days() {
    for (text, day) in [
        ("", ""),
        ("1964", "1964"),
        ("1964-08", "1964-08"),
        ("1964-08-12", "1964-08-12"),
        ("1978-01-26T00:00:00", "1978-01-26"),
    ] {
        let dcc = read(&with_outer("dob", Some(text.into()))).unwrap();
        assert_eq!((dcc.date_of_birth.as_str(), dcc.holder().date_of_birth.as_str()), (text, day));
    }
    for text in ["1864-08-12", "1964-02-30", "12.08.1964", " "] {
        violates(&with_outer("dob", Some(text.into())), "dob", "no date of birth");
    }
}

#[test]
fn a_holder_has_a_name() {
    let name = |fields: Vec<(&str, Value)>| with_outer("nam", Some(map(fields)));
    violates(&with_outer("nam", Some(1.into())), "nam", "no map");
    violates(&name(vec![]), "nam", "no name");
    violates(&name(vec![("fn", " ".into()), ("fnt", "".into())]), "nam", "no name");
    violates(&name(vec![("fnt", "Mustermann".into())]), "nam.fnt", "not in capitals A to Z and <");
    violates(&name(vec![("fnt", "МАРИЯ".into())]), "nam.fnt", "not in capitals A to Z and <");
    violates(&name(vec![("gnt", "A\u{202e}B".into())]), "nam.gnt", "not in capitals A to Z and <");
    violates(&name(vec![("fn", 1.into())]), "nam.fn", "no text");
    for one in [("fnt", "MUSTERMANN"), ("gnt", "ERIKA<MARIA"), ("fn", "Мария")] {
        assert!(read(&name(vec![(one.0, one.1.into())])).is_ok(), "{one:?}");
    }
}

#[test]
fn versions_of_schema_1_are_known() {
    for version in ["1.0.0", "1.0.1", "1.2.1", "1.3.0", "1.3.2", "1.3", "1.10.0"] {
        assert!(read(&with_outer("ver", Some(version.into()))).is_ok(), "{version}");
    }
    for version in ["", "1", "2.0.0", "0.9.0", "1.", "1.x", "1.0.0.0", "1.0.0-beta", "01.0.0", " 1.0.0"] {
        let refused = Err(Refusal::SchemaVersion { version: version.into() });
        assert_eq!(read(&with_outer("ver", Some(version.into()))), refused, "{version}");
    }
}
