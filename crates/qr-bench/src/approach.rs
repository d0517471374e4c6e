//! How long it takes to read a code that is brought before the camera.

use std::sync::Arc;
use std::time::Duration;

use crate::{
    corpus::frame_picture, picture::Picture, reader::Reader, run::turns, score::Found, stats::quantile,
};

/// One approach as every reader saw it.
#[derive(Clone, Debug, PartialEq)]
pub struct Approach {
    /// Its number.
    pub index: u32,
    /// By reader.
    pub views: Vec<View>,
}

/// One reader before one approach.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// Frames shown from the first with the whole code within it, up to the one that was read.
    pub frames: usize,
    /// CPU time of these frames.
    pub cpu: Duration,
    /// Whether the code was read at all.
    pub read: bool,
    /// Symbols reported that are not the code.
    pub false_reads: usize,
}

/// Shows one approach frame by frame to all readers until each has read the code, or it ends.
pub fn watch(index: u32, seed: u64, readers: &mut [Reader]) -> Approach {
    let sequence = frames::sequence(index, seed);
    let text = sequence.text().to_owned();
    let frames = sequence.map(|frame| {
        let whole = !frame.text.is_empty();
        (Arc::new(frame_picture(frame)), whole)
    });
    Approach { index, views: follow(frames, &text, readers) }
}

fn follow(
    frames: impl Iterator<Item = (Arc<Picture>, bool)>,
    text: &str,
    readers: &mut [Reader],
) -> Vec<View> {
    readers.iter_mut().for_each(Reader::reset);
    let mut views = vec![View::default(); readers.len()];
    let mut seen = false;
    for (turn, (picture, whole)) in frames.enumerate() {
        seen |= whole;
        for place in turns(readers.len(), turn) {
            if !views[place].read {
                views[place].show(seen, text, &mut readers[place], &picture);
            }
        }
        if views.iter().all(|view| view.read) {
            break;
        }
    }
    views
}

impl View {
    fn show(&mut self, counts: bool, text: &str, reader: &mut Reader, picture: &Arc<Picture>) {
        let reading = reader.read(picture);
        let right = |found: &&Found| found.text.as_deref() == Some(text);
        let rights = reading.found.iter().filter(right).count();
        self.false_reads += reading.found.len() - rights;
        self.read = rights > 0;
        if counts {
            self.frames += 1;
            self.cpu += reading.cpu;
        }
    }
}

/// One reader over all approaches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Approaches whose code was read.
    pub read: usize,
    /// Median of frames to the first read, infinite where fewer than half were read.
    pub frames: f64,
    /// Median of CPU milliseconds to the first read, likewise.
    pub milliseconds: f64,
    /// Symbols reported that are not the code.
    pub false_reads: usize,
}

/// Sums up one reader's views.
pub fn summary(approaches: &[Approach], reader: usize) -> Summary {
    let views: Vec<&View> = approaches.iter().filter_map(|approach| approach.views.get(reader)).collect();
    let median = |value: fn(&View) -> f64| {
        let value = |view: &&View| if view.read { value(view) } else { f64::INFINITY };
        quantile(&views.iter().map(value).collect::<Vec<_>>(), 0.5)
    };
    Summary {
        read: views.iter().filter(|view| view.read).count(),
        frames: median(|view| view.frames as f64),
        milliseconds: median(|view| view.cpu.as_secs_f64() * 1e3),
        false_reads: views.iter().map(|view| view.false_reads).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Truth;
    use crate::reader::Engine;

    /// Reads what stands in the first pixel, once it has seen as many frames as stand in the second.
    struct Slow(u8);

    impl Engine for Slow {
        fn read(&mut self, picture: &Picture) -> (Vec<Found>, Duration) {
            self.0 += 1;
            let text = (picture.luma[0] as char).to_string();
            let found = Found { text: Some(text), centre: [0.0; 2] };
            (if self.0 < picture.luma[1] { Vec::new() } else { vec![found] }, Duration::from_millis(2))
        }
    }

    fn frames(texts: &str, patience: u8) -> impl Iterator<Item = (Arc<Picture>, bool)> {
        texts.bytes().map(move |byte| {
            let luma = vec![byte, patience];
            (Arc::new(Picture { width: 2, height: 1, luma, truth: Truth::Nothing }), byte != b'-')
        })
    }

    #[test]
    fn frames_and_time_count_from_the_first_whole_view_to_the_first_right_read() {
        let mut readers = [Reader::new("slow", String::new(), || Box::new(Slow(0)))];
        let view = |frames, read, false_reads| View {
            frames,
            cpu: Duration::from_millis(2 * frames as u64),
            read,
            false_reads,
        };
        let table = [
            ("a", 1, view(1, true, 0)),
            ("--aaa", 1, view(1, true, 2)),
            ("--aaa", 4, view(2, true, 0)),
            ("-bba", 4, view(3, true, 0)),
            ("aaa", 9, view(3, false, 0)),
            ("---", 9, view(0, false, 0)),
        ];
        for (texts, patience, expected) in table {
            let views = follow(frames(texts, patience), "a", &mut readers);
            assert_eq!(views, [expected], "{texts} {patience}");
        }
    }

    #[test]
    fn what_is_never_read_takes_for_ever() {
        let view = |frames, read| View { frames, cpu: Duration::from_millis(5), read, false_reads: 1 };
        let approach = |index, view| Approach { index, views: vec![view] };
        let approaches =
            [approach(0, view(3, true)), approach(1, view(80, false)), approach(2, view(7, true))];
        let expected = Summary { read: 2, frames: 7.0, milliseconds: 5.0, false_reads: 3 };
        assert_eq!(summary(&approaches, 0), expected);
        assert_eq!(summary(&approaches[1..2], 0).frames, f64::INFINITY);
    }
}
