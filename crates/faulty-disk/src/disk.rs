//! The disk: its files by name, when it fails, and what is left of it.

use std::collections::BTreeMap;
use std::ffi::{CStr, OsStr};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::file::File;
use crate::vfs;

/// Something that SQLite does to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Access {
    /// Opens it, or makes it.
    Open,
    /// Reads from it.
    Read,
    /// Writes to it.
    Write,
    /// Has what was written put on the disk.
    Sync,
    /// Cuts it off.
    Truncate,
    /// Deletes it.
    Delete,
    /// Asks for its size.
    Size,
}

/// How an access fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The disk reports an error where something is changed, or a file opened.
    Io,
    /// The disk reports an error where something is read.
    Unreadable,
    /// There is no space: half of what was to be written is.
    Full,
}

/// When a disk fails. Accesses are counted from 0, from when the plan was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Never.
    Works,
    /// The power goes at a change (a write, sync, truncation, deletion or opening).
    PowerCut {
        /// Which.
        at: u64,
        /// Which sync instead: they are few, and what matters lies around them.
        syncs_only: bool,
    },
    /// An access fails.
    Fail {
        /// Which of those that can fail so.
        at: u64,
        /// How.
        how: Failure,
        /// Whether all after it do as well.
        lasting: bool,
    },
}

impl Access {
    fn only_reads(self) -> bool {
        matches!(self, Self::Read | Self::Size)
    }
}

impl Failure {
    /// Whether an access of this kind can fail so.
    fn concerns(self, access: Access) -> bool {
        match self {
            Self::Io => !access.only_reads(),
            Self::Unreadable => access.only_reads(),
            Self::Full => access == Access::Write,
        }
    }
}

/// What becomes of an access.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Done,
    Failed(Failure),
    /// There is no power.
    Off,
}

type Shared = Arc<Mutex<File>>;

#[derive(Default)]
struct Folder {
    /// As programs see it.
    cached: BTreeMap<String, Shared>,
    /// What each name stood for: on the disk for sure, then after every change since.
    history: BTreeMap<String, Vec<Option<Shared>>>,
}

struct State {
    folder: Folder,
    plan: Plan,
    count: u64,
    /// The access that failed first.
    failed: Option<(Access, String)>,
    off: bool,
    weak: bool,
}

/// A disk at a folder. Files in it that SQLite opens are on this disk, until the last clone is gone.
#[derive(Clone)]
pub struct Disk(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    state: Mutex<State>,
}

static DISKS: Mutex<Vec<(PathBuf, Weak<Inner>)>> = Mutex::new(vec![]);

impl Disk {
    /// Puts a disk at an existing folder, with the files that are there.
    ///
    /// # Errors
    /// The folder cannot be read, or SQLite takes no other file system.
    pub fn mount(folder: &Path) -> io::Result<Self> {
        vfs::register()?;
        let folder = fs::canonicalize(folder)?;
        let state = State {
            folder: Folder::default(),
            plan: Plan::Works,
            count: 0,
            failed: None,
            off: false,
            weak: false,
        };
        let disk = Self(Arc::new(Inner { folder: folder.clone(), state: Mutex::new(state) }));
        disk.reload()?;
        let mut disks = lock(&DISKS);
        disks.retain(|(_, disk)| disk.strong_count() > 0);
        disks.push((folder, Arc::downgrade(&disk.0)));
        Ok(disk)
    }

    /// The disk that the file is on, and its name there.
    pub(crate) fn of(path: &CStr) -> Option<(Self, String)> {
        let path = Path::new(path.to_str().ok()?);
        let name = path.file_name().and_then(OsStr::to_str)?.to_owned();
        let disks = lock(&DISKS);
        let disk =
            disks.iter().rev().find(|(folder, _)| Some(folder.as_path()) == path.parent())?.1.upgrade()?;
        Some((Self(disk), name))
    }

    /// From now on the disk fails so, counting anew.
    pub fn fail(&self, plan: Plan) {
        let mut state = self.state();
        (state.plan, state.count, state.failed) = (plan, 0, None);
    }

    /// The access that failed first under the plan, and the name of its file.
    pub fn failed(&self) -> Option<(Access, String)> {
        self.state().failed.clone()
    }

    /// Whether the power is gone.
    pub fn is_off(&self) -> bool {
        self.state().off
    }

    /// Has SQLite sync as with `synchronous=NORMAL`, whatever a program sets
    /// from now on: to see whether a test would notice.
    pub fn weaken(&self) {
        vfs::register_weakening();
        self.state().weak = true;
    }

    pub(crate) fn is_weak(&self) -> bool {
        self.state().weak
    }

    /// The power is back, and the files are as the cut left them, drawn by
    /// `random` (a number below its argument). No program may have one open.
    ///
    /// # Errors
    /// The real files cannot be written.
    pub fn power_on(&self, random: &mut dyn FnMut(u64) -> u64) -> io::Result<()> {
        let left: BTreeMap<_, _> = {
            let state = self.state();
            let drawn = state.folder.history.iter().filter_map(|(name, history)| {
                let kept = random(history.len() as u64) as usize;
                let file = history.get(kept)?.as_ref()?;
                Some((name.clone(), lock(file).after_power_cut(random)))
            });
            drawn.collect()
        };
        for entry in fs::read_dir(&self.0.folder)? {
            let entry = entry?;
            let known = entry.file_name().to_str().is_some_and(|name| self.knows(name));
            if known || is_shared_memory(&entry.file_name()) {
                fs::remove_file(entry.path())?;
            }
        }
        for (name, content) in left {
            fs::write(self.0.folder.join(name), content)?;
        }
        self.state().off = false;
        self.fail(Plan::Works);
        self.reload()
    }

    fn knows(&self, name: &str) -> bool {
        self.state().folder.history.contains_key(name)
    }

    /// Takes the real files for what is on the disk for sure.
    fn reload(&self) -> io::Result<()> {
        let mut folder = Folder::default();
        for entry in fs::read_dir(&self.0.folder)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if entry.file_type()?.is_file() && !is_shared_memory(&entry.file_name()) {
                let file = Arc::new(Mutex::new(File::synced(fs::read(entry.path())?)));
                folder.history.insert(name.clone(), vec![Some(file.clone())]);
                folder.cached.insert(name, file);
            }
        }
        self.state().folder = folder;
        Ok(())
    }

    /// Counts an access, and says what becomes of it.
    pub(crate) fn access(&self, access: Access, name: &str) -> Fate {
        let mut state = self.state();
        if state.off {
            return Fate::Off;
        }
        let (at, lasting, fate) = match state.plan {
            Plan::PowerCut { at, syncs_only: true } if access == Access::Sync => (at, true, Fate::Off),
            Plan::PowerCut { at, syncs_only: false } if !access.only_reads() => (at, true, Fate::Off),
            Plan::Fail { at, how, lasting } if how.concerns(access) => (at, lasting, Fate::Failed(how)),
            _ => return Fate::Done,
        };
        let number = state.count;
        state.count += 1;
        if number < at || (number > at && !lasting) {
            return Fate::Done;
        }
        state.failed.get_or_insert_with(|| (access, name.to_owned()));
        state.off = fate == Fate::Off;
        fate
    }

    /// The file of this name, made where there is none.
    pub(crate) fn open(&self, name: &str) -> Shared {
        let mut state = self.state();
        if let Some(file) = state.folder.cached.get(name) {
            return file.clone();
        }
        let file = Shared::default();
        state.folder.cached.insert(name.to_owned(), file.clone());
        let history = state.folder.history.entry(name.to_owned()).or_insert_with(|| vec![None]);
        history.push(Some(file.clone()));
        file
    }

    pub(crate) fn delete(&self, name: &str) {
        let mut state = self.state();
        state.folder.cached.remove(name);
        state.folder.history.entry(name.to_owned()).or_insert_with(|| vec![None]).push(None);
    }

    pub(crate) fn sync_folder(&self) {
        let Folder { cached, history } = &mut self.state().folder;
        for (name, history) in history {
            *history = vec![cached.get(name).cloned()];
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0.state)
    }
}

/// SQLite's map of the side file lives in memory; what a disk has of it is never read after a start.
fn is_shared_memory(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.ends_with("-shm"))
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
