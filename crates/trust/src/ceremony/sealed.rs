//! A signer's private key in a file, under a passphrase.
//!
//! Argon2id (RFC 9106) makes a key of the passphrase, XChaCha20-Poly1305 seals the 32
//! bytes of the Ed25519 key with it; name, public key and cost are bound to it.

use std::io;
use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::card::Card;
use crate::error::Error;
use crate::file::{self, Found, Readers};
use crate::hex;

/// The format that this version reads and writes.
const FORMAT: &str = "propusk-sealed-key/1";
/// Shortest passphrase, in characters.
pub const PASSPHRASE_MIN: usize = 12;
/// Largest key file, in bytes. Ours have about six hundred.
const FILE_MAX: usize = 16 * 1024;
/// Dearest cost that a file may ask for: 1 GiB of memory, 20 passes.
const MEMORY_MAX: u32 = 1 << 20;
const PASSES_MAX: u32 = 20;
/// Bytes of a salt (RFC 9106 §3.1).
const SALT_LEN: usize = 16;
/// Bytes of an XChaCha20 nonce.
const NONCE_LEN: usize = 24;

/// What trying one passphrase costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// Memory, in KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Default for Cost {
    /// 64 MiB and 3 passes, the second choice of RFC 9106 §4: a machine with little memory can open it too.
    fn default() -> Self {
        Self { memory: 64 * 1024, passes: 3 }
    }
}

/// A private key that only its passphrase opens, with its public part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedKey {
    format: String,
    card: Card,
    cost: Cost,
    salt: String,
    nonce: String,
    sealed: String,
}

impl SealedKey {
    /// A new key. `fill` fills its argument with random bytes that nobody can guess, such as the operating
    /// system's. Refuses passphrases of fewer than [`PASSPHRASE_MIN`] characters, and unfit names ([`Card::new`]).
    pub fn generate(
        name: &str,
        passphrase: &str,
        cost: Cost,
        mut fill: impl FnMut(&mut [u8]),
    ) -> Result<Self, Error> {
        if passphrase.chars().count() < PASSPHRASE_MIN {
            let line =
                format!("a passphrase has at least {PASSPHRASE_MIN} characters; take four or five words");
            return Err(Error::Ceremony(line));
        }
        let mut seed = Zeroizing::new([0; 32]);
        fill(&mut *seed);
        let (mut salt, mut nonce) = ([0; SALT_LEN], [0; NONCE_LEN]);
        fill(&mut salt);
        fill(&mut nonce);
        let public = SigningKey::from_bytes(&seed).verifying_key().to_bytes();
        let (salt, nonce_text) = (hex::encode(&salt), hex::encode(&nonce));
        let card = Card::new(name, &public)?;
        let mut key =
            Self { format: FORMAT.into(), card, cost, salt, nonce: nonce_text, sealed: String::new() };
        let payload = Payload { msg: &*seed, aad: &key.bound() };
        let sealed = key.cipher(passphrase)?.encrypt(&XNonce::from(nonce), payload);
        key.sealed = hex::encode(&sealed.map_err(|_| broken("it cannot be sealed"))?);
        Ok(key)
    }

    /// The private key. Refuses the wrong passphrase, and a file in which anything was changed.
    pub fn open(&self, passphrase: &str) -> Result<SigningKey, Error> {
        let nonce: [u8; NONCE_LEN] = hex::decode(&self.nonce)
            .and_then(|nonce| nonce.try_into().ok())
            .ok_or_else(|| broken("its nonce"))?;
        let sealed = hex::decode(&self.sealed).ok_or_else(|| broken("its key is not hexadecimal"))?;
        let payload = Payload { msg: &sealed, aad: &self.bound() };
        let opened = self.cipher(passphrase)?.decrypt(&XNonce::from(nonce), payload).map(Zeroizing::new);
        let wrong = "the passphrase is wrong, or the key file was changed; try again, or take its backup";
        let opened = opened.map_err(|_| Error::Ceremony(wrong.into()))?;
        let seed =
            <&[u8; 32]>::try_from(opened.as_slice()).map_err(|_| broken("its key has not 32 bytes"))?;
        let key = SigningKey::from_bytes(seed);
        if self.card.key()? != key.verifying_key() {
            return Err(broken("its public part is another key's"));
        }
        Ok(key)
    }

    /// Its public part.
    pub fn card(&self) -> &Card {
        &self.card
    }

    /// Keeps it in a file that only its owner can read. It never replaces one.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        // safe: a struct of strings and numbers always serialises
        let json = serde_json::to_vec_pretty(self).unwrap_or_default();
        file::create(path, &json, Readers::Owner).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Error::Ceremony(format!(
                "{} is there already; name another file, a key cannot be made again",
                path.display()
            )),
            _ => Error::io("write", path)(error),
        })
    }

    /// Reads it back, still sealed.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let at = |reason: &str| Error::Ceremony(format!("{}: {}", path.display(), broken(reason)));
        let json = match file::read(path, FILE_MAX).map_err(Error::io("read", path))? {
            Found::Bytes(json) => json,
            Found::Nothing => return Err(at("it is not there")),
            Found::TooLarge | Found::NotPlain => return Err(at("not a plain file of its size")),
        };
        let key: Self = serde_json::from_slice(&json).map_err(|error| at(&error.to_string()))?;
        let Cost { memory, passes } = key.cost;
        if key.format != FORMAT {
            return Err(at(&format!("its format is {:.40}", key.format)));
        }
        if memory > MEMORY_MAX || passes > PASSES_MAX {
            return Err(at("it asks for more memory or time than any real one"));
        }
        key.card.check()?;
        Ok(key)
    }

    fn cipher(&self, passphrase: &str) -> Result<XChaCha20Poly1305, Error> {
        let salt = hex::decode(&self.salt).ok_or_else(|| broken("its salt"))?;
        let params = Params::new(self.cost.memory, self.cost.passes, 1, Some(32));
        let argon2 =
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params.map_err(|_| broken("its cost"))?);
        let mut key = Zeroizing::new([0; 32]);
        argon2.hash_password_into(passphrase.as_bytes(), &salt, &mut *key).map_err(|_| broken("its salt"))?;
        Ok(XChaCha20Poly1305::new((&*key).into()))
    }

    /// What stands in the open, and must not be changed.
    fn bound(&self) -> Vec<u8> {
        let Cost { memory, passes } = self.cost;
        [FORMAT.as_bytes(), &self.card.to_json(), &memory.to_be_bytes(), &passes.to_be_bytes()].concat()
    }
}

fn broken(reason: &str) -> Error {
    Error::Ceremony(format!("this is no signer's key file ({reason}); restore it from its backup"))
}
