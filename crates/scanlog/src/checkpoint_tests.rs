use super::*;
use proptest::prelude::*;

/// The example of the tlog-checkpoint specification.
const SPEC_EXAMPLE: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
const ROOT: &str = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
const ORIGIN: &str = "propusk.example/door";

fn key() -> SigningKey {
    SigningKey::from_bytes(&[5; 32])
}

fn head() -> Checkpoint {
    Checkpoint { origin: ORIGIN.to_owned(), size: 12, root: [3; 32] }
}

fn open(note: &str) -> Result<Checkpoint, CheckpointError> {
    Checkpoint::open(note, ORIGIN, &key().verifying_key())
}

#[test]
fn the_example_of_the_specification_is_read_and_written_back() {
    let checkpoint = Checkpoint::unverified(SPEC_EXAMPLE).unwrap();
    assert_eq!((checkpoint.origin.as_str(), checkpoint.size), ("example.com/behind-the-sofa", 20_852_163));
    assert_eq!(checkpoint.root[..4], [0x0a, 0xc5, 0x18, 0x6a]);
    assert!(SPEC_EXAMPLE.starts_with(&format!("{}\n", checkpoint.text())));
}

#[test]
fn a_signed_checkpoint_opens_with_its_key() {
    assert_eq!(open(&head().sign(&key()).unwrap()), Ok(head()));
}

#[test]
fn a_checkpoint_of_another_key_origin_or_size_does_not_open() {
    let other_key = head().sign(&SigningKey::from_bytes(&[6; 32])).unwrap();
    assert_eq!(open(&other_key), Err(NoteError::NotSigned.into()));
    let elsewhere = Checkpoint { origin: "propusk.example/other".to_owned(), ..head() };
    assert_eq!(open(&elsewhere.sign(&key()).unwrap()), Err(NoteError::NotSigned.into()));
    let grown = head().sign(&key()).unwrap().replacen("\n12\n", "\n13\n", 1);
    assert_eq!(open(&grown), Err(NoteError::BadSignature.into()));
    let borrowed = note::sign(&elsewhere.text(), ORIGIN, &key()).unwrap();
    assert_eq!(open(&borrowed), Err(CheckpointError::Origin));
}

#[test]
fn malformed_texts_are_refused_with_their_fault() {
    let cases = [
        ("", "last line"),
        ("\n", "empty line"),
        ("a\n", "size"),
        ("a\n1\n", "root hash"),
        (&format!("\n1\n{ROOT}\n"), "empty line"),
        (&format!("a\n01\n{ROOT}\n"), "size"),
        (&format!("a\n00\n{ROOT}\n"), "size"),
        (&format!("a\n+1\n{ROOT}\n"), "size"),
        (&format!("a\n-1\n{ROOT}\n"), "size"),
        (&format!("a\n 1\n{ROOT}\n"), "size"),
        (&format!("a\n1e3\n{ROOT}\n"), "size"),
        (&format!("a\n18446744073709551616\n{ROOT}\n"), "size"),
        ("a\n1\nAAAA\n", "root hash"),
        (&format!("a\n1\n{}\n", &ROOT[..43]), "root hash"),
        (&format!("a\n1\n{ROOT}\n\nb\n"), "empty line"),
        (&format!("a\n1\n{ROOT}"), "last line"),
    ];
    for (text, part) in cases {
        assert_eq!(Checkpoint::parse_text(text), Err(CheckpointError::Text(part)), "{text:?}");
    }
}

#[test]
fn extension_lines_and_the_largest_size_are_read() {
    let text = format!("a b\n18446744073709551615\n{ROOT}\nmore\n");
    assert_eq!(Checkpoint::parse_text(&text).unwrap().size, u64::MAX);
}

proptest! {
    #[test]
    fn a_checkpoint_comes_back_from_its_text(origin in "[!-*,-~]{1,40}", size: u64, root: [u8; 32]) {
        let checkpoint = Checkpoint { origin, size, root };
        prop_assert_eq!(Checkpoint::parse_text(&checkpoint.text()), Ok(checkpoint.clone()));
        let note = checkpoint.sign(&key()).unwrap();
        let opened = Checkpoint::open(&note, &checkpoint.origin, &key().verifying_key());
        prop_assert_eq!(opened, Ok(checkpoint));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(?s).{0,100}", lines in "[a\n0-9=]{0,60}\n") {
        let _ = Checkpoint::parse_text(&text);
        let _ = Checkpoint::parse_text(&lines);
    }
}
