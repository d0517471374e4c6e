use super::*;
use proptest::prelude::*;

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn manifest(first: u64, end: u64, size: u64) -> Manifest {
    let hashes = |start, end| (0..cover(start, end).len()).map(|place| [place as u8; 32]).collect();
    Manifest {
        log: Verifier { name: "propusk.invalid/door/7f2a".to_owned(), key: key().verifying_key() },
        format: Format::Csv,
        exported_at: 1_795_000_000,
        size,
        root: [9; 32],
        first,
        end,
        from: (first > 0).then_some(1_790_000_000),
        until: (end < size).then_some(-1),
        before: hashes(0, first),
        behind: hashes(end, size),
        entries: FileMark { length: 12, hash: [3; 32] },
        checkpoint: FileMark { length: 0, hash: [4; 32] },
    }
}

#[test]
fn a_signed_manifest_comes_back() {
    for (first, end, size) in [(0, 0, 0), (0, 5, 5), (3, 3, 9), (200, 777, 1_000), (1, u64::MAX, u64::MAX)] {
        let written = manifest(first, end, size);
        let note = written.sign(&key()).unwrap();
        let read = Manifest::unverified(&note).unwrap();
        assert_eq!(read, written);
        assert_eq!(read.is_signed_in(&note, &key().verifying_key()), Ok(()));
    }
}

#[test]
fn a_changed_manifest_is_not_signed() {
    let note = manifest(0, 5, 5)
        .sign(&key())
        .unwrap()
        .replace("size 5\n", "size 6\n")
        .replace("range 0 5", "range 0 6");
    let read = Manifest::unverified(&note).unwrap();
    assert_eq!(read.is_signed_in(&note, &key().verifying_key()), Err(NoteError::BadSignature));
}

#[test]
fn the_first_line_that_is_wrong_is_named() {
    let text = manifest(200, 777, 1_000).text();
    for (from, to, expected) in [
        ("propusk export 1", "propusk export 2", ManifestError::Title),
        ("format csv", "format xls", ManifestError::Line("format")),
        ("size 1000", "size 0x3e8", ManifestError::Line("size")),
        ("size 1000", "size 01000", ManifestError::Line("size")),
        ("range 200 777", "range 777 200", ManifestError::Line("range")),
        ("range 200 777", "range 200 1001", ManifestError::Line("range")),
        ("range 200 777", "range 0 777", ManifestError::Line("behind")),
        ("file entries.csv", "file ../entries.csv", ManifestError::Line("file")),
        ("file checkpoint.txt", "folder checkpoint.txt", ManifestError::Line("file")),
    ] {
        assert!(text.contains(from), "{from}");
        assert_eq!(parse(&text.replacen(from, to, 1)), Err(expected), "{to}");
    }
    assert_eq!(parse(&(text + "more\n")), Err(ManifestError::Line("end")));
}

#[test]
fn a_manifest_is_no_checkpoint_and_a_checkpoint_no_manifest() {
    let signed = manifest(0, 5, 5);
    let head = scanlog::Checkpoint { origin: signed.log.name.clone(), size: 5, root: [9; 32] };
    let (note, head) = (signed.sign(&key()).unwrap(), head.sign(&key()).unwrap());
    assert!(scanlog::Checkpoint::open(&note, &signed.log.name, &key().verifying_key()).is_err());
    assert_eq!(Manifest::unverified(&head), Err(ManifestError::Title));
}

proptest! {
    #[test]
    fn hostile_text_is_refused_and_never_panics(text: String, at: prop::sample::Index, put: char) {
        let _ = parse(&text);
        let mut text: Vec<char> = manifest(200, 777, 1_000).text().chars().collect();
        let at = at.index(text.len());
        text[at] = put;
        let _ = parse(&text.into_iter().collect::<String>());
    }
}
