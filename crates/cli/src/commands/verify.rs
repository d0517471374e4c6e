//! `propusk verify`: judge one certificate against named keys or the station's.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use credential::{Context, KeySet, NothingRevoked, Revocation, Verdict};
use key_store::SystemKeyStore;
use picture::{Picture, Unreadable};
use qr::Scanner;
use serde_json::{Value, json};
use station::Station;
use station::view::{PassView, Report, SubmissionView, UsesView};
use trust::{Store, Trusted};

use super::{batch, claims, keys, policy};
use crate::exit::{self, Failure, Outcomes};
use crate::terminal::{self, say};

#[derive(clap::Args)]
pub struct Args {
    /// The certificate's text (HC1:…), a picture of it, or `-` for either on standard input
    #[arg(required_unless_present = "batch", conflicts_with = "batch", value_name = "TEXT|IMAGE|-")]
    input: Option<String>,
    /// Judge JSON Lines from standard input, each with its own trust; answer each with a line
    #[arg(long, conflicts_with_all = ["keys", "certificate", "station"])]
    batch: bool,
    /// Trust the keys in this file (JWKS, key set, PEM, DER) or folder (published key set)
    #[arg(long, value_name = "PATH")]
    keys: Option<PathBuf>,
    /// Trust this X.509 certificate too, for DCCs (PEM or DER)
    #[arg(long, value_name = "FILE")]
    certificate: Vec<PathBuf>,
    /// Open an encrypted pass with this key, too (COSE_Key, hexadecimal or base64; `propusk keys content-key` keeps one)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["batch", "admit"])]
    content_key: Vec<PathBuf>,
    /// Trust the keys of this station (default: the user's own, when no other keys are named)
    #[arg(long, value_name = "DIR")]
    station: Option<PathBuf>,
    #[command(flatten)]
    policy: policy::Args,
    /// Judge as the station does at its door: log the verdict, and count a use of a pass that has so many and no more
    #[arg(long, requires = "station", conflicts_with_all = ["batch", "keys", "certificate", "policy"])]
    admit: bool,
    /// Judge as of this time (RFC 3339) instead of the clock's
    #[arg(long, value_name = "RFC3339", value_parser = terminal::parse_time)]
    now: Option<i64>,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Outcomes {
    let policy = args.policy.read()?;
    let Some(input) = &args.input else {
        return batch::run(policy.in_force(), args.now.unwrap_or_else(terminal::now));
    };
    if args.admit {
        return admit(args, input);
    }
    let trust = trust(args)?;
    let now = time(args, &trust);
    let policy = policy.or(trust.station.as_ref().and_then(|(_, trusted)| trusted.target("policy.json")));
    let lookup = trust.station.as_ref().map(|(store, trusted)| store.lookup(trusted));
    let revocation: &dyn Revocation = lookup.as_ref().map_or(&NothingRevoked, |lookup| lookup);
    let context = Context { keys: &trust.keys, revocation, policy: policy.in_force() };
    let texts = texts(input)?;
    let mut worst = ExitCode::SUCCESS;
    let mut worst_rank = 0;
    for text in &texts {
        let verdict = credential::judge_text(text, context, now);
        if args.json {
            say(as_json(&verdict))?
        } else {
            say(as_lines(&verdict))?
        }
        let rank = severity(&verdict);
        if rank > worst_rank {
            (worst, worst_rank) = (exit::judged(verdict.outcome()), rank);
        }
    }
    Ok(worst)
}

/// What the window does with each text. A verdict that could not be logged does not count.
fn admit(args: &Args, input: &str) -> Outcomes {
    let mut station =
        Station::open(&terminal::station_dir(args.station.as_ref())?, &SystemKeyStore, terminal::random())?;
    let now = args.now.unwrap_or_else(terminal::now);
    let mut worst = (0, ExitCode::SUCCESS);
    for text in &texts(input)? {
        let submission = station.submit(text, now);
        let view = SubmissionView::new(&submission);
        if let Some(error) = &view.log_error {
            return Err(Failure::new(format!(
                "the verdict could not be logged, so it does not count: {error}"
            )));
        }
        let verdict = &submission.verdict;
        if args.json {
            say(serde_json::to_string(&view)?)?;
        } else {
            say(as_lines(verdict))?;
            view.uses.iter().try_for_each(|uses| say(uses_line(uses)))?;
        }
        if severity(verdict) > worst.0 {
            worst = (severity(verdict), exit::judged(verdict.outcome()));
        }
    }
    Ok(worst.1)
}

fn uses_line(uses: &UsesView) -> String {
    let again = if uses.again { "; counted before: shown again within seconds" } else { "" };
    format!("  used: {} of {} at this station, other stations do not know{again}", uses.used, uses.allowed)
}

/// With several codes in one picture, the exit code is that of the worst: refused, then cannot tell, then accepted.
fn severity(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Accepted(_) => 0,
        Verdict::CannotTell(_) => 1,
        Verdict::Refused(_) => 2,
    }
}

/// What is relied on: keys, and the station that they are of with what it knows of revoked passes.
struct Trust {
    keys: KeySet,
    station: Option<(Store, Trusted)>,
}

/// The keys named on the command line; the station's where none is named. A station's limit holds
/// for all of them: whoever names its keys wants its answer.
fn trust(args: &Args) -> Result<Trust, Failure> {
    let mut all = vec![];
    if let Some(path) = &args.keys {
        all.extend(keys::read(path)?);
    }
    for path in &args.certificate {
        all.extend(keys::read_certificates(path)?);
    }
    let content = keys::read_content_keys(&args.content_key)?;
    let named = args.keys.is_some() || !args.certificate.is_empty();
    let dir = match args.station.is_some() || !named {
        true => Some(terminal::station_dir(args.station.as_ref())?),
        false => None,
    };
    let content = keys::content_keys(content, dir.as_deref())?;
    let station = dir.map(|dir| keys::of_station(&dir)).transpose()?.flatten();
    all.extend(station.iter().flat_map(|(_, trusted)| trusted.keys.keys()).cloned());
    let keys = KeySet::new(all).with_content_keys(content);
    let keys = match &station {
        Some((_, trusted)) => keys.until(trusted.expires_at),
        None => keys,
    };
    Ok(Trust { keys, station })
}

/// The time named on the command line; else the clock's, or that of signed data where the clock is behind it.
fn time(args: &Args, trust: &Trust) -> i64 {
    let signed_at = trust.station.as_ref().map_or(i64::MIN, |(_, trusted)| trusted.signed_at);
    args.now.unwrap_or_else(|| signed_at.max(terminal::now()))
}

/// The texts to judge: from standard input, from a picture where `input` names a file, else `input` itself.
fn texts(input: &str) -> Result<Vec<String>, Failure> {
    if input == "-" {
        return in_bytes(io::stdin().lock(), "standard input");
    }
    let path = Path::new(input);
    if path.exists() {
        let file = File::open(path).map_err(Failure::file(path))?;
        return in_bytes(file, input);
    }
    if looks_like_a_file(input) {
        return Err(Failure::new(format!("{input}: no such file, and not a certificate's text either")));
    }
    Ok(vec![input.to_owned()])
}

/// The codes in a picture, or the text of a file that is none.
fn in_bytes(input: impl Read, name: &str) -> Result<Vec<String>, Failure> {
    let failure = |error: &dyn fmt::Display| Failure::new(format!("{name}: {error}"));
    let mut bytes = vec![];
    input.take(picture::MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| failure(&error))?;
    let picture = match Picture::decode(&bytes) {
        Ok(picture) => picture,
        Err(error) => match String::from_utf8(bytes) {
            Ok(text) if matches!(error, Unreadable::NotAPicture) => return Ok(vec![line(&text)]),
            _ => return Err(failure(&error)),
        },
    };
    let texts: Vec<String> = picture
        .luma()
        .map(|frame| Scanner::new().scan(frame, || false).map(qr::Symbol::into_text).collect())
        .unwrap_or_default();
    if texts.is_empty() {
        return Err(failure(&"no QR code found in this picture"));
    }
    Ok(texts)
}

/// A text without the line break that editors and shells put behind it.
fn line(text: &str) -> String {
    text.trim_end_matches(['\r', '\n']).to_owned()
}

/// A mistyped picture name should not be judged as if it were a visitor's code.
fn looks_like_a_file(input: &str) -> bool {
    const ENDINGS: [&str; 6] = ["png", "jpg", "jpeg", "webp", "pgm", "txt"];
    let ending = Path::new(input).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let rooted = ["/", "./", "../"].iter().any(|root| input.starts_with(root));
    rooted || !input.contains(':') && ENDINGS.contains(&ending.to_ascii_lowercase().as_str())
}

fn as_json(verdict: &Verdict) -> Value {
    let mut value = json!(Report::new(verdict));
    if let Some(pass) = verdict.pass() {
        value["claims"] = claims::json(pass);
    }
    value
}

fn as_lines(verdict: &Verdict) -> String {
    let report = Report::new(verdict);
    let mut lines = vec![match verdict {
        Verdict::Accepted(_) => "accepted".to_owned(),
        Verdict::Refused(_) => format!("refused: {} (at step {})", report.reason, report.stage),
        Verdict::CannotTell(_) => format!("cannot tell: {} (at step {})", report.reason, report.stage),
    }];
    lines.extend(report.evidence.iter().map(|(name, fact)| format!("  {name}: {fact}")));
    if let Some(pass) = verdict.pass().map(PassView::new) {
        lines.extend(pass_lines(&pass));
    }
    lines.join("\n")
}

/// What a card, badge, appointment or ticket says besides.
fn general_lines(pass: &PassView) -> Vec<String> {
    let Some(general) = &pass.general else { return vec![] };
    let zones = (!general.zones.is_empty()).then(|| general.zones.join(", "));
    let facts = [
        ("title", Some(general.title.clone())),
        ("detail", general.detail.clone()),
        ("zones", zones),
        ("uses", general.uses.map(|uses| uses.to_string())),
        ("valid from", general.valid_from.clone()),
    ];
    facts.into_iter().filter_map(|(name, value)| Some(format!("  {name}: {}", value?))).collect()
}

fn pass_lines(pass: &PassView) -> Vec<String> {
    let mut lines = general_lines(pass);
    if pass.general.is_none() || !pass.family_name.is_empty() || !pass.given_name.is_empty() {
        lines.push(format!("  for: {} {}, born {}", pass.family_name, pass.given_name, pass.date_of_birth));
    }
    lines.extend([
        format!(
            "  kind: {}{}",
            pass.kind.name(),
            pass.format.as_deref().map_or(String::new(), |format| format!(" ({format})"))
        ),
        format!("  signed by: {}{}", pass.signed_by, if pass.demo { " (DEMO AUTHORITY)" } else { "" }),
    ]);
    if let Some(at) = &pass.expires_at {
        lines.push(format!("  valid until: {at}"));
    }
    if pass.suspicious {
        lines.push("  careful: the name holds characters that can deceive the eye".to_owned());
    }
    lines
}
