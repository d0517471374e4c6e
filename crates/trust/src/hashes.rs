//! Who has been revoked, by hash: lists for certificates without a place in a status list, as
//! the EU's and other countries' are.
//!
//! What is hashed is a certificate's identifier (UCI), its country and identifier, or its
//! signature, each by the first 16 bytes of SHA-256 (Implementing Decision (EU) 2022/483, annex).
//! Such a hash is taken for the certificate itself: a list of ten million of them hits one that is
//! not on it with a chance of 10^7 / 2^128, once in 3·10^31 passes.
//!
//! A list is a target of a TUF repository, `hashes.<id>.bin`:
//!
//! | bytes | meaning |
//! |---|---|
//! | 8 | `PrHash/1` |
//! | 1 | what is hashed: 1 UCI, 2 country and UCI, 3 signature |
//! | 1, and as many | length, and the id of the key that signed the certificates; length 0: of several, or not known |
//! | 1, and as many | length 0 or 2, and whose list it is (ISO 3166-1 alpha-2) |
//! | 4 | how many hashes, big-endian |
//! | 16 each | the hashes, ascending, none twice |
//!
//! Key id and country tell people where the list is from. Neither narrows the search: a hash says
//! by itself which certificate is meant, and a revocation must not be missed because an issuer
//! calls itself otherwise.
//!
//! - [`List`] reads such a file, [`write`] makes one. Pure.
//! - [`import`] reads what others publish.

pub mod import;

use credential::{Kid, Pass};
use sha2::{Digest as _, Sha256};

/// The first 16 bytes of a SHA-256.
pub type Hash = [u8; 16];

/// Most hashes of a file: 256 MiB of them, which is as much as a phone can spare. Whoever has more
/// publishes several lists.
pub const HASHES_MAX: usize = 1 << 24;
/// Largest file, in bytes.
pub const FILE_MAX: usize = HEAD_MAX + HASHES_MAX * size_of::<Hash>();

/// What every file begins with: the format and its version.
const MAGIC: &[u8; 8] = b"PrHash/1";
/// Longest key id, in bytes: what its length's byte can say.
const KID_MAX: usize = 255;
/// Bytes of the longest head.
const HEAD_MAX: usize = MAGIC.len() + 1 + 1 + KID_MAX + 1 + 2 + 4;

/// Why a list cannot be read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashesError {
    /// Not what the format says.
    #[error("not a list of revoked hashes ({0}); get the file from the authority again")]
    Malformed(&'static str),
    /// Written for another version, or no such file at all.
    #[error("no list of revoked hashes of the format PrHash/1; name such a file, or update the program")]
    Format,
    /// More than a file may have.
    #[error("over {HASHES_MAX} hashes; divide the list")]
    TooLarge,
}

/// What is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The certificate's identifier (UCI), as it stands in the certificate.
    Uci,
    /// The country's code, and the identifier right behind it.
    CountryUci,
    /// Of an ECDSA signature R, of others all of it ([`Pass::signature`]).
    Signature,
}

/// What a list says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// What is hashed.
    pub kind: Kind,
    /// The key that signed the certificates, where it is one and known.
    pub kid: Option<Kid>,
    /// Whose list it is: ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// How many hashes there are.
    pub count: u32,
}

/// A list, in the bytes of its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List<'f> {
    head: Head,
    hashes: &'f [Hash],
}

impl<'f> List<'f> {
    /// Reads a list's file. Takes no memory besides.
    pub fn parse(file: &'f [u8]) -> Result<Self, HashesError> {
        let (head, hashes) = Head::read(file)?;
        let (hashes, []) = hashes.as_chunks() else { return Err(malformed("its length does not fit")) };
        if hashes.len() != head.count as usize {
            return Err(malformed("its length does not fit"));
        }
        if !hashes.is_sorted_by(|a, b| a < b) {
            return Err(malformed("hashes out of order, or one twice"));
        }
        Ok(Self { head, hashes })
    }

    /// What it says of itself.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Its hashes, ascending.
    pub fn hashes(&self) -> &'f [Hash] {
        self.hashes
    }

    /// Whether a hash is on it.
    pub fn contains(&self, hash: &Hash) -> bool {
        self.hashes.binary_search(hash).is_ok()
    }
}

/// A list's file of these hashes, in whatever order they come; [`List::parse`] reads it.
pub fn write(
    kind: Kind,
    kid: Option<&Kid>,
    country: Option<&str>,
    mut hashes: Vec<Hash>,
) -> Result<Vec<u8>, HashesError> {
    hashes.sort_unstable();
    hashes.dedup();
    if hashes.len() > HASHES_MAX {
        return Err(HashesError::TooLarge);
    }
    let count = hashes.len() as u32; // safe: HASHES_MAX
    let head = Head { kind, kid: kid.cloned(), country: country.map(Into::into), count };
    let mut file = head.to_bytes()?;
    file.extend_from_slice(hashes.as_flattened());
    Ok(file)
}

/// The hash of an identifier or a signature.
pub fn hash(bytes: &[u8]) -> Hash {
    truncated(&Sha256::digest(bytes))
}

impl Kind {
    /// The hashes that a list of this kind can name a pass by. The country is who signed (`iss`) as
    /// well as where it was certified (`co`): lists take either, and `iss` is not always a country.
    pub fn hashes(self, pass: &Pass) -> Vec<Hash> {
        let origins = pass.claims.origins();
        match self {
            Self::Uci => origins.iter().map(|origin| hash(origin.id.as_bytes())).collect(),
            Self::CountryUci => origins
                .iter()
                .flat_map(|origin| {
                    let countries = pass.issuer.iter().chain([&origin.country]);
                    countries.map(|country| hash(format!("{country}{}", origin.id).as_bytes()))
                })
                .collect(),
            Self::Signature => vec![hash(pass.signature())],
        }
    }

    /// `uci`, `country-uci` or `signature`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Uci => "uci",
            Self::CountryUci => "country-uci",
            Self::Signature => "signature",
        }
    }
}

impl Head {
    /// Reads a file's beginning, and gives what follows.
    pub(crate) fn read(file: &[u8]) -> Result<(Self, &[u8]), HashesError> {
        let mut rest = file.strip_prefix(MAGIC).ok_or(HashesError::Format)?;
        let kind = match take(&mut rest, 1)? {
            [1] => Kind::Uci,
            [2] => Kind::CountryUci,
            [3] => Kind::Signature,
            _ => return Err(malformed("another kind of hashes")),
        };
        let kid = string(&mut rest)?.map(|kid| Kid(kid.to_vec()));
        let country = match string(&mut rest)?.map(str::from_utf8) {
            None => None,
            Some(Ok(country)) if crate::document::is_country(country) => Some(country.to_owned()),
            Some(_) => return Err(malformed("a country that is not two capital letters")),
        };
        let count = take(&mut rest, 4)?.iter().fold(0, |count, byte| count << 8 | u32::from(*byte));
        if count as usize > HASHES_MAX {
            Err(HashesError::TooLarge)
        } else {
            Ok((Self { kind, kid, country, count }, rest))
        }
    }

    fn to_bytes(&self) -> Result<Vec<u8>, HashesError> {
        let kid = self.kid.as_ref().map(|kid| kid.0.as_slice()).unwrap_or_default();
        let country = self.country.as_deref().unwrap_or_default().as_bytes();
        let length = u8::try_from(kid.len()).map_err(|_| malformed("a key id of over 255 bytes"))?;
        let kind = match self.kind {
            Kind::Uci => 1,
            Kind::CountryUci => 2,
            Kind::Signature => 3,
        };
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&[kind, length]);
        bytes.extend_from_slice(kid);
        bytes.push(if country.is_empty() { 0 } else { 2 });
        bytes.extend_from_slice(country);
        bytes.extend_from_slice(&self.count.to_be_bytes());
        Self::read(&bytes)?;
        Ok(bytes)
    }
}

/// A length and as many bytes; `None` for none.
fn string<'f>(rest: &mut &'f [u8]) -> Result<Option<&'f [u8]>, HashesError> {
    let length = usize::from(take(rest, 1)?[0]); // safe: one byte was taken
    let string = take(rest, length)?;
    Ok((length > 0).then_some(string))
}

fn take<'f>(rest: &mut &'f [u8], length: usize) -> Result<&'f [u8], HashesError> {
    let (taken, after) = rest.split_at_checked(length).ok_or(malformed("cut off"))?;
    *rest = after;
    Ok(taken)
}

fn truncated(digest: &[u8]) -> Hash {
    let mut hash = Hash::default();
    hash.copy_from_slice(&digest[..size_of::<Hash>()]); // safe: a digest has 32 bytes
    hash
}

fn malformed(problem: &'static str) -> HashesError {
    HashesError::Malformed(problem)
}

#[cfg(test)]
mod tests;
