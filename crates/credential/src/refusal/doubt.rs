//! Why a text cannot be decided here.

use crate::key::Kid;

/// Why this device cannot decide. Every variant carries its evidence.
#[derive(Clone, Debug, PartialEq)]
pub enum Doubt {
    /// No trusted key has this id: an issuer that this device does not know.
    UnknownKey {
        /// The id in the pass; empty when it names none.
        kid: Kid,
    },
    /// Nothing is wrong with it, but the keys that say so are too old to be relied on.
    KeysTooOld {
        /// The last second at which they were trusted, UTC.
        at: i64,
        /// When it was judged, seconds UTC.
        now: i64,
    },
    /// Nothing is wrong with it, but a list of revoked passes cannot be looked into.
    RevocationUnreadable {
        /// Which list.
        list: String,
    },
    /// Nothing is wrong with it, but what is accepted here cannot be read.
    PolicyUnreadable {
        /// What is wrong with the policy.
        fault: String,
    },
    /// Nothing is wrong with it, but whether it was used before can be neither read nor kept.
    UsesUnreadable {
        /// What is wrong with the station's store.
        fault: String,
    },
    /// A known kind of certificate that this version cannot verify.
    FormatNotSupported {
        /// What it is called.
        format: &'static str,
    },
    /// Encrypted for somebody else: no key of this device opens it.
    Encrypted {
        /// What it is called.
        format: &'static str,
    },
    /// Encrypted, and the device's key of the id that it names does not open it: it was changed, or encrypted with
    /// another key.
    NotDecrypted {
        /// What it is called.
        format: &'static str,
        /// The id in the pass, which nothing vouches for.
        kid: Kid,
    },
    /// A part of a pass that was cut into several codes: the others are still to be scanned, or all of them once more.
    PartOfCode {
        /// How many of them are here; none where those that were do not belong together.
        have: usize,
        /// How many there are.
        of: usize,
    },
    /// A certificate that only the Dutch verifier can read (`NL2:`, an Idemix disclosure).
    DutchVerifierOnly,
    /// No certificate but the beginning of a conversation with a phone that holds documents
    /// (ISO/IEC 18013-5 device engagement, `mdoc:`; OpenID4VP).
    PhoneDocument,
    /// A link to an official register: unsigned, so only the register itself could tell.
    OnlineOnly {
        /// The register's host; matched exactly.
        host: &'static str,
        /// The certificate's number or UUID there.
        number: String,
        /// The check code that has to be typed with it, where there is one.
        check: Option<String>,
    },
}
