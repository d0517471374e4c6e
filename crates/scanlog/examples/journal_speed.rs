//! How long an inspector waits for the journal and statistics of a large log.
//!
//! `cargo run --release -p scanlog --example journal_speed -- NEW_LOG ENTRIES`
//!
//! The entries are put into the tables directly, without tree and signatures:
//! an append is durable and would take hours for millions.

use scanlog::{DeviceKey, Filter, Log, Outcome, Reader};
use std::io::Write;
use std::path::Path;
use std::time::Instant;

/// Something that is asked of a log, and a number of the answer.
type Question<'a> = &'a dyn Fn() -> Result<u64, scanlog::Error>;

/// A scan every 20 seconds.
const SECONDS_BETWEEN: u64 = 20;
const DAY: i64 = 86_400;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<_> = std::env::args().collect();
    let [_, path, entries] = arguments.as_slice() else {
        return Err("usage: journal_speed NEW_LOG ENTRIES".into());
    };
    let (path, entries) = (Path::new(path), entries.parse::<u64>()?.max(1));
    drop(Log::open(path, DeviceKey::new(&[1; 32], [2; 32]), "propusk.example/speed")?);
    fill(path, entries)?;
    let end = (entries * SECONDS_BETWEEN) as i64;
    let day = Filter { from: Some(end - DAY), ..Filter::default() };
    let rare = Filter { reason: Some("pin_refused".to_owned()), ..Filter::default() };
    let refused = Filter { outcomes: vec![Outcome::Refused, Outcome::Event], ..Filter::default() };
    let operator = Filter { operator: Some(3), ..Filter::default() };
    let reader = Reader::open(path)?;
    let questions: [(&str, Question<'_>); 8] = [
        ("all, first page", &|| Ok(reader.journal(&Filter::default(), None, 500)?.matching)),
        ("last day, first page", &|| Ok(reader.journal(&day, None, 500)?.matching)),
        ("refused or event, first page", &|| Ok(reader.journal(&refused, None, 500)?.matching)),
        ("rare event, first page", &|| Ok(reader.journal(&rare, None, 500)?.matching)),
        ("one operator, first page", &|| Ok(reader.journal(&operator, None, 500)?.matching)),
        ("counts of the last day", &|| Ok(reader.count_since(0, end - DAY, end)?.accepted)),
        ("statistics of the last day", &|| Ok(reader.statistics(end - DAY, end, 3600)?.reasons.len() as u64)),
        ("statistics of everything", &|| Ok(reader.statistics(0, end, 86_400)?.reasons.len() as u64)),
    ];
    let mut out = std::io::stdout();
    for (name, ask) in questions {
        let start = Instant::now();
        let answer = ask()?;
        writeln!(out, "{name}: {:?} ({answer})", start.elapsed())?;
    }
    writeln!(
        out,
        "{entries} entries, {} bytes each without their tree",
        std::fs::metadata(path)?.len() / entries
    )?;
    Ok(())
}

fn fill(path: &Path, entries: u64) -> rusqlite::Result<()> {
    let connection = rusqlite::Connection::open(path)?;
    let sql = format!(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {entries})
         INSERT INTO entry SELECT i, i * {SECONDS_BETWEEN},
            CASE WHEN i % 10000 = 7 THEN 3 WHEN i % 11 = 0 THEN 1 WHEN i % 50 = 0 THEN 2 ELSE 0 END,
            CASE WHEN i % 10000 = 7 THEN 'pin_refused' WHEN i % 11 = 0 THEN 'expired'
                 WHEN i % 50 = 0 THEN 'unknown_key' ELSE 'accepted' END,
            'rules', 'vaccination', randomblob(32), randomblob(32), 1, 0, i % 5, randomblob(32) FROM n"
    );
    connection.execute_batch(&sql)
}
