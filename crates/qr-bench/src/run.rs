//! Shows every picture to every reader, picture by picture: whatever slows the machine down meets all alike.

use std::sync::Arc;
use std::time::Duration;

use crate::{
    Result,
    corpus::Entry,
    picture::Picture,
    reader::{Reader, Reading, Scope},
    score::{Score, score},
    stats::Tally,
};

/// What came of one picture.
pub struct Record {
    /// The picture's name.
    pub id: String,
    /// The corpora that it counts for, its own first.
    pub corpora: Vec<String>,
    /// By reader; `None` for those that were not asked.
    pub marks: Vec<Option<Mark>>,
}

/// How one reader did on one picture.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Against the truth.
    pub score: Score,
    /// The CPU time that it took.
    pub cpu: Duration,
    /// Why it came to no proper end, if it did not.
    pub failure: Option<String>,
}

/// Shows all pictures, each `repeat` times of which the least time counts; tells of each.
///
/// A reader of streams is asked where frames follow one another, and forgets between corpora. Who comes first
/// changes with every picture: the first pays for fetching it from memory.
///
/// # Errors
/// A picture that cannot be loaded.
pub fn run(
    entries: &[Entry],
    readers: &mut [Reader],
    repeat: usize,
    mut tell: impl FnMut(&Record),
) -> Result<Vec<Record>> {
    let mut records = Vec::with_capacity(entries.len());
    let mut corpus = "";
    for (turn, entry) in entries.iter().enumerate() {
        if entry.corpus != corpus {
            readers.iter_mut().for_each(Reader::reset);
            corpus = &entry.corpus;
        }
        let picture = Arc::new(entry.load()?);
        let mut marks = vec![None; readers.len()];
        for place in turns(readers.len(), turn) {
            let reader = &mut readers[place];
            if entry.stream || reader.scope == Scope::Pictures {
                marks[place] = Some(mark(reader, &picture, repeat));
            }
        }
        let record = Record { id: entry.id.clone(), corpora: entry.corpora(&picture), marks };
        tell(&record);
        records.push(record);
    }
    Ok(records)
}

/// All places, beginning with another one each turn.
pub fn turns(places: usize, turn: usize) -> impl Iterator<Item = usize> {
    (0..places).map(move |place| (place + turn) % places)
}

fn mark(reader: &mut Reader, picture: &Arc<Picture>, repeat: usize) -> Mark {
    let Reading { found, mut cpu, failure } = reader.read(picture);
    // A stream must not see a frame twice.
    if reader.scope == Scope::Pictures {
        for _ in 1..repeat {
            cpu = cpu.min(reader.read(picture).cpu);
        }
    }
    Mark { score: score(picture, &found), cpu, failure }
}

/// One reader's sum over one corpus; `None` where it was never asked.
pub fn tally(records: &[Record], corpus: &str, reader: usize) -> Option<Tally> {
    let mut tally = Tally::default();
    let within = |record: &&Record| record.corpora.iter().any(|name| name == corpus);
    for mark in records.iter().filter(within).filter_map(|record| record.marks.get(reader)?.as_ref()) {
        tally.add(&mark.score, mark.cpu);
    }
    (tally.pictures > 0).then_some(tally)
}

/// The names of all corpora that were shown, in their order, sums after their parts.
pub fn corpora(records: &[Record]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for depth in [0, 1, 2] {
        for name in records.iter().filter_map(|record| record.corpora.get(depth)) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(corpora: &[&str], marks: &[Option<usize>]) -> Record {
        let mark = |read: &Option<usize>| {
            let score = Score { codes: 2, read: (*read)?, ..Score::default() };
            Some(Mark { score, cpu: Duration::from_millis(3), failure: None })
        };
        let corpora = corpora.iter().map(|&name| name.to_owned()).collect();
        Record { id: "picture".into(), corpora, marks: marks.iter().map(mark).collect() }
    }

    #[test]
    fn everyone_has_a_turn_and_another_begins_each_time() {
        let orders: Vec<Vec<usize>> = (0..4).map(|turn| turns(3, turn).collect()).collect();
        assert_eq!(orders, [[0, 1, 2], [1, 2, 0], [2, 0, 1], [0, 1, 2]]);
    }

    #[test]
    fn sums_are_over_the_pictures_of_a_corpus_that_a_reader_was_shown() {
        let records = [
            record(&["a/1", "a"], &[Some(1), None]),
            record(&["a/2", "a"], &[Some(2), None]),
            record(&["b"], &[Some(0), Some(2)]),
        ];
        assert_eq!(corpora(&records), ["a/1", "a/2", "b", "a"]);
        let read = |corpus, reader| tally(&records, corpus, reader).map(|tally| (tally.codes, tally.read));
        let table =
            [("a", 0, Some((4, 3))), ("a/1", 0, Some((2, 1))), ("a", 1, None), ("b", 1, Some((2, 2)))];
        for (corpus, reader, expected) in table {
            assert_eq!(read(corpus, reader), expected, "{corpus} {reader}");
        }
        assert_eq!(read("a", 2), None, "no such reader");
    }
}
