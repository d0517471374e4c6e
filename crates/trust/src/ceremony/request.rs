//! What is to be signed, in one file, and the signatures that come back.
//!
//! A request is a zip file: `request.json`, the repository as it is published now, and the new
//! files. Whoever signs sees for themselves what changes, and needs nobody's word for it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::card::Card;
use super::plan::RoleName;
use super::{Signer, review};
use crate::error::{Error, Refusal};
use crate::package;
use crate::publish;
use crate::source::{Archive, Source};
use crate::tuf::{self, Files, METADATA_MAX, Verified};
use crate::{hex, target};

/// The formats that this version reads and writes.
const REQUEST: &str = "propusk-signing-request/1";
const SIGNATURES: &str = "propusk-signatures/1";
/// The file in a request that says what is to be signed.
const NAME: &str = "request.json";
/// Largest `request.json`, in bytes: four roles and everybody's cards.
const SIZE_MAX: usize = 5 * METADATA_MAX;
/// Largest file of signatures, in bytes. Ours have under two thousand.
const SIGNATURES_MAX: usize = 64 * 1024;

/// The parts of roles that are to be signed, and what they are about.
#[derive(Clone, Debug)]
pub struct Request {
    /// The repository as it is published, verified; `None` before the first time.
    pub(super) base: Option<(Files, Verified)>,
    pub(super) bodies: BTreeMap<RoleName, Value>,
    pub(super) cards: Vec<Card>,
    /// Every file that the new targets role lists; those in use where it is not signed anew.
    pub(super) contents: BTreeMap<String, Vec<u8>>,
}

/// One person's signatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signatures {
    format: String,
    /// Whose they are.
    pub signer: Card,
    pub(super) signatures: Vec<Signature>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Signature {
    pub role: RoleName,
    /// SHA-256 of what was signed, lower-case hexadecimal: to tell which request they answer.
    pub message: String,
    /// Ed25519, lower-case hexadecimal.
    pub signature: String,
}

/// Signers of whom a number must sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// Whether it is that of the root in use, which has to hand over to the next.
    pub of_old_root: bool,
    pub ids: Vec<String>,
    pub threshold: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestFile {
    format: String,
    bodies: BTreeMap<RoleName, Value>,
    cards: Vec<Card>,
}

impl Request {
    /// Reads a request. What is published in it is verified from its own first root on; whose that is, the
    /// signer compares ([`super::Review::authority`]).
    pub fn read(zip: Vec<u8>) -> Result<Self, Error> {
        let archive = Archive::new(zip)?;
        let json = archive.read(NAME, SIZE_MAX)?.ok_or_else(|| no_request("it has no request.json"))?;
        let file: RequestFile =
            serde_json::from_slice(&json).map_err(|error| no_request(&error.to_string()))?;
        if file.format != REQUEST {
            return Err(no_request(&format!("its format is {:.40}", file.format)));
        }
        file.cards.iter().try_for_each(Card::check)?;
        let base = publish::published_in(&archive)?;
        let in_use =
            base.as_ref().and_then(|(files, _)| files.current.as_ref()).map(|current| &current.contents);
        let contents = match file.bodies.get(&RoleName::Targets) {
            Some(targets) => listed(targets, &archive)?,
            None => in_use.cloned().unwrap_or_default(),
        };
        let request = Self { base, bodies: file.bodies, cards: file.cards, contents };
        review::check(&request)?;
        Ok(request)
    }

    /// The file.
    pub(super) fn to_zip(&self) -> Result<Vec<u8>, Error> {
        let file =
            RequestFile { format: REQUEST.into(), bodies: self.bodies.clone(), cards: self.cards.clone() };
        let json = serde_json::to_vec_pretty(&file).map_err(|error| no_request(&error.to_string()))?;
        let published = self.base.iter().flat_map(|(files, verified)| package::named(files, verified));
        let mut files: BTreeMap<String, &[u8]> = published.collect();
        files
            .extend(self.contents.iter().map(|(name, bytes)| (package::path(name, bytes), bytes.as_slice())));
        files.insert(NAME.into(), &json);
        package::pack(&files.into_iter().collect::<Vec<_>>())
    }

    /// Signs for every role that this key is asked for. Refused where that is none.
    pub fn sign(&self, signer: &dyn Signer, name: &str) -> Result<Signatures, Error> {
        let card = Card::new(name, &signer.public_key())?;
        let id = card.id()?;
        let mut signatures = vec![];
        for role in self.bodies.keys().copied() {
            if !self.groups(role)?.iter().any(|group| group.ids.contains(&id)) {
                continue;
            }
            let message = self.message(role)?;
            let signature = signer.sign(&message).map_err(Error::Ceremony)?;
            let message = hex::encode(&Sha256::digest(&message));
            signatures.push(Signature { role, message, signature: hex::encode(&signature) });
        }
        if signatures.is_empty() {
            let line = "this key is not asked to sign anything in this request; take the key whose card the coordinator has";
            return Err(Error::Ceremony(line.into()));
        }
        Ok(Signatures { format: SIGNATURES.into(), signer: card, signatures })
    }

    /// The roles that a key of this id is asked to sign for.
    pub fn roles_of(&self, id: &str) -> Result<Vec<RoleName>, Error> {
        let mut roles = vec![];
        for role in self.bodies.keys().copied() {
            if self.groups(role)?.iter().any(|group| group.ids.iter().any(|known| known == id)) {
                roles.push(role);
            }
        }
        Ok(roles)
    }

    /// The canonical bytes that are signed for a role (TUF 1.0 §4.2).
    pub(super) fn message(&self, role: RoleName) -> Result<Vec<u8>, Error> {
        let body = self.bodies.get(&role).ok_or_else(|| no_request("a role is not in it"))?;
        Ok(tuf::message(body)?)
    }

    /// Whose signatures a role needs. A new root needs those of the root in use as well (TUF 1.0 §5.3.4).
    pub(super) fn groups(&self, role: RoleName) -> Result<Vec<Group>, Error> {
        let old = self.base.as_ref().map(|(files, _)| files.roots.last().unwrap_or(&files.anchor));
        let old: Option<Value> = match old {
            Some(root) => Some(serde_json::from_slice(root).map_err(|error| no_request(&error.to_string()))?),
            None => None,
        };
        let old = old.as_ref().map(|root| &root["signed"]);
        let new = self.bodies.get(&RoleName::Root);
        let group = |root: &Value, of_old_root| group(root, role, of_old_root);
        match (role, old, new) {
            (RoleName::Root, Some(old), Some(new)) => Ok(vec![group(old, true)?, group(new, false)?]),
            (_, _, Some(root)) | (_, Some(root), None) => Ok(vec![group(root, false)?]),
            (_, None, None) => Err(no_request("it has no root")),
        }
    }
}

impl Signatures {
    /// Reads what [`Self::to_json`] wrote. Nothing is verified by this.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let reject = |reason: &str| {
            Error::Ceremony(format!("this is no file of signatures ({reason}); ask the signer for it again"))
        };
        if json.len() > SIGNATURES_MAX {
            return Err(reject(&format!("over {SIGNATURES_MAX} bytes")));
        }
        let signatures: Self = serde_json::from_slice(json).map_err(|error| reject(&error.to_string()))?;
        if signatures.format != SIGNATURES {
            return Err(reject(&format!("its format is {:.40}", signatures.format)));
        }
        signatures.signer.check()?;
        Ok(signatures)
    }

    /// The file.
    pub fn to_json(&self) -> Vec<u8> {
        // safe: strings always serialise
        serde_json::to_vec_pretty(self).unwrap_or_default()
    }
}

/// The files that a targets role lists, each with the hash that it lists.
fn listed(targets: &Value, archive: &Archive) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let files = targets["targets"].as_object().ok_or_else(|| no_request("its targets list nothing"))?;
    let mut contents = BTreeMap::new();
    let length = |pin: &Value| pin["length"].as_u64().and_then(|length| usize::try_from(length).ok());
    let lengths = files.iter().map(|(name, pin)| (name.as_str(), length(pin).unwrap_or(usize::MAX)));
    // Before any of them is unpacked.
    target::check(lengths)?;
    for (name, pin) in files {
        let hash = pin["hashes"]["sha256"].as_str().unwrap_or_default();
        let path = format!("targets/{hash}.{name}");
        let other = || no_request(&format!("{name} is not what its targets list"));
        let bytes = match archive.read(&path, length(pin).unwrap_or_default()) {
            Err(Error::Refused(Refusal::TooLarge { .. })) => return Err(other()),
            bytes => bytes?.ok_or(Refusal::Missing(path))?,
        };
        if hex::encode(&Sha256::digest(&bytes)) != hash || pin["length"] != bytes.len() {
            return Err(other());
        }
        contents.insert(name.clone(), bytes);
    }
    Ok(contents)
}

fn group(root: &Value, role: RoleName, of_old_root: bool) -> Result<Group, Error> {
    let role = &root["roles"][role.name()];
    let ids = role["keyids"]
        .as_array()
        .map(|ids| ids.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    let threshold = role["threshold"].as_u64().and_then(|threshold| usize::try_from(threshold).ok());
    match (ids, threshold) {
        (Some(ids), Some(threshold)) => Ok(Group { of_old_root, ids, threshold }),
        _ => Err(no_request("its root does not name the roles")),
    }
}

pub(super) fn no_request(reason: &str) -> Error {
    Error::Ceremony(format!("this is no request for signatures ({reason}); ask the coordinator for it again"))
}
