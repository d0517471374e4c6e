//! One device at one door: its trusted keys, its log, and what happens to a
//! text that is submitted to it. No window, no camera.
//!
//! Start at [`Station::submit`]: judge, then append, then answer. A
//! [`Submission`] whose entry was not written must not be shown as accepted;
//! [`Submission::is_green`] is the only place that says so.

pub mod demo;
mod denied;
mod device;
mod error;
mod event;
mod files;
mod folder;
mod pin;
mod settings;
pub mod view;

use std::ops::Range;
use std::path::Path;

use credential::{Context, Holder, KeySet, NothingRevoked, Verdict};
use scanlog::{Appended, Log, NewEntry};
use trust::Trusted;

pub use denied::Denied;
pub use error::Error;
pub use event::{EVENTS, Event, Role};
pub use folder::Folder;
pub use pin::BadPin;
pub use settings::{BadSettings, Operator, Settings};

use files::Access;
use folder::Nameplate;
use view::{Counts, KindView, OperatorView, PeopleView, PinsView, SessionView, Warning};

/// Fills a buffer with bytes that nobody can guess. The shell and the CLI pass
/// the operating system's generator in.
pub type Random = Box<dyn FnMut(&mut [u8]) + Send>;

/// A device's trust and log, open.
pub struct Station {
    name: String,
    folder: Folder,
    trusted: Option<Trusted>,
    log: Log,
    random: Random,
    last_append_failed: bool,
    settings: Settings,
}

/// What came of one submitted text.
#[derive(Debug)]
pub struct Submission {
    /// The verdict.
    pub verdict: Verdict,
    /// The durable log entry, or why there is none.
    pub logged: Result<Appended, scanlog::Error>,
    /// When it was judged, seconds UTC.
    pub at: i64,
    /// When the same person was last accepted here, seconds UTC, where that is no longer ago than
    /// [`Settings::repeat_minutes`]. It says nothing about the verdict.
    pub seen_before: Option<i64>,
}

impl Submission {
    /// Whether the screen may turn green: accepted, and the entry is on disk.
    pub fn is_green(&self) -> bool {
        matches!(self.verdict, Verdict::Accepted(_)) && self.logged.is_ok()
    }
}

impl Station {
    /// Makes the folder of a new station: its name, its device key and its log, no trusted keys yet.
    pub fn create(dir: &Path, name: &str, random: &mut Random) -> Result<(), Error> {
        let folder = Folder::new(dir);
        files::make_dir(folder.root())?;
        if folder.nameplate().exists() {
            return Err(Error::AlreadyThere(folder.root().to_owned()));
        }
        let device = device::create(&folder.device_key(), random)?;
        let origin = origin(name, &device.signing.verifying_key());
        let verifier = scanlog::note::Verifier { name: origin.clone(), key: device.signing.verifying_key() };
        files::write(&folder.verifier(), format!("{verifier}\n").as_bytes(), Access::Shared)?;
        Log::open(&folder.log(), device, &origin)?;
        folder::write_nameplate(&folder, &Nameplate { name: name.to_owned(), origin })
    }

    /// Opens a station's folder.
    pub fn open(dir: &Path, random: Random) -> Result<Self, Error> {
        let folder = Folder::new(dir);
        let nameplate = folder::read_nameplate(&folder)?;
        let device = device::load(&folder.device_key())?;
        let trusted = trust::Store::open(&folder.trust())?.load()?.map(expiring);
        if !folder.log().exists() {
            // A second log under the same name would be a fork: two histories signed by one device.
            return Err(Error::LogMissing(folder.log()));
        }
        let log = Log::open(&folder.log(), device, &nameplate.origin)?;
        Ok(Self {
            name: nameplate.name,
            folder,
            trusted,
            log,
            random,
            last_append_failed: false,
            settings: Settings::default(),
        })
    }

    /// Judges `text` at `now` (seconds UTC) and appends the verdict to the log.
    /// Returns when the entry is durable, or with the reason why it is not.
    ///
    /// A clock that is earlier than data which this device already holds is
    /// wrong: then the time of that data counts, and [`Station::warnings`] says so.
    pub fn submit(&mut self, text: &str, now: i64) -> Submission {
        let now = self.at_least_signed(now);
        let verdict = self.judge(text, now);
        let entry = self.entry(&verdict, now);
        let mut salt = scanlog::Salt::default();
        (self.random)(&mut salt);
        let logged = self.log.append(&entry, salt);
        self.last_append_failed = logged.is_err();
        Submission { verdict, logged, at: now, seen_before: None }
    }

    /// The station's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where its files lie.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The active key set, where one has been installed.
    pub fn trusted(&self) -> Option<&Trusted> {
        self.trusted.as_ref()
    }

    /// The scan log.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Whether the last entry could be written.
    pub fn log_is_writable(&self) -> bool {
        !self.last_append_failed
    }

    /// The verdicts of a span of time (half-open, seconds UTC), counted.
    pub fn counts(&self, span: Range<i64>) -> Result<Counts, Error> {
        let counts = self.log.count(span.start, span.end)?;
        Ok(Counts { accepted: counts.accepted, refused: counts.refused, cannot_tell: counts.cannot_tell })
    }

    /// What staff should know at `now` (seconds UTC), besides the verdict.
    pub fn warnings(&self, now: i64) -> Vec<Warning> {
        let Some(trusted) = &self.trusted else { return vec![Warning::NoKeys] };
        let expired = (trusted.expires_at < now).then_some(Warning::KeysExpired);
        let behind = (now < trusted.signed_at).then_some(Warning::ClockBehind);
        expired.into_iter().chain(behind).collect()
    }

    /// What an admin has set.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// People inside, where they are counted.
    pub fn people(&self) -> Option<PeopleView> {
        None
    }

    /// Who is on shift.
    pub fn operator(&self) -> Option<OperatorView> {
        None
    }

    /// The role that is unlocked at `now` (seconds UTC).
    pub fn session(&self, _now: i64) -> Option<SessionView> {
        None
    }

    /// Which roles have a PIN.
    pub fn pins(&self) -> PinsView {
        PinsView { inspector: false, admin: false }
    }

    fn judge(&self, text: &str, now: i64) -> Verdict {
        let none = KeySet::default();
        let keys = self.trusted.as_ref().map_or(&none, |trusted| &trusted.keys);
        credential::judge_text(text, Context { keys, revocation: &NothingRevoked }, now)
    }

    /// The clock's time, or that of the signed keys where the clock is behind it.
    fn at_least_signed(&self, now: i64) -> i64 {
        self.trusted.as_ref().map_or(now, |trusted| trusted.signed_at.max(now))
    }

    fn entry(&self, verdict: &Verdict, now: i64) -> NewEntry {
        let pass = verdict.pass();
        NewEntry {
            at: now,
            outcome: match verdict {
                Verdict::Accepted(_) => scanlog::Outcome::Accepted,
                Verdict::Refused(_) => scanlog::Outcome::Refused,
                Verdict::CannotTell(_) => scanlog::Outcome::CannotTell,
            },
            reason: verdict.reason().to_owned(),
            stage: verdict.stage().name().to_owned(),
            kind: pass.map(|pass| KindView::from(pass.kind).name().to_owned()),
            identity: pass.map(|pass| self.log.identity(&pass.id)),
            person: pass.and_then(|pass| self.person(&pass.holder)),
            key_set_version: self.trusted.as_ref().map_or(0, |trusted| trusted.version),
            demo: pass.is_some_and(|pass| pass.demo),
            operator: None,
        }
    }

    /// Names as the document has them in print; as written where it has none.
    fn person(&self, holder: &Holder) -> Option<[u8; 32]> {
        let printed = !holder.family_name_latin.is_empty() || !holder.given_name_latin.is_empty();
        let (family_name, given_name) = if printed {
            (&holder.family_name_latin, &holder.given_name_latin)
        } else {
            (&holder.family_name, &holder.given_name)
        };
        self.log.person(family_name, given_name, &holder.date_of_birth)
    }
}

/// A key set that has expired is shown as it is, but nothing that its keys signed is accepted.
fn expiring(trusted: Trusted) -> Trusted {
    Trusted { keys: trusted.keys.until(trusted.expires_at), ..trusted }
}

/// The name under which a station's checkpoints are signed: a URL without scheme
/// (C2SP tlog-checkpoint), its own for every device key.
fn origin(name: &str, key: &scanlog::VerifyingKey) -> String {
    let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
    let name: String = name.chars().map(plain).collect();
    let id: String = key.as_bytes()[..4].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("propusk.invalid/{name}/{id}")
}
