//! The pictures inside the public test vectors of European certificates.

use std::path::{Path, PathBuf};

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::Value;

use super::Entry;
use crate::{
    Result,
    picture::{Picture, Truth},
};

/// Vectors whose picture cannot give the vector's text, with the reason.
const EXCEPTIONS: [(&str, &str); 4] = [
    ("ES/2DCode/raw/501.json", "the picture shows another certificate"),
    ("ES/2DCode/raw/502.json", "the picture shows another certificate"),
    ("ES/2DCode/raw/503.json", "the picture shows another certificate"),
    ("common/2DCode/raw/Q1.json", "broken on purpose: not a picture"),
];

/// Every vector below `folder` that has a picture.
pub fn entries(folder: &Path) -> Result<Vec<Entry>> {
    let mut files = Vec::new();
    json_files(folder, &mut files)?;
    files.sort();
    let mut entries = Vec::new();
    for file in files {
        let name = file.strip_prefix(folder).unwrap_or(&file).display().to_string();
        let excepted = EXCEPTIONS.iter().any(|(exception, _)| *exception == name);
        if !excepted && vector(&file)?["2DCODE"].is_string() {
            let load = Box::new(move || load(&file));
            entries.push(Entry { id: format!("dcc/{name}"), corpus: "dcc".into(), stream: false, load });
        }
    }
    Ok(entries)
}

fn load(file: &Path) -> Result<Picture> {
    let vector = vector(file)?;
    let text = vector["PREFIX"].as_str().ok_or("no text")?.to_owned();
    let encoded = vector["2DCODE"].as_str().ok_or("no picture")?;
    let bytes = BASE64_STANDARD.decode(encoded.trim()).map_err(|error| error.to_string())?;
    let picture = image::load_from_memory(&bytes).map_err(|error| error.to_string())?.to_luma8();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    Ok(Picture { width, height, luma: picture.into_raw(), truth: Truth::Text(text) })
}

fn vector(file: &Path) -> Result<Value> {
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let bytes = std::fs::read(file).map_err(|error| told(&error))?;
    serde_json::from_slice(&bytes).map_err(|error| told(&error))
}

fn json_files(folder: &Path, out: &mut Vec<PathBuf>) -> Result<()> {
    let told = |error| format!("{}: {error}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(told)? {
        let path = entry.map_err(told)?.path();
        if path.is_dir() {
            json_files(&path, out)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            out.push(path);
        }
    }
    Ok(())
}
