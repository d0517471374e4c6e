//! How long an inspector waits for the journal, the statistics and the proof of a large log, and how long a
//! scan waits for its entry there.
//!
//! `cargo run --release -p scanlog --example journal_speed -- NEW_LOG ENTRIES`
//!
//! The entries, their tree and their head are put into the tables directly: an append is durable and would
//! take an hour for millions. What is measured then is the library's own.

use cpu_time::ProcessTime;
use ed25519_dalek::SigningKey;
use rusqlite::{Connection, params};
use scanlog::{Checkpoint, DeviceKey, Filter, Hash, Log, NewEntry, Outcome, Reader, tree};
use std::convert::Infallible;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// Something that is asked of a log, and a number of the answer.
type Question<'a> = &'a dyn Fn() -> Result<u64, scanlog::Error>;

/// A scan every 20 seconds.
const SECONDS_BETWEEN: u64 = 20;
const DAY: i64 = 86_400;
const ORIGIN: &str = "propusk.example/speed";
/// How often each question is asked; the median counts.
const ROUNDS: usize = 5;
const APPENDS: u64 = 2_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<_> = std::env::args().collect();
    let mut out = std::io::stdout();
    let (path, entries) = match arguments.as_slice() {
        [_, path] if Path::new(path).exists() => return prove(Path::new(path), &mut out),
        [_, path, entries] => (Path::new(path), entries.parse::<u64>()?.max(1)),
        _ => {
            return Err(
                "usage: journal_speed NEW_LOG ENTRIES, or journal_speed LOG to prove one again".into()
            );
        }
    };
    drop(open(path)?);
    fill(path, entries)?;
    let bytes = std::fs::metadata(path)?.len() / entries;
    writeln!(out, "{entries} entries, {bytes} bytes each")?;
    ask(path, (entries * SECONDS_BETWEEN) as i64, &mut out)?;

    let mut append = append(path, entries)?;
    append.sort();
    let at = |part: usize| append[(append.len() - 1) * part / 100];
    let ((cpu, wall), (_, slow)) = (at(50), at(99));
    writeln!(out, "append: median CPU {cpu:?}, fsync included {wall:?}, 99 % {slow:?}")?;
    prove(path, &mut out)
}

fn prove(path: &Path, out: &mut dyn Write) -> Result<(), Box<dyn std::error::Error>> {
    let (start, cpu) = (Instant::now(), ProcessTime::now());
    let report = scanlog::verify(path, Some(&device().verifying_key()))?;
    writeln!(out, "verify: {:?}, CPU {:?}, holds: {}", start.elapsed(), cpu.elapsed(), report.holds())?;
    let start = Instant::now();
    drop(open(path)?);
    writeln!(out, "open for appending: {:?}", start.elapsed())?;
    Ok(())
}

fn ask(path: &Path, end: i64, out: &mut dyn Write) -> Result<(), Box<dyn std::error::Error>> {
    let all = Filter::default();
    let day = Filter { from: Some(end - DAY), ..all.clone() };
    let rare = Filter { reason: Some("pin_refused".to_owned()), ..all.clone() };
    let refused = Filter { outcomes: vec![Outcome::Refused, Outcome::Event], ..all.clone() };
    let operator = Filter { operator: Some(3), ..all.clone() };
    let rare_of_operator =
        Filter { operator: Some(2), from: Some(1000), until: Some(end - 1000), ..rare.clone() };
    let none = Filter { operator: Some(77), ..all.clone() };
    let reader = Reader::open(path)?;
    let page = |filter: &Filter| Ok(reader.journal(filter, None, 500)?.matching);
    let deep =
        |filter: &Filter| Ok(reader.journal(filter, Some(end as u64 / SECONDS_BETWEEN / 2), 500)?.matching);
    let questions: [(&str, Question<'_>); 12] = [
        ("all, first page", &|| page(&all)),
        ("all, a page in the middle", &|| deep(&all)),
        ("last day, first page", &|| page(&day)),
        ("refused or event, first page", &|| page(&refused)),
        ("refused or event, a page in the middle", &|| deep(&refused)),
        ("rare event, first page", &|| page(&rare)),
        ("rare event of an operator in a span, first page", &|| page(&rare_of_operator)),
        ("one operator, first page", &|| page(&operator)),
        ("an operator who is not there", &|| page(&none)),
        ("counts of the last day", &|| Ok(reader.count_since(0, end - DAY, end)?.accepted)),
        ("statistics of the last day", &|| Ok(reader.statistics(end - DAY, end, 3600)?.reasons.len() as u64)),
        ("statistics of everything", &|| Ok(reader.statistics(0, end, 86_400)?.reasons.len() as u64)),
    ];
    for (name, ask) in questions {
        let mut times = vec![];
        let mut answer = 0;
        for _ in 0..ROUNDS {
            let (start, cpu) = (Instant::now(), ProcessTime::now());
            answer = ask()?;
            times.push((cpu.elapsed(), start.elapsed()));
        }
        times.sort();
        let (cpu, wall) = times[ROUNDS / 2];
        writeln!(out, "{name}: CPU {cpu:?}, {wall:?} ({answer})")?;
    }
    Ok(())
}

fn device() -> DeviceKey {
    DeviceKey::new(&[1; 32], [2; 32])
}

fn open(path: &Path) -> Result<Log, scanlog::Error> {
    Log::open(path, device(), ORIGIN)
}

fn append(path: &Path, entries: u64) -> Result<Vec<(Duration, Duration)>, scanlog::Error> {
    let mut log = open(path)?;
    let append = |number: u64| {
        let (new, salt) = (scan(number), word(number, 3));
        let (start, cpu) = (Instant::now(), ProcessTime::now());
        log.append(&new, salt)?;
        Ok((cpu.elapsed(), start.elapsed()))
    };
    (entries..entries + APPENDS).map(append).collect()
}

/// The scan with this number: every eleventh is refused, and every ten thousandth entry is an event.
fn scan(number: u64) -> NewEntry {
    let (outcome, reason) = match number {
        n if n % 10_000 == 7 => (Outcome::Event, "pin_refused"),
        n if n % 11 == 0 => (Outcome::Refused, "expired"),
        n if n % 50 == 0 => (Outcome::CannotTell, "unknown_key"),
        _ => (Outcome::Accepted, "accepted"),
    };
    NewEntry {
        at: (number * SECONDS_BETWEEN) as i64,
        outcome,
        reason: reason.to_owned(),
        stage: "rules".to_owned(),
        kind: Some("vaccination".to_owned()),
        identity: Some(word(number, 1)),
        person: Some(word(number, 2)),
        key_set_version: 1,
        demo: false,
        operator: Some((number % 5) as u32),
    }
}

/// 32 bytes that look random.
fn word(number: u64, purpose: u64) -> [u8; 32] {
    let mut word = [0; 32];
    let mut state = number.wrapping_mul(4).wrapping_add(purpose);
    for chunk in word.chunks_exact_mut(8) {
        // SplitMix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        chunk.copy_from_slice(&(mixed ^ (mixed >> 31)).to_be_bytes());
    }
    word
}

/// The tree, level by level.
#[derive(Default)]
struct Levels(Vec<Vec<Hash>>);

impl tree::Nodes for Levels {
    type Error = Infallible;

    fn node(&self, (level, position): tree::Place) -> Result<Hash, Infallible> {
        Ok(self.0[usize::from(level)][position as usize])
    }
}

impl Levels {
    fn push(&mut self, number: u64, leaf: Hash) {
        // Nothing can go wrong in memory.
        let Ok(added) = tree::append(self, number, leaf);
        for ((level, _), hash) in added {
            if self.0.len() <= usize::from(level) {
                self.0.push(vec![]);
            }
            self.0[usize::from(level)].push(hash);
        }
    }
}

fn fill(path: &Path, entries: u64) -> Result<(), Box<dyn std::error::Error>> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA synchronous = off; PRAGMA journal_mode = off; BEGIN;
         CREATE TABLE indices AS SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL;
         DROP INDEX tally_by_time; DROP INDEX entry_by_person; DROP INDEX entry_purged;",
    )?;
    let mut levels = Levels::default();
    {
        let mut insert = connection.prepare(
            "INSERT INTO entry (position, at, outcome, reason, stage, kind, identity, person,
             key_set_version, demo, operator, salt) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?;
        for number in 0..entries {
            let (new, salt) = (scan(number), word(number, 3));
            levels.push(number, tree::leaf_hash(&new.at_index(number).commitment(&salt)));
            insert.execute(params![
                number as i64,
                new.at,
                new.outcome.code(),
                new.reason,
                new.stage,
                new.kind,
                new.identity,
                new.person,
                new.key_set_version as i64,
                new.demo,
                new.operator,
                salt,
            ])?;
        }
        let mut insert =
            connection.prepare("INSERT INTO node (level, position, hash) VALUES (?1, ?2, ?3)")?;
        for (level, hashes) in levels.0.iter().enumerate() {
            for (position, hash) in hashes.iter().enumerate() {
                insert.execute(params![level as i64, position as i64, hash])?;
            }
        }
    }
    let Ok(root) = tree::root(&levels, entries);
    let head = Checkpoint { origin: ORIGIN.to_owned(), size: entries, root };
    connection.execute("UPDATE log SET checkpoint = ?1", [head.sign(&SigningKey::from_bytes(&[1; 32]))?])?;
    connection.execute_batch(
        "INSERT INTO tally
             SELECT position >> 9, outcome, reason, ifnull(operator, -1), count(*), min(at), max(at)
             FROM entry GROUP BY 1, 2, 3, 4",
    )?;
    let mut indices = connection.prepare("SELECT sql FROM indices")?;
    let indices: Vec<String> = indices.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    indices.iter().try_for_each(|sql| connection.execute_batch(sql))?;
    connection.execute_batch("DROP TABLE indices; COMMIT; PRAGMA journal_mode = wal;")?;
    Ok(())
}
