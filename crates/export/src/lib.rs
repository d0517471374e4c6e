//! Exports of a scan log that prove themselves: an inspector takes a folder away, and needs the device no more.
//!
//! | file | holds |
//! |---|---|
//! | `entries.csv`, `.jsonl` or `.parquet` | every entry of a range of indices, with its salt and the hash of its leaf |
//! | `checkpoint.txt` | the log's signed head (C2SP checkpoint), with whatever cosignatures it bears |
//! | `manifest.txt` | a C2SP signed note by the device: which range of which log, when, what files ([`manifest`]) |
//!
//! A range has no gap, and the manifest has the hashes of the subtrees before and behind it: so the entries give the
//! root that the checkpoint signs, and a row that is missing, edited, added or moved shows ([`check`]). What was
//! exported by other choices, such as refusals alone, could not be proven complete: that is for SQL over an export.
//!
//! Nothing here reaches for a clock, a key or randomness.

pub mod check;
pub mod edge;
mod error;
mod files;
pub mod format;
pub mod manifest;
mod moment;
pub mod progress;
pub mod spreadsheet;
mod write;

pub use check::{Check, Fault, MAX_FAULTS, check};
pub use error::Error;
pub use format::Format;
pub use manifest::Manifest;
pub use moment::{rfc3339, seconds};
pub use progress::Progress;
pub use write::{Request, Seal, Writer, export};

/// The signed description of an export.
pub const MANIFEST: &str = "manifest.txt";
/// The log's signed head.
pub const CHECKPOINT: &str = "checkpoint.txt";

/// Bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// 32 bytes of lower-case hexadecimal.
pub(crate) fn from_hex(digits: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let all = digits.len() == 64 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    for (place, byte) in bytes.iter_mut().enumerate().take_while(|_| all) {
        *byte = u8::from_str_radix(digits.get(2 * place..2 * place + 2)?, 16).ok()?;
    }
    all.then_some(bytes)
}
