//! Grids into the decoder: any modules, and real symbols with any content and damage.

use std::time::Duration;

use fuzzing::{Random, within};
use qr::decode::{DecodeError, Decoded, Failure, decode, decode_soft};
use qr::{BitGrid, SoftGrid};

use crate::script::Script;
use crate::symbol::{LETTERS, Plan, Symbol};

/// CPU time that no grid may take, instrumented and with checks: far above what the slowest takes, far below what
/// somebody would wait.
const LIMIT: Duration = Duration::from_millis(100);
/// Attempts beyond plain error correction that a script can ask for.
const MAX_ATTEMPTS: usize = 64;
/// Wrong modules that a script can ask for beyond what must be borne.
const MAX_DAMAGE: usize = 200;
/// Wrong bits that either copy of the format information bears (ISO/IEC 18004:2015 annex C).
const FORMAT_BEARS: usize = 3;
/// Characters in the biggest symbol, 40-L in digits.
const MAX_CHARACTERS: usize = 7089;

/// Runs one script.
pub fn run(script: &[u8]) {
    let script = &mut Script::new(script);
    match script.byte() % 5 {
        0 => any_modules(script),
        1 => any_levels(script),
        2 => any_codewords(script),
        3 => segments(script),
        _ => doubtful(script),
    }
}

/// Any side, any modules.
fn any_modules(script: &mut Script<'_>) {
    let side = any_side(script);
    let bits = script.rest();
    let grid = BitGrid::from_fn(side, |x, y| bit(bits, y * side + x));
    let _ = decoded(&grid);
}

/// Any side, any levels.
fn any_levels(script: &mut Script<'_>) {
    let side = any_side(script);
    let attempts = usize::from(script.byte()) % MAX_ATTEMPTS;
    let levels = script.rest();
    let level = |at: usize| if levels.is_empty() { 0 } else { levels[at % levels.len()] as i8 };
    let _ = decoded_soft(&SoftGrid::from_fn(side, |x, y| level(y * side + x)), attempts);
}

/// Error correction lets any data through to the segments: what is in them decides, and bearable damage changes
/// nothing.
fn any_codewords(script: &mut Script<'_>) {
    let plan = Plan::read(script);
    let (damage, seed) = (script.byte(), script.seed());
    let symbol = Symbol::of_codewords(plan, script.rest());
    let clean = decoded(&grid(&symbol));
    let damaged = damaged(&symbol, damage.into(), &mut Random::new(seed));
    assert_same(&clean, &decoded(&damaged.grid()), &damaged);
}

/// Segments come back as they were put in, from behind as well.
fn segments(script: &mut Script<'_>) {
    let plan = Plan::read(script);
    let (damage, seed) = (usize::from(script.byte()), script.seed());
    let (symbol, bytes) = Symbol::of_segments(plan, script);
    let damaged = damaged(&symbol, damage.min(plan.bearable()), &mut Random::new(seed));
    let [front, behind] = [damaged.grid(), damaged.grid().transposed()].map(|grid| decoded(&grid));
    for (read, mirrored) in [(&front, false), (&behind, true)] {
        let read = read.as_ref().unwrap_or_else(|error| panic!("{plan:?} was not read: {error}"));
        assert_eq!((&read.payload.bytes, read.mirrored), (&bytes, mirrored), "{plan:?}");
        assert_eq!((read.format.ecc.letter(), read.format.mask), (LETTERS[plan.level], plan.mask));
    }
}

/// How sure modules are must never make worse what plain error correction can mend.
fn doubtful(script: &mut Script<'_>) {
    let plan = Plan::read(script);
    let attempts = usize::from(script.byte()) % MAX_ATTEMPTS;
    let (damage, seed) = (script.byte(), script.seed());
    let (symbol, _) = Symbol::of_segments(plan, script);
    let random = &mut Random::new(seed);
    let damaged = damaged(&symbol, damage.into(), random);
    let plain = decoded(&damaged.grid());
    let sure = SoftGrid::from_fn(plan.side(), |x, y| {
        let strength = 1 + random.below(127) as i8;
        if damaged.is_dark(x, y) { strength } else { -strength }
    });
    let soft = decoded_soft(&sure, attempts).map_err(|failure| failure.error);
    assert_same(&plain, &soft, &damaged);
}

/// A symbol with wrong modules.
struct Damaged<'a> {
    symbol: &'a Symbol,
    wrong: Vec<bool>,
    /// Whether it must be read all the same.
    bearable: bool,
}

impl Damaged<'_> {
    fn is_dark(&self, x: usize, y: usize) -> bool {
        self.symbol.is_dark(x, y) != self.wrong[y * self.symbol.plan.side() + x]
    }

    fn grid(&self) -> BitGrid {
        BitGrid::from_fn(self.symbol.plan.side(), |x, y| self.is_dark(x, y))
    }
}

/// `symbol` with up to `modules` wrong ones of its data, and as many others as format information bears.
fn damaged<'a>(symbol: &'a Symbol, modules: usize, random: &mut Random) -> Damaged<'a> {
    let side = symbol.plan.side();
    let mut wrong = vec![false; side * side];
    let (mut left, mut left_functional) = (modules.min(MAX_DAMAGE), FORMAT_BEARS);
    for _ in 0..left + left_functional {
        let place = random.below(side * side);
        let functional = symbol.plan.is_functional(place % side, place / side);
        let left = if functional { &mut left_functional } else { &mut left };
        if *left > 0 && !wrong[place] {
            *left -= 1;
            wrong[place] = true;
        }
    }
    Damaged { symbol, wrong, bearable: modules <= symbol.plan.bearable() }
}

fn assert_same(
    one: &Result<Decoded, DecodeError>,
    other: &Result<Decoded, DecodeError>,
    damaged: &Damaged<'_>,
) {
    if let (Ok(one), true) = (one, damaged.bearable) {
        let other = other.as_ref().unwrap_or_else(|error| panic!("{:?}: {error}", damaged.symbol.plan));
        assert_eq!((&one.payload, one.format), (&other.payload, other.format));
    }
}

fn decoded(grid: &BitGrid) -> Result<Decoded, DecodeError> {
    let result = within(LIMIT, "a grid", || decode(grid));
    if let Ok(decoded) = &result {
        assert_sane(decoded, grid.side());
    }
    result
}

fn decoded_soft(grid: &SoftGrid, attempts: usize) -> Result<Decoded, Failure> {
    let result = within(LIMIT, "a soft grid", || decode_soft(grid, attempts));
    match &result {
        Ok(decoded) => assert_sane(decoded, grid.side()),
        Err(failure) => {
            assert!(failure.mended <= failure.blocks, "{failure:?}");
            let known = failure.known.as_ref().into_iter().flat_map(|known| known.modules());
            assert!(known.into_iter().all(|(x, y, _)| x < grid.side() && y < grid.side()), "{failure:?}");
        }
    }
    result
}

fn assert_sane(decoded: &Decoded, side: usize) {
    let payload = &decoded.payload;
    assert!((1..=40).contains(&decoded.version.number()) && decoded.version.side() == side);
    assert!(LETTERS.contains(&decoded.format.ecc.letter()) && decoded.format.mask < 8);
    assert!(decoded.corrected < side * side / 8 && payload.bytes.len() <= MAX_CHARACTERS);
    let ends = payload.segments.iter().map(|segment| (segment.range.start, segment.range.end));
    let last = ends.fold(0, |last, (start, end)| {
        assert!(start == last && end >= start, "segments lie one after the other: {:?}", payload.segments);
        end
    });
    assert_eq!(last, payload.bytes.len());
    if let Some(part) = payload.structured_append {
        assert!((1..=16).contains(&part.count) && part.index < 16, "{part:?}");
    }
    let _ = payload.text();
}

fn grid(symbol: &Symbol) -> BitGrid {
    BitGrid::from_fn(symbol.plan.side(), |x, y| symbol.is_dark(x, y))
}

/// Mostly the side of a version, the small ones likelier; sometimes any.
fn any_side(script: &mut Script<'_>) -> usize {
    match script.byte() {
        share @ 0..240 => 21 + 4 * (40.0 * (f32::from(share) / 240.0).powi(6)) as usize,
        _ => script.byte().into(),
    }
}

/// Bit `at` of `bytes`, again and again.
fn bit(bytes: &[u8], at: usize) -> bool {
    !bytes.is_empty() && bytes[at / 8 % bytes.len()] >> (at % 8) & 1 == 1
}
