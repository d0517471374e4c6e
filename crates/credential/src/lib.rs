//! Text, trusted keys and a time in; a [`Verdict`] out.
//!
//! Pure: no pixels, files, clocks or networks. `now` is always passed in, in
//! seconds UTC since 1970-01-01. The only way to a claim leads through
//! [`judge_text`]: it parses once, verifies those bytes, and hands out the
//! claims of those bytes ([`Pass`]) only when their signature held.

pub mod dcc;
pub mod display;
pub mod general;
pub mod policy;
pub mod shc;

mod base32;
mod base45;
mod cbor;
mod claim169;
mod claims;
mod content;
mod cose;
mod cwt;
mod ddcc;
mod divoc;
mod everyday;
mod format;
mod hcert;
mod hex;
mod inflate;
mod json;
mod judge;
mod jws;
mod key;
mod laboratory;
mod light;
mod link;
mod nzcp;
mod pass;
mod refusal;
mod signature;
mod signers;
#[cfg(test)]
mod testing;
mod vaccines;
mod vds_nc;
mod verdict;

pub use claims::{Claims, Other, TestResult};
pub use content::{
    ContentKey, ContentKeys, MAX_CONTENT_KEY_FILE, MAX_CONTENT_KEYS, MAX_CONTENT_KID, NoContentKey,
};
pub use format::Format;
pub use key::{Encoded, IssuerKey, KeySet, Kid, Lazy, PublicKey, RSA_BITS, Scope, Usages, Validity};
pub use pass::{CardId, Holder, Kind, Pass, Photo, StatusRef};
pub use policy::{InForce, InMode, Policy};
pub use refusal::{Doubt, EVIDENCE, REASONS, Refusal, TextKind};
pub use verdict::{Accepted, CannotTell, Evidence, Outcome, Refused, Stage, Verdict};

use refusal::Stop;

/// What a pass is judged against, besides the time.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The keys that are trusted here.
    pub keys: &'a KeySet,
    /// Who has been revoked.
    pub revocation: &'a dyn Revocation,
    /// What is accepted here of what is genuine.
    pub policy: InForce<'a>,
}

/// Answers whether a pass has been revoked.
pub trait Revocation {
    /// The revocation that hits this pass, if one does. A list that cannot be looked into is
    /// an error, and makes nothing green.
    fn revoked(&self, pass: &Pass) -> Result<Option<Revoked>, Unreadable>;
}

/// How a revoked pass was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// The list that names it, e.g. a status list's URI.
    pub list: String,
}

/// A revocation list that could not be looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Which list.
    pub list: String,
}

/// No revocation list at all: nothing is revoked.
#[derive(Clone, Copy, Debug, Default)]
pub struct NothingRevoked;

impl Revocation for NothingRevoked {
    fn revoked(&self, _: &Pass) -> Result<Option<Revoked>, Unreadable> {
        Ok(None)
    }
}

/// Judges one text at the time `now` (seconds UTC). Never panics, whatever the text.
pub fn judge_text(text: &str, context: Context<'_>, now: i64) -> Verdict {
    match format::open(text, context.keys) {
        Ok(verified) => judge::judge(verified, context, now),
        Err(Stop::Refused(reason)) => Verdict::Refused(Refused { reason, pass: None }),
        Err(Stop::CannotTell(reason)) => Verdict::CannotTell(CannotTell { reason }),
    }
}
