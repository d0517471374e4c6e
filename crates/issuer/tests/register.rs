//! Registers: what is read, and what each bad row is told.

mod common;

use common::{NOW, authority, dcc_text, decode, entry_text};
use credential::Kind;
use issuer::{Algorithm, BatchError, Column, Expiry, Facts, Problem, Record, Register, RegisterError, batch};
use proptest::prelude::*;
use time::macros::{date, datetime};

const HEAD: &str = "family_name,given_name,date_of_birth,kind,vaccinated_on";

fn csv(text: impl AsRef<[u8]>) -> Vec<Result<Record, RegisterError>> {
    let bytes = text.as_ref().to_vec();
    match Register::from_csv(std::io::Cursor::new(bytes)) {
        Ok(register) => register.collect(),
        Err(error) => vec![Err(error)],
    }
}

fn json(text: &str) -> Vec<Result<Record, RegisterError>> {
    Register::from_json(text.as_bytes()).unwrap().collect()
}

fn messages(rows: Vec<Result<Record, RegisterError>>) -> Vec<String> {
    rows.into_iter().map(|row| row.map_or_else(|error| error.to_string(), |_| "good".into())).collect()
}

fn dose(record: &Record) -> &issuer::Vaccination {
    match &record.facts {
        Facts::Vaccination(vaccination) => vaccination,
        other => panic!("{other:?}"),
    }
}

#[test]
fn excel_register_with_semicolons_and_byte_order_mark_is_read() {
    let text = "\u{feff}Фамилия;Имя;Отчество;Дата рождения;Вид;Дата вакцинации;Действует до\r\n\
                Иванов;Иван;Иванович;01.02.1980;Вакцинация;5.11.2026;31.12.2027\r\n";
    let rows = csv(text);
    let record = rows[0].as_ref().unwrap();
    assert_eq!((record.family_name.as_str(), record.given_name.as_str()), ("Иванов", "Иван Иванович"));
    assert_eq!(record.date_of_birth.as_str(), "1980-02-01");
    assert_eq!(dose(record).date, date!(2026 - 11 - 05));
    assert_eq!(record.expiry, Expiry::At(datetime!(2027-12-31 23:59:59 UTC).unix_timestamp()));
    assert_eq!(rows.len(), 1);
}

#[test]
fn separators_quotes_and_line_ends_are_told_apart() {
    for (separator, end) in [(",", "\n"), (";", "\r\n"), ("\t", "\n"), (",", "\r\n")] {
        let row = ["\"O\"\"Neil, a;b\"", "Ann", "1990", "v", "2026-11-01"].join(separator);
        let text = format!("{}{end}{row}{end}{end}{row}", HEAD.replace(',', separator));
        let rows = csv(&text);
        assert_eq!(rows.len(), 2, "{text}");
        for row in rows {
            assert_eq!(row.unwrap().family_name, "O\"Neil, a;b");
        }
    }
}

#[test]
fn left_out_fields_get_their_defaults() {
    let record = csv(format!("{HEAD}\nA,B,1990,vaccination,2026-11-01")).remove(0).unwrap();
    let vaccination = dose(&record);
    assert_eq!((vaccination.product.as_str(), vaccination.vaccine.as_str()), ("Sputnik-V", "J07BX03"));
    assert_eq!(vaccination.manufacturer, "Gamaleya-Research-Institute");
    assert_eq!((vaccination.dose, vaccination.doses), (2, 2));
    assert_eq!((record.expiry, record.valid_from, record.id), (Expiry::Days(365), None, None));

    let rows = csv("family_name,date_of_birth,kind,first_positive,sampled_at,test_centre\n\
                    A,,recovery,2026-09-02,,\nA,,test,,2026-11-18T08:30:00+03:00,Lab");
    match &rows[0].as_ref().unwrap().facts {
        Facts::Recovery(r) => assert_eq!((r.from, r.until), (date!(2026 - 09 - 13), date!(2027 - 03 - 01))),
        other => panic!("{other:?}"),
    }
    match &rows[1].as_ref().unwrap().facts {
        Facts::Test(test) => assert_eq!((&*test.test_type, &*test.result), ("LP6464-4", "260415000")),
        other => panic!("{other:?}"),
    }
}

#[test]
fn words_stand_for_codes() {
    let rows = csv("family_name,date_of_birth,kind,sampled_at,test_type,result,test_device\n\
                    A,1990-05,Тест,2026-11-18T08:30:00Z,Антиген,Положительный,1232\n\
                    A,1990-05,t,2026-11-18T08:30:00Z,LP999-9,10828004,");
    let codes: Vec<_> = rows
        .iter()
        .map(|row| match &row.as_ref().unwrap().facts {
            Facts::Test(test) => (test.test_type.as_str(), test.result.as_str()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(codes, [("LP217198-3", "260373001"), ("LP999-9", "10828004")]);
}

#[test]
fn bad_row_is_told_its_line_its_column_and_what_to_do() {
    let cases = [
        ("A,B,1990,vaccination,32.13.2026", "line 2, column vaccinated_on: `32\\.13\\.2026`"),
        ("A,B,1990,vaccination,", "line 2, column vaccinated_on: is empty: fill it in"),
        ("A,B,90,vaccination,2026-11-01", "line 2, column date_of_birth: `90` cannot be read: write a date"),
        ("A,B,1890-01-01,vaccination,2026-11-01", "column date_of_birth"),
        ("A,B,1990-02-30,vaccination,2026-11-01", "column date_of_birth"),
        ("A,B,1990,,2026-11-01", "line 2, column kind: is empty"),
        ("A,B,1990,party,2026-11-01", "line 2, column kind: `party` cannot be read: write vaccination, test"),
        (",,1990,vaccination,2026-11-01", "line 2, column family_name: is empty"),
        (
            "A,B,1990,recovery,2026-11-01",
            "column vaccinated_on: does not belong to a row of the kind recovery",
        ),
        ("A,B,1990,vaccination", "line 2: has 4 fields, the header has 5"),
        ("A,B,1990,vaccination,2026-11-01,x", "line 2: has 6 fields, the header has 5"),
    ];
    for (row, message) in cases {
        let told = messages(csv(format!("{HEAD}\n{row}\nA,B,1990,vaccination,2026-11-01\n")));
        let plain = message.replace('\\', "");
        assert!(told[0].contains(&plain), "{row}: {}", told[0]);
        assert_eq!(told[1..], ["good"], "the row after a bad one is read");
    }
}

#[test]
fn line_of_a_bad_row_is_counted_over_quoted_line_ends_and_empty_lines() {
    let text = format!("{HEAD}\n\"A\nA\",B,1990,v,2026-11-01\n\n,,,,\nA,B,1990,v,x\n");
    for end in ["\n", "\r\n", "\r"] {
        let told = messages(csv(text.replace('\n', end)));
        assert!(told[1].starts_with("line 6, column vaccinated_on"), "{end:?} {told:?}");
        assert_eq!(told.len(), 2);
    }
}

#[test]
fn bad_header_is_told_at_once() {
    let cases = [
        ("", "is empty: its first line has to name the columns"),
        ("\u{feff}", "is empty"),
        ("family_name,birthday,kind\n", "line 1: there is no column `birthday`: the names are family_name, "),
        ("family_name,kind,date_of_birth,kind\n", "line 1, column kind: stands there twice"),
        ("family_name,kind,date_of_birth,вид\n", "line 1, column kind: stands there twice"),
        ("family_name,kind\n", "column date_of_birth: is missing from the header"),
    ];
    for (text, message) in cases {
        let told = messages(csv(text));
        assert!(told[0].contains(message), "{text}: {}", told[0]);
        assert_eq!(told.len(), 1);
    }
}

#[test]
fn register_in_another_encoding_is_refused() {
    let utf16: Vec<u8> = format!("\u{feff}{HEAD}\nA").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(messages(csv(utf16))[0].contains("is not UTF-8: save the register as"));
    let windows_1251 =
        [HEAD.as_bytes(), b"\n\xc8\xe2\xe0\xed,B,1990,v,2026-11-01\nA,B,1990,v,2026-11-01"].concat();
    let told = messages(csv(windows_1251));
    assert!(told[0].starts_with("line 2, column family_name: is not UTF-8"), "{told:?}");
    assert_eq!(told[1], "good");
}

#[test]
fn row_without_an_end_is_cut_off_in_bounded_memory() {
    struct Endless;
    impl std::io::Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            buffer.fill(b'x');
            Ok(buffer.len())
        }
    }
    use std::io::Read as _;
    let head = format!("{HEAD}\n\"");
    let told: Vec<_> = Register::from_csv(head.as_bytes().chain(Endless))
        .unwrap()
        .map(|row| row.unwrap_err().to_string())
        .collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("is longer than 65536 bytes: is a closing quote missing?"), "{}", told[0]);
    assert!(Register::from_csv(Endless).is_err());
    let mut rows = Register::from_json(b"[{\"".chain(Endless)).unwrap();
    let told = rows.next().unwrap().unwrap_err().to_string();
    assert!(told.contains("is longer than") && told.contains("reading stopped at line 1"), "{told}");
    assert!(rows.next().is_none());
    assert_eq!(Register::from_json(b"{}\n".chain(Endless)).unwrap().count(), 2);
}

#[test]
fn json_array_and_json_lines_give_the_same_records() {
    let one = r#"{"family_name": "Иванов", "date_of_birth": "1980-02-01", "kind": "vaccination",
        "vaccinated_on": "2026-11-01", "dose": 1, "doses": 2, "id": null}"#;
    let array = json(&format!("\u{feff}[ {one} ,\n{one}]\n"));
    let lines = json(&format!("{}\n{}\n", one.replace('\n', ""), one.replace('\n', "")));
    assert_eq!((array.len(), lines.len()), (2, 2));
    for row in array.into_iter().chain(lines) {
        let record = row.unwrap();
        assert_eq!((dose(&record).dose, record.id.as_deref()), (1, None));
    }
    assert!(json("[]").is_empty() && json("").is_empty() && json(" \n").is_empty());
}

#[test]
fn bad_json_is_told_its_line() {
    let good = r#"{"family_name":"A","date_of_birth":"1990","kind":"v","vaccinated_on":"2026-11-01"}"#;
    let cases = [
        (r#"{"family_name":"A","age":3}"#, "line 3: there is no column `age`"),
        (r#"{"kind":"v","KIND":"v"}"#, "line 3, column kind: stands there twice"),
        (r#"{"kind":["v"]}"#, "line 3, column kind: `[\"v\"]` cannot be read: write text, a number or null"),
        (r#"{"kind":true}"#, "column kind: `true` cannot be read"),
        (r#"{"kind":}"#, "line 3: is not JSON as expected"),
        (r#"{"date_of_birth":1990}"#, "line 3, column family_name: is empty"),
        (r#"[1, {"a": "]"}, [2]]"#, "line 3: is not JSON as expected (`[` where no such thing may stand)"),
        (r#"x"#, "`x` where"),
        (r#""a, b""#, "`\"` where"),
        (r#"{"kind":"v"#, "line 3: is not JSON as expected (a text is not closed)"),
        (r#"{"kind":{"a":["v"#, "line 3: is not JSON as expected (a text is not closed)"),
        (r#"{"kind":"v""#, "line 3: is not JSON as expected (an object is not closed)"),
        (r#"{"kind":{}"#, "line 3: is not JSON as expected (an object is not closed)"),
    ];
    for (row, message) in cases {
        let told = messages(json(&format!("[\n{good},\n{row},\n{good}\n]")));
        assert_eq!(told[0], "good");
        assert!(told[1].contains(message), "{row}: {told:?}");
        assert_eq!(told[2..], ["good"], "{row}: {told:?}");
    }
}

#[test]
fn bad_line_of_json_lines_is_told_and_the_next_is_read() {
    let good = r#"{"family_name":"A","date_of_birth":"1990","kind":"v","vaccinated_on":"2026-11-01"}"#;
    let long = format!("{{\"kind\":\"{}\"}}", "x".repeat(70_000));
    for row in
        ["x", "x {}", "\"", "{\"kind\":\"", "{", "{\"kind\":", "}", "[1]", "],", "{]", "{\"a\":{}", &long]
    {
        for text in [format!("{good}\n{row}\n{good}\n"), format!("{row}\n{good}\n{good}")] {
            let told = messages(json(&text));
            let bad = told.iter().position(|told| told != "good").unwrap();
            let line = format!("line {}", if text.starts_with(good) { 2 } else { 1 });
            assert!(told[bad].starts_with(&line), "{row}: {told:?}");
            if row == "[1]" && bad == 0 {
                continue; // an array, then: what stands behind it is no row
            }
            let good = told.iter().filter(|told| *told == "good").count();
            assert_eq!((told.len(), good), (3, 2), "{row:.20}: {told:?}");
        }
    }
    let commas = messages(json(&format!("{good},\n{good},\n{good}\n")));
    assert_eq!(commas.iter().filter(|told| *told == "good").count(), 3, "{commas:?}");
}

#[test]
fn where_reading_stops_it_is_said() {
    let good = r#"{"family_name":"A","date_of_birth":"1990","kind":"v","vaccinated_on":"2026-11-01"}"#;
    let long = "x".repeat(70_000);
    for (text, line) in [
        (format!("[{good},\n{{\"kind\":"), 2),
        (format!("[{good}\n"), 2),
        (format!("[{good}] \n{good}\n"), 2),
        (format!("[{good},\n[[{good}"), 2),
    ] {
        let told = messages(json(&text));
        assert_eq!((told.len(), told[0].as_str()), (2, "good"), "{told:?}");
        let stop = format!("reading stopped at line {line}");
        assert!(told[1].contains("is not JSON") && told[1].contains(&stop), "{told:?}");
        assert!(told[1].ends_with("what follows was not read"), "{told:?}");
    }
    assert!(messages(json(&"[".repeat(3_000_000)))[0].contains("reading stopped at line 1"));
    for row in [format!("A,B,1990,v,\"{long}"), "A,B,\"1990,v,2026-11-01".into(), "A,B,1990,v,\"2026".into()]
    {
        let told = messages(csv(format!("{HEAD}\n{row}\nA,B,1990,v,2026-11-01\n")));
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with("line 2: ") && told[0].contains("reading stopped at line "), "{told:?}");
    }
}

#[test]
fn deep_json_is_refused_not_followed() {
    let deep = format!("{{\"kind\":{}{}}}", "[".repeat(30_000), "]".repeat(30_000));
    assert!(messages(json(&deep))[0].contains("is not JSON as expected"));
}

#[test]
fn error_repeats_a_hostile_value_cut_and_escaped() {
    let row = format!("A,B,1990,\"{}\",2026-11-01", "\u{202e}\u{1b}[2J\n".repeat(40));
    let told = messages(csv(format!("{HEAD}\n{row}\n"))).remove(0);
    assert!(told.is_ascii() || !told.contains('\u{202e}'));
    assert!(!told.chars().any(char::is_control), "{told}");
    assert!(told.len() < 500, "{told}");
}

#[test]
fn error_repeats_letters_of_any_script_as_they_are() {
    for value in ["田中", "и\u{306}од", "C:\\it's", "عمر"] {
        let told = messages(csv(format!("{HEAD}\nA,B,1990,{value},2026-11-01\n"))).remove(0);
        assert!(told.contains(&format!("`{}` cannot be read", value.to_lowercase())), "{told}");
    }
}

#[test]
fn every_column_is_known_by_both_its_names() {
    for column in Column::all() {
        for name in [column.name().to_uppercase(), column.name_ru().to_owned()] {
            let needed = ["date_of_birth", "kind"].into_iter().filter(|needed| *needed != column.name());
            let header = needed.map(str::to_owned).chain([name]).collect::<Vec<_>>().join(",");
            let told = messages(csv(format!("{header}\n")));
            assert!(told.is_empty(), "{header}: {told:?}");
        }
    }
}

#[test]
fn batch_numbers_good_rows_and_goes_on_after_bad_ones() {
    let text = format!(
        "{HEAD}\nА,B,1990,v,2026-11-01\nA,B,x,v,2026-11-01\n王,B,1990,v,2026-11-01\nC,D,1990,v,2026-11-01\n"
    );
    let authority = authority(Algorithm::EdDsa);
    let mut passes = batch(&authority, Register::from_csv(text.as_bytes()).unwrap(), 40, NOW);
    let (record, issued) = passes.next().unwrap().unwrap();
    assert_eq!((record.facts.kind(), issued.status_index), (Kind::Vaccination, 40));
    assert_eq!(issued.text, authority.issue(&record, 40, NOW).unwrap());
    assert!(matches!(passes.next(), Some(Err(BatchError::Register(error))) if error.line == 3));
    let error = passes.next().unwrap().unwrap_err();
    assert!(error.to_string().starts_with("line 4: family_name_latin is needed"), "{error}");
    assert_eq!(passes.next().unwrap().unwrap().1.status_index, 41);
    assert_eq!(passes.next_index(), 42);
    assert!(passes.next().is_none());
}

#[test]
fn register_becomes_the_pass_that_it_says() {
    let text = "family_name,given_name,family_name_latin,date_of_birth,kind,vaccinated_on,product,country,issuer,id\n\
                Гоголь,Николай,HOHOL,1909-04-01,v,2026-11-01,EU/1/20/1528,UA,Clinic 5,URN:UVCI:01:UA:ABC#D\n";
    let authority = authority(Algorithm::EdDsa);
    let record = csv(text).remove(0).unwrap();
    let claims = decode(&authority, &authority.issue(&record, 0, NOW).unwrap()).claims;
    assert_eq!(dcc_text(&claims, &["nam", "fnt"]), Some("HOHOL"));
    assert_eq!(dcc_text(&claims, &["nam", "gnt"]), Some("NIKOLAI"));
    for (key, value) in [
        ("mp", "EU/1/20/1528"),
        ("ma", "ORG-100030215"),
        ("vp", "1119349007"),
        ("co", "UA"),
        ("is", "Clinic 5"),
        ("ci", "URN:UVCI:01:UA:ABC#D"),
    ] {
        assert_eq!(entry_text(&claims, "v", key), Some(value));
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>, text in "\\PC{0,200}") {
        for bytes in [bytes.clone(), [HEAD.as_bytes(), b"\n", &bytes].concat(), text.into_bytes()] {
            if let Ok(register) = Register::from_csv(bytes.as_slice()) {
                register.for_each(drop);
            }
            Register::from_json(bytes.as_slice()).unwrap().for_each(drop);
            Register::from_json([b"[{\"kind\":\"v\",", bytes.as_slice()].concat().as_slice()).unwrap().for_each(drop);
        }
    }

    #[test]
    fn rows_are_split_as_the_csv_crate_splits_them(body in "[ab\"\",;\r\n]{0,60}") {
        // What both make of the family names tells any difference in rows or fields.
        let text = format!("family_name,given_name,id,date_of_birth,kind\n{body}\n");
        let mut theirs = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let theirs: Vec<csv::StringRecord> = theirs.records().map(Result::unwrap).collect();
        let counts = theirs.iter().filter(|row| row.iter().any(|field| !field.is_empty())).map(csv::StringRecord::len);
        let ours = csv(&text).into_iter().map(|row| match row {
            Err(RegisterError { problem: Problem::FieldCount { found, .. }, .. }) => found,
            _ => 5,
        });
        prop_assert_eq!(ours.collect::<Vec<usize>>(), counts.collect::<Vec<_>>());
    }

    #[test]
    fn fields_come_back_as_they_were_quoted(family in "\\PC{0,30}(\r?\n\\PC{0,9})?", given in "\\PC{1,30}") {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let row = format!("{},{},1990,v,2026-11-01", quoted(&family), quoted(&given));
        let rows = csv(format!("{HEAD}\n{row}\n"));
        prop_assert_eq!(rows.len(), 1);
        match &rows[0] {
            Ok(record) => {
                prop_assert_eq!(&record.family_name, family.trim());
                prop_assert_eq!(&record.given_name, given.trim());
            }
            Err(error) => prop_assert!(family.trim().is_empty() && given.trim().is_empty(), "{error}"),
        }
    }
}
