//! A feed: one thread that captures, one that watches it and speaks to the sink.

use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::capture::{self, Patience};
use crate::mailbox::{Line, Mail, Mailbox};
use crate::{Demo, Frame, Running, State, system};

/// Where frames come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// A real camera, by [`Device::id`](crate::Device::id) (a path or a name will do); the first one where `None`.
    Camera(Option<String>),
    /// The demo camera.
    Demo(Demo),
}

/// What a feed tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    /// A picture arrived.
    Frame(Frame),
    /// The state changed.
    State(State),
}

/// Frames of one source, from [`Feed::start`] until it is dropped.
///
/// Dropping it ends its threads within about 0.1 s and sets the camera free; a camera that hangs inside the system
/// is left behind after 1 s. It waits for a call of the sink that is under way. One feed per camera: a second one is told that the camera is busy.
pub struct Feed {
    mailbox: Arc<Mailbox>,
    watcher: Option<JoinHandle<()>>,
}

impl Feed {
    /// Starts the source; `sink` is called from a thread of the feed's own, with the newest frame each time,
    /// so it may take its time over a frame (decode it, scan it): older frames are left out meanwhile.
    pub fn start(source: Source, sink: impl FnMut(Happening) + Send + 'static) -> Self {
        Self::start_with(sink, Timing::default(), move |line, patience| match source.clone() {
            Source::Camera(wanted) => capture::run(system::Cameras, wanted.as_deref(), &line, patience),
            Source::Demo(demo) => capture::run(demo, None, &line, patience),
        })
    }

    /// `work` is what the capturing thread does; it runs anew where a thread got stuck and was given up.
    fn start_with(
        sink: impl FnMut(Happening) + Send + 'static,
        timing: Timing,
        work: impl Fn(Line, Patience) + Clone + Send + 'static,
    ) -> Self {
        let mailbox = Mailbox::new();
        let mut watcher = Watcher {
            mailbox: mailbox.clone(),
            sink,
            timing,
            state: None,
            running: None,
            fresh: Instant::now(),
        };
        let watcher = thread::spawn(move || watcher.run(&work));
        Self { mailbox, watcher: Some(watcher) }
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.mailbox.stop();
        if let Some(watcher) = self.watcher.take()
            && watcher.thread().id() != thread::current().id()
        {
            // A sink that panicked has said so already.
            let _ = watcher.join();
        }
    }
}

/// When the watching thread loses patience.
#[derive(Clone, Copy, Debug)]
struct Timing {
    patience: Patience,
    /// Without a picture, before the camera counts as stalled. Slow cameras take two seconds to their first.
    stall: Duration,
    /// Without a sign of life from the capturing thread, before another takes its place.
    abandon: Duration,
    /// For the capturing thread to end when the feed is dropped.
    farewell: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            patience: Patience {
                retry: Duration::from_millis(500),
                turn: Duration::from_millis(50),
                reopen: Duration::from_secs(8),
            },
            stall: Duration::from_secs(3),
            // The kernel gives a USB camera five seconds to answer a question.
            abandon: Duration::from_secs(12),
            farewell: Duration::from_secs(1),
        }
    }
}

struct Watcher<S> {
    mailbox: Arc<Mailbox>,
    sink: S,
    timing: Timing,
    state: Option<State>,
    running: Option<Running>,
    /// When the last picture came, or the last change that pictures should follow.
    fresh: Instant,
}

impl<S: FnMut(Happening)> Watcher<S> {
    fn run(&mut self, work: &(impl Fn(Line, Patience) + Clone + Send + 'static)) {
        self.spawn(work);
        while !self.mailbox.is_stopped() {
            match self.mailbox.take(self.timing.patience.turn) {
                Some(mail) => self.receive(mail),
                None => self.check(work),
            }
        }
        self.mailbox.wait_for_end(self.timing.farewell);
    }

    fn spawn(&self, work: &(impl Fn(Line, Patience) + Clone + Send + 'static)) {
        let (line, work, patience) = (self.mailbox.line(), work.clone(), self.timing.patience);
        thread::spawn(move || work(line, patience));
    }

    fn receive(&mut self, mail: Mail) {
        match mail {
            Mail::State(state) => self.enter(state),
            Mail::Opened(running) => {
                self.fresh = Instant::now();
                self.running = Some(running);
            }
            Mail::Frame(frame) => {
                self.fresh = Instant::now();
                if let Some(running) = &self.running {
                    self.enter(State::Running(running.clone()));
                }
                (self.sink)(Happening::Frame(frame));
            }
        }
    }

    fn enter(&mut self, state: State) {
        use State::{Busy, Failed, NoPermission, Opening, Stalled};
        // Another attempt after a fault is no news until it succeeds.
        let retried = matches!(self.state, Some(Busy | NoPermission | Stalled | Failed(_)));
        if self.state.as_ref() == Some(&state) || (state == Opening && retried) {
            return;
        }
        self.fresh = Instant::now();
        self.state = Some(state.clone());
        (self.sink)(Happening::State(state));
    }

    /// No mail came: has the camera stalled, the capturing thread got stuck or ended?
    fn check(&mut self, work: &(impl Fn(Line, Patience) + Clone + Send + 'static)) {
        let expecting = matches!(self.state, Some(State::Opening | State::Running(_)));
        if expecting && self.fresh.elapsed() >= self.timing.stall {
            self.enter(State::Stalled);
        }
        match self.mailbox.stuck() {
            Some(stuck) if stuck >= self.timing.abandon => self.spawn(work),
            Some(_) => {}
            None if self.mailbox.is_stopped() => {}
            None => {
                // Only a panic ends it early, such as one in a driver's binding.
                self.enter(State::Failed("the camera's driver gave an unexpected answer".to_owned()));
                self.mailbox.pause(self.timing.patience.retry);
                self.spawn(work);
            }
        }
    }
}

impl<S> Drop for Watcher<S> {
    fn drop(&mut self) {
        self.mailbox.stop();
    }
}

#[cfg(test)]
mod tests;
