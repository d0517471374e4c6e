//! The coordinator's draft: who signs, which issuers are trusted, which files go along.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use credential::Policy;
use credential::display::escape;
use trust::ceremony::{Card, Draft, Holders, Plan, RoleName, RoleReview};
use trust::{hashes, status, target};

use super::{show, words};
use crate::exit::{self, Failure, Outcomes};
use crate::terminal::say;

/// For how many days a role's signatures hold where nothing else is said. A station without a network is
/// refreshed by hand, so the short ones are long by the habits of the network.
const ROOT_DAYS: u32 = 365;
const TARGETS_DAYS: u32 = 90;
const SNAPSHOT_DAYS: u32 = 90;
const TIMESTAMP_DAYS: u32 = 30;

#[derive(clap::Args)]
pub struct Init {
    /// The folder of the draft; made if it is not there
    #[arg(value_name = "DRAFT")]
    draft: PathBuf,
    #[command(flatten)]
    roles: Roles,
}

#[derive(clap::Args)]
pub struct Rotate {
    /// The folder of the draft
    #[arg(value_name = "DRAFT")]
    draft: PathBuf,
    #[command(flatten)]
    roles: Roles,
}

/// Who signs; what is not named stays as it is.
#[derive(clap::Args)]
struct Roles {
    /// The public parts (.pub) of those who sign for the root: they say who signs for everything
    #[arg(long, value_name = "PUB", num_args = 1..)]
    root: Vec<PathBuf>,
    /// How many of them must sign: more than half
    #[arg(long, value_name = "NUMBER")]
    threshold: Option<usize>,
    /// Those who sign for the issuers' keys (at first: those of the root, and as many of them)
    #[arg(long, value_name = "PUB", num_args = 1..)]
    targets: Vec<PathBuf>,
    /// How many of them must sign
    #[arg(long, value_name = "NUMBER")]
    targets_threshold: Option<usize>,
    /// Those who sign for what belongs together (at first: those of the keys; one of them is enough)
    #[arg(long, value_name = "PUB", num_args = 1..)]
    snapshot: Vec<PathBuf>,
    /// How many of them must sign
    #[arg(long, value_name = "NUMBER")]
    snapshot_threshold: Option<usize>,
    /// Those who sign for what is newest (at first: those of the keys; one of them is enough)
    #[arg(long, value_name = "PUB", num_args = 1..)]
    timestamp: Vec<PathBuf>,
    /// How many of them must sign
    #[arg(long, value_name = "NUMBER")]
    timestamp_threshold: Option<usize>,
    /// For how many days the root holds (at first 365)
    #[arg(long, value_name = "DAYS")]
    root_days: Option<u32>,
    /// For how many days the keys hold (at first 90)
    #[arg(long, value_name = "DAYS")]
    targets_days: Option<u32>,
    /// For how many days the snapshot holds (at first 90)
    #[arg(long, value_name = "DAYS")]
    snapshot_days: Option<u32>,
    /// For how many days the timestamp holds (at first 30): how long a station may miss a refresh
    #[arg(long, value_name = "DAYS")]
    timestamp_days: Option<u32>,
}

pub fn init(args: &Init) -> Outcomes {
    if args.roles.root.is_empty() {
        return Err(Failure::new(
            "nobody signs: name the signers' public parts with --root A.pub B.pub C.pub",
        ));
    }
    let root = Holders::new(args.roles.threshold.unwrap_or(0), ROOT_DAYS, cards(&args.roles.root)?);
    if root.threshold == 0 {
        return Err(Failure::new("how many of them must sign? say it with --threshold NUMBER"));
    }
    let targets = Holders { days: TARGETS_DAYS, ..root.clone() };
    let one = |days| Holders { days, threshold: 1, signers: targets.signers.clone() };
    let (snapshot, timestamp) = (one(SNAPSHOT_DAYS), one(TIMESTAMP_DAYS));
    let mut plan = Plan { root, targets, snapshot, timestamp };
    if !args.roles.targets.is_empty() {
        // Whoever signs for the keys signs for the rest as well, where nobody else is named.
        let named = cards(&args.roles.targets)?;
        (plan.snapshot.signers, plan.timestamp.signers) = (named.clone(), named);
    }
    let plan = args.roles.over(plan)?;
    Draft::create(&args.draft, plan.clone())?;
    say(format!("draft made in {}", args.draft.display()))?;
    say_plan(&plan)?;
    say("next: propusk keys add-issuer, then propusk keys stage")?;
    Ok(ExitCode::SUCCESS)
}

pub fn rotate(args: &Rotate) -> Outcomes {
    let mut draft = Draft::open(&args.draft)?;
    let plan = args.roles.over(draft.plan().clone())?;
    set_plan(&mut draft, plan)
}

/// Takes a person out of every role.
pub fn revoke_signer(dir: &Path, who: &str) -> Outcomes {
    let mut draft = Draft::open(dir)?;
    let plan = draft.plan().without(who)?;
    set_plan(&mut draft, plan)
}

/// Adds a file to what is published, or changes it.
pub fn add_target(dir: &Path, name: &str, file: &Path) -> Outcomes {
    let draft = Draft::open(dir)?;
    let bytes = show::contents(file)?;
    let length = bytes.len();
    check(name, &bytes).map_err(|fault| Failure::new(format!("{}: {fault}", file.display())))?;
    draft.set_file(name, bytes)?;
    say(format!("{name}, {length} bytes, goes along with the next publication"))?;
    Ok(ExitCode::SUCCESS)
}

/// Stations would refuse a file that they know by its name and cannot read.
fn check(name: &str, bytes: &[u8]) -> Result<(), String> {
    fn fault<T>(read: Result<T, impl ToString>) -> Result<(), String> {
        read.map(|_| ()).map_err(|error| error.to_string())
    }
    if name == "policy.json" {
        fault(Policy::parse(bytes))
    } else if target::hashes_id(name).is_some() {
        fault(hashes::List::parse(bytes))
    } else if target::delta_base(name).is_some() {
        fault(status::Delta::parse(bytes))
    } else if target::status_id(name).is_some() {
        fault(status::List::parse(bytes))
    } else {
        Ok(())
    }
}

pub fn remove_target(dir: &Path, name: &str) -> Outcomes {
    Draft::open(dir)?.remove_file(name)?;
    say(format!("{name} is not there any more from the next publication on"))?;
    Ok(ExitCode::SUCCESS)
}

/// What is in the draft and what it waits for.
pub fn status(dir: &Path) -> Outcomes {
    let draft = Draft::open(dir)?;
    say_plan(draft.plan())?;
    say(format!("keys of issuers: {}", draft.keys()?.keys.len()))?;
    say_published(&draft)?;
    match draft.request()? {
        None => say("nothing is being signed")?,
        Some(request) => {
            say(format!("being signed: {}", draft.request_path().display()))?;
            words::review(&request.review()?)
                .into_iter()
                .map(|line| format!("  {line}"))
                .try_for_each(say)?;
            say_missing(&draft)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Until when what is published holds, and what ends first.
fn say_published(draft: &Draft) -> Result<(), Failure> {
    let roles = match draft.published() {
        Ok(roles) => roles,
        Err(error) => {
            let line = format!("a publication broke off ({error}); end it with propusk keys publish");
            return Ok(say(exit::one_line(&line))?);
        }
    };
    for role in &roles {
        let RoleReview { version, expires, .. } = role;
        say(format!("published: {} version {version}, good until {}", role.role.name(), escape(expires)))?;
    }
    let Some(first) = roles.iter().min_by_key(|role| role.expires_at()) else {
        return Ok(say("nothing is published yet")?);
    };
    let what = match first.role {
        RoleName::Root => "propusk keys stage --renew-root",
        RoleName::Targets => "propusk keys stage",
        RoleName::Snapshot | RoleName::Timestamp => "propusk keys renew",
    };
    let (role, expires) = (first.role.name(), escape(&first.expires));
    say(format!("ends first: {role}, on {expires}; before that: {what}"))?;
    Ok(())
}

/// What is missing before the request can be published.
pub fn say_missing(draft: &Draft) -> Result<(), Failure> {
    let missing = draft.missing()?;
    for missing in &missing {
        say(missing.line())?;
    }
    if missing.is_empty() {
        say("all signatures are there; next: propusk keys publish")?;
    }
    Ok(())
}

fn set_plan(draft: &mut Draft, plan: Plan) -> Outcomes {
    if &plan == draft.plan() {
        return Err(Failure::new("nothing changes: name those who sign from now on"));
    }
    draft.set_plan(plan.clone())?;
    say_plan(&plan)?;
    say("next: propusk keys stage; the new root needs those who signed for the old one, too")?;
    Ok(ExitCode::SUCCESS)
}

fn say_plan(plan: &Plan) -> Result<(), Failure> {
    for role in RoleName::ALL {
        let Holders { threshold, days, signers } = plan.holders(role);
        let names = signers.iter().map(|card| Ok(words::signer(card.name(), &card.id()?)));
        let names = names.collect::<Result<Vec<_>, Failure>>()?.join(", ");
        let (role, count) = (role.name(), signers.len());
        say(format!("{role}: {threshold} of {count} for {days} days: {names}"))?;
    }
    Ok(())
}

impl Roles {
    /// The plan with what is named here in place of what it has.
    fn over(&self, mut plan: Plan) -> Result<Plan, Failure> {
        let Self { root, targets, snapshot, timestamp, .. } = self;
        for (holders, files, threshold, days) in [
            (&mut plan.root, root, self.threshold, self.root_days),
            (&mut plan.targets, targets, self.targets_threshold, self.targets_days),
            (&mut plan.snapshot, snapshot, self.snapshot_threshold, self.snapshot_days),
            (&mut plan.timestamp, timestamp, self.timestamp_threshold, self.timestamp_days),
        ] {
            if !files.is_empty() {
                holders.signers = cards(files)?;
            }
            holders.threshold = threshold.unwrap_or(holders.threshold);
            holders.days = days.unwrap_or(holders.days);
        }
        plan.check()?;
        Ok(plan)
    }
}

fn cards(files: &[PathBuf]) -> Result<Vec<Card>, Failure> {
    let card = |file: &PathBuf| {
        Card::from_json(&show::contents(file)?)
            .map_err(|error| Failure::new(format!("{}: {error}", file.display())))
    };
    files.iter().map(card).collect()
}
