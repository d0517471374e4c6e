//! The issuers in a draft: who is trusted to sign passes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use credential::display::escape;
use credential::{Format, IssuerKey, Kid, PublicKey, Scope, Usages, Validity};
use trust::ceremony::Draft;

use super::show;
use crate::exit::{Failure, Outcomes};
use crate::terminal::{self, say};

/// How many keys of one id, or ids of one key, are named.
const NAMED_MAX: usize = 10;

#[derive(clap::Args)]
pub struct Add {
    /// The folder of the draft
    #[arg(value_name = "DRAFT")]
    draft: PathBuf,
    /// Public keys: a key set, PEM, DER, a folder of certificates, a list of certificates, JWKS or did.json
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The key's id in hexadecimal, where the file gives none or another
    #[arg(long, value_name = "HEX", value_parser = kid)]
    kid: Option<Kid>,
    /// The owner's name
    #[arg(long, value_name = "NAME")]
    issuer: Option<String>,
    /// The owner's country (two capital letters)
    #[arg(long, value_name = "CODE")]
    country: Option<String>,
    /// From when the key may sign (RFC 3339)
    #[arg(long, value_name = "RFC3339", value_parser = terminal::parse_time, requires = "valid_until")]
    valid_from: Option<i64>,
    /// Until when the key may sign (RFC 3339)
    #[arg(long, value_name = "RFC3339", value_parser = terminal::parse_time, requires = "valid_from")]
    valid_until: Option<i64>,
    /// What it may sign
    #[arg(long, value_name = "KIND", num_args = 1.., value_delimiter = ',')]
    usages: Vec<Usage>,
    /// In which formats it may sign: dcc, swiss_light, ddcc, nz_covid_pass, smart_health_card, claim_169, vds_nc, divoc,
    /// general (where neither this nor the file says it: dcc)
    #[arg(long, value_name = "FORMAT", num_args = 1.., value_delimiter = ',', value_parser = format)]
    formats: Vec<Format>,
    /// The issuer that its passes must name, to the letter (a URL or DID): needed for SMART Health Cards
    #[arg(long, value_name = "URL")]
    iss: Option<String>,
}

fn format(name: &str) -> Result<Format, String> {
    Format::by_name(name).ok_or_else(|| {
        let all: Vec<_> = Format::ALL.iter().map(|format| format.name()).collect();
        format!("there are {}", all.join(", "))
    })
}

/// The key that is meant: ids are short, and two owners may have the same.
#[derive(clap::Args)]
pub struct Which {
    /// The key's id
    #[arg(value_name = "KID", value_parser = kid)]
    kid: Kid,
    /// Only a key of the owner of this name
    #[arg(long, value_name = "NAME")]
    issuer: Option<String>,
    /// Only a key of an owner in this country (two capital letters)
    #[arg(long, value_name = "CODE")]
    country: Option<String>,
    /// Every key that these fit, though there is more than one
    #[arg(long)]
    all: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Usage {
    Vaccination,
    Test,
    Recovery,
    /// Another kind of document: none of the three
    Other,
}

pub fn add(args: &Add) -> Outcomes {
    let draft = Draft::open(&args.draft)?;
    let mut found = vec![];
    for file in &args.files {
        found.extend(read(file)?);
    }
    if args.kid.is_some() && found.len() != 1 {
        return Err(Failure::new(format!(
            "--kid is for one key, and there are {}: add them one by one",
            found.len()
        )));
    }
    let mut document = draft.keys()?;
    let (mut added, mut replaced) = (0, 0);
    for key in found.into_iter().map(|key| args.over(key)) {
        match document.keys.iter_mut().find(|known| known.kid == key.kid && known.key.is_same(&key.key)) {
            Some(known) => {
                let revoked_from = [known.revoked_from, key.revoked_from].into_iter().flatten().min();
                *known = IssuerKey { revoked_from, ..key };
                replaced += 1;
            }
            None => {
                document.keys.push(key);
                added += 1;
            }
        }
    }
    keep_revoked(&mut document.keys);
    draft.set_keys(&document)?;
    say(format!("{added} added, {replaced} known already, {} in all", document.keys.len()))?;
    say("next: propusk keys stage")?;
    Ok(ExitCode::SUCCESS)
}

/// What was revoked stays so under every id of its key, and from the earliest moment: adding a list anew, with the
/// same key certified once more or under another id, must undo nothing.
fn keep_revoked(keys: &mut [IssuerKey]) {
    let revoked: Vec<(PublicKey, i64)> =
        keys.iter().filter_map(|key| Some((key.key.clone(), key.revoked_from?))).collect();
    for key in keys {
        let of_key = revoked.iter().filter(|(known, _)| known.is_same(&key.key));
        key.revoked_from = of_key.map(|(_, from)| *from).min();
    }
}

/// Takes a key out, under whichever ids it stands there.
pub fn retire(dir: &Path, which: &Which) -> Outcomes {
    let draft = Draft::open(dir)?;
    let mut document = draft.keys()?;
    let meant = which.keys(&document.keys)?;
    let taken: Vec<_> = document.keys.extract_if(.., |key| is_of(key, &meant)).collect();
    draft.set_keys(&document)?;
    let kid = &which.kid;
    say(format!("{kid} is trusted no longer from the next publication on: its passes cannot be told then"))?;
    say_ids(taken.iter())
}

/// Has passes refused that the key signs from a moment on.
pub fn revoke(dir: &Path, which: &Which, from: i64) -> Outcomes {
    let draft = Draft::open(dir)?;
    let mut document = draft.keys()?;
    let meant = which.keys(&document.keys)?;
    let hit = document.keys.iter_mut().filter(|key| is_of(key, &meant));
    hit.for_each(|key| key.revoked_from = Some(from));
    draft.set_keys(&document)?;
    let kid = &which.kid;
    say(format!(
        "passes by {kid} issued from {} on are refused from the next publication on",
        station::view::rfc3339(from)
    ))?;
    say("whoever has a stolen key can write an earlier date: where that is to be feared, retire it")?;
    say_ids(document.keys.iter().filter(|key| is_of(key, &meant)))
}

/// Whether the entry is of one of these keys: whoever has a key chooses by which of its ids passes name it.
fn is_of(entry: &IssuerKey, keys: &[PublicKey]) -> bool {
    keys.iter().any(|key| key.is_same(&entry.key))
}

/// Under which ids all of this was done, where there are several.
fn say_ids<'k>(entries: impl Iterator<Item = &'k IssuerKey>) -> Outcomes {
    let ids: BTreeSet<&Kid> = entries.map(|entry| &entry.kid).collect();
    if ids.len() > 1 {
        let named: Vec<_> = ids.iter().take(NAMED_MAX).map(ToString::to_string).collect();
        let more = if ids.len() > NAMED_MAX { ", and more" } else { "" };
        say(format!("that holds under all {} ids of the key: {}{more}", ids.len(), named.join(", ")))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A key id from its hexadecimal digits.
fn kid(text: &str) -> Result<Kid, String> {
    Kid::from_hex(text).ok_or_else(|| {
        format!("\"{text}\" is no key id; write pairs of hexadecimal digits, e.g. d919375fc1e7b6b2")
    })
}

impl Which {
    fn is(&self, key: &IssuerKey) -> bool {
        key.kid == self.kid
            && self.issuer.as_ref().is_none_or(|issuer| *issuer == key.issuer)
            && self.country.as_ref().is_none_or(|country| key.country.as_ref() == Some(country))
    }

    /// The keys that are meant: one, or all that fit.
    fn keys(&self, keys: &[IssuerKey]) -> Result<Vec<PublicKey>, Failure> {
        let kid = &self.kid;
        let found: Vec<&IssuerKey> = keys.iter().filter(|key| self.is(key)).collect();
        let [first, others @ ..] = found.as_slice() else {
            let of = if self.issuer.is_some() || self.country.is_some() { " of that owner" } else { "" };
            return Err(Failure::new(format!(
                "no key{of} has the id {kid}; see them with propusk keys show DRAFT/keys.json"
            )));
        };
        // One key may stand there more than once, for one usage each.
        if self.all || others.iter().all(|key| key.key.is_same(&first.key)) {
            return Ok(found.iter().map(|key| key.key.clone()).collect());
        }
        let named = found.iter().take(NAMED_MAX).map(|key| whose(key)).collect::<Vec<_>>().join("; ");
        let more = if found.len() > NAMED_MAX { "; and more" } else { "" };
        Err(Failure::new(format!(
            "{} keys have the id {kid}: {named}{more}; choose with --issuer or --country, or say --all. Nothing was changed",
            found.len()
        )))
    }
}

fn whose(key: &IssuerKey) -> String {
    let country = key.country.as_deref().map(|country| format!(" ({})", escape(country)));
    format!("{}{}", escape(&key.issuer), country.unwrap_or_default())
}

/// The keys of a file, or of every certificate in a folder.
fn read(path: &Path) -> Result<Vec<IssuerKey>, Failure> {
    let published = path.join(trust::publish::FIRST_ROOT);
    if !path.is_dir() || published.exists() {
        return show::read(path);
    }
    let mut keys = vec![];
    let mut files: Vec<PathBuf> = vec![];
    for entry in fs::read_dir(path).map_err(Failure::file(path))? {
        files.push(entry.map_err(Failure::file(path))?.path());
    }
    files.sort();
    for file in files.iter().filter(|file| file.is_file()) {
        keys.extend(show::read(file)?);
    }
    if keys.is_empty() {
        return Err(Failure::new(format!("{}: no certificates are in this folder", path.display())));
    }
    Ok(keys)
}

impl Add {
    /// The key with what is said here in place of what its file says.
    fn over(&self, key: IssuerKey) -> IssuerKey {
        let has = |usage| self.usages.contains(&usage);
        let validity = self.valid_from.zip(self.valid_until);
        let formats = if self.formats.is_empty() { key.scope.formats } else { self.formats.clone() };
        IssuerKey {
            scope: Scope { formats, issuer: self.iss.clone().or(key.scope.issuer) },
            kid: self.kid.clone().unwrap_or(key.kid),
            issuer: self.issuer.clone().unwrap_or(key.issuer),
            country: self.country.clone().or(key.country),
            validity: validity
                .map(|(not_before, not_after)| Validity { not_before, not_after })
                .or(key.validity),
            usages: if self.usages.is_empty() {
                key.usages
            } else {
                Usages {
                    vaccination: has(Usage::Vaccination),
                    test: has(Usage::Test),
                    recovery: has(Usage::Recovery),
                    other: has(Usage::Other),
                }
            },
            ..key
        }
    }
}
