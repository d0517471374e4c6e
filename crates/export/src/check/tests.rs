use super::*;
use crate::{Request, export};
use scanlog::{DeviceKey, Log, NewEntry, Outcome};
use std::path::PathBuf;
use tempfile::TempDir;

const ORIGIN: &str = "propusk.invalid/door/7f2a";
/// As many as give a tree with subtrees of several sizes.
const ENTRIES: u64 = 21;

fn device() -> DeviceKey {
    DeviceKey::new(&[1; 32], [2; 32])
}

fn scan(at: i64) -> NewEntry {
    let outcome = Outcome::ALL[(at % 4) as usize];
    NewEntry {
        at,
        outcome,
        reason: outcome.name().to_owned(),
        stage: "rules".to_owned(),
        kind: (at % 2 == 0).then(|| "vaccination".to_owned()),
        identity: Some([!(at as u8); 32]),
        person: (at % 5 != 0).then_some([(at % 5) as u8; 32]),
        key_set_version: 4,
        demo: at % 7 == 0,
        operator: (at % 3 == 0).then_some(at as u32),
    }
}

struct Fixture {
    folder: TempDir,
    log: Log,
}

impl Fixture {
    fn new(entries: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut log = Log::open(&folder.path().join("scanlog.db"), device(), ORIGIN).unwrap();
        for number in 0..entries {
            log.append(&scan(number as i64), [number as u8; 32]).unwrap();
        }
        Self { folder, log }
    }

    fn export(&self, name: &str, format: Format, from: Option<i64>, until: Option<i64>) -> PathBuf {
        let folder = self.folder.path().join(name);
        let request = Request { from, until, format, exported_at: 1_795_000_000 };
        export(&self.log, &device().signing, &request, &folder, &mut |_, _| {}).unwrap();
        folder
    }
}

fn formats() -> impl Iterator<Item = Format> {
    Format::ALL.into_iter().filter(|format| cfg!(feature = "parquet") || *format != Format::Parquet)
}

fn found(folder: &Path) -> Check {
    check(folder, None, &[], &mut |_| {}).unwrap()
}

fn edit(path: &Path, change: impl Fn(&str) -> String) {
    let before = std::fs::read_to_string(path).unwrap();
    let after = change(&before);
    assert_ne!(before, after);
    std::fs::write(path, after).unwrap();
}

#[test]
fn an_export_of_everything_holds_and_gives_every_entry_back() {
    let fixture = Fixture::new(ENTRIES);
    for format in formats() {
        let folder = fixture.export(format.name(), format, None, None);
        let mut entries = vec![];
        let log = fixture.log.verifier();
        let check = check(&folder, Some(&log), &[], &mut |leaf| entries.push(leaf.clone())).unwrap();
        assert!(check.holds(), "{:?}", check.faults);
        assert!(check.manifest.is_whole() && check.key_expected);
        let expected = (0..ENTRIES).map(|number| Leaf::new(number, scan(number as i64), [number as u8; 32]));
        assert_eq!(entries, expected.collect::<Vec<_>>(), "{format:?}");
    }
}

#[test]
fn an_export_of_any_range_holds_and_knows_the_roots_within() {
    let fixture = Fixture::new(ENTRIES);
    let whole = found_with(&fixture.export("whole", Format::JsonLines, None, None), 0, ENTRIES);
    for (from, until) in [(0, 5), (5, 13), (7, 21), (20, 21), (21, 30), (3, 3)] {
        let folder = fixture.export(&format!("{from}-{until}"), Format::JsonLines, Some(from), Some(until));
        let check = found_with(&folder, 0, ENTRIES);
        assert!(check.holds(), "{from}..{until}: {:?}", check.faults);
        let (first, end) = (check.manifest.first, check.manifest.end);
        assert_eq!((first..end).count(), (from.min(21)..until.min(21)).count());
        assert!((first..=end).all(|size| check.roots[&size] == whole.roots[&size]));
    }
}

#[test]
fn an_export_of_a_log_that_was_purged_is_proven_by_the_leaves_of_what_was_erased() {
    let mut fixture = Fixture::new(ENTRIES);
    let event = NewEntry { identity: None, person: None, outcome: Outcome::Event, ..scan(30) };
    let (_, purge) = fixture.log.purge(10, &event, [99; 32]).unwrap().erased.unwrap();
    for format in formats() {
        for (name, from) in [("whole", None), ("late", Some(5))] {
            let folder = fixture.export(&format!("{name}-{}", format.name()), format, from, None);
            let check = found(&folder);
            assert!(check.holds(), "{format:?} {name}: {:?}", check.faults);
            assert_eq!(check.manifest.end, ENTRIES + 1);
            if from.is_none() {
                assert_eq!((check.entries, check.erased), (ENTRIES + 1, purge.erased));
            }
        }
    }
}

fn found_with(folder: &Path, from: u64, to: u64) -> Check {
    check(folder, None, &(from..=to).collect::<Vec<_>>(), &mut |_| {}).unwrap()
}

#[test]
fn an_empty_log_is_proven_empty() {
    let fixture = Fixture::new(0);
    for format in formats() {
        let check = found(&fixture.export(format.name(), format, None, None));
        assert!(check.holds() && check.entries == 0, "{:?}", check.faults);
    }
}

#[test]
fn what_is_done_to_the_rows_is_named() {
    let fixture = Fixture::new(ENTRIES);
    let line = |text: &str, place: usize| text.lines().nth(place).unwrap().to_owned() + "\n";
    type Change = Box<dyn Fn(&str) -> String>;
    let cases: Vec<(&str, Change, Vec<Fault>)> = vec![
        (
            "edited",
            Box::new(|t| t.replacen("\"refused\"", "\"accepted\"", 1)),
            vec![Fault::Edited { index: 1 }],
        ),
        (
            "left out",
            Box::new(move |t| t.replacen(&line(t, 4), "", 1)),
            vec![Fault::Missing { from: 4, end: 5 }],
        ),
        (
            "cut off",
            Box::new(|t| t.lines().take(18).map(|line| line.to_owned() + "\n").collect()),
            vec![Fault::Truncated { from: 18, end: 21 }],
        ),
        (
            "doubled",
            Box::new(move |t| t.replacen(&line(t, 4), &line(t, 4).repeat(2), 1)),
            vec![Fault::Misplaced { index: 4, behind: 4 }],
        ),
        (
            "added",
            Box::new(move |t| t.to_owned() + &line(t, 20).replace("\"index\":20", "\"index\":21")),
            vec![Fault::Added { index: 21 }],
        ),
        (
            "no JSON",
            Box::new(|t| t.replacen("{\"index\":2,", "{", 1)),
            vec![
                Fault::Row { place: 3, what: "no entry in JSON, at its column 423".to_owned() },
                Fault::Missing { from: 2, end: 3 },
            ],
        ),
        ("leaf and content", Box::new(another_entry), vec![Fault::Root]),
    ];
    for (name, change, expected) in cases {
        let folder = fixture.export(name, Format::JsonLines, None, None);
        edit(&folder.join("entries.jsonl"), change);
        let faults = found(&folder).faults;
        let (changed, others): (Vec<_>, Vec<_>) =
            faults.iter().partition(|fault| matches!(fault, Fault::Changed { .. }));
        assert_eq!(changed.len(), 1, "{name}: {faults:?}");
        let others: Vec<_> = others.into_iter().map(kind).collect();
        assert_eq!(others, expected.iter().map(kind).collect::<Vec<_>>(), "{name}");
    }
}

/// As it is told, but for where JSON ends.
fn kind(fault: &Fault) -> String {
    fault.to_string().split(", at its column").next().unwrap().to_owned()
}

/// The first entry with another time, and the leaf that fits it.
fn another_entry(text: &str) -> String {
    let mut entry = scan(0);
    entry.at = 1;
    let leaf = Leaf::new(0, entry, [0; 32]);
    let (first, rest) = text.split_once('\n').unwrap();
    let start = first.find("\"leaf\"").unwrap();
    let first = first[..start].replace("1970-01-01T00:00:00Z", "1970-01-01T00:00:01Z");
    format!("{first}\"leaf\":\"{}\"}}\n{rest}", crate::hex(&leaf.hash))
}

#[test]
fn an_edited_table_names_its_row_whichever_program_wrote_it() {
    let fixture = Fixture::new(ENTRIES);
    let folder = fixture.export("table", Format::Csv, None, None);
    let quoted = |text: &str| {
        let cells =
            |line: &str| line.split(',').map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(",");
        text.lines().map(|line| cells(line) + "\n").collect::<String>().replacen("refused", "accepted", 1)
    };
    edit(&folder.join("entries.csv"), quoted);
    let faults = found(&folder).faults;
    assert!(matches!(faults[..], [Fault::Edited { index: 1 }, Fault::Changed { .. }]), "{faults:?}");
}

#[test]
fn another_key_another_log_and_another_manifest_are_told_apart() {
    let fixture = Fixture::new(ENTRIES);
    let folder = fixture.export("export", Format::Csv, None, None);
    let with = |log: &Verifier| check(&folder, Some(log), &[], &mut |_| {}).unwrap().faults;
    let genuine = fixture.log.verifier();
    let other = DeviceKey::new(&[9; 32], [2; 32]).verifying_key();
    assert_eq!(with(&genuine), []);
    let faults = with(&Verifier { key: other, ..genuine.clone() });
    assert_eq!(faults, [Fault::OtherKey, Fault::Head(CheckpointError::Note(NoteError::NotSigned))]);
    let faults = with(&Verifier { name: "another".to_owned(), ..genuine.clone() });
    assert_eq!(faults[0], Fault::OtherLog);
    edit(&folder.join(MANIFEST), |text| text.replace("exported 2026", "exported 2025"));
    assert_eq!(with(&genuine), [Fault::ManifestChanged]);
}

#[test]
fn files_that_are_gone_or_of_another_state_are_named() {
    let mut fixture = Fixture::new(ENTRIES);
    let folder = fixture.export("first", Format::Csv, None, None);
    fixture.log.append(&scan(3), [77; 32]).unwrap();
    let later = fixture.export("second", Format::Csv, None, None);
    std::fs::copy(later.join(CHECKPOINT), folder.join(CHECKPOINT)).unwrap();
    std::fs::remove_file(folder.join("entries.csv")).unwrap();
    let faults = found(&folder).faults;
    assert!(faults.contains(&Fault::OtherHead { size: ENTRIES + 1 }), "{faults:?}");
    assert!(
        faults.iter().any(|fault| matches!(fault, Fault::File { name: "entries.csv", .. })),
        "{faults:?}"
    );
    std::fs::remove_file(folder.join(MANIFEST)).unwrap();
    assert!(matches!(check(&folder, None, &[], &mut |_| {}), Err(Error::NoManifest(_))));
}

#[test]
fn an_erased_entry_is_counted_and_the_rest_is_proven() {
    let fixture = Fixture::new(0);
    for format in formats() {
        let folder = fixture.folder.path().join(format.name());
        let erased = |leaf: Leaf| if leaf.index == 1 { Leaf { content: None, ..leaf } } else { leaf };
        let leaves = (0..3).map(|n| erased(Leaf::new(n, scan(n as i64), [n as u8; 32])));
        sealed(&folder, format, &leaves.collect::<Vec<_>>());
        let check = found(&folder);
        assert!(check.holds(), "{:?}", check.faults);
        assert_eq!((check.entries, check.erased), (3, 1));
    }
}

fn sealed(folder: &Path, format: Format, leaves: &[Leaf]) {
    let (mut writer, mut edge) = (crate::Writer::create(folder, format).unwrap(), Edge::default());
    for leaf in leaves {
        writer.write(leaf).unwrap();
        edge.push(0, leaf.hash);
    }
    let head = Checkpoint { origin: ORIGIN.to_owned(), size: edge.size(), root: edge.root() };
    let note = head.sign(&device().signing).unwrap();
    let seal = crate::Seal {
        checkpoint: &note,
        exported_at: 0,
        range: (0, edge.size()),
        asked: (None, None),
        before: vec![],
        behind: vec![],
    };
    writer.finish(&head, &device().signing, seal).unwrap();
}

#[test]
fn a_log_that_is_not_proven_is_not_exported() {
    let fixture = Fixture::new(ENTRIES);
    let path = fixture.folder.path().join("scanlog.db");
    let folder = fixture.folder.path().join("export");
    let request = Request { from: None, until: None, format: Format::Csv, exported_at: 0 };
    let stranger = DeviceKey::new(&[9; 32], [2; 32]);
    let reader = scanlog::Reader::open(&path).unwrap();
    let refused = export(&reader, &stranger.signing, &request, &folder, &mut |_, _| {});
    assert!(matches!(refused, Err(Error::NotProven(_))), "{refused:?}");
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() {
    let fixture = Fixture::new(1);
    let folder = fixture.export("export", Format::Csv, None, None);
    let request = Request { from: None, until: None, format: Format::Csv, exported_at: 0 };
    let refused = export(&fixture.log, &device().signing, &request, &folder, &mut |_, _| {});
    assert!(matches!(refused, Err(Error::NotEmpty(_))), "{refused:?}");
}
