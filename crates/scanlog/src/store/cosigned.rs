//! What goes to a witness, and what comes back.

use rusqlite::OptionalExtension;

use super::reader::{bytes, clamp, unsigned};
use super::{Log, Reader, schema};
use crate::audit::{CosignedRow, Witnessed};
use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::cosignature::Cosigner;
use crate::error::{At, Error};
use crate::note::{Note, NoteError, Verifier};
use crate::tree;
use crate::witness::{Answer, Request};

/// The most cosignatures that one log keeps and a verification reads: one a day for 27 years.
const MAX_COSIGNATURES: u32 = 10_000;

/// How many of the latest cosignatures are looked at for one that holds: seldom more than the first.
const LATEST: u32 = 8;

/// Why a witness's answer is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAnswer {
    /// This log's own head does not hold in it, or it is another log's.
    #[error("its head is not one that this log has signed ({0}): was it made for another station?")]
    Head(CheckpointError),
    /// The witness's signature does not hold.
    #[error("the signature of the witness does not hold ({0}): scan it again")]
    Signature(NoteError),
    /// A head that this log's own key signed, and that this log does not go on from.
    #[error(
        "{name} has cosigned {size} entries that are not in this log: it was put back from a backup, or another device signs with its key. Set up a new station with a name of its own, and keep this log for the inspector"
    )]
    OtherHistory {
        /// Who.
        name: String,
        /// How many entries.
        size: u64,
    },
    /// Nobody has said yet that this witness is an inspector.
    #[error(
        "{name} (key {key}) has not cosigned here before: compare the key with the inspector's own device, then take it as a new witness"
    )]
    NewWitness {
        /// Who.
        name: String,
        /// The key's id.
        key: String,
    },
    /// As many as are kept.
    #[error(
        "the log has {MAX_COSIGNATURES} cosignatures already: set up a new station in another folder, and keep this one for the inspector"
    )]
    Full,
}

impl Reader {
    /// What a witness that has seen `old` entries needs to cosign the head as it is now.
    pub fn witness_request(&self, verifier: Verifier, old: u64) -> Result<Request, Error> {
        let _snapshot = self.connection.unchecked_transaction().at(&self.path)?;
        let note = self.checkpoint()?;
        let head = Checkpoint::unverified(&note).map_err(|why| self.corrupt(&format!("its head: {why}")))?;
        // A witness that has seen more entries than there are has to be told of those that there are.
        let proof = tree::consistency_proof(self, old.min(head.size), head.size)?.unwrap_or_default();
        Ok(Request { verifier, old, proof, note })
    }

    /// What each witness has cosigned last, by name and key. Not verified: [`Reader::verify`] does that.
    pub fn witnesses(&self) -> Result<Vec<Witnessed>, Error> {
        if !schema::has_cosignatures(&self.connection).at(&self.path)? {
            return Ok(vec![]);
        }
        let sql =
            "SELECT max(size), name, key, max(at) FROM cosignature GROUP BY name, key ORDER BY name, key";
        let mut statement = self.connection.prepare_cached(sql).at(&self.path)?;
        let mut rows = statement.query([]).at(&self.path)?;
        let mut witnesses = vec![];
        while let Some(row) = rows.next().at(&self.path)? {
            let key = bytes(row, 2).and_then(|key| ed25519_dalek::VerifyingKey::from_bytes(&key).ok());
            let key = key.ok_or_else(|| self.corrupt("a witness's key"))?;
            let name: String = row.get(1).at(&self.path)?;
            crate::note::checked_name(&name).map_err(|_| self.corrupt("a witness's name"))?;
            let (size, at) = (unsigned(row, 0).at(&self.path)?, row.get(3).at(&self.path)?);
            witnesses.push(Witnessed { witness: Cosigner { name, key }, size, at });
        }
        Ok(witnesses)
    }

    /// Every stored cosignature, the smallest first.
    pub(super) fn cosigned_rows(&self) -> Result<Vec<CosignedRow>, Error> {
        if !schema::has_cosignatures(&self.connection).at(&self.path)? {
            return Ok(vec![]);
        }
        let sql = format!(
            "SELECT size, name, key, note FROM cosignature ORDER BY size, id LIMIT {MAX_COSIGNATURES}"
        );
        let mut statement = self.connection.prepare_cached(&sql).at(&self.path)?;
        let rows = statement.query_map([], |row| {
            Ok(CosignedRow {
                size: unsigned(row, 0)?,
                name: row.get(1)?,
                key: bytes(row, 2),
                note: row.get(3)?,
            })
        });
        rows.and_then(Iterator::collect).at(&self.path)
    }
}

impl Log {
    /// The latest time that a cosignature here holds for, seconds UTC.
    pub fn last_cosigned(&self) -> Result<Option<i64>, Error> {
        let sql = "SELECT size, name, key, note FROM cosignature ORDER BY at DESC LIMIT ?1";
        let mut statement = self.connection.prepare_cached(sql).at(&self.path)?;
        let rows = statement.query_map([LATEST], |row| {
            Ok(CosignedRow {
                size: unsigned(row, 0)?,
                name: row.get(1)?,
                key: bytes(row, 2),
                note: row.get(3)?,
            })
        });
        let rows: Vec<_> = rows.and_then(Iterator::collect).at(&self.path)?;
        let time = |row: &CosignedRow| row.open(&self.origin, &self.verifying_key()).ok();
        Ok(rows.iter().filter_map(time).map(|(_, witnessed)| witnessed.at).max())
    }

    /// Keeps a witness's cosignature, and returns what it says. `new_witness`: a person has compared the
    /// key of a witness that has not cosigned here before. An answer that comes twice is kept once.
    pub fn take_cosignature(&mut self, answer: &Answer, new_witness: bool) -> Result<Witnessed, Error> {
        self.in_place()?;
        let transaction = self.transaction()?;
        let taken = self.check_cosignature(answer, new_witness)?;
        let Witnessed { witness: Cosigner { name, key }, size, at } = &taken;
        let sql = "INSERT INTO cosignature (size, at, name, key, note) SELECT ?1, ?2, ?3, ?4, ?5
             WHERE NOT EXISTS (SELECT 1 FROM cosignature
                 WHERE size = ?1 AND at = ?2 AND name = ?3 AND key = ?4 AND note = ?5)";
        let row = (clamp(*size), at, name, key.as_bytes(), &answer.note);
        transaction.execute(sql, row).at(&self.path)?;
        transaction.commit().at(&self.path)?;
        // Whoever is told of it must be able to find it.
        self.in_place()?;
        Ok(taken)
    }

    /// What a cosignature says, if it would be taken.
    pub fn check_cosignature(&self, answer: &Answer, new_witness: bool) -> Result<Witnessed, Error> {
        let (_, head) = self.genuine_head()?;
        let seen =
            Checkpoint::open(&answer.note, &self.origin, &self.verifying_key()).map_err(BadAnswer::Head)?;
        let note = Note::parse(&answer.note).map_err(BadAnswer::Signature)?;
        let at = answer.cosigner.verify(&note).map_err(BadAnswer::Signature)?;
        let Cosigner { name, key } = &answer.cosigner;
        if seen.size > head.size || tree::root(&self.reader, seen.size)? != seen.root {
            return Err(BadAnswer::OtherHistory { name: name.clone(), size: seen.size }.into());
        }
        let sql = "SELECT 1 FROM cosignature WHERE name = ?1 AND key = ?2 LIMIT 1";
        let known = self.connection.query_row(sql, (name, key.as_bytes()), |_| Ok(())).optional();
        if known.at(&self.path)?.is_none() && !new_witness {
            return Err(BadAnswer::NewWitness { name: name.clone(), key: answer.cosigner.hex_id() }.into());
        }
        let count =
            self.connection.query_row("SELECT count(*) FROM cosignature", [], |row| row.get::<_, u32>(0));
        if count.at(&self.path)? >= MAX_COSIGNATURES {
            return Err(BadAnswer::Full.into());
        }
        Ok(Witnessed { witness: answer.cosigner.clone(), size: seen.size, at })
    }
}
