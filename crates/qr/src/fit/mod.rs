//! Fitting: from finder patterns to the modules of symbols, and to what they say.
//!
//! Each finder pattern's outline is traced ([`ring`]) or, where it has none, matched as a whole ([`stamp`]). Three
//! that fit make a symbol ([`triple`]), or two that say where the third must be ([`third`]). What lies beside the
//! rings shows whether it is one and how large ([`peek`], [`pose`]), its alignment patterns where its inside lies
//! ([`alignment`], [`mesh`]). One number is taken of each module ([`sample`]) and set against its neighbours'
//! ([`equalise`]); error correction has the last word, and what it could mend helps with what it could not ([`grid`]).

mod alignment;
mod equalise;
mod geometry;
mod grid;
mod levels;
mod light;
mod mesh;
mod peek;
mod pose;
mod ring;
mod sample;
mod stamp;
mod third;
mod triple;
mod warp;
mod work;

use crate::finder::FinderPattern;
use crate::{Luma, Symbol};
use geometry::Point;
pub(crate) use geometry::contains;
pub(crate) use light::Light;
pub(crate) use ring::Ring;
use triple::Triple;
pub(crate) use triple::modules_between;
pub(crate) use work::Work;

/// Triples of finder patterns looked at in one go.
const MAX_TRIPLES: usize = 2000;
/// What looks less like a finder pattern (see [`Ring::likeness`]) is none.
const LEAST_LIKENESS: f32 = 0.5;
/// What looks as much like one and belongs to no symbol that was read is worth more effort.
const PROMISING: f32 = 0.75;
/// Patterns that score better are taken in first: they are enough for most symbols, and leave less to look at.
const CLEAR: f32 = 0.8;
/// Sizes tried for one triple.
const SIZES: usize = 2;
/// Rings kept of one frame: four searches' worth of the patterns that one keeps.
const MAX_RINGS: usize = 1024;
/// Symbols read in one frame.
const MAX_SYMBOLS: usize = 256;
/// Looks at pixels that a glance at a triple takes: format and version information for some versions.
const GLANCE: usize = 8000;

/// What has been seen and read of one frame so far.
pub(crate) struct Reading<'a, 't> {
    frame: Luma<'a>,
    work: Work<'t>,
    rings: Vec<Ring>,
    /// Whether a ring belongs to a symbol that was read.
    taken: Vec<bool>,
    /// Triples of rings before this one were looked at.
    looked_at: usize,
    /// Patterns whose outline could not be traced.
    unclear: Vec<FinderPattern>,
    symbols: Vec<Symbol>,
}

impl<'a, 't> Reading<'a, 't> {
    pub(crate) fn new(frame: Luma<'a>, work: Work<'t>) -> Self {
        let (rings, taken, unclear, symbols) = Default::default();
        Self { frame, work, rings, taken, looked_at: 0, unclear, symbols }
    }

    pub(crate) fn frame(&self) -> Luma<'a> {
        self.frame
    }

    pub(crate) fn work(&mut self) -> &mut Work<'t> {
        &mut self.work
    }

    pub(crate) fn symbols(&self) -> &[Symbol] {
        &self.symbols
    }

    pub(crate) fn into_symbols(self) -> Vec<Symbol> {
        self.symbols
    }

    /// Takes finder patterns in (the best first), but for those that are known or lie within symbols that were read,
    /// and reads their symbols.
    pub(crate) fn add(&mut self, patterns: &[FinderPattern]) {
        let clear = patterns.partition_point(|pattern| pattern.score >= CLEAR);
        for patterns in [&patterns[..clear], &patterns[clear..]] {
            self.take_in(patterns);
            self.read();
        }
    }

    fn take_in(&mut self, patterns: &[FinderPattern]) {
        for pattern in patterns {
            let known = self.rings.iter().any(|ring| ring.is_at(pattern.centre))
                || self.unclear.iter().any(|unclear| is_same(unclear, pattern));
            if known || self.is_read(pattern.centre) {
                continue;
            }
            if self.rings.len() >= MAX_RINGS || self.work.is_over() {
                return;
            }
            let light = Light::new(self.frame, pattern.module, pattern.inverted);
            match Ring::trace(&light, pattern.centre, pattern.module, pattern.inverted) {
                Some(ring) if ring.likeness >= LEAST_LIKENESS => self.keep(ring),
                _ => self.unclear.push(*pattern),
            }
        }
    }

    /// Matches as a whole what could not be traced, the best `limit` of it.
    pub(crate) fn clarify(&mut self, limit: usize) {
        let limit = limit.min(self.unclear.len());
        let patterns: Vec<_> = self.unclear.drain(..limit).collect();
        for pattern in patterns {
            if self.is_read(pattern.centre) {
                continue;
            }
            if self.rings.len() >= MAX_RINGS || !self.work.take(GLANCE) {
                break;
            }
            let light = Light::soft(self.frame, pattern.module, pattern.inverted);
            let ring = Ring::stamp(&light, pattern.centre, pattern.module, pattern.inverted);
            if let Some(ring) = ring.filter(|ring| ring.likeness >= LEAST_LIKENESS) {
                self.keep(ring);
            }
        }
        self.read();
    }

    /// Reads the symbols of rings that came since the last time.
    fn read(&mut self) {
        let free: Vec<bool> = self.taken.iter().map(|taken| !taken).collect();
        let work = &mut self.work;
        let triples =
            triple::triples(&self.rings, &free, self.looked_at, MAX_TRIPLES, &mut || work.is_over());
        for triple in triples {
            let members = triple.members();
            if members.iter().any(|&ring| self.taken[ring]) {
                continue;
            }
            if self.symbols.len() >= MAX_SYMBOLS || !self.work.take(GLANCE) {
                break;
            }
            if let Some(symbol) =
                attempt(self.frame, members.map(|ring| &self.rings[ring]), &triple, &mut self.work)
            {
                self.found(symbol);
            }
        }
        self.looked_at = self.rings.len();
    }

    /// Reads the symbols of which only two rings were seen, looking at `limit` places for the third.
    pub(crate) fn complete(&mut self, limit: usize) {
        if self.work.is_over() {
            return;
        }
        let places = third::places(&self.rings, |ring| !self.taken[ring]);
        for place in places.into_iter().take(limit) {
            if place.rings.iter().any(|&ring| self.taken[ring]) {
                continue;
            }
            if !self.work.take(place.looks()) {
                break;
            }
            if let Some(symbol) = complete(self.frame, &self.rings, &place, &mut self.work) {
                self.found(symbol);
            }
        }
    }

    /// Rings that belong to no symbol that was read but look as if they belonged to one.
    pub(crate) fn promising(&self) -> impl Iterator<Item = &Ring> {
        self.free().filter(|ring| ring.likeness >= PROMISING)
    }

    /// All rings that belong to no symbol that was read.
    pub(crate) fn free(&self) -> impl Iterator<Item = &Ring> {
        let free = self.rings.iter().zip(&self.taken).filter(|(_, taken)| !**taken);
        free.map(|(ring, _)| ring)
    }

    fn keep(&mut self, ring: Ring) {
        self.rings.push(ring);
        self.taken.push(false);
    }

    fn is_read(&self, at: Point) -> bool {
        self.symbols.iter().any(|symbol| contains(&symbol.corners, at))
    }

    fn found(&mut self, symbol: Symbol) {
        for (ring, taken) in self.rings.iter().zip(&mut self.taken) {
            *taken |= contains(&symbol.corners, ring.centre);
        }
        self.symbols.push(symbol);
    }
}

/// Whether two finder patterns are one, seen at two scales.
fn is_same(a: &FinderPattern, b: &FinderPattern) -> bool {
    /// Scales measure a module differently by less than this.
    const ALIKE: f32 = 1.5;
    let near = |axis: usize| (a.centre[axis] - b.centre[axis]).abs() < a.module;
    a.inverted == b.inverted
        && near(0)
        && near(1)
        && a.module < ALIKE * b.module
        && b.module < ALIKE * a.module
}

/// Tries to read the symbol of three rings.
fn attempt(frame: Luma<'_>, rings: [&Ring; 3], triple: &Triple, work: &mut Work<'_>) -> Option<Symbol> {
    let module = rings.map(Ring::module).into_iter().fold(f32::MAX, f32::min);
    let light = Light::new(frame, module, rings[0].inverted);
    let poses = pose::poses(&light, rings, triple);
    poses.into_iter().take(SIZES).find_map(|pose| grid::read(&light, pose, work))
}

/// Tries to read the symbol of two rings and a third that was not seen.
fn complete(frame: Luma<'_>, rings: &[Ring], place: &third::Place, work: &mut Work<'_>) -> Option<Symbol> {
    let [first, second] = place.rings.map(|ring| &rings[ring]);
    let light = Light::soft(frame, first.module().min(second.module()), first.inverted);
    let found = place.look(&light, first.inverted)?;
    let third = rings.len();
    let triple = place.triple(rings, &found, third);
    let three = triple.members().map(|ring| if ring == third { &found } else { &rings[ring] });
    attempt(frame, three, &triple, work)
}
