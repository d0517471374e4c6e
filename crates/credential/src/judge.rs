//! The steps after the schema: time, usage, revocation, rules.

use std::iter;

use crate::format::Verified;
use crate::key::IssuerKey;
use crate::pass::Pass;
use crate::refusal::{Doubt, Refusal};
use crate::verdict::{Accepted, CannotTell, Refused, Verdict};
use crate::{Context, InForce, Revoked, Unreadable};

/// SNOMED CT: detected.
const DETECTED: &str = "260373001";
/// SNOMED CT: not detected.
const NOT_DETECTED: &str = "260415000";

/// Judges a pass whose signature held.
pub(crate) fn judge(verified: Verified<'_>, context: Context<'_>, now: i64) -> Verdict {
    let Verified { mut pass, signers } = verified;
    let allows = |key: &&IssuerKey| signer_refusal(&pass, key, now).is_none();
    let signer = iter::once(signers.first).chain(signers.others).find(allows).unwrap_or(signers.first);
    pass.signed_by.clone_from(&signer.issuer);
    pass.kid.clone_from(&signer.kid);
    pass.demo = signer.demo;
    let revocation = context.revocation.revoked(&pass);
    let refusal = time_refusal(&pass, now)
        .or_else(|| signer_refusal(&pass, signer, now))
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

/// Keys that nobody has vouched for lately may have been revoked since: what they say is not enough for green.
fn doubt(context: Context<'_>, now: i64) -> Option<Doubt> {
    let at = context.keys.expires_at().filter(|at| *at < now)?;
    Some(Doubt::KeysTooOld { at, now })
}

/// `iat <= now <= exp`, and `nbf <= now` where there is one.
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
    match key.validity {
        Some(validity) if now < validity.not_before => {
            Some(Refusal::KeyNotYetValid { kid: kid(), at: validity.not_before, now })
        }
        Some(validity) if validity.not_after < now => {
            Some(Refusal::KeyExpired { kid: kid(), at: validity.not_after, now })
        }
        _ if !key.usages.allow(pass.kind) => Some(Refusal::UsageNotAllowed { kid: kid(), kind: pass.kind }),
        _ => key
            .revoked_from
            .filter(|from| pass.issued_at.is_none_or(|at| at >= *from))
            .map(|from| Refusal::KeyRevoked { kid: kid(), from }),
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
