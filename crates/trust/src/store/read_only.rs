//! A store that is only looked at: by another user, or on a medium that cannot be written.

use std::io::ErrorKind;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::{APPLICATION_ID, BUSY_MS, LAYOUT, Store, layout, store_error};
use crate::error::Error;

pub(super) fn open(path: &Path) -> Result<Store, Error> {
    let metadata = std::fs::metadata(path).map_err(Error::io("read", path))?;
    if !metadata.is_file() {
        // Opening a pipe could wait for ever.
        let source = std::io::Error::new(ErrorKind::InvalidInput, "not a plain file");
        return Err(Error::io("read", path)(source));
    }
    let store = connect(path, path, OpenFlags::empty())?;
    match check(&store) {
        // Where the folder cannot be written, SQLite cannot make its side files.
        Err(error @ Error::NotAllowed { .. }) => as_it_stands(path, error),
        checked => checked.map(|()| store),
    }
}

/// A store that was closed properly, without SQLite's side files.
fn as_it_stands(path: &Path, error: Error) -> Result<Store, Error> {
    let mut wal = path.as_os_str().to_owned();
    wal.push("-wal");
    match std::fs::metadata(wal) {
        Ok(wal) if wal.len() == 0 => {}
        Err(none) if none.kind() == ErrorKind::NotFound => {}
        Ok(_) | Err(_) => return Err(Error::Pending(path.to_owned())),
    }
    let Some(address) = immutable_address(path) else { return Err(error) };
    let store = connect(path, Path::new(&address), OpenFlags::SQLITE_OPEN_URI)?;
    check(&store).map(|()| store)
}

/// Connects to the store at `path` by an `address`: its path or a `file:` one.
fn connect(path: &Path, address: &Path, flags: OpenFlags) -> Result<Store, Error> {
    let flags = flags | OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(address, flags).map_err(store_error(path))?;
    connection
        .busy_timeout(std::time::Duration::from_millis(BUSY_MS))
        .and_then(|()| connection.pragma_update(None, "trusted_schema", "0"))
        .map_err(store_error(path))?;
    Ok(Store { connection, path: path.to_owned() })
}

/// A store of an older layout would have to be written first.
fn check(store: &Store) -> Result<(), Error> {
    match layout(&store.connection).map_err(store_error(&store.path))? {
        (LAYOUT, APPLICATION_ID) => Ok(()),
        (found, _) => Err(Error::Layout { path: store.path.clone(), found }),
    }
}

/// The `file:` address that tells SQLite that nobody writes to this file.
fn immutable_address(path: &Path) -> Option<String> {
    let path = std::path::absolute(path).ok()?;
    let path = path.to_str()?.replace('\\', "/").replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let root = if path.starts_with('/') { "" } else { "/" };
    Some(format!("file://{root}{path}?immutable=1"))
}
