//! An entry as text: what a row of a table and a JSON object have in common, and lines of bounded length.

use std::io::{self, BufRead, Read};

use scanlog::entry::is_word;
use scanlog::{Leaf, NewEntry, Outcome};
use serde::{Deserialize, Serialize};

use super::{BadRow, Take};
use crate::{from_hex, hex, rfc3339, seconds};

/// The longest line that is read, in bytes: four times the longest that is written.
pub const MAX_LINE: u64 = 4096;

/// The fields of a leaf. One whose content was erased has its `index` and its `leaf` alone.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    pub index: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demo: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_set_version: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    pub leaf: String,
}

impl Fields {
    /// Those of this leaf.
    pub fn of(leaf: &Leaf) -> Self {
        let mut fields = Self { index: leaf.index, leaf: hex(&leaf.hash), ..Self::default() };
        if let Some((entry, salt)) = &leaf.content {
            fields.at = Some(rfc3339(entry.at));
            fields.outcome = Some(entry.outcome.name().to_owned());
            fields.reason = Some(entry.reason.clone());
            fields.stage = Some(entry.stage.clone());
            fields.kind.clone_from(&entry.kind);
            fields.operator = entry.operator;
            fields.demo = Some(entry.demo);
            fields.key_set_version = Some(entry.key_set_version);
            fields.person = entry.person.map(|hash| hex(&hash));
            fields.identity = entry.identity.map(|hash| hex(&hash));
            fields.salt = Some(hex(salt));
        }
        fields
    }

    /// The leaf, or the name of the first field that is wrong.
    pub fn leaf(self) -> Result<Leaf, &'static str> {
        let (index, hash) = (self.index, from_hex(&self.leaf).ok_or("leaf")?);
        if self.is_erased() {
            return Ok(Leaf { index, content: None, hash });
        }
        let word = |text: Option<String>, name| text.filter(|text| is_word(text)).ok_or(name);
        let hash_of =
            |digits: Option<String>, name| digits.map(|digits| from_hex(&digits).ok_or(name)).transpose();
        let outcome = self.outcome.as_deref();
        let entry = NewEntry {
            at: self.at.as_deref().and_then(seconds).ok_or("at")?,
            outcome: Outcome::ALL.into_iter().find(|o| Some(o.name()) == outcome).ok_or("outcome")?,
            reason: word(self.reason, "reason")?,
            stage: word(self.stage, "stage")?,
            kind: self.kind.map(|kind| word(Some(kind), "kind")).transpose()?,
            identity: hash_of(self.identity, "identity")?,
            person: hash_of(self.person, "person")?,
            key_set_version: self.key_set_version.ok_or("key_set_version")?,
            demo: self.demo.ok_or("demo")?,
            operator: self.operator,
        };
        let salt = hash_of(self.salt, "salt")?.ok_or("salt")?;
        Ok(Leaf { index, content: Some((entry, salt)), hash })
    }

    fn is_erased(&self) -> bool {
        let texts = [
            &self.at,
            &self.outcome,
            &self.reason,
            &self.stage,
            &self.kind,
            &self.person,
            &self.identity,
            &self.salt,
        ];
        let numbers = self.operator.is_some() || self.demo.is_some() || self.key_set_version.is_some();
        !numbers && texts.into_iter().all(Option::is_none)
    }
}

/// Calls `read` with the bytes of every line and hands its leaf on. A line that is too long ends the reading:
/// what follows it is no export of ours.
pub fn each(
    mut input: impl BufRead,
    take: Take<'_>,
    mut read: impl FnMut(u64, &str) -> Option<Result<Leaf, String>>,
) -> io::Result<()> {
    let (mut bytes, mut place) = (vec![], 0);
    loop {
        bytes.clear();
        if input.by_ref().take(MAX_LINE).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(());
        }
        place += 1;
        let bad = |what: String| Err(BadRow { place, what });
        if bytes.len() as u64 == MAX_LINE && !bytes.ends_with(b"\n") {
            take(bad(format!("longer than {MAX_LINE} bytes, nothing behind it is read")));
            return Ok(());
        }
        let row = match std::str::from_utf8(&bytes) {
            Ok(text) => read(place, text.trim_end_matches(['\r', '\n'])),
            Err(_) => Some(Err("no text".to_owned())),
        };
        if !row.is_none_or(|row| take(row.or_else(bad))) {
            return Ok(());
        }
    }
}
