//! Lists of revoked hashes, in a store's database: too many to be in memory.
//!
//! A list is known here by the SHA-256 of its file ([`Digest`]), which the authority signed: another
//! version of the list is another list, so that nobody is answered from a newer or older one than
//! was asked. Its hashes lie in rows of up to [`ROW`], found by their first one: a row fills a page
//! of the database, which makes a tenth of the work of a row a hash, and less than half of its size.
//!
//! [`check`] puts the file together again out of the rows and compares its hash: whatever was edited
//! shows. It does so through the same index as [`contains`] searches by.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Transaction};
use sha2::{Digest as _, Sha256};

use crate::hashes::{Hash, HashesError, Head, List};

/// The tables, for a store's migrations.
pub const TABLES: &str = "
    CREATE TABLE hash_list (id INTEGER PRIMARY KEY, file BLOB NOT NULL UNIQUE, head BLOB NOT NULL) STRICT;
    CREATE TABLE hash_row (
        list INTEGER NOT NULL, first BLOB NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY (list, first)
    ) STRICT;
";

/// The SHA-256 of a list's file.
pub type Digest = [u8; 32];

/// Hashes in a row: with the rest of the row they take 3.9 KB, as much as a page of 4 KB holds.
const ROW: usize = 240;

/// Why a list in the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RowsError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
    /// The list is not there, or not any more.
    #[error("the list of revoked hashes is not in the key store; refresh the keys")]
    Missing,
    /// The rows are not those of the file that was put in.
    #[error("the stored list of revoked hashes does not verify; remove the key store and anchor again")]
    Edited,
    /// A file that is no list.
    #[error(transparent)]
    Refused(#[from] HashesError),
}

/// Puts a list's file in, unless it is in already.
pub fn put(transaction: &Transaction<'_>, file: &[u8]) -> Result<Digest, RowsError> {
    let list = List::parse(file)?;
    let digest = Digest::from(Sha256::digest(file));
    if id(transaction, &digest)?.is_some() {
        return Ok(digest);
    }
    let head = &file[..file.len() - size_of_val(list.hashes())]; // safe: they are the file's end
    transaction.execute("INSERT INTO hash_list (file, head) VALUES (?1, ?2)", (digest, head))?;
    let id = transaction.last_insert_rowid();
    let mut insert = transaction.prepare("INSERT INTO hash_row (list, first, hashes) VALUES (?1, ?2, ?3)")?;
    for row in list.hashes().chunks(ROW) {
        insert.execute((id, row[0], row.as_flattened()))?; // safe: chunks are not empty
    }
    Ok(digest)
}

/// The lists that are in.
pub(crate) fn stored(connection: &Connection) -> rusqlite::Result<BTreeSet<Digest>> {
    let mut select = connection.prepare("SELECT file FROM hash_list")?;
    select.query_map([], |row| row.get(0))?.collect()
}

/// Takes every other list out.
pub fn keep_only(transaction: &Transaction<'_>, lists: &[Digest]) -> rusqlite::Result<()> {
    let mut stored = transaction.prepare("SELECT id, file FROM hash_list")?;
    let stored = stored.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for list in stored.collect::<rusqlite::Result<Vec<(i64, Vec<u8>)>>>()? {
        if lists.iter().all(|kept| list.1 != kept) {
            transaction.execute("DELETE FROM hash_row WHERE list = ?1", [list.0])?;
            transaction.execute("DELETE FROM hash_list WHERE id = ?1", [list.0])?;
        }
    }
    Ok(())
}

/// Whether a hash is on a list that was [checked](check) when it was loaded.
pub fn contains(connection: &Connection, list: &Digest, hash: &Hash) -> Result<bool, RowsError> {
    let mut search = connection.prepare_cached(
        "SELECT (SELECT hashes FROM hash_row WHERE list = id AND first <= ?2 ORDER BY first DESC LIMIT 1)
         FROM hash_list WHERE file = ?1",
    )?;
    let mut rows = search.query((list, hash))?;
    let row = rows.next()?.ok_or(RowsError::Missing)?;
    let Some(hashes) = row.get_ref(0)?.as_blob_or_null().map_err(|_| RowsError::Edited)? else {
        return Ok(false); // it comes before the first
    };
    match hashes.as_chunks() {
        (hashes, []) => Ok(hashes.binary_search(hash).is_ok()),
        _ => Err(RowsError::Edited),
    }
}

/// Reads all of a list's rows and says what it is, if they still make up the file that was put in.
pub fn check(connection: &Connection, list: &Digest) -> Result<Head, RowsError> {
    let id = id(connection, list)?.ok_or(RowsError::Missing)?;
    let head: Vec<u8> =
        connection.query_row("SELECT head FROM hash_list WHERE id = ?1", [id], |row| row.get(0))?;
    let mut file = Sha256::new_with_prefix(&head);
    let mut select =
        connection.prepare("SELECT first, hashes FROM hash_row WHERE list = ?1 ORDER BY first")?;
    let mut rows = select.query([id])?;
    while let Some(row) = rows.next()? {
        let [first, hashes] =
            [0, 1].map(|at| row.get_ref(at).map(|value| value.as_blob().unwrap_or_default()));
        let hashes = hashes?;
        // A row is searched by `first`, which is not in the file.
        if hashes.len() % size_of::<Hash>() != 0 || hashes.get(..size_of::<Hash>()) != Some(first?) {
            return Err(RowsError::Edited);
        }
        file.update(hashes);
    }
    match Head::read(&head) {
        Ok((head, [])) if Digest::from(file.finalize()) == *list => Ok(head),
        _ => Err(RowsError::Edited),
    }
}

/// The file that was put in, out of its rows. Whether it still is that file, [`check`] says.
pub(crate) fn file(connection: &Connection, list: &Digest) -> Result<Vec<u8>, RowsError> {
    let id = id(connection, list)?.ok_or(RowsError::Missing)?;
    let mut file: Vec<u8> =
        connection.query_row("SELECT head FROM hash_list WHERE id = ?1", [id], |row| row.get(0))?;
    let mut select = connection.prepare("SELECT hashes FROM hash_row WHERE list = ?1 ORDER BY first")?;
    let mut rows = select.query([id])?;
    while let Some(row) = rows.next()? {
        file.extend(row.get_ref(0)?.as_blob().map_err(|_| RowsError::Edited)?);
    }
    Ok(file)
}

fn id(connection: &Connection, list: &Digest) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT id FROM hash_list WHERE file = ?1";
    connection.query_row(sql, [list], |row| row.get(0)).optional()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hashes::{self, Kind};

    fn database() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(TABLES).unwrap();
        connection
    }

    /// The hash of a number: evenly spread, and the same in every run.
    fn hash_of(number: u32) -> Hash {
        hashes::hash(&number.to_be_bytes())
    }

    fn file(numbers: std::ops::Range<u32>) -> Vec<u8> {
        hashes::write(Kind::Uci, None, Some("DE"), numbers.map(hash_of).collect()).unwrap()
    }

    fn stored(connection: &mut Connection, file: &[u8]) -> Digest {
        let transaction = connection.transaction().unwrap();
        let digest = put(&transaction, file).unwrap();
        transaction.commit().unwrap();
        digest
    }

    #[test]
    fn a_list_answers_for_its_hashes_and_no_others_whatever_its_length() {
        let mut connection = database();
        let row = ROW as u32;
        for count in [0, 1, row - 1, row, row + 1, 5 * row + 7] {
            let list = stored(&mut connection, &file(0..count));
            assert_eq!(check(&connection, &list).unwrap().count, count);
            for number in 0..count + 500 {
                let found = contains(&connection, &list, &hash_of(number)).unwrap();
                assert_eq!(found, number < count, "{number} of {count}");
            }
            for edge in [[0; 16], [0xff; 16]] {
                assert!(!contains(&connection, &list, &edge).unwrap());
            }
        }
    }

    #[test]
    fn lists_are_told_apart_and_what_is_not_kept_is_gone() {
        let mut connection = database();
        let [old, new] = [0..1000, 500..1500].map(|numbers| stored(&mut connection, &file(numbers)));
        assert!(contains(&connection, &old, &hash_of(1)).unwrap());
        assert!(!contains(&connection, &new, &hash_of(1)).unwrap());
        assert_eq!(stored(&mut connection, &file(0..1000)), old, "once more");
        let transaction = connection.transaction().unwrap();
        keep_only(&transaction, &[new]).unwrap();
        transaction.commit().unwrap();
        assert!(matches!(contains(&connection, &old, &hash_of(1)), Err(RowsError::Missing)));
        assert!(matches!(check(&connection, &old), Err(RowsError::Missing)));
        assert!(contains(&connection, &new, &hash_of(1499)).unwrap());
        assert_eq!(super::file(&connection, &new).unwrap(), file(500..1500));
        let rows: i64 = connection.query_row("SELECT count(*) FROM hash_row", [], |row| row.get(0)).unwrap();
        assert_eq!(rows as usize, 1000_usize.div_ceil(ROW));
    }

    #[test]
    fn an_edit_of_anything_shows() {
        let edits = [
            "UPDATE hash_row SET hashes = CAST(substr(hashes, 1, 16) || zeroblob(16) || substr(hashes, 33) AS BLOB) WHERE rowid = 2",
            "UPDATE hash_row SET hashes = substr(hashes, 17) WHERE rowid = 1",
            "UPDATE hash_row SET hashes = substr(hashes, 1, 160) WHERE rowid = 3",
            "UPDATE hash_row SET hashes = substr(hashes, 1, 161) WHERE rowid = 3",
            "UPDATE hash_row SET hashes = x'' WHERE rowid = 2",
            "UPDATE hash_row SET first = x'00' WHERE rowid = 1",
            "UPDATE hash_row SET first = x'' WHERE rowid = 1",
            "UPDATE hash_row SET first = CAST(first || x'00' AS BLOB) WHERE rowid = 2",
            "DELETE FROM hash_row WHERE rowid = 5",
            "DELETE FROM hash_row",
            "INSERT INTO hash_row VALUES (1, zeroblob(16), zeroblob(16))",
            "UPDATE hash_list SET head = x''",
            "UPDATE hash_list SET head = CAST(replace(head, 'DE', 'FR') AS BLOB)",
            "UPDATE hash_list SET head = CAST(head || x'00' AS BLOB)",
        ];
        for edit in edits {
            let mut connection = database();
            let list = stored(&mut connection, &file(0..1000));
            assert!(check(&connection, &list).is_ok());
            connection.execute_batch(edit).unwrap_or_else(|error| panic!("{edit}: {error}"));
            assert!(check(&connection, &list).is_err(), "{edit}");
        }
    }

    #[test]
    fn what_is_no_list_is_not_put_in() {
        let mut connection = database();
        let transaction = connection.transaction().unwrap();
        assert!(matches!(put(&transaction, b"PrHash/1"), Err(RowsError::Refused(_))));
    }
}
