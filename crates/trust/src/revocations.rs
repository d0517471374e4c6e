//! Everything that a device knows of revoked passes, put together.

use credential::shc::RevokedCards;
use credential::{Pass, Revocation, Revoked, Unreadable};
use rusqlite::Connection;

use crate::hash_rows::{self, Digest};
use crate::hashes::Kind;
use crate::status::List;

/// The revocation lists in use: status lists and lists of cards in memory, hash lists by name, their hashes in the
/// store's database. [`Self::over`] makes of them what passes are judged against.
///
/// A pass that names a status list of which there is none is not revoked, just as one that names
/// no list: the authority has published none, for a list that it did publish cannot be kept from a
/// device without its signed metadata showing it. [`Self::unchecked`] tells such a pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revocations {
    status: Vec<List>,
    hashes: Vec<HashList>,
    cards: Vec<RevokedCards>,
}

/// A hash list whose rows were [checked](hash_rows::check).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HashList {
    /// Its name, for people: `<id>` of `hashes.<id>.bin`.
    pub name: String,
    /// What is hashed.
    pub kind: Kind,
    /// The SHA-256 of its file, which its rows are found by.
    pub file: Digest,
}

impl Revocations {
    /// Lists of these kinds, either of which may be none. Where several status lists have the same
    /// URI, one that has revoked a pass is enough.
    pub fn new(status: Vec<List>, hashes: Vec<HashList>) -> Self {
        Self { status, hashes, cards: vec![] }
    }

    /// The same with lists of revoked SMART Health Cards.
    pub fn with_cards(self, cards: Vec<RevokedCards>) -> Self {
        Self { cards, ..self }
    }

    /// The lists of revoked SMART Health Cards.
    pub fn cards(&self) -> &[RevokedCards] {
        &self.cards
    }

    /// The status lists.
    pub fn status(&self) -> &[List] {
        &self.status
    }

    /// The hash lists.
    pub fn hashes(&self) -> &[HashList] {
        &self.hashes
    }

    /// The lists with the database that the hash lists' rows are in.
    pub fn over<'a>(&'a self, rows: &'a Connection) -> Lookup<'a> {
        Lookup { lists: self, rows }
    }

    /// The status list that a pass names and that is not here.
    pub fn unchecked<'p>(&self, pass: &'p Pass) -> Option<&'p str> {
        let uri = pass.status.as_ref()?.uri.as_str();
        self.status.iter().all(|list| list.uri() != uri).then_some(uri)
    }

    fn by_place(&self, pass: &Pass) -> Option<Revoked> {
        let place = pass.status.as_ref()?;
        let mut named = self.status.iter().filter(|list| list.uri() == place.uri);
        named.any(|list| list.is_revoked(place.index)).then(|| Revoked { list: place.uri.clone() })
    }
}

/// [`Revocations`] with their database: what passes are judged against.
#[derive(Clone, Copy)]
pub struct Lookup<'a> {
    lists: &'a Revocations,
    rows: &'a Connection,
}

impl Revocation for Lookup<'_> {
    /// A list that names the pass decides, also where another cannot be looked into.
    fn revoked(&self, pass: &Pass) -> Result<Option<Revoked>, Unreadable> {
        if let Some(revoked) = self.lists.by_place(pass) {
            return Ok(Some(revoked));
        }
        for list in &self.lists.cards {
            if let Some(revoked) = list.revoked(pass)? {
                return Ok(Some(revoked));
            }
        }
        let mut unreadable = None;
        for list in &self.lists.hashes {
            let mut hashes = list.kind.hashes(pass).into_iter();
            let hit = hashes.try_fold(false, |hit, hash| {
                Ok::<_, hash_rows::RowsError>(hit || hash_rows::contains(self.rows, &list.file, &hash)?)
            });
            match hit {
                Ok(true) => return Ok(Some(Revoked { list: list.name.clone() })),
                Ok(false) => {}
                Err(_) => unreadable = Some(Unreadable { list: list.name.clone() }),
            }
        }
        unreadable.map_or(Ok(None), Err)
    }
}
