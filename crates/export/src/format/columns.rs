//! Entries as columns: Apache Parquet. Times are `at` (a timestamp, for SQL; null outside of what it can hold) and
//! `at_seconds`; hashes are 32 bytes.

mod read;
mod table;

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, FixedLenByteArray, FixedLenByteArrayType, Int64Type,
};
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use scanlog::{Leaf, NewEntry};

use crate::Error;

pub use read::read;
pub use table::{COLUMNS, PROOF_COLUMNS, schema};

/// How many entries are one row group: what a writer holds in memory, some 25 MB.
pub const GROUP: usize = 65_536;

/// Entries that are being written.
pub struct Writer<W: Write + Send> {
    file: SerializedFileWriter<W>,
    group: Vec<Leaf>,
    with_proof: bool,
}

impl<W: Write + Send> Writer<W> {
    /// Begins a file, with the columns that prove an entry (`salt`, `leaf`) or without.
    pub fn new(out: W, with_proof: bool) -> Result<Self> {
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let file = SerializedFileWriter::new(out, schema(with_proof), Arc::new(properties))?;
        Ok(Self { file, group: vec![], with_proof })
    }

    /// Writes an entry.
    pub fn write(&mut self, leaf: &Leaf) -> Result<()> {
        self.group.push(leaf.clone());
        if self.group.len() < GROUP { Ok(()) } else { self.flush() }
    }

    /// Ends the file.
    pub fn finish(mut self) -> Result<W> {
        self.flush()?;
        self.file.into_inner()
    }

    fn flush(&mut self) -> Result<()> {
        let leaves = std::mem::take(&mut self.group);
        if leaves.is_empty() {
            return Ok(());
        }
        let mut group = self.file.next_row_group()?;
        columns(&mut group, &leaves)?;
        if self.with_proof {
            put::<FixedLenByteArrayType>(&mut group, &leaves, |leaf| {
                leaf.content.as_ref().map(|(_, salt)| fixed(salt))
            })?;
            required::<FixedLenByteArrayType>(&mut group, leaves.iter().map(|leaf| fixed(&leaf.hash)))?;
        }
        group.close().map(|_| ())
    }
}

/// In the order of [`COLUMNS`].
fn columns<W: Write + Send>(group: &mut SerializedRowGroupWriter<'_, W>, leaves: &[Leaf]) -> Result<()> {
    required::<Int64Type>(group, leaves.iter().map(|leaf| leaf.index.cast_signed()))?;
    of::<Int64Type, _>(group, leaves, |entry| entry.at.checked_mul(1_000_000))?;
    of::<Int64Type, _>(group, leaves, |entry| Some(entry.at))?;
    of::<ByteArrayType, _>(group, leaves, |entry| Some(entry.outcome.name().into()))?;
    of::<ByteArrayType, _>(group, leaves, |entry| Some(entry.reason.as_str().into()))?;
    of::<ByteArrayType, _>(group, leaves, |entry| Some(entry.stage.as_str().into()))?;
    of::<ByteArrayType, _>(group, leaves, |entry| entry.kind.as_deref().map(ByteArray::from))?;
    of::<Int64Type, _>(group, leaves, |entry| entry.operator.map(i64::from))?;
    of::<BoolType, _>(group, leaves, |entry| Some(entry.demo))?;
    of::<Int64Type, _>(group, leaves, |entry| Some(entry.key_set_version.cast_signed()))?;
    of::<FixedLenByteArrayType, _>(group, leaves, |entry| entry.person.as_ref().map(fixed))?;
    of::<FixedLenByteArrayType, _>(group, leaves, |entry| entry.identity.as_ref().map(fixed))
}

/// A column of a field that an erased entry has not.
fn of<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    leaves: &[Leaf],
    field: impl Fn(&NewEntry) -> Option<T::T>,
) -> Result<()> {
    put::<T>(group, leaves, |leaf| leaf.content.as_ref().and_then(|(entry, _)| field(entry)))
}

fn put<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, impl Write + Send>,
    leaves: &[Leaf],
    field: impl Fn(&Leaf) -> Option<T::T>,
) -> Result<()> {
    let (mut values, mut present) = (vec![], Vec::with_capacity(leaves.len()));
    for leaf in leaves {
        let value = field(leaf);
        present.push(i16::from(value.is_some()));
        values.extend(value);
    }
    column::<T>(group, &values, Some(&present))
}

fn required<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, impl Write + Send>,
    values: impl Iterator<Item = T::T>,
) -> Result<()> {
    column::<T>(group, &values.collect::<Vec<_>>(), None)
}

fn column<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, impl Write + Send>,
    values: &[T::T],
    present: Option<&[i16]>,
) -> Result<()> {
    let next = group.next_column()?.ok_or_else(|| ParquetError::General("no such column".to_owned()))?;
    let mut column = next;
    column.typed::<T>().write_batch(values, present, None)?;
    column.close()
}

fn fixed(hash: &[u8; 32]) -> FixedLenByteArray {
    ByteArray::from(hash.to_vec()).into()
}

/// Names the file in an error.
pub fn at(path: &Path) -> impl FnOnce(ParquetError) -> Error {
    let path = path.to_owned();
    |why| Error::Parquet { path, what: why.to_string() }
}
