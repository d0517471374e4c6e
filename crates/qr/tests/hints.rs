//! Hints on camera-like frames, spoiled until nothing can be read of them.

use std::time::Duration;

use frames::{Condition, Frame};
use qr::{Hint, Hints, Luma, Scanner};

/// Frames of each kind, and how often each is shown, 30 times a second: 0.8 seconds.
const FRAMES: u32 = 12;
const SHOWN: u64 = 24;
/// Where the frames come from; any other number would do.
const SEED: u64 = 2026;

fn luma(frame: &Frame) -> Luma<'_> {
    Luma::new(&frame.luma, frame.width, frame.height, frame.width).expect("a whole frame")
}

/// What is told at the end of a held view, and whether anything was read.
fn told(frame: &Frame) -> (Option<Hint>, bool) {
    let (mut scanner, mut hints) = (Scanner::video(), Hints::default());
    let (mut told, mut any) = (None, false);
    for number in 0..SHOWN {
        let read = scanner.scan(luma(frame), || false).count() > 0;
        any |= read;
        told = hints.after(scanner.hint(), read, Duration::from_millis(number * 33));
    }
    (told, any)
}

/// The frame with every pixel changed by its place and luma.
fn map(frame: &Frame, change: impl Fn([f32; 2], f32) -> f32) -> Frame {
    let each = |(index, &luma): (usize, &u8)| {
        let at = [index % frame.width, index / frame.width].map(|at| at as f32 + 0.5);
        change(at, f32::from(luma)) as u8
    };
    Frame { luma: frame.luma.iter().enumerate().map(each).collect(), ..frame.clone() }
}

/// The mean over a box about each pixel that reaches so far to either side.
fn blur(frame: &Frame, [across, down]: [usize; 2]) -> Frame {
    let mut out = frame.clone();
    for (reach, step, length) in [(across, 1, frame.width), (down, frame.width, frame.height)] {
        let from = out.luma.clone();
        for (index, luma) in out.luma.iter_mut().enumerate().filter(|_| reach > 0) {
            let at = index / step % length;
            let (first, last) = (at.saturating_sub(reach), (at + reach).min(length - 1));
            let start = index - (at - first) * step;
            let sum: usize = (0..=last - first).map(|i| usize::from(from[start + i * step])).sum();
            *luma = (sum / (last - first + 1)) as u8;
        }
    }
    out
}

/// The frame seen from so many times as far away: what is around is its own mean.
fn shrink(frame: &Frame, times: f32) -> Frame {
    let reach = (times / 2.0) as usize;
    let soft = blur(frame, [reach; 2]);
    let size = [frame.width, frame.height].map(|side| (side as f32 / times) as usize);
    let luma = (0..size[0] * size[1]).map(|index| {
        let [x, y] = [index % size[0], index / size[0]].map(|at| ((at as f32 + 0.5) * times) as usize);
        soft.luma[y * frame.width + x]
    });
    Frame { luma: luma.collect(), width: size[0], height: size[1], ..frame.clone() }
}

fn middle(frame: &Frame) -> [f32; 2] {
    [0, 1].map(|axis| frame.corners.iter().map(|corner| corner[axis]).sum::<f32>() / 4.0)
}

fn side(frame: &Frame) -> f32 {
    let [a, b, ..] = frame.corners;
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// Pixels a module.
fn module(frame: &Frame) -> f32 {
    side(frame) / (17.0 + 4.0 * f32::from(frame.version))
}

fn distance(a: [f32; 2], b: [f32; 2]) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// Noise of a sensor in the dark: deterministic, a few levels.
fn noise([x, y]: [f32; 2]) -> f32 {
    let mixed = ((x as u64) << 32 | y as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 62) as f32
}

/// Light that is so many times less.
fn in_the_dark(frame: &Frame, less: f32) -> Frame {
    map(frame, |at, luma| luma / less + noise(at))
}

/// Modules of the code differ so many times less; the room around is as it was.
fn on_a_dim_screen(frame: &Frame, less: f32) -> Frame {
    let (middle, reach) = (middle(frame), side(frame) * 0.78);
    let dim = |at, luma| 70.0 + luma / less + noise(at);
    map(frame, |at, luma| if distance(at, middle) < reach { dim(at, luma) } else { luma })
}

/// A lamp over the code's middle, of such a radius as a share of its side.
fn under_a_lamp(frame: &Frame, radius: f32) -> Frame {
    let (middle, radius) = (middle(frame), side(frame) * radius);
    map(frame, |at, luma| if distance(at, middle) < radius { 255.0 } else { luma * 0.8 })
}

/// What is left where the frame ends within the code: a share of it is missing on the right.
fn cut_off(frame: &Frame, missing: f32) -> Frame {
    let right = frame.corners.iter().map(|corner| corner[0]).fold(0.0, f32::max);
    let width = (right - side(frame) * missing) as usize;
    let rows = frame.luma.chunks_exact(frame.width).flat_map(|row| &row[..width]);
    Frame { luma: rows.copied().collect(), width, ..frame.clone() }
}

/// Seen from where modules have so many pixels.
fn far_away(frame: &Frame, pixels: f32) -> Frame {
    shrink(frame, module(frame) / pixels)
}

/// Moved by so many modules while the shutter was open.
fn moved(frame: &Frame, modules: f32) -> Frame {
    blur(frame, [(module(frame) * modules / 2.0).round() as usize, 0])
}

/// A stain over the code's middle, and a point becomes a spot so many modules wide. What is clean is read for as long
/// as anything of it is seen.
fn stained_and_out_of_focus(frame: &Frame, modules: f32) -> Frame {
    let (middle, radius) = (middle(frame), side(frame) * 0.25);
    let stained = map(frame, |at, luma| if distance(at, middle) < radius { luma * 0.1 } else { luma });
    let reach = [(module(frame) * modules / 4.0).round() as usize; 2];
    blur(&blur(&stained, reach), reach)
}

type Spoil = fn(&Frame, f32) -> Frame;

/// What is told of each frame when it is spoiled just so far that nothing can be read any more.
fn told_when_unread(spoil: Spoil, strengths: &[f32]) -> Vec<Option<Hint>> {
    let frames = (0..FRAMES).map(|index| frames::render(Condition::Mild, index, SEED));
    let told = frames.filter_map(|frame| {
        let outcomes = strengths.iter().map(|&strength| told(&spoil(&frame, strength)));
        outcomes.into_iter().find(|(_, read)| !read).map(|(told, _)| told)
    });
    told.collect()
}

#[test]
fn spoiled_frames_give_the_hint_that_helps_and_hardly_ever_another() {
    // With the least share of hints that are right: what is dim, far or blurred shows nothing of itself more often than
    // not. It is above nought in every row, so that each fails where its hint is told no more.
    let table: [(&str, Spoil, &[f32], Hint, f32); 7] = [
        ("in the dark", in_the_dark, &[16.0, 64.0], Hint::TooDark, 0.9),
        ("on a dim screen", on_a_dim_screen, &[10.0, 14.0, 18.0, 24.0], Hint::DimScreen, 0.2),
        ("under a lamp", under_a_lamp, &[0.2, 0.25, 0.3, 0.35], Hint::Glare, 0.7),
        ("cut off", cut_off, &[0.15, 0.25, 0.35], Hint::CutOff, 0.7),
        ("far away", far_away, &[1.4, 1.3, 1.2], Hint::TooFar, 0.3),
        ("moved", moved, &[1.4, 1.8, 2.2, 2.6], Hint::HoldStill, 0.1),
        ("out of focus", stained_and_out_of_focus, &[1.4, 1.8, 2.2], Hint::HoldStill, 0.1),
    ];
    for (name, spoil, strengths, expected, least) in table {
        let told = told_when_unread(spoil, strengths);
        let right = told.iter().filter(|&&told| told == Some(expected)).count();
        let wrong = told.iter().flatten().filter(|&&told| told != expected).count();
        let words = format!("{name}: {} unread, {right} right, {wrong} wrong", told.len());
        assert!(told.len() * 2 >= FRAMES as usize, "too few to tell: {words}");
        assert!(right as f32 >= told.len() as f32 * least && wrong * 5 <= told.len(), "{words}");
    }
}

#[test]
fn rooms_without_a_code_give_no_hint_but_of_darkness() {
    for height in [480, 720] {
        for index in 0..FRAMES * 2 {
            let (told, _) = told(&frames::idle(height, index, SEED));
            assert!(matches!(told, None | Some(Hint::TooDark)), "{height}, {index}: {told:?}");
        }
    }
}

#[test]
fn a_frame_in_which_a_code_is_read_gives_no_hint() {
    for index in 0..4 {
        let frame = frames::render(Condition::Mild, index, SEED);
        let cut = cut_off(&frame, 0.25);
        let mut scanner = Scanner::video();
        let mut given = |frame| (scanner.scan(luma(frame), || false).count(), scanner.hint());
        let before = (0..4).map(|_| given(&cut)).any(|given| given == (0, Some(Hint::CutOff)));
        let after: Vec<_> = (0..8).map(|_| given(&frame)).filter(|(read, _)| *read > 0).collect();
        assert!(
            before && !after.is_empty() && after.iter().all(|(_, hint)| hint.is_none()),
            "{index}: {after:?}"
        );
    }
}

#[test]
fn a_frame_whose_time_is_up_gives_no_hint_but_of_darkness() {
    let frame = frames::render(Condition::Mild, 0, SEED);
    let given = |frame: &Frame, most: usize| {
        let (mut scanner, mut asked) = (Scanner::video(), 0);
        let read = scanner.scan(luma(frame), || (asked += 1, asked > most).1).count();
        assert_eq!(read, 0);
        (scanner.hint(), asked)
    };
    let cut = cut_off(&frame, 0.25);
    let (hint, asked) = given(&cut, usize::MAX);
    assert_eq!(hint, Some(Hint::CutOff));
    for most in 0..asked {
        assert_eq!(given(&cut, most).0, None, "{most} of {asked}");
    }
    assert_eq!(given(&in_the_dark(&cut, 16.0), 0).0, Some(Hint::TooDark));
}
