//! Photographs with known texts or hand-labelled places.

use std::path::Path;

use serde_json::Value;

use super::Entry;
use crate::{
    Result,
    picture::{Label, Picture, Truth},
};

/// Every photograph of the index in `folder`.
pub fn entries(folder: &Path) -> Result<Vec<Entry>> {
    let index = folder.join("index.jsonl");
    let lines = std::fs::read_to_string(&index).map_err(|error| format!("{}: {error}", index.display()))?;
    lines.lines().map(|line| entry(folder, line).map_err(|error| format!("{error}: {line}"))).collect()
}

fn entry(folder: &Path, line: &str) -> Result<Entry> {
    let line: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let file = line["file"].as_str().ok_or("no file")?.to_owned();
    let set = file.split('/').next().unwrap_or_default();
    let truth = truth(&line).ok_or("neither text nor labels")?;
    let path = folder.join(&file);
    let corpus = format!("photos/{set}");
    Ok(Entry { id: file, corpus, stream: false, load: Box::new(move || load(&path, truth.clone())) })
}

fn load(path: &Path, truth: Truth) -> Result<Picture> {
    let picture = image::open(path).map_err(|error| error.to_string())?.to_luma8();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    Ok(Picture { width, height, luma: picture.into_raw(), truth })
}

fn truth(line: &Value) -> Option<Truth> {
    if let Some(text) = line["text"].as_str() {
        return Some(Truth::Text(text.to_owned()));
    }
    line["codes"].as_array()?.iter().map(label).collect::<Option<_>>().map(Truth::Labels)
}

fn label(corners: &Value) -> Option<Label> {
    let number = |value: &Value| value.as_f64().map(|number| number as f32);
    let point = |point: &Value| Some([number(&point[0])?, number(&point[1])?]);
    corners.as_array()?.iter().map(point).collect::<Option<_>>().map(Label::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_line_holds_a_text_or_labels() {
        let corners = [[1.0, 2.0], [3.0, 2.0], [3.0, 4.0]];
        let labels = Truth::Labels(vec![Label::new(corners.to_vec())]);
        assert_eq!(truth(&json!({"text": "a"})), Some(Truth::Text("a".into())));
        assert_eq!(truth(&json!({"codes": [corners]})), Some(labels));
        for broken in [json!({}), json!({"codes": [[["a", 1]]]}), json!({"codes": 1})] {
            assert_eq!(truth(&broken), None, "{broken}");
        }
    }
}
