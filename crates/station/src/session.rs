//! Who is let in: PINs, and how long a role stays unlocked.
//!
//! A station begins locked, and staff's work needs no PIN. What an inspector or
//! an admin may do is reachable only through [`Inspector`] and [`Admin`], which
//! nothing but an unlocked session hands out.

use crate::event::Event;
use crate::pin;
use crate::policy::LostMode;
use crate::store::Secret;
use crate::view::{PinsView, SessionView, rfc3339};
use crate::{Admin, Denied, Error, Inspector, Role, Station};

/// After so many seconds without anything privileged being asked, a role locks. OWASP's Session Management
/// Cheat Sheet has 2 to 5 minutes for what is worth protecting.
pub const IDLE_SECONDS: i64 = 5 * 60;

/// A role that is unlocked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Session {
    role: Role,
    /// When it was last made use of, seconds UTC.
    used_at: i64,
    /// The latest moment that it was asked for at, seconds UTC.
    seen_at: i64,
}

impl Session {
    fn begin(role: Role, now: i64) -> Self {
        Self { role, used_at: now, seen_at: now }
    }

    /// The session as it is at `now`; `None` once it is over. A clock that was set back ends it: nobody
    /// knows then for how long it has idled.
    fn at(self, now: i64) -> Option<Self> {
        let over = now < self.seen_at || now.saturating_sub(self.used_at) >= IDLE_SECONDS;
        (!over).then_some(Self { seen_at: now, ..self })
    }
}

impl Station {
    /// Unlocks a role at `now` (seconds UTC). Whatever was unlocked before is locked.
    ///
    /// The try is counted, durably, before it is looked at; a wrong PIN is logged.
    pub fn unlock(&mut self, role: Role, pin: &str, now: i64) -> Result<(), Denied> {
        self.lock();
        pin::well_formed(pin)?;
        let mut secret = self.store.secret(role)?;
        let Some(hash) = secret.hash.clone() else { return Err(Denied::NoPin) };
        self.wait(role, &mut secret, now)?;
        let failed = Secret { failures: secret.failures.saturating_add(1), failed_at: now, ..secret };
        self.store.set_secret(role, &failed)?;
        match pin::matches(pin, &hash) {
            Some(true) => self.let_in(role, failed, now),
            Some(false) => {
                // Refused all the same where the log cannot be written; the status says so.
                let _ = self.record(Event::PinRefused, role, now);
                Err(Denied::WrongPin { wait: pin::wait_after(failed.failures) })
            }
            None => Err(self.store.damaged(format!("the PIN of the {}", role.name())).into()),
        }
    }

    /// Sets the admin's first PIN and unlocks the admin. Whoever is first may do this, once.
    pub fn set_first_pin(&mut self, pin: &str, now: i64) -> Result<(), Denied> {
        pin::check(pin)?;
        if self.store.secret(Role::Admin)?.hash.is_some() {
            return Err(Denied::AlreadySet);
        }
        self.keep_pin(Role::Admin, pin, now)?;
        self.session.set(Some(Session::begin(Role::Admin, now)));
        Ok(())
    }

    /// Locks whatever is unlocked.
    pub fn lock(&mut self) {
        self.session.set(None);
    }

    /// The role that is unlocked at `now` (seconds UTC). Asking does not keep it unlocked, and one that is
    /// found to be over stays over, whatever the clock says later.
    pub fn session(&self, now: i64) -> Option<SessionView> {
        let session = self.session_at(now)?;
        Some(SessionView { role: session.role, until: rfc3339(session.used_at.saturating_add(IDLE_SECONDS)) })
    }

    /// Which roles have a PIN. None where the store cannot be read: then nobody is let in either.
    pub fn pins(&self) -> PinsView {
        let has = |role| self.store.secret(role).is_ok_and(|secret| secret.hash.is_some());
        PinsView { inspector: has(Role::Inspector), admin: has(Role::Admin) }
    }

    /// What an inspector may do, where the inspector is unlocked at `now` (seconds UTC). Keeps it unlocked.
    pub fn inspector(&mut self, now: i64) -> Result<Inspector<'_>, Denied> {
        self.enter(Role::Inspector, now)?;
        Ok(Inspector { station: self, now })
    }

    /// What an admin may do, where the admin is unlocked at `now` (seconds UTC). Keeps it unlocked.
    pub fn admin(&mut self, now: i64) -> Result<Admin<'_>, Denied> {
        self.enter(Role::Admin, now)?;
        self.clock.jumped = false;
        if self.lost_mode == LostMode::Told {
            self.lost_mode = LostMode::No;
        }
        Ok(Admin { station: self, now })
    }

    /// Keeps a PIN and forgets the failures of the one before. Nothing changes that is not logged.
    pub(crate) fn keep_pin(&mut self, role: Role, pin: &str, now: i64) -> Result<(), Denied> {
        pin::check(pin)?;
        let hash = pin::hash(pin, &self.pin_cost, &mut self.random).map_err(Error::Pin)?;
        let first = self.store.secret(role)?.hash.is_none();
        self.record(if first { Event::PinSet } else { Event::PinChanged }, role, now)?;
        let secret = Secret { hash: Some(hash), failures: 0, failed_at: now };
        Ok(self.store.set_secret(role, &secret)?)
    }

    /// Whether a PIN may be looked at. A clock that was set back to before the failure begins the wait anew.
    fn wait(&self, role: Role, secret: &mut Secret, now: i64) -> Result<(), Denied> {
        let wait = pin::wait_left(secret, now);
        if wait == 0 {
            return Ok(());
        }
        if now < secret.failed_at {
            secret.failed_at = now;
            self.store.set_secret(role, secret)?;
        }
        Err(Denied::Blocked { wait })
    }

    /// A log that cannot be written keeps nobody out: somebody has to see what is wrong with it.
    fn let_in(&mut self, role: Role, secret: Secret, now: i64) -> Result<(), Denied> {
        self.store.set_secret(role, &Secret { failures: 0, ..secret })?;
        let _ = self.record(Event::Unlocked, role, now);
        self.session.set(Some(Session::begin(role, now)));
        Ok(())
    }

    fn session_at(&self, now: i64) -> Option<Session> {
        let session = self.session.get().and_then(|session| session.at(now));
        self.session.set(session);
        session
    }

    fn enter(&mut self, role: Role, now: i64) -> Result<(), Denied> {
        if self.session_at(now).is_some_and(|session| session.role == role) {
            self.session.set(Some(Session::begin(role, now)));
            return Ok(());
        }
        let no_pin = self.store.secret(role)?.hash.is_none();
        Err(if no_pin { Denied::NoPin } else { Denied::Locked })
    }
}
