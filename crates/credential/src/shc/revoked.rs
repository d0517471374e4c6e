//! Lists of revoked cards as their issuers publish them (smarthealth.cards, "Revocation").

use std::collections::BTreeMap;

use serde_json::Value;

use crate::json;
use crate::pass::Pass;
use crate::{Revocation, Revoked, Unreadable};

/// The most entries of one list: our own limit, some megabytes.
const MAX_ENTRIES: usize = 200_000;

/// One key's list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RevokedCards {
    kid: String,
    /// By `rid`: before which second cards are revoked; `None` where all are.
    rids: BTreeMap<String, Option<i64>>,
}

/// Why a list cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadList(&'static str);

impl RevokedCards {
    /// Reads `{"kid", "method": "rid", "ctr", "rids": ["…", "….seconds"]}`.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn parse(list: &[u8]) -> Result<Self, BadList> {
        let list = json::parse(list).map_err(|_| BadList("no JSON"))?;
        if list.get("method").and_then(Value::as_str) != Some("rid") {
            return Err(BadList("its method is not \"rid\""));
        }
        let kid = list.get("kid").and_then(Value::as_str).ok_or(BadList("it names no key"))?.to_owned();
        let rids = list.get("rids").and_then(Value::as_array).ok_or(BadList("it has no \"rids\""))?;
        if rids.len() > MAX_ENTRIES {
            return Err(BadList("it is too long"));
        }
        let mut cards = Self { kid, rids: BTreeMap::new() };
        for rid in rids {
            let entry = rid.as_str().and_then(entry).ok_or(BadList("an entry is no revoked card"))?;
            cards.add(entry);
        }
        Ok(cards)
    }

    /// Of two entries for one `rid` the one that revokes more counts.
    fn add(&mut self, (rid, before): (String, Option<i64>)) {
        let known = self.rids.entry(rid).or_insert(before);
        *known = known.zip(before).map(|(one, other)| one.max(other));
    }
}

impl Revocation for RevokedCards {
    fn revoked(&self, pass: &Pass) -> Result<Option<Revoked>, Unreadable> {
        let Some(card) = pass.card.as_ref().filter(|card| card.kid == self.kid) else { return Ok(None) };
        let before = self.rids.get(&card.rid);
        let hit =
            before.is_some_and(|before| before.is_none_or(|at| pass.not_before.is_none_or(|nbf| nbf < at)));
        Ok(hit.then(|| Revoked { list: format!("crl/{}.json", self.kid) }))
    }
}

/// `rid`, or `rid.seconds`.
fn entry(text: &str) -> Option<(String, Option<i64>)> {
    let (rid, before) = match text.split_once('.') {
        Some((rid, seconds)) => (rid, Some(seconds.parse().ok()?)),
        None => (text, None),
    };
    (!rid.is_empty() && is_rid(rid)).then(|| (rid.to_owned(), before))
}

/// The alphabet of base64url.
pub(super) fn is_rid(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

impl std::fmt::Display for BadList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no list of revoked cards: {}", self.0)
    }
}

impl std::error::Error for BadList {}
