//! How large the lists of revoked passes are, and how long a question to them takes.
//!
//! `cargo run --release -p trust --example revocation_speed -- NEW_DATABASE`
//!
//! Nine million passes in a status list, and ten million hashes in a database.

use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use trust::hash_rows;
use trust::hashes::{self, Hash, Kind};
use trust::status::{Delta, List};

const PASSES: u32 = 9_000_000;
/// Revoked passes in 1000.
const SHARES: [u32; 3] = [1, 10, 50];
/// What a delta is measured with.
const NEW: u32 = 1_000;
const HASHES: u32 = 10_000_000;
const URI: &str = "https://clinic.example/status";

type Anything<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Anything<()> {
    let arguments: Vec<_> = std::env::args().collect();
    let [_, database] = arguments.as_slice() else {
        return Err("usage: revocation_speed NEW_DATABASE".into());
    };
    let mut out = std::io::stdout();
    writeln!(out, "| revoked of {PASSES} | file | in memory | read | a question | delta of {NEW} more |")?;
    writeln!(out, "|---|---|---|---|---|---|")?;
    for share in SHARES {
        writeln!(out, "{}", status_list(share)?)?;
    }
    writeln!(out, "\n{}", hash_list(Path::new(database))?)?;
    Ok(())
}

fn status_list(share: u32) -> Anything<String> {
    let revoked: Vec<u32> = (0..PASSES).filter(|place| random(*place) % 1000 < share).collect();
    let list = List::new(URI, PASSES, revoked.iter().copied())?;
    let file = list.to_bytes();
    let (read, parsed) = timed(|| List::parse(&file));
    let parsed = parsed?;
    let more = (0..NEW).map(|number| random(number ^ 0x5555_5555) % PASSES);
    let delta = Delta::between(&file, &List::new(URI, PASSES, revoked.iter().copied().chain(more))?)?;
    Ok(format!(
        "| {} ({} %) | {} bytes | {} bytes | {:.1} ms | {:.1} ns | {} bytes |",
        revoked.len(),
        f64::from(share) / 10.0,
        file.len(),
        parsed.memory(),
        read.as_secs_f64() * 1e3,
        question_ns(&parsed),
        delta.to_bytes().len(),
    ))
}

/// Places all over the list, in an order that no cache guesses.
fn question_ns(list: &List) -> f64 {
    let places: Vec<u64> = (0..1 << 22).map(|number| u64::from(random(number) % PASSES)).collect();
    let (took, hits) = timed(|| places.iter().filter(|place| list.is_revoked(black_box(**place))).count());
    black_box(hits);
    took.as_secs_f64() * 1e9 / places.len() as f64
}

fn hash_list(path: &Path) -> Anything<String> {
    if path.exists() {
        return Err("the database is there already; name a new one".into());
    }
    let mut connection = Connection::open(path)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch(hash_rows::TABLES)?;
    let file = hashes::write(Kind::Uci, None, None, (0..HASHES).map(hash).collect())?;
    let (put, list) = timed(|| -> Anything<_> {
        let transaction = connection.transaction()?;
        let list = hash_rows::put(&transaction, &file)?;
        transaction.commit()?;
        Ok(list)
    });
    let list = list?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    let (bytes, file_bytes) = (std::fs::metadata(path)?.len(), file.len());
    drop(file);
    let (check, head) = timed(|| hash_rows::check(&connection, &list));
    let (hit, miss) = (0..HASHES, HASHES..2 * HASHES);
    Ok(format!(
        "{} hashes: file {file_bytes} bytes, database {bytes} bytes; put in {:.1} s, checked {:.1} s; \
         a question {:.1} µs (on the list), {:.1} µs (not on it)",
        head?.count,
        put.as_secs_f64(),
        check.as_secs_f64(),
        question_us(&connection, &list, hit)?,
        question_us(&connection, &list, miss)?,
    ))
}

/// The median over questions about hashes all over the list.
fn question_us(connection: &Connection, list: &hash_rows::Digest, of: std::ops::Range<u32>) -> Anything<f64> {
    let expected = of.start == 0;
    let mut times = vec![];
    for number in 0..20_000 {
        let hash = hash(of.start + random(number) % HASHES);
        let (took, found) = timed(|| hash_rows::contains(connection, list, &hash));
        if found? != expected {
            return Err("a wrong answer".into());
        }
        times.push(took);
    }
    times.sort_unstable();
    Ok(times[times.len() / 2].as_secs_f64() * 1e6)
}

fn hash(number: u32) -> Hash {
    hashes::hash(&number.to_be_bytes())
}

/// A number as good as random, the same in every run (splitmix64's finaliser).
fn random(number: u32) -> u32 {
    let mut mixed = u64::from(number).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ mixed >> 31) as u32
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let since = Instant::now();
    let done = work();
    (since.elapsed(), done)
}
