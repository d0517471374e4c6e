//! Every figure of a run, as JSON.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::Run;
use crate::{
    approach::Approach,
    run::{Mark, Record},
};

/// Readers, setting and approaches, then one line a corpus.
///
/// A picture is `[name, codes, by reader]` with `[codes read, false reads, milliseconds]` of each reader, an approach
/// has `[whether read, frames, milliseconds, false reads]` of each.
pub fn json(run: &Run) -> String {
    let readers: Vec<Value> =
        run.readers.iter().map(|reader| json!({"name": reader.name, "version": reader.version})).collect();
    let setting: Map<String, Value> =
        run.setting.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect();
    let approaches: Vec<Value> = run.approaches.iter().map(approach).collect();
    let head = json!({"approaches": approaches, "readers": readers, "setting": setting}).to_string();
    let corpora = run.records.chunk_by(|a, b| a.corpora[0] == b.corpora[0]);
    let lines: Vec<String> = corpora
        .map(|records| {
            let pictures: Vec<Value> = records.iter().map(picture).collect();
            json!({"corpus": records[0].corpora[0], "pictures": pictures}).to_string()
        })
        .collect();
    format!("{},\n\"corpora\":[\n{}\n]}}\n", &head[..head.len() - 1], lines.join(",\n"))
}

fn picture(record: &Record) -> Value {
    let codes = record.marks.iter().flatten().map(|mark| mark.score.codes).next();
    let marks: Vec<Value> = record.marks.iter().map(mark).collect();
    json!([record.id, codes, marks])
}

fn mark(mark: &Option<Mark>) -> Value {
    let Some(mark) = mark else { return Value::Null };
    json!([mark.score.read, mark.score.false_reads.len(), milliseconds(mark.cpu)])
}

fn approach(approach: &Approach) -> Value {
    let views = approach.views.iter();
    views.map(|view| json!([view.read, view.frames, milliseconds(view.cpu), view.false_reads])).collect()
}

/// To the microsecond.
fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        approach::View,
        report::Measured,
        score::{Found, Score},
    };

    #[test]
    fn the_file_is_json_with_every_figure() {
        let score = Score { codes: 3, read: 2, false_reads: vec![Found::default()], missed: Vec::new() };
        let mark = Mark { score, cpu: Duration::from_micros(1234), failure: None };
        let record = Record { id: "a".into(), corpora: vec!["c".into()], marks: vec![Some(mark), None] };
        let view = View { frames: 7, cpu: Duration::from_millis(9), read: true, false_reads: 0 };
        let approach = Approach { index: 0, views: vec![view] };
        let readers = vec![Measured { name: "ours".into(), version: "1".into() }];
        let text = json(&Run {
            readers,
            records: vec![record],
            approaches: vec![approach],
            setting: vec![("commit", "abc".into())],
        });
        let expected = json!({
            "approaches": [[[true, 7, 9.0, 0]]],
            "readers": [{"name": "ours", "version": "1"}],
            "setting": {"commit": "abc"},
            "corpora": [{"corpus": "c", "pictures": [["a", 3, [[2, 1, 1.234], null]]]}],
        });
        assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), expected);
    }
}
