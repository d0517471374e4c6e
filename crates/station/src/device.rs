//! The device's secret keys: one signs checkpoints, one hides identities in the log.
//!
//! They lie in the system's key store where there is one, else in the file `device.key`, which its owner alone may
//! read. Where the key store has them, the file says so, and under which name: the hexadecimal public key.

use std::path::Path;

use scanlog::DeviceKey;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::files::{self, Access};
use crate::key_store::{KeyStore, KeyStoreError};
use crate::{Error, Folder, Random};

/// A file with the keys: this line, then the signing seed and the identity key.
const IN_FILE: &[u8] = b"propusk device key 1\n";
/// A file for keys that are elsewhere: this line, then their name.
const IN_KEY_STORE: &[u8] = b"propusk device key in the key store 1\n";

const KEY_BYTES: usize = 32;
const SECRET_BYTES: usize = 2 * KEY_BYTES;
/// More than either file has.
const MAX_FILE_BYTES: u64 = 256;

/// The signing seed, then the identity key.
type Secret = Zeroizing<[u8; SECRET_BYTES]>;

/// Where a device's secret keys lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum KeyPlace {
    /// In the system's key store.
    KeyStore,
    /// In a file that its owner alone may read.
    File,
    /// In a file that other users of the machine may read as well.
    ExposedFile,
}

enum Kept {
    Here(Secret),
    InKeyStore(String),
}

/// Makes a device's keys, and keeps them in the key store, or in a file where that takes nothing.
pub(crate) fn create(path: &Path, key_store: &dyn KeyStore, random: &mut Random) -> Result<DeviceKey, Error> {
    let mut secret = Secret::new([0; SECRET_BYTES]);
    random(&mut *secret);
    if hand_over(path, &secret, key_store).is_err() {
        write_here(path, &secret)?;
    }
    Ok(keys(&secret))
}

/// Reads a device's keys.
pub(crate) fn load(path: &Path, key_store: &dyn KeyStore) -> Result<DeviceKey, Error> {
    Ok(keys(&secret(path, key_store)?))
}

/// The keys of the station in this folder, for what it signs besides its log. Whoever can read them may sign as the
/// device.
pub fn device_key(folder: &Folder, key_store: &dyn KeyStore) -> Result<DeviceKey, Error> {
    load(&folder.device_key(), key_store)
}

/// Where the keys of the station in this folder lie.
///
/// # Errors
/// There is no file of device keys, or it is damaged.
pub fn key_place(folder: &Folder) -> Result<KeyPlace, Error> {
    let path = folder.device_key();
    Ok(match read(&path)? {
        Kept::InKeyStore(_) => KeyPlace::KeyStore,
        Kept::Here(_) if is_exposed(&path) => KeyPlace::ExposedFile,
        Kept::Here(_) => KeyPlace::File,
    })
}

/// Moves the keys of the station in this folder into the system's key store. A program that has the station open goes
/// on.
///
/// # Errors
/// The key store does not take them, or gives other ones back; the file then has them as before.
pub fn keys_to_key_store(folder: &Folder, key_store: &dyn KeyStore) -> Result<(), Error> {
    let path = folder.device_key();
    match read(&path)? {
        Kept::InKeyStore(_) => Ok(()),
        Kept::Here(secret) => hand_over(&path, &secret, key_store),
    }
}

/// Moves the keys of the station in this folder out of the system's key store, into a file that its owner alone may
/// read: for a machine that starts without anybody to unlock the store.
///
/// # Errors
/// The key store does not give them, or does not forget them (the file has them then).
pub fn keys_to_file(folder: &Folder, key_store: &dyn KeyStore) -> Result<(), Error> {
    let path = folder.device_key();
    let Kept::InKeyStore(name) = read(&path)? else { return Ok(()) };
    write_here(&path, &secret(&path, key_store)?)?;
    key_store.remove(&name).map_err(|why| Error::KeyStoreKeeps { path, why })
}

/// Whether anybody but the owner may read a file. Only where a system has permissions for that.
pub(crate) fn is_exposed(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// The file names the key store only when that has proven to give back what it took.
fn hand_over(path: &Path, secret: &Secret, key_store: &dyn KeyStore) -> Result<(), Error> {
    let name = name(secret);
    keep(&name, secret, key_store).map_err(|why| Error::KeyStore { path: path.to_owned(), why })?;
    let file = [IN_KEY_STORE, name.as_bytes(), b"\n"].concat();
    files::write(path, &file, Access::Private)
}

fn keep(name: &str, secret: &Secret, key_store: &dyn KeyStore) -> Result<(), KeyStoreError> {
    key_store.set(name, &**secret)?;
    match key_store.get(name)? {
        Some(kept) if *kept == **secret => Ok(()),
        _ => Err(KeyStoreError::Failed("it does not give back what it took".to_owned())),
    }
}

fn write_here(path: &Path, secret: &Secret) -> Result<(), Error> {
    let mut file = Zeroizing::new(Vec::with_capacity(IN_FILE.len() + SECRET_BYTES));
    file.extend_from_slice(IN_FILE);
    file.extend_from_slice(&**secret);
    files::write(path, &file, Access::Private)
}

fn secret(path: &Path, key_store: &dyn KeyStore) -> Result<Secret, Error> {
    let name = match read(path)? {
        Kept::Here(secret) => return Ok(secret),
        Kept::InKeyStore(name) => name,
    };
    let kept = key_store.get(&name).map_err(|why| Error::KeyStore { path: path.to_owned(), why })?;
    let kept = kept.ok_or_else(|| Error::KeyStoreLost(path.to_owned()))?;
    let secret: Secret = kept.as_slice().try_into().map(Zeroizing::new).map_err(|_| wrong(path))?;
    if self::name(&secret) == name { Ok(secret) } else { Err(wrong(path)) }
}

fn wrong(path: &Path) -> Error {
    Error::Damaged { path: path.to_owned(), what: "the key store has another key under its name".to_owned() }
}

fn read(path: &Path) -> Result<Kept, Error> {
    let file = Zeroizing::new(files::read(path, MAX_FILE_BYTES)?);
    parse(&file).ok_or_else(|| Error::Damaged { path: path.to_owned(), what: "not a device key".to_owned() })
}

fn parse(file: &[u8]) -> Option<Kept> {
    if let Some(secret) = file.strip_prefix(IN_FILE) {
        return Some(Kept::Here(Zeroizing::new(secret.try_into().ok()?)));
    }
    let name = file.strip_prefix(IN_KEY_STORE)?.strip_suffix(b"\n")?;
    let is_name = name.len() == 2 * KEY_BYTES && name.iter().all(u8::is_ascii_hexdigit);
    is_name.then(|| Kept::InKeyStore(String::from_utf8_lossy(name).into_owned()))
}

fn keys(secret: &Secret) -> DeviceKey {
    let (seed, identity) = halves(secret);
    DeviceKey { signing: ed25519_dalek::SigningKey::from_bytes(seed), identity: *identity }
}

/// Its own for every device key, and no secret.
fn name(secret: &Secret) -> String {
    let (seed, _) = halves(secret);
    let public = ed25519_dalek::SigningKey::from_bytes(seed).verifying_key();
    public.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn halves(secret: &Secret) -> (&[u8; KEY_BYTES], &[u8; KEY_BYTES]) {
    let (seed, identity) = secret.split_at(KEY_BYTES);
    // safe: half of SECRET_BYTES each
    (seed.try_into().expect("half a secret"), identity.try_into().expect("half a secret"))
}
