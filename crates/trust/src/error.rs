//! What can go wrong with files and stores, and why signed data is refused.

use std::path::{Path, PathBuf};

use crate::document::DocumentError;

/// Why something with keys could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("cannot {action} {}: {source}; check the disk, the path and the permissions", path.display())]
    Io {
        /// What was being done.
        action: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The store's database failed.
    #[error("key store {}: {source}; check the disk", path.display())]
    Store {
        /// The store's file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// The store's file or folder cannot be opened or written by this user.
    #[error(
        "key store {}: not allowed ({source}); check that its folder is there, and ask its owner for permission to use both",
        path.display()
    )]
    NotAllowed {
        /// The store's file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// The store's last change is still in SQLite's side file, which cannot be read here.
    #[error("key store {}: the last change is still in the file that ends in -wal: copy both to a writable folder", .0.display())]
    Pending(PathBuf),
    /// Another process held the store's lock for too long.
    #[error("key store {}: another program is using it; try again", .0.display())]
    Busy(PathBuf),
    /// The file is no database, or a broken one.
    #[error("key store {}: damaged, or no key store ({source}); check the path and the disk, then move the file away and anchor again", path.display())]
    Damaged {
        /// The store's file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// The file is another program's database, or a newer version's.
    #[error("{} is not a key store of this version (layout {found}); {}", path.display(), other_layout(*found))]
    Layout {
        /// The file.
        path: PathBuf,
        /// The layout that it has; ours are 0 to [`crate::store::LAYOUT`].
        found: i64,
    },
    /// The store holds something that does not verify: somebody edited it, or the disk did.
    #[error("the stored key set does not verify ({0}); remove the key store and anchor again")]
    Tampered(Refusal),
    /// Nobody has said yet whom to trust.
    #[error("no trusted root yet; anchor the authority's 1.root.json first")]
    NotAnchored,
    /// Another root was anchored before.
    #[error("another root is anchored here already; a new authority needs a new key store")]
    AnotherAnchor,
    /// Signed data is refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The folder for a new repository has one already.
    #[error("{} holds a repository already; publish an update instead", .0.display())]
    RepositoryExists(PathBuf),
    /// These private keys are not those that the repository's root names.
    #[error("these role keys are not the ones in the root of {}; use the repository's own", .0.display())]
    WrongSigners(PathBuf),
    /// A file of a key ceremony that is none, or a step that cannot be taken: what is wrong and what to do.
    #[error("{0}")]
    Ceremony(String),
    /// A repository that lies elsewhere could not be fetched.
    #[error("cannot fetch {from}: {reason}; check the address and the network")]
    Fetch {
        /// The address.
        from: String,
        /// What is wrong.
        reason: String,
    },
    /// Private keys that others on the machine can read.
    #[error("{} can be read by others; restrict it with chmod 600, and replace the keys", .0.display())]
    Exposed(PathBuf),
    /// A role keys file that is not one.
    #[error("{} is not a role keys file ({reason}); restore it from its backup", path.display())]
    RoleKeys {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

impl Error {
    pub(crate) fn store(path: &Path, source: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(Code::ReadOnly | Code::PermissionDenied | Code::CannotOpen) => {
                Self::NotAllowed { path, source }
            }
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy(path),
            // Our SQL is fixed: where it does not run or brings other types, the file is not as we made it.
            Some(Code::DatabaseCorrupt | Code::NotADatabase | Code::Unknown) | None => {
                Self::Damaged { path, source }
            }
            Some(_) => Self::Store { path, source },
        }
    }

    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }
}

/// What to do about a layout that is not ours.
fn other_layout(found: i64) -> &'static str {
    if (1..crate::store::LAYOUT).contains(&found) {
        "it is an older one: open it once with this program where it can be written"
    } else {
        "update the program"
    }
}

/// Why signed data is refused, with its evidence. `role` is one of root,
/// timestamp, snapshot and targets, or the file that they pin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A file is not there.
    #[error("{0} is missing; copy the whole key set again, not only what is new")]
    Missing(String),
    /// A file is larger than any real one.
    #[error("{name} is over {limit} bytes; this is not a key set")]
    TooLarge {
        /// Which file.
        name: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// More files than a key set may have.
    #[error("the key set lists over {0} files; no station takes so many, leave some out")]
    TooMany(usize),
    /// A name that would lead out of the folder, or a thing that is not a plain file.
    #[error("{0:?} is not a plain file of a key set; copy the folder again")]
    UnsafeName(String),
    /// Too few of the role's keys signed.
    #[error("{role}: {found} of {threshold} needed signatures hold; get the set from the authority again")]
    Signatures {
        /// Whose signatures.
        role: String,
        /// How many hold.
        found: usize,
        /// How many must.
        threshold: usize,
    },
    /// Older than what is trusted already.
    #[error("{role} is version {offered}, older than version {trusted} in use; get a newer one")]
    Older {
        /// Of which role.
        role: String,
        /// The version in use.
        trusted: u64,
        /// The version that was offered.
        offered: u64,
    },
    /// The same version as in use, with other contents: somebody signed twice.
    #[error("{role} version {version} differs from the one in use; tell the authority, do not use it")]
    SameVersion {
        /// Of which role.
        role: String,
        /// The version of both.
        version: u64,
    },
    /// Past its end.
    #[error("{role} expired at {at} s UTC (now {now}); get a newer key set, or set the clock")]
    Expired {
        /// Which role.
        role: String,
        /// When, seconds UTC.
        at: i64,
        /// When it was looked at, seconds UTC.
        now: i64,
    },
    /// A zip file that is broken, or has in it what no key set has.
    #[error("the zip file {0}; make it again from the folder of the key set")]
    Archive(String),
    /// Anything else that does not fit together.
    #[error("{name}: {reason}; copy the key set again")]
    Malformed {
        /// Which file or role.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// The key set itself cannot be read.
    #[error(transparent)]
    Document(#[from] DocumentError),
}
