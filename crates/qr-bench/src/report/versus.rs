//! Ours against the best of the others.

use crate::{report::Run, run::tally, stats::Tally, table};

/// A reader's sum with its name.
struct Sum<'a> {
    name: &'a str,
    tally: Tally,
}

/// One row a corpus: against the peer that reads most, and against the one that is fastest.
pub fn rows(run: &Run, corpora: &[(&str, &str)]) -> Vec<Vec<String>> {
    corpora.iter().filter_map(|(corpus, title)| row(run, corpus, title)).collect()
}

/// What the columns of [`rows`] are.
pub const HEAD: [&str; 6] =
    ["corpus", "reads most of the others", "ours reads", "ours takes", "fastest of the others", "ours takes"];

fn row(run: &Run, corpus: &str, title: &str) -> Option<Vec<String>> {
    let ours = tally(&run.records, corpus, 0)?;
    let peers: Vec<Sum> = (1..run.readers.len())
        .filter(|&place| !run.readers[place].name.starts_with("ours"))
        .filter_map(|place| {
            Some(Sum { name: &run.readers[place].name, tally: tally(&run.records, corpus, place)? })
        })
        .collect();
    let most = peers.iter().max_by(|a, b| better(&a.tally, &b.tally))?;
    let fastest = peers.iter().min_by(|a, b| a.tally.median().total_cmp(&b.tally.median()))?;
    Some(vec![
        title.to_owned(),
        format!("{} {}", most.name, table::rate(most.tally.rate())),
        times(ours.read as f64, most.tally.read as f64),
        times(ours.median(), most.tally.median()),
        format!("{} {} ms", fastest.name, table::milliseconds(fastest.tally.median())),
        times(ours.median(), fastest.tally.median()),
    ])
}

/// Who reads more, or as much in less time.
fn better(a: &Tally, b: &Tally) -> std::cmp::Ordering {
    a.read.cmp(&b.read).then_with(|| b.median().total_cmp(&a.median()))
}

/// `1.25 ×`
fn times(ours: f64, theirs: f64) -> String {
    if theirs > 0.0 { format!("{:.2} ×", ours / theirs) } else { "–".into() }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::report::Measured;
    use crate::run::{Mark, Record};
    use crate::score::Score;

    #[test]
    fn ours_is_compared_with_who_reads_most_and_who_is_fastest() {
        let figures =
            [("ours", 9, 2), ("ours-video", 10, 1), ("quick", 4, 1), ("slow", 6, 9), ("thorough", 6, 4)];
        let mark = |&(_, read, milliseconds): &(&str, usize, u64)| {
            let score = Score { codes: 10, read, ..Score::default() };
            Some(Mark { score, cpu: Duration::from_millis(milliseconds), failure: None })
        };
        let record =
            Record { id: "a".into(), corpora: vec!["c".into()], marks: figures.iter().map(mark).collect() };
        let readers =
            figures.map(|(name, ..)| Measured { name: name.into(), version: String::new() }).to_vec();
        let run = Run { readers, records: vec![record], approaches: Vec::new(), setting: Vec::new() };
        let expected = ["C", "thorough .600", "1.50 ×", "0.50 ×", "quick 1.0 ms", "2.00 ×"];
        assert_eq!(rows(&run, &[("c", "C"), ("d", "never shown")]), [expected.map(str::to_owned).to_vec()]);
    }
}
