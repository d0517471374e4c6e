//! Every figure of a run, as JSON.

use serde_json::{Map, Value, json};

use super::Run;
use crate::run::Mark;

/// Readers and setting, then one line a picture: by reader `[codes read, false reads, milliseconds]`.
pub fn json(run: &Run) -> String {
    let readers: Vec<Value> =
        run.readers.iter().map(|reader| json!({"name": reader.name, "version": reader.version})).collect();
    let setting: Map<String, Value> =
        run.setting.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect();
    let pictures: Vec<String> = run
        .records
        .iter()
        .map(|record| {
            let codes = record.marks.iter().flatten().map(|mark| mark.score.codes).next();
            let marks: Vec<Value> = record.marks.iter().map(mark).collect();
            json!({"id": record.id, "corpus": record.corpora[0], "codes": codes, "marks": marks}).to_string()
        })
        .collect();
    let head = json!({"readers": readers, "setting": setting}).to_string();
    format!("{},\n\"pictures\":[\n{}\n]}}\n", &head[..head.len() - 1], pictures.join(",\n"))
}

fn mark(mark: &Option<Mark>) -> Value {
    let Some(mark) = mark else { return Value::Null };
    let milliseconds = (mark.cpu.as_secs_f64() * 1e6).round() / 1e3;
    json!([mark.score.read, mark.score.false_reads.len(), milliseconds])
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{
        report::Measured,
        run::Record,
        score::{Found, Score},
    };

    #[test]
    fn the_file_is_json_with_every_figure() {
        let score = Score { codes: 3, read: 2, false_reads: vec![Found::default()], missed: Vec::new() };
        let mark = Mark { score, cpu: Duration::from_micros(1234), failure: None };
        let record = Record { id: "a".into(), corpora: vec!["c".into()], marks: vec![Some(mark), None] };
        let readers = vec![Measured { name: "ours".into(), version: "1".into() }];
        let text = json(&Run { readers, records: vec![record], setting: vec![("commit", "abc".into())] });
        let expected = json!({
            "readers": [{"name": "ours", "version": "1"}],
            "setting": {"commit": "abc"},
            "pictures": [{"id": "a", "corpus": "c", "codes": 3, "marks": [[2, 1, 1.234], null]}],
        });
        assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), expected);
    }
}
