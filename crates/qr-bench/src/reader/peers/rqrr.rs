//! rqrr: quirc's way, in Rust.

use std::time::Duration;

use rqrr::PreparedImage;

use super::locked;
use crate::picture::Picture;
use crate::reader::{Engine, Reader, timed};
use crate::score::Found;

pub fn readers() -> Vec<Reader> {
    vec![Reader::new("rqrr", locked("rqrr"), || Box::new(Rqrr))]
}

struct Rqrr;

impl Engine for Rqrr {
    fn read(&mut self, picture: &Picture) -> (Vec<Found>, Duration) {
        timed(|| {
            let pixel = |x, y| picture.luma[y * picture.width + x];
            let mut image = PreparedImage::prepare_from_greyscale(picture.width, picture.height, pixel);
            let decode = |grid: &rqrr::Grid<_>| {
                let mut bytes = Vec::new();
                grid.decode_to(&mut bytes).ok()?;
                let corners = grid.bounds.map(|point| [point.x as f32, point.y as f32]);
                Some(Found::new(String::from_utf8(bytes).ok(), &corners))
            };
            image.detect_grids().iter().filter_map(decode).collect()
        })
    }
}
