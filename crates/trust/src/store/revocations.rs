//! The revocation lists of a set: those of places out of its files, those of hashes out of the rows.

use std::collections::BTreeMap;
use std::path::Path;

use credential::shc::{BadList, RevokedCards};
use rusqlite::Connection;

use super::hash_rows::{self, Digest};
use super::rows;
use crate::error::{Error, Refusal};
use crate::hashes;
use crate::revocations::HashList;
use crate::status::List;
use crate::target;
use crate::tuf::Files;

/// The status lists, each with its delta; of the lists of hashes that are not in rows yet only whether
/// they are such lists. A set with a list that cannot be read is not used.
pub(super) fn read(files: &Files) -> Result<Vec<List>, Refusal> {
    files.current.as_ref().map_or(Ok(vec![]), |current| among(&current.contents))
}

/// The lists of revoked SMART Health Cards, as their issuers publish them.
pub(super) fn cards(files: &Files) -> Result<Vec<RevokedCards>, Refusal> {
    let contents = files.current.as_ref().map(|current| &current.contents);
    contents.into_iter().flatten().filter_map(|(name, content)| card_list(name, content)).collect()
}

/// `None` where it is none by its name.
fn card_list(name: &str, content: &[u8]) -> Option<Result<RevokedCards, Refusal>> {
    target::cards_id(name)?;
    let refused = |error: BadList| Refusal::Malformed { name: name.to_owned(), reason: error.to_string() };
    Some(RevokedCards::parse(content).map_err(refused))
}

/// The same of a set's files by their names, signed or not.
pub(crate) fn among(contents: &BTreeMap<String, Vec<u8>>) -> Result<Vec<List>, Refusal> {
    let mut lists = vec![];
    for (name, content) in contents {
        let refused = |reason: String| Refusal::Malformed { name: name.clone(), reason };
        if target::hashes_id(name).is_some() {
            hashes::List::parse(content).map_err(|error| refused(error.to_string()))?;
        }
        card_list(name, content).transpose()?;
        if target::delta_base(name).is_some_and(|base| !contents.contains_key(&base)) {
            return Err(refused("the list that it changes is not there".to_owned()));
        }
        if let Some(id) = target::status_id(name) {
            let delta = contents.get(&target::delta_of(id)).map(Vec::as_slice);
            lists.push(List::load(content, delta).map_err(|error| refused(error.to_string()))?);
        }
    }
    Ok(lists)
}

/// The lists of hashes, each of which still is the file that was signed.
pub(super) fn stored(
    connection: &Connection,
    lists: &[(String, Digest)],
    path: &Path,
) -> Result<Vec<HashList>, Error> {
    let list = |(id, file): &(String, Digest)| {
        let head = hash_rows::check(connection, file).map_err(|error| rows::list_error(id, path, error))?;
        Ok(HashList { name: id.clone(), kind: head.kind, file: *file })
    };
    lists.iter().map(list).collect()
}

/// The files of these lists, by the names of their targets.
pub(super) fn files(
    connection: &Connection,
    lists: &[(String, Digest)],
    path: &Path,
) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let file = |(id, file): &(String, Digest)| {
        let name = format!("hashes.{id}.bin");
        let bytes =
            hash_rows::file(connection, file).map_err(|error| rows::list_error(&name, path, error))?;
        Ok((name, bytes))
    };
    lists.iter().map(file).collect()
}
