//! From light to eight bits: noise, the tone curve, and what cameras do to a picture before they hand it out.

use crate::canvas::{Canvas, softened};
use crate::compress;
use crate::random::{QUANTILES, Random, quantiles};

/// Light 1 saturates the sensor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sensor {
    /// Electrons at saturation: the fewer, the stronger the noise of light itself.
    pub(crate) full_well: f32,
    /// Deviation of the noise that is there in the dark, as a share of saturation.
    pub(crate) read_noise: f32,
    /// How strongly the camera smooths noise away, 0 to 1.
    pub(crate) denoise: f32,
    /// How strongly the camera sharpens, 0 to about 1.5.
    pub(crate) sharpen: f32,
    /// 0 keeps the sRGB curve; more bends it into an S, as cameras do for punch.
    pub(crate) punch: f32,
    /// Quality of the compression, if any.
    pub(crate) quality: Option<u8>,
}

impl Sensor {
    /// Exposes the sensor and returns the frame's luma.
    pub(crate) fn expose(&self, mut light: Canvas, random: &mut Random) -> Vec<u8> {
        self.add_noise(&mut light, random);
        self.develop(&mut light);
        if self.denoise > 0.0 {
            let soft = softened(&light);
            for (value, soft) in light.values.iter_mut().zip(&soft.values) {
                // What stands out by much is an edge and stays.
                let off = (soft - *value) / 24.0;
                *value += (soft - *value) * self.denoise / (1.0 + off * off);
            }
        }
        if self.sharpen > 0.0 {
            let soft = softened(&light);
            for (value, soft) in light.values.iter_mut().zip(&soft.values) {
                *value = (*value + (*value - soft) * self.sharpen).clamp(0.0, 255.0);
            }
        }
        if let Some(quality) = self.quality {
            compress::compress(&mut light.values, light.width, quality);
        }
        light.values.iter().map(|value| (value + 0.5) as u8).collect()
    }

    fn add_noise(&self, light: &mut Canvas, random: &mut Random) {
        let quantiles = quantiles();
        let (shot, read) = (1.0 / self.full_well, self.read_noise * self.read_noise);
        let mut bits = 0;
        for (place, value) in light.values.iter_mut().enumerate() {
            // One draw of 64 bits is enough for four pixels.
            bits = if place % 4 == 0 { random.number() } else { bits >> 16 };
            let normal = quantiles[bits as usize % QUANTILES];
            let clean = value.clamp(0.0, 1.0);
            *value = (clean + normal * (clean * shot + read).sqrt()).clamp(0.0, 1.0);
        }
    }

    /// From linear light to 0..=255.
    fn develop(&self, light: &mut Canvas) {
        const STEPS: usize = 4096;
        let curve: Vec<f32> = (0..=STEPS + 1)
            .map(|i| {
                let value = srgb((i as f32 / STEPS as f32).min(1.0));
                let bent = value * value * (3.0 - 2.0 * value);
                255.0 * (value + (bent - value) * self.punch)
            })
            .collect();
        for value in &mut light.values {
            let at = *value * STEPS as f32;
            let low = at as usize;
            *value = curve[low] + (curve[low + 1] - curve[low]) * (at - low as f32);
        }
    }
}

/// The sRGB transfer curve (IEC 61966-2-1).
pub(crate) fn srgb(linear: f32) -> f32 {
    if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 }
}

/// Linear light that is shown as a luma level of 0 to 255.
pub(crate) fn linear(level: f32) -> f32 {
    let value = level / 255.0;
    if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLEAN: Sensor =
        Sensor { full_well: 1e9, read_noise: 0.0, denoise: 0.0, sharpen: 0.0, punch: 0.0, quality: None };

    #[test]
    fn levels_survive_the_curve_and_its_inverse() {
        for level in [0_u8, 3, 10, 60, 128, 200, 255] {
            let light = Canvas::new(8, 8, linear(f32::from(level)));
            let luma = CLEAN.expose(light, &mut Random::new(&[1]));
            assert!(luma.iter().all(|&value| value.abs_diff(level) <= 1), "{level}: {luma:?}");
        }
    }

    #[test]
    fn fewer_electrons_make_more_noise() {
        let deviation = |full_well| {
            let sensor = Sensor { full_well, ..CLEAN };
            let luma = sensor.expose(Canvas::new(100, 100, 0.4), &mut Random::new(&[2]));
            let mean = luma.iter().map(|&v| f32::from(v)).sum::<f32>() / 10_000.0;
            (luma.iter().map(|&v| (f32::from(v) - mean).powi(2)).sum::<f32>() / 10_000.0).sqrt()
        };
        assert!(deviation(100.0) > 2.5 * deviation(1000.0));
    }

    #[test]
    fn light_beyond_saturation_is_white() {
        let luma = CLEAN.expose(Canvas::new(4, 4, 7.5), &mut Random::new(&[3]));
        assert!(luma.iter().all(|&value| value == 255));
    }
}
