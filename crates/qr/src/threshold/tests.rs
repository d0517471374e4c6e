use super::*;
use crate::Luma;

#[test]
fn a_frame_of_two_colours_has_its_threshold_between_them() {
    let pixels: Vec<u8> =
        (0..64 * 48).map(|i| if (i % 64 / 4 + i / 64 / 4) % 2 == 0 { 90 } else { 120 }).collect();
    let mut thresholds = Thresholds::default();
    thresholds.measure(Luma::new(&pixels, 64, 48, 64).unwrap(), &mut || false);
    for (x, y) in (0..48).flat_map(|y| (0..64).map(move |x| (x, y))) {
        assert_eq!(thresholds.row(y)[x / BLOCK], 105, "at {x}, {y}");
    }
}

#[test]
fn a_reduced_frame_holds_the_averages_of_squares() {
    let pixels: Vec<u8> = (0..=254).cycle().take(50 * 37).collect();
    let frame = Luma::new(&pixels, 50, 37, 50).unwrap();
    let region = Region { left: 3, top: 5, width: 100, height: 30 };
    for factor in 1..=16 {
        let mut reduced = Reduced::default();
        let small = reduced.fill(frame, region, factor, &mut || false).unwrap();
        assert_eq!((small.width(), small.height()), (47 / factor, 30 / factor));
        for (x, y) in (0..small.height()).flat_map(|y| (0..small.width()).map(move |x| (x, y))) {
            let square = (0..factor * factor)
                .map(|i| f64::from(frame.row(5 + y * factor + i / factor)[3 + x * factor + i % factor]));
            let mean = square.sum::<f64>() / (factor * factor) as f64;
            assert!((f64::from(small.row(y)[x]) - mean).abs() <= 1.0, "factor {factor} at {x}, {y}");
        }
    }
}

#[test]
fn a_region_outside_the_frame_is_empty() {
    let frame = Luma::new(&[0; 12], 4, 3, 4).unwrap();
    for (left, top) in [(4, 0), (0, 3), (usize::MAX, usize::MAX)] {
        let region = Region { left, top, width: 5, height: 5 };
        assert!(Reduced::default().fill(frame, region, 1, &mut || false).is_none());
    }
}
