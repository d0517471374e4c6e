//! How long a purge holds the door, and what of the erased scans can still be read in the files.
//!
//! `cargo run --release -p scanlog --example purge_speed -- NEW_LOG ENTRIES KEPT`

mod large_log;

use scanlog::{NewEntry, Outcome};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use large_log::{SECONDS_BETWEEN, device, fill, open, scan, word};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<_> = std::env::args().collect();
    let [_, path, entries, kept] = arguments.as_slice() else {
        return Err("usage: purge_speed NEW_LOG ENTRIES KEPT".into());
    };
    let (path, entries, kept) = (Path::new(path), entries.parse::<u64>()?, kept.parse::<u64>()?);
    drop(open(path)?);
    fill(path, entries)?;
    let (mut log, mut out) = (open(path)?, std::io::stdout());
    let young = entries.saturating_sub(kept);
    let before = (young * SECONDS_BETWEEN) as i64;
    let now = (entries * SECONDS_BETWEEN) as i64;
    let event = NewEntry { outcome: Outcome::Event, identity: None, person: None, ..scan(0) };
    let event = NewEntry { at: now, ..event };
    let (mut steps, mut erased, start) = (vec![], 0, Instant::now());
    loop {
        let step = Instant::now();
        let purged = log.purge(before, &event, word(entries + steps.len() as u64, 3))?;
        let Some((_, purge)) = purged.erased else { break };
        erased += purge.erased;
        steps.push((step.elapsed(), purged.wiped));
        if !purged.more {
            break;
        }
    }
    let (all, wiped) = (start.elapsed(), steps.last().is_some_and(|(_, wiped)| *wiped));
    steps.sort();
    let at = |part: usize| steps.get(steps.len().saturating_sub(1) * part / 100).map(|(time, _)| *time);
    writeln!(
        out,
        "{entries} entries, {erased} scans erased: {all:?} in {} steps, median {:?}, longest {:?}; wiped: {wiped}",
        steps.len(),
        at(50).unwrap_or_default(),
        at(100).unwrap_or_default(),
    )?;
    drop(log);
    let start = Instant::now();
    let report = scanlog::verify(path, Some(&device().verifying_key()))?;
    writeln!(out, "verify: {:?}, holds: {}, erased {}", start.elapsed(), report.holds(), report.erased)?;
    let scans = (0..young).filter(|number| scan(*number).outcome != Outcome::Event);
    let words: BTreeSet<[u8; 8]> = scans
        .flat_map(|number| (1..4).map(move |purpose| word(number, purpose)))
        .filter_map(|word| word[8..16].try_into().ok())
        .collect();
    let begin = |word: &[u8]| usize::from(word[0]) << 16 | usize::from(word[1]) << 8 | usize::from(word[2]);
    let mut begun = vec![false; 1 << 24];
    words.iter().for_each(|word| begun[begin(word)] = true);
    let file = std::fs::read(path)?;
    let found = |window: &&[u8]| begun[begin(window)] && words.contains(*window);
    let left: BTreeSet<&[u8]> = file.windows(8).filter(found).collect();
    writeln!(out, "{} of {} erased identities, persons and salts are left", left.len(), words.len())?;
    Ok(())
}
