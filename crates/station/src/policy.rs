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

/// The policy's document among what is trusted.
pub(crate) fn document(trusted: Option<&Trusted>) -> Option<&[u8]> {
    trusted?.target(TARGET)
}

impl Installed {
    /// Reads a document; its mode is the one that was chosen last, where the policy still has that.
    pub(crate) fn read(document: Option<&[u8]>, store: &Store) -> Result<Self, Error> {
        let Some(document) = document else { return Ok(Self::Nothing) };
        let policy = match Policy::parse(document) {
            Ok(policy) => policy,
            Err(error) => return Ok(Self::Unreadable(error.to_string())),
        };
        let chosen = store.get::<String>(Item::Mode)?.filter(|id| policy.in_mode(id).is_some());
        let mode = chosen.unwrap_or_else(|| policy.default_mode().mode().id().to_owned());
        Ok(Self::Policy(Box::new(policy), mode))
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
    /// The same station, which judges by this document from now on, whatever came with its keys.
    pub fn with_policy(self, document: Option<&[u8]>) -> Result<Self, Error> {
        let policy = Installed::read(document, &self.store)?;
        Ok(Self { policy, ..self })
    }

    /// Switches to the policy's mode with this identifier at `now` (seconds UTC); whatever is judged from then on
    /// is judged by it, also after a restart. Staff may, where an admin has not locked it
    /// ([`crate::Settings::mode_locked`]); an unlocked inspector or admin always may.
    pub fn switch_mode(&mut self, id: &str, now: i64) -> Result<(), Denied> {
        let role = self.session(now).map_or(Role::Staff, |session| session.role);
        if self.settings().mode_locked && role == Role::Staff {
            return Err(Denied::Locked);
        }
        let Installed::Policy(policy, mode) = &self.policy else { return Err(no_mode(id)) };
        if policy.in_mode(id).is_none() {
            return Err(no_mode(id));
        }
        if mode == id {
            return Ok(());
        }
        let event = self.event(Event::ModeChanged, role, self.desk.operator, now);
        self.append(&NewEntry { kind: Some(id.to_owned()), ..event })?;
        self.store.set(Item::Mode, &id)?;
        if let Installed::Policy(_, mode) = &mut self.policy {
            id.clone_into(mode);
        }
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
