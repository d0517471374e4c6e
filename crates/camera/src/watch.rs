//! A feed in a terminal: changes of state and what codes say, line by line.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use qr::{Luma, Scanner, Symbol};
use serde_json::{Value, json};

use crate::{Feed, Frame, Happening, Source, State};

/// What to watch, and how to tell.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where frames come from.
    pub source: Source,
    /// When to stop.
    pub limits: Limits,
    /// JSON lines on `out` for everything; otherwise codes on `out`, states on `err`.
    pub json: bool,
    /// Read codes in the frames.
    pub decode: bool,
}

/// When to stop watching; without limits never.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// After so long.
    pub time: Option<Duration>,
    /// After so many frames.
    pub frames: Option<u64>,
    /// After so many codes.
    pub symbols: Option<u64>,
}

/// What was seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Frames that arrived.
    pub frames: u64,
    /// Codes that were told.
    pub symbols: u64,
}

/// A code that stays in view is told once; after so long out of view it counts as shown again.
const SHOWN_AGAIN: Duration = Duration::from_secs(2);

/// The longest that one frame may be looked at: a slow device reads fewer frames rather than none.
const FRAME_TIME: Duration = Duration::from_millis(150);

/// Watches until a limit is reached.
///
/// JSON lines have an `event`: `state` (`state`, `message`, and when running `device`, `path`, `width`, `height`, `fps`,
/// `format`), `symbol` (`frame`, `text` or else `bytes` in base64, `version`, `ecc`, `corners`), and at last `end`
/// (`frames`, `symbols`).
///
/// # Errors
/// Where `out` or `err` cannot be written.
pub fn watch(out: &mut dyn Write, err: &mut dyn Write, options: Options) -> io::Result<Summary> {
    let Options { source, limits, json, decode } = options;
    let (sender, receiver) = mpsc::sync_channel(0);
    let started = Instant::now();
    let feed = Feed::start(source, move |happening| forward(&sender, happening));
    let mut teller = Teller {
        out,
        err,
        json,
        decode,
        scanner: Scanner::video(),
        luma: Vec::new(),
        seen: HashMap::new(),
        summary: Summary::default(),
    };
    let told = teller.listen(&receiver, limits, started);
    // First, or the feed would wait for somebody to take its next word.
    drop(receiver);
    drop(feed);
    told?;
    teller.end()
}

/// A frame that comes while another is being scanned is left out; a state waits its turn.
fn forward(sender: &SyncSender<Happening>, happening: Happening) {
    match happening {
        // An error means that nobody watches any more.
        Happening::State(_) => drop(sender.send(happening)),
        Happening::Frame(_) => drop(sender.try_send(happening)),
    }
}

impl Limits {
    fn reached(&self, elapsed: Duration, summary: Summary) -> bool {
        let over = |limit: Option<u64>, count| limit.is_some_and(|limit| count >= limit);
        self.time.is_some_and(|time| elapsed >= time)
            || over(self.frames, summary.frames)
            || over(self.symbols, summary.symbols)
    }
}

struct Teller<'a> {
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
    json: bool,
    decode: bool,
    scanner: Scanner,
    luma: Vec<u8>,
    /// When each code was last in view.
    seen: HashMap<Vec<u8>, Instant>,
    summary: Summary,
}

impl Teller<'_> {
    fn listen(&mut self, feed: &Receiver<Happening>, limits: Limits, started: Instant) -> io::Result<()> {
        while !limits.reached(started.elapsed(), self.summary) {
            let left = limits.time.map_or(Duration::MAX, |time| time.saturating_sub(started.elapsed()));
            match feed.recv_timeout(left.min(Duration::from_secs(1))) {
                Ok(Happening::State(state)) => self.state(&state)?,
                Ok(Happening::Frame(frame)) => self.frame(&frame)?,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        Ok(())
    }

    fn state(&mut self, state: &State) -> io::Result<()> {
        // What is shown after an interruption is told again.
        self.seen.clear();
        if !self.json {
            return writeln!(self.err, "{}", harmless(&state.to_string()));
        }
        let mut line = json!({ "event": "state", "state": state.name(), "message": state.to_string() });
        if let State::Running(running) = state {
            line["device"] = json!(running.device);
            line["path"] = json!(running.path);
            line["width"] = json!(running.width);
            line["height"] = json!(running.height);
            line["fps"] = json!(running.fps);
            line["format"] = json!(running.format);
        }
        self.line(&line)
    }

    fn frame(&mut self, frame: &Frame) -> io::Result<()> {
        self.summary.frames += 1;
        if !self.decode {
            return Ok(());
        }
        let Some((width, height)) = frame.luma(&mut self.luma) else { return Ok(()) };
        let Some(luma) = Luma::new(&self.luma, width, height, width) else { return Ok(()) };
        let started = Instant::now();
        let symbols: Vec<Symbol> = self.scanner.scan(luma, || started.elapsed() > FRAME_TIME).collect();
        let now = Instant::now();
        self.seen.retain(|_, seen| now.duration_since(*seen) < SHOWN_AGAIN);
        for symbol in symbols {
            if self.seen.insert(symbol.bytes.clone(), now).is_none() {
                self.summary.symbols += 1;
                self.symbol(frame.seq, &symbol)?;
            }
        }
        Ok(())
    }

    fn symbol(&mut self, frame: u64, symbol: &Symbol) -> io::Result<()> {
        if !self.json {
            let text = String::from_utf8_lossy(&symbol.bytes);
            writeln!(self.out, "{}", harmless(symbol.text.as_deref().unwrap_or(&text)))?;
            return self.out.flush();
        }
        let mut line = json!({
            "event": "symbol", "frame": frame, "version": symbol.version,
            "ecc": symbol.ecc, "corners": symbol.corners,
        });
        match &symbol.text {
            Some(text) => line["text"] = json!(text),
            None => line["bytes"] = json!(BASE64_STANDARD.encode(&symbol.bytes)),
        }
        self.line(&line)
    }

    fn end(mut self) -> io::Result<Summary> {
        let Summary { frames, symbols } = self.summary;
        if self.json {
            self.line(&json!({ "event": "end", "frames": frames, "symbols": symbols }))?;
        }
        Ok(self.summary)
    }

    /// Whoever reads a pipe is to see each line at once.
    fn line(&mut self, line: &Value) -> io::Result<()> {
        writeln!(self.out, "{line}")?;
        self.out.flush()
    }
}

/// One line that does nothing to a terminal: what codes and cameras say of themselves is not to be trusted.
fn harmless(text: &str) -> String {
    let escaped = |c: char| if c.is_control() { c.escape_unicode().to_string() } else { c.to_string() };
    text.chars().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Demo;
    use crate::scene::Card;

    /// What is written on either side, one code and no more being asked for.
    fn watched(json: bool, limits: Limits) -> (String, String, Summary) {
        let demo = Demo::new(vec![Card::code("WATCHED").unwrap()], 320, 240, 30, 1);
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let options = Options { source: Source::Demo(demo), limits, json, decode: true };
        let summary = watch(&mut out, &mut err, options).unwrap();
        (String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap(), summary)
    }

    const ONE_CODE: Limits = Limits { time: Some(Duration::from_secs(60)), frames: None, symbols: Some(1) };

    #[test]
    fn codes_go_to_out_and_states_to_err() {
        let (out, err, summary) = watched(false, ONE_CODE);
        assert_eq!(out, "WATCHED\n");
        assert!(err.starts_with("Opening the camera.\nDemo camera: 320×240"), "{err}");
        assert_eq!(summary.symbols, 1);
    }

    #[test]
    fn a_code_cannot_command_the_terminal() {
        assert_eq!(harmless("a\u{1b}[2J\nb\u{9b}é"), "a\\u{1b}[2J\\u{a}b\\u{9b}é");
    }

    #[test]
    fn json_lines_tell_all_and_end_with_the_sum() {
        let (out, err, summary) = watched(true, ONE_CODE);
        let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let events: Vec<&str> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
        assert_eq!((events, err), (vec!["state", "state", "symbol", "end"], String::new()));
        assert_eq!(lines[1]["width"], 320);
        assert_eq!(lines[2]["text"], "WATCHED");
        assert_eq!(lines[3]["frames"], summary.frames);
    }

    #[test]
    fn a_limit_of_frames_or_time_ends_it() {
        let (_, _, summary) = watched(true, Limits { frames: Some(2), ..Limits::default() });
        assert_eq!(summary.frames, 2);
        watched(true, Limits { time: Some(Duration::ZERO), ..Limits::default() });
    }

    #[test]
    fn an_output_that_is_closed_is_an_error() {
        let demo = Demo::new(Vec::new(), 32, 32, 30, 1);
        let options =
            Options { source: Source::Demo(demo), limits: Limits::default(), json: true, decode: true };
        let mut full: &mut [u8] = &mut [0; 10];
        assert!(watch(&mut full, &mut Vec::new(), options).is_err());
    }
}
