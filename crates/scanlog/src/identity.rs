//! Keyed hashes that stand in for certificates and people.
//!
//! Whoever has the log but not the device's identity key learns from them only
//! which lines belong together. Each use has its own prefix, so that a
//! certificate's id can never be mistaken for a person.

use ed25519_dalek::{SigningKey, VerifyingKey};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use zeroize::Zeroize;

const CERTIFICATE: &[u8] = b"propusk scan log: certificate v1\0";
const PERSON: &[u8] = b"propusk scan log: person v1\0";

/// A device's secrets. Overwritten in memory when dropped, and never printed.
pub struct DeviceKey {
    /// Signs checkpoints. (It overwrites itself when dropped.)
    pub signing: SigningKey,
    /// The key under which certificates and people are hashed.
    pub identity: [u8; 32],
}

impl DeviceKey {
    /// A device's secrets from 2 × 32 random bytes.
    pub fn new(signing: &[u8; 32], identity: [u8; 32]) -> Self {
        Self { signing: SigningKey::from_bytes(signing), identity }
    }

    /// The public half, by which anyone can verify this device's log.
    pub fn verifying_key(&self) -> VerifyingKey {
        self.signing.verifying_key()
    }
}

impl Drop for DeviceKey {
    fn drop(&mut self) {
        self.identity.zeroize();
    }
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceKey").field("verifying_key", &self.verifying_key()).finish_non_exhaustive()
    }
}

/// What stands in for a certificate: HMAC-SHA-256 of its id.
pub fn certificate(key: &[u8; 32], id: &str) -> [u8; 32] {
    hmac(key, CERTIFICATE, &[id])
}

/// What stands in for a person, so that the same one is known again with
/// another certificate: HMAC-SHA-256 of names and date of birth. Letter case
/// and the separators of ICAO 9303 (`<`) make no difference. `None` without a
/// name or a date of birth, since that would be the same person every time.
pub fn person(key: &[u8; 32], family_name: &str, given_name: &str, date_of_birth: &str) -> Option<[u8; 32]> {
    let [family, given, birth] = [family_name, given_name, date_of_birth].map(plain);
    let unknown = birth.is_empty() || (family.is_empty() && given.is_empty());
    if unknown { None } else { Some(hmac(key, PERSON, &[&family, &given, &birth])) }
}

fn plain(text: &str) -> String {
    let words: Vec<_> =
        text.split(|c: char| c == '<' || c.is_whitespace()).filter(|w| !w.is_empty()).collect();
    words.join(" ").to_uppercase()
}

/// Each part is preceded by its length, so that no two lists of parts are alike.
fn hmac(key: &[u8; 32], purpose: &[u8], parts: &[&str]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("safe: HMAC takes keys of any length");
    mac.update(purpose);
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    #[test]
    fn an_identity_is_hmac_sha_256_of_purpose_length_and_id() {
        // Computed with Python's hmac module.
        let expected = "e00c564db3b3485c7205f802ebadb64e2cee046f80e2c054c94efc101d3a7531";
        let hex: String = certificate(&KEY, "ab").iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, expected);
    }

    #[test]
    fn another_key_or_another_id_gives_another_identity() {
        assert_ne!(certificate(&KEY, "a"), certificate(&[8; 32], "a"));
        assert_ne!(certificate(&KEY, "a"), certificate(&KEY, "b"));
    }

    #[test]
    fn the_same_person_is_known_again_in_another_spelling() {
        let first = person(&KEY, "IVANOVA<PETROVA", "ANNA", "1980-02-03");
        assert!(first.is_some());
        assert_eq!(first, person(&KEY, " Ivanova  Petrova", "Anna<<", "1980-02-03"));
    }

    #[test]
    fn people_differ_by_any_part_and_by_where_it_stands() {
        let same = ("A", "B", "1980");
        for other in [("A B", "", "1980"), ("AB", "", "1980"), ("B", "A", "1980"), ("A", "B", "1981")] {
            let of = |(family, given, birth)| person(&KEY, family, given, birth);
            assert_ne!(of(same), of(other), "{other:?}");
        }
        assert_ne!(person(&KEY, "A", "", "1"), Some(certificate(&KEY, "A")));
    }

    #[test]
    fn nobody_in_particular_has_no_identity() {
        for (family, given, birth) in [("", "", "1980"), ("A", "B", ""), ("<<", " ", "1980"), ("", "", "")] {
            assert_eq!(person(&KEY, family, given, birth), None);
        }
    }

    #[test]
    fn secrets_are_not_printed() {
        let key = DeviceKey::new(&[0xab; 32], [0xcd; 32]);
        let shown = format!("{key:?}").to_lowercase();
        assert!(!shown.contains("abababab") && !shown.contains("cdcdcdcd") && !shown.contains("171, 171"));
    }
}
