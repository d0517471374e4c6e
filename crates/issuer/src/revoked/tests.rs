use std::fs;

use tempfile::TempDir;

use super::*;
use crate::Algorithm;

fn authority(seed: u8) -> Authority {
    Authority::generate("Clinic", "RU", Algorithm::EdDsa, [seed; 32], false, "https://c.example/s").unwrap()
}

/// An authority's folder, with a hundred places given out.
struct Office(TempDir);

impl Office {
    fn new() -> Self {
        let office = Self(tempfile::tempdir().unwrap());
        fs::write(office.0.path().join("clinic.next-place"), "100\n").unwrap();
        office
    }

    fn open(&self) -> Result<RevokedPasses, RevokedError> {
        RevokedPasses::open(&self.0.path().join("clinic.json"), &authority(1))
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("clinic.revoked")
    }
}

fn mark(place: u64, revoked: bool) -> Mark {
    Mark { place, revoked, at: 1000, id: None, reason: String::new() }
}

fn revoked(passes: &RevokedPasses) -> Vec<u64> {
    passes.marks().filter(|mark| mark.revoked).map(|mark| mark.place).collect()
}

#[test]
fn marks_are_there_after_the_file_is_opened_anew_and_the_last_counts() {
    let office = Office::new();
    let lost = Mark { id: Some("URN:UVCI:01:RU:A".into()), reason: "потерян".into(), ..mark(7, true) };
    let mut passes = office.open().unwrap();
    assert_eq!(passes.mark(vec![lost.clone(), mark(3, true), mark(99, true)]).unwrap(), 3);
    assert_eq!(passes.mark(vec![mark(3, false)]).unwrap(), 1);
    drop(passes);
    let passes = office.open().unwrap();
    assert_eq!(passes.marks().cloned().collect::<Vec<_>>(), [mark(3, false), lost, mark(99, true)]);
    assert_eq!(revoked(&passes), [7, 99]);
    assert_eq!(fs::read_to_string(office.file()).unwrap().lines().count(), 1 + 4, "nothing is taken out");
}

#[test]
fn what_says_nothing_new_writes_nothing() {
    let office = Office::new();
    let mut passes = office.open().unwrap();
    assert_eq!(passes.mark(vec![mark(3, true), mark(3, true), mark(4, false)]).unwrap(), 1);
    let before = fs::read(office.file()).unwrap();
    assert_eq!(passes.mark(vec![mark(3, true), mark(4, false)]).unwrap(), 0);
    assert_eq!(fs::read(office.file()).unwrap(), before);
}

#[test]
fn one_bad_mark_keeps_all_of_them_out() {
    let office = Office::new();
    let mut passes = office.open().unwrap();
    let never = passes.mark(vec![mark(3, true), mark(100, true)]);
    assert!(matches!(never, Err(RevokedError::NeverIssued { place: 100, given_out: 100 })));
    for reason in ["a\nb".to_owned(), "x".repeat(MAX_REASON + 1)] {
        let bad = passes.mark(vec![mark(3, true), Mark { reason, ..mark(4, true) }]);
        assert!(matches!(bad, Err(RevokedError::Reason)));
    }
    drop(passes);
    assert!(revoked(&office.open().unwrap()).is_empty());
}

/// Else the line could be written, and never be read again: the whole list would be shut.
#[test]
fn a_line_that_could_not_be_read_again_is_not_written() {
    let office = Office::new();
    let with = |id: String| Mark { id: Some(id), ..mark(3, true) };
    for long in ["x".repeat(MAX_LINE as usize), "\u{1}".repeat(MAX_LINE as usize / 6), "ж".repeat(2040)] {
        let mut passes = office.open().unwrap();
        let refused = passes.mark(vec![mark(2, true), with(long)]);
        assert!(matches!(refused, Err(RevokedError::TooLong { place: 3 })), "{refused:?}");
        drop(passes);
        assert!(revoked(&office.open().unwrap()).is_empty());
    }
    let rest = serde_json::to_vec(&with(String::new())).unwrap().len() + 1;
    let longest = with("x".repeat(MAX_LINE as usize - rest));
    office.open().unwrap().mark(vec![longest.clone()]).unwrap();
    assert_eq!(office.open().unwrap().marks().collect::<Vec<_>>(), [&longest]);
}

#[test]
fn a_run_cut_off_at_any_byte_loses_no_line_before_it() {
    let office = Office::new();
    let mut passes = office.open().unwrap();
    passes.mark((0..5).map(|place| Mark { reason: "lost".into(), ..mark(place, true) }).collect()).unwrap();
    drop(passes);
    let whole = fs::read(office.file()).unwrap();
    for cut in 0..=whole.len() {
        fs::write(office.file(), &whole[..cut]).unwrap();
        let lines = whole[..cut].iter().filter(|byte| **byte == b'\n').count() as u64;
        let mut passes = office.open().unwrap();
        assert_eq!(revoked(&passes), (0..lines.saturating_sub(1)).collect::<Vec<_>>(), "cut at {cut}");
        passes.mark(vec![mark(50, true)]).unwrap();
        drop(passes);
        assert_eq!(revoked(&office.open().unwrap()).last(), Some(&50), "cut at {cut}");
    }
}

#[test]
fn a_damaged_line_is_refused_instead_of_letting_a_pass_go() {
    let office = Office::new();
    office.open().unwrap().mark(vec![mark(3, true), mark(4, true)]).unwrap();
    let whole = fs::read_to_string(office.file()).unwrap();
    let table = [
        (whole.replace("\"place\":3", "\"place\":x"), 2),
        (whole.replace("\"place\":4", "\"place\":-4"), 3),
        (whole.replace("\"at\":1000", "\"at\":1000,\"more\":1"), 2),
        (whole.replace("propusk-revoked-1", "propusk-revoked-2"), 1),
        (format!("\n{whole}"), 1),
        (format!("{whole}\n"), 4),
        (format!("{whole}{}", "x".repeat(5000)), 4),
    ];
    for (text, at) in table {
        fs::write(office.file(), &text).unwrap();
        let opened = office.open();
        assert!(
            matches!(&opened, Err(RevokedError::Damaged { line, .. }) if *line == at),
            "{at}: {opened:?}"
        );
        assert_eq!(fs::read_to_string(office.file()).unwrap(), text, "left as it is");
    }
}

#[test]
fn the_file_of_another_authority_is_refused() {
    let office = Office::new();
    office.open().unwrap();
    let other = RevokedPasses::open(&office.0.path().join("clinic.json"), &authority(2));
    assert!(matches!(other, Err(RevokedError::OtherAuthority { .. })));
}

#[test]
fn two_processes_at_once_are_refused() {
    let office = Office::new();
    let _first = office.open().unwrap();
    assert!(matches!(office.open(), Err(RevokedError::Busy(_))));
}

#[test]
fn without_a_count_of_places_nothing_is_revoked() {
    let office = Office::new();
    fs::remove_file(office.0.path().join("clinic.next-place")).unwrap();
    assert!(matches!(office.open(), Err(RevokedError::Places(PlacesError::Missing(_)))));
    assert!(!office.file().exists());
}
