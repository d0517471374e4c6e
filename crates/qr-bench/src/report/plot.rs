//! Rate against time, a panel a corpus, as SVG.

use std::fmt::Write as _;

use super::{COLUMNS, Run};
use crate::run::tally;

/// In pixels: a panel with its margins, and the part of it that is plotted on.
const PANEL: [f64; 2] = [470.0, 340.0];
const PLOT: [f64; 4] = [56.0, 40.0, 290.0, 250.0];
/// Panels side by side.
const ACROSS: usize = 2;
/// Height of a line of labels in pixels.
const LINE: f64 = 14.0;
/// Share of a decade, or of the whole rate, left free around the outermost points.
const AIR: [f64; 2] = [0.1, 0.04];

const OURS: &str = "#c2410c";
const PEER: &str = "#475569";
const GRID: &str = "#e2e8f0";

/// One reader on one corpus.
struct Point<'a> {
    name: &'a str,
    milliseconds: f64,
    rate: f64,
}

/// Every corpus of the main table that was run.
pub fn svg(run: &Run) -> String {
    let panels: Vec<_> = COLUMNS
        .iter()
        .map(|(corpus, title)| (*title, points(run, corpus)))
        .filter(|(_, points)| !points.is_empty())
        .collect();
    let rows = panels.len().div_ceil(ACROSS);
    let [width, height] = [PANEL[0] * panels.len().min(ACROSS) as f64, PANEL[1] * rows as f64];
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"11\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    for (i, (title, points)) in panels.iter().enumerate() {
        let [x, y] = [PANEL[0] * (i % ACROSS) as f64, PANEL[1] * (i / ACROSS) as f64];
        let _ = writeln!(svg, "<g transform=\"translate({x} {y})\">\n{}</g>", panel(title, points));
    }
    svg + "</svg>\n"
}

fn points<'a>(run: &'a Run, corpus: &str) -> Vec<Point<'a>> {
    let point = |(place, reader): (usize, &'a super::Measured)| {
        let sum = tally(&run.records, corpus, place)?;
        // A time of nothing has no place on a logarithmic axis.
        let milliseconds = sum.median().max(1e-3);
        Some(Point { name: &reader.name, milliseconds, rate: sum.rate()? })
    };
    run.readers.iter().enumerate().filter_map(point).collect()
}

fn panel(title: &str, points: &[Point]) -> String {
    let [left, top, width, height] = PLOT;
    let (from, to) = span(points.iter().map(|point| point.milliseconds.log10()), AIR[0]);
    let (low, high) = span(points.iter().map(|point| point.rate).chain([1.0]), AIR[1]);
    let x = |milliseconds: f64| left + (milliseconds.log10() - from) / (to - from) * width;
    let y = |rate: f64| top + (high - rate) / (high - low) * height;
    let mut svg = text(left, 18.0, title, "font-size=\"14\" font-weight=\"bold\"");
    svg += &text(left, 33.0, "codes read", "");
    for tick in ticks(from, to) {
        svg += &line([x(tick), top], [x(tick), top + height], GRID);
        svg += &text(
            x(tick),
            top + height + 16.0,
            &format!("{tick}"),
            "text-anchor=\"middle\" fill=\"#64748b\"",
        );
    }
    for tick in (0..=10).map(|tenth| f64::from(tenth) / 10.0).filter(|rate| (low..=high).contains(rate)) {
        svg += &line([left, y(tick)], [left + width, y(tick)], GRID);
        let label = format!("{:.0} %", tick * 100.0);
        svg += &text(left - 6.0, y(tick) + 4.0, &label, "text-anchor=\"end\" fill=\"#64748b\"");
    }
    svg += &text(left + width / 2.0, top + height + 34.0, "median CPU ms", "text-anchor=\"middle\"");
    let places: Vec<[f64; 2]> = points.iter().map(|point| [x(point.milliseconds), y(point.rate)]).collect();
    let lines = apart(&places, top + height);
    for ((point, [x, y]), at) in points.iter().zip(places).zip(lines) {
        let ours = point.name.starts_with("ours");
        let (colour, weight) = if ours { (OURS, "bold") } else { (PEER, "normal") };
        let label = left + width + 14.0;
        let _ = writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\" fill=\"{colour}\"/>");
        svg += &format!(
            "<polyline points=\"{x:.1},{y:.1} {:.1},{at:.1} {:.1},{at:.1}\" fill=\"none\" stroke=\"{colour}\" \
             stroke-width=\"0.6\" stroke-opacity=\"0.5\"/>\n",
            label - 12.0,
            label - 3.0
        );
        svg += &text(label, at + 4.0, point.name, &format!("fill=\"{colour}\" font-weight=\"{weight}\""));
    }
    svg
}

/// The least and the greatest value with some air around them.
fn span(values: impl Iterator<Item = f64>, air: f64) -> (f64, f64) {
    let (low, high) =
        values.fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)));
    (low - air, high + air)
}

/// 1, 2 and 5 times the powers of ten between two exponents.
fn ticks(from: f64, to: f64) -> Vec<f64> {
    let steps = (from.floor() as i32..=to.ceil() as i32)
        .flat_map(|exponent| [1, 2, 5].map(|digit| (digit, exponent)));
    // Divided, not multiplied by a negative power: 0.2 instead of 0.2000…1.
    let value = |(digit, exponent): (i32, i32)| match exponent {
        0.. => f64::from(digit) * 10f64.powi(exponent),
        _ => f64::from(digit) / 10f64.powi(-exponent),
    };
    steps.map(value).filter(|tick| (from..=to).contains(&tick.log10())).collect()
}

/// Heights for labels near those of their dots, in the same order, a line apart and none below `floor`.
///
/// Of dots equally high the rightmost comes first: so the lines to the labels on the right do not cross.
fn apart(dots: &[[f64; 2]], floor: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..dots.len()).collect();
    order.sort_by(|&a, &b| dots[a][1].total_cmp(&dots[b][1]).then(dots[b][0].total_cmp(&dots[a][0])));
    let mut placed: Vec<f64> = dots.iter().map(|dot| dot[1]).collect();
    for pair in order.windows(2) {
        placed[pair[1]] = placed[pair[1]].max(placed[pair[0]] + LINE);
    }
    let mut limit = floor;
    for &label in order.iter().rev() {
        placed[label] = placed[label].min(limit);
        limit = placed[label] - LINE;
    }
    placed
}

fn line([ax, ay]: [f64; 2], [bx, by]: [f64; 2], colour: &str) -> String {
    format!("<line x1=\"{ax:.1}\" y1=\"{ay:.1}\" x2=\"{bx:.1}\" y2=\"{by:.1}\" stroke=\"{colour}\"/>\n")
}

fn text(x: f64, y: f64, text: &str, style: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    format!("<text x=\"{x:.1}\" y=\"{y:.1}\" {style}>{text}</text>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_their_order_a_line_apart_above_the_floor() {
        let table: [(&[[f64; 2]], &[f64]); 5] = [
            (&[], &[]),
            (&[[0.0, 50.0], [0.0, 100.0]], &[50.0, 100.0]),
            (&[[0.0, 50.0], [0.0, 52.0], [0.0, 40.0]], &[54.0, 68.0, 40.0]),
            (&[[0.0, 199.0], [0.0, 198.0], [0.0, 200.0]], &[186.0, 172.0, 200.0]),
            (&[[1.0, 50.0], [3.0, 50.0], [2.0, 50.0]], &[78.0, 50.0, 64.0]),
        ];
        for (dots, expected) in table {
            assert_eq!(apart(dots, 200.0), expected, "{dots:?}");
        }
    }

    #[test]
    fn ticks_are_round_and_within_the_axis() {
        assert_eq!(ticks(-1.1, 1.05), [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0]);
        assert_eq!(ticks(0.1, 0.2), [0.0; 0], "a short axis has none");
    }

    #[test]
    fn every_reader_is_a_dot_with_its_name_and_ours_stands_out() {
        let points = [("ours", 0.5, 0.9), ("a<b", 5.0, 0.4)].map(|(name, milliseconds, rate)| Point {
            name,
            milliseconds,
            rate,
        });
        let svg = panel("rate & time", &points);
        assert_eq!(svg.matches("<circle").count(), 2);
        for part in [">ours<", ">a&lt;b<", ">rate &amp; time<", OURS, PEER] {
            assert!(svg.contains(part), "{part}\n{svg}");
        }
    }
}
