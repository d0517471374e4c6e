//! A key ceremony: several people sign a repository together, each on their own machine.
//!
//! ```text
//! signer    SealedKey ── Card (public) ──→ coordinator
//!                                           Draft: who signs, issuers' keys, files
//! signer  ←───────────── Request ─────────  Draft::stage
//!           Request::review, Request::sign
//!           Signatures ──────────────────→  Draft::import
//!                                           Draft::publish: checked as a device would
//! ```
//!
//! All state lies in the draft's folder, so that every step can be broken off and taken
//! up again. No private key is ever in it. A [`Signer`] may be a key in a file or,
//! later, one in hardware.

mod card;
mod draft;
mod plan;
mod release;
mod request;
mod review;
mod sealed;
mod shown;
mod staging;

use ed25519_dalek::{Signer as _, SigningKey};

pub use card::{Card, NAME_MAX};
pub use draft::Draft;
pub use plan::{Holders, Plan, RoleName};
pub use release::{Imported, Missing};
pub use request::{Request, Signatures};
pub use review::{Review, RoleReview};
pub use sealed::{Cost, PASSPHRASE_MIN, SealedKey};
pub use staging::Staging;

/// Something that signs for a role: a key in memory, or one in hardware.
pub trait Signer {
    /// The public key (Ed25519, RFC 8032).
    fn public_key(&self) -> [u8; 32];
    /// The signature over `message`, 64 bytes, or one line that says why there is none.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], String>;
}

impl Signer for SigningKey {
    fn public_key(&self) -> [u8; 32] {
        self.verifying_key().to_bytes()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], String> {
        Ok(self.try_sign(message).map_err(|error| error.to_string())?.to_bytes())
    }
}

#[cfg(test)]
mod tests;
