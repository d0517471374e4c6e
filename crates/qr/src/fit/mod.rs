//! Fitting: from finder patterns to the modules of symbols, and to what they say.
//!
//! Each finder pattern's outline is traced ([`ring`]), three that fit make a symbol ([`triple`]), its timing patterns
//! tell its size ([`pose`]), its alignment patterns where its inside lies ([`alignment`], [`mesh`]). One number is
//! taken of each module ([`sample`]) and set against its neighbours' ([`equalise`]); error correction has the last
//! word, and what it could mend helps with what it could not.

mod alignment;
mod equalise;
mod geometry;
mod light;
mod mesh;
mod peek;
mod pose;
mod ring;
mod sample;
mod stamp;
mod third;
mod triple;

use crate::decode::{self, Version};
use crate::finder::FinderPattern;
use crate::{Luma, SoftGrid, Symbol};
use equalise::Weights;
use light::Light;
use mesh::Mesh;
use pose::Pose;
use ring::Ring;
use sample::Samples;

/// Triples of finder patterns looked at in one frame.
const MAX_TRIPLES: usize = 2000;
/// What looks less like a finder pattern (see [`Ring::likeness`]) is none.
const LEAST_LIKENESS: f32 = 0.5;
/// Places looked at for a third ring in one frame.
const MAX_PLACES: usize = 100;
/// Sizes tried for one triple.
const SIZES: usize = 2;
/// Attempts at error correction with erasures for one grid.
const ATTEMPTS: usize = 8;

/// The symbols that `patterns` belong to.
pub(crate) fn read(
    frame: Luma<'_>,
    patterns: &[FinderPattern],
    time_is_up: &mut dyn FnMut() -> bool,
) -> Vec<Symbol> {
    let rings: Vec<Ring> = patterns.iter().filter_map(|pattern| trace(frame, pattern)).collect();
    let mut taken = vec![false; rings.len()];
    let mut symbols = Vec::new();
    for triple in triple::triples(&rings, MAX_TRIPLES) {
        let members = [triple.corner, triple.right, triple.below];
        if members.iter().any(|&ring| taken[ring]) {
            continue;
        }
        if time_is_up() {
            break;
        }
        let three = members.map(|ring| &rings[ring]);
        if let Some(symbol) = attempt(frame, three, &triple) {
            members.iter().for_each(|&ring| taken[ring] = true);
            symbols.push(symbol);
        }
    }
    for place in third::places(&rings, |ring| !taken[ring]).into_iter().take(MAX_PLACES) {
        if place.rings.iter().any(|&ring| taken[ring]) {
            continue;
        }
        if time_is_up() {
            break;
        }
        if let Some(symbol) = complete(frame, &rings, &place) {
            place.rings.iter().for_each(|&ring| taken[ring] = true);
            symbols.push(symbol);
        }
    }
    symbols
}

/// Tries to read the symbol of two rings and a third that was not seen.
fn complete(frame: Luma<'_>, rings: &[Ring], place: &third::Place) -> Option<Symbol> {
    let [first, second] = place.rings.map(|ring| &rings[ring]);
    let light = Light::soft(frame, first.module().min(second.module()), first.inverted);
    let found = place.look(&light, first.inverted)?;
    let third = rings.len();
    let triple = place.triple(rings, &found, third);
    let three = [triple.corner, triple.right, triple.below]
        .map(|ring| if ring == third { &found } else { &rings[ring] });
    attempt(frame, three, &triple)
}

fn trace(frame: Luma<'_>, pattern: &FinderPattern) -> Option<Ring> {
    let light = Light::new(frame, pattern.module, pattern.inverted);
    let ring = Ring::trace(&light, pattern.centre, pattern.module, pattern.inverted);
    let like = |ring: &Ring| ring.likeness >= LEAST_LIKENESS;
    ring.filter(like).or_else(|| {
        let light = Light::soft(frame, pattern.module, pattern.inverted);
        let ring = Ring::stamp(&light, pattern.centre, pattern.module, pattern.inverted);
        ring.filter(like)
    })
}

/// Tries to read the symbol of three rings.
fn attempt(frame: Luma<'_>, rings: [&Ring; 3], triple: &triple::Triple) -> Option<Symbol> {
    let module = rings.map(Ring::module).into_iter().fold(f32::MAX, f32::min);
    let light = Light::new(frame, module, rings[0].inverted);
    let poses = pose::poses(&light, rings, triple);
    poses.into_iter().take(SIZES).find_map(|pose| read_pose(&light, pose))
}

fn read_pose(light: &Light<'_>, mut pose: Pose) -> Option<Symbol> {
    let version = Version::from_side(pose.side).ok()?;
    let centres = version.alignment_centres();
    let anchors = alignment::locate(light, &mut pose, &alignment_middles(&centres));
    let mesh = Mesh::through(pose.map, &centres, &anchors);
    let samples = Samples::take(light, &mesh, pose.side);
    let function = function_modules(version);
    let mut grid = Weights::train(&samples, function.iter().copied()).apply(&samples, pose.side);
    place_corners(&mut grid, &mesh);
    let failure = match decode::decode_soft(&grid, ATTEMPTS) {
        Ok(decoded) => return Some(Symbol::new(decoded, &grid)),
        Err(failure) => failure,
    };
    // What was mended teaches how to see the rest.
    let known = failure.known?;
    let taught = function.iter().copied().chain(known.modules());
    let mut grid = Weights::train(&samples, taught).apply(&samples, pose.side);
    place_corners(&mut grid, &mesh);
    decode::decode_soft(&grid, ATTEMPTS).ok().map(|decoded| Symbol::new(decoded, &grid))
}

/// Middles of alignment patterns in modules: all crossings of `centres` but the three under finder patterns.
fn alignment_middles(centres: &[usize]) -> Vec<geometry::Point> {
    let (Some(&first), Some(&last)) = (centres.first(), centres.last()) else { return Vec::new() };
    let crossings = centres.iter().flat_map(|&y| centres.iter().map(move |&x| (x, y)));
    let free = crossings.filter(|&at| at != (first, first) && at != (first, last) && at != (last, first));
    free.map(|(x, y)| [x as f32 + 0.5, y as f32 + 0.5]).collect()
}

/// Column, row and colour of all modules that are the same in every symbol of a version.
fn function_modules(version: Version) -> Vec<(usize, usize, bool)> {
    let side = version.side();
    let pattern = decode::function_pattern(version).iter().enumerate();
    pattern.filter_map(|(i, dark)| Some((i % side, i / side, (*dark)?))).collect()
}

fn place_corners(grid: &mut SoftGrid, mesh: &Mesh) {
    let end = grid.side() as f32;
    grid.corners = [[0.0, 0.0], [end, 0.0], [end, end], [0.0, end]].map(|corner| mesh.at(corner));
}
