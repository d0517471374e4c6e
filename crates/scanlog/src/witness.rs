//! The inspector's side: a device that remembers the last head it saw of every log, and cosigns only
//! what goes on from there.
//!
//! What goes between the two devices are two texts, each small enough for one QR code. A request is
//! the key of the log, then the body that C2SP's `tlog-witness` has for `add-checkpoint`:
//!
//! ```text
//! log's name+key id+base64(0x01 ‖ key)
//! old size
//! base64(hash) of the consistency proof, one a line
//!
//! the signed checkpoint
//! ```
//!
//! An answer is the key of the witness, then the checkpoint with both signatures.

use ed25519_dalek::SigningKey;
use std::collections::BTreeMap;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::cosignature;
use crate::note::{Note, NoteError, Verifier};
use crate::tree;

mod letter;

pub use letter::{Answer, BadLetter, MAX_LETTER, MAX_PROOF, Request};

/// The most logs that one book holds: our own limit, more stations than an inspector visits.
pub const MAX_LOGS: usize = 10_000;

/// What a witness keeps of one log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its name and key.
    pub verifier: Verifier,
    /// The last head that was cosigned, as the log signed it.
    pub note: String,
    /// When that was, seconds UTC, by the witness's own clock.
    pub at: i64,
    /// A head under the same key that does not go with the other: kept as evidence.
    pub conflict: Option<String>,
}

/// All that a witness has seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    logs: BTreeMap<String, (Seen, Checkpoint)>,
}

/// Why a witness does not cosign. Each is named for whoever stands before the station.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The head's signature is wrong.
    #[error("the head of {origin} is not signed by the log's key ({why}): ask the station for a new request")]
    Signature {
        /// Which log.
        origin: String,
        /// What is wrong.
        why: CheckpointError,
    },
    /// A log that the book does not know.
    #[error(
        "{origin} (key {key}) was never seen before: compare the key with the station's own screen, then let it in as a new log"
    )]
    NewLog {
        /// Which log.
        origin: String,
        /// Its key's id.
        key: String,
    },
    /// As many logs as the book holds.
    #[error("the book holds {MAX_LOGS} logs already: begin another")]
    Full,
    /// Another key under the name of a log that is known.
    #[error(
        "{origin} comes with another key ({found}) than the one it had ({known}): another device uses its name, or its key was replaced; a station that is set up anew needs a name of its own"
    )]
    OtherKey {
        /// Which log.
        origin: String,
        /// The key's id as it was.
        known: String,
        /// As it is now.
        found: String,
    },
    /// Fewer entries than were seen.
    #[error(
        "{origin} has shrunk: {size} entries now, {seen} when it was last seen. It was cut off or put back from a backup, or this is an old request"
    )]
    Shrunk {
        /// Which log.
        origin: String,
        /// Entries now.
        size: u64,
        /// Entries seen.
        seen: u64,
    },
    /// The same number of entries, but others.
    #[error("{origin} was forked: its key has signed two different logs of {size} entries")]
    Fork {
        /// Which log.
        origin: String,
        /// Entries of both.
        size: u64,
    },
    /// More entries, but not after those that were seen.
    #[error(
        "{origin} does not go on from the {seen} entries that were seen: it was rewritten, or put back from a backup and continued, or two devices sign with one key"
    )]
    Rewritten {
        /// Which log.
        origin: String,
        /// Entries seen.
        seen: u64,
    },
    /// It goes on from what was seen, but another history under its key was shown too.
    #[error(
        "two devices sign as {origin}: this log goes on from what was seen, and another under the same key does not; find the copy before anything is cosigned"
    )]
    TwoDevices {
        /// Which log.
        origin: String,
    },
    /// A proof from another size than the one that was seen.
    #[error(
        "the request proves {origin} from entry {from} on, and {seen} entries were seen: ask the station for a request since {seen}"
    )]
    Since {
        /// Which log.
        origin: String,
        /// Where the proof begins.
        from: u64,
        /// Entries seen.
        seen: u64,
    },
    /// The witness's own clock is behind what it last signed.
    #[error("this device's clock is behind what it signed before, by {seconds} seconds: set the clock")]
    ClockBack {
        /// By how much.
        seconds: u64,
    },
    /// It cannot be signed.
    #[error("it cannot be signed: {0}")]
    Sign(NoteError),
}

/// Who cosigns, and when.
#[derive(Clone, Copy)]
pub struct Signing<'a> {
    /// The witness's name.
    pub name: &'a str,
    /// Its secret key.
    pub key: &'a SigningKey,
    /// Its own clock, seconds UTC.
    pub now: i64,
}

impl Book {
    /// The book with this record. Its notes are verified, so that a damaged book is not believed.
    pub fn with(mut self, seen: Seen) -> Result<Self, CheckpointError> {
        let head = Checkpoint::open(&seen.note, &seen.verifier.name, &seen.verifier.key)?;
        self.logs.insert(seen.verifier.name.clone(), (seen, head));
        Ok(self)
    }

    /// What was seen, by the logs' names.
    pub fn logs(&self) -> impl Iterator<Item = (&Seen, &Checkpoint)> {
        self.logs.values().map(|(seen, head)| (seen, head))
    }

    /// Cosigns a head that goes on from the last one, and writes it into the book; the book has to be on
    /// disk before the answer is given away. `new_log`: a person has compared the key of a log that is not
    /// known yet. A refusal may leave evidence in the book, which has to be kept as well.
    pub fn cosign(
        &mut self,
        request: &Request,
        signing: Signing<'_>,
        new_log: bool,
    ) -> Result<Answer, Refusal> {
        let origin = &request.verifier.name;
        let full = self.logs.len() >= MAX_LOGS;
        let head = match self.logs.get_mut(origin) {
            Some((seen, last)) => judge(seen, last, request, signing.now)?,
            None if !new_log => {
                return Err(Refusal::NewLog { origin: origin.clone(), key: request.verifier.hex_id() });
            }
            None if full => return Err(Refusal::Full),
            None => open(request)?,
        };
        let text = Note::parse(&request.note).map_err(Refusal::Sign)?;
        let line = cosignature::line(text.unverified_text(), signing.name, signing.key, signing.now)
            .map_err(Refusal::Sign)?;
        let cosigner = cosignature::Cosigner::of(signing.name, signing.key).map_err(Refusal::Sign)?;
        let note = format!("{}{line}", request.note);
        let seen = Seen {
            verifier: request.verifier.clone(),
            note: request.note.clone(),
            at: signing.now,
            conflict: None,
        };
        self.logs.insert(origin.clone(), (seen, head));
        Ok(Answer { cosigner, note })
    }

    /// Forgets the evidence against a log, after a person has found out how it came about. Whether there was any.
    pub fn settle(&mut self, origin: &str) -> bool {
        self.logs.get_mut(origin).is_some_and(|(seen, _)| seen.conflict.take().is_some())
    }
}

/// The head of a request, if it goes on from the last one.
fn judge(seen: &mut Seen, last: &Checkpoint, request: &Request, now: i64) -> Result<Checkpoint, Refusal> {
    let origin = || last.origin.clone();
    if now < seen.at {
        return Err(Refusal::ClockBack { seconds: seen.at.abs_diff(now) });
    }
    if request.verifier.key != seen.verifier.key {
        let (known, found) = (seen.verifier.hex_id(), request.verifier.hex_id());
        return Err(Refusal::OtherKey { origin: origin(), known, found });
    }
    let head = open(request)?;
    let (size, before) = (head.size, last.size);
    if size < before {
        return Err(Refusal::Shrunk { origin: origin(), size, seen: before });
    }
    if size == before && head.root != last.root {
        seen.conflict.get_or_insert_with(|| request.note.clone());
        return Err(Refusal::Fork { origin: origin(), size });
    }
    if size > before && request.old != before {
        return Err(Refusal::Since { origin: origin(), from: request.old, seen: before });
    }
    let goes_on =
        size == before || tree::verify_consistency(before, size, &last.root, &head.root, &request.proof);
    if !goes_on {
        seen.conflict.get_or_insert_with(|| request.note.clone());
        return Err(Refusal::Rewritten { origin: origin(), seen: before });
    }
    if seen.conflict.is_some() {
        return Err(Refusal::TwoDevices { origin: origin() });
    }
    Ok(head)
}

fn open(request: &Request) -> Result<Checkpoint, Refusal> {
    let Verifier { name, key } = &request.verifier;
    let wrong = |why| Refusal::Signature { origin: name.clone(), why };
    Checkpoint::open(&request.note, name, key).map_err(wrong)
}

#[cfg(test)]
mod tests;
