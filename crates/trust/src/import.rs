//! Issuers' keys out of X.509 certificates, PEM files, JWK Sets, lists of certificates and DID documents. Pure.
//!
//! What is imported here is trusted because an admin says so: a certificate's own
//! signature, chain and revocation are not looked at.

mod jwk;
mod list;
mod x509;

use credential::IssuerKey;

use crate::document;
use crate::key::KeyError;

/// Largest certificate that is read, in bytes; the largest public document signer has 2 091.
pub const CERTIFICATE_MAX: usize = 16 * 1024;
/// Largest PEM file, JWK Set or list that is read, in bytes; the EU's list with its certificates has about 5 MB.
pub const FILE_MAX: usize = 32 * 1024 * 1024;
/// Most keys that are read from one file.
pub const KEYS_MAX: usize = document::KEYS_MAX;

/// Why a key could not be imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// More bytes or keys than any real set has.
    #[error("{what} is over the limit of {limit}; split it")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// The limit, in bytes or keys.
        limit: usize,
    },
    /// Not a DER certificate (RFC 5280).
    #[error("not an X.509 certificate ({0}); export it again as DER or PEM")]
    Certificate(String),
    /// Not a PEM file (RFC 7468) with certificates.
    #[error("no certificate in this PEM file ({0}); it needs a block -----BEGIN CERTIFICATE-----")]
    Pem(&'static str),
    /// Not a JWK Set (RFC 7517 §5) or a single JWK.
    #[error("not a JWK Set ({0}); it needs the form {{\"keys\": […]}}")]
    Jwks(String),
    /// Not a list of certificates, or not a DID document.
    #[error("not a list of keys ({0})")]
    List(String),
    /// A JWK Set whose keys are all left out, with the reasons for the first of them.
    #[error("no usable key in this JWK Set or list: {0}")]
    NoUsableJwk(String),
    /// A key that cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// The key of an X.509 certificate (DER), with its validity, usages and owner.
///
/// - `kid`: the first 8 bytes of SHA-256 over the DER bytes (eu-dcc-hcert-spec §3.3.3).
/// - Usages: the extended key usages 1.3.6.1.4.1.1847.2021.1.{1 test, 2 vaccination,
///   3 recovery} and the variant 1.3.6.1.4.1.0.1847.2021.1.{1, 2, 3} that many
///   members issued, and those of ICAO's VDS-NC (2.23.136.1.1.14), which is another
///   kind of document; without any of them, all are allowed.
/// - Issuer: the subject's organisation, else its common name. Country: the subject's.
pub fn certificate(der: &[u8]) -> Result<IssuerKey, ImportError> {
    x509::certificate(der)
}

/// The keys of all certificates in a PEM file (RFC 7468), in its order.
/// Other blocks and the text between blocks are passed over.
pub fn pem(text: &[u8]) -> Result<Vec<IssuerKey>, ImportError> {
    x509::pem(text)
}

/// What a JWK Set, a list of certificates or a DID document gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jwks {
    /// The keys, in the set's order; one under several ids stands here several times.
    pub keys: Vec<IssuerKey>,
    /// A line for each entry that was left out: which, counted from 0, and why.
    pub left_out: Vec<String>,
}

/// The keys of a JWK Set, a bare array of JWKs, or a single JWK (RFC 7517, RFC 7518 §6, RFC 8037).
///
/// A JWK's `kid` is text, and the set does not say whether its owner's passes carry
/// that text or the bytes that it stands for in base64 or base64url, as European
/// lists do, or in hexadecimal. The key is returned under every reading that exists:
/// an id only narrows the search for a key. Without a `kid` the certificate's own id
/// serves (`x5c`), else an empty one, which matches passes that name no key.
///
/// `x5c` gives validity, usages and owner; its key must be the JWK's. Malformed
/// entries, private keys, keys for encryption and of kinds that nothing here verifies
/// with are left out, and the others hold (RFC 7517 §5); a set with no usable key at
/// all is an error, unless it is empty.
pub fn jwks(json: &str) -> Result<Jwks, ImportError> {
    jwk::jwks(json)
}

/// The keys of a list of certificates as verifiers of European passes get it: `{"certificates": […]}` or the
/// bare array, of entries with `rawData` (X.509 DER in base64) and, where they say it, `kid` (base64),
/// `country` and `certificateType` (eu-dcc-gateway). Entries of another type than `DSC` sign no passes and are
/// passed over; broken ones are left out, as in [`jwks`]. The list's `kid` counts: it is what passes carry.
pub fn trust_list(json: &str) -> Result<Jwks, ImportError> {
    list::certificates(json)
}

/// The keys of a DID document (`did.json`, DID Core §5.2) that gives them as JWKs, each under its `kid`, else
/// under what stands behind the `#` of its id. They verify NZ COVID Passes that name the document's own DID (`id`) as
/// their issuer: keys of other DIDs, and mere references to other documents, are left out.
pub fn did(json: &str) -> Result<Jwks, ImportError> {
    list::did(json)
}

fn bounded(what: &'static str, len: usize, limit: usize) -> Result<(), ImportError> {
    if len > limit { Err(ImportError::TooLarge { what, limit }) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
