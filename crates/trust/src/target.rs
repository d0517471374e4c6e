//! What a repository's targets are called, and how large they may be.
//!
//! Names are flat, so that none leads anywhere: `policy.json`, `rules.json`,
//! `status.<id>.cbor`, `status.<id>.delta.cbor`, `hashes.<id>.bin`, `cards.<id>.json`.

use crate::error::Refusal;

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
/// Most bytes of all lists of hashes together, some 33 million hashes: those that are new are in memory while they
/// are taken in.
pub const HASHES_TOTAL_MAX: usize = 512 * 1024 * 1024;
/// What a delta's id ends with.
const DELTA: &str = ".delta";
/// Most bytes of all targets together but lists of hashes: a device holds them in memory.
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

/// The `<id>` of a list of hashes, `hashes.<id>.bin`; `None` of anything else.
pub fn hashes_id(name: &str) -> Option<&str> {
    name.strip_prefix("hashes.")?.strip_suffix(".bin").filter(|id| !id.is_empty())
}

/// The `<id>` of a list of revoked SMART Health Cards, `cards.<id>.json`; `None` of anything else.
pub fn cards_id(name: &str) -> Option<&str> {
    name.strip_prefix("cards.")?.strip_suffix(".json").filter(|id| !id.is_empty())
}

/// The `<id>` of a status list, `status.<id>.cbor`; `None` of anything else, its delta too.
pub fn status_id(name: &str) -> Option<&str> {
    let id = name.strip_prefix("status.")?.strip_suffix(".cbor").filter(|id| !id.is_empty())?;
    (id != "delta" && !id.ends_with(DELTA)).then_some(id)
}

/// The name of the status list that a delta of this name changes; `None` of anything else.
pub fn delta_base(name: &str) -> Option<String> {
    let id = name.strip_prefix("status.")?.strip_suffix(".cbor")?.strip_suffix(DELTA)?;
    (!id.is_empty()).then(|| format!("status.{id}.cbor"))
}

/// The name of the delta of a status list.
pub fn delta_of(id: &str) -> String {
    format!("status.{id}{DELTA}.cbor")
}

/// Whether a repository may have these targets, by name and length in bytes: each of them, their number, and
/// all of them together.
pub(crate) fn check<'a>(targets: impl IntoIterator<Item = (&'a str, usize)>) -> Result<(), Refusal> {
    let too_large = |name: &str, limit| Refusal::TooLarge { name: name.into(), limit };
    let (mut count, mut files, mut lists) = (0, 0_usize, 0_usize);
    for (name, length) in targets {
        count += 1;
        if count > COUNT_MAX {
            return Err(Refusal::TooMany(COUNT_MAX));
        }
        if !is_name(name) {
            return Err(Refusal::UnsafeName(name.chars().take(NAME_MAX).collect()));
        }
        if length > limit(name) {
            return Err(too_large(name, limit(name)));
        }
        let total = if hashes_id(name).is_some() { &mut lists } else { &mut files };
        *total = total.saturating_add(length);
    }
    if files > TOTAL_MAX {
        return Err(too_large("all files together", TOTAL_MAX));
    }
    if lists > HASHES_TOTAL_MAX {
        return Err(too_large("all lists of hashes together", HASHES_TOTAL_MAX));
    }
    Ok(())
}

/// The most bytes that a target of this name may have.
pub fn limit(name: &str) -> usize {
    if hashes_id(name).is_some() { HASHES_SIZE_MAX } else { SIZE_MAX }
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
    fn there_is_room_for_so_many_and_so_large_ones_and_no_more() {
        let many = |count: usize, name: &str, length| {
            let names: Vec<String> = (0..count).map(|at| name.replace('#', &at.to_string())).collect();
            check(names.iter().map(|name| (name.as_str(), length)))
        };
        let too_large = |name: &str, limit| Err(Refusal::TooLarge { name: name.into(), limit });
        assert_eq!(many(COUNT_MAX, "a#.json", 1), Ok(()));
        assert_eq!(many(COUNT_MAX + 1, "a#.json", 1), Err(Refusal::TooMany(COUNT_MAX)));
        assert_eq!(many(TOTAL_MAX / SIZE_MAX, "a#.json", SIZE_MAX), Ok(()));
        assert_eq!(
            many(TOTAL_MAX / SIZE_MAX + 1, "a#.json", SIZE_MAX),
            too_large("all files together", TOTAL_MAX)
        );
        assert_eq!(many(1, "a#.json", SIZE_MAX + 1), too_large("a0.json", SIZE_MAX));
        let lists = HASHES_TOTAL_MAX / HASHES_SIZE_MAX;
        assert_eq!(many(lists, "hashes.#.bin", HASHES_SIZE_MAX), Ok(()));
        assert_eq!(
            many(lists + 1, "hashes.#.bin", HASHES_SIZE_MAX),
            too_large("all lists of hashes together", HASHES_TOTAL_MAX)
        );
        assert_eq!(many(1, "../#", 1), Err(Refusal::UnsafeName("../0".into())));
    }

    #[test]
    fn lists_are_known_by_their_names() {
        assert_eq!([status_id("status.a.cbor"), status_id("status.a.b.cbor")], [Some("a"), Some("a.b")]);
        let others = ["status.a.delta.cbor", "status.delta.cbor", "status..cbor", "status.cbor", "keys.json"];
        assert!(others.iter().all(|name| status_id(name).is_none()));
        assert_eq!(delta_of("a"), "status.a.delta.cbor");
        assert_eq!(delta_base("status.a.delta.cbor").as_deref(), Some("status.a.cbor"));
        assert_eq!([delta_base("status.a.cbor"), delta_base("status.delta.cbor")], [None, None]);
        assert_eq!([cards_id("cards.a.json"), cards_id("cards.json")], [Some("a"), None]);
        assert_eq!([hashes_id("hashes.eu.bin"), hashes_id("hashes.bin")], [Some("eu"), None]);
    }

    #[test]
    fn lists_of_hashes_may_be_larger() {
        assert_eq!(limit("hashes.eu.bin"), HASHES_SIZE_MAX);
        assert!(["hashes.bin.json", "status.bin", "keys.json"].iter().all(|name| limit(name) == SIZE_MAX));
    }
}
