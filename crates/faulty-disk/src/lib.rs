//! A disk that fails under SQLite as real ones do. For tests only.
//!
//! [`Disk::mount`] puts a disk of this kind at a folder. Whatever SQLite then
//! does to files in that folder goes to the real ones, so that programs see what
//! they expect; besides, the disk keeps account of what a real disk would be
//! sure to have kept ([`Disk::power_on`] brings the files to that state), and
//! fails when it is told to ([`Disk::fail`]).
//!
//! # What a power cut leaves
//!
//! - What was synced is there. (`fsync` is believed: disks that lie about it
//!   exist, and no program can help that.)
//! - Of what was not, any part may be: each sector of each write on its own, in
//!   any order. What lies behind the synced end may also be zeros, or garbage.
//! - A sector is old or new, never a mixture: what disks promise, and what
//!   SQLite relies on (`SQLITE_IOCAP_POWERSAFE_OVERWRITE`, as its own Unix layer says).
//! - A file that was made or deleted is so for sure once its folder was synced,
//!   which SQLite's Unix layer does with the first sync of a side file that it opened.
//! - What a failed sync was to write is lost, as on Linux: the cache shows it,
//!   and no later sync writes it.

mod disk;
mod file;
mod vfs;

pub use disk::{Access, Disk, Failure, Plan};
