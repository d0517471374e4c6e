//! Why a text is refused, or cannot be decided: the taxonomy, its names and its evidence.

use crate::display;
use crate::key::Kid;
use crate::pass::Kind;
use crate::verdict::{Evidence, Stage};

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
    /// It inflates to more than any certificate needs: a bomb.
    InflatedTooLarge {
        /// The most that is inflated, in bytes.
        limit: usize,
    },
    /// Not well-formed CBOR, or no COSE_Sign1 (RFC 9052 §4.2).
    BrokenCose {
        /// What is wrong.
        fault: &'static str,
        /// Where, in bytes from the start of the message.
        at: usize,
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
    /// No algorithm named in the protected header.
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
}

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
    /// A known kind of certificate that this version cannot verify.
    FormatNotSupported {
        /// What it is called.
        format: &'static str,
    },
    /// A link to an official register: unsigned, so only the register itself could tell.
    OnlineOnly {
        /// The register's host; matched exactly.
        host: &'static str,
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

/// What a text that is no certificate looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextKind {
    /// Nothing.
    Empty,
    /// A web address.
    Link,
    /// Something that a browser or phone would run: `javascript:`, `data:`, `intent:`.
    Script,
    /// Access to a wireless network.
    Wifi,
    /// A contact: vCard, MeCard.
    Contact,
    /// Anything else.
    Other,
}

/// Every name that [`crate::Verdict::reason`] can give, in the order of the steps.
pub const REASONS: &[&str] = &[
    "accepted",
    "not_a_certificate",
    "text_too_long",
    "unsupported_version",
    "not_base45",
    "not_compressed",
    "broken_zlib",
    "inflated_too_large",
    "broken_cose",
    "duplicate_header",
    "critical_header",
    "algorithm_missing",
    "algorithm_not_supported",
    "algorithm_mismatch",
    "bad_signature",
    "broken_cwt",
    "claim_missing",
    "claim_invalid",
    "schema_version",
    "schema_violation",
    "not_one_certificate",
    "not_yet_valid",
    "expired",
    "key_not_yet_valid",
    "key_expired",
    "usage_not_allowed",
    "key_revoked",
    "revoked",
    "positive_test",
    "unclear_test",
    "unknown_key",
    "keys_too_old",
    "revocation_unreadable",
    "format_not_supported",
    "online_only",
];

/// A reason's step, name and evidence.
pub(crate) type Description = (Stage, &'static str, Vec<(&'static str, Evidence)>);

impl Refusal {
    /// The one table of steps, names and evidence.
    #[rustfmt::skip]
    pub(crate) fn describe(&self) -> Description {
        use Stage::{Base45, Cose, Cwt, Inflate, Revocation, Rules, Schema, Signature, Text, Time, Usage};
        match self {
            Self::NotACertificate { looks_like, text: shown } =>
                (Text, "not_a_certificate", vec![("looks_like", text(looks_like.name())), ("text", text(shown))]),
            Self::TextTooLong { length, limit } =>
                (Text, "text_too_long", vec![("length", number(*length)), ("limit", number(*limit))]),
            Self::UnsupportedVersion { prefix } =>
                (Text, "unsupported_version", vec![("prefix", hostile(prefix))]),
            Self::NotBase45 { at, fault } =>
                (Base45, "not_base45", vec![("at", number(*at)), ("fault", text(fault))]),
            Self::NotCompressed => (Inflate, "not_compressed", vec![]),
            Self::BrokenZlib => (Inflate, "broken_zlib", vec![]),
            Self::InflatedTooLarge { limit } =>
                (Inflate, "inflated_too_large", vec![("limit", number(*limit))]),
            Self::BrokenCose { fault, at } =>
                (Cose, "broken_cose", vec![("fault", text(fault)), ("at", number(*at))]),
            Self::DuplicateHeader { label } =>
                (Cose, "duplicate_header", vec![("label", hostile(label))]),
            Self::CriticalHeader { label } =>
                (Cose, "critical_header", vec![("label", hostile(label))]),
            Self::AlgorithmMissing => (Cose, "algorithm_missing", vec![]),
            Self::AlgorithmNotSupported { alg } =>
                (Cose, "algorithm_not_supported", vec![("alg", hostile(alg))]),
            Self::AlgorithmMismatch { kid: id, alg } =>
                (Signature, "algorithm_mismatch", vec![kid(id), ("alg", text(alg))]),
            Self::BadSignature { kid: id } => (Signature, "bad_signature", vec![kid(id)]),
            Self::BrokenCwt { fault, at } =>
                (Cwt, "broken_cwt", vec![("fault", text(fault)), ("at", number(*at))]),
            Self::ClaimMissing { claim } => (Cwt, "claim_missing", vec![("claim", text(claim))]),
            Self::ClaimInvalid { claim, fault } =>
                (Cwt, "claim_invalid", vec![("claim", text(claim)), ("fault", text(fault))]),
            Self::SchemaVersion { version } =>
                (Schema, "schema_version", vec![("version", hostile(version))]),
            Self::SchemaViolation { field, fault } =>
                (Schema, "schema_violation", vec![("field", hostile(field)), ("fault", text(fault))]),
            Self::NotOneCertificate { count } =>
                (Schema, "not_one_certificate", vec![("count", number(*count))]),
            Self::NotYetValid { at, now } => (Time, "not_yet_valid", times(*at, *now)),
            Self::Expired { at, now } => (Time, "expired", times(*at, *now)),
            Self::KeyNotYetValid { kid: id, at, now } =>
                (Time, "key_not_yet_valid", vec![kid(id), ("at", Evidence::Time(*at)), ("now", Evidence::Time(*now))]),
            Self::KeyExpired { kid: id, at, now } =>
                (Time, "key_expired", vec![kid(id), ("at", Evidence::Time(*at)), ("now", Evidence::Time(*now))]),
            Self::UsageNotAllowed { kid: id, kind } =>
                (Usage, "usage_not_allowed", vec![kid(id), ("kind", text(kind.name()))]),
            Self::KeyRevoked { kid: id, from } =>
                (Revocation, "key_revoked", vec![kid(id), ("at", Evidence::Time(*from))]),
            Self::Revoked { list } => (Revocation, "revoked", vec![("list", hostile(list))]),
            Self::PositiveTest { sampled } =>
                (Rules, "positive_test", vec![("sampled", hostile(sampled))]),
            Self::UnclearTest { result } =>
                (Rules, "unclear_test", vec![("result", hostile(result))]),
        }
    }
}

impl Doubt {
    /// The same table for doubts.
    #[rustfmt::skip]
    pub(crate) fn describe(&self) -> Description {
        match self {
            Self::UnknownKey { kid: id } => (Stage::Signature, "unknown_key", vec![kid(id)]),
            Self::KeysTooOld { at, now } =>
                (Stage::Signature, "keys_too_old", times(*at, *now)),
            Self::RevocationUnreadable { list } =>
                (Stage::Revocation, "revocation_unreadable", vec![("list", hostile(list))]),
            Self::FormatNotSupported { format } =>
                (Stage::Text, "format_not_supported", vec![("format", text(format))]),
            Self::OnlineOnly { host } => (Stage::Text, "online_only", vec![("host", text(host))]),
        }
    }
}

impl TextKind {
    /// Its name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Link => "link",
            Self::Script => "script",
            Self::Wifi => "wifi",
            Self::Contact => "contact",
            Self::Other => "other",
        }
    }
}

fn text(text: &str) -> Evidence {
    Evidence::Text(text.to_owned())
}

fn hostile(text: &str) -> Evidence {
    Evidence::Text(display::escape(text))
}

fn number(number: usize) -> Evidence {
    Evidence::Number(i64::try_from(number).unwrap_or(i64::MAX))
}

fn kid(kid: &Kid) -> (&'static str, Evidence) {
    ("kid", Evidence::Text(kid.to_string()))
}

fn times(at: i64, now: i64) -> Vec<(&'static str, Evidence)> {
    vec![("at", Evidence::Time(at)), ("now", Evidence::Time(now))]
}

#[cfg(test)]
mod tests;
