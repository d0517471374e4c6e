//! The sample passes of a demo authority: one of each verdict that a door meets.

use std::io::{Read, Write};

use credential::Kind;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use issuer::{
    Authority, BirthDate, Expiry, Facts, General, Places, Record, Recovery, TestResult, Vaccination,
};
use time::{Date, Duration, OffsetDateTime};

use crate::Error;

const DAY: i64 = 86_400;
/// How long a valid sample stays valid after it was made.
pub(super) const VALID_DAYS: u32 = 365;

/// A sample's name and text.
pub(super) struct SampleText {
    pub(super) name: &'static str,
    pub(super) text: String,
}

/// Whose pass it is.
struct Person {
    family_name: &'static str,
    given_name: &'static str,
    born: &'static str,
}

const ANNA: Person =
    Person { family_name: "Смирнова", given_name: "Анна Сергеевна", born: "1988-04-12" };
const PAVEL: Person =
    Person { family_name: "Щукин", given_name: "Павел Юрьевич", born: "1979-11-30" };
const MARIE: Person = Person { family_name: "Müller", given_name: "Marie-Louise", born: "1995-07-02" };
const IVAN: Person = Person { family_name: "Ёлкин", given_name: "Иван", born: "1962-01-25" };
const OLGA: Person = Person { family_name: "Жданова", given_name: "Ольга", born: "2001-09-08" };
const TIMUR: Person = Person { family_name: "Хасанов", given_name: "Тимур", born: "1984-12-19" };
const LEV: Person = Person { family_name: "Цветков", given_name: "Лев", born: "2006-03-14" };
const NINA: Person = Person { family_name: "Быкова", given_name: "Нина", born: "1973-06-05" };

const ZOYA: Person = Person { family_name: "Лебедева", given_name: "Зоя", born: "1999-10-21" };

/// The date of birth that the tampered sample pretends.
const OLDER: &str = "1990-03-14";

/// The samples, made at `now` (seconds UTC) by `authority`, one by a `stranger`; and the place of the one that
/// the authority takes back.
pub(super) fn make(
    authority: &Authority,
    stranger: &Authority,
    places: &mut Places,
    now: i64,
) -> Result<(Vec<SampleText>, u64), Error> {
    let revoked_place = places.next();
    let today = day(now);
    let issued_at = now - DAY;
    let valid = Expiry::At(now + i64::from(VALID_DAYS) * DAY);
    let mut pass = |person: &Person, facts, valid_from, expiry, issued_at| -> Result<String, Error> {
        let record = Record { valid_from, expiry, ..record(person, facts) };
        let text = authority.issue(&record, places.next(), issued_at)?;
        places.take()?;
        Ok(text)
    };
    let shots = || vaccinated(today);
    let revoked = pass(&TIMUR, shots(), None, valid, issued_at)?;
    let texts = [
        ("valid_vaccination", pass(&ANNA, shots(), None, valid, issued_at)?),
        ("valid_recovery", pass(&PAVEL, recovered(today), None, valid, issued_at)?),
        ("valid_test", pass(&MARIE, tested(now), None, valid, issued_at)?),
        ("expired", pass(&OLGA, shots(), None, Expiry::At(now - DAY), now - 30 * DAY)?),
        ("not_yet_valid", pass(&IVAN, shots(), Some(now + 30 * DAY), valid, issued_at)?),
        ("revoked", revoked),
        ("tampered", tamper(&pass(&LEV, shots(), None, valid, issued_at)?, LEV.born, OLDER)),
        ("unknown_issuer", stranger.issue(&record(&NINA, shots()), 0, issued_at)?),
        ("not_a_certificate", "https://example.org/menu?table=7".to_owned()),
        ("ticket", pass(&ZOYA, ticket(), None, valid, issued_at)?),
    ];
    Ok((texts.into_iter().map(|(name, text)| SampleText { name, text }).collect(), revoked_place))
}

fn record(person: &Person, facts: Facts) -> Record {
    // safe: the births above are dates
    let born = BirthDate::parse(person.born).unwrap_or_default();
    Record::new(person.family_name, person.given_name, born, facts)
}

fn vaccinated(today: Date) -> Facts {
    Facts::Vaccination(Vaccination::sputnik_v(2, 2, today - Duration::days(60)))
}

fn recovered(today: Date) -> Facts {
    Facts::Recovery(Recovery {
        first_positive: today - Duration::days(40),
        from: today - Duration::days(29),
        until: today + Duration::days(140),
    })
}

fn tested(now: i64) -> Facts {
    let sampled = OffsetDateTime::from_unix_timestamp(now - DAY).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    Facts::Test(TestResult::negative_pcr(sampled, "Поликлиника № 7"))
}

/// For one use: green once, and refused from then on with the time of that use.
fn ticket() -> Facts {
    Facts::General(General {
        kind: Kind::Ticket,
        title: "Концерт в саду".to_owned(),
        zones: vec![],
        uses: Some(1),
        detail: None,
    })
}

fn day(now: i64) -> Date {
    OffsetDateTime::from_unix_timestamp(now).unwrap_or(OffsetDateTime::UNIX_EPOCH).date()
}

/// What a forger does: the signed bytes changed in one place, the signature left as it was.
fn tamper(text: &str, from: &str, to: &str) -> String {
    let mut signed = vec![];
    let packed = base45::decode(text.trim_start_matches("HC1:")).unwrap_or_default();
    // safe: reading from and writing to memory does not fail; the text is our own
    let _ = ZlibDecoder::new(packed.as_slice()).read_to_end(&mut signed);
    if let Some(at) = signed.windows(from.len()).position(|window| window == from.as_bytes()) {
        signed[at..at + to.len()].copy_from_slice(to.as_bytes());
    }
    let mut encoder = ZlibEncoder::new(vec![], Compression::best());
    let _ = encoder.write_all(&signed);
    format!("HC1:{}", base45::encode(encoder.finish().unwrap_or_default()))
}
