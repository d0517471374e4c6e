//! Hostile passes: what the targets do with an input, shared by libFuzzer and the plain replay.
//!
//! `judge_text` is any text at all; nobody can sign by chance, so nothing may be accepted that is no seed.
//! `judge_signed` is any content under a good signature, which reaches what reads it.

pub mod judge_signed;
pub mod judge_text;
pub mod keys;
pub mod seeds;
pub mod wrap;

use std::time::Duration;

use credential::{Context, InForce, NothingRevoked, Verdict};
use fuzzing::Target;

/// All targets.
pub const TARGETS: [Target; 2] = [
    Target { name: "judge_text", run: judge_text::run, seeds: seeds::texts },
    Target { name: "judge_signed", run: judge_signed::run, seeds: seeds::contents },
];

/// 2023-11-15T00:00:00Z: most of the seeds are valid then.
pub const NOW: i64 = 1_700_006_400;
/// CPU time for one text, with overflow checks and on a slow machine; a good pass takes a thousandth of it.
const LIMIT: Duration = Duration::from_millis(500);

/// Judges a text within the time that it may take, and asks all that can be asked of the verdict.
pub fn judged(text: &str) -> Verdict {
    let context = Context { keys: keys::all(), revocation: &NothingRevoked, policy: InForce::Nothing };
    let verdict = fuzzing::within(LIMIT, "a verdict", || credential::judge_text(text, context, NOW));
    assert!(credential::REASONS.contains(&verdict.reason()));
    let _ = (verdict.evidence(), verdict.pass().map(|pass| pass.claims.to_json()));
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_seed_runs() {
        for target in TARGETS {
            let seeds = (target.seeds)();
            assert!(!seeds.is_empty());
            seeds.iter().for_each(|seed| (target.run)(seed));
        }
    }

    /// Were none accepted, the targets would test what refuses a signature and nothing behind it.
    #[test]
    fn a_content_of_every_form_is_accepted_once_it_is_signed() {
        let forms: Vec<bool> = (0..wrap::FORMS)
            .map(|form| {
                let mut of_form = seeds::contents().into_iter().filter(|seed| usize::from(seed[0]) == form);
                of_form.any(|seed| judged(&judge_signed::text(&seed)).reason() == "accepted")
            })
            .collect();
        assert_eq!(forms, vec![true; wrap::FORMS]);
    }
}
