//! The device's secret keys: one signs checkpoints, one hides identities in the log.

use std::path::Path;

use scanlog::DeviceKey;
use zeroize::Zeroizing;

use crate::files::{self, Access};
use crate::{Error, Random};

/// The file: a line that says what it is, then the signing seed and the identity key.
const HEADER: &[u8] = b"propusk device key 1\n";
const KEY_BYTES: usize = 32;
const FILE_BYTES: usize = HEADER.len() + 2 * KEY_BYTES;

/// Makes a device's keys in a file that only its owner can read.
pub(crate) fn create(path: &Path, random: &mut Random) -> Result<DeviceKey, Error> {
    let mut file = Zeroizing::new([0; FILE_BYTES]);
    let (header, keys) = file.split_at_mut(HEADER.len());
    header.copy_from_slice(HEADER);
    random(keys);
    files::write(path, &*file, Access::Private)?;
    load(path)
}

/// The keys of the station in this folder, for what it signs besides its log. Whoever can read them may sign as the
/// device.
pub fn device_key(folder: &crate::Folder) -> Result<DeviceKey, Error> {
    load(&folder.device_key())
}

/// Reads a device's keys.
pub(crate) fn load(path: &Path) -> Result<DeviceKey, Error> {
    let file = Zeroizing::new(files::read(path, FILE_BYTES as u64)?);
    parse(&file).ok_or_else(|| Error::Damaged { path: path.to_owned(), what: "not a device key".to_owned() })
}

/// Whether anybody but the owner may read the keys' file. Only where a system has permissions for that.
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

fn parse(file: &[u8]) -> Option<DeviceKey> {
    let keys = file.strip_prefix(HEADER)?;
    let (seed, identity) = keys.split_first_chunk::<KEY_BYTES>()?;
    let signing = ed25519_dalek::SigningKey::from_bytes(seed);
    Some(DeviceKey { signing, identity: identity.try_into().ok()? })
}
