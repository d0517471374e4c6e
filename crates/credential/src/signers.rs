//! Whose signature it is: the one place where a key is chosen and tried, for every format.

use crate::format::Format;
use crate::key::{IssuerKey, KeySet, Kid, PublicKey};
use crate::refusal::{Doubt, Refusal, Stop};
use crate::signature::{self, Algorithm};

/// What was signed, and what it says of its signature.
pub(crate) struct Message {
    /// The bytes that the signature is over.
    pub(crate) signed: Vec<u8>,
    /// What of them is read once it holds.
    pub(crate) payload: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) alg: Algorithm,
    /// Empty where the message names no key.
    pub(crate) kid: Kid,
}

/// A payload whose signature held. Only [`Message`] makes one.
#[derive(Debug)]
pub(crate) struct Signed<'k> {
    /// The bytes that were signed, verbatim.
    pub(crate) payload: Vec<u8>,
    /// What of the signature only the key's owner can choose.
    pub(crate) signature: Vec<u8>,
    pub(crate) signers: Signers<'k>,
}

/// The entries of the key set whose key verified a message: the same key can stand
/// there more than once, with other validity or usages.
#[derive(Clone, Debug)]
pub(crate) struct Signers<'k> {
    pub(crate) first: &'k IssuerKey,
    pub(crate) others: Vec<&'k IssuerKey>,
}

impl Message {
    /// Tries every key with the message's key id whose scope reaches this format and this issuer. A message
    /// without an id is looked up by the empty one and so is of an unknown key: trying all keys instead would
    /// make the work grow with the key set for whatever is held in front of the camera.
    pub(crate) fn verify<'k>(
        self,
        keys: &'k KeySet,
        format: Format,
        issuer: Option<&str>,
    ) -> Result<Signed<'k>, Stop> {
        let Self { signed, payload, signature, alg, kid } = self;
        // Whoever signed nothing is no unknown issuer.
        if signature.is_empty() {
            return Err(Refusal::BadSignature { kid }.into());
        }
        let candidates = keys.candidates(&kid.0).iter().filter(|key| key.scope.covers(format, issuer));
        let candidates: Vec<&IssuerKey> = candidates.collect();
        if candidates.is_empty() {
            return Err(Doubt::UnknownKey { kid }.into());
        }
        let mut fitting = candidates.into_iter().filter(|key| alg.fits(&key.key)).peekable();
        if fitting.peek().is_none() {
            return Err(Refusal::AlgorithmMismatch { kid, alg: alg.name() }.into());
        }
        let holds = |key: &&IssuerKey| signature::holds(&key.key, &signed, &signature);
        let first = fitting.find(holds).ok_or(Refusal::BadSignature { kid })?;
        let others = fitting.filter(|other| other.key.is_same(&first.key)).collect();
        let signature = alg.unforgeable(&signature).to_vec();
        Ok(Signed { payload, signature, signers: Signers { first, others } })
    }

    /// By a key that stands in no set, but that one which does has certified.
    pub(crate) fn verify_by<'k>(
        self,
        key: &PublicKey,
        certified_by: Signers<'k>,
    ) -> Result<Signed<'k>, Stop> {
        let Self { signed, payload, signature, alg, kid } = self;
        if !alg.fits(key) {
            return Err(Refusal::AlgorithmMismatch { kid, alg: alg.name() }.into());
        }
        if !signature::holds(key, &signed, &signature) {
            return Err(Refusal::BadSignature { kid }.into());
        }
        let signature = alg.unforgeable(&signature).to_vec();
        Ok(Signed { payload, signature, signers: certified_by })
    }
}
