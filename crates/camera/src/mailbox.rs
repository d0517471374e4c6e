//! What the capturing thread leaves for the watching one: the newest picture, and every change in order.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::capture::Shot;
use crate::{Frame, Running, State};

/// A word from the capturing thread.
pub(crate) enum Report {
    State(State),
    /// The camera is open; pictures should follow.
    Opened(Running),
    Shot(Shot),
}

/// What the watching thread takes out.
pub(crate) enum Mail {
    State(State),
    Opened(Running),
    Frame(Frame),
}

pub(crate) struct Mailbox {
    inbox: Mutex<Inbox>,
    changed: Condvar,
}

struct Inbox {
    mail: VecDeque<Mail>,
    next_seq: u64,
    /// Lines of earlier generations are closed: their threads were given up.
    generation: u64,
    stopped: bool,
    /// When the capturing thread last showed that it is not stuck.
    alive: Instant,
    /// Whether the capturing thread of this generation still runs.
    working: bool,
}

impl Mailbox {
    pub(crate) fn new() -> Arc<Self> {
        let inbox = Inbox {
            mail: VecDeque::new(),
            next_seq: 0,
            generation: 0,
            stopped: false,
            alive: Instant::now(),
            working: false,
        };
        Arc::new(Self { inbox: Mutex::new(inbox), changed: Condvar::new() })
    }

    /// A line for a new capturing thread; the one before is closed.
    pub(crate) fn line(self: &Arc<Self>) -> Line {
        let mut inbox = self.lock();
        inbox.generation += 1;
        inbox.alive = Instant::now();
        inbox.working = true;
        Line { mailbox: self.clone(), generation: inbox.generation }
    }

    /// The next piece of mail; `None` where none came within `wait`, or all is to stop.
    pub(crate) fn take(&self, wait: Duration) -> Option<Mail> {
        let idle = |inbox: &mut Inbox| inbox.mail.is_empty() && !inbox.stopped && inbox.working;
        let mut inbox = self.wait_while(wait, idle);
        if inbox.stopped { None } else { inbox.mail.pop_front() }
    }

    /// Closes the line.
    pub(crate) fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.lock().stopped
    }

    /// How long the capturing thread has been stuck; `None` where it ended.
    pub(crate) fn stuck(&self) -> Option<Duration> {
        let inbox = self.lock();
        inbox.working.then(|| inbox.alive.elapsed())
    }

    /// Waits until the capturing thread has ended, so that its camera is free.
    pub(crate) fn wait_for_end(&self, wait: Duration) {
        drop(self.wait_while(wait, |inbox| inbox.working));
    }

    /// Waits until the mailbox is stopped, at most so long.
    pub(crate) fn pause(&self, wait: Duration) {
        drop(self.wait_while(wait, |inbox| !inbox.stopped));
    }

    fn wait_while(&self, wait: Duration, test: impl FnMut(&mut Inbox) -> bool) -> MutexGuard<'_, Inbox> {
        let waited = self.changed.wait_timeout_while(self.lock(), wait, test);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn lock(&self) -> MutexGuard<'_, Inbox> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The capturing thread's end. Dropping it tells that the thread ended.
pub(crate) struct Line {
    mailbox: Arc<Mailbox>,
    generation: u64,
}

impl Line {
    /// Whether anybody still listens. Calling it is the sign of life.
    pub(crate) fn is_open(&self) -> bool {
        self.with(|inbox| inbox.alive = Instant::now()).is_some()
    }

    /// A picture takes the place of one that was not fetched: late frames help nobody.
    pub(crate) fn send(&self, report: Report) {
        self.with(|inbox| {
            inbox.alive = Instant::now();
            let mail = inbox.mail_of(report);
            if matches!(mail, Mail::Frame(_)) && matches!(inbox.mail.back(), Some(Mail::Frame(_))) {
                inbox.mail.pop_back();
            }
            inbox.mail.push_back(mail);
        });
        self.mailbox.changed.notify_all();
    }

    /// Waits so long, or until nobody listens any more.
    pub(crate) fn wait(&self, wait: Duration) {
        let mine = self.generation;
        drop(self.mailbox.wait_while(wait, |inbox| inbox.is_open(mine)));
    }

    fn with(&self, work: impl FnOnce(&mut Inbox)) -> Option<()> {
        let mut inbox = self.mailbox.lock();
        inbox.is_open(self.generation).then(|| work(&mut inbox))
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let mut inbox = self.mailbox.lock();
        if inbox.generation == self.generation {
            inbox.working = false;
        }
        drop(inbox);
        self.mailbox.changed.notify_all();
    }
}

impl Inbox {
    fn is_open(&self, generation: u64) -> bool {
        !self.stopped && self.generation == generation
    }

    fn mail_of(&mut self, report: Report) -> Mail {
        match report {
            Report::State(state) => Mail::State(state),
            Report::Opened(running) => Mail::Opened(running),
            Report::Shot(Shot { width, height, picture }) => {
                let seq = self.next_seq;
                self.next_seq += 1;
                Mail::Frame(Frame { seq, width, height, picture })
            }
        }
    }
}
