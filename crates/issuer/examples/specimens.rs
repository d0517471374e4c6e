//! Issues a typical pass of each kind, tells how large its text and its code are, and
//! prints them: `cargo run -p issuer --example specimens -- OUT.pdf`.
#![allow(clippy::print_stdout)]

use std::error::Error;

use issuer::render::{self, Sheet};
use issuer::{Algorithm, Authority, BirthDate, Facts, Record, Recovery, TestResult, Vaccination};
use time::macros::{date, datetime};

fn main() -> Result<(), Box<dyn Error>> {
    let out = std::env::args().nth(1).ok_or("name the PDF to write")?;
    let mut sheets = Vec::new();
    for algorithm in [Algorithm::EdDsa, Algorithm::Es256] {
        let authority = Authority::generate(
            "Демонстрационный центр Propusk",
            "RU",
            algorithm,
            [7; 32],
            true,
            "https://demo.propusk.example/status/1",
        )?;
        for (index, record) in records().iter().enumerate() {
            let issued = authority.issue_pass(record, 4_200_000 + index as u64, 1_795_000_000)?;
            let (version, level) = render::version(&issued.text)?;
            let (kind, length) = (record.facts.kind(), issued.text.len());
            println!("{algorithm:?} {kind:?}: {length} characters, version {version}-{level}");
            sheets.push(Sheet::new(&authority, record, &issued));
        }
    }
    std::fs::write(&out, render::pdf(&sheets)?)?;
    Ok(())
}

fn records() -> [Record; 3] {
    let born = |text| BirthDate::parse(text).unwrap_or_default();
    let dose = Vaccination::sputnik_v(2, 2, date!(2026 - 11 - 01));
    let test = TestResult::negative_pcr(datetime!(2026-11-18 08:30 UTC), "Поликлиника № 5, Москва");
    let recovery = Recovery {
        first_positive: date!(2026 - 09 - 02),
        from: date!(2026 - 09 - 13),
        until: date!(2027 - 03 - 01),
    };
    [
        Record::new("Щербакова", "Юлия Сергеевна", born("1984-03-17"), Facts::Vaccination(dose)),
        Record::new("Müller-Łukasiewicz", "Jörg", born("1990-12"), Facts::Test(test)),
        Record::new("Ёлкин", "Пётр Ильич", born("1957-01-09"), Facts::Recovery(recovery)),
    ]
}
