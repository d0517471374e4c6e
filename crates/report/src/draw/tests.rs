use super::*;
use crate::{Key, Proof, Witnessed};
use scanlog::{NewEntry, Outcome};

fn entry(at: i64, outcome: Outcome, reason: &str, operator: Option<u32>) -> NewEntry {
    NewEntry {
        at,
        outcome,
        reason: reason.to_owned(),
        stage: "rules".to_owned(),
        kind: None,
        identity: None,
        person: None,
        key_set_version: 1,
        demo: false,
        operator,
    }
}

fn subject(holds: bool) -> Subject {
    Subject {
        logs: vec!["propusk.invalid/door/7f2a".to_owned()],
        made_at: 1_795_000_000,
        utc_offset: 3 * 3600,
        proof: Proof {
            holds,
            key: Key::Given,
            size: 3,
            range: (0, 3),
            erased: 0,
            root: "ab".repeat(32),
            witnessed: vec![],
            exported_at: Some(1_795_000_000),
            faults: if holds { vec![] } else { vec!["entry 2 was edited".to_owned(); 9] },
        },
    }
}

fn drawn(summary: &Summary, holds: bool, language: Language) -> Vec<u8> {
    pdf(&subject(holds), summary, language).unwrap()
}

#[test]
fn whatever_was_logged_gives_two_sheets() {
    let spans = [(0, 1), (0, 86_400 * 40), (0, 86_400 * 3000), (i64::MIN, i64::MAX), (-1, 253_402_300_800)];
    for language in [Language::Russian, Language::English] {
        for holds in [true, false] {
            assert!(drawn(&Summary::new(0), holds, language).starts_with(b"%PDF"));
            for (first, last) in spans {
                let mut summary = Summary::new(0);
                summary.add(&entry(first, Outcome::Refused, "no_such_reason", Some(7)));
                summary.add(&entry(last, Outcome::CannotTell, "unknown_key", None));
                summary.add(&entry(last, Outcome::Event, "pin_set", None));
                let file = drawn(&summary, holds, language);
                assert!(file.windows(8).any(|bytes| bytes == b"/Count 2"), "{first} {last}");
            }
        }
    }
}

#[test]
fn a_summary_counts_by_local_hour_day_reason_and_operator() {
    let mut summary = Summary::new(3 * 3600);
    summary.add(&entry(22 * 3600, Outcome::Accepted, "accepted", Some(2)));
    summary.add(&entry(23 * 3600, Outcome::Refused, "expired", Some(2)));
    summary.add(&entry(23 * 3600, Outcome::Event, "pin_set", None));
    assert_eq!((summary.hours[1].accepted, summary.hours[2].refused), (1, 1));
    assert_eq!(summary.days.keys().copied().collect::<Vec<_>>(), [1]);
    assert_eq!(summary.reasons[&("refused", "expired".to_owned())], 1);
    assert_eq!(summary.operators[&Some(2)].total(), 2);
    assert_eq!((summary.scans.total(), summary.events["pin_set"]), (2, 1));
    assert_eq!(summary.span, Some((22 * 3600, 23 * 3600)));
}

#[test]
fn memory_does_not_grow_with_hostile_times_and_words() {
    let mut summary = Summary::new(0);
    for number in 0..20_000 {
        summary.add(&entry(number * 86_400, Outcome::Refused, &format!("r{number}"), Some(number as u32)));
    }
    assert!(summary.days.len() <= 4000 && summary.reasons.len() <= 4000 && summary.operators.len() <= 4000);
    assert_eq!(summary.scans.refused, 20_000);
}

#[test]
fn what_is_cosigned_and_what_rests_on_the_device_is_said() {
    let span = |from, end, by: &str| Witnessed { range: (from, end), at: 1_795_000_000, by: by.to_owned() };
    let spans = [span(0, 1, "anna"), span(1, 2, "boris"), span(2, 3, "clara"), span(3, 5, "dora")];
    let said = |spans: &[Witnessed], size, language| {
        let mut subject = subject(true);
        (subject.proof.witnessed, subject.proof.size) = (spans.to_vec(), size);
        let (fonts, summary) = (Fonts::new().unwrap(), Summary::new(0));
        let drawing = Drawing { fonts: &fonts, subject: &subject, summary: &summary, language };
        drawing.witnessed(&subject.proof)
    };
    let alone = said(&[], 5, Language::English);
    assert!(alone.len() == 1 && alone[0].contains("nobody has cosigned"), "{alone:?}");
    let all = said(&spans[..2], 2, Language::English);
    assert!(all.len() == 2 && all[1].starts_with("Entries 1–1 cosigned on "), "{all:?}");
    assert!(all[1].ends_with(": boris"), "{all:?}");
    let some = said(&spans[..2], 5, Language::Russian);
    assert_eq!(some[2], "3 записи в конце — лишь по слову устройства");
    // The sheet has room for the newest few.
    let newest = said(&spans, 5, Language::English);
    assert_eq!((newest.len(), newest[0].as_str()), (4, "…"));
}
