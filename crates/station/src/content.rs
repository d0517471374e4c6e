//! The device's keys that open encrypted passes: secrets, in a file that its owner alone can read.

use std::io;

use credential::{ContentKey, ContentKeys, Kid, MAX_CONTENT_KEYS, MAX_CONTENT_KID};
use zeroize::Zeroizing;

use crate::device;
use crate::event::Event;
use crate::files::{self, Access};
use crate::{Denied, Error, Folder, Role, Station};

/// The file: a line that says what it is, then one for each key with its id (`-` without one) and the key itself, both
/// in hexadecimal.
const HEADER: &str = "propusk content keys 1";
const NO_KID: &str = "-";
/// A key has at most 32 bytes; two digits a byte, a space and the line's end.
const MAX_LINE_BYTES: usize = 2 * (MAX_CONTENT_KID + 32) + 2;
const MAX_FILE_BYTES: usize = HEADER.len() + 1 + MAX_CONTENT_KEYS * MAX_LINE_BYTES;

/// The keys that open encrypted passes at the station in this folder.
pub fn content_keys(folder: &Folder) -> Result<ContentKeys, Error> {
    load(folder)
}

/// Whether other users of this machine may read those keys.
pub fn are_content_keys_exposed(folder: &Folder) -> bool {
    device::is_exposed(&folder.content_keys())
}

impl Station {
    /// The keys that open encrypted passes here.
    pub fn content_keys(&self) -> &ContentKeys {
        self.keys.content_keys()
    }

    /// Opens encrypted passes with this key, too, from `now` (seconds UTC) on. Nothing changes that cannot be logged.
    pub fn add_content_key(&mut self, key: ContentKey, now: i64) -> Result<(), Denied> {
        let mut keys = self.content_keys().keys().to_vec();
        keys.push(key);
        let keys = ContentKeys::new(keys)
            .map_err(|why| Denied::Invalid(format!("the key cannot be added: {why}")))?;
        self.change_content_keys(keys, Event::ContentKeyAdded, now)
    }

    /// Opens nothing any more with the keys that have this id (hexadecimal) or fingerprint, and gives them back.
    pub fn remove_content_keys(&mut self, which: &str, now: i64) -> Result<Vec<ContentKey>, Denied> {
        let named = |key: &ContentKey| {
            key.fingerprint() == which || key.kid().is_some_and(|kid| kid.to_string() == which)
        };
        let (gone, left): (Vec<_>, Vec<_>) = self.content_keys().keys().iter().cloned().partition(named);
        if gone.is_empty() {
            return Err(Denied::Invalid(format!("no content key has the id or fingerprint {which:?}")));
        }
        let left = ContentKeys::new(left).map_err(|why| Denied::Invalid(why.to_string()))?;
        self.change_content_keys(left, Event::ContentKeyRemoved, now)?;
        Ok(gone)
    }

    fn change_content_keys(&mut self, keys: ContentKeys, event: Event, now: i64) -> Result<(), Denied> {
        self.record(event, Role::Admin, now)?;
        let path = self.folder.content_keys();
        files::write(&path, text(&keys).as_bytes(), Access::Private)?;
        self.keys = std::mem::take(&mut self.keys).with_content_keys(keys);
        Ok(())
    }
}

/// Reads a station's keys; none where it has no such file.
pub(crate) fn load(folder: &Folder) -> Result<ContentKeys, Error> {
    let path = folder.content_keys();
    let file = match files::read(&path, MAX_FILE_BYTES as u64) {
        Err(Error::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
            return Ok(ContentKeys::default());
        }
        Err(Error::Damaged { path, what }) => return Err(Error::ContentKeys { path, what }),
        other => Zeroizing::new(other?),
    };
    parse(&file).map_err(|what| Error::ContentKeys { path, what })
}

fn parse(file: &[u8]) -> Result<ContentKeys, String> {
    let text = std::str::from_utf8(file).map_err(|_| "not text")?;
    let mut lines = text.lines();
    if lines.next() != Some(HEADER) {
        return Err("not a file of content keys".to_owned());
    }
    let keys: Result<Vec<_>, String> = lines.zip(2..).map(|(line, number)| key(line, number)).collect();
    ContentKeys::new(keys?).map_err(|why| why.to_string())
}

fn key(line: &str, number: usize) -> Result<ContentKey, String> {
    let fault = |why: &str| format!("line {number}: {why}");
    let (kid, key) = line.split_once(' ').ok_or_else(|| fault("not an id and a key"))?;
    let key = ContentKey::read(key.as_bytes()).map_err(|why| fault(&why.to_string()))?;
    if kid == NO_KID {
        return Ok(key);
    }
    let kid = Kid::from_hex(kid).ok_or_else(|| fault("its id is not hexadecimal"))?;
    key.with_kid(kid).map_err(|why| fault(&why.to_string()))
}

fn text(keys: &ContentKeys) -> Zeroizing<String> {
    // As long as it can become, so that no copy of it is left behind.
    let mut text = Zeroizing::new(String::with_capacity(MAX_FILE_BYTES));
    text.push_str(HEADER);
    text.push('\n');
    for key in keys.keys() {
        text.push_str(&key.kid().map_or(NO_KID.to_owned(), Kid::to_string));
        text.push(' ');
        for byte in key.secret() {
            text.extend(
                [byte >> 4, byte & 15].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])),
            );
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_it_was_written_and_bounded() {
        let key = |n: u8| {
            let kid = (n > 0).then(|| Kid(vec![n; MAX_CONTENT_KID]));
            ContentKey::new(kid, Zeroizing::new(vec![n; 32])).unwrap()
        };
        let keys = ContentKeys::new((0..MAX_CONTENT_KEYS as u8).map(key).collect()).unwrap();
        let file = text(&keys);
        assert!(file.len() <= MAX_FILE_BYTES, "{}", file.len());
        assert_eq!(parse(file.as_bytes()), Ok(keys));
    }

    #[test]
    fn what_is_no_such_file_is_said_to_be_none() {
        let zeros = "0".repeat(32);
        for (file, fault) in [
            (String::new(), "not a file"),
            (format!("{HEADER}\n{zeros}\n"), "line 2"),
            (format!("{HEADER}\n- {zeros}\nx {zeros}\n"), "line 3: its id"),
            (format!("{HEADER}\n- 00\n"), "line 2: not 16, 24 or 32"),
            (format!("{HEADER}\n- {zeros}\n- {zeros}\n"), "there already"),
        ] {
            assert!(parse(file.as_bytes()).unwrap_err().contains(fault), "{fault}");
        }
    }
}
