//! A process that appends is killed again and again: no entry that it said was
//! appended may be missing afterwards, and the log must verify and go on.
//!
//! The test starts itself as that process, so it has its own `main`.

use scanlog::{DeviceKey, Error, Log, NewEntry, Outcome, verify};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const KILLS: u32 = 20;
const ORIGIN: &str = "propusk.example/killed";

/// The argument that makes this the process to be killed.
const CHILD: &str = "append-until-killed";

fn main() {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (Some(CHILD), Some(path)) => append_until_killed(Path::new(&path)),
        _ => no_acknowledged_entry_is_lost_by_a_kill(),
    }
}

fn open(path: &Path) -> Log {
    Log::open(path, DeviceKey::new(&[1; 32], [2; 32]), ORIGIN).expect("the log opens after a kill")
}

fn scan(number: u64) -> NewEntry {
    NewEntry {
        at: number as i64,
        outcome: Outcome::Accepted,
        reason: "accepted".to_owned(),
        stage: "rules".to_owned(),
        kind: None,
        identity: Some([number as u8; 32]),
        person: None,
        key_set_version: 1,
        demo: true,
        operator: None,
    }
}

fn append_until_killed(path: &Path) {
    let mut log = open(path);
    let mut out = std::io::stdout().lock();
    loop {
        let number = log.len().unwrap();
        let appended = log.append(&scan(number), [number as u8; 32]).unwrap();
        writeln!(out, "{}", appended.index).and_then(|()| out.flush()).unwrap();
    }
}

fn no_acknowledged_entry_is_lost_by_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scan.log");
    let mut acknowledged = 0;
    for kill in 0..KILLS {
        // By turns at every stage of starting and opening, and amid appending.
        let when = match kill % 2 {
            0 => When::After(Duration::from_millis(u64::from(kill) * 3)),
            _ => When::Printed(kill as usize * 4),
        };
        let last = run_and_kill(&path, when);
        acknowledged = last.map_or(acknowledged, |index| index + 1);
        if !path.exists() {
            continue;
        }
        // Killed while it was being made, it is no log yet; otherwise a reader can tell that it holds.
        match verify(&path, None) {
            Ok(report) => assert!(report.holds(), "kill {kill}: {report:?}"),
            Err(error) => assert!(matches!(error, Error::NotALog(_)) && acknowledged == 0, "{error}"),
        }
        let log = open(&path);
        let report = log.verify().unwrap();
        assert!(report.holds(), "kill {kill}: {report:?}");
        assert!(report.entries >= acknowledged, "kill {kill}: {} of {acknowledged}", report.entries);
        let times: Vec<_> = log.entries(0, u64::MAX).unwrap().iter().map(|entry| entry.content.at).collect();
        assert!(times.into_iter().eq(0..report.entries as i64), "kill {kill}: every entry, in order");
    }
    let least: u64 = (1..u64::from(KILLS)).step_by(2).map(|kill| kill * 4).sum();
    assert!(acknowledged >= least, "only {acknowledged} entries were appended");
    assert!(verify(&path, None).unwrap().holds());
    let line = format!("{KILLS} kills, {acknowledged} acknowledged entries, none lost\n");
    std::io::stdout().write_all(line.as_bytes()).unwrap();
}

enum When {
    /// This long after the child's start.
    After(Duration),
    /// When it has acknowledged this many entries.
    Printed(usize),
}

/// The last index that the child acknowledged before it was killed.
fn run_and_kill(path: &Path, when: When) -> Option<u64> {
    let program = std::env::current_exe().unwrap();
    let mut child =
        Command::new(program).arg(CHILD).arg(path).stdout(Stdio::piped()).spawn().expect("the child starts");
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut indices = lines.map_while(|line| line.parse().ok());
    let before = match when {
        When::After(time) => {
            std::thread::sleep(time);
            None
        }
        When::Printed(count) => indices.by_ref().take(count).last(),
    };
    child.kill().unwrap();
    child.wait().unwrap();
    indices.last().or(before)
}
