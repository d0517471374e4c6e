//! Policies as chance makes them.

use proptest::prelude::*;

use super::*;
use crate::testing::EXPIRES;

const PATHS: [&str; 7] = [
    "payload.v.0.dn",
    "payload.v.0.dt",
    "payload.dob",
    "external.validationClock",
    "external.kid",
    "payload",
    "",
];
const OPERATORS: [&str; 9] = ["and", "===", "in", "+", "<", "after", "reduce", "if", "!"];

/// Logic of whatever type, some of it wrong.
fn logic() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        (-3_i64..4).prop_map(Value::from),
        proptest::sample::select(&PATHS[..]).prop_map(|path| json!({ "var": path })),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let operation =
            (proptest::sample::select(&OPERATORS[..]), proptest::collection::vec(inner.clone(), 1..4))
                .prop_map(|(operator, operands)| json!({ operator: operands }));
        let times = inner.prop_map(|operand| json!({ "plusTime": [operand, 1, "day"] }));
        prop_oneof![3 => operation, 1 => times]
    })
}

fn rule() -> impl Strategy<Value = Value> {
    (0..3_u8, any::<bool>(), logic(), 0..3_usize).prop_map(|(id, accepts, logic, kind)| {
        let mut rule =
            json!({ "id": format!("r{id}"), "version": format!("{kind}"), "description": { "en": "x" } });
        rule[if accepts { "accept_if" } else { "refuse_if" }] = logic;
        if kind > 0 {
            rule["kinds"] = json!([["vaccination"], ["test"]][kind - 1]);
        }
        rule
    })
}

fn policy() -> impl Strategy<Value = Policy> {
    proptest::collection::vec(rule(), 0..6).prop_filter_map("no policy", |rules| {
        Policy::parse(document("rules", rules.into()).to_string().as_bytes()).ok()
    })
}

proptest! {
    #[test]
    fn no_policy_panics_or_turns_a_refused_pass_green(policy in policy(), now in EXPIRES - 2100..EXPIRES + 100) {
        let keys = ed25519_keys();
        let judged = |policy| {
            let context = Context { keys: &keys, revocation: &NothingRevoked, policy };
            judge_text(&Message::eddsa().text(), context, now)
        };
        let (bare, with) = (judged(InForce::Nothing), judged(InForce::Mode(policy.default_mode())));
        if bare.outcome() == Outcome::Accepted {
            prop_assert!(matches!(with.reason(), "accepted" | "rule_failed" | "rule_broken"), "{}", with.reason());
        } else {
            prop_assert_eq!(with, bare);
        }
    }

    #[test]
    fn no_text_panics(text in r#"[\{\}\[\]":,a-z0-9 ]{0,60}"#, bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let _ = Policy::parse(text.as_bytes());
        let _ = Policy::parse(&bytes);
    }
}
