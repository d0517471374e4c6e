use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, MutexGuard};

use super::*;
use crate::capture::{Cameras, Device, Fault, Shot, Stream};
use crate::{Picture, scene::Card};

/// A camera that does what a script says, one line for each time it is looked for.
#[derive(Clone)]
struct Scripted(Arc<Mutex<Script>>);

#[derive(Default)]
struct Script {
    attempts: VecDeque<Attempt>,
    /// Cameras open at this moment; more than one is a fault of the feed.
    open: usize,
}

enum Attempt {
    Absent,
    Refuses(Fault),
    Opens(Vec<Turn>),
    Panics,
}

#[derive(Clone)]
enum Turn {
    Picture,
    Silence(Duration),
    Fault(Fault),
    /// Blocks, as a driver may, without any regard for the time allowed.
    Hangs(Duration),
}

struct ScriptedStream {
    script: Arc<Mutex<Script>>,
    turns: VecDeque<Turn>,
}

impl Scripted {
    fn lock(&self) -> MutexGuard<'_, Script> {
        self.0.lock().unwrap()
    }
}

impl Cameras for Scripted {
    type Stream = ScriptedStream;

    fn devices(&mut self) -> Vec<Device> {
        if self.lock().attempts.pop_front_if(|attempt| matches!(attempt, Attempt::Absent)).is_some() {
            return Vec::new();
        }
        let text = |text: &str| text.to_owned();
        vec![Device { id: text("usb1"), name: text("Scripted"), path: text("/dev/video0") }]
    }

    fn open(&mut self, device: &Device) -> Result<(ScriptedStream, Running), Fault> {
        let attempt = self.lock().attempts.pop_front();
        let turns = match attempt {
            None | Some(Attempt::Absent) => Vec::new(),
            Some(Attempt::Refuses(fault)) => return Err(fault),
            Some(Attempt::Opens(turns)) => turns,
            Some(Attempt::Panics) => panic!("as the script says"),
        };
        let running = Running {
            device: device.name.clone(),
            path: device.path.clone(),
            width: 2,
            height: 1,
            fps: 30.0,
            format: "GREY".to_owned(),
        };
        let mut script = self.lock();
        script.open += 1;
        assert_eq!(script.open, 1, "the old camera is dropped before a new one is opened");
        Ok((ScriptedStream { script: self.0.clone(), turns: turns.into() }, running))
    }
}

impl Stream for ScriptedStream {
    fn next(&mut self, wait: Duration) -> Result<Option<Shot>, Fault> {
        match self.turns.pop_front().unwrap_or(Turn::Picture) {
            Turn::Picture => {
                thread::sleep(Duration::from_millis(1));
                Ok(Some(Shot { width: 2, height: 1, picture: Picture::Luma(vec![0, 255]) }))
            }
            Turn::Silence(left) => {
                thread::sleep(wait);
                if left > wait {
                    self.turns.push_front(Turn::Silence(left - wait));
                }
                Ok(None)
            }
            Turn::Fault(fault) => Err(fault),
            Turn::Hangs(time) => {
                thread::sleep(time);
                Ok(None)
            }
        }
    }
}

impl Drop for ScriptedStream {
    fn drop(&mut self) {
        self.script.lock().unwrap().open -= 1;
    }
}

const TIMING: Timing = Timing {
    patience: Patience {
        retry: Duration::from_millis(10),
        turn: Duration::from_millis(5),
        reopen: Duration::from_millis(1200),
    },
    stall: Duration::from_millis(400),
    abandon: Duration::from_millis(1200),
    farewell: Duration::from_secs(1),
};

fn start(attempts: impl Into<VecDeque<Attempt>>) -> (Feed, Receiver<Happening>, Scripted) {
    let script = Script { attempts: attempts.into(), open: 0 };
    let cameras = Scripted(Arc::new(Mutex::new(script)));
    let (sender, receiver) = channel();
    let theirs = cameras.clone();
    let sink = move |happening| drop(sender.send(happening));
    let feed = Feed::start_with(sink, TIMING, move |line, patience| {
        capture::run(theirs.clone(), None, &line, patience);
    });
    (feed, receiver, cameras)
}

/// States in their order up to the `runs`-th time that the camera runs and a frame was seen.
fn states(receiver: &Receiver<Happening>, runs: usize) -> Vec<&'static str> {
    let mut states = Vec::new();
    loop {
        match receiver.recv_timeout(Duration::from_secs(10)).expect("the camera recovers") {
            Happening::State(state) => states.push(state.name()),
            Happening::Frame(_) if states.iter().filter(|state| **state == "running").count() == runs => {
                return states;
            }
            Happening::Frame(_) => {}
        }
    }
}

#[track_caller]
fn check(attempts: Vec<Attempt>, runs: usize, expected: &[&str]) {
    let (feed, receiver, cameras) = start(attempts);
    assert_eq!(states(&receiver, runs), expected);
    drop(feed);
    assert_eq!(cameras.lock().open, 0, "a dropped feed leaves the camera free");
}

#[test]
fn a_camera_runs_from_its_first_picture_on() {
    check(vec![Attempt::Opens(vec![])], 1, &["opening", "running"]);
}

#[test]
fn a_camera_plugged_in_later_is_found() {
    check(vec![Attempt::Absent, Attempt::Absent], 1, &["no_camera", "opening", "running"]);
}

#[test]
fn an_unplugged_camera_comes_back() {
    let unplugged = Attempt::Opens(vec![Turn::Picture, Turn::Fault(Fault::Gone)]);
    let expected = ["opening", "running", "unplugged", "opening", "running"];
    check(vec![unplugged, Attempt::Absent, Attempt::Absent], 2, &expected);
}

#[test]
fn a_busy_camera_is_asked_again_and_said_to_be_busy_once() {
    let busy = || Attempt::Refuses(Fault::Busy);
    check(vec![busy(), busy(), busy()], 1, &["opening", "busy", "running"]);
}

#[test]
fn permission_given_later_is_noticed() {
    check(vec![Attempt::Refuses(Fault::NoPermission)], 1, &["opening", "no_permission", "running"]);
}

#[test]
fn a_failing_camera_is_tried_again() {
    let fails = Attempt::Refuses(Fault::Other("No space left on device".to_owned()));
    check(vec![fails], 1, &["opening", "failed", "running"]);
}

#[test]
fn a_stalled_camera_goes_on_when_pictures_do() {
    let stalls = Attempt::Opens(vec![Turn::Picture, Turn::Silence(Duration::from_millis(600))]);
    check(vec![stalls], 2, &["opening", "running", "stalled", "running"]);
}

#[test]
fn a_camera_that_stays_silent_is_opened_anew() {
    let stalls = || Attempt::Opens(vec![Turn::Picture, Turn::Silence(Duration::from_secs(60))]);
    let expected = ["opening", "running", "stalled", "running", "stalled", "running"];
    check(vec![stalls(), stalls()], 3, &expected);
}

#[test]
fn a_camera_that_never_sends_a_picture_has_stalled() {
    let silent = Attempt::Opens(vec![Turn::Silence(Duration::from_secs(60))]);
    check(vec![silent], 1, &["opening", "stalled", "running"]);
}

#[test]
fn a_panicking_driver_is_a_failure_that_passes() {
    let (_feed, receiver, _) = start([Attempt::Panics]);
    let mut states = states(&receiver, 1);
    // Printing the panic can take a while.
    states.retain(|state| *state != "stalled");
    assert_eq!(states, ["opening", "failed", "running"]);
}

#[test]
fn a_thread_that_hangs_in_a_driver_is_given_up_and_a_new_one_works() {
    let (sender, receiver) = channel();
    let times = Arc::new(Mutex::new(0));
    let feed = Feed::start_with(
        move |h| drop(sender.send(h)),
        TIMING,
        move |line, patience| {
            let first = std::mem::replace(&mut *times.lock().unwrap(), 1) == 0;
            let turns = if first { vec![Turn::Picture, Turn::Hangs(Duration::from_secs(4))] } else { vec![] };
            let script = Script { attempts: [Attempt::Opens(turns)].into(), open: 0 };
            capture::run(Scripted(Arc::new(Mutex::new(script))), None, &line, patience);
        },
    );
    assert_eq!(states(&receiver, 2), ["opening", "running", "stalled", "running"]);
    drop(feed);
}

#[test]
fn dropping_a_feed_is_prompt_even_when_the_driver_hangs() {
    let hangs = Attempt::Opens(vec![Turn::Picture, Turn::Hangs(Duration::from_secs(5))]);
    let (feed, receiver, _) = start([hangs]);
    states(&receiver, 1);
    let before = Instant::now();
    drop(feed);
    assert!(before.elapsed() < Duration::from_secs(3));
}

#[test]
fn a_slow_sink_gets_the_newest_frame_and_every_state() {
    let turns = vec![Turn::Picture; 200].into_iter().chain([Turn::Fault(Fault::Gone)]).collect();
    let cameras =
        Scripted(Arc::new(Mutex::new(Script { attempts: [Attempt::Opens(turns)].into(), open: 0 })));
    let (sender, receiver) = channel();
    let slow = move |happening| {
        thread::sleep(Duration::from_millis(50));
        drop(sender.send(happening));
    };
    let _feed = Feed::start_with(slow, TIMING, move |line, patience| {
        capture::run(cameras.clone(), None, &line, patience);
    });
    let (mut seqs, mut states) = (Vec::new(), Vec::new());
    while states.last() != Some(&"unplugged") {
        match receiver.recv_timeout(Duration::from_secs(10)).unwrap() {
            Happening::Frame(frame) => seqs.push(frame.seq),
            Happening::State(state) => states.push(state.name()),
        }
    }
    assert_eq!(states, ["opening", "running", "unplugged"]);
    assert!(seqs.is_sorted() && seqs.len() < 100, "{seqs:?}");
    assert_eq!(seqs.last(), Some(&199));
}

#[test]
fn a_sink_may_drop_its_own_feed() {
    let slot: Arc<Mutex<Option<Feed>>> = Arc::default();
    let (sender, receiver) = channel();
    let theirs = slot.clone();
    let card = Card::code("drop").unwrap();
    let demo = Demo::new(vec![card], 32, 32, 60, 0);
    let mut own = slot.lock().unwrap();
    *own = Some(Feed::start(Source::Demo(demo), move |happening| {
        if let Happening::Frame(_) = happening {
            drop(theirs.lock().unwrap().take());
            let _ = sender.send(());
        }
    }));
    drop(own);
    receiver.recv_timeout(Duration::from_secs(10)).expect("no thread waits for itself");
}
