//! The demo camera, and the sample passes that it shows.

use std::fs::File;
use std::path::Path;

use camera::Demo;
use camera::scene::Card;
use picture::Picture;
use station::Folder;
use station::demo::{self, SampleFile};
use station::view::Sample;

/// Size and rate of the demo camera's pictures: those of a common web camera.
const WIDTH: usize = 1280;
const HEIGHT: usize = 720;
const FPS: u32 = 15;

/// The same hand at every start.
const SEED: u64 = 7;

/// The station's sample passes and their pictures, in the same order; none where it is no demo station. A picture
/// that cannot be read is left out with a line on standard error: a door must open without it.
pub(crate) fn samples(folder: &Folder) -> (Vec<Sample>, Vec<Card>) {
    if !demo::passes(folder).exists() {
        return Default::default();
    }
    let files = demo::samples(folder).unwrap_or_else(|error| {
        eprintln!("propusk-app: no sample passes: {error}");
        vec![]
    });
    let (mut samples, mut cards) = (vec![], vec![]);
    for SampleFile { name, picture } in files {
        match card(&picture) {
            Ok(card) => {
                let file = picture.file_name().unwrap_or_default().to_string_lossy().into_owned();
                samples.push(Sample { index: cards.len(), name, file });
                cards.push(card);
            }
            Err(error) => eprintln!("propusk-app: sample {} is left out: {error}", picture.display()),
        }
    }
    (samples, cards)
}

/// A demo camera that shows these cards.
pub(crate) fn camera(cards: Vec<Card>) -> Demo {
    Demo::new(cards, WIDTH, HEIGHT, FPS, SEED)
}

fn card(picture: &Path) -> Result<Card, String> {
    let file = File::open(picture).map_err(|error| error.to_string())?;
    let picture = Picture::read(file).map_err(|error| error.to_string())?;
    picture.luma().and_then(Card::picture).ok_or_else(|| "too large".to_owned())
}
