//! An authority's role keys, and the file that keeps them.

use std::io;
use std::path::Path;

use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::error::{Error, Refusal};
use crate::file::{self, Found, Readers};
use crate::hex;
use crate::tuf;

use super::bodies::{NamedRole, Roster};

/// The format that this version reads and writes.
const FORMAT: &str = "propusk-role-keys/1";
/// Largest role keys file, in bytes.
const FILE_MAX: usize = 256 * 1024;

/// The keys that sign for one role, and how many of them must.
#[derive(Clone)]
pub struct Role {
    /// How many signatures devices ask for.
    pub threshold: usize,
    /// The private keys.
    pub keys: Vec<SigningKey>,
}

/// The private keys of a repository's four roles. A demo authority's keys sit in one
/// file; a real one keeps the root's keys with several people, apart from the rest.
#[derive(Clone)]
pub struct Signers {
    /// Whether this is a demo authority.
    pub demo: bool,
    /// Names the keys of all roles.
    pub root: Role,
    /// Signs for the key set.
    pub targets: Role,
    /// Signs for what belongs together.
    pub snapshot: Role,
    /// Signs for what is newest.
    pub timestamp: Role,
}

impl Signers {
    /// New keys, one for each role. `fill` fills its argument with random bytes that
    /// nobody can guess, such as the operating system's.
    pub fn generate<E>(demo: bool, mut fill: impl FnMut(&mut [u8]) -> Result<(), E>) -> Result<Self, E> {
        let mut role = || {
            let mut seed = Zeroizing::new([0; 32]);
            fill(&mut *seed)?;
            Ok(Role { threshold: 1, keys: vec![SigningKey::from_bytes(&seed)] })
        };
        Ok(Self { demo, root: role()?, targets: role()?, snapshot: role()?, timestamp: role()? })
    }

    /// Keeps the keys in a file that only its owner can read. It never replaces one:
    /// keys that are lost cannot be made again.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        let json = serde_json::to_vec_pretty(&KeysFile::of(self)).map(Zeroizing::new);
        let json = json.map_err(|error| Error::RoleKeys { path: path.into(), reason: error.to_string() })?;
        file::create(path, &json, Readers::Owner).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => {
                let reason = "it is there already and would be overwritten".into();
                Error::RoleKeys { path: path.into(), reason }
            }
            _ => Error::io("write", path)(error),
        })
    }

    /// Reads the keys back. A file that others can read is refused.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let broken = |reason: String| Error::RoleKeys { path: path.into(), reason };
        exposed(path)?;
        let json = match file::read(path, FILE_MAX).map_err(Error::io("read", path))? {
            Found::Bytes(json) => Zeroizing::new(json),
            Found::Nothing => return Err(broken("it is not there".into())),
            Found::TooLarge | Found::NotPlain => return Err(broken("not a plain file of its size".into())),
        };
        let keys: KeysFile = serde_json::from_slice(&json).map_err(|error| broken(error.to_string()))?;
        keys.signers().map_err(broken)
    }

    /// What a root says of them.
    pub(super) fn roster(&self) -> Result<Roster, Refusal> {
        let id = |key: &SigningKey| Ok(tuf::key_id(&key.verifying_key())?.0);
        let named = |(name, role): (&'static str, &Role)| {
            let ids = role.keys.iter().map(id).collect::<Result<_, Refusal>>()?;
            Ok(NamedRole { name, ids, threshold: role.threshold })
        };
        let keys = self.roles().into_iter().flat_map(|(_, role)| &role.keys);
        Ok(Roster {
            keys: keys.map(|key| tuf::key_id(&key.verifying_key())).collect::<Result<_, _>>()?,
            roles: self.roles().into_iter().map(named).collect::<Result<_, Refusal>>()?,
        })
    }

    fn roles(&self) -> [(&'static str, &Role); 4] {
        let Self { root, targets, snapshot, timestamp, .. } = self;
        [("root", root), ("targets", targets), ("snapshot", snapshot), ("timestamp", timestamp)]
    }
}

impl std::fmt::Debug for Signers {
    /// Without any key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signers").field("demo", &self.demo).finish_non_exhaustive()
    }
}

/// The file: seeds in lower-case hexadecimal.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeysFile {
    format: String,
    demo: bool,
    root: RoleEntry,
    targets: RoleEntry,
    snapshot: RoleEntry,
    timestamp: RoleEntry,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleEntry {
    threshold: usize,
    private_keys: Vec<String>,
}

impl Drop for RoleEntry {
    fn drop(&mut self) {
        self.private_keys.zeroize();
    }
}

impl KeysFile {
    fn of(signers: &Signers) -> Self {
        let entry = |role: &Role| RoleEntry {
            threshold: role.threshold,
            private_keys: role.keys.iter().map(|key| hex::encode(key.as_bytes())).collect(),
        };
        Self {
            format: FORMAT.into(),
            demo: signers.demo,
            root: entry(&signers.root),
            targets: entry(&signers.targets),
            snapshot: entry(&signers.snapshot),
            timestamp: entry(&signers.timestamp),
        }
    }

    fn signers(&self) -> Result<Signers, String> {
        if self.format != FORMAT {
            return Err(format!("its format is {:.40}", self.format));
        }
        Ok(Signers {
            demo: self.demo,
            root: self.root.role()?,
            targets: self.targets.role()?,
            snapshot: self.snapshot.role()?,
            timestamp: self.timestamp.role()?,
        })
    }
}

impl RoleEntry {
    fn role(&self) -> Result<Role, String> {
        let keys = self.private_keys.iter().map(|text| private_key(text)).collect::<Result<Vec<_>, _>>()?;
        if self.threshold == 0 || self.threshold > keys.len() {
            return Err("a threshold does not fit its keys".into());
        }
        Ok(Role { threshold: self.threshold, keys })
    }
}

fn private_key(text: &str) -> Result<SigningKey, String> {
    let bytes = hex::decode(text).map(Zeroizing::new).ok_or("a key is not hexadecimal")?;
    let seed = <&[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| "a key has not 32 bytes".to_string())?;
    Ok(SigningKey::from_bytes(seed))
}

#[cfg(unix)]
fn exposed(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    match path.symlink_metadata() {
        Ok(metadata) if metadata.is_file() && metadata.permissions().mode() & 0o077 != 0 => {
            Err(Error::Exposed(path.into()))
        }
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn exposed(_: &Path) -> Result<(), Error> {
    Ok(())
}
