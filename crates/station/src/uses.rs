//! Passes that can be used so often and no more, and in some zones only.
//!
//! A use is in the store, on disk, before the verdict is handed out; a restart forgets none. This device counts what it
//! saw itself: what other doors saw it cannot know, and the screen says so.

use credential::general::General;
use credential::{Accepted, CannotTell, Doubt, Pass, Refusal, Refused, Verdict};

use crate::store::Used;
use crate::{Error, Station};

/// Within how many seconds of a use the same pass is taken for the same scan: a code that is held a little longer than
/// the scanner waits, or read twice by a hardware scanner. Our own limit: the person of before still stands there, and
/// the screen says that this was counted already.
const SAME_SCAN_SECONDS: i64 = 5;
/// How many uses a refusal tells of, the latest ones: what a screen takes.
const TOLD: usize = 5;
/// For how many seconds after its end a pass's uses are kept: a clock may be wrong by that much, a day.
const KEPT_SECONDS: i64 = 86_400;

/// How often a pass was used at this station.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uses {
    /// How often it may be used.
    pub allowed: u32,
    /// When it was, seconds UTC, the earliest first; this use among them.
    pub times: Vec<i64>,
    /// Shown again within seconds of its last use, which counts for this time too.
    pub again: bool,
    /// The new row in the store.
    row: Option<i64>,
}

impl Station {
    /// What stands in the way of an accepted pass at this station: its zones, and the uses that it had. A new use is on
    /// disk when this returns.
    pub(crate) fn admit(&self, verdict: Verdict, now: i64) -> (Verdict, Option<Uses>) {
        let Verdict::Accepted(Accepted { pass }) = verdict else { return (verdict, None) };
        let found = pass.general.as_ref().map_or(Ok(None), |general| {
            self.zone_refusal(general)
                .map_or_else(|| self.count_use(&pass, general, now), |reason| Err(reason.into()))
        });
        match found {
            Ok(uses) => (Verdict::Accepted(Accepted { pass }), uses),
            Err(Stop::Refused(reason)) => (Verdict::Refused(Refused { reason, pass: Some(pass) }), None),
            Err(Stop::CannotTell(reason)) => (Verdict::CannotTell(CannotTell { reason }), None),
        }
    }

    /// Takes a use back whose entry could not be logged: nobody was let in on it.
    pub(crate) fn take_back(&self, uses: &Uses) {
        if let Some(row) = uses.row {
            // Where that fails too, the pass counts as used: it is refused rather than accepted once too often.
            let _ = self.store.take_back_use(row);
        }
    }

    /// Forgets the uses of passes that are over.
    pub(crate) fn forget_old_uses(&self) -> Result<(), Error> {
        self.store.forget_uses(self.floor().saturating_sub(KEPT_SECONDS))
    }

    fn zone_refusal(&self, general: &General) -> Option<Refusal> {
        let here = self.settings().zone.as_ref()?;
        let elsewhere = !general.zones.is_empty() && !general.zones.contains(here);
        elsewhere.then(|| Refusal::OtherZone { zones: general.zones.clone(), here: here.clone() })
    }

    fn count_use(&self, pass: &Pass, general: &General, now: i64) -> Result<Option<Uses>, Stop> {
        let Some(allowed) = general.uses else { return Ok(None) };
        // Identifiers are the issuer's own: another issuer's may be the same.
        let id = self.log.identity(&format!("{} {}", pass.kid, pass.id));
        let until = pass.expires_at.unwrap_or(i64::MAX);
        let used = self.store.use_once(&id, allowed, SAME_SCAN_SECONDS, now, until);
        match used.map_err(|error| Stop::CannotTell(Doubt::UsesUnreadable { fault: error.to_string() }))? {
            Used::Now { row, times } => Ok(Some(Uses { allowed, times, again: false, row: Some(row) })),
            Used::JustBefore { times } => Ok(Some(Uses { allowed, times, again: true, row: None })),
            Used::Up { times } => {
                let at = times.last().copied().unwrap_or(now);
                let times = times[times.len().saturating_sub(TOLD)..].to_vec(); // safe: no more than there are
                Err(Refusal::AlreadyUsed { at, uses: allowed, times }.into())
            }
        }
    }
}

/// Why an accepted pass does not stay so.
enum Stop {
    Refused(Refusal),
    CannotTell(Doubt),
}

impl From<Refusal> for Stop {
    fn from(reason: Refusal) -> Self {
        Self::Refused(reason)
    }
}
