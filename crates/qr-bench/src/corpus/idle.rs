//! What a camera sees while nobody holds anything up.

use super::{Entry, rendered::picture};

/// Heights of frames: the usual ones of cameras.
const HEIGHTS: [usize; 3] = [480, 720, 1080];

/// Scenes of every height; those of one height follow one another.
pub fn entries(each: u32, seed: u64) -> Vec<Entry> {
    let scenes = HEIGHTS.into_iter().flat_map(|height| (0..each).map(move |index| (height, index)));
    scenes
        .map(|(height, index)| {
            let corpus = format!("idle/{height}p");
            let load = Box::new(move || Ok(picture(frames::idle(height, index, seed))));
            Entry { id: format!("{corpus}/{index}"), corpus, stream: true, load }
        })
        .collect()
}
