//! What a repository's targets are called, and how large they may be.
//!
//! Names are flat, so that none leads anywhere: `policy.json`, `rules.json`,
//! `status.<id>.cbor`, `status.<id>.delta.cbor`, `hashes.<id>.bin`.

/// The target that every repository has: the key set ([`crate::document`]).
pub const KEYS: &str = "keys.json";
/// Longest name of a target, in bytes. Files are called by a hash (64) and it.
pub const NAME_MAX: usize = 100;
/// Most targets: a status list and a hash list with their changes for each of fifty issuers.
pub const COUNT_MAX: usize = 200;
/// Largest target, in bytes: a list of nine million passes, one bit each, compressed has under 1.2 MB.
pub const SIZE_MAX: usize = 8 * 1024 * 1024;
/// Largest list of hashes (`hashes.<id>.bin`), in bytes: two million of 16 bytes.
pub const HASHES_SIZE_MAX: usize = 32 * 1024 * 1024;
/// Most bytes of all targets together: a device holds them in memory.
pub const TOTAL_MAX: usize = 64 * 1024 * 1024;

/// Whether a target may be called that: `[a-z0-9.-]`, neither beginning nor ending with a
/// dot or dash, no two dots in a row.
pub fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let edge = |byte: Option<&u8>| byte.is_some_and(|byte| plain(*byte));
    let bytes = name.as_bytes();
    bytes.len() <= NAME_MAX
        && edge(bytes.first())
        && edge(bytes.last())
        && bytes.iter().all(|byte| plain(*byte) || b".-".contains(byte))
        && !name.contains("..")
}

/// The most bytes that a target of this name may have.
pub fn limit(name: &str) -> usize {
    let is_hashes = name.starts_with("hashes.") && name.ends_with(".bin");
    if is_hashes { HASHES_SIZE_MAX } else { SIZE_MAX }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_flat_plain_names_are_names() {
        for name in ["keys.json", "policy.json", "status.a-1.delta.cbor", "hashes.eu.bin", "a"] {
            assert!(is_name(name), "{name}");
        }
        let long = "a".repeat(NAME_MAX + 1);
        let bad = [
            "", ".", "..", "a..b", ".a", "a.", "-a", "A.json", "a/b", "a\\b", "../a", "a b", "ж", "a_b",
            "a%2e", &long,
        ];
        for name in bad {
            assert!(!is_name(name), "{name:?}");
        }
    }

    #[test]
    fn lists_of_hashes_may_be_larger() {
        assert_eq!(limit("hashes.eu.bin"), HASHES_SIZE_MAX);
        assert!(["hashes.bin.json", "status.bin", "keys.json"].iter().all(|name| limit(name) == SIZE_MAX));
    }
}
