//! From a symbol's pose to its modules, and to what they say.

use super::alignment;
use super::equalise::Weights;
use super::geometry::Point;
use super::light::Light;
use super::mesh::Mesh;
use super::pose::Pose;
use super::sample::{MANY_LOOKS, ONE_LOOK, Samples};
use super::work::Work;
use crate::Symbol;
use crate::decode::{self, Decoded, Failure, Version};

/// Attempts at error correction with erasures for one grid.
const ATTEMPTS: usize = 500;
/// Looks at pixels that an alignment pattern and a module take, about.
const LOOKS_PER_PATTERN: usize = 3000;
const LOOKS_PER_MODULE: usize = 10;

/// Reads the symbol that has this pose.
pub(crate) fn read(light: &Light<'_>, mut pose: Pose, work: &mut Work<'_>) -> Option<Symbol> {
    let version = Version::from_side(pose.side).ok()?;
    let centres = version.alignment_centres();
    let middles = alignment_middles(&centres);
    if !work.take(middles.len() * LOOKS_PER_PATTERN + pose.side * pose.side * LOOKS_PER_MODULE) {
        return None;
    }
    let symbol = match flat(light, &pose, version, &middles, work) {
        Some(symbol) => symbol,
        None => bent(light, &mut pose, version, &middles, work)?,
    };
    // A checkered cloth looks like nothing but masked zeros, which error correction finds in order, and say nothing.
    (!symbol.bytes.is_empty()).then_some(symbol)
}

/// Reads a symbol that lies flat before the camera and is clear: one alignment pattern, the farthest from all finder
/// patterns, tells where its inside lies. None where looking for all of them would be no more work.
fn flat(
    light: &Light<'_>,
    pose: &Pose,
    version: Version,
    middles: &[Point],
    work: &mut Work<'_>,
) -> Option<Symbol> {
    let [_, .., farthest] = middles else { return None };
    let (warp, _) = alignment::locate(light, &mut pose.clone(), &[*farthest], work)?;
    let mesh = Mesh::new(warp, Vec::new());
    let samples = Samples::take(light, &mesh, pose.side, ONE_LOOK, work)?;
    Sampled { samples, mesh: &mesh, version }.attempt(function_modules(version).into_iter(), 0, work).ok()
}

/// Reads a symbol of which all alignment patterns were looked for.
fn bent(
    light: &Light<'_>,
    pose: &mut Pose,
    version: Version,
    middles: &[Point],
    work: &mut Work<'_>,
) -> Option<Symbol> {
    let (warp, anchors) = alignment::locate(light, pose, middles, work)?;
    let mesh = Mesh::through(warp, &version.alignment_centres(), &anchors);
    for looks in [ONE_LOOK, MANY_LOOKS] {
        let samples = Samples::take(light, &mesh, pose.side, looks, work)?;
        let symbol = Sampled { samples, mesh: &mesh, version }.decode(work);
        if symbol.is_some() {
            return symbol;
        }
    }
    None
}

/// A symbol's samples with what they were taken by.
struct Sampled<'m> {
    samples: Samples,
    mesh: &'m Mesh,
    version: Version,
}

impl Sampled<'_> {
    /// Decodes by weights that function patterns teach; what was mended teaches how to see the rest.
    fn decode(&self, work: &mut Work<'_>) -> Option<Symbol> {
        let function = function_modules(self.version);
        let failure = match self.attempt(function.iter().copied(), ATTEMPTS, work) {
            Ok(symbol) => return Some(symbol),
            Err(failure) => failure,
        };
        let taught: Vec<_> = function.into_iter().chain(failure.known?.modules()).collect();
        if work.is_over() {
            return None;
        }
        self.attempt(taught.into_iter(), ATTEMPTS, work).ok()
    }

    /// Decodes by weights that `known` modules teach, with so many `attempts` beyond plain error correction.
    fn attempt(
        &self,
        known: impl Iterator<Item = (usize, usize, bool)>,
        attempts: usize,
        work: &mut Work<'_>,
    ) -> Result<Symbol, Failure> {
        let side = self.version.side();
        let mut grid = Weights::train(&self.samples, known).apply(&self.samples, side);
        let end = side as f32;
        grid.corners = [[0.0, 0.0], [end, 0.0], [end, end], [0.0, end]].map(|corner| self.mesh.at(corner));
        decode::decode_in_time(&grid, attempts, &mut || work.is_over())
            .map(|decoded: Decoded| Symbol::new(decoded, &grid))
    }
}

/// Middles of alignment patterns in modules: all crossings of `centres` but the three under finder patterns.
fn alignment_middles(centres: &[usize]) -> Vec<Point> {
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
