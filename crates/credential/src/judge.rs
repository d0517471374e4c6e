//! The steps after the schema: time, usage, revocation, rules.

use std::iter;

use crate::format::{Format, Verified};
use crate::key::{IssuerKey, Kid, Validity};
use crate::pass::Pass;
use crate::refusal::{Doubt, Refusal};
use crate::signers::Signers;
use crate::verdict::{Accepted, CannotTell, Refused, Verdict};
use crate::{Context, InForce, Revoked, Unreadable};

/// SNOMED CT: detected.
pub(crate) const DETECTED: &str = "260373001";
/// SNOMED CT: not detected.
pub(crate) const NOT_DETECTED: &str = "260415000";

/// Judges a pass whose signature held.
pub(crate) fn judge(verified: Verified<'_>, context: Context<'_>, now: i64) -> Verdict {
    let Verified { mut pass, signers, certified } = verified;
    let signer = signer(signers, &pass, now);
    pass.signed_by.clone_from(&signer.issuer);
    pass.signer_country.clone_from(&signer.country);
    pass.kid.clone_from(&signer.kid);
    pass.demo = signer.demo;
    let revocation = context.revocation.revoked(&pass);
    let refusal = time_refusal(&pass, now)
        .or_else(|| signer_refusal(&pass, signer, now))
        .or_else(|| certified.and_then(|(kid, validity)| validity_refusal(kid, validity, now)))
        .or_else(|| revocation_refusal(&revocation))
        .or_else(|| rule_refusal(&pass))
        .or_else(|| policy_refusal(&pass, context, now));
    let doubt =
        doubt(context, now).or_else(|| revocation_doubt(revocation)).or_else(|| policy_doubt(context));
    match (refusal, doubt) {
        (Some(reason), _) => Verdict::Refused(Refused { reason, pass: Some(pass) }),
        (None, Some(reason)) => Verdict::CannotTell(CannotTell { reason }),
        (None, None) => Verdict::Accepted(Accepted { pass }),
    }
}

/// The entry that counts, of those of one key: one that is revoked, else one that allows the pass.
fn signer<'k>(signers: Signers<'k>, pass: &Pass, now: i64) -> &'k IssuerKey {
    let entries: Vec<_> = iter::once(signers.first).chain(signers.others).collect();
    let revoked = |key: &&&IssuerKey| revoked_from(pass, key).is_some();
    let allows = |key: &&&IssuerKey| signer_refusal(pass, key, now).is_none();
    entries.iter().find(revoked).or_else(|| entries.iter().find(allows)).copied().unwrap_or(signers.first)
}

/// Keys that nobody has vouched for lately may have been revoked since: what they say is not enough for green.
fn doubt(context: Context<'_>, now: i64) -> Option<Doubt> {
    let at = context.keys.expires_at().filter(|at| *at < now)?;
    Some(Doubt::KeysTooOld { at, now })
}

/// `iat <= now <= exp`, and `nbf <= now` where there is one. A recovery's own days (`df`, `du`) are for rules: test data
/// of member states are valid outside of them.
fn time_refusal(pass: &Pass, now: i64) -> Option<Refusal> {
    let begins = pass.issued_at.max(pass.not_before).filter(|at| now < *at);
    let ended = pass.expires_at.filter(|at| *at < now);
    begins.map(|at| Refusal::NotYetValid { at, now }).or_else(|| ended.map(|at| Refusal::Expired { at, now }))
}

/// Whether this key may have signed this pass. Its validity counts at `now`: a key is
/// valid for at least as long as what it signs (eu-dcc-hcert-spec), and real passes
/// carry an `iat` from before their key was certified.
fn signer_refusal(pass: &Pass, key: &IssuerKey, now: i64) -> Option<Refusal> {
    let kid = || key.kid.clone();
    let late = key.validity.and_then(|validity| validity_refusal(kid(), validity, now));
    late.or_else(|| (!may_sign(key, pass)).then(|| Refusal::UsageNotAllowed { kid: kid(), kind: pass.kind }))
        .or_else(|| revoked_from(pass, key).map(|from| Refusal::KeyRevoked { kid: kid(), from }))
}

/// From when on the key is revoked, where that reaches this pass.
fn revoked_from(pass: &Pass, key: &IssuerKey) -> Option<i64> {
    key.revoked_from.filter(|from| pass.issued_at.is_none_or(|at| at >= *from))
}

/// Certificates of signers of ICAO's seals say that they are for something else than DCCs, and no more.
fn may_sign(key: &IssuerKey, pass: &Pass) -> bool {
    key.usages.allow(pass.kind) || (key.usages.other && pass.format == Format::VdsNc)
}

fn validity_refusal(kid: Kid, validity: Validity, now: i64) -> Option<Refusal> {
    match validity {
        Validity { not_before: at, .. } if now < at => Some(Refusal::KeyNotYetValid { kid, at, now }),
        Validity { not_after: at, .. } if at < now => Some(Refusal::KeyExpired { kid, at, now }),
        _ => None,
    }
}

fn revocation_refusal(revocation: &Result<Option<Revoked>, Unreadable>) -> Option<Refusal> {
    let revoked = revocation.as_ref().ok()?.as_ref()?;
    Some(Refusal::Revoked { list: revoked.list.clone() })
}

/// What cannot be looked up may be revoked.
fn revocation_doubt(revocation: Result<Option<Revoked>, Unreadable>) -> Option<Doubt> {
    revocation.err().map(|unreadable| Doubt::RevocationUnreadable { list: unreadable.list })
}

/// What this place demands besides, in its present mode.
fn policy_refusal(pass: &Pass, context: Context<'_>, now: i64) -> Option<Refusal> {
    if let InForce::Mode(mode) = context.policy { mode.refusal(pass, now) } else { None }
}

/// What nobody can read may forbid anything.
fn policy_doubt(context: Context<'_>) -> Option<Doubt> {
    let InForce::Unreadable(fault) = context.policy else { return None };
    Some(Doubt::PolicyUnreadable { fault: fault.to_owned() })
}

/// What holds at every place: a genuine proof of an infection opens no door.
fn rule_refusal(pass: &Pass) -> Option<Refusal> {
    let test = pass.claims.test()?;
    match test.code.as_str() {
        NOT_DETECTED => None,
        DETECTED => Some(Refusal::PositiveTest { sampled: test.sampled }),
        _ => Some(Refusal::UnclearTest { result: test.code }),
    }
}

#[cfg(test)]
mod tests;
