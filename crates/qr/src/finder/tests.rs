use super::*;

/// A picture of a finder pattern with its quiet zone, each pixel averaged over 8 × 8 samples.
fn draw(size: usize, centre: [f32; 2], module: f32, degrees: f32, colours: [f32; 2]) -> Vec<u8> {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let dark = |x: f32, y: f32| {
        let (x, y) = ((x - centre[0]) / module, (y - centre[1]) / module);
        let ring = (x * cos + y * sin).abs().max((y * cos - x * sin).abs());
        ring < 1.5 || (2.5..3.5).contains(&ring)
    };
    let shade = |x: usize, y: usize| {
        let sample =
            |i: usize| (x as f32 + (i % 8) as f32 / 8.0 + 0.0625, y as f32 + (i / 8) as f32 / 8.0 + 0.0625);
        let share = (0..64)
            .filter(|&i| {
                let (x, y) = sample(i);
                dark(x, y)
            })
            .count() as f32
            / 64.0;
        (colours[0] * share + colours[1] * (1.0 - share)).round() as u8
    };
    (0..size * size).map(|i| shade(i % size, i / size)).collect()
}

fn level(reduction: usize) -> SearchLevel {
    SearchLevel::new(reduction, 3, 1)
}

/// The scale that a module of so many pixels is searched at.
fn fitting(module: f32) -> usize {
    [1, 2, 3, 4].into_iter().find(|&scale| module / scale as f32 <= 12.0).unwrap_or(5)
}

#[test]
fn a_drawn_finder_pattern_is_found_at_its_centre() {
    let mut search = Search::default();
    for module in [1.5, 1.8, 2.0, 2.5, 3.0, 4.2, 6.0, 9.5, 15.0, 31.0, 60.0] {
        for degrees in [0.0, 5.0, 13.0, 30.0, 44.0, 45.0, 60.0, 77.0, 90.0] {
            for (colours, inverted) in
                [([20.0, 230.0], false), ([230.0, 20.0], true), ([100.0, 130.0], false)]
            {
                let size = (module * 15.0) as usize + 10;
                let centre = [size as f32 / 2.0 + 0.3, size as f32 / 2.0 - 0.2];
                let pixels = draw(size, centre, module, degrees, colours);
                let frame = Luma::new(&pixels, size, size, size).unwrap();
                let found = search.find(frame, &level(fitting(module)), &|_| false, &mut || false);
                let near = |f: &&FinderPattern| {
                    f.inverted == inverted
                        && (f.centre[0] - centre[0]).hypot(f.centre[1] - centre[1]) < 0.35
                        && (f.module / module - 1.0).abs() < 0.12
                };
                assert!(
                    found.iter().any(|f| near(&f)),
                    "{module} px, {degrees}°, {colours:?}: {centre:?} {found:?}"
                );
            }
        }
    }
}
