use super::*;
use proptest::prelude::*;

const NAME: &str = "witness.example.com/w1";
/// The example of the tlog-cosignature specification.
const SPEC_EXAMPLE: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";
const AT: i64 = 1_679_315_147;

fn key() -> SigningKey {
    SigningKey::from_bytes(&[9; 32])
}

fn cosigner() -> Cosigner {
    Cosigner::of(NAME, &key()).unwrap()
}

/// The example's text under our key, computed with Python's `cryptography` and `hashlib`.
const OURS: &str = "— witness.example.com/w1 S9x+qgAAAABkGFDLSEwbtADY9t5XeSzDTVuiqYN5nZfoc9NQOUgkPYm4wwjIUL68Nczz1tpzCjnpmnRXttgqVVwOg3WfE7AXqa+DAg==\n";

#[test]
fn a_cosignature_is_that_of_another_implementation() {
    let text = Note::parse(SPEC_EXAMPLE).unwrap().unverified_text();
    assert_eq!(line(text, NAME, &key(), AT).unwrap(), OURS);
    let note = format!("{SPEC_EXAMPLE}{OURS}");
    assert_eq!(cosigner().verify(&Note::parse(&note).unwrap()), Ok(AT));
    let vkey = "witness.example.com/w1+4bdc7eaa+BP0XJDhaoMdbZPt4zWAvodmR/ev3axPFjtcC6sg16fYY";
    assert_eq!(cosigner().to_string(), vkey);
    assert_eq!(Cosigner::parse(vkey), Ok(cosigner()));
}

#[test]
fn the_specification_s_example_has_72_bytes_of_which_the_first_8_are_its_time() {
    let note = Note::parse(SPEC_EXAMPLE).unwrap();
    let signature = &note.signatures()[1].signature;
    assert_eq!((signature.len(), &signature[..8]), (72, AT.to_be_bytes().as_slice()));
    assert_eq!(cosigner().verify(&note), Err(NoteError::NotSigned), "the name alone is not enough");
}

#[test]
fn neither_text_nor_time_nor_length_can_be_changed() {
    let text = Note::parse(SPEC_EXAMPLE).unwrap().unverified_text();
    let signed = line(text, NAME, &key(), AT).unwrap();
    let grown = text.replace("20852163", "20852164");
    let verify =
        |text: &str, line: &str| cosigner().verify(&Note::parse(&format!("{text}\n{line}")).unwrap());
    assert_eq!(verify(text, &signed), Ok(AT));
    assert_eq!(verify(&grown, &signed), Err(NoteError::BadSignature));
    let mut bytes = STANDARD.decode(signed.trim_end().rsplit(' ').next().unwrap()).unwrap();
    for at in 4..bytes.len() {
        bytes[at] ^= 1;
        let changed = format!("— {NAME} {}\n", STANDARD.encode(&bytes));
        assert_eq!(verify(text, &changed), Err(NoteError::BadSignature), "byte {at}");
        bytes[at] ^= 1;
    }
    for length in [5, 12, 75] {
        let cut = format!("— {NAME} {}\n", STANDARD.encode(&bytes[..length]));
        assert_eq!(verify(text, &cut), Err(NoteError::BadSignature), "{length} bytes");
    }
}

#[test]
fn of_two_times_the_earlier_counts_and_no_other_s_line_is_looked_at() {
    let text = Note::parse(SPEC_EXAMPLE).unwrap().unverified_text();
    let lines: Vec<_> = [AT + 5, AT].iter().map(|&at| line(text, NAME, &key(), at).unwrap()).collect();
    let note = format!("{SPEC_EXAMPLE}{}", lines.concat());
    assert_eq!(cosigner().verify(&Note::parse(&note).unwrap()), Ok(AT));
}

#[test]
fn a_log_s_own_signature_is_no_cosignature_and_its_key_no_cosigner() {
    let signed = note::sign("a\n1\n", NAME, &key()).unwrap();
    assert_eq!(cosigner().verify(&Note::parse(&signed).unwrap()), Err(NoteError::NotSigned));
    let verifier = note::Verifier { name: NAME.to_owned(), key: key().verifying_key() };
    assert_eq!(Cosigner::parse(&verifier.to_string()), Err(NoteError::Verifier));
    assert!(note::Verifier::parse(&cosigner().to_string()).is_err());
}

#[test]
fn nothing_is_signed_before_1970_or_under_a_bad_name() {
    assert_eq!(line("a\n", NAME, &key(), -1), Err(NoteError::Time));
    assert_eq!(line("a\n", "a b", &key(), 0), Err(NoteError::Name));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "(?s).{0,80}") {
        let _ = Cosigner::parse(&text);
    }

    #[test]
    fn any_bytes_are_verified_or_refused(bytes in prop::collection::vec(any::<u8>(), 1..90)) {
        let bytes = [cosigner().id().as_slice(), &bytes].concat();
        let note = format!("a\n\n— {NAME} {}\n", STANDARD.encode(bytes));
        prop_assert_eq!(cosigner().verify(&Note::parse(&note).unwrap()), Err(NoteError::BadSignature));
    }
}
