use super::*;
use proptest::prelude::*;

/// The published test key and note of Go's `sumdb/note`.
const VERIFIER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const SEED: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const TEXT: &str =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const LINE: &str = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const OTHER_LINE: &str = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";
const OTHER_VERIFIER: &str = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";

/// The example of the signed-note specification.
const SPEC_EXAMPLE: &str = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

fn verify(note: &str, verifier: &str) -> Result<String, NoteError> {
    let verifier = Verifier::parse(verifier).unwrap();
    Note::parse(note)?.verify(&verifier.name, &verifier.key).map(str::to_owned)
}

fn signing_key() -> SigningKey {
    let bytes = STANDARD.decode(SEED).unwrap();
    SigningKey::from_bytes(bytes[1..].try_into().unwrap())
}

#[test]
fn signing_gives_the_published_note_to_the_byte() {
    assert_eq!(sign(TEXT, "PeterNeumann", &signing_key()).unwrap(), format!("{TEXT}\n{LINE}"));
}

#[test]
fn the_published_note_verifies_with_either_of_its_keys() {
    let note = format!("{TEXT}\n{LINE}{OTHER_LINE}");
    assert_eq!(verify(&note, VERIFIER).as_deref(), Ok(TEXT));
    assert_eq!(verify(&note, OTHER_VERIFIER).as_deref(), Ok(TEXT));
}

#[test]
fn a_verifier_s_text_has_the_published_key_id_and_comes_back() {
    let verifier = Verifier::parse(VERIFIER).unwrap();
    assert_eq!(verifier.key, signing_key().verifying_key());
    assert_eq!(key_id("PeterNeumann", &verifier.key), [0xc7, 0x4f, 0x20, 0xa3]);
    assert_eq!(verifier.to_string(), VERIFIER);
}

#[test]
fn any_change_to_a_verifier_s_text_is_refused() {
    for at in 0..VERIFIER.len() {
        let mut bytes = VERIFIER.as_bytes().to_vec();
        bytes[at] += 1;
        let changed = String::from_utf8(bytes).unwrap();
        assert!(Verifier::parse(&changed).is_err(), "{changed}");
        assert!(Verifier::parse(&VERIFIER[..at]).is_err());
        assert!(Verifier::parse(&VERIFIER[at + 1..]).is_err());
    }
    // Right key ids, but a key that is too long and one of an unknown algorithm.
    for bad in [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ] {
        assert_eq!(Verifier::parse(bad), Err(NoteError::Verifier));
    }
}

#[test]
fn the_example_of_the_specification_is_taken_apart() {
    let note = Note::parse(SPEC_EXAMPLE).unwrap();
    assert!(note.unverified_text().ends_with("di sole:\n\ned è subito sera.\n"));
    let [signature] = note.signatures() else { panic!("one signature") };
    assert_eq!(signature.name, "quasimodo.example/salvatore");
    assert_eq!((signature.key_id, signature.signature.len()), ([0x36, 0x7b, 0xa0, 0x4b], 64));
}

#[test]
fn malformed_notes_are_refused_with_their_fault() {
    let cases = [
        (TEXT.to_owned(), NoteError::Structure),
        (format!("{TEXT}\n"), NoteError::Structure),
        (format!("{TEXT}{LINE}"), NoteError::Structure),
        (format!("{TEXT}\n{}", LINE.trim_end()), NoteError::Structure),
        (format!("\x01{TEXT}\n{LINE}"), NoteError::ControlCharacter),
        (format!("{TEXT}\r\n{LINE}"), NoteError::ControlCharacter),
        (format!("{TEXT}\n{LINE}Unexpected line.\n"), NoteError::SignatureLine(2)),
        (format!("{TEXT}\n— Bad Name AAAAAAAA\n"), NoteError::SignatureLine(1)),
        (format!("{TEXT}\n— a+b AAAAAAAA\n"), NoteError::SignatureLine(1)),
        (format!("{TEXT}\n—  AAAAAAAA\n"), NoteError::SignatureLine(1)),
        (format!("{TEXT}\n— short AAAA\n"), NoteError::SignatureLine(1)),
        (format!("{TEXT}\n- PeterNeumann AAAAAAAA\n"), NoteError::SignatureLine(1)),
        (format!("{TEXT}\n— PeterNeumann AAA*AAAA\n"), NoteError::SignatureLine(1)),
        (format!("{TEXT}\n{}", LINE.repeat(MAX_SIGNATURES + 1)), NoteError::TooManySignatures),
        (format!("{}\n\n{LINE}", "a".repeat(MAX_NOTE)), NoteError::TooLong),
    ];
    for (note, expected) in cases {
        let short: String = note.chars().take(300).collect();
        assert_eq!(verify(&note, VERIFIER), Err(expected), "{short}");
    }
}

#[test]
fn sixteen_signatures_are_read() {
    let note = format!("{TEXT}\n{}{LINE}", OTHER_LINE.repeat(15));
    assert_eq!(verify(&note, VERIFIER).as_deref(), Ok(TEXT));
}

#[test]
fn a_note_by_others_only_is_not_signed() {
    assert_eq!(verify(&format!("{TEXT}\n{OTHER_LINE}"), VERIFIER), Err(NoteError::NotSigned));
    let renamed = LINE.replace("PeterNeumann", "PeterNeuman");
    assert_eq!(verify(&format!("{TEXT}\n{renamed}"), VERIFIER), Err(NoteError::NotSigned));
}

#[test]
fn a_wrong_signature_beside_a_right_one_spoils_the_note() {
    let (id, bytes) = ([0xc7, 0x4f, 0x20, 0xa3], [0; 64]);
    let wrong = STANDARD.encode([id.as_slice(), &bytes].concat());
    let note = format!("{TEXT}\n{LINE}— PeterNeumann {wrong}\n");
    assert_eq!(verify(&note, VERIFIER), Err(NoteError::BadSignature));
}

#[test]
fn no_key_signs_under_a_bad_name_or_a_text_without_end() {
    let key = signing_key();
    let long = "a".repeat(MAX_NAME + 1);
    for name in ["", "a b", "a+b", "a\u{2003}b", "a\nb", &long] {
        assert_eq!(sign(TEXT, name, &key), Err(NoteError::Name), "{name:?}");
    }
    assert_eq!(sign("abc", "a", &key), Err(NoteError::Structure));
    assert_eq!(sign("a\tb\n", "a", &key), Err(NoteError::ControlCharacter));
}

proptest! {
    #[test]
    fn what_is_signed_verifies_and_one_changed_letter_does_not(
        text in "[a-zé—\n]{0,80}\n", at in any::<prop::sample::Index>(), seed: [u8; 32],
    ) {
        let key = SigningKey::from_bytes(&seed);
        let note = sign(&text, "a.example/b", &key).unwrap();
        let verified = Note::parse(&note).unwrap().verify("a.example/b", &key.verifying_key());
        prop_assert_eq!(verified, Ok(text.as_str()));
        let mut letters: Vec<_> = text.chars().collect();
        let at = at.index(letters.len());
        letters[at] = '!';
        let changed = note.replacen(&text, &letters.iter().collect::<String>(), 1);
        let refused = Note::parse(&changed).and_then(|note| {
            note.verify("a.example/b", &key.verifying_key()).map(str::to_owned)
        });
        prop_assert!(refused.is_err());
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(?s).{0,200}", line in "(— )?[a-z]{0,3} ?[A-Za-z0-9+/=]{0,20}") {
        let _ = Note::parse(&text);
        let _ = Note::parse(&format!("{text}\n\n{line}\n"));
        let _ = Verifier::parse(&text);
    }
}
