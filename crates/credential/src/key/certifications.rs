//! What is remembered from seal to seal: which key certified which certificate.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use super::PublicKey;

/// How many certifications are remembered, 32 bytes each. A country signs its seals with a few certificates.
const MOST: usize = 256;

/// Keeps the digests apart from whatever else is hashed.
const DOMAIN: &[u8] = b"propusk certification v1";

/// That a key verified the signature of a certificate, to the byte of both: a fact that time does not change. Verifying
/// one takes longer than the rest of a seal, and all seals of a signer bring the same certificate.
///
/// Whether the key is trusted, for what and until when is no part of it and is judged anew each time. Only what held is
/// remembered, so whoever wants to fill this up needs as many certificates of a trusted authority.
///
/// Clones share what is remembered.
#[derive(Clone, Default)]
pub(crate) struct Certifications(Arc<Mutex<VecDeque<Fact>>>);

/// A digest of key and certificate.
type Fact = [u8; 32];

impl Certifications {
    /// Whether this key certified the certificate of these bytes (DER, all of it). `verify` is asked where that is not
    /// known, and must depend on the two alone.
    pub(crate) fn hold(&self, key: &PublicKey, certificate: &[u8], verify: impl FnOnce() -> bool) -> bool {
        let fact = fact(key, certificate);
        if self.facts().contains(&fact) {
            return true;
        }
        // The lock is not held meanwhile: others may verify theirs.
        let holds = verify();
        if holds {
            self.remember(fact);
        }
        holds
    }

    /// The oldest makes room.
    fn remember(&self, fact: Fact) {
        let mut facts = self.facts();
        if facts.contains(&fact) {
            return;
        }
        if facts.len() >= MOST {
            facts.pop_front();
        }
        facts.push_back(fact);
    }

    /// What a thread that panicked has remembered is as true as before.
    fn facts(&self) -> MutexGuard<'_, VecDeque<Fact>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn fact(key: &PublicKey, certificate: &[u8]) -> Fact {
    let (kind, key) = key.named_bytes();
    let mut hash = Sha256::new();
    for part in [DOMAIN, kind.as_bytes(), key, certificate] {
        hash.update((part.len() as u64).to_be_bytes()); // its length, so that no byte can change sides
        hash.update(part);
    }
    hash.finalize().into()
}

/// Always: sets that trust the same keys are equal, whatever they have seen.
impl PartialEq for Certifications {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Certifications {}

impl fmt::Debug for Certifications {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certifications({})", self.facts().len())
    }
}

#[cfg(test)]
mod tests;
