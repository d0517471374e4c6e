//! quircs: quirc in Rust.

use std::time::Duration;

use quircs::Quirc;

use super::locked;
use crate::picture::Picture;
use crate::reader::{Engine, Reader, timed};
use crate::score::Found;

pub fn readers() -> Vec<Reader> {
    vec![Reader::new("quircs", locked("quircs"), || Box::new(Quircs(Quirc::new())))]
}

struct Quircs(Quirc);

impl Engine for Quircs {
    fn read(&mut self, picture: &Picture) -> (Vec<Found>, Duration) {
        timed(|| {
            let codes = self.0.identify(picture.width, picture.height, &picture.luma);
            let decode = |code: quircs::Code| {
                let data = code.decode().ok()?;
                let corners = code.corners.map(|point| [point.x as f32, point.y as f32]);
                Some(Found::new(String::from_utf8(data.payload).ok(), &corners))
            };
            codes.filter_map(|code| decode(code.ok()?)).collect()
        })
    }
}
