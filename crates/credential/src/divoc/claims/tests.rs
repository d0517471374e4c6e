use super::*;

fn evidence(changes: Value) -> Object {
    let mut evidence = json!({ "date": "2021-04-15", "dose": 1, "totalDoses": 2, "vaccine": "COVISHIELD" });
    for (name, value) in changes.as_object().unwrap() {
        evidence[name] = value.clone();
    }
    evidence.as_object().unwrap().clone()
}

#[test]
fn the_date_is_the_only_one_with_a_time_or_the_earliest() {
    let (early, late, time) = ("2021-04-01", "2021-04-15", "2021-04-10T04:28:43Z");
    let table = [
        (early, "", "", true),
        (early, early, late, true),
        (early, late, early, true),
        (late, early, "", false),
        (late, late, early, false),
        (time, early, early, true), // as clocks east and west of Greenwich have it
        (early, time, early, false),
        (early, time, time, false),
        (time, time, late, true),
        (time, "2021-04-10T23:00:00Z", late, true),
        ("2021-04-11T00:00:00Z", time, late, false),
        ("2021-04-11T00:00:00Z", time, early, false),
    ];
    for (date, start, until, told) in table {
        let evidence = evidence(json!({ "date": date, "effectiveStart": start, "effectiveUntil": until }));
        assert_eq!(vaccinated(&evidence).is_ok(), told, "{date} {start} {until}");
    }
    for (name, value) in
        [("date", "20210415"), ("date", ""), ("effectiveStart", "soon"), ("effectiveUntil", "2021-02-30")]
    {
        assert!(vaccinated(&evidence(json!({ name: value }))).is_err(), "{name} {value}");
    }
}

/// Of any three dates at most one order of them is read.
#[test]
fn no_exchange_of_dates_gives_another_day() {
    let dates = ["2021-04-01", "2021-04-15", "2021-04-10T04:28:43Z", "2021-04-12T00:00:00Z", ""];
    let read = |date: &str, start: &str, until: &str| {
        let evidence = evidence(json!({ "date": date, "effectiveStart": start, "effectiveUntil": until }));
        vaccinated(&evidence).map(|date| dcc::day(date).to_owned()).ok()
    };
    let mut days = std::collections::BTreeMap::<BTreeSet<&str>, BTreeSet<String>>::new();
    for date in dates {
        for start in dates {
            for until in dates {
                let said = days.entry([date, start, until].into()).or_default();
                said.extend(read(date, start, until));
            }
        }
    }
    assert!(days.values().all(|days| days.len() <= 1), "{days:?}");
}

#[test]
fn the_smaller_number_is_the_dose() {
    for (dose, total, expected) in [
        (json!(1), json!(2), Some(Some((1, 2)))),
        (json!(2), json!(2), Some(Some((2, 2)))),
        (json!("1"), json!("2"), Some(Some((1, 2)))),
        (json!(2), json!(1), None),
        (json!(""), json!(""), Some(None)),
        (json!(2), json!(""), Some(None)),
        (json!(null), json!(2), Some(None)),
        (json!(0), json!(2), None),
        (json!("one"), json!(2), None),
        (json!(1), json!("99999999999"), None),
        (json!(-1), json!(2), None),
        (json!(true), json!(2), None),
    ] {
        let read = doses(&evidence(json!({ "dose": dose, "totalDoses": total })));
        assert_eq!(read.ok(), expected, "{dose} of {total}");
    }
}

#[test]
fn the_product_is_what_any_of_the_values_names_unless_they_differ() {
    for (vaccine, manufacturer, expected) in [
        ("COVISHIELD", "Serum Institute of India", Some("Covishield")),
        ("Serum Institute of India", "COVISHIELD", Some("Covishield")),
        ("Pfizer", "Moderna", None),
        ("CoVax", "COVPharma", None),
    ] {
        let read = product(&evidence(json!({ "vaccine": vaccine, "manufacturer": manufacturer })));
        assert_eq!(read.map(|product| product.product), expected, "{vaccine} {manufacturer}");
    }
}

#[test]
fn times_are_read_with_their_offset() {
    for (text, expected) in [
        ("1970-01-01T00:00:00Z", Some(0)),
        ("1969-12-31T23:59:59.9Z", Some(-1)),
        ("2000-02-29T12:00:00Z", Some(951_825_600)),
        ("2021-03-03T04:28:46.012Z", Some(1_614_745_726)),
        ("2021-03-03T09:58:46+05:30", Some(1_614_745_726)),
        ("2021-03-02T23:28:46-05:00", Some(1_614_745_726)),
        ("2021-03-03T04:28Z", Some(1_614_745_680)),
        ("2021-03-03T04:28:46", None),
        ("2021-03-03", None),
        ("2021-02-30T00:00:00Z", None),
        ("", None),
    ] {
        assert_eq!(seconds(text), expected, "{text}");
    }
}

#[test]
fn what_a_pass_must_say_is_demanded() {
    let good = json!({
        "credentialSubject": { "id": "did:a:b", "name": "Jo", "dob": "1998-01-05" },
        "issuer": "https://divoc.dev/", "issuanceDate": "2021-04-16T00:00:00Z", "expirationDate": "2022-04-16T00:00:00Z",
        "evidence": [{ "date": "2021-04-15" }]
    });
    let read = |value: &Value| pass(value.as_object().unwrap().clone());
    let pass = read(&good).unwrap();
    assert_eq!((pass.holder.date_of_birth.as_str(), pass.expires_at), ("1998-01-05", Some(1_650_067_200)));
    for (pointer, value) in [
        ("/credentialSubject/name", json!(" ")),
        ("/credentialSubject/name", json!(7)),
        ("/credentialSubject/dob", json!("1998-13-05")),
        ("/issuanceDate", json!("2021-04-16")),
        ("/expirationDate", json!("never")),
        ("/evidence", json!([])),
        ("/evidence/0/date", json!(null)),
    ] {
        let mut changed = good.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        assert!(matches!(read(&changed), Err(Refusal::SchemaViolation { .. })), "{pointer}");
    }
}
