use std::cell::Cell;

use image::{GenericImage, GenericImageView};

use super::canvas::{Canvas, Pixels};
use super::{guard, quad, shrink};
use crate::Luma;

fn pixels(values: &[u8]) -> Pixels {
    values.iter().copied().map(Cell::new).collect()
}

fn values(pixels: &Pixels) -> Vec<u8> {
    pixels.iter().map(Cell::get).collect()
}

#[test]
fn squares_are_averaged_and_incomplete_ones_left_out() {
    let frame = [0, 10, 100, 100, 7, 20, 30, 200, 200, 7, 9, 9, 9, 9, 9];
    let mut out = Pixels::new();
    let size = shrink::shrink(Luma::new(&frame, 5, 3, 5).unwrap(), 2, &mut out);
    assert_eq!((size, values(&out)), ((2, 1), vec![15, 150]));
}

#[test]
fn the_factor_is_the_least_that_fits() {
    for (width, height, max, expected) in [
        (10, 10, 100, 1),
        (10, 10, 99, 2),
        (20, 20, 100, 2),
        (21, 20, 100, 2),
        (22, 20, 100, 3),
        (1, 1000, 10, 2),
    ] {
        assert_eq!(shrink::factor(width, height, max), expected, "{width}×{height} into {max}");
    }
}

#[test]
fn restored_coordinates_point_at_the_middle_of_their_square() {
    assert_eq!([0.0, 1.0, 2.5].map(|at| shrink::restore(at, 1)), [0.0, 1.0, 2.5]);
    assert_eq!([0.0, 1.0].map(|at| shrink::restore(at, 4)), [1.5, 5.5]);
}

#[test]
fn the_unit_square_goes_to_its_corners_and_lines_stay_straight() {
    let corners = [[10.0, 20.0], [110.0, 30.0], [90.0, 150.0], [5.0, 120.0]];
    let map = quad::from_unit_square(corners);
    for (unit, corner) in [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]].into_iter().zip(corners) {
        let [x, y] = map(unit);
        assert!((x - corner[0]).hypot(y - corner[1]) < 1e-3, "{unit:?} went to {x},{y}");
    }
    let [[ax, ay], [bx, by], [cx, cy]] = [[0.1, 0.2], [0.4, 0.5], [0.7, 0.8]].map(map);
    assert!(((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)).abs() < 0.05);
}

#[test]
fn a_dropped_trial_takes_back_what_it_painted() {
    let (mut canvas, lease) = Canvas::new(pixels(&[1, 2, 3, 4]), 2, 2);
    canvas.put_pixel(0, 0, image::Luma([9]));
    let mut trial = canvas.clone();
    trial.put_pixel(1, 0, image::Luma([7]));
    trial.put_pixel(1, 0, image::Luma([8]));
    trial.put_pixel(0, 0, image::Luma([8]));
    assert_eq!(trial.get_pixel(1, 0).0, [8]);
    drop(trial);
    assert_eq!((canvas.get_pixel(1, 0).0, canvas.get_pixel(0, 0).0), ([2], [9]));
    drop(canvas);
    assert_eq!(values(&lease.reclaim()), [9, 2, 3, 4]);
}

#[test]
fn endless_work_on_a_canvas_is_ended_and_its_pixels_come_back() {
    let (canvas, lease) = Canvas::new(pixels(&[5]), 1, 1);
    let ended = guard::guarded(move || {
        let mut trial = canvas.clone();
        trial.put_pixel(0, 0, image::Luma([1]));
        loop {
            std::hint::black_box(trial.dimensions());
        }
    });
    assert_eq!(ended, None::<()>);
    assert_eq!(values(&lease.reclaim()), [5]);
}

#[test]
fn guarded_panics_are_caught_unseen_and_others_still_reported() {
    thread_local! {
        static REPORTS: Cell<usize> = const { Cell::new(0) };
    }
    std::panic::set_hook(Box::new(|_| REPORTS.set(REPORTS.get() + 1)));
    crate::hush_caught_panics();
    assert_eq!(guard::guarded(|| 7), Some(7));
    assert_eq!(guard::guarded(|| -> u8 { panic!("inside") }), None);
    assert_eq!(REPORTS.get(), 0);
    assert!(std::panic::catch_unwind(|| panic!("outside")).is_err());
    assert_eq!(REPORTS.get(), 1);
    drop(std::panic::take_hook());
}
