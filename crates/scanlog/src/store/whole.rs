//! Whether a log is exactly what was signed, by all cores at once.
//!
//! It answers yes or no, and a no is for `audit` to name. What was signed does not change any more, so that
//! several connections may read it at once while the log goes on; only a purge meanwhile would turn a yes into
//! a no, and that no into the slower way.

mod recount;

use std::hash::RandomState;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use rusqlite::Connection;

use super::reader::{bytes, clamp, content, unsigned};
use super::tally::{self, BLOCK_BITS};
use super::{Reader, schema};
use crate::audit::{MAX_FAULTS, StepBack, Whole};
use crate::checkpoint::Checkpoint;
use crate::entry::{Entry, Outcome, Purge};
use crate::error::{At, Error};
use crate::tree::{Frontier, Hash, leaf_hash, node_hash};

use recount::{Counted, Indexed, tallies_are_indexed};

/// Entries of one piece of work as a power of two, no less than a tally's block: 4 MiB of hashes at the most.
pub(super) const PIECE_BITS: u8 = 16;
/// The most threads: more wait for the disk.
const MAX_THREADS: usize = 8;

/// What is known of one piece.
#[derive(Clone, Default)]
struct Piece {
    root: Hash,
    entries: u64,
    erased: Vec<u64>,
    /// The times of its first and last entry.
    ends: Option<(i64, i64)>,
    /// The index of its first entry.
    first: u64,
    steps_back: Vec<StepBack>,
    more_steps_back: u64,
    indexed: Indexed,
}

/// What all pieces have in common.
struct Work<'a> {
    size: u64,
    piece_bits: u8,
    purges: &'a [(u64, Purge)],
    /// Tallies and indices are those of the latest format, and are counted again.
    tallied: bool,
    hasher: RandomState,
    next: AtomicU64,
    failed: AtomicBool,
    pieces: Mutex<Vec<(u64, Piece)>>,
}

/// What is to be known of the log if it is whole; `None` if anything does not fit. The reader holds a snapshot.
pub(super) fn check(
    reader: &Reader,
    signed: &Checkpoint,
    purges: &[(u64, Purge)],
    piece_bits: u8,
) -> Result<Option<Whole>, Error> {
    let size = signed.size;
    // Each purge begins behind the one before it; they are searched by that.
    let in_order = purges.windows(2).all(|pair| pair[0].1.end <= pair[1].1.from);
    let tallied = schema::has_tallies_by_time(&reader.connection).at(&reader.path)?;
    if !in_order || !is_bounded(&reader.connection, size, tallied).at(&reader.path)? {
        return Ok(None);
    }
    let work = Work {
        size,
        piece_bits,
        purges,
        tallied,
        hasher: RandomState::new(),
        next: AtomicU64::new(0),
        failed: AtomicBool::new(false),
        pieces: Mutex::default(),
    };
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS);
    let threads = threads.min(usize::try_from(pieces(size, piece_bits)).unwrap_or(MAX_THREADS));
    let (path, all) = (reader.path.as_path(), &work);
    let sound = thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(move || all.run(path));
        }
        all.is_sound(reader)
    });
    let Some(indexed) = sound.at(&reader.path)? else { return Ok(None) };
    if work.failed.load(Ordering::Relaxed) {
        return Ok(None);
    }
    let mut pieces = work.pieces.into_inner().unwrap_or_else(PoisonError::into_inner);
    pieces.sort_by_key(|(number, _)| *number);
    let pieces: Vec<Piece> = pieces.into_iter().map(|(_, piece)| piece).collect();
    let erased = |at: usize| pieces.iter().map(|piece| piece.erased[at]).sum::<u64>();
    let told = (0..purges.len()).all(|at| erased(at) == purges[at].1.erased);
    let Some(root) = upper(&reader.connection, size, piece_bits, &pieces).at(&reader.path)? else {
        return Ok(None);
    };
    let fits = told
        && (!work.tallied || Indexed::sum(pieces.iter().map(|piece| piece.indexed)) == indexed)
        && root == signed.root
        && open_block(reader, size, work.tallied)?;
    Ok(fits.then(|| together(&pieces, root)))
}

impl Work<'_> {
    /// Does pieces until there are none, or one does not fit.
    fn run(&self, path: &Path) {
        // A connection of its own: one is not shared between threads.
        let own = Reader::open(path);
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= pieces(self.size, self.piece_bits) || self.failed.load(Ordering::Relaxed) {
                return;
            }
            match own.as_ref().ok().and_then(|own| self.piece(own, number).ok().flatten()) {
                Some(piece) => {
                    self.pieces.lock().unwrap_or_else(PoisonError::into_inner).push((number, piece));
                }
                None => self.failed.store(true, Ordering::Relaxed),
            }
        }
    }

    /// What the indices hold, where SQLite finds nothing wrong with the file; on the reader's own snapshot.
    fn is_sound(&self, reader: &Reader) -> rusqlite::Result<Option<Indexed>> {
        // Indices of older formats hold something else: SQLite compares them, which takes several times as long.
        let check = if self.tallied { "quick_check" } else { "integrity_check" };
        let sound = reader.complaints(check)?.is_empty() && self.tallies_hold(reader)?;
        let stored = || Indexed::stored(&reader.connection, &self.hasher);
        match (sound, self.tallied) {
            (false, _) => Ok(None),
            (true, true) => stored().map(Some),
            (true, false) => Ok(Some(Indexed::default())),
        }
    }

    /// Whether the tallies are found by their index; in an older format, whether they are those of the entries, which
    /// `counted` does for the latest.
    fn tallies_hold(&self, reader: &Reader) -> rusqlite::Result<bool> {
        let connection = &reader.connection;
        if self.tallied {
            return tallies_are_indexed(connection, &self.hasher);
        }
        Ok(!schema::has_tallies(connection)? || tally::holds(connection)?)
    }

    /// One piece; `None` where anything does not fit.
    fn piece(&self, reader: &Reader, number: u64) -> Result<Option<Piece>, Error> {
        let _snapshot = reader.connection.unchecked_transaction().at(&reader.path)?;
        let from = number << self.piece_bits;
        let end = self.size.min((number + 1) << self.piece_bits);
        let Some(leaves) = level(&reader.connection, 0, from, end).at(&reader.path)? else { return Ok(None) };
        let mut piece = Piece { erased: vec![0; self.purges.len()], ..Piece::default() };
        if !self.entries(reader, from, end, &leaves, &mut piece)? {
            return Ok(None);
        }
        let root = lower(&reader.connection, self.piece_bits, number, leaves).at(&reader.path)?;
        Ok(root.map(|root| Piece { root, ..piece }))
    }

    /// Whether every entry gives its leaf, and every one that is missing was erased.
    fn entries(
        &self,
        reader: &Reader,
        from: u64,
        end: u64,
        leaves: &[Hash],
        piece: &mut Piece,
    ) -> Result<bool, Error> {
        let columns = reader.columns()?;
        let sql =
            format!("SELECT {columns} FROM entry WHERE position >= ?1 AND position < ?2 ORDER BY position");
        let mut statement = reader.connection.prepare_cached(&sql).at(&reader.path)?;
        let mut rows = statement.query((clamp(from), clamp(end))).at(&reader.path)?;
        let (mut next, mut counted) = (from, Counted::default());
        while let Some(row) = rows.next().at(&reader.path)? {
            let Ok((entry, salt)) = content(row) else { return Ok(false) };
            let again = entry.index < next;
            if again || !self.erased(next, entry.index, piece) || self.is_restored(&entry) {
                return Ok(false);
            }
            let leaf = leaf_hash(&entry.commitment(&salt));
            if leaves[(entry.index - from) as usize] != leaf {
                return Ok(false);
            }
            piece.time(entry.index, entry.content.at);
            next = entry.index + 1;
            if self.tallied {
                counted.add(&entry);
                piece.indexed.add(&self.hasher, &entry);
            }
        }
        drop(rows);
        if !self.erased(next, end, piece) {
            return Ok(false);
        }
        // The last block may have grown since; it is looked at by itself.
        let blocks = (from >> BLOCK_BITS, end >> BLOCK_BITS);
        Ok(!self.tallied || counted.is(&reader.connection, blocks).at(&reader.path)?)
    }

    /// Whether all entries of `from..end` were erased, which are counted.
    fn erased(&self, from: u64, end: u64, piece: &mut Piece) -> bool {
        let mut at = from;
        while at < end {
            let Some(which) = self.purge_of(at) else { return false };
            let until = end.min(self.purges[which].1.end);
            piece.erased[which] += until - at;
            at = until;
        }
        true
    }

    /// Whether an entry is a scan that was erased.
    fn is_restored(&self, entry: &Entry) -> bool {
        entry.content.outcome != Outcome::Event && self.purge_of(entry.index).is_some()
    }

    /// Which purge the place lies in.
    fn purge_of(&self, index: u64) -> Option<usize> {
        let which = self.purges.partition_point(|(_, purge)| purge.end <= index);
        self.purges.get(which).is_some_and(|(_, purge)| purge.from <= index).then_some(which)
    }
}

impl Piece {
    fn time(&mut self, index: u64, at: i64) {
        self.entries += 1;
        let (first, last) = self.ends.unwrap_or_else(|| {
            self.first = index;
            (at, at)
        });
        if at < last {
            self.step(StepBack { index, from: last, to: at });
        }
        self.ends = Some((first, at));
    }

    fn step(&mut self, step: StepBack) {
        if self.steps_back.len() < MAX_FAULTS {
            self.steps_back.push(step)
        } else {
            self.more_steps_back += 1
        }
    }
}

fn pieces(size: u64, piece_bits: u8) -> u64 {
    size.div_ceil(1 << piece_bits)
}

/// Whether nothing is stored that the tree has no place for, nor tallies of blocks that it does not reach.
fn is_bounded(connection: &Connection, size: u64, tallied: bool) -> rusqlite::Result<bool> {
    let any = |sql: &str, value: i64| connection.query_row(sql, [value], |row| row.get::<_, bool>(0));
    if any("SELECT EXISTS (SELECT 1 FROM entry WHERE position < 0 OR position >= ?1)", clamp(size))?
        || any("SELECT EXISTS (SELECT 1 FROM node WHERE level < 0 OR level > ?1)", 63)?
    {
        return Ok(false);
    }
    if tallied
        && any(
            "SELECT EXISTS (SELECT 1 FROM tally WHERE block < 0 OR block > ?1)",
            clamp(tally::block(size)),
        )?
    {
        return Ok(false);
    }
    for level in 0..64 {
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM node WHERE level = {level} AND (position < 0 OR position >= ?1))"
        );
        if any(&sql, clamp(size >> level))? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The stored hashes of a level from position `from` up to `end`; `None` where one is missing or malformed.
fn level(connection: &Connection, level: u8, from: u64, end: u64) -> rusqlite::Result<Option<Vec<Hash>>> {
    let sql = "SELECT position, hash FROM node WHERE level = ?1 AND position >= ?2 AND position < ?3
        ORDER BY position";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query((level, clamp(from), clamp(end)))?;
    let mut hashes = Vec::with_capacity((end - from) as usize);
    while let Some(row) = rows.next()? {
        match bytes(row, 1) {
            Some(hash) if unsigned(row, 0)? == from + hashes.len() as u64 => hashes.push(hash),
            _ => return Ok(None),
        }
    }
    Ok((hashes.len() as u64 == end - from).then_some(hashes))
}

/// The root of a piece, if every stored hash above its leaves is that of its children.
fn lower(
    connection: &Connection,
    piece_bits: u8,
    number: u64,
    leaves: Vec<Hash>,
) -> rusqlite::Result<Option<Hash>> {
    let (mut hashes, mut edge) = (leaves, None);
    for above in 1..=piece_bits {
        // Only at the right edge of the whole tree has one no sibling.
        if hashes.len() % 2 == 1 {
            let odd = hashes.pop();
            edge = odd.zip(edge).map(|(left, right)| node_hash(&left, &right)).or(edge).or(odd);
        }
        hashes = hashes.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect();
        let from = number << (piece_bits - above);
        let stored = level(connection, above, from, from + hashes.len() as u64)?;
        if stored.as_ref() != Some(&hashes) {
            return Ok(None);
        }
    }
    let top = hashes.first().copied();
    Ok(top.or(edge))
}

/// The root of all, if every stored hash above the pieces is that of its children.
fn upper(
    connection: &Connection,
    size: u64,
    piece_bits: u8,
    pieces: &[Piece],
) -> rusqlite::Result<Option<Hash>> {
    let complete = (size >> piece_bits) as usize;
    let (whole, rest) = pieces.split_at(complete.min(pieces.len()));
    let mut frontier = Frontier::default();
    whole.iter().for_each(|piece| frontier.push(piece.root));
    let mut hashes: Vec<Hash> = whole.iter().map(|piece| piece.root).collect();
    for above in piece_bits + 1..64 {
        hashes = hashes.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect();
        if hashes.is_empty() {
            break;
        }
        if level(connection, above, 0, hashes.len() as u64)?.as_ref() != Some(&hashes) {
            return Ok(None);
        }
    }
    let last = rest.first().map(|piece| piece.root);
    Ok(Some(frontier.root_before(last).unwrap_or_else(crate::tree::empty_root)))
}

/// Whether the block that is being filled is tallied right, and none behind it; on the reader's own snapshot.
fn open_block(reader: &Reader, size: u64, tallied: bool) -> Result<bool, Error> {
    if !tallied {
        return Ok(true);
    }
    let block = size >> BLOCK_BITS;
    let mut counted = Counted::default();
    reader.entries(block << BLOCK_BITS, size)?.iter().for_each(|entry| counted.add(entry));
    counted.is(&reader.connection, (block, u64::MAX)).at(&reader.path)
}

fn together(pieces: &[Piece], root: Hash) -> Whole {
    let mut all = Piece::default();
    for piece in pieces {
        if let (Some((_, last)), Some((first, _))) = (all.ends, piece.ends)
            && first < last
        {
            all.step(StepBack { index: piece.first, from: last, to: first });
        }
        piece.steps_back.iter().for_each(|step| all.step(*step));
        all.more_steps_back += piece.more_steps_back;
        all.entries += piece.entries;
        all.ends = piece.ends.or(all.ends);
    }
    let erased = pieces.iter().flat_map(|piece| &piece.erased).sum();
    Whole {
        entries: all.entries,
        erased,
        root,
        steps_back: all.steps_back,
        more_steps_back: all.more_steps_back,
    }
}
