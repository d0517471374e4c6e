//! From a draft to a publication: staged, signed, imported, published.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use trust::Change;
use trust::ceremony::{Draft, Request, RoleName, SealedKey, Signatures, Signer, Staging};
use trust::package::{self, Parts};
use trust::publish;

use super::draft::say_missing;
use super::{show, words};
use crate::exit::{Failure, Outcomes};
use crate::files;
use crate::terminal::{self, say};

/// The most that is read of a request: what a package may have.
const MAX_REQUEST_BYTES: u64 = trust::source::ARCHIVE_MAX as u64;

#[derive(clap::Args)]
pub struct Sign {
    /// The request from the coordinator (request.zip)
    #[arg(value_name = "REQUEST")]
    request: PathBuf,
    /// The signer's sealed key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Read the passphrase from this file (`-`: standard input) instead of asking for it
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// The file for the signatures (default: beside the request, called after the key)
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

#[derive(clap::Args)]
pub struct Renew {
    /// The folder of the draft
    #[arg(value_name = "DRAFT")]
    draft: PathBuf,
    /// The sealed key of whoever signs for the timestamp
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Read the passphrase from this file (`-`: standard input) instead of asking for it
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Copy the result to this folder or zip file
    #[arg(long, value_name = "FOLDER|ZIP")]
    to: Option<PathBuf>,
}

#[derive(clap::Args)]
pub struct Package {
    /// A folder with published keys, or a draft
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// The zip file
    #[arg(long, value_name = "ZIP")]
    out: PathBuf,
    /// Leave out what a station with the key set of this version has
    #[arg(long, value_name = "VERSION", conflicts_with = "only")]
    since: Option<u64>,
    /// Leave out all files but these
    #[arg(long, value_name = "NAME", num_args = 1..)]
    only: Vec<String>,
}

/// Lays out what is to be signed.
pub fn stage(dir: &Path, renew_root: bool) -> Outcomes {
    let draft = Draft::open(dir)?;
    let path = draft.stage(Staging::Everything { renew_root }, terminal::now())?;
    if let Some(request) = draft.request()? {
        words::review(&request.review()?).into_iter().try_for_each(say)?;
    }
    say(format!("to be signed: {} (copy it to the signers)", path.display()))?;
    say_missing(&draft)?;
    Ok(ExitCode::SUCCESS)
}

pub fn unstage(dir: &Path) -> Outcomes {
    Draft::open(dir)?.unstage()?;
    say("nothing is being signed now; what is published stays")?;
    Ok(ExitCode::SUCCESS)
}

/// On a signer's machine: shows what is asked for, and signs it.
pub fn sign(args: &Sign) -> Outcomes {
    let zip = files::plain(&args.request, MAX_REQUEST_BYTES, "the coordinator's request.zip")?;
    let request = Request::read(zip)?;
    let key = SealedKey::load(&args.key)?;
    words::review(&request.review()?).into_iter().try_for_each(say)?;
    let roles = request.roles_of(&key.card().id()?)?;
    if roles.is_empty() {
        return Err(Failure::new(
            "this key is not asked to sign anything in this request: take the key whose public part the coordinator has",
        ));
    }
    let names: Vec<_> = roles.iter().map(|role| role.name()).collect();
    say(format!(
        "{} is asked to sign for: {}",
        words::signer(key.card().name(), &key.card().id()?),
        names.join(", ")
    ))?;
    if !args.yes && !terminal::ask("Sign this?")? {
        say("nothing was signed")?;
        return Ok(ExitCode::FAILURE);
    }
    let passphrase = terminal::passphrase(args.passphrase_file.as_deref(), key.card().name())?;
    let signatures = request.sign(&key.open(&passphrase)?, key.card().name())?;
    let out = args.out.clone().unwrap_or_else(|| beside(&args.request, &args.key));
    fs::write(&out, signatures.to_json()).map_err(Failure::file(&out))?;
    say(format!("signed: {} (for the coordinator)", out.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// Takes signatures in.
pub fn import(dir: &Path, files: &[PathBuf]) -> Outcomes {
    let draft = Draft::open(dir)?;
    for file in files {
        let named = |error: trust::Error| Failure::new(format!("{}: {error}", file.display()));
        let signatures = Signatures::from_json(&show::contents(file)?).map_err(named)?;
        let imported = draft.import(&signatures).map_err(named)?;
        let roles: Vec<_> = imported.added.iter().map(|role| role.name()).collect();
        let what = if roles.is_empty() { "nothing new".to_owned() } else { roles.join(", ") };
        say(format!("{}: {what}", words::signer(imported.signer.name(), &imported.signer.id()?)))?;
    }
    say_missing(&draft)?;
    Ok(ExitCode::SUCCESS)
}

/// Publishes what was signed, after it was checked as a station would.
pub fn publish(dir: &Path, to: Option<&Path>) -> Outcomes {
    let draft = Draft::open(dir)?;
    let staged = draft.request_path();
    let is_staged = staged.try_exists().map_err(Failure::file(&staged))?;
    if to.is_some() && !is_staged && !draft.published()?.is_empty() {
        say("nothing is being signed: what is published already is copied once more")?;
        return copy(&draft, to);
    }
    let change = draft.publish(terminal::now())?;
    words::change(&change).into_iter().try_for_each(say)?;
    copy(&draft, to)
}

/// Signs for another term and publishes that, in one go.
pub fn renew(args: &Renew) -> Outcomes {
    let draft = Draft::open(&args.draft)?;
    let sealed = SealedKey::load(&args.key)?;
    let id = sealed.card().id()?;
    let signs = |role| -> Result<bool, Failure> {
        let holders = draft.plan().holders(role);
        let ids = holders.signers.iter().map(|card| card.id()).collect::<Result<Vec<_>, _>>()?;
        Ok(holders.threshold == 1 && ids.contains(&id))
    };
    if !signs(RoleName::Timestamp)? {
        return Err(Failure::new(
            "this key alone does not sign for the timestamp: use propusk keys stage, and have it signed",
        ));
    }
    let passphrase = terminal::passphrase(args.passphrase_file.as_deref(), sealed.card().name())?;
    let key = sealed.open(&passphrase)?;
    draft.stage(Staging::Renewal { snapshot: signs(RoleName::Snapshot)? }, terminal::now())?;
    let change = published_by(&draft, &key, sealed.card().name());
    if change.is_err() {
        // Nobody else is to sign it. Where it cannot be dropped, the first error is still the one to tell.
        let _ = draft.unstage();
    }
    words::change(&change?).into_iter().try_for_each(say)?;
    copy(&draft, args.to.as_deref())
}

/// Publishes what is staged with one key's signatures.
fn published_by(draft: &Draft, key: &dyn Signer, name: &str) -> Result<Change, Failure> {
    let request = draft.request()?.ok_or_else(|| Failure::new("the request is gone: begin again"))?;
    draft.import(&request.sign(key, name)?)?;
    Ok(draft.publish(terminal::now())?)
}

/// A small file for a carrier.
pub fn package(args: &Package) -> Outcomes {
    let draft = args.folder.join("draft.json").exists();
    let folder = if draft { Draft::open(&args.folder)?.repository() } else { args.folder.clone() };
    let parts = match args.since {
        Some(version) => Parts::Since(version),
        None if args.only.is_empty() => Parts::All,
        None => Parts::Only(&args.only),
    };
    let zip = package::package(&folder, parts)?;
    fs::write(&args.out, &zip).map_err(Failure::file(&args.out))?;
    say(format!("{}: {} bytes", args.out.display(), zip.len()))?;
    Ok(ExitCode::SUCCESS)
}

fn copy(draft: &Draft, to: Option<&Path>) -> Outcomes {
    let from = draft.repository();
    if let Some(to) = to {
        publish::copy(&from, to).map_err(|error| {
            Failure::new(format!(
                "{error}. It is published in {}, and only the copy is missing: do that once more with propusk keys publish DRAFT {}",
                from.display(),
                to.display()
            ))
        })?;
    }
    say(format!("published: {}", to.unwrap_or(&from).display()))?;
    Ok(ExitCode::SUCCESS)
}

/// `REQUEST`'s folder, the key's name: `anna.key` gives `anna.sig.json`.
fn beside(request: &Path, key: &Path) -> PathBuf {
    let stem = key.file_stem().unwrap_or(key.as_os_str());
    let mut name = stem.to_owned();
    name.push(".sig.json");
    request.with_file_name(name)
}
