//! A record as a signed text: `HC1:` (of a general pass `PP1:`) + base45(zlib(COSE_Sign1(CWT))).
//!
//! The CBOR is deterministic (RFC 8949 §4.2.1), so the same record gives the same text.

use std::io::Write as _;

use ciborium::Value;
use coset::{CoseSign1Builder, HeaderBuilder, TaggedCborSerializable as _, iana};
use credential::general;
use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::authority::{Algorithm, Authority};
use crate::error::Error;
use crate::record::{Expiry, Facts, Record};
use crate::uvci;

mod course;
mod dcc;
mod pass;

/// What a health certificate's text starts with (eu-dcc-hcert-spec §3.1).
const PREFIX: &str = "HC1:";
/// Seconds of a day.
const DAY: i64 = 86_400;
/// The latest time that a pass may name: the end of the year 9999.
const MAX_TIME: i64 = 253_402_300_799;
/// What certificate ids are derived for, so that the key's other uses give other bytes.
const ID_LABEL: &[u8] = b"propusk certificate id";

/// A pass that was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// The text for the QR code.
    pub text: String,
    /// The certificate's identifier.
    pub id: String,
    /// Its place in the status list.
    pub status_index: u64,
    /// When it was issued, seconds UTC.
    pub issued_at: i64,
    /// First second of its validity, UTC.
    pub valid_from: i64,
    /// Last second of its validity, UTC.
    pub valid_until: i64,
}

impl Authority {
    /// The signed text of a pass for this record.
    ///
    /// `status_index` is its place in the authority's status list and must be its own;
    /// `issued_at` is the time of issue, seconds UTC. The same arguments give the same text.
    pub fn issue(&self, record: &Record, status_index: u64, issued_at: i64) -> Result<String, Error> {
        self.issue_pass(record, status_index, issued_at).map(|issued| issued.text)
    }

    /// [`Authority::issue`], with what was decided on the way.
    pub fn issue_pass(&self, record: &Record, status_index: u64, issued_at: i64) -> Result<Issued, Error> {
        let (valid_from, valid_until) = validity(record, issued_at)?;
        let issued = |text, id| Issued { text, id, status_index, issued_at, valid_from, valid_until };
        let mut claims = vec![(int(4), int(valid_until)), (int(6), int(issued_at))];
        if valid_from > issued_at {
            claims.push((int(5), int(valid_from)));
        }
        course::check(record, issued_at)?;
        if let Facts::General(general) = &record.facts {
            let (pass, id) = pass::payload(record, general, status_index, self.status_uri())?;
            claims.push((int(general::CLAIM), pass));
            return Ok(issued(self.sign(general::PREFIX, Value::Map(claims))?, id));
        }
        let id = match &record.id {
            Some(id) => id.clone(),
            None => self.certificate_id(status_index),
        };
        let dcc = dcc::payload(record, self, &id)?;
        claims.extend([
            (int(1), text(self.country())),
            (int(-260), Value::Map(vec![(int(1), dcc)])),
            (int(65_535), self.status_claim(status_index)),
        ]);
        Ok(issued(self.sign(PREFIX, Value::Map(claims))?, id))
    }

    /// The identifier of the certificate at this place: different for every place,
    /// and telling nobody the place.
    pub fn certificate_id(&self, status_index: u64) -> String {
        let random = self.signing_key().pseudorandom(ID_LABEL, status_index);
        let mut head = [0; 10];
        head.copy_from_slice(&random[..10]); // safe: 10 of 32
        uvci::from_random(self.country(), head)
    }

    /// Token Status List, §6.2 (`status_list` with `idx` and `uri`).
    fn status_claim(&self, index: u64) -> Value {
        let place = vec![(text("idx"), Value::Integer(index.into())), (text("uri"), text(self.status_uri()))];
        Value::Map(vec![(text("status_list"), Value::Map(place))])
    }

    /// Signs the claims and wraps them up as text.
    fn sign(&self, prefix: &str, claims: Value) -> Result<String, Error> {
        let algorithm = match self.algorithm() {
            Algorithm::EdDsa => iana::Algorithm::EdDSA,
            Algorithm::Es256 => iana::Algorithm::ES256,
        };
        let protected = HeaderBuilder::new().algorithm(algorithm).key_id(self.kid().0.clone()).build();
        let cose = CoseSign1Builder::new()
            .protected(protected)
            .payload(encode(claims)?)
            .create_signature(&[], |message| self.signing_key().sign(message))
            .build()
            .to_tagged_vec()
            .map_err(|error| Error::Encoding(error.to_string()))?;
        Ok(format!("{prefix}{}", base45::encode(deflate(&cose)?)))
    }
}

/// First and last second of a pass.
fn validity(record: &Record, issued_at: i64) -> Result<(i64, i64), Error> {
    let from = record.valid_from.unwrap_or(issued_at).max(issued_at);
    let until = match record.expiry {
        Expiry::At(second) => second,
        Expiry::Days(days) => from.saturating_add(i64::from(days) * DAY),
    };
    if until <= from {
        // What the register says is the first that a person can correct.
        let from = record.valid_from.filter(|said| until <= *said).unwrap_or(from);
        return Err(Error::NeverValid { from, until });
    }
    if issued_at < 0 || until > MAX_TIME {
        return Err(Error::field("valid_until", "must lie between the years 1970 and 9999"));
    }
    Ok((from, until))
}

/// Deterministic CBOR.
fn encode(value: Value) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::with_capacity(512);
    ciborium::into_writer(&sorted(value)?, &mut bytes).map_err(|error| Error::Encoding(error.to_string()))?;
    Ok(bytes)
}

/// Map keys in the bytewise order of their encodings (RFC 8949 §4.2.1).
fn sorted(value: Value) -> Result<Value, Error> {
    Ok(match value {
        Value::Map(entries) => {
            let mut keyed = Vec::with_capacity(entries.len());
            for (key, value) in entries {
                let mut bytes = Vec::new();
                ciborium::into_writer(&key, &mut bytes)
                    .map_err(|error| Error::Encoding(error.to_string()))?;
                keyed.push((bytes, key, sorted(value)?));
            }
            keyed.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Map(keyed.into_iter().map(|(_, key, value)| (key, value)).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect::<Result<_, _>>()?),
        other => other,
    })
}

fn deflate(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(bytes.len()), Compression::best());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .map_err(|error| Error::Encoding(error.to_string()))
}

fn int(number: i64) -> Value {
    Value::Integer(number.into())
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}
