//! rxing: ZXing in Rust, with its port of ZXing-C++'s QR reader.

use std::collections::HashSet;
use std::time::Duration;

use rxing::common::HybridBinarizer;
use rxing::multi::MultipleBarcodeReader;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{
    BarcodeFormat, BinaryBitmap, DecodeHints, FilteredImageReader, Luma8Source, MultiUseMultiFormatReader,
    RXingResult, RXingResultMetadataType, RXingResultMetadataValue,
};

use super::locked;
use crate::picture::{Picture, Point};
use crate::reader::{Engine, Reader, timed};
use crate::score::Found;

pub fn readers() -> Vec<Reader> {
    let version = |what| format!("{}, {what}", locked("rxing"));
    let fast = version("QrReader for several codes");
    let hard = version("the same with TryHarder, then FilteredImageReader with AlsoInverted");
    vec![
        Reader::new("rxing", fast, || Box::new(Rxing { hard: false })),
        Reader::new("rxing-hard", hard, || Box::new(Rxing { hard: true })),
    ]
}

struct Rxing {
    hard: bool,
}

impl Engine for Rxing {
    fn read(&mut self, picture: &Picture) -> (Vec<Found>, Duration) {
        timed(|| {
            let found = several(picture, self.hard);
            // Only the reader of single codes knows inversion, scales and closing.
            if found.is_empty() && self.hard { filtered(picture).into_iter().collect() } else { found }
        })
    }
}

fn several(picture: &Picture, hard: bool) -> Vec<Found> {
    let mut image = BinaryBitmap::new(HybridBinarizer::new(source(picture)));
    let results = QrReader.decode_multiple_with_hints(&mut image, &hints(hard)).unwrap_or_default();
    results.iter().map(|result| found(result, 1.0)).collect()
}

fn filtered(picture: &Picture) -> Option<Found> {
    use rxing::Reader as _;
    let mut image = BinaryBitmap::new(HybridBinarizer::new(source(picture)));
    let mut reader = FilteredImageReader::new(MultiUseMultiFormatReader::default());
    let result = reader.decode_with_hints(&mut image, &hints(true)).ok()?;
    // Places are those of the scale at which it was read.
    let resolution = result.getRXingResultMetadata().get(&RXingResultMetadataType::FILTERED_RESOLUTION);
    let scale = match resolution {
        Some(RXingResultMetadataValue::FilteredResolution((width, _))) => {
            picture.width as f32 / *width as f32
        }
        _ => 1.0,
    };
    Some(found(&result, scale))
}

fn source(picture: &Picture) -> Luma8Source<'_> {
    let (width, height) = (picture.width as u32, picture.height as u32);
    Luma8Source::new_with_slice(&picture.luma, width, height).expect("as many bytes as pixels")
}

fn hints(hard: bool) -> DecodeHints {
    DecodeHints {
        PossibleFormats: Some(HashSet::from([BarcodeFormat::QR_CODE])),
        TryHarder: Some(hard),
        AlsoInverted: Some(hard),
        ..DecodeHints::default()
    }
}

/// Its C++ port gives four corners, its Java port three finders (bottom left first) and perhaps an alignment pattern.
fn found(result: &RXingResult, scale: f32) -> Found {
    let points: Vec<Point> =
        result.getPoints().iter().map(|point| [point.x * scale, point.y * scale]).collect();
    let java = result.getPoints().len() == 3;
    let corners = if java { vec![points[0], points[2]] } else { points };
    Found::new(Some(result.getText().to_owned()), &corners)
}
