//! What a lens does to light: blur of three kinds, falling off towards the corners, glare within.

use crate::canvas::Canvas;

/// Shares of light and how far away (right, down) each comes from.
type Kernel = Vec<([i32; 2], f32)>;

/// Blurs with a Gaussian of a deviation in pixels: aberrations, the grain of the sensor's filter.
pub(crate) fn gaussian(canvas: &mut Canvas, deviation: f32) {
    if deviation < 0.15 {
        return;
    }
    let reach = (deviation * 3.0).ceil() as i32;
    // The share of each pixel, its width taken into account, by three samples.
    let share = |at: i32| {
        let value = |at: f32| (-(at / deviation).powi(2) / 2.0).exp();
        let at = at as f32;
        value(at - 1.0 / 3.0) + value(at) + value(at + 1.0 / 3.0)
    };
    let line: Vec<(i32, f32)> = (-reach..=reach).map(|at| (at, share(at))).collect();
    convolve(canvas, line.iter().map(|&(at, share)| ([at, 0], share)).collect());
    convolve(canvas, line.iter().map(|&(at, share)| ([0, at], share)).collect());
}

/// Blurs with an even disc of a radius in pixels: a lens out of focus.
pub(crate) fn disc(canvas: &mut Canvas, radius: f32) {
    if radius < 0.3 {
        return;
    }
    let reach = (radius + 0.5).ceil() as i32;
    let mut kernel = Kernel::new();
    for (x, y) in (-reach..=reach).flat_map(|y| (-reach..=reach).map(move |x| (x, y))) {
        let share = (radius - (x as f32).hypot(y as f32) + 0.5).clamp(0.0, 1.0);
        if share > 0.0 {
            kernel.push(([x, y], share));
        }
    }
    convolve(canvas, kernel);
}

/// Blurs along a path: what the frame moves by while the shutter is open (pixels), bent by `sag` at its middle.
pub(crate) fn motion(canvas: &mut Canvas, way: [f32; 2], sag: [f32; 2]) {
    let length = way[0].hypot(way[1]);
    if length < 0.3 {
        return;
    }
    let steps = (length * 4.0).ceil().min(400.0) as usize;
    let mut kernel = Kernel::new();
    for step in 0..steps {
        let share = (step as f32 + 0.5) / steps as f32 - 0.5;
        let bow = 1.0 - 4.0 * share * share;
        let at: [f32; 2] = std::array::from_fn(|axis| way[axis] * share + sag[axis] * bow);
        let base = at.map(f32::floor);
        let part = [at[0] - base[0], at[1] - base[1]];
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let weight = |part: f32, one: i32| if one == 1 { part } else { 1.0 - part };
            let share = weight(part[0], dx) * weight(part[1], dy);
            let place = [base[0] as i32 + dx, base[1] as i32 + dy];
            match kernel.iter_mut().find(|(known, _)| *known == place) {
                Some((_, sum)) => *sum += share,
                None => kernel.push((place, share)),
            }
        }
    }
    convolve(canvas, kernel);
}

/// Replaces every pixel by what a kernel gathers around it; beyond the edge the edge goes on.
fn convolve(canvas: &mut Canvas, mut kernel: Kernel) {
    let sum: f32 = kernel.iter().map(|(_, share)| share).sum();
    kernel.iter_mut().for_each(|(_, share)| *share /= sum);
    let reach = kernel.iter().flat_map(|(at, _)| at.map(i32::unsigned_abs)).max().unwrap_or(0) as usize;
    let (width, height) = (canvas.width, canvas.height);
    let mut padded = Vec::with_capacity(height * (width + 2 * reach));
    for y in 0..height {
        let row = canvas.row(y);
        padded.resize(padded.len() + reach, row[0]);
        padded.extend_from_slice(row);
        padded.resize(padded.len() + reach, row[width - 1]);
    }
    let stride = width + 2 * reach;
    for y in 0..height {
        let out = canvas.row_mut(y);
        out.fill(0.0);
        for &([dx, dy], share) in &kernel {
            let row = (y as i32 + dy).clamp(0, height as i32 - 1) as usize;
            let from = row * stride + (reach as i32 + dx) as usize;
            for (out, value) in out.iter_mut().zip(&padded[from..from + width]) {
                *out += share * value;
            }
        }
    }
}

/// Light falls off with the angle: `depth` is what is lost in the frame's corners. `veil` is the share of all
/// light that the lens scatters evenly over the frame.
pub(crate) fn vignette(canvas: &mut Canvas, depth: f32, veil: f32) {
    let (width, height) = (canvas.width as f32, canvas.height as f32);
    let mean = canvas.values.iter().sum::<f32>() / (width * height);
    let scale = 4.0 / (width * width + height * height);
    for y in 0..canvas.height {
        let dy = y as f32 + 0.5 - height / 2.0;
        for (x, value) in canvas.row_mut(y).iter_mut().enumerate() {
            let dx = x as f32 + 0.5 - width / 2.0;
            let loss = 1.0 - depth * (dx * dx + dy * dy) * scale;
            *value = (*value * (1.0 - veil) + mean * veil) * loss;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A point of light in the middle, blurred.
    fn spread(blur: impl Fn(&mut Canvas)) -> Canvas {
        let mut canvas = Canvas::new(41, 41, 0.0);
        canvas.row_mut(20)[20] = 1.0;
        blur(&mut canvas);
        canvas
    }

    /// Sum, middle and variance along either axis.
    fn moments(canvas: &Canvas) -> [f32; 5] {
        let mut sums = [0.0; 5];
        for y in 0..41 {
            for (x, &value) in canvas.row(y).iter().enumerate() {
                let (dx, dy) = (x as f32 - 20.0, y as f32 - 20.0);
                let parts = [1.0, dx, dy, dx * dx, dy * dy];
                sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum += value * part);
            }
        }
        sums
    }

    #[test]
    fn no_blur_loses_light_or_shifts_it_and_each_spreads_as_far_as_it_should() {
        let cases: [(&str, Canvas, [f32; 2]); 3] = [
            ("gaussian", spread(|c| gaussian(c, 1.5)), [2.25, 2.25]),
            // An even disc's variance along an axis is r² / 4, a line's is l² / 12.
            ("disc", spread(|c| disc(c, 4.0)), [4.0, 4.0]),
            ("motion", spread(|c| motion(c, [12.0, 0.0], [0.0; 2])), [12.0, 0.0]),
        ];
        for (name, canvas, variance) in cases {
            let [sum, x, y, xx, yy] = moments(&canvas);
            assert!((sum - 1.0).abs() < 1e-3 && x.abs() < 1e-3 && y.abs() < 1e-3, "{name}: {sum} {x} {y}");
            assert!((xx - variance[0]).abs() < 0.35, "{name}: {xx} across");
            assert!((yy - variance[1]).abs() < 0.35, "{name}: {yy} down");
        }
    }

    #[test]
    fn the_edge_goes_on_beyond_the_frame() {
        let mut canvas = Canvas::new(30, 20, 0.5);
        disc(&mut canvas, 5.0);
        gaussian(&mut canvas, 2.0);
        motion(&mut canvas, [6.0, 3.0], [1.0, 0.0]);
        assert!(canvas.values.iter().all(|value| (value - 0.5).abs() < 1e-4));
    }
}
