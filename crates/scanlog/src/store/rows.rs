//! What an append writes, row by row; all within the transaction of its caller.

use ed25519_dalek::VerifyingKey;
use rusqlite::{Connection, named_params};

use super::reader::clamp;
use crate::entry::{Entry, Salt};
use crate::tree::{Hash, Place};

/// An entry, at its place.
pub(super) fn insert_entry(connection: &Connection, entry: &Entry, salt: &Salt) -> rusqlite::Result<()> {
    let content = &entry.content;
    let sql = "INSERT INTO entry
        (position, at, outcome, reason, stage, kind, identity, person, key_set_version, demo, operator,
         salt)
        VALUES (:position, :at, :outcome, :reason, :stage, :kind, :identity, :person, :version, :demo,
         :operator, :salt)";
    let params = named_params! {
        ":position": clamp(entry.index),
        ":at": content.at,
        ":outcome": content.outcome.code(),
        ":reason": content.reason,
        ":stage": content.stage,
        ":kind": content.kind,
        ":identity": content.identity,
        ":person": content.person,
        ":version": clamp(content.key_set_version),
        ":demo": content.demo,
        ":operator": content.operator,
        ":salt": salt,
    };
    connection.prepare_cached(sql)?.execute(params).map(|_| ())
}

/// A hash of the tree, at its place.
pub(super) fn insert_node(
    connection: &Connection,
    (level, position): Place,
    hash: &Hash,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO node (level, position, hash) VALUES (?1, ?2, ?3)";
    connection.prepare_cached(sql)?.execute((level, clamp(position), hash)).map(|_| ())
}

/// The head of a new log.
pub(super) fn insert_head(
    connection: &Connection,
    origin: &str,
    signer: &VerifyingKey,
    note: &str,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO log (id, origin, signer, checkpoint) VALUES (1, ?1, ?2, ?3)";
    connection.execute(sql, (origin, signer.as_bytes(), note)).map(|_| ())
}

/// The head over what was just put in.
pub(super) fn set_head(connection: &Connection, note: &str) -> rusqlite::Result<()> {
    connection.prepare_cached("UPDATE log SET checkpoint = ?1")?.execute([note]).map(|_| ())
}
