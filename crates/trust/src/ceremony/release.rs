//! Signatures come back, and what they make is checked and published.

use std::collections::{BTreeMap, BTreeSet};

use ed25519_dalek::Signature as Ed25519;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::card::Card;
use super::draft::{self, Draft};
use super::plan::RoleName;
use super::request::{Request, Signatures};
use crate::change::Change;
use crate::error::Error;
use crate::source::Memory;
use crate::tuf::{self, Current, Files, METADATA_MAX, Verified};
use crate::{Store, hex, package, publish};

/// What came of a file of signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Whose they are.
    pub signer: Card,
    /// The roles that were signed by it for the first time.
    pub added: Vec<RoleName>,
    /// What is still missing.
    pub missing: Vec<Missing>,
}

/// Signatures that are still missing for a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// For which role.
    pub role: RoleName,
    /// Whether they are those by which the root in use hands over to the next.
    pub of_old_root: bool,
    /// How many are there.
    pub have: usize,
    /// How many must be.
    pub need: usize,
    /// Who could sign: names, or key ids where nobody's card is there.
    pub who: Vec<String>,
}

/// Signatures by role and key id, lower-case hexadecimal.
type Held = BTreeMap<RoleName, BTreeMap<String, String>>;

impl Draft {
    /// Takes signatures in. Each is verified; those that are there already change nothing. Refuses all of the
    /// file when one is for another request, by a stranger, or does not hold.
    pub fn import(&self, signatures: &Signatures) -> Result<Imported, Error> {
        let request = self.staged()?;
        let mut held = self.held()?;
        let (key, id) = (signatures.signer.key()?, signatures.signer.id()?);
        let mut added = vec![];
        for signature in &signatures.signatures {
            let role = signature.role;
            let wrong =
                |what: &str| Err(Error::Ceremony(format!("the signature for {}: {what}", role.name())));
            if !request.roles_of(&id)?.contains(&role) {
                return wrong("this key does not sign for it; ask a signer who does");
            }
            let message = request.message(role)?;
            if hex::encode(&Sha256::digest(&message)) != signature.message {
                return wrong("it is for another request; have the newest one signed");
            }
            let bytes = hex::decode(&signature.signature).unwrap_or_default();
            let holds =
                Ed25519::from_slice(&bytes).is_ok_and(|bytes| key.verify_strict(&message, &bytes).is_ok());
            if !holds {
                return wrong("it does not hold; have the request signed again");
            }
            if held.entry(role).or_default().insert(id.clone(), signature.signature.clone()).is_none() {
                added.push(role);
            }
        }
        // safe: maps of strings always serialise
        draft::write(&self.signatures_path(), &serde_json::to_vec_pretty(&held).unwrap_or_default())?;
        Ok(Imported { signer: signatures.signer.clone(), added, missing: missing(&request, &held)? })
    }

    /// What is still missing before the staged request can be published.
    pub fn missing(&self) -> Result<Vec<Missing>, Error> {
        missing(&self.staged()?, &self.held()?)
    }

    /// Publishes what was signed, at `now` (seconds UTC), after devices' own code has taken it: as one that is new,
    /// and as one that has what is published. May be done again when it broke off.
    pub fn publish(&self, now: i64) -> Result<Change, Error> {
        let (request, held) = (self.staged()?, self.held()?);
        if let Some(missing) = missing(&request, &held)?.first() {
            return Err(Error::Ceremony(missing.line()));
        }
        let next = assemble(&request, &held)?;
        let verified = tuf::verify(&next)?.ok_or(crate::Refusal::Missing("timestamp.json".into()))?;
        let change = tried(&request, &next, &verified, now)?;
        publish::write_all(&self.repository(), &next, &verified)?;
        self.clear()?;
        Ok(change)
    }

    fn staged(&self) -> Result<Request, Error> {
        let none = || Error::Ceremony("nothing is being signed; use `propusk keys stage` first".into());
        self.request()?.ok_or_else(none)
    }

    fn held(&self) -> Result<Held, Error> {
        let path = self.signatures_path();
        let broken = |error: serde_json::Error| {
            Error::Ceremony(format!("{}: {error}; import the signatures again", path.display()))
        };
        let json = draft::read(&path, METADATA_MAX)?;
        json.map_or(Ok(Held::new()), |json| serde_json::from_slice(&json).map_err(broken))
    }
}

impl Missing {
    /// One line that says it.
    pub fn line(&self) -> String {
        let Self { role, of_old_root, have, need, who } = self;
        let old = if *of_old_root { " (of those who sign for the root in use)" } else { "" };
        format!(
            "the role {}{old} has {have} of {need} signatures; ask for more: {}",
            role.name(),
            who.join(", ")
        )
    }
}

fn missing(request: &Request, held: &Held) -> Result<Vec<Missing>, Error> {
    let mut names = BTreeMap::new();
    for card in &request.cards {
        names.insert(card.id()?, card.name().to_owned());
    }
    let none = BTreeMap::new();
    let mut all = vec![];
    for role in request.bodies.keys().copied() {
        let held = held.get(&role).unwrap_or(&none);
        for group in request.groups(role)? {
            let (signed, unsigned): (Vec<&String>, Vec<&String>) =
                group.ids.iter().partition(|id| held.contains_key(*id));
            if signed.len() < group.threshold {
                let name = |id: &String| names.get(id).unwrap_or(id).clone();
                let who = unsigned.into_iter().map(name).collect();
                let (have, need) = (signed.len(), group.threshold);
                all.push(Missing { role, of_old_root: group.of_old_root, have, need, who });
            }
        }
    }
    Ok(all)
}

/// The repository with what was signed.
fn assemble(request: &Request, held: &Held) -> Result<Files, Error> {
    let signed = |role: RoleName| -> Result<Option<Vec<u8>>, Error> {
        let body: Option<&Value> = request.bodies.get(&role);
        let signatures = held.get(&role).into_iter().flatten();
        body.map(|body| tuf::envelope(body, signatures).map_err(Error::from)).transpose()
    };
    let mut files = request.base.as_ref().map(|(files, _)| files.clone()).unwrap_or_default();
    match (signed(RoleName::Root)?, request.base.is_some()) {
        (Some(root), true) => files.roots.push(root),
        (Some(root), false) => files.anchor = root,
        (None, _) => {}
    }
    let in_use = files.current.unwrap_or_default();
    files.current = Some(Current {
        timestamp: signed(RoleName::Timestamp)?.unwrap_or(in_use.timestamp),
        snapshot: signed(RoleName::Snapshot)?.unwrap_or(in_use.snapshot),
        targets: signed(RoleName::Targets)?.unwrap_or(in_use.targets),
        contents: request.contents.clone(),
        lists: BTreeSet::new(),
    });
    Ok(files)
}

/// Refreshes a new device, and one that has what is published.
fn tried(request: &Request, next: &Files, verified: &Verified, now: i64) -> Result<Change, Error> {
    let source = memory(next, verified);
    let device = || -> Result<Store, Error> {
        let device = Store::in_memory()?;
        device.anchor(&next.anchor)?;
        Ok(device)
    };
    device()?.refresh_from(&source, now)?;
    if let Some((files, verified)) = &request.base {
        tuf::refresh(files, &source, now)?;
        let device = device()?;
        // However long ago that was. What a device cannot take, none has.
        if device.refresh_from(&memory(files, verified), i64::MIN).is_ok() {
            device.refresh_from(&source, now)?;
        }
    }
    let before = request.base.as_ref().map(|(files, verified)| (files, verified));
    Ok(Change::between(before, (next, verified)))
}

fn memory(files: &Files, verified: &Verified) -> Memory {
    Memory(package::named(files, verified).map(|(name, bytes)| (name, bytes.to_vec())).collect())
}
