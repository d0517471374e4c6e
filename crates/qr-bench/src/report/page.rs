//! The page of tables, in Markdown.

use super::{COLUMNS, Run, versus};
use crate::{
    approach::summary,
    run::{corpora, tally},
    stats::Tally,
    table,
};

/// How the figures came about.
const PREFACE: &str = "\
# QR readers side by side

One run of `cargo xtask bench qr`: the same 8-bit luma for every reader, picture by picture in turn, on one core. \
Milliseconds are CPU time of one call. A code counts as read when its text is right, or, where the truth is a \
hand-drawn outline, when a symbol's middle lies in it; *false* are symbols that are no code of the picture.
";

/// What the main table's cells are, and what is known to be wrong with them.
const ALL: &str = "\
Rate · median / 95th percentile ms · false.

Some of BoofCV's outlines were drawn on the photograph turned by a quarter: right reads there count as missed and as \
false, for every reader alike.

";

/// Everything worth a table.
pub fn page(run: &Run) -> String {
    let shown: Vec<_> = COLUMNS.iter().copied().filter(|(name, _)| is_shown(run, name)).collect();
    let mut page = PREFACE.to_owned();
    let mut section = |title: &str, note: &str, head: &[&str], rows: &[Vec<String>]| {
        if !rows.is_empty() {
            page += &format!("\n## {title}\n\n{note}{}", table::markdown(head, rows));
        }
    };
    let head: Vec<String> =
        shown.iter().map(|(name, title)| format!("{title} ({})", size(run, name))).collect();
    let head: Vec<&str> = std::iter::once("reader").chain(head.iter().map(String::as_str)).collect();
    section("All", ALL, &head, &by_reader(run, &shown, whole));
    section("Ours against the best", "", &versus::HEAD, &versus::rows(run, &shown));
    let approaches: Vec<_> = (0..run.readers.len()).filter_map(|place| by_approach(run, place)).collect();
    let note =
        format!("{} approaches, thirty frames a second, 1280 × 720. {APPROACH}\n\n", run.approaches.len());
    section("A code brought before the camera", &note, &APPROACH_HEAD, &approaches);
    for (title, note, prefix, cell) in SECTIONS {
        let parts: Vec<String> =
            corpora(&run.records).into_iter().filter(|name| name.starts_with(prefix)).collect();
        let readers: Vec<&str> = run.readers.iter().map(|reader| reader.name.as_str()).collect();
        let asked: Vec<usize> = (0..readers.len())
            .filter(|&place| parts.iter().any(|part| tally(&run.records, part, place).is_some()))
            .collect();
        let rows: Vec<_> = parts.iter().map(|part| by_corpus(run, part, prefix, &asked, cell)).collect();
        let head: Vec<&str> = std::iter::once("").chain(asked.iter().map(|&place| readers[place])).collect();
        section(title, note, &head, &rows);
    }
    page + &format!("\n## What was measured\n\n{}", measured(run))
}

/// How approaches are counted.
const APPROACH: &str = "Frames and CPU milliseconds count from the first frame with the whole code within it to the \
first read; the median over all approaches, ∞ where fewer than half were read. Every reader is shown every frame, \
however long it takes.";
const APPROACH_HEAD: [&str; 5] = ["reader", "read", "frames", "ms", "false"];

/// What a cell shows of a sum.
type Cell = fn(&Tally) -> String;

/// Tables of a corpus's parts: title, note, what their names begin with, what a cell shows.
const SECTIONS: [(&str, &str, &str, Cell); 5] = [
    ("Frames without a code", "Median ms; false reads where there are any.\n\n", "idle/", idle),
    ("Camera-like frames by size", "Rate · median ms.\n\n", "rendered-", short),
    ("Camera-like frames by condition", "Rate · median ms.\n\n", "rendered/", short),
    ("BoofCV's photographs by set", "Rate · median ms.\n\n", "photos/boofcv-", short),
    ("ZXing's photographs by set", "Rate · median ms.\n\n", "photos/zxing-", short),
];

fn whole(tally: &Tally) -> String {
    let [median, p95] = [tally.median(), tally.p95()].map(table::milliseconds);
    format!("{} · {median} / {p95} · {}", table::rate(tally.rate()), tally.false_reads)
}

fn short(tally: &Tally) -> String {
    format!("{} · {}", table::rate(tally.rate()), table::milliseconds(tally.median()))
}

fn idle(tally: &Tally) -> String {
    let median = table::milliseconds(tally.median());
    if tally.false_reads == 0 { median } else { format!("{median} ({} false)", tally.false_reads) }
}

fn by_reader(run: &Run, columns: &[(&str, &str)], cell: Cell) -> Vec<Vec<String>> {
    let row = |place: usize| {
        let sums: Vec<_> = columns.iter().map(|(name, _)| tally(&run.records, name, place)).collect();
        let cells = sums.iter().map(|sum| sum.as_ref().map_or_else(|| "–".into(), cell));
        let name = run.readers[place].name.clone();
        sums.iter().any(Option::is_some).then(|| std::iter::once(name).chain(cells).collect())
    };
    (0..run.readers.len()).filter_map(row).collect()
}

fn by_approach(run: &Run, place: usize) -> Option<Vec<String>> {
    if run.approaches.is_empty() {
        return None;
    }
    let sum = summary(&run.approaches, place);
    let frames = if sum.frames.is_finite() { sum.frames.to_string() } else { "∞".into() };
    let name = run.readers[place].name.clone();
    let milliseconds = table::milliseconds(sum.milliseconds);
    Some(vec![name, sum.read.to_string(), frames, milliseconds, sum.false_reads.to_string()])
}

fn by_corpus(run: &Run, corpus: &str, prefix: &str, readers: &[usize], cell: Cell) -> Vec<String> {
    let name = corpus.strip_prefix(prefix).unwrap_or(corpus);
    let name = format!("{name} ({})", size(run, corpus));
    let sum =
        |&place: &usize| tally(&run.records, corpus, place).map_or_else(|| "–".into(), |sum| cell(&sum));
    std::iter::once(name).chain(readers.iter().map(sum)).collect()
}

fn is_shown(run: &Run, corpus: &str) -> bool {
    run.records.iter().any(|record| record.corpora.iter().any(|name| name == corpus))
}

/// `228 pictures, 479 codes`, or just their number where every picture has one.
fn size(run: &Run, corpus: &str) -> String {
    let sum = (0..run.readers.len()).find_map(|place| tally(&run.records, corpus, place)).unwrap_or_default();
    match (sum.pictures, sum.codes) {
        (pictures, codes) if codes == pictures || codes == 0 => pictures.to_string(),
        (1, codes) => format!("1 picture, {codes} codes"),
        (pictures, codes) => format!("{pictures} pictures, {codes} codes"),
    }
}

fn measured(run: &Run) -> String {
    let readers = run.readers.iter().map(|reader| (reader.name.as_str(), reader.version.as_str()));
    let setting = run.setting.iter().map(|(key, value)| (*key, value.as_str()));
    readers.chain(setting).map(|(name, what)| format!("- {name}: {what}\n")).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::report::Measured;
    use crate::run::{Mark, Record};
    use crate::score::{Found, Score};

    fn record(corpora: &[&str], reads: [Option<usize>; 2]) -> Record {
        let mark = |read: usize| Mark {
            score: Score {
                codes: 1,
                read,
                false_reads: vec![Found::default(); 1 - read],
                ..Score::default()
            },
            cpu: Duration::from_micros(2500),
            failure: None,
        };
        let corpora = corpora.iter().map(|&name| name.to_owned()).collect();
        Record { id: "a".into(), corpora, marks: reads.map(|read| read.map(mark)).to_vec() }
    }

    #[test]
    fn the_page_holds_what_was_run_and_nothing_else() {
        let readers = ["ours", "peer"]
            .map(|name| Measured { name: name.into(), version: format!("{name} 1.0") })
            .to_vec();
        let records = vec![
            record(&["rendered/mild", "rendered"], [Some(1), Some(0)]),
            record(&["dcc"], [Some(1), None]),
        ];
        let page = page(&Run {
            readers,
            records,
            approaches: Vec::new(),
            setting: vec![("processor", "fast".into())],
        });
        let expected = [
            "| reader | DCC vectors (1) | camera-like frames (1) |",
            "| ours   | 1 · 2.5 / 2.5 · 0 |",
            "| peer   |               – | .000 · 2.5 / 2.5 · 1 |",
            "| camera-like frames |",
            "| mild (1) | 1 · 2.5 | .000 · 2.5 |",
            "- peer: peer 1.0\n- processor: fast\n",
        ];
        // Columns are as wide as their widest cell: compare without the padding.
        let narrow =
            |text: &str| text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        for line in expected {
            assert!(narrow(&page).contains(&narrow(line)), "{line}\n{page}");
        }
        assert!(!page.contains("ZXing's photographs") && !page.contains("without a code"), "{page}");
    }
}
