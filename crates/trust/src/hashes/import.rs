//! What others publish of revoked certificates, as hashes of ours. Pure: nothing is trusted by it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use credential::Kid;
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Hash, Kind, hash};
use crate::hex;

/// What the EU's gateway writes where a batch's key is not known.
const UNKNOWN_KID: &str = "UNKNOWN_KID";
/// The last second of the year 9999.
const LAST_TIME: i64 = 253_402_300_799;

/// Why a file of others cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Not JSON with the members of a batch.
    #[error("not a revocation batch ({0}); it has to be the JSON of the EU gateway, without its signature")]
    Json(String),
    /// A batch with a member of another form.
    #[error("batch {batch}: {problem}; correct it")]
    Batch {
        /// Which, from 1.
        batch: usize,
        /// What is wrong.
        problem: String,
    },
    /// A line that is no hash.
    #[error("line {line}: {problem}; correct it")]
    Line {
        /// Which, from 1.
        line: usize,
        /// What is wrong.
        problem: &'static str,
    },
}

/// A batch of the EU's gateway (Implementing Decision (EU) 2022/483, annex; dgc-gateway,
/// `RevocationBatchDto`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Whose: ISO 3166-1 alpha-2.
    pub country: String,
    /// When it need not be kept any more, seconds UTC.
    pub expires: i64,
    /// The key that signed the certificates, where it is known.
    pub kid: Option<Kid>,
    /// What is hashed.
    pub kind: Kind,
    /// The hashes.
    pub hashes: Vec<Hash>,
}

/// The batches of a JSON text: one, an array of them, or several one after another. Members that
/// are not a batch's are passed over: the format is others'.
pub fn batches(json: &[u8]) -> Result<Vec<Batch>, ImportError> {
    let written: serde_json::Result<Vec<Written>> = match json.trim_ascii_start().first() {
        Some(b'[') => serde_json::from_slice(json),
        _ => serde_json::Deserializer::from_slice(json).into_iter().collect(),
    };
    let written = written.map_err(|error| ImportError::Json(error.to_string()))?;
    if written.is_empty() {
        return Err(ImportError::Json("there is none".into()));
    }
    let read = |(batch, written): (usize, Written)| {
        written.read().map_err(|problem| ImportError::Batch { batch, problem })
    };
    (1..).zip(written).map(read).collect()
}

/// The hashes of a text with one a line: 32 hexadecimal digits, or 16 bytes in base64, and where
/// it is identifiers that are hashed ([`Kind::Uci`]) an identifier too, told by its colon. Empty
/// lines are passed over.
pub fn lines(text: &str, kind: Kind) -> Result<Vec<Hash>, ImportError> {
    let mut hashes = vec![];
    for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let line = line.trim();
        if !line.is_empty() {
            hashes.push(of_line(line, kind).map_err(|problem| ImportError::Line { line: number, problem })?);
        }
    }
    Ok(hashes)
}

fn of_line(line: &str, kind: Kind) -> Result<Hash, &'static str> {
    match (kind, line.contains(':')) {
        (Kind::Uci, true) => return Ok(hash(line.as_bytes())),
        (_, true) => return Err("an identifier in a list of other hashes"),
        (_, false) => {}
    }
    let bytes = hex::decode(&line.to_ascii_lowercase()).or_else(|| STANDARD.decode(line).ok());
    bytes.and_then(|bytes| bytes.try_into().ok()).ok_or("no hash of 16 bytes in hexadecimal or base64")
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    country: String,
    expires: String,
    kid: String,
    hash_type: String,
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    hash: String,
}

impl Written {
    fn read(self) -> Result<Batch, String> {
        if !crate::document::is_country(&self.country) {
            return Err("`country` is not two capital letters".into());
        }
        let expires = OffsetDateTime::parse(&self.expires, &Rfc3339).map(OffsetDateTime::unix_timestamp);
        let kind = match self.hash_type.as_str() {
            "UCI" => Kind::Uci,
            "COUNTRYCODEUCI" => Kind::CountryUci,
            "SIGNATURE" => Kind::Signature,
            _ => return Err("`hashType` is none of UCI, COUNTRYCODEUCI and SIGNATURE".into()),
        };
        let kid = match self.kid.as_str() {
            UNKNOWN_KID => None,
            kid => Some(Kid(STANDARD.decode(kid).map_err(|_| "`kid` is not base64")?)),
        };
        Ok(Batch {
            country: self.country,
            expires: expires.map_err(|_| "`expires` is no RFC 3339 time")?.min(LAST_TIME),
            kid,
            kind,
            hashes: (1..).zip(&self.entries).map(Entry::read).collect::<Result<_, _>>()?,
        })
    }
}

impl Entry {
    fn read((number, entry): (usize, &Self)) -> Result<Hash, String> {
        let bytes = STANDARD.decode(&entry.hash).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.ok_or_else(|| format!("entry {number} is not 16 bytes in base64"))
    }
}
