//! One device at one door: its trusted keys, its log, and what happens to a
//! text that is submitted to it. No window, no camera.
//!
//! Start at [`Station::submit`]: judge, then append, then answer. A
//! [`Submission`] whose entry was not written must not be shown as accepted;
//! [`Submission::is_green`] is the only place that says so.
//!
//! What staff may not do is reached through [`Station::inspector`] and
//! [`Station::admin`] alone. Whatever they change is logged first.

mod admin;
mod clock;
mod content;
pub mod demo;
mod denied;
mod desk;
mod device;
mod error;
mod event;
mod export;
mod files;
mod folder;
mod inspector;
mod key_store;
mod keys;
mod pin;
mod policy;
mod retention;
mod session;
mod settings;
mod store;
mod submission;
mod trusting;
mod uses;
pub mod view;
mod witnessing;

use std::cell::Cell;
use std::path::Path;

use credential::shc::{Collected, Parts};
use credential::{CannotTell, Context, Doubt, Holder, KeySet, NothingRevoked, Revocation, Verdict};
use scanlog::{Appended, Filter, Log, NewEntry};

pub use admin::Admin;
pub use clock::{RELEASED_AT, Reading};
pub use content::{are_content_keys_exposed, content_keys};
pub use denied::Denied;
pub use device::{KeyPlace, device_key, key_place, keys_to_file, keys_to_key_store};
pub use error::Error;
pub use event::{EVENTS, Role};
pub use export::{Export, ProvenExport};
pub use folder::Folder;
pub use inspector::{Auditor, Inspector};
pub use key_store::{KeyStore, KeyStoreError, NoKeyStore};
pub use pin::{BadPin, PIN_DIGITS, PinCost};
pub use session::IDLE_SECONDS;
pub use settings::{BadSettings, Operator, Settings};
pub use submission::Submission;
pub use uses::Uses;
pub use witnessing::is_cosignature;

use desk::Desk;
use event::Event;
use files::Access;
use folder::Nameplate;
use policy::{Installed, LostMode};
use session::Session;
use store::Store;
use trusting::Trusting;
use view::{KindView, Warning};

/// Fills a buffer with bytes that nobody can guess. The shell and the CLI pass
/// the operating system's generator in.
pub type Random = Box<dyn FnMut(&mut [u8]) + Send>;

/// A device's trust and log, open.
pub struct Station {
    name: String,
    folder: Folder,
    trusting: Trusting,
    /// What passes are judged by: the keys of `trusting`, for as long as they may be used, and the content keys.
    keys: KeySet,
    clock: clock::Watch,
    log: Log,
    /// The latest time that an inspector's device has signed here, seconds UTC.
    cosigned_at: i64,
    /// When the log was last looked through for scans to erase, seconds UTC, since the start.
    purged_at: Option<i64>,
    key_place: KeyPlace,
    random: Random,
    store: Store,
    policy: Installed,
    lost_mode: LostMode,
    desk: Desk,
    /// In a cell: whoever only looks at it may find that it is over.
    session: Cell<Option<Session>>,
    pin_cost: PinCost,
    /// Of a pass that was cut into several codes.
    parts: Parts,
    last_append_failed: bool,
    last_count_failed: bool,
}

impl Station {
    /// Makes the folder of a new station: its name, its device key and its log, no trusted keys yet. The key lies in
    /// the system's key store where that takes it, else in a file: [`key_place`] tells.
    pub fn create(
        dir: &Path,
        name: &str,
        key_store: &dyn KeyStore,
        random: &mut Random,
    ) -> Result<(), Error> {
        let folder = Folder::new(dir);
        files::make_dir(folder.root())?;
        if files::exists(&folder.nameplate())? {
            return Err(Error::AlreadyThere(folder.root().to_owned()));
        }
        let device = device::create(&folder.device_key(), key_store, random)?;
        let origin = origin(name, &device.signing.verifying_key());
        let verifier = scanlog::note::Verifier { name: origin.clone(), key: device.signing.verifying_key() };
        files::write(&folder.verifier(), format!("{verifier}\n").as_bytes(), Access::Shared)?;
        Log::open(&folder.log(), device, &origin)?;
        Store::open(&folder.desk())?;
        folder::write_nameplate(&folder, &Nameplate { name: name.to_owned(), origin })
    }

    /// Opens a station's folder. The system's key store is asked only where the device's key lies there.
    pub fn open(dir: &Path, key_store: &dyn KeyStore, random: Random) -> Result<Self, Error> {
        let folder = Folder::new(dir);
        let nameplate = folder::read_nameplate(&folder)?;
        let device = device::load(&folder.device_key(), key_store)?;
        let key_place = key_place(&folder)?;
        let trusting = Trusting::open(&folder.trust())?;
        if !scanlog::exists(&folder.log()).map_err(Error::file(folder.log()))? {
            // A second log under the same name would be a fork: two histories signed by one device.
            return Err(Error::LogMissing(folder.log()));
        }
        let log = Log::open(&folder.log(), device, &nameplate.origin)?;
        if Store::is_new(&folder.desk())? && has_pins(&log)? {
            return Err(Error::PinsMissing(folder.desk()));
        }
        let store = Store::open(&folder.desk())?;
        let mut station = Self {
            name: nameplate.name,
            trusting,
            keys: KeySet::default().with_content_keys(content::load(&folder)?),
            folder,
            clock: clock::Watch::default(),
            cosigned_at: log.last_cosigned()?.unwrap_or(i64::MIN),
            purged_at: None,
            key_place,
            log,
            random,
            policy: Installed::Nothing,
            lost_mode: LostMode::No,
            desk: Desk::load(&store)?,
            store,
            session: Cell::new(None),
            pin_cost: PinCost::default(),
            parts: Parts::default(),
            last_append_failed: false,
            last_count_failed: false,
        };
        station.load_keys()?;
        station.forget_old_uses()?;
        Ok(station)
    }

    /// The same station, whose clock is wrong where it shows an earlier time than this (seconds UTC), such as
    /// [`RELEASED_AT`].
    pub fn not_before(mut self, at: i64) -> Self {
        self.clock.earliest = at;
        self
    }

    /// The same station, whose PINs are from now on kept with another cost.
    pub fn with_pin_cost(self, pin_cost: PinCost) -> Self {
        Self { pin_cost, ..self }
    }

    /// Judges `text` at `now` (seconds UTC) and appends the verdict to the log.
    /// Returns when the entry is durable, or with the reason why it is not.
    ///
    /// A clock that is earlier than data which this device already holds is
    /// wrong: then the time of that data counts, and [`Station::warnings`] says so.
    pub fn submit(&mut self, text: &str, now: i64) -> Submission {
        self.follow_refresh();
        let now = self.at_least_signed(now);
        self.tell_lost_mode(now);
        let verdict = match self.parts.take(text, now) {
            Collected::Other => self.judge(text, now),
            Collected::Whole(text) => self.judge(&text, now),
            Collected::Waiting { have, of } => {
                Verdict::CannotTell(CannotTell { reason: Doubt::PartOfCode { have, of } })
            }
        };
        let (verdict, uses) = self.admit(verdict, now);
        let entry = self.entry(&verdict, now);
        let seen_before = entry.person.and_then(|person| self.seen_before(&person, now));
        let logged = self.append(&entry);
        let submission = Submission { verdict, logged, at: now, seen_before, uses };
        match &submission.uses {
            Some(uses) if !submission.is_green() => self.take_back(uses),
            Some(uses) if uses.again => {}
            _ if submission.is_green() => self.person_came(),
            _ => {}
        }
        submission
    }

    /// The station's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where its files lie.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Compares the clock with the time that has passed, and erases once a day what is no longer kept. A clock that was
    /// set while the program runs is logged, and staff are told of it until an admin comes.
    pub fn look_at_clock(&mut self, reading: Reading) {
        if self.clock.look(reading) {
            // Where it cannot be logged, that is told as well.
            let _ = self.record(Event::ClockJumped, Role::Staff, reading.now);
        }
        self.purge_if_due(reading.now);
    }

    /// Recomputes the log and compares it with what this device signed.
    pub fn verify_log(&self) -> Result<scanlog::Report, Error> {
        Ok(self.log.verify()?)
    }

    /// Whether the last entry, and the last count of people inside, could be written.
    pub fn is_writable(&self) -> bool {
        !self.last_append_failed && !self.last_count_failed
    }

    /// What staff should know at `now` (seconds UTC), besides the verdict.
    pub fn warnings(&self, now: i64) -> Vec<Warning> {
        let none = self.trusted().is_none();
        let expired = self.keys_usable_until().is_some_and(|until| until < self.at_least_signed(now));
        let old = !expired && self.trusting.is_old(self.settings(), now);
        let all = [
            (none, Warning::NoKeys),
            (expired, Warning::KeysExpired),
            (old, Warning::KeysOld),
            (now < self.floor(), Warning::ClockBehind),
            (self.clock.jumped, Warning::ClockJumped),
            (self.key_place == KeyPlace::ExposedFile, Warning::KeyExposed),
            (self.policy_is_unreadable(), Warning::PolicyUnreadable),
            (self.lost_mode != LostMode::No, Warning::ModeLost),
        ];
        all.into_iter().filter_map(|(is, warning)| is.then_some(warning)).collect()
    }

    fn judge(&self, text: &str, now: i64) -> Verdict {
        let judge = |revocation: &dyn Revocation| {
            credential::judge_text(
                text,
                Context { keys: &self.keys, revocation, policy: self.policy.in_force() },
                now,
            )
        };
        match self.trusted() {
            Some(trusted) => judge(&self.trusting.store.lookup(trusted)),
            None => judge(&NothingRevoked),
        }
    }

    /// Appends an entry; returns when it is durable, or with the reason why it is not.
    fn append(&mut self, entry: &NewEntry) -> Result<Appended, scanlog::Error> {
        let mut salt = scanlog::Salt::default();
        (self.random)(&mut salt);
        let logged = self.log.append(entry, salt);
        self.last_append_failed = logged.is_err();
        logged
    }

    /// Appends what happened to the station at `now` (seconds UTC), and about which role.
    fn record(&mut self, event: Event, role: Role, now: i64) -> Result<(), scanlog::Error> {
        self.record_of(event, role, self.desk.operator, now)
    }

    /// The same, in the shift of this operator.
    fn record_of(
        &mut self,
        event: Event,
        role: Role,
        operator: Option<u32>,
        now: i64,
    ) -> Result<(), scanlog::Error> {
        let entry = self.event(event, role, operator, now);
        self.append(&entry).map(|_| ())
    }

    /// The entry of what happened to the station.
    fn event(&self, event: Event, role: Role, operator: Option<u32>, now: i64) -> NewEntry {
        NewEntry {
            at: self.at_least_signed(now),
            outcome: scanlog::Outcome::Event,
            reason: event.name().to_owned(),
            stage: role.name().to_owned(),
            kind: None,
            identity: None,
            person: None,
            key_set_version: self.key_set_version(),
            demo: false,
            operator,
        }
    }

    /// When this person was last accepted, where that is no longer ago than the settings ask for. A log
    /// that cannot be read is one that the entry cannot be appended to either, and that is said.
    fn seen_before(&self, person: &[u8; 32], now: i64) -> Option<i64> {
        let span = i64::from(self.settings().repeat_minutes) * 60;
        let since = now.saturating_sub(span);
        if span == 0 { None } else { self.log.last_accepted(person, since, now).ok().flatten() }
    }

    fn key_set_version(&self) -> u64 {
        self.trusted().map_or(0, |trusted| trusted.version)
    }

    /// The clock's time, or the [floor](Self::floor) where the clock is behind it.
    fn at_least_signed(&self, now: i64) -> i64 {
        self.floor().max(now)
    }

    /// A time that has certainly passed: of data that was signed, never of a clock.
    fn floor(&self) -> i64 {
        let signed = self.trusted().map_or(i64::MIN, |trusted| trusted.signed_at);
        signed.max(self.clock.earliest).max(self.cosigned_at)
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
            key_set_version: self.key_set_version(),
            demo: pass.is_some_and(|pass| pass.demo),
            operator: self.desk.operator,
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

/// Whether a PIN was ever set here, as the log has it.
fn has_pins(log: &scanlog::Reader) -> Result<bool, Error> {
    let filter = Filter {
        outcomes: vec![scanlog::Outcome::Event],
        reason: Some(Event::PinSet.name().to_owned()),
        ..Filter::default()
    };
    Ok(log.journal(&filter, None, 1)?.matching > 0)
}

/// The name under which a station's checkpoints are signed: a URL without scheme
/// (C2SP tlog-checkpoint), its own for every device key.
fn origin(name: &str, key: &scanlog::VerifyingKey) -> String {
    let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
    let name: String = name.chars().map(plain).collect();
    let id: String = key.as_bytes()[..4].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("propusk.invalid/{name}/{id}")
}
