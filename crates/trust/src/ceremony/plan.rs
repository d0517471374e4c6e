//! Who signs for what, and for how long.

use serde::{Deserialize, Serialize};

use super::card::Card;
use crate::error::Error;
use crate::publish::Terms;
use crate::publish::bodies::{NamedRole, Roster};
use crate::tuf;

const DAY: i64 = 24 * 60 * 60;
/// Longest term of a signature, in days: ten years.
const DAYS_MAX: u32 = 3660;
/// The same in seconds.
pub(super) const TERM_MAX: i64 = DAYS_MAX as i64 * DAY;

/// One of the four roles (TUF 1.0 §2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RoleName {
    /// Says who signs for all roles.
    Root,
    /// Vouches for the key set and the other files.
    Targets,
    /// Says which targets belong together.
    Snapshot,
    /// Says which snapshot is the newest.
    Timestamp,
}

/// Who signs for one role, how many of them must, and for how many days it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holders {
    /// How many signatures devices ask for.
    pub threshold: usize,
    /// Days until a signature is too old.
    pub days: u32,
    /// Their cards.
    pub signers: Vec<Card>,
}

/// An authority's roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// More than half of its signers must sign: else two halves could make two roots.
    pub root: Holders,
    /// For the key set and the other files.
    pub targets: Holders,
    /// For what belongs together.
    pub snapshot: Holders,
    /// For what is newest.
    pub timestamp: Holders,
}

impl RoleName {
    /// All four, in the order in which they are verified.
    pub const ALL: [Self; 4] = [Self::Root, Self::Timestamp, Self::Snapshot, Self::Targets];

    /// Its name in metadata.
    pub fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Targets => "targets",
            Self::Snapshot => "snapshot",
            Self::Timestamp => "timestamp",
        }
    }
}

impl Holders {
    /// Signers, of whom `threshold` must sign, for `days` days.
    pub fn new(threshold: usize, days: u32, signers: Vec<Card>) -> Self {
        Self { threshold, days, signers }
    }
}

impl Plan {
    /// The holders of a role.
    pub fn holders(&self, role: RoleName) -> &Holders {
        match role {
            RoleName::Root => &self.root,
            RoleName::Targets => &self.targets,
            RoleName::Snapshot => &self.snapshot,
            RoleName::Timestamp => &self.timestamp,
        }
    }

    /// The same plan without the signer of this name or key id in any role; refused where nobody is called
    /// that, or where too few would be left.
    pub fn without(&self, who: &str) -> Result<Self, Error> {
        let mut plan = self.clone();
        let mut found = false;
        for holders in [&mut plan.root, &mut plan.targets, &mut plan.snapshot, &mut plan.timestamp] {
            let before = holders.signers.len();
            holders.signers.retain(|card| card.name() != who && card.id().ok().as_deref() != Some(who));
            found |= holders.signers.len() < before;
        }
        if !found {
            return Err(Error::Ceremony(format!(
                "nobody who signs is called {who:?}; give a name or key id as `propusk keys status` shows it"
            )));
        }
        plan.check()?;
        Ok(plan)
    }

    /// Whether every threshold can be met, and no signer stands in a role twice.
    pub fn check(&self) -> Result<(), Error> {
        for role in RoleName::ALL {
            let holders = self.holders(role);
            let refuse = |what: &str| Err(Error::Ceremony(format!("the role {}: {what}", role.name())));
            let mut ids = holders.signers.iter().map(Card::id).collect::<Result<Vec<_>, _>>()?;
            holders.signers.iter().try_for_each(Card::check)?;
            ids.sort_unstable();
            ids.dedup();
            if ids.len() != holders.signers.len() {
                return refuse("one key stands in it twice; name each signer once");
            }
            if holders.threshold == 0 || holders.threshold > ids.len() {
                return refuse(&format!(
                    "{} of {} cannot sign; name more signers, or choose a threshold from 1 to their number",
                    holders.threshold,
                    ids.len()
                ));
            }
            if role == RoleName::Root && holders.threshold * 2 <= ids.len() {
                return refuse("more than half of its signers must sign; choose a higher threshold");
            }
            if !(1..=DAYS_MAX).contains(&holders.days) {
                return refuse(&format!("a term is 1 to {DAYS_MAX} days"));
            }
        }
        Ok(())
    }

    pub(crate) fn roster(&self) -> Result<Roster, Error> {
        let mut roster = Roster { roles: vec![], keys: serde_json::Map::new() };
        for role in RoleName::ALL {
            let holders = self.holders(role);
            let mut ids = vec![];
            for card in &holders.signers {
                let (id, entry) = tuf::key_id(&card.key()?)?;
                roster.keys.insert(id.clone(), entry);
                ids.push(id);
            }
            roster.roles.push(NamedRole { name: role.name(), ids, threshold: holders.threshold });
        }
        Ok(roster)
    }

    pub(crate) fn terms(&self) -> Terms {
        let seconds = |holders: &Holders| i64::from(holders.days) * DAY;
        Terms {
            root: seconds(&self.root),
            targets: seconds(&self.targets),
            snapshot: seconds(&self.snapshot),
            timestamp: seconds(&self.timestamp),
        }
    }
}
