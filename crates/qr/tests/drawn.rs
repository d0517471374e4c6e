//! Camera-like frames with their truth, drawn from a seed.

use frames::{Condition, Frame};
use qr::{Luma, Scanner};

fn luma(frame: &Frame) -> Luma<'_> {
    Luma::new(&frame.luma, frame.width, frame.height, frame.width).expect("a drawn frame is complete")
}

#[test]
fn idle_scenes_hold_nothing() {
    for index in 0..24 {
        let scene = frames::idle(480, index, 1);
        for scanner in [&mut Scanner::new(), &mut Scanner::video()] {
            assert_eq!(scanner.scan(luma(&scene), || false).count(), 0, "scene {index}");
        }
    }
}

#[test]
fn drawn_frames_of_every_condition_are_read_as_often_as_before() {
    /// Of twelve frames each.
    const LEAST: usize = 11;
    for condition in Condition::ALL {
        let mut scanner = Scanner::new();
        let read = |index: &u32| {
            let frame = frames::render(condition, *index, 5);
            let symbols: Vec<_> = scanner.scan(luma(&frame), || false).collect();
            assert!(
                symbols.iter().all(|symbol| symbol.text.as_ref() == Some(&frame.text)),
                "{condition:?} {index}"
            );
            !symbols.is_empty()
        };
        let count = (0..12).filter(read).count();
        eprintln!("{}: {count} of 12", condition.name());
        assert!(count >= LEAST, "{}: {count} of 12", condition.name());
    }
}

#[test]
fn a_scan_ends_soon_after_its_time_is_up() {
    let frame = frames::render(Condition::Mild, 0, 1);
    let mut asked = 0;
    let all = Scanner::new().scan(luma(&frame), || true).count();
    let read = Scanner::new()
        .scan(luma(&frame), || {
            asked += 1;
            false
        })
        .count();
    assert_eq!((all, read), (0, 1), "no time, no symbol; time enough, a symbol");
    assert!(asked > 20, "time was asked {asked} times");
}
