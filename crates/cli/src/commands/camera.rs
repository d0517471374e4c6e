//! `propusk camera list|watch`.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use camera::{Demo, Limits, Options, Source};
use serde_json::json;

use crate::exit::{Failure, Outcomes};
use crate::terminal::{self, say};

/// The demo camera's picture: what a plain webcam gives.
const DEMO_SIZE: (usize, usize) = (1280, 720);
const DEMO_FPS: u32 = 15;

#[derive(clap::Subcommand)]
pub enum Command {
    /// List the cameras of this machine
    List {
        /// One JSON object per camera
        #[arg(long)]
        json: bool,
    },
    /// Watch a camera: say what state it is in, and print each code that it sees
    Watch(Watch),
}

#[derive(clap::Args)]
pub struct Watch {
    /// The camera's id as `camera list` shows it (default: the first that works)
    #[arg(long, value_name = "ID")]
    device: Option<String>,
    /// Watch the demo camera, which plays the demo station's sample passes
    #[arg(long, conflicts_with = "device")]
    demo: bool,
    /// The demo station's folder (default: the user's own)
    #[arg(long, value_name = "DIR", requires = "demo")]
    station: Option<PathBuf>,
    /// Stop after so many seconds
    #[arg(long, value_name = "N")]
    seconds: Option<u64>,
    /// Stop after so many frames
    #[arg(long, value_name = "N")]
    frames: Option<u64>,
    /// Stop after so many codes
    #[arg(long, value_name = "N")]
    codes: Option<u64>,
    /// JSON Lines for everything
    #[arg(long)]
    json: bool,
}

pub fn run(command: &Command) -> Outcomes {
    match command {
        Command::List { json } => list(*json),
        Command::Watch(args) => watch(args),
    }
}

fn list(as_json: bool) -> Outcomes {
    let devices = camera::devices();
    for device in &devices {
        if as_json {
            say(json!({ "id": device.id, "name": device.name }))?;
        } else {
            say(format!("{}  {}", device.id, credential::display::escape(&device.name)))?;
        }
    }
    if devices.is_empty() && !as_json {
        say("no camera: plug one in, or try `propusk camera watch --demo`")?;
    }
    Ok(ExitCode::SUCCESS)
}

fn watch(args: &Watch) -> Outcomes {
    let limits =
        Limits { time: args.seconds.map(Duration::from_secs), frames: args.frames, symbols: args.codes };
    let options = Options { source: source(args)?, limits, json: args.json, decode: true };
    let summary = camera::watch(&mut io::stdout(), &mut io::stderr(), options)?;
    if summary.frames == 0 {
        let which = args.device.as_deref().map(|device| format!(" from \"{device}\"")).unwrap_or_default();
        return Err(Failure::new(format!("not one picture came{which}: see `propusk camera list`")));
    }
    Ok(ExitCode::SUCCESS)
}

fn source(args: &Watch) -> Result<Source, Failure> {
    if !args.demo {
        return Ok(Source::Camera(args.device.clone()));
    }
    let dir = terminal::station_dir(args.station.as_ref())?;
    let samples = station::demo::samples(&station::Folder::new(&dir))?;
    let cards = super::demo::cards(&samples)?;
    Ok(Source::Demo(Demo::new(cards, DEMO_SIZE.0, DEMO_SIZE.1, DEMO_FPS, 1)))
}
