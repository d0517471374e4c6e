//! The other readers, each as its documentation says to use it.

mod opencv;
mod quircs;
mod rqrr;
mod rxing;
mod zbar;
mod zxing_cpp;

use super::Reader;

/// Every peer.
pub fn readers() -> Vec<Reader> {
    [
        rqrr::readers(),
        quircs::readers(),
        zbar::readers(),
        rxing::readers(),
        zxing_cpp::readers(),
        opencv::readers(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What cargo built of a crate: its name and version.
fn locked(name: &str) -> String {
    let lock = include_str!("../../../../Cargo.lock");
    let head = format!("name = \"{name}\"\nversion = \"");
    let version =
        lock.split_once(&head).and_then(|(_, rest)| rest.split_once('"')).map(|(version, _)| version);
    format!("{name} {}", version.unwrap_or("of unknown version"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use qrcode::{Color, QrCode};

    use super::*;
    use crate::picture::{Picture, Truth};

    const TEXT: &str = "HC1:SIDE BY SIDE";
    const MODULE: usize = 5;
    const MARGIN: usize = 40;

    fn drawn() -> Picture {
        let code = QrCode::new(TEXT).expect("a short text");
        let side = code.width() * MODULE + 2 * MARGIN;
        let dark = |x: usize, y: usize| {
            let module =
                |at: usize| at.checked_sub(MARGIN).map(|at| at / MODULE).filter(|&at| at < code.width());
            module(x).zip(module(y)).is_some_and(|at| code[at] == Color::Dark)
        };
        let luma = (0..side * side).map(|i| if dark(i % side, i / side) { 30 } else { 220 }).collect();
        Picture { width: side, height: side, luma, truth: Truth::Text(TEXT.into()) }
    }

    #[test]
    fn every_peer_reads_a_clean_code_and_says_where_it_is() {
        assert_read(&Arc::new(drawn()), &mut readers());
    }

    #[test]
    fn with_every_effort_peers_read_a_light_code_on_a_dark_ground() {
        let mut picture = drawn();
        picture.luma.iter_mut().for_each(|luma| *luma = 255 - *luma);
        let mut hard = readers();
        hard.retain(|reader| reader.name.ends_with("-hard"));
        assert_eq!(hard.len(), 3);
        assert_read(&Arc::new(picture), &mut hard);
    }

    fn assert_read(picture: &Arc<Picture>, readers: &mut [Reader]) {
        let middle = picture.width as f32 / 2.0;
        for reader in readers {
            let reading = reader.read(picture);
            let texts: Vec<_> = reading.found.iter().map(|found| found.text.as_deref()).collect();
            assert_eq!(texts, [Some(TEXT)], "{}: {:?}", reader.name, reading.failure);
            let [x, y] = reading.found[0].centre;
            assert!((x - middle).hypot(y - middle) < 3.0 * MODULE as f32, "{}: {x},{y}", reader.name);
            assert!(!reading.cpu.is_zero(), "{} took no time", reader.name);
        }
    }

    #[test]
    fn versions_are_those_that_cargo_locked() {
        assert_eq!(locked("rqrr"), "rqrr 0.11.0");
        assert_eq!(locked("no-such-crate"), "no-such-crate of unknown version");
    }
}
