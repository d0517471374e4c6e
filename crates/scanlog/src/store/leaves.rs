//! The log leaf by leaf, with what proves each: for exports.

use rusqlite::Transaction;
use rusqlite::types::ValueRef;

use super::Reader;
use super::reader::{bytes, clamp, content, unsigned};
use crate::entry::{NewEntry, Salt};
use crate::error::{At, Error};
use crate::tree::{self, Hash};

/// An entry's place in the log, and what proves that it is the one that was logged there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// The index.
    pub index: u64,
    /// The entry with its salt; `None` where both were erased and only their commitment is left.
    pub content: Option<(NewEntry, Salt)>,
    /// The hash that stands for it in the tree.
    pub hash: Hash,
}

impl Leaf {
    /// The leaf of this entry.
    pub fn new(index: u64, entry: NewEntry, salt: Salt) -> Self {
        let hash = tree::leaf_hash(&entry.at_index(index).commitment(&salt));
        Self { index, content: Some((entry, salt)), hash }
    }

    /// Whether what it holds is what its hash stands for; true where nothing is held any more.
    pub fn holds(&self) -> bool {
        let hash =
            |(entry, salt): &(NewEntry, Salt)| tree::leaf_hash(&entry.at_index(self.index).commitment(salt));
        self.content.as_ref().is_none_or(|content| hash(content) == self.hash)
    }
}

/// While it lives, its reader sees the log as it was when this was made.
pub struct Snapshot<'a>(#[expect(dead_code, reason = "ends when it is dropped")] Transaction<'a>);

impl Reader {
    /// Holds what is read to one moment, whatever is appended meanwhile.
    pub fn snapshot(&self) -> Result<Snapshot<'_>, Error> {
        Ok(Snapshot(self.connection.unchecked_transaction().at(&self.path)?))
    }

    /// The same for one answer, where the caller does not hold one already.
    pub(super) fn held(&self) -> Result<Option<Snapshot<'_>>, Error> {
        self.connection.is_autocommit().then(|| self.snapshot()).transpose()
    }

    /// The name under which the log is signed, as the file has it.
    pub fn origin(&self) -> Result<String, Error> {
        self.head()?.map(|head| head.origin).ok_or_else(|| self.corrupt("its head is missing"))
    }

    /// Calls `each` with every leaf of `from <= index < to`, in their order, for as long as it says so. One whose
    /// entry was erased comes with its hash alone; one whose entry is missing otherwise is passed over, and one
    /// whose content cannot be read is an error.
    pub fn leaves(&self, from: u64, to: u64, mut each: impl FnMut(Leaf) -> bool) -> Result<(), Error> {
        let purges = self.purges()?;
        let erased = |index: u64| purges.iter().any(|(_, purge)| (purge.from..purge.end).contains(&index));
        let sql = format!(
            "SELECT {}, node.hash, node.position FROM node
             LEFT JOIN entry ON entry.position = node.position
             WHERE node.level = 0 AND node.position >= ?1 AND node.position < ?2 ORDER BY node.position",
            self.columns()?
        );
        let mut statement = self.connection.prepare(&sql).at(&self.path)?;
        let mut rows = statement.query((clamp(from), clamp(to))).at(&self.path)?;
        while let Some(row) = rows.next().at(&self.path)? {
            let hash = bytes(row, 12).ok_or_else(|| self.corrupt("a tree hash"))?;
            let index = unsigned(row, 13).at(&self.path)?;
            let content = match row.get_ref(0).at(&self.path)? {
                ValueRef::Null if erased(index) => None,
                ValueRef::Null => continue,
                _ => {
                    let (entry, salt) =
                        content(row).map_err(|field| self.corrupt(&format!("an entry's {field}")))?;
                    Some((entry.content, salt))
                }
            };
            if !each(Leaf { index, content, hash }) {
                break;
            }
        }
        Ok(())
    }
}
