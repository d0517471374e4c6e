//! What a signer is about to sign, in a form that people can read.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::plan::RoleName;
use super::request::{Request, no_request};
use super::shown;
use crate::change::{KeyChanges, TargetChanges};
use crate::document::KeySetDocument;
use crate::error::Error;
use crate::hex;
use crate::store::revocations;
use crate::target::KEYS;
use crate::tuf::{self, Current, Files, SIGNED_AT};

/// What a request asks to sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Review {
    /// The SHA-256 of the authority's first root, lower-case hexadecimal; `None` where this is the first.
    pub authority: Option<String>,
    /// Each role that is signed.
    pub roles: Vec<RoleReview>,
    /// Who signs for each role from now on; empty where the root is not signed anew.
    pub holders: Vec<HolderReview>,
    /// Which issuers' keys come, go, or differ.
    pub keys: KeyChanges,
    /// Which other files come, go, or differ.
    pub targets: TargetChanges,
    /// How many issuers' keys there are then.
    pub key_count: usize,
}

/// A role that is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoleReview {
    /// Which.
    pub role: RoleName,
    /// The version that it gets.
    pub version: u64,
    /// The time that it says it was signed at, seconds UTC.
    pub signed_at: i64,
    /// Until when it holds, as it says it (TUF 1.0 §4.2.1).
    pub expires: String,
}

impl RoleReview {
    /// Until when it holds, seconds UTC; `None` where what it says is no time.
    pub fn expires_at(&self) -> Option<i64> {
        tuf::seconds(&self.expires)
    }
}

/// Who signs for a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HolderReview {
    /// Which role.
    pub role: RoleName,
    /// How many must sign.
    pub threshold: usize,
    /// Their names, as the coordinator says them, each with the key id.
    pub signers: Vec<(String, String)>,
}

impl Request {
    /// What this asks to sign. The request was checked when it was read: its parts belong together, and each
    /// version is the one after that which is published.
    pub fn review(&self) -> Result<Review, Error> {
        let before = match self.base.as_ref() {
            Some((_, verified)) => &verified.document.keys[..],
            None => &[],
        };
        let after = KeySetDocument::parse(self.contents.get(KEYS).map_or(&[][..], Vec::as_slice))
            .map_err(crate::Refusal::from)?;
        let contents = Current { contents: self.contents.clone(), ..Current::default() };
        let proposed = Files { current: Some(contents), ..Files::default() };
        Ok(Review {
            authority: self.base.as_ref().map(|(files, _)| hex::encode(&Sha256::digest(&files.anchor))),
            roles: self.bodies.iter().map(|(role, body)| role_review(*role, body)).collect(),
            holders: self.holders()?,
            keys: KeyChanges::between(before, &after.keys),
            targets: TargetChanges::between(self.base.as_ref().map(|(files, _)| files), &proposed),
            key_count: after.keys.len(),
        })
    }

    fn holders(&self) -> Result<Vec<HolderReview>, Error> {
        if !self.bodies.contains_key(&RoleName::Root) {
            return Ok(vec![]);
        }
        let mut names = BTreeMap::new();
        for card in &self.cards {
            names.insert(card.id()?, card.name().to_owned());
        }
        let review = |role| {
            let groups = self.groups(role)?;
            let group = groups.last().ok_or_else(|| no_request("it has no root"))?;
            let name = |id: &String| (names.get(id).cloned().unwrap_or_default(), id.clone());
            Ok(HolderReview {
                role,
                threshold: group.threshold,
                signers: group.ids.iter().map(name).collect(),
            })
        };
        RoleName::ALL.into_iter().map(review).collect()
    }
}

/// Whether the parts belong together: each of its own kind, of the version after the published one, and
/// pinning the others, with nothing in it that is not shown.
pub(super) fn check(request: &Request) -> Result<(), Error> {
    let versions = request.base.as_ref().map_or([0; 4], |(_, verified)| {
        let [timestamp, snapshot, targets] = verified.versions;
        [verified.root.version, timestamp, snapshot, targets]
    });
    let published: BTreeMap<RoleName, u64> = RoleName::ALL.into_iter().zip(versions).collect();
    let version = |role| request.bodies.get(&role).map_or(published[&role], |body| number(&body["version"]));
    for (role, body) in &request.bodies {
        let name = role.name();
        if body["_type"] != name
            || version(*role) != published[role] + 1
            || body[SIGNED_AT].as_i64().is_none()
        {
            return Err(no_request(&format!("its {name} does not follow what is published")));
        }
        tuf::message(body)?;
    }
    let pins = [
        (RoleName::Snapshot, "targets.json", RoleName::Targets),
        (RoleName::Timestamp, "snapshot.json", RoleName::Snapshot),
    ];
    for (role, file, pinned) in pins {
        let pin = request.bodies.get(&role).map(|body| number(&body["meta"][file]["version"]));
        if pin.is_some_and(|pin| pin != version(pinned))
            || (pin.is_none() && request.bodies.contains_key(&pinned))
        {
            return Err(no_request(&format!("its {} does not name its {}", role.name(), pinned.name())));
        }
    }
    if request.base.is_none() && request.bodies.len() != RoleName::ALL.len() {
        return Err(no_request("nothing is published yet, and a role is missing"));
    }
    if !request.contents.contains_key(KEYS) {
        return Err(no_request("it has no keys.json"));
    }
    // What no device could use, nobody shall sign.
    revocations::among(&request.contents)?;
    shown::check(request)
}

/// Each role of what is published and verified.
pub(super) fn of_published(files: &Files) -> Vec<RoleReview> {
    let Some(current) = &files.current else { return vec![] };
    let parts = [
        (RoleName::Root, files.roots.last().unwrap_or(&files.anchor)),
        (RoleName::Targets, &current.targets),
        (RoleName::Snapshot, &current.snapshot),
        (RoleName::Timestamp, &current.timestamp),
    ];
    let review = |(role, json): (RoleName, &Vec<u8>)| {
        // safe: it was read when it was verified
        let file: Value = serde_json::from_slice(json).unwrap_or_default();
        role_review(role, &file["signed"])
    };
    parts.into_iter().map(review).collect()
}

fn role_review(role: RoleName, body: &Value) -> RoleReview {
    RoleReview {
        role,
        version: number(&body["version"]),
        signed_at: body[SIGNED_AT].as_i64().unwrap_or_default(),
        expires: body["expires"].as_str().unwrap_or_default().to_owned(),
    }
}

pub(super) fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}
