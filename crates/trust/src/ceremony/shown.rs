//! Whether all that is signed is what is shown, and nothing beside it.
//!
//! A device reads a role's key ids as the root declares them, and passes over members that it does not
//! know. So each body is made anew out of what a review shows of it, the keys out of the cards, and has
//! to come out the same.

use std::collections::BTreeMap;

use serde_json::Value;

use super::card::Card;
use super::plan::{Holders, Plan, RoleName, TERM_MAX};
use super::request::{Request, no_request};
use super::review::number;
use crate::error::Error;
use crate::publish::bodies::{self, Signing};
use crate::tuf::{self, SIGNED_AT};

/// Refuses a body with anything in it that is not shown.
pub(super) fn check(request: &Request) -> Result<(), Error> {
    let cards = cards(request)?;
    for (role, body) in &request.bodies {
        if rebuilt(request, &cards, *role, body)? != *body {
            let name = role.name();
            return Err(no_request(&format!(
                "its {name} has more in it, or other things, than what is shown"
            )));
        }
    }
    Ok(())
}

/// Everybody's cards, by their keys' computed ids.
fn cards(request: &Request) -> Result<BTreeMap<String, &Card>, Error> {
    let mut cards = BTreeMap::new();
    for card in &request.cards {
        if cards.insert(card.id()?, card).is_some_and(|other| other != card) {
            return Err(no_request(&format!("one key has two names, {:?} among them", card.name())));
        }
    }
    Ok(cards)
}

fn rebuilt(
    request: &Request,
    cards: &BTreeMap<String, &Card>,
    role: RoleName,
    body: &Value,
) -> Result<Value, Error> {
    let signing = signing(role, body)?;
    let pinned = |file: &str| number(&body["meta"][file]["version"]);
    Ok(match role {
        RoleName::Root => bodies::root(&plan(request, cards)?.roster()?, signing)?,
        RoleName::Targets => bodies::targets(&request.contents, signing)?,
        RoleName::Snapshot => bodies::snapshot(pinned("targets.json"), None, signing)?,
        RoleName::Timestamp => bodies::timestamp(pinned("snapshot.json"), None, signing)?,
    })
}

fn signing(role: RoleName, body: &Value) -> Result<Signing, Error> {
    let now = body[SIGNED_AT].as_i64().unwrap_or_default();
    let term = body["expires"].as_str().and_then(tuf::seconds).and_then(|until| until.checked_sub(now));
    match term {
        Some(term) if (1..=TERM_MAX).contains(&term) => {
            Ok(Signing { version: number(&body["version"]), now, term })
        }
        _ => Err(no_request(&format!("its {} holds for no term that a role has", role.name()))),
    }
}

/// Who signs by the new root. The days of a plan are not in it: each body says its end.
fn plan(request: &Request, cards: &BTreeMap<String, &Card>) -> Result<Plan, Error> {
    let holders = |role| -> Result<Holders, Error> {
        // That of the new root comes last.
        let group = request.groups(role)?.pop().ok_or_else(|| no_request("it has no root"))?;
        let card = |id: &String| {
            let named = cards.get(id).map(|card| (*card).clone());
            named.ok_or_else(|| no_request(&format!("nobody's name is given for the key {id:.64}")))
        };
        let signers = group.ids.iter().map(card).collect::<Result<_, _>>()?;
        Ok(Holders::new(group.threshold, 1, signers))
    };
    let plan = Plan {
        root: holders(RoleName::Root)?,
        targets: holders(RoleName::Targets)?,
        snapshot: holders(RoleName::Snapshot)?,
        timestamp: holders(RoleName::Timestamp)?,
    };
    plan.check().map_err(|error| no_request(&error.to_string()))?;
    Ok(plan)
}
