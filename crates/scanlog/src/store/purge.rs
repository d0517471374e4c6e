//! Erasing what is older than it may be kept.

use rusqlite::OptionalExtension;

use super::reader::{clamp, unsigned};
use super::{Leaf, Log, Reader, again, erase, schema};
use crate::checkpoint::Checkpoint;
use crate::entry::{BadEntry, Entry, NewEntry, Outcome, PURGED, Purge, Salt};
use crate::error::{At, Error};
use crate::sqlite;
use crate::tree;

/// What a purge did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purged {
    /// What was erased, and the index of the entry that tells of it; `None` where nothing was old enough.
    pub erased: Option<(u64, Purge)>,
    /// More scans are as old: so many at once would keep the door waiting. The next purge goes on.
    pub more: bool,
    /// Nothing of it is left in the files: not, while there are more to be erased, or another program still reads an
    /// older state of the log. Then the next purge sees to it.
    pub wiped: bool,
}

/// Scans that one purge erases at the most, so that the door waits for half a second and not for ten: our own limit.
const MAX_ERASED: u64 = 10_000;

impl Log {
    /// Erases scans before the first entry of `before <= at <= now` (seconds UTC, `now` being `event.at`): content
    /// and salt; leaves and events stay. An entry of a time to come says nothing of those before it. There may be
    /// [more](Purged::more) of them than are erased at once.
    /// `event` tells of it; its reason and kind are set here. `salt` is fresh random bytes, used once.
    ///
    /// Returns when the erased bytes are overwritten in the log and its side files (see [`Purged::wiped`]).
    pub fn purge(&mut self, before: i64, event: &NewEntry, salt: Salt) -> Result<Purged, Error> {
        self.purge_some(before, event, salt, MAX_ERASED)
    }

    /// The same, with at most so many scans.
    pub(super) fn purge_some(
        &mut self,
        before: i64,
        event: &NewEntry,
        salt: Salt,
        most: u64,
    ) -> Result<Purged, Error> {
        if event.outcome != Outcome::Event {
            return Err(BadEntry::Purge.into());
        }
        self.in_place()?;
        let transaction = self.transaction()?;
        let (_, head) = self.genuine_head()?;
        let found = self.outdated(head.size, (before, event.at), most)?;
        let more = found.is_some_and(|(_, more)| more);
        let erased = match found {
            None => None,
            Some((purge, more)) => {
                let kind = Some(purge.word());
                let event = NewEntry { reason: PURGED.to_owned(), kind, ..event.clone() };
                let put = self.put(&transaction, &head, &event, salt)?;
                erase::erase(&transaction, &purge).at(&self.path)?;
                if !more {
                    erase::make_anew(&transaction).at(&self.path)?;
                }
                Some((put, purge))
            }
        };
        transaction.commit().at(&self.path)?;
        let erased = erased.map(|(put, purge)| {
            let index = put.1.size - 1;
            self.head = Some(put);
            self.mark.note(index + 1);
            (index, purge)
        });
        self.in_place()?;
        Ok(Purged { erased, more, wiped: self.wipe()? && !more })
    }

    /// The scans that are to be erased now, if there are any, and whether there are more.
    fn outdated(
        &self,
        size: u64,
        (before, now): (i64, i64),
        most: u64,
    ) -> Result<Option<(Purge, bool)>, Error> {
        let from = self.purges()?.last().map_or(0, |(_, purge)| purge.end);
        // From the last purge on, so that no more is read than will be erased.
        let young = "SELECT position FROM entry NOT INDEXED
             WHERE position >= ?1 AND at >= ?2 AND at <= ?3 ORDER BY position LIMIT 1";
        let young = self.connection.prepare_cached(young).and_then(|mut statement| {
            statement.query_row((clamp(from), before, now), |row| unsigned(row, 0)).optional()
        });
        let old = young.at(&self.path)?.unwrap_or(size);
        let scans = "SELECT position FROM entry NOT INDEXED
             WHERE position >= ?1 AND position < ?2 AND outcome <> 3 ORDER BY position";
        let (mut erased, mut end) = (0, old);
        let mut statement = self.connection.prepare_cached(scans).at(&self.path)?;
        let mut rows = statement.query((clamp(from), clamp(old))).at(&self.path)?;
        while let Some(row) = rows.next().at(&self.path)? {
            if erased == most {
                end = unsigned(row, 0).at(&self.path)?;
                break;
            }
            erased += 1;
        }
        Ok((erased > 0).then_some((Purge { from, end, erased }, end < old)))
    }

    /// Empties whatever else holds erased pages as they were: the side file, and a copy of the log. Whoever reads is
    /// not waited for: the door has to go on.
    fn wipe(&self) -> Result<bool, Error> {
        let settled = sqlite::settle(&self.connection).at(&self.path)?;
        Ok(again::forget(&self.path).is_ok() && settled)
    }
}

impl Reader {
    /// What was purged when, in order: the index of the entry that tells of it. Not verified:
    /// [`Reader::verify`] does that.
    pub fn purges(&self) -> Result<Vec<(u64, Purge)>, Error> {
        Ok(self.purge_entries()?.iter().filter_map(|entry| Some((entry.index, Purge::of(entry)?))).collect())
    }

    /// The entries that tell of erased ones.
    pub fn purge_entries(&self) -> Result<Vec<Entry>, Error> {
        if !schema::has_tallies(&self.connection).at(&self.path)? {
            return Ok(vec![]);
        }
        let sql = format!(
            "SELECT {} FROM entry INDEXED BY entry_purged WHERE outcome = 3 AND reason = 'purged' ORDER BY position",
            self.columns()?
        );
        self.list(&sql, &[])
    }

    /// The first entry that tells of erased ones in `from <= index < to` and is not proven by this head's tree, or
    /// tells of others than are missing. `None` where there is no such entry. The head is for the caller to verify.
    pub fn untold(&self, head: &Checkpoint, from: u64, to: u64) -> Result<Option<u64>, Error> {
        for (index, purge) in
            self.purges()?.into_iter().filter(|(_, purge)| purge.from < to && from < purge.end)
        {
            if !self.is_told(head, index, &purge)? {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }

    fn is_told(&self, head: &Checkpoint, index: u64, purge: &Purge) -> Result<bool, Error> {
        let mut leaf = None;
        self.leaves(index, index.saturating_add(1), |found| {
            leaf = Some(found);
            false
        })?;
        let Some(leaf) = leaf.filter(Leaf::holds) else { return Ok(false) };
        let proof = tree::inclusion_proof(self, index, head.size)?.unwrap_or_default();
        if !tree::verify_inclusion(&leaf.hash, index, head.size, &proof, &head.root) {
            return Ok(false);
        }
        // Events alone are left there, all of them.
        let sql = "SELECT count(*), ifnull(sum(outcome <> 3), 0) FROM entry NOT INDEXED
             WHERE position >= ?1 AND position < ?2";
        let left = self.connection.query_row(sql, (clamp(purge.from), clamp(purge.end)), |row| {
            Ok((unsigned(row, 0)?, unsigned(row, 1)?))
        });
        Ok(left.at(&self.path)? == (purge.end - purge.from - purge.erased, 0))
    }
}
