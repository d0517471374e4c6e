//! The names of all reasons and of their evidence, and of what everyday texts look like.

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
    /// A telephone number.
    Phone,
    /// A message to be sent: SMS, mail.
    Message,
    /// A place on the map.
    Place,
    /// A date for a calendar (iCalendar).
    Event,
    /// A payment: EPC, Swiss QR-bill, GOST R 56042, UPI, a cryptocurrency.
    Payment,
    /// A secret that makes one-time passwords.
    OneTimePassword,
    /// A boarding pass (IATA Resolution 792, BCBP).
    BoardingPass,
    /// Anything else.
    Other,
}

/// Every name that [`crate::Verdict::reason`] can give, in the order of the steps, with the names of the evidence that it
/// can have, in the order of [`crate::Verdict::evidence`].
pub const EVIDENCE: &[(&str, &[&str])] = &[
    ("accepted", &[]),
    ("not_a_certificate", &["looks_like", "text"]),
    ("suspected_forgery", &["register", "leads_to", "fault", "text"]),
    ("text_too_long", &["length", "limit"]),
    ("unsupported_version", &["prefix"]),
    ("broken_text", &["at", "fault"]),
    ("not_base45", &["at", "fault"]),
    ("not_compressed", &[]),
    ("broken_zlib", &[]),
    ("broken_zip", &["fault"]),
    ("inflated_too_large", &["limit"]),
    ("broken_jws", &["fault"]),
    ("broken_cose", &["fault", "at"]),
    ("broken_json", &["fault"]),
    ("broken_certificate", &["fault"]),
    ("context_not_known", &["context"]),
    ("duplicate_header", &["label"]),
    ("critical_header", &["label"]),
    ("algorithm_missing", &[]),
    ("algorithm_not_supported", &["alg"]),
    ("algorithm_mismatch", &["kid", "alg"]),
    ("bad_signature", &["kid"]),
    ("broken_cwt", &["fault", "at"]),
    ("claim_missing", &["claim"]),
    ("claim_invalid", &["claim", "fault"]),
    ("schema_version", &["version"]),
    ("schema_violation", &["field", "fault"]),
    ("not_one_certificate", &["count"]),
    ("not_yet_valid", &["at", "now"]),
    ("expired", &["at", "now"]),
    ("key_not_yet_valid", &["kid", "at", "now"]),
    ("key_expired", &["kid", "at", "now"]),
    ("usage_not_allowed", &["kid", "kind"]),
    ("key_revoked", &["kid", "at"]),
    ("revoked", &["list"]),
    ("positive_test", &["sampled"]),
    ("unclear_test", &["result"]),
    ("kind_not_accepted", &["kind", "mode"]),
    ("rule_failed", &["rule", "version", "description", "values"]),
    ("rule_broken", &["rule", "version", "description", "values", "fault"]),
    ("other_zone", &["zones", "here"]),
    ("already_used", &["at", "uses", "times"]),
    ("unknown_key", &["kid"]),
    ("keys_too_old", &["at", "now"]),
    ("revocation_unreadable", &["list"]),
    ("policy_unreadable", &["fault"]),
    ("uses_unreadable", &["fault"]),
    ("format_not_supported", &["format"]),
    ("encrypted", &["format"]),
    ("not_decrypted", &["format", "kid"]),
    ("part_of_code", &["have", "of"]),
    ("dutch_verifier_only", &[]),
    ("phone_document", &[]),
    ("online_only", &["host", "number", "check"]),
];

/// Every name that [`crate::Verdict::reason`] can give, in the order of the steps.
pub const REASONS: &[&str] = &reasons();

const fn reasons() -> [&'static str; EVIDENCE.len()] {
    let mut names = [""; EVIDENCE.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = EVIDENCE[at].0; // safe: of one length
        at += 1;
    }
    names
}
