//! What a reader found against what is there.

use crate::picture::{Picture, Point, Truth, centre};

/// A symbol as a reader reports it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The payload as text, where the reader made text of it.
    pub text: Option<String>,
    /// The middle of the symbol in pixels.
    pub centre: Point,
}

impl Found {
    /// A symbol with this text between these corners.
    pub fn new(text: Option<String>, corners: &[Point]) -> Self {
        Self { text, centre: centre(corners) }
    }
}

/// How one picture was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Score {
    /// Codes on the picture.
    pub codes: usize,
    /// Codes of these that were read.
    pub read: usize,
    /// Symbols reported that are none of these codes.
    pub false_reads: Vec<Found>,
    /// Each code that was not read, with what is known about why.
    pub missed: Vec<Miss>,
}

/// A code that was not read.
#[derive(Clone, Debug, PartialEq)]
pub struct Miss {
    /// The code's number on its picture, from 0.
    pub code: usize,
    /// What is known about why.
    pub reason: String,
}

/// Compares a reader's symbols with the truth.
///
/// A text is read where a symbol has it; a label where a symbol's middle lies inside the label grown by 15 %.
pub fn score(picture: &Picture, found: &[Found]) -> Score {
    let mut score = Score { codes: picture.truth.codes(), ..Score::default() };
    match &picture.truth {
        Truth::Nothing => score.false_reads = found.to_vec(),
        Truth::Text(text) => {
            score.false_reads =
                found.iter().filter(|found| found.text.as_ref() != Some(text)).cloned().collect();
            if score.false_reads.len() == found.len() {
                score.missed.push(Miss { code: 0, reason: reason(found) });
            }
        }
        Truth::Labels(labels) => {
            let none_at =
                |label: &crate::picture::Label| !found.iter().any(|found| label.holds(found.centre));
            for (code, label) in labels.iter().enumerate().filter(|(_, label)| none_at(label)) {
                let [x, y] = label.centre();
                let reason = format!("side {:.0} px at {x:.0},{y:.0}", label.side());
                score.missed.push(Miss { code, reason });
            }
            let outside = |found: &&Found| !labels.iter().any(|label| label.holds(found.centre));
            score.false_reads = found.iter().filter(outside).cloned().collect();
        }
    }
    score.read = score.codes - score.missed.len();
    score
}

fn reason(found: &[Found]) -> String {
    let texts: Vec<_> = found.iter().map(|found| found.text.as_deref().unwrap_or("(no text)")).collect();
    if texts.is_empty() { "no symbol".into() } else { format!("other text {texts:?}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Label;

    fn picture(truth: Truth) -> Picture {
        Picture { width: 1, height: 1, luma: vec![0], truth }
    }

    fn found(text: &str, centre: Point) -> Found {
        Found { text: Some(text.into()), centre }
    }

    fn square(left: f32, top: f32) -> Label {
        Label::new(vec![[left, top], [left + 10.0, top], [left + 10.0, top + 10.0], [left, top + 10.0]])
    }

    #[test]
    fn a_text_is_read_once_and_every_other_text_is_a_false_read() {
        let picture = picture(Truth::Text("a".into()));
        let table: [(&[&str], usize, usize); 5] =
            [(&[], 0, 0), (&["a"], 1, 0), (&["a", "a"], 1, 0), (&["b"], 0, 1), (&["b", "a"], 1, 1)];
        for (texts, read, false_reads) in table {
            let found: Vec<_> = texts.iter().map(|text| found(text, [0.0, 0.0])).collect();
            let score = score(&picture, &found);
            assert_eq!(
                (score.codes, score.read, score.false_reads.len()),
                (1, read, false_reads),
                "{texts:?}"
            );
            assert_eq!(score.missed.len(), 1 - read);
        }
    }

    #[test]
    fn a_label_is_read_by_a_symbol_inside_it_and_symbols_outside_all_are_false() {
        let picture = picture(Truth::Labels(vec![square(0.0, 0.0), square(100.0, 0.0)]));
        let score =
            score(&picture, &[found("x", [5.0, 5.0]), found("x", [4.0, 5.0]), found("x", [50.0, 5.0])]);
        assert_eq!((score.codes, score.read, score.false_reads.len()), (2, 1, 1));
        assert_eq!(score.missed, [Miss { code: 1, reason: "side 10 px at 105,5".into() }]);
    }

    #[test]
    fn everything_found_where_nothing_is_is_a_false_read() {
        let score = score(&picture(Truth::Nothing), &[found("x", [0.0, 0.0])]);
        assert_eq!((score.codes, score.read, score.false_reads.len()), (0, 0, 1));
    }
}
