//! Private keys in files.

use ed25519_dalek::SigningKey;

use super::*;

/// The cheapest that there is: what it costs is not what these tests are about.
const CHEAP: Cost = Cost { memory: 8, passes: 1 };
const PASSPHRASE: &str = "correct horse battery";

#[test]
fn a_sealed_key_opens_with_its_passphrase_only() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("anna.key");
    let mut next = 0;
    let fill = |bytes: &mut [u8]| {
        next += 1;
        bytes.fill(next);
    };
    let sealed = SealedKey::generate("Anna", PASSPHRASE, CHEAP, fill).unwrap();
    sealed.save(&path).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains(&"01".repeat(32)), "the seed is in the file");
    let loaded = SealedKey::load(&path).unwrap();
    let key: SigningKey = loaded.open(PASSPHRASE).unwrap();
    assert_eq!(*loaded.card(), Card::new("Anna", &key.verifying_key().to_bytes()).unwrap());
    for wrong in ["", "correct horse batteri", "Correct horse battery"] {
        assert!(told(loaded.open(wrong)).contains("passphrase is wrong"));
    }
    assert!(told(sealed.save(&path)).contains("is there already"));
    let short = SealedKey::generate("Anna", "short", CHEAP, |_| {});
    assert!(told(short).contains("at least 12 characters"));
    for name in ["", "a\u{7}", &"a".repeat(NAME_MAX + 1)] {
        assert!(told(SealedKey::generate(name, PASSPHRASE, CHEAP, |_| {})).contains("a name has"));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_changed_key_file_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("anna.key");
    SealedKey::generate("Anna", PASSPHRASE, CHEAP, |bytes| bytes.fill(7)).unwrap().save(&path).unwrap();
    let good = fs::read_to_string(&path).unwrap();
    let cases = [
        (good.replace("Anna", "Eve"), "passphrase is wrong, or the key file was changed"),
        (good.replace("\"passes\": 1", "\"passes\": 2"), "passphrase is wrong"),
        (good.replace("\"passes\": 1", "\"passes\": 21"), "more memory or time"),
        (good.replace("\"memory\": 8", "\"memory\": 4000000"), "more memory or time"),
        (good.replace("sealed-key/1", "sealed-key/2"), "its format"),
        (good.replace("\"cost\"", "\"price\""), "unknown field"),
        ("{".into(), "no signer's key file"),
    ];
    for (text, expected) in cases {
        fs::write(&path, &text).unwrap();
        let line = told(SealedKey::load(&path).and_then(|key| key.open(PASSPHRASE)));
        assert!(line.contains(expected) && !line.contains('\n'), "{expected}: {line}");
    }
    assert!(told(SealedKey::load(&dir.path().join("none"))).contains("it is not there"));
}
