//! A thread for one reader: a panic there costs one picture, an endless search one thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Once};
use std::thread;
use std::time::Duration;

use super::{Engine, Reading, timed};
use crate::picture::Picture;

/// Longest wait for one picture. One peer was seen to take half a minute.
const LIMIT: Duration = Duration::from_secs(5);
/// The worker threads' name; their panics are caught and told as failures.
const THREAD: &str = "qr-bench reader";

/// Makes an engine on its own thread, and hands pictures to it.
pub struct Worker {
    make: fn() -> Box<dyn Engine>,
    running: Option<Running>,
    limit: Duration,
}

struct Running {
    pictures: Sender<Arc<Picture>>,
    readings: Receiver<Reading>,
}

impl Worker {
    /// A worker whose thread starts with the first picture.
    pub fn new(make: fn() -> Box<dyn Engine>) -> Self {
        Self { make, running: None, limit: LIMIT }
    }

    /// Reads one picture. A reader that exceeds the limit counts as having taken just that, and begins anew.
    pub fn read(&mut self, picture: &Arc<Picture>) -> Reading {
        let make = self.make;
        let running = self.running.get_or_insert_with(|| start(make));
        // A thread that is gone answers nothing: the same as its failure below.
        let _ = running.pictures.send(Arc::clone(picture));
        let failure = match running.readings.recv_timeout(self.limit) {
            Ok(reading) => return reading,
            Err(RecvTimeoutError::Timeout) => format!("no end within {} s", self.limit.as_secs_f32()),
            Err(RecvTimeoutError::Disconnected) => "its thread ended".to_owned(),
        };
        self.reset();
        Reading { found: Vec::new(), cpu: self.limit, failure: Some(failure) }
    }

    /// Lets go of the thread, which ends by itself after its present picture.
    pub fn reset(&mut self) {
        self.running = None;
    }
}

fn start(make: fn() -> Box<dyn Engine>) -> Running {
    hush_workers();
    let (pictures, inbox) = channel::<Arc<Picture>>();
    let (outbox, readings) = channel();
    let work = move || {
        let mut engine = make();
        for picture in inbox {
            let reading = read(&mut engine, &picture);
            if reading.failure.is_some() {
                engine = make();
            }
            if outbox.send(reading).is_err() {
                break;
            }
        }
    };
    // Without a thread the channel is closed, which `read` reports.
    drop(thread::Builder::new().name(THREAD.into()).spawn(work));
    Running { pictures, readings }
}

fn read(engine: &mut Box<dyn Engine>, picture: &Picture) -> Reading {
    let (outcome, whole) = timed(|| catch_unwind(AssertUnwindSafe(|| engine.read(picture))));
    match outcome {
        Ok((found, cpu)) => Reading { found, cpu, failure: None },
        Err(panic) => {
            let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            Reading { found: Vec::new(), cpu: whole, failure: Some(format!("panic: {text}")) }
        }
    }
}

fn hush_workers() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if thread::current().name() != Some(THREAD) {
                before(panic);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{picture::Truth, score::Found};

    /// Panics on a picture one pixel wide, sleeps on one two wide, else finds as many codes as it has read.
    struct Moody(usize);

    impl Engine for Moody {
        fn read(&mut self, picture: &Picture) -> (Vec<Found>, Duration) {
            match picture.width {
                1 => panic!("one pixel"),
                2 => thread::sleep(Duration::from_secs(2)),
                _ => self.0 += 1,
            }
            (vec![Found { text: None, centre: [0.0; 2] }; self.0], Duration::from_millis(1))
        }
    }

    fn picture(width: usize) -> Arc<Picture> {
        Arc::new(Picture { width, height: 1, luma: vec![0; width], truth: Truth::Nothing })
    }

    #[test]
    fn a_panic_or_a_hang_costs_one_picture_and_the_engine_begins_anew() {
        let mut worker = Worker::new(|| Box::new(Moody(0)));
        worker.limit = Duration::from_millis(500);
        let table = [
            (3, 1, None),
            (3, 2, None),
            (1, 0, Some("panic: one pixel")),
            (3, 1, None),
            (2, 0, Some("no end within 0.5 s")),
            (3, 1, None),
        ];
        for (step, (width, found, failure)) in table.into_iter().enumerate() {
            let reading = worker.read(&picture(width));
            assert_eq!((reading.found.len(), reading.failure.as_deref()), (found, failure), "step {step}");
        }
        worker.reset();
        assert_eq!(worker.read(&picture(3)).found.len(), 1, "a reset forgets what was read");
    }
}
