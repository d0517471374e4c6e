//! Plots: bars that stand on each other, a line of shares, bars that lie.

use paper::{Colour, Fonts, Sheet, flush_right, rectangle, text};

use crate::summary::Counts;
use crate::words::grouped;

pub const INK: Colour = (22, 28, 36);
pub const GREY: Colour = (96, 106, 120);
pub const LINE: Colour = (216, 221, 228);
pub const GREEN: Colour = (34, 130, 84);
pub const RED: Colour = (196, 50, 46);
pub const AMBER: Colour = (226, 158, 28);
/// Room for the numbers at the left of a plot, in points.
const SCALE: f32 = 34.0;

/// A place on the sheet: left, top, width, height.
pub type Area = (f32, f32, f32, f32);

/// Bars side by side, each of accepted, refused and undecided scans on top of each other, with a label under every
/// `step`th.
pub fn stacked(sheet: &mut Sheet<'_>, fonts: &Fonts, area: Area, bars: &[(String, Counts)], step: usize) {
    let highest = bars.iter().map(|(_, counts)| counts.total()).max().unwrap_or(0);
    let top = nice(highest.max(1) as f64);
    grid(sheet, fonts, area, &|part| grouped((top * part).round() as u64), if top < 4.0 { 1 } else { 4 });
    slots(sheet, fonts, area, bars, step, &mut |sheet, counts, (left, width), (bottom, height)| {
        let mut y = bottom;
        let parts = [(counts.accepted, GREEN), (counts.refused, RED), (counts.cannot_tell, AMBER)];
        for (count, colour) in parts {
            let tall = (count as f64 / top) as f32 * height;
            y -= tall;
            rectangle(sheet, colour, (left, y, width, tall));
        }
    });
}

/// Bars of the refused part, in percent.
pub fn shares(sheet: &mut Sheet<'_>, fonts: &Fonts, area: Area, bars: &[(String, Counts)], step: usize) {
    let highest = bars.iter().map(|(_, counts)| counts.refused_share()).fold(0.0, f64::max);
    let top = nice((highest * 100.0).max(1.0)).min(100.0);
    grid(sheet, fonts, area, &|part| format!("{} %", short(top * part)), 4);
    slots(sheet, fonts, area, bars, step, &mut |sheet, counts, (left, width), (bottom, height)| {
        let tall = (counts.refused_share() * 100.0 / top) as f32 * height;
        rectangle(sheet, RED, (left, bottom - tall, width, tall));
    });
}

/// Rows with a bar each: what it is, how often, in which colour.
pub fn rows(sheet: &mut Sheet<'_>, fonts: &Fonts, area: Area, rows: &[(String, u64, Colour)]) {
    let (left, top, width, _) = area;
    let most = rows.iter().map(|(_, count, _)| *count).max().unwrap_or(1).max(1);
    let (label, number) = (width * 0.4, 52.0);
    for (place, (name, count, colour)) in rows.iter().enumerate() {
        let y = top + place as f32 * 17.0;
        text(sheet, fonts.regular(9.0, INK), left, y + 10.0, label - 10.0, name);
        let long = (*count as f64 / most as f64) as f32 * (width - label - number);
        rectangle(sheet, *colour, (left + label, y + 2.0, long.max(1.0), 10.0));
        let x = left + label + long.max(1.0) + 5.0;
        text(sheet, fonts.bold(8.5, INK), x, y + 10.0, number, &grouped(*count));
    }
}

/// What the colours mean, on one line from the left.
pub fn legend(sheet: &mut Sheet<'_>, fonts: &Fonts, (left, y): (f32, f32), entries: &[(&str, Colour)]) {
    let mut x = left;
    for (name, colour) in entries {
        rectangle(sheet, *colour, (x, y - 7.0, 8.0, 8.0));
        x += 12.0 + text(sheet, fonts.regular(8.5, GREY), x + 12.0, y, 120.0, name) + 16.0;
    }
}

fn grid(sheet: &mut Sheet<'_>, fonts: &Fonts, area: Area, label: &dyn Fn(f64) -> String, lines: u32) {
    let (left, top, width, height) = area;
    for line in 0..=lines {
        let part = f64::from(line) / f64::from(lines);
        let y = top + height * (1.0 - part as f32);
        rectangle(sheet, LINE, (left + SCALE, y - 0.25, width - SCALE, 0.5));
        flush_right(sheet, fonts.regular(7.5, GREY), left + SCALE - 5.0, y + 2.6, SCALE - 6.0, &label(part));
    }
}

type Bar<'a> = &'a mut dyn FnMut(&mut Sheet<'_>, &Counts, (f32, f32), (f32, f32));

fn slots(
    sheet: &mut Sheet<'_>,
    fonts: &Fonts,
    area: Area,
    bars: &[(String, Counts)],
    step: usize,
    bar: Bar<'_>,
) {
    let (left, top, width, height) = area;
    let slot = (width - SCALE) / bars.len().max(1) as f32;
    for (place, (label, counts)) in bars.iter().enumerate() {
        let x = left + SCALE + place as f32 * slot;
        let gap = (slot * 0.18).min(4.0);
        bar(sheet, counts, (x + gap / 2.0, (slot - gap).min(46.0)), (top + height, height));
        if place % step.max(1) == 0 {
            let room = slot * step as f32 - 2.0;
            text(sheet, fonts.regular(7.5, GREY), x + gap / 2.0, top + height + 10.0, room, label);
        }
    }
}

/// The next number whose quarters are round: whole ones from 4 on.
fn nice(value: f64) -> f64 {
    let power = 10_f64.powf(value.log10().floor());
    let steps: &[f64] = match power {
        power if power < 9.0 => &[1.0, 2.0, 4.0, 8.0, 12.0],
        power if power < 99.0 => &[1.2, 1.6, 2.0, 2.4, 3.2, 4.0, 6.0, 8.0, 10.0],
        _ => &[1.0, 1.2, 1.6, 2.0, 2.4, 3.2, 4.0, 6.0, 8.0, 10.0],
    };
    let found = steps.iter().map(|step| step * power).find(|step| *step >= value * 0.999_999);
    found.unwrap_or(10.0 * power)
}

fn short(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_at_round_numbers() {
        for (value, expected) in
            [(1.0, 1.0), (3.0, 4.0), (9.0, 12.0), (10.0, 12.0), (111.0, 120.0), (830.0, 1000.0)]
        {
            assert!((nice(value) - expected).abs() < 1e-6, "{value}: {}", nice(value));
        }
    }
}
