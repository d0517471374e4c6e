//! What is laid out to be signed.

use std::collections::BTreeMap;

use serde_json::Value;

use super::plan::{Plan, RoleName};
use crate::error::Error;
use crate::publish::bodies::{self, Roster, Signing};
use crate::tuf::{Files, Verified};

/// What is to be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Staging {
    /// Everything: the files as they are in the draft, and a new root where the plan has changed.
    Everything {
        /// A new root even though the plan is the same: its term runs out.
        renew_root: bool,
    },
    /// What is published, for another term.
    Renewal {
        /// The snapshot as well, not the timestamp alone.
        snapshot: bool,
    },
}

/// The bodies that are to be signed at `now` (seconds UTC), over what is published (`base`).
pub(super) fn bodies(
    plan: &Plan,
    base: Option<&(Files, Verified)>,
    contents: &BTreeMap<String, Vec<u8>>,
    staging: Staging,
    now: i64,
) -> Result<BTreeMap<RoleName, Value>, Error> {
    let (roster, terms) = (plan.roster()?, plan.terms());
    let in_use = base.map_or([0; 3], |(_, verified)| verified.versions);
    let next = in_use.map(|version| version + 1);
    let signing = |version, term| Signing { version, now, term };
    let moved = base.is_none_or(|(_, verified)| !is_same(&roster, verified));
    let mut bodies = BTreeMap::new();
    match staging {
        Staging::Everything { renew_root } => {
            if moved || renew_root {
                let version = base.map_or(0, |(_, verified)| verified.root.version) + 1;
                bodies.insert(RoleName::Root, bodies::root(&roster, signing(version, terms.root))?);
            }
            bodies.insert(RoleName::Targets, bodies::targets(contents, signing(next[2], terms.targets))?);
            bodies.insert(
                RoleName::Snapshot,
                bodies::snapshot(next[2], None, signing(next[1], terms.snapshot))?,
            );
            bodies.insert(
                RoleName::Timestamp,
                bodies::timestamp(next[1], None, signing(next[0], terms.timestamp))?,
            );
        }
        Staging::Renewal { .. } if moved => {
            let line = "who signs has changed since the last publication; use `propusk keys stage`, have it signed and publish it";
            return Err(Error::Ceremony(line.into()));
        }
        Staging::Renewal { snapshot } => {
            if snapshot {
                let body = bodies::snapshot(in_use[2], None, signing(next[1], terms.snapshot))?;
                bodies.insert(RoleName::Snapshot, body);
            }
            let pinned = if snapshot { next[1] } else { in_use[1] };
            let body = bodies::timestamp(pinned, None, signing(next[0], terms.timestamp))?;
            bodies.insert(RoleName::Timestamp, body);
        }
    }
    Ok(bodies)
}

/// Whether the root in use names the same people.
fn is_same(roster: &Roster, verified: &Verified) -> bool {
    let sorted = |ids: &[String]| {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids
    };
    roster.roles.iter().all(|role| {
        let named = verified.root.role(role.name);
        named.is_some_and(|named| {
            named.threshold == role.threshold && sorted(&named.keyids) == sorted(&role.ids)
        })
    })
}
