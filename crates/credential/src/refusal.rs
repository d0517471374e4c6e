//! Why a text is refused, or cannot be decided: the taxonomy, its [names](names) and its [evidence](describe).

use std::collections::BTreeMap;

use crate::key::Kid;
use crate::pass::Kind;
use crate::policy::{RuleName, Texts};

mod describe;
mod doubt;
mod names;

pub(crate) use describe::Description;
pub use doubt::Doubt;
pub use names::{EVIDENCE, REASONS, TextKind};

/// Why a text is refused. Every variant carries its evidence.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// No certificate format that we know: a link, a script, a Wi-Fi code, anything.
    NotACertificate {
        /// What it looks like.
        looks_like: TextKind,
        /// Its beginning, escaped: for showing as it stands, never for opening.
        text: String,
    },
    /// A link that looks like one to an official register and is none, to the letter.
    SuspectedForgery {
        /// The register that it passes for.
        register: &'static str,
        /// The host that it really leads to, with its port; in ASCII, escaped.
        leads_to: String,
        /// What is false about it.
        fault: &'static str,
        /// Its beginning, in ASCII, escaped: for showing as it stands, never for opening.
        text: String,
    },
    /// Longer than any QR code can hold.
    TextTooLong {
        /// Its length in bytes.
        length: usize,
        /// The most that is read, in bytes.
        limit: usize,
    },
    /// A health certificate of a version that does not exist, e.g. `HC2:`.
    UnsupportedVersion {
        /// The prefix.
        prefix: String,
    },
    /// Text that its format's encoding does not allow.
    BrokenText {
        /// Where, in bytes from the start of what is encoded.
        at: usize,
        /// What is wrong.
        fault: &'static str,
    },
    /// Not RFC 9285.
    NotBase45 {
        /// Where the group of up to three characters starts, counted in bytes after the prefix.
        at: usize,
        /// What is wrong there.
        fault: &'static str,
    },
    /// No zlib stream (RFC 1950).
    NotCompressed,
    /// A zlib stream that is damaged, cut off, or followed by more.
    BrokenZlib,
    /// No zip file of one file that can be unpacked.
    BrokenZip {
        /// What is wrong.
        fault: &'static str,
    },
    /// It inflates to more than any certificate needs: a bomb.
    InflatedTooLarge {
        /// The most that is inflated, in bytes.
        limit: usize,
    },
    /// No compact JSON Web Signature (RFC 7515 §3.1).
    BrokenJws {
        /// What is wrong.
        fault: &'static str,
    },
    /// Not well-formed CBOR, or no COSE_Sign1 (RFC 9052 §4.2).
    BrokenCose {
        /// What is wrong.
        fault: &'static str,
        /// Where, in bytes from the start of the message.
        at: usize,
    },
    /// Not well-formed JSON, or not what its format signs.
    BrokenJson {
        /// What is wrong.
        fault: &'static str,
    },
    /// The signer's certificate (X.509) cannot be used.
    BrokenCertificate {
        /// What is wrong.
        fault: &'static str,
    },
    /// Its words are defined in a place that we do not know (JSON-LD), so that nobody can tell here what was signed.
    ContextNotKnown {
        /// The place.
        context: String,
    },
    /// The same header parameter twice (RFC 9052 §3).
    DuplicateHeader {
        /// The parameter's label.
        label: String,
    },
    /// A header parameter that must be understood, and is not (RFC 9052 §3.1, `crit`).
    CriticalHeader {
        /// The parameter's label.
        label: String,
    },
    /// No algorithm named in either header.
    AlgorithmMissing,
    /// An algorithm other than ES256, PS256 and EdDSA.
    AlgorithmNotSupported {
        /// Its COSE number or name.
        alg: String,
    },
    /// The key with this id is for another algorithm.
    AlgorithmMismatch {
        /// The key.
        kid: Kid,
        /// The algorithm that the pass names.
        alg: &'static str,
    },
    /// The signature does not hold under any key with this id: tampered, or forged.
    BadSignature {
        /// The key id.
        kid: Kid,
    },
    /// What was signed is no claims set (RFC 8392).
    BrokenCwt {
        /// What is wrong.
        fault: &'static str,
        /// Where, in bytes from the start of the claims set.
        at: usize,
    },
    /// A claim that a pass must have.
    ClaimMissing {
        /// Its name.
        claim: &'static str,
    },
    /// A claim of the wrong type, or twice.
    ClaimInvalid {
        /// Its name.
        claim: &'static str,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// A schema version that we do not know.
    SchemaVersion {
        /// The version that it claims.
        version: String,
    },
    /// Not what the schema demands.
    SchemaViolation {
        /// Where in the certificate, e.g. `v[0].dt`.
        field: String,
        /// What is wrong there.
        fault: &'static str,
    },
    /// Not exactly one vaccination, test or recovery.
    NotOneCertificate {
        /// How many there are.
        count: usize,
    },
    /// Before its beginning.
    NotYetValid {
        /// `iat` or `nbf`, the later of both, seconds UTC.
        at: i64,
        /// When it was judged, seconds UTC.
        now: i64,
    },
    /// Past its end.
    Expired {
        /// `exp`, seconds UTC.
        at: i64,
        /// When it was judged, seconds UTC.
        now: i64,
    },
    /// Signed by a key that is not valid yet.
    KeyNotYetValid {
        /// The key.
        kid: Kid,
        /// Its first second, seconds UTC.
        at: i64,
        /// When it was judged, seconds UTC.
        now: i64,
    },
    /// Signed by a key that is not valid any more.
    KeyExpired {
        /// The key.
        kid: Kid,
        /// Its last second, seconds UTC.
        at: i64,
        /// When it was judged, seconds UTC.
        now: i64,
    },
    /// A key that may not sign this kind of certificate.
    UsageNotAllowed {
        /// The key.
        kid: Kid,
        /// The kind that it signed.
        kind: Kind,
    },
    /// Signed by a key that was revoked before the pass was issued, or of a pass that does not say when.
    KeyRevoked {
        /// The key.
        kid: Kid,
        /// Passes from this moment on are refused, seconds UTC.
        from: i64,
    },
    /// Its issuer has taken it back.
    Revoked {
        /// The list that names it.
        list: String,
    },
    /// A genuine test result that says: infected.
    PositiveTest {
        /// When the sample was taken, as the certificate has it.
        sampled: String,
    },
    /// A genuine test result that is neither "detected" nor "not detected".
    UnclearTest {
        /// Its code (SNOMED CT).
        result: String,
    },
    /// A kind of pass that this place does not accept in its present mode.
    KindNotAccepted {
        /// The kind.
        kind: Kind,
        /// The mode's identifier.
        mode: String,
        /// What the mode is called.
        title: Texts,
    },
    /// A rule of this place does not let it pass.
    RuleFailed {
        /// Which rule, and what it demands.
        rule: RuleName,
        /// What it looked at in the pass, by field (`v.0.dt`); escaped.
        values: BTreeMap<String, String>,
    },
    /// A rule of this place came to no answer for this pass.
    RuleBroken {
        /// Which rule, and what it demands.
        rule: RuleName,
        /// What went wrong.
        fault: String,
        /// What it looked at in the pass, by field (`v.0.dt`); escaped.
        values: BTreeMap<String, String>,
    },
    /// A pass for other zones than the one that this station stands in.
    OtherZone {
        /// The zones that it is for.
        zones: Vec<String>,
        /// The station's zone.
        here: String,
    },
    /// A pass that was used at this station as often as it may be. What other stations saw is not known here.
    AlreadyUsed {
        /// The latest use, seconds UTC.
        at: i64,
        /// How often it may be used.
        uses: u32,
        /// When it was used, seconds UTC, the earliest first; the latest few of many.
        times: Vec<i64>,
    },
}

/// Why judging stops before its end.
#[derive(Debug, PartialEq)]
pub(crate) enum Stop {
    Refused(Refusal),
    CannotTell(Doubt),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Doubt> for Stop {
    fn from(doubt: Doubt) -> Self {
        Self::CannotTell(doubt)
    }
}

#[cfg(test)]
mod tests;
