//! What is accepted here: the policy that the keys' authority signed, and the mode that staff chose.

use credential::{InForce, Policy};
use scanlog::NewEntry;
use trust::Trusted;

use crate::event::Event;
use crate::store::{Item, Store};
use crate::view::PolicyView;
use crate::{Denied, Error, Role, Station};

/// The target that holds it.
const TARGET: &str = "policy.json";

/// The policy that a station judges by.
pub(crate) enum Installed {
    /// None: whatever is genuine and valid is accepted.
    Nothing,
    /// A policy, and the identifier of one of its modes.
    Policy(Box<Policy>, String),
    /// One that cannot be read, and why: nothing is green.
    Unreadable(String),
}

/// Whether the mode that was chosen is not in the policy any more, so that another is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LostMode {
    /// It is, or none was chosen.
    No,
    /// It is not, and the log does not say so yet.
    Untold,
    /// It is not; staff are told until somebody who may has chosen.
    Told,
}

/// The policy's document among what is trusted.
pub(crate) fn document(trusted: Option<&Trusted>) -> Option<&[u8]> {
    trusted?.target(TARGET)
}

impl Installed {
    /// Reads a document; its mode is the one that was chosen last, where the policy still has that.
    pub(crate) fn read(document: Option<&[u8]>, store: &Store) -> Result<(Self, LostMode), Error> {
        let Some(document) = document else { return Ok((Self::Nothing, LostMode::No)) };
        let policy = match Policy::parse(document) {
            Ok(policy) => policy,
            Err(error) => return Ok((Self::Unreadable(error.to_string()), LostMode::No)),
        };
        let default = policy.default_mode().mode().id().to_owned();
        let (mode, lost) = match store.get::<String>(Item::Mode)? {
            Some(chosen) if policy.in_mode(&chosen).is_some() => (chosen, LostMode::No),
            Some(_) => (default, LostMode::Untold),
            None => (default, LostMode::No),
        };
        Ok((Self::Policy(Box::new(policy), mode), lost))
    }

    /// What passes are judged by.
    pub(crate) fn in_force(&self) -> InForce<'_> {
        match self {
            Self::Nothing => InForce::Nothing,
            Self::Policy(policy, mode) => {
                // safe: a mode is chosen only where the policy has it
                InForce::Mode(policy.in_mode(mode).unwrap_or_else(|| policy.default_mode()))
            }
            Self::Unreadable(fault) => InForce::Unreadable(fault),
        }
    }
}

impl Station {
    /// Judges by this policy from now on.
    pub(crate) fn install(&mut self, (policy, lost): (Installed, LostMode)) {
        self.policy = policy;
        if lost == LostMode::Untold {
            self.lost_mode = lost;
        }
    }

    /// Logs at `now` (seconds UTC) that another mode is in force than the one that was chosen, and keeps it: a later
    /// policy that has the old one again does not bring it back unsaid.
    pub(crate) fn tell_lost_mode(&mut self, now: i64) {
        let (Installed::Policy(_, mode), LostMode::Untold) = (&self.policy, self.lost_mode) else { return };
        let event = self.event(Event::ModeChanged, Role::Staff, self.desk.operator, now);
        let (mode, entry) = (mode.clone(), NewEntry { kind: Some(mode.clone()), ..event });
        // Where it cannot be kept, staff are told of that, and it is tried again.
        if self.append(&entry).is_ok() && self.store.set(Item::Mode, &mode).is_ok() {
            self.lost_mode = LostMode::Told;
        }
    }

    /// Switches to the policy's mode with this identifier at `now` (seconds UTC); whatever is judged from then on
    /// is judged by it, also after a restart. Staff may, where an admin has not locked it
    /// ([`crate::Settings::mode_locked`]); an unlocked inspector or admin always may.
    pub fn switch_mode(&mut self, id: &str, now: i64) -> Result<(), Denied> {
        self.follow_refresh();
        let role = self.session(now).map_or(Role::Staff, |session| session.role);
        if self.settings().mode_locked && role == Role::Staff {
            return Err(Denied::Locked);
        }
        let Installed::Policy(policy, mode) = &self.policy else { return Err(no_mode(id)) };
        if policy.in_mode(id).is_none() {
            return Err(no_mode(id));
        }
        if mode == id {
            self.lost_mode = LostMode::No;
            return Ok(());
        }
        let event = self.event(Event::ModeChanged, role, self.desk.operator, now);
        self.append(&NewEntry { kind: Some(id.to_owned()), ..event })?;
        self.store.set(Item::Mode, &id)?;
        if let Installed::Policy(_, mode) = &mut self.policy {
            id.clone_into(mode);
        }
        self.lost_mode = LostMode::No;
        Ok(())
    }

    /// The policy and its modes, where one is installed that can be read.
    pub fn policy(&self) -> Option<PolicyView> {
        if let InForce::Mode(mode) = self.policy.in_force() { Some(PolicyView::new(mode)) } else { None }
    }

    /// Whether there is a policy that cannot be read.
    pub(crate) fn policy_is_unreadable(&self) -> bool {
        matches!(self.policy, Installed::Unreadable(_))
    }
}

fn no_mode(id: &str) -> Denied {
    let id = credential::display::excerpt(id, credential::policy::MAX_ID);
    Denied::Invalid(format!("there is no mode {id}: choose one of the list"))
}
