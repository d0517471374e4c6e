//! What the roles sign (TUF 1.0 §4.3 to §4.6), before anybody has signed it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::error::Refusal;
use crate::hex;
use crate::tuf::{self, SIGNED_AT};

const SPEC_VERSION: &str = "1.0.31";

/// A role as a root names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedRole {
    pub name: &'static str,
    pub ids: Vec<String>,
    pub threshold: usize,
}

/// Who signs for what: the roles, and the public keys by their ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Roster {
    pub roles: Vec<NamedRole>,
    pub keys: Map<String, Value>,
}

/// When something is signed and for how long it holds, seconds UTC and seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signing {
    pub version: u64,
    pub now: i64,
    pub term: i64,
}

pub(crate) fn root(roster: &Roster, signing: Signing) -> Result<Value, Refusal> {
    let mut body = body("root", signing)?;
    body["consistent_snapshot"] = json!(true);
    body["keys"] = Value::Object(roster.keys.clone());
    for role in &roster.roles {
        body["roles"][role.name] = json!({"keyids": role.ids, "threshold": role.threshold});
    }
    Ok(body)
}

/// Pins these files.
pub(crate) fn targets(contents: &BTreeMap<String, Vec<u8>>, signing: Signing) -> Result<Value, Refusal> {
    let mut body = body("targets", signing)?;
    let pins = contents.iter().map(|(name, bytes)| (name.clone(), pin(bytes)));
    body["targets"] = Value::Object(pins.collect());
    Ok(body)
}

/// Pins the targets role's file of this version, and its bytes where they are known.
pub(crate) fn snapshot(targets: u64, bytes: Option<&[u8]>, signing: Signing) -> Result<Value, Refusal> {
    let mut body = body("snapshot", signing)?;
    body["meta"]["targets.json"] = versioned(bytes, targets);
    Ok(body)
}

/// Pins the snapshot of this version, and its bytes where they are known.
pub(crate) fn timestamp(snapshot: u64, bytes: Option<&[u8]>, signing: Signing) -> Result<Value, Refusal> {
    let mut body = body("timestamp", signing)?;
    body["meta"]["snapshot.json"] = versioned(bytes, snapshot);
    Ok(body)
}

/// What every role's metadata begins with (TUF 1.0 §4.3).
fn body(role: &str, signing: Signing) -> Result<Value, Refusal> {
    let Signing { version, now, term } = signing;
    Ok(json!({
        "_type": role,
        "spec_version": SPEC_VERSION,
        "version": version,
        "expires": tuf::time(now.saturating_add(term))?,
        SIGNED_AT: now,
    }))
}

fn pin(bytes: &[u8]) -> Value {
    json!({"length": bytes.len(), "hashes": {"sha256": hex::encode(&Sha256::digest(bytes))}})
}

/// Length and hashes may be left out (TUF 1.0 §4.4): the version alone pins what only one group can sign.
fn versioned(bytes: Option<&[u8]>, version: u64) -> Value {
    let mut pin = bytes.map_or_else(|| json!({}), pin);
    pin["version"] = json!(version);
    pin
}
