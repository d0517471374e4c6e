//! Real pictures with known contents: photographs and the pictures of the public DCC vectors.
//!
//! They lie in a folder beside the repository; a clone without it says that it skips them, CI fails.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine};
use cpu_time::ThreadTime;
use image::GrayImage;
use qr::{Luma, Scanner, Symbol};
use serde_json::Value;

/// Sets of photographs: codes in them, codes that must be read at least, symbols outside every label at most.
///
/// The six outside are read rightly; their labels were drawn on a photograph turned by a quarter.
const SETS: [(&str, usize, usize, usize); 19] = [
    ("boofcv-blurred", 28, 23, 0),
    ("boofcv-bright_spots", 49, 42, 0),
    ("boofcv-brightness", 34, 34, 0),
    ("boofcv-close", 18, 18, 0),
    ("boofcv-curved", 21, 16, 1),
    ("boofcv-damaged", 19, 14, 1),
    ("boofcv-glare", 21, 19, 2),
    ("boofcv-high_version", 13, 13, 0),
    ("boofcv-lots", 120, 120, 0),
    ("boofcv-monitor", 8, 8, 0),
    ("boofcv-nominal", 39, 37, 1),
    ("boofcv-noncompliant", 13, 13, 0),
    ("boofcv-pathological", 5, 4, 0),
    ("boofcv-perspective", 14, 10, 0),
    ("boofcv-rotations", 66, 66, 0),
    ("boofcv-shadows", 11, 10, 1),
    ("zxing-qrcode-1", 20, 20, 0),
    ("zxing-qrcode-3", 42, 42, 0),
    ("zxing-qrcode-5", 19, 19, 0),
];
/// CPU time in the decoder that no photograph may take.
const BUDGET: Duration = Duration::from_secs(2);
/// Labels are grown by this share about their centre: hand-drawn corners are no exact truth.
const LABEL_GROWTH: f32 = 0.15;

#[derive(Clone, Copy, Debug, Default)]
struct Score {
    codes: usize,
    read: usize,
    false_reads: usize,
}

/// A folder of public material, unless this clone has none.
fn shared(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("SKIPPED: the public pictures are not at {}", path.display());
    assert!(std::env::var_os("CI").is_none(), "CI must not skip the public pictures");
    None
}

fn scan(scanner: &mut Scanner, picture: &GrayImage) -> (Vec<Symbol>, Duration) {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let frame = Luma::new(picture.as_raw(), width, height, width).expect("a picture has pixels");
    let start = ThreadTime::now();
    (scanner.scan(frame, || false).collect(), start.elapsed())
}

#[test]
fn photographs_are_read_as_often_as_before_and_in_bounded_time() {
    let Some(folder) = shared("photos") else { return };
    let index = std::fs::read_to_string(folder.join("index.jsonl")).expect("an index of the photographs");
    let mut scores = BTreeMap::<String, Score>::new();
    let mut scanner = Scanner::new();
    for line in index.lines() {
        let truth: Value = serde_json::from_str(line).expect("a line of JSON");
        let file = truth["file"].as_str().expect("a file name");
        let picture =
            image::open(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}")).to_luma8();
        let (symbols, time) = scan(&mut scanner, &picture);
        assert!(time < BUDGET, "{file} took {time:?}");
        let set = file.split('/').next().unwrap_or_default();
        score(&truth, &symbols, scores.entry(set.to_owned()).or_default());
    }
    let table: Vec<_> = SETS.iter().map(|&(set, codes, ..)| (set, codes)).collect();
    let found: Vec<_> = scores.iter().map(|(set, score)| (set.as_str(), score.codes)).collect();
    assert_eq!(found, table, "the photographs are not those of the table");
    let worse: Vec<_> = SETS
        .iter()
        .map(|&(set, _, least, most)| (set, least, most, scores[set]))
        .inspect(|(set, .., score)| eprintln!("{set}: {score:?}"))
        .filter(|(_, least, most, score)| score.read < *least || score.false_reads > *most)
        .collect();
    assert!(worse.is_empty(), "(set, least reads, most false reads, score): {worse:#?}");
}

fn score(truth: &Value, symbols: &[Symbol], score: &mut Score) {
    if let Some(text) = truth["text"].as_str() {
        let right = symbols.iter().filter(|symbol| symbol.text.as_deref() == Some(text)).count();
        score.codes += 1;
        score.read += right.min(1);
        score.false_reads += symbols.len() - right;
        return;
    }
    let labels: Vec<_> = truth["codes"].as_array().expect("labels").iter().map(label).collect();
    let holds = |label: &[[f32; 2]], symbol: &Symbol| contains(label, centre(&symbol.corners));
    score.codes += labels.len();
    score.read += labels.iter().filter(|label| symbols.iter().any(|symbol| holds(label, symbol))).count();
    score.false_reads +=
        symbols.iter().filter(|symbol| !labels.iter().any(|label| holds(label, symbol))).count();
}

/// A label's corners, grown about their centre.
fn label(corners: &Value) -> Vec<[f32; 2]> {
    let number = |value: &Value| value.as_f64().expect("a coordinate") as f32;
    let corners: Vec<_> = corners
        .as_array()
        .expect("corners")
        .iter()
        .map(|point| [number(&point[0]), number(&point[1])])
        .collect();
    let middle = centre(&corners);
    let grow = |at: f32, middle: f32| middle + (at - middle) * (1.0 + LABEL_GROWTH);
    corners.iter().map(|&[x, y]| [grow(x, middle[0]), grow(y, middle[1])]).collect()
}

fn centre(corners: &[[f32; 2]]) -> [f32; 2] {
    [0, 1].map(|axis| corners.iter().map(|corner| corner[axis]).sum::<f32>() / corners.len() as f32)
}

/// Whether a convex polygon, walked either way, holds the point.
fn contains(polygon: &[[f32; 2]], [x, y]: [f32; 2]) -> bool {
    let side = |i: usize| {
        let ([ax, ay], [bx, by]) = (polygon[i], polygon[(i + 1) % polygon.len()]);
        (bx - ax) * (y - ay) - (by - ay) * (x - ax)
    };
    let sides: Vec<f32> = (0..polygon.len()).map(side).collect();
    sides.iter().all(|&side| side >= 0.0) || sides.iter().all(|&side| side <= 0.0)
}

/// Vectors of this selection that have a picture.
const DCC_PICTURES: usize = 187;
/// Those whose picture does not give the vector's text, with the reason.
const DCC_EXCEPTIONS: [(&str, &str); 4] = [
    ("ES/2DCode/raw/501.json", "the picture shows another certificate"),
    ("ES/2DCode/raw/502.json", "the picture shows another certificate"),
    ("ES/2DCode/raw/503.json", "the picture shows another certificate"),
    ("common/2DCode/raw/Q1.json", "broken on purpose: not a picture"),
];

#[test]
fn pictures_of_the_dcc_vectors_give_their_texts() {
    let Some(folder) = shared("vectors/dgc") else { return };
    let mut files = Vec::new();
    json_files(&folder, &mut files);
    let mut scanner = Scanner::new();
    let (mut pictures, mut missed) = (0, BTreeMap::new());
    for file in files {
        let vector: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        let Some(encoded) = vector["2DCODE"].as_str() else { continue };
        pictures += 1;
        let name = file.strip_prefix(&folder).unwrap().display().to_string();
        match picture_texts(&mut scanner, encoded) {
            Ok(texts) if texts.iter().any(|text| vector["PREFIX"].as_str() == Some(text)) => {}
            outcome => drop(missed.insert(name, outcome)),
        }
    }
    assert_eq!(pictures, DCC_PICTURES);
    let names: Vec<_> = missed.keys().map(String::as_str).collect();
    assert_eq!(names, DCC_EXCEPTIONS.map(|(name, _)| name), "{missed:#?}");
    let another = |outcome: &&Result<Vec<String>, String>| matches!(outcome, Ok(texts) if texts.len() == 1);
    assert_eq!(
        missed.values().filter(another).count(),
        3,
        "the other certificates are read too: {missed:#?}"
    );
}

fn picture_texts(scanner: &mut Scanner, encoded: &str) -> Result<Vec<String>, String> {
    let picture = decode_picture(encoded)?;
    Ok(scan(scanner, &picture).0.into_iter().filter_map(|symbol| symbol.text).collect())
}

fn decode_picture(encoded: &str) -> Result<GrayImage, String> {
    let bytes = BASE64_STANDARD.decode(encoded.trim()).map_err(|error| error.to_string())?;
    Ok(image::load_from_memory(&bytes).map_err(|error| error.to_string())?.to_luma8())
}

fn json_files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            json_files(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            out.push(path);
        }
    }
}
