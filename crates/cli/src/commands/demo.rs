//! `propusk demo`: a demo station, made and played in the terminal.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use camera::scene::Card;
use key_store::SystemKeyStore;
use picture::Picture;
use qr::Scanner;
use station::demo::SampleFile;
use station::view::{Fact, PassView, SubmissionView};
use station::{Station, Submission};

use crate::exit::{Failure, Outcomes};
use crate::files;
use crate::terminal::{self, say};

#[derive(clap::Args)]
pub struct Args {
    /// The station's folder (default: the user's own); made if it is not there
    #[arg(long, value_name = "DIR")]
    station: Option<PathBuf>,
    /// Read and judge the sample passes, and log them
    #[arg(long)]
    play: bool,
    /// With --play: one JSON object per pass
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Outcomes {
    let dir = terminal::station_dir(args.station.as_ref())?;
    let now = terminal::now();
    let made = station::demo::ensure(&dir, now, &mut terminal::random())?;
    if !args.json {
        tell_where(&dir, made)?;
    }
    if args.play { play(&dir, now, args.json) } else { Ok(ExitCode::SUCCESS) }
}

/// The sample passes as cards for the demo camera.
pub fn cards(samples: &[SampleFile]) -> Result<Vec<Card>, Failure> {
    samples
        .iter()
        .map(|sample| {
            picture(sample)?
                .luma()
                .and_then(Card::picture)
                .ok_or_else(|| Failure::new(format!("{}: too large to show", sample.picture.display())))
        })
        .collect()
}

fn picture(sample: &SampleFile) -> Result<Picture, Failure> {
    files::picture(&sample.picture)
        .map_err(|error| Failure::new(format!("{}: {error}", sample.picture.display())))
}

fn tell_where(dir: &Path, made: bool) -> Result<(), Failure> {
    let folder = station::Folder::new(dir);
    say(format!("demo station {} in {}", if made { "made" } else { "found" }, dir.display()))?;
    say(format!("  sample passes: {}", station::demo::passes(&folder).display()))?;
    say("  its authority is a DEMO: it vouches for nobody")?;
    Ok(())
}

/// Does with each sample what the window does: read the picture, judge the text, log the verdict.
fn play(dir: &Path, now: i64, json: bool) -> Outcomes {
    let mut station = Station::open(dir, &SystemKeyStore, terminal::random())?;
    let mut scanner = Scanner::new();
    let mut logged = true;
    for sample in station::demo::samples(station.folder())? {
        let text = picture(&sample)?
            .luma()
            .and_then(|frame| scanner.scan(frame, || false).find_map(|symbol| symbol.text))
            .ok_or_else(|| Failure::new(format!("{}: no code found", sample.picture.display())))?;
        let submission = station.submit(&text, now);
        logged &= submission.logged.is_ok();
        if json {
            say(serde_json::to_string(&SubmissionView::new(&submission))?)?;
        } else {
            say(line(&sample.name, &submission))?;
        }
    }
    let report = station.verify_log()?;
    if !json {
        let proof = if report.holds() { "proven" } else { "NOT PROVEN: see `propusk log verify`" };
        say(format!("log: {} entries, {proof}", report.entries))?;
    }
    if !logged {
        return Err(Failure::new("not every check could be logged: see the lines above"));
    }
    Ok(if report.holds() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn line(sample: &str, submission: &Submission) -> String {
    let view = SubmissionView::new(submission);
    let verdict = submission.verdict.outcome().name();
    let who = view.pass.as_ref().map(holder).unwrap_or_default();
    let entry = match (view.entry, &view.log_error) {
        (Some(entry), _) => format!("log entry {entry}"),
        (None, error) => format!("NOT LOGGED: {}", error.as_deref().unwrap_or_default()),
    };
    let facts: Vec<String> = view.report.evidence.iter().map(fact).collect();
    format!("{sample:<18} {verdict:<12} {:<18} {entry}  {who}{}", view.report.reason, facts.join(" "))
}

fn holder(pass: &PassView) -> String {
    format!("{} {}, {}  ", pass.family_name, pass.given_name, pass.date_of_birth)
}

fn fact((name, fact): (&String, &Fact)) -> String {
    format!("{name}={fact}")
}
