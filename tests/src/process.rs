//! What Linux tells of a process (proc(5)).

use std::fs;
use std::process::Command;

/// Ticks a second in `/proc`, on every Linux that is met (`getconf CLK_TCK`).
const TICKS: i64 = 100;

/// A process and all that it started, directly or not.
///
/// # Panics
/// It has ended.
pub fn tree(root: u32) -> Vec<u32> {
    let mut found = vec![root];
    let mut next = 0;
    while let Some(&process) = found.get(next) {
        found.extend(children(process));
        next += 1;
    }
    found
}

/// The processes that any thread of a process started and that still run.
///
/// # Panics
/// It has ended.
pub fn children(parent: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{parent}/task")).expect("Linux's list of threads").flatten();
    let lists = threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    lists
        .flat_map(|list| list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<_>>())
        .collect()
}

/// The first 15 bytes of a program's name; empty once it ended.
pub fn name(process: u32) -> String {
    fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default().trim_end().to_owned()
}

/// Ends a process as the kernel does, without asking it.
///
/// # Panics
/// It has ended already.
pub fn end(process: u32) {
    let done = Command::new("kill").args(["-KILL", &process.to_string()]).status().expect("kill runs");
    assert!(done.success(), "process {process} has ended already");
}

/// A process's memory in kilobytes (1024 bytes), with its share of what it has in common with others; 0 once it ended.
pub fn pss_kilobytes(process: u32) -> u64 {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// When a process was started, in milliseconds since 1970, to a hundredth of a second.
///
/// # Panics
/// It has ended.
pub fn started_at(process: u32) -> i64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).expect("it runs");
    // The program's name may hold anything; fields are counted behind it.
    let (_, fields) = stat.rsplit_once(')').expect("a name in brackets");
    let ticks: i64 = fields.split_whitespace().nth(19).and_then(|ticks| ticks.parse().ok()).expect("ticks");
    booted_at() + ticks * 1000 / TICKS
}

/// When this machine was started, likewise: from the clock and from the time since, which is exact to a hundredth.
fn booted_at() -> i64 {
    let up = fs::read_to_string("/proc/uptime").expect("Linux's uptime");
    let seconds: f64 = up.split_whitespace().next().and_then(|up| up.parse().ok()).expect("seconds");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    now.as_millis() as i64 - (seconds * 1000.0) as i64
}
