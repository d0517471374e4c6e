//! A process that appends is killed again and again: no entry that it said was
//! appended may be missing afterwards, and the log must verify and go on.
//!
//! The test starts itself as that process, so it has its own `main`.
//! `cargo xtask faults kills` has it kill more often.

#[path = "faults/progress.rs"]
mod progress;
#[path = "faults/sample.rs"]
mod sample;

use progress::Progress;
use sample::{Random, open, salt, scan};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Kills where nobody asks for more.
const KILLS: u64 = 50;
/// Kills of one log: so many that the side file is copied back in between, and
/// so few that reading all of it after each takes no time.
const KILLS_OF_ONE_LOG: u64 = 50;
/// Every so many kills the log is opened for appending, too, which copies its side file back.
const OPENED_EVERY: u64 = 25;

/// What a Rust program that panicked ends with.
const PANICKED: i32 = 101;

/// The argument that makes this the process to be killed.
const CHILD: &str = "append-until-killed";

fn main() {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next(), arguments.next()) {
        (Some(child), Some(path)) if child == CHILD => append_until_killed(Path::new(&path)),
        // Any other word is a filter for all tests, as cargo passes it.
        _ => no_acknowledged_entry_is_lost_by_a_kill(progress::how_often().unwrap_or(KILLS)),
    }
}

fn append_until_killed(path: &Path) {
    let mut log = open(path).expect("the log opens after a kill");
    let mut out = std::io::stdout().lock();
    loop {
        let number = log.len().unwrap();
        let appended = log.append(&scan(number), salt(number)).unwrap();
        writeln!(out, "{}", appended.index).and_then(|()| out.flush()).unwrap();
    }
}

fn no_acknowledged_entry_is_lost_by_a_kill(kills: u64) {
    let mut progress = Progress::new("kills", kills);
    let mut random = Random(kills);
    let (mut acknowledged, mut unacknowledged, mut amid) = (0, 0, 0);
    let mut killed = 0;
    while killed < kills {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("scan.log");
        let mut entries = 0;
        for kill in 0..KILLS_OF_ONE_LOG.min(kills - killed) {
            let last = run_and_kill(&path, When::draw(&mut random));
            let promised = last.map_or(entries, |index| index + 1);
            let look = if kill % OPENED_EVERY == 0 { sample::check } else { sample::read };
            let found = look(&path, promised).unwrap_or_else(|broken| panic!("kill {kill}: {broken}"));
            assert!(found >= promised, "{found} entries, {promised} acknowledged");
            (acknowledged, unacknowledged) =
                (acknowledged + promised - entries, unacknowledged + found - promised);
            amid += u64::from(last.is_some());
            entries = found;
            killed += 1;
            progress.step(&format!("{acknowledged} entries acknowledged, 0 lost"));
        }
    }
    assert!(amid >= kills / 4, "only {amid} of {kills} kills came amid appending");
    let line = format!(
        "{kills} kills ({amid} amid appending): {acknowledged} acknowledged entries, 0 lost; \
         {unacknowledged} were there that nobody had been told of\n"
    );
    std::io::stdout().write_all(line.as_bytes()).unwrap();
}

/// When the child is killed.
enum When {
    /// This long after its start.
    AfterStart(Duration),
    /// This long after it has acknowledged so many entries.
    AfterEntries(usize, Duration),
}

impl When {
    /// By turns at every stage of starting and opening, and at any moment of appending.
    fn draw(random: &mut Random) -> Self {
        if random.below(4) == 0 {
            Self::AfterStart(Duration::from_micros(random.below(60_000)))
        } else {
            let many = if random.below(10) == 0 { 150 } else { 20 };
            let entries = 1 + random.below(many) as usize;
            Self::AfterEntries(entries, Duration::from_micros(random.below(8_000)))
        }
    }
}

/// The last index that the child acknowledged before it was killed.
fn run_and_kill(path: &Path, when: When) -> Option<u64> {
    let program = std::env::current_exe().unwrap();
    let mut child =
        Command::new(program).arg(CHILD).arg(path).stdout(Stdio::piped()).spawn().expect("the child starts");
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut indices = lines.map_while(|line| line.parse().ok());
    let (before, pause) = match when {
        When::AfterStart(pause) => (None, pause),
        When::AfterEntries(count, pause) => (indices.by_ref().take(count).last(), pause),
    };
    std::thread::sleep(pause);
    child.kill().unwrap();
    let ended = child.wait().unwrap();
    assert!(!ended.success() && ended.code() != Some(PANICKED), "the child ended by itself: {ended}");
    indices.last().or(before)
}
