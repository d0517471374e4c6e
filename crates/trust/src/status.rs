//! Who has been revoked, by place: one bit for each pass of an authority.
//!
//! A Token Status List (draft-ietf-oauth-status-list-17) with `bits` = 1, as a target of a TUF
//! repository, `status.<id>.cbor`: TUF's signatures over its length and hash stand in for the
//! signed token of the draft. A pass names its list and its place in it ([`credential::StatusRef`]).
//!
//! | member | of the list | of a delta |
//! |---|---|---|
//! | `format` | `propusk-status-list/1` | `propusk-status-delta/1` |
//! | `uri` | the list's name, as passes give it | the same |
//! | `count` | how many places there are | how many there are now: as many, or more |
//! | `lst` | zlib (RFC 1950) of the bits, the first place in the lowest bit of the first byte (draft §4.1), unused bits of the last byte zero | – |
//! | `base` | – | SHA-256 of the list's file that the delta is for |
//! | `flips` | – | zlib of the places whose bit is another now ([`Delta`]) |
//!
//! Both are one CBOR map in the core deterministic encoding (RFC 8949 §4.2.1) without any other
//! member: shortest lengths, keys in the order of their encodings, nothing behind it. A member that
//! this version does not know makes the file unreadable: an older program must not pass over what a
//! newer one has to say of a revocation.
//!
//! **A place beyond the list counts as not revoked**, against §8.3 of the draft, which rejects it:
//! there a verifier fetches the newest list when it sees a pass, here passes are issued all the time
//! and a door has the list of its last refresh. **A bit can be cleared again:** an issuer must be
//! able to correct an error.

mod cbor;
mod delta;
mod zlib;

use cbor::{Item, Map};
pub use delta::{DELTA_MAX, Delta, FLIPS_MAX};

use crate::hex;

/// The format of lists that this version reads and writes.
pub const LIST_FORMAT: &str = "propusk-status-list/1";
/// The format of deltas that this version reads and writes.
pub const DELTA_FORMAT: &str = "propusk-status-delta/1";
/// Most places of a list: 4 MiB of bits, which the smallest phone can bear. It is several times
/// what one authority issues to nine million people; whoever needs more begins another list.
pub const PLACES_MAX: u32 = 1 << 25;
/// Largest file of a list, in bytes: deflate makes of bits that do not compress 5 bytes more for
/// each block of at most 64 KiB (RFC 1951 §3.2.4), of which encoders make smaller ones too.
pub const LIST_MAX: usize = (PLACES_MAX / 8) as usize + 64 * 1024;
/// Longest URI of a list, in bytes: every pass's code has to hold it.
pub const URI_MAX: usize = 512;

/// Why a list or a delta cannot be read, written or used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatusError {
    /// Not what the schema says.
    #[error("not a status list or delta ({0}); get the file from the authority again")]
    Malformed(&'static str),
    /// Written for another version, or another kind of file.
    #[error(
        "a file of the format {found:?} where {expected:?} is needed; name that file, or update the program"
    )]
    Format {
        /// The format that it names, at most 40 characters of it.
        found: String,
        /// The format that is read here.
        expected: &'static str,
    },
    /// More than is read or written.
    #[error(
        "the status list or delta is too large; at most {PLACES_MAX} places, and a delta of at most {} bytes: publish the list anew",
        delta::FLIPS_MAX
    )]
    TooLarge,
    /// Not a name that passes can give.
    #[error("the status list's URI is empty, over {URI_MAX} bytes, or has control characters; correct it")]
    Uri,
    /// A place that the list does not have.
    #[error("place {place} is not among the {count} of the status list; correct it")]
    Place {
        /// The place.
        place: u32,
        /// How many there are.
        count: u32,
    },
    /// A delta of another state of the list.
    #[error(
        "the delta is for the status list with SHA-256 {wanted}, this one has {found}; use the list that belongs to it"
    )]
    WrongBase {
        /// Whose delta it is.
        wanted: String,
        /// What it was to be applied to.
        found: String,
    },
    /// A delta from or of another list, by its URI.
    #[error("{found:?} is another status list than {wanted:?}; use the one that belongs to it")]
    AnotherList {
        /// The list's URI.
        wanted: String,
        /// The other one's.
        found: String,
    },
    /// A list never becomes shorter: the passes of its places are out there.
    #[error("{now} places are fewer than the {before} of before; a status list only grows")]
    Shrunk {
        /// How many places there were.
        before: u32,
        /// How many there are to be.
        now: u32,
    },
}

/// A status list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    uri: String,
    count: u32,
    /// As many as `count` needs; those of the last byte that it does not need are zero.
    bits: Vec<u8>,
}

impl List {
    /// A list of `count` places, of which these are revoked.
    pub fn new(uri: &str, count: u32, revoked: impl IntoIterator<Item = u32>) -> Result<Self, StatusError> {
        if count > PLACES_MAX {
            return Err(StatusError::TooLarge);
        }
        let mut bits = vec![0; bytes_for(count)];
        for place in revoked {
            if place >= count {
                return Err(StatusError::Place { place, count });
            }
            bits[place as usize / 8] |= 1 << (place % 8); // safe: below `count`
        }
        Ok(Self { uri: checked_uri(uri)?, count, bits })
    }

    /// The list in a base's file, brought up to date by the file of a delta where there is one.
    pub fn load(base: &[u8], delta: Option<&[u8]>) -> Result<Self, StatusError> {
        match delta {
            None => Self::parse(base),
            Some(delta) => Delta::parse(delta)?.apply(base),
        }
    }

    /// Reads a list's file. Memory and work are bounded by [`LIST_MAX`] and [`PLACES_MAX`].
    pub fn parse(file: &[u8]) -> Result<Self, StatusError> {
        if file.len() > LIST_MAX {
            return Err(StatusError::TooLarge);
        }
        let mut map = Map::read(file).map_err(StatusError::Malformed)?;
        check_format(&mut map, LIST_FORMAT)?;
        let (uri, count) = (checked_uri(map.text("uri")?)?, count(&mut map)?);
        let compressed = map.bytes("lst")?;
        map.end()?;
        let bits = zlib::inflate(compressed, bytes_for(count))?;
        let unused = count.next_multiple_of(8) - count;
        if bits.len() != bytes_for(count) || bits.last().is_some_and(|last| last.leading_zeros() < unused) {
            return Err(StatusError::Malformed("its bits do not fit its count"));
        }
        Ok(Self { uri, count, bits })
    }

    /// Writes the list's file; [`Self::parse`] reads the same list from it. The same version of
    /// this program makes the same bytes of the same list.
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::write(&[
            ("format", Item::Text(LIST_FORMAT)),
            ("uri", Item::Text(&self.uri)),
            ("count", Item::Number(self.count.into())),
            ("lst", Item::Bytes(&zlib::deflate(&self.bits))),
        ])
    }

    /// Its name, as passes give it.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// How many places it has.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Whether the pass at this place is revoked. A place beyond the list is not.
    pub fn is_revoked(&self, place: u64) -> bool {
        let byte = usize::try_from(place / 8).ok().and_then(|at| self.bits.get(at));
        byte.is_some_and(|byte| byte >> (place % 8) & 1 == 1)
    }

    /// The places that are revoked, in their order.
    pub fn revoked(&self) -> impl Iterator<Item = u32> {
        places(&self.bits)
    }

    /// How many are revoked.
    pub fn revoked_count(&self) -> u32 {
        self.bits.iter().map(|byte| byte.count_ones()).sum()
    }

    /// How many bytes of memory its bits take.
    pub fn memory(&self) -> usize {
        self.bits.capacity()
    }
}

fn bytes_for(count: u32) -> usize {
    count.div_ceil(8) as usize
}

/// The places of the bits that are set.
fn places(bits: &[u8]) -> impl Iterator<Item = u32> {
    (0..).zip(bits).filter(|(_, byte)| **byte != 0).flat_map(|(at, byte): (u32, &u8)| {
        let byte = *byte;
        (0..8).filter(move |bit| byte >> bit & 1 == 1).map(move |bit| at * 8 + bit)
    })
}

fn check_format(map: &mut Map<'_>, expected: &'static str) -> Result<(), StatusError> {
    match map.text("format")? {
        found if found == expected => Ok(()),
        found => Err(StatusError::Format { found: found.chars().take(40).collect(), expected }),
    }
}

fn count(map: &mut Map<'_>) -> Result<u32, StatusError> {
    u32::try_from(map.number("count")?).ok().filter(|count| *count <= PLACES_MAX).ok_or(StatusError::TooLarge)
}

fn checked_uri(uri: &str) -> Result<String, StatusError> {
    let fits = (1..=URI_MAX).contains(&uri.len()) && !uri.chars().any(char::is_control);
    if fits { Ok(uri.to_owned()) } else { Err(StatusError::Uri) }
}

fn sha256(file: &[u8]) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    Sha256::digest(file).into()
}

fn shown(digest: &[u8; 32]) -> String {
    hex::encode(digest)
}

#[cfg(test)]
mod tests;
