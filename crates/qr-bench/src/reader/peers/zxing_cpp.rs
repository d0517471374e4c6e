//! ZXing-C++ through its own Rust wrapper.

use std::time::Duration;

use zxingcpp::{Barcode, BarcodeFormat, BarcodeReader, ImageFormat, ImageView, TextMode};

use super::locked;
use crate::picture::Picture;
use crate::reader::{Engine, Reader, timed};
use crate::score::Found;

/// As many as it can report.
const SYMBOLS: i32 = 255;

pub fn readers() -> Vec<Reader> {
    let version = |what| format!("{} with its bundled C++ library, {what}", locked("zxing-cpp"));
    let fast = version("every try_ option off");
    let hard = version("every try_ option on");
    vec![
        Reader::new("zxing-cpp", fast, || Box::new(ZxingCpp(reader(false)))),
        Reader::new("zxing-cpp-hard", hard, || Box::new(ZxingCpp(reader(true)))),
    ]
}

struct ZxingCpp(BarcodeReader);

fn reader(hard: bool) -> BarcodeReader {
    zxingcpp::read()
        // Not `QRCode`, which searches for Micro and rectangular codes, too.
        .formats(BarcodeFormat::QRCodeModel2)
        .text_mode(TextMode::Plain)
        .max_number_of_symbols(SYMBOLS)
        .try_harder(hard)
        .try_rotate(hard)
        .try_invert(hard)
        .try_downscale(hard)
}

impl Engine for ZxingCpp {
    fn read(&mut self, picture: &Picture) -> (Vec<Found>, Duration) {
        timed(|| {
            let size = (picture.width, picture.height);
            let view = ImageView::from_slice(&picture.luma, size.0, size.1, ImageFormat::Lum);
            let barcodes = view.and_then(|view| self.0.from(view)).expect("a picture of whole rows");
            barcodes.iter().map(found).collect()
        })
    }
}

fn found(barcode: &Barcode) -> Found {
    let at = barcode.position();
    let corners = [at.top_left, at.top_right, at.bottom_right, at.bottom_left];
    Found::new(Some(barcode.text()), &corners.map(|point| [point.x as f32, point.y as f32]))
}
