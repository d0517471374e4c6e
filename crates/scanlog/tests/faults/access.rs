//! The disk fails at any access, once or from then on, by an error or for want of space.

use faulty_disk::{Access, Disk, Failure, Plan};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::message::line;
use crate::progress;
use crate::sample::{Random, check, open, salt, scan};
use scanlog::{Error, Log};

/// Pages of the side file at which SQLite copies it back while appending (its default).
const COPIED_BACK_AT: u64 = 1_000;
/// The bytes of a page with its head in the side file.
const PAGE: u64 = 4_096 + 24;

/// In an ordinary run of all tests only every so many reads fails: they are many, and much alike.
const OTHER_READS: u64 = 29;

#[test]
fn a_log_that_is_made_and_opened_again_outlives_a_fault_at_any_access() {
    let steps = [Step::Open, Step::Append, Step::Append, Step::Close, Step::Open, Step::Append, Step::Append];
    fail_everywhere("made and opened again", None, &steps);
}

#[test]
fn a_log_whose_side_file_is_copied_back_outlives_a_fault_at_any_access() {
    let nearly_full = tempfile::tempdir().unwrap();
    fill_side_file(nearly_full.path());
    let steps = [Step::Open, Step::Append, Step::Append, Step::Append, Step::Append];
    fail_everywhere("copied back", Some(nearly_full.path()), &steps);
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Open,
    Append,
    Close,
}

/// A log with so many pages in its side file that the next append or the one after has them copied back.
fn fill_side_file(into: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scan.log");
    let side = folder.path().join("scan.log-wal");
    // Nothing of this needs to be on a real disk.
    let _disk = Disk::mount(folder.path()).unwrap();
    let mut log = open(&path).unwrap();
    for number in 0.. {
        log.append(&scan(number), salt(number)).unwrap();
        if fs::metadata(&side).unwrap().len() > (COPIED_BACK_AT - 12) * PAGE {
            break;
        }
    }
    for file in [path, side] {
        fs::copy(&file, into.join(file.file_name().unwrap())).unwrap();
    }
}

/// Takes the steps with every access failing in turn, until they need no more accesses.
fn fail_everywhere(what: &str, begin_with: Option<&Path>, steps: &[Step]) {
    let mut told = BTreeMap::<String, u64>::new();
    let all = progress::how_often().is_some();
    let next_read = if all { 1 } else { OTHER_READS };
    // A longer log takes its time; a fault that lasts is the harder one.
    let once = if all || begin_with.is_none() { &[false, true][..] } else { &[true] };
    for how in [Failure::Io, Failure::Full, Failure::Unreadable] {
        for &lasting in once {
            let mut at = 0;
            while let Some((access, message)) =
                Run::new(begin_with).fail(steps, Plan::Fail { at, how, lasting })
            {
                let length = if lasting { "from then on" } else { "once" };
                *told.entry(format!("{how:?} {length}, {access:?}: {message}")).or_default() += 1;
                at += if how == Failure::Unreadable { next_read } else { 1 };
            }
            assert!(at > 10, "{what}: only {at} accesses failed");
        }
    }
    let table: String = told.iter().map(|(line, times)| format!("{times:5} x {line}\n")).collect();
    eprintln!("{what}: {} faults\n{table}", told.values().sum::<u64>());
}

/// One log on one disk.
struct Run {
    folder: tempfile::TempDir,
    path: PathBuf,
    disk: Disk,
    log: Option<Log>,
    /// How many entries were acknowledged.
    promised: u64,
}

impl Run {
    fn new(begin_with: Option<&Path>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("scan.log");
        let mut promised = 0;
        if let Some(from) = begin_with {
            for name in ["scan.log", "scan.log-wal"] {
                fs::copy(from.join(name), folder.path().join(name)).unwrap();
            }
            promised = scanlog::Reader::open(&path).unwrap().len().unwrap();
        }
        let disk = Disk::mount(folder.path()).unwrap();
        Self { folder, path, disk, log: None, promised }
    }

    /// Takes the steps; which access failed and what was told of it. `None` where none failed.
    fn fail(mut self, steps: &[Step], plan: Plan) -> Option<(Access, String)> {
        self.disk.fail(plan);
        let mut told = "nothing, and nothing was lost".to_owned();
        for &step in steps {
            let Err(error) = self.take(step) else { continue };
            told = self.message(&error);
            let failed = self.disk.failed();
            self.disk.fail(Plan::Works);
            self.take(step).unwrap_or_else(|error| panic!("{plan:?}, {failed:?}, then {step:?}: {error}"));
            if self.log.is_some() {
                self.take(Step::Append).unwrap();
            }
            self.check(plan);
            return Some((failed.expect("an error with no fault").0, told));
        }
        let failed = self.disk.failed();
        self.disk.fail(Plan::Works);
        self.check(plan);
        failed.map(|(access, _)| (access, told))
    }

    fn take(&mut self, step: Step) -> Result<(), Error> {
        match step {
            Step::Open => self.log = Some(open(&self.path)?),
            Step::Append => {
                let log = self.log.as_mut().expect("opened");
                let number = log.len()?;
                self.promised = log.append(&scan(number), salt(number))?.index + 1;
            }
            Step::Close => self.log = None,
        }
        Ok(())
    }

    /// What was acknowledged is there: for who reads it now, and after a power cut.
    fn check(mut self, plan: Plan) {
        let now = self.log.as_ref().map(|log| log.verify().unwrap());
        assert!(now.is_none_or(|report| report.holds() && report.entries >= self.promised), "{plan:?}");
        self.disk.fail(Plan::PowerCut { at: 0, syncs_only: false });
        self.log = None;
        let mut random = Random(self.promised);
        self.disk.power_on(&mut |end| random.below(end)).unwrap();
        let found = check(&self.path, self.promised)
            .unwrap_or_else(|broken| panic!("{plan:?}, {} promised: {broken}", self.promised));
        assert!(found >= self.promised, "{plan:?}: {found} entries, {} acknowledged", self.promised);
    }

    /// The message, one line, without this test's folder.
    fn message(&self, error: &Error) -> String {
        let line = line(error);
        line.replace(&*self.folder.path().to_string_lossy(), "")
    }
}
