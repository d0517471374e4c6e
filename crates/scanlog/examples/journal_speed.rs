//! How long an inspector waits for the journal, the statistics and the proof of a large log, and how long a
//! scan waits for its entry there.
//!
//! `cargo run --release -p scanlog --example journal_speed -- NEW_LOG ENTRIES`

mod large_log;

use cpu_time::ProcessTime;
use scanlog::{Filter, Outcome, Reader};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use large_log::{SECONDS_BETWEEN, device, fill, open, scan, word};

/// Something that is asked of a log, and a number of the answer.
type Question<'a> = &'a dyn Fn() -> Result<u64, scanlog::Error>;

const DAY: i64 = 86_400;
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
