//! Reading a Parquet file that anyone may have made: a value of the wrong kind is a bad row, and where the library
//! itself stumbles over a damaged file, reading ends with that.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_typed_column_reader};
use parquet::data_type::{BoolType, ByteArrayType, DataType, FixedLenByteArrayType, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use scanlog::entry::is_word;
use scanlog::{Leaf, NewEntry, Outcome};

use super::table::{COLUMNS, Holds, PROOF_COLUMNS};
use crate::format::{BadRow, Take};

/// The largest row group that is read, in bytes before compression: five times what is written at the most.
const MAX_GROUP: i64 = 128 << 20;
/// The largest file description that is read: one row group takes some 2 KB of it.
const MAX_FOOTER: u64 = 64 << 20;
/// How many rows are read at once.
const BATCH: usize = 4096;

/// Reads every entry, with its proof.
pub fn read(file: File, take: Take<'_>) {
    let mut row = 0;
    // The library checks what it reads, but not all of it before it reckons with it.
    let outcome = catch_unwind(AssertUnwindSafe(|| groups(file, &mut row, take)));
    let what = match outcome {
        Ok(Ok(())) => return,
        Ok(Err(why)) => why.to_string(),
        Err(_) => "the file is damaged".to_owned(),
    };
    take(Err(BadRow { place: row, what }));
}

fn groups(file: File, row: &mut u64, take: Take<'_>) -> Result<()> {
    footer(&file)?;
    let reader = SerializedFileReader::new(file)?;
    for place in 0..reader.num_row_groups() {
        check(reader.metadata().row_group(place))?;
        let group = reader.get_row_group(place)?;
        let mut columns = Columns::open(&*group)?;
        while let Some(batch) = columns.batch()? {
            for leaf in batch {
                *row += 1;
                let leaf =
                    leaf.map_err(|field| BadRow { place: *row, what: format!("its {field} is malformed") });
                if !take(leaf) {
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

/// The length of the description at the end, which the library takes as it is.
fn footer(mut file: &File) -> Result<()> {
    use std::io::{Read, Seek, SeekFrom};
    let mut tail = [0; 8];
    file.seek(SeekFrom::End(-8)).and_then(|_| file.read_exact(&mut tail))?;
    let [a, b, c, d, ..] = tail;
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    file.seek(SeekFrom::Start(0))?;
    if length > MAX_FOOTER { Err(damaged("its description is too long")) } else { Ok(()) }
}

fn check(group: &RowGroupMetaData) -> Result<()> {
    let sizes =
        group.columns().iter().flat_map(|column| [column.uncompressed_size(), column.compressed_size()]);
    let total = sizes.map(|size| if size < 0 { MAX_GROUP } else { size }).fold(0, i64::saturating_add);
    if total > 2 * MAX_GROUP { Err(damaged("a row group is too large")) } else { Ok(()) }
}

fn damaged(what: &str) -> ParquetError {
    ParquetError::General(what.to_owned())
}

/// The columns of one row group.
struct Columns {
    numbers: Vec<ColumnReaderImpl<Int64Type>>,
    words: Vec<ColumnReaderImpl<ByteArrayType>>,
    flag: ColumnReaderImpl<BoolType>,
    hashes: Vec<ColumnReaderImpl<FixedLenByteArrayType>>,
}

impl Columns {
    fn open(group: &dyn RowGroupReader) -> Result<Self> {
        let (mut numbers, mut words, mut flags, mut hashes) = (vec![], vec![], vec![], vec![]);
        for &(name, holds) in COLUMNS.iter().chain(&PROOF_COLUMNS) {
            let reader = open(group, name, holds)?;
            match holds {
                // It says again what `at_seconds` says.
                Holds::Time => {}
                Holds::Number => numbers.push(get_typed_column_reader(reader)),
                Holds::Word => words.push(get_typed_column_reader(reader)),
                Holds::Flag => flags.push(get_typed_column_reader(reader)),
                Holds::Hash => hashes.push(get_typed_column_reader(reader)),
            }
        }
        let flag = flags.pop().ok_or_else(|| damaged("no flag"))?;
        Ok(Self { numbers, words, flag, hashes })
    }

    /// The next rows; `None` at the end.
    fn batch(&mut self) -> Result<Option<Vec<std::result::Result<Leaf, &'static str>>>> {
        let numbers = all(&mut self.numbers)?;
        let words = all(&mut self.words)?;
        let flags = values(&mut self.flag)?;
        let hashes = all(&mut self.hashes)?;
        let rows = flags.len();
        let lengths =
            numbers.iter().map(Vec::len).chain(words.iter().map(Vec::len)).chain(hashes.iter().map(Vec::len));
        if lengths.into_iter().any(|length| length != rows) {
            return Err(damaged("its columns are of different lengths"));
        }
        let row = |place: usize| {
            let number = |column: usize| numbers[column][place];
            let word = |column: usize| words[column][place].as_ref();
            let hash = |column: usize| hashes[column][place].as_ref();
            leaf(&number, &word, flags[place], &hash)
        };
        Ok((rows > 0).then(|| (0..rows).map(row).collect()))
    }
}

/// A row: numbers are index, second, operator and key set version; words outcome, reason, stage and kind; hashes
/// person, identity, salt and leaf.
fn leaf<'a, W: AsRef<[u8]> + 'a, H: AsRef<[u8]> + 'a>(
    number: &dyn Fn(usize) -> Option<i64>,
    word: &dyn Fn(usize) -> Option<&'a W>,
    demo: Option<bool>,
    hash: &dyn Fn(usize) -> Option<&'a H>,
) -> std::result::Result<Leaf, &'static str> {
    let text = |column, name| match word(column).map(|word| std::str::from_utf8(word.as_ref())) {
        None => Ok(None),
        Some(Ok(text)) if is_word(text) => Ok(Some(text.to_owned())),
        Some(_) => Err(name),
    };
    let bytes = |column, name| {
        hash(column).map(|hash| <[u8; 32]>::try_from(hash.as_ref()).map_err(|_| name)).transpose()
    };
    let index = number(0).and_then(|index| u64::try_from(index).ok()).ok_or("index")?;
    let leaf = bytes(3, "leaf")?.ok_or("leaf")?;
    let (outcome, salt) = (text(0, "outcome")?, bytes(2, "salt")?);
    let erased = outcome.is_none() && salt.is_none() && number(1).is_none() && demo.is_none();
    if erased {
        return Ok(Leaf { index, content: None, hash: leaf });
    }
    let entry = NewEntry {
        at: number(1).ok_or("at_seconds")?,
        outcome: Outcome::ALL.into_iter().find(|o| Some(o.name()) == outcome.as_deref()).ok_or("outcome")?,
        reason: text(1, "reason")?.ok_or("reason")?,
        stage: text(2, "stage")?.ok_or("stage")?,
        kind: text(3, "kind")?,
        identity: bytes(1, "identity")?,
        person: bytes(0, "person")?,
        key_set_version: number(3)
            .and_then(|version| u64::try_from(version).ok())
            .ok_or("key_set_version")?,
        demo: demo.ok_or("demo")?,
        operator: number(2).map(|number| u32::try_from(number).map_err(|_| "operator")).transpose()?,
    };
    Ok(Leaf { index, content: Some((entry, salt.ok_or("salt")?)), hash: leaf })
}

fn open(group: &dyn RowGroupReader, name: &str, holds: Holds) -> Result<ColumnReader> {
    let schema = group.metadata().schema_descr();
    let found = schema.columns().iter().position(|column| column.path().string() == name);
    let place = found.ok_or_else(|| damaged(&format!("it has no column {name}")))?;
    let column = schema.column(place);
    let simple = column.max_rep_level() == 0 && column.max_def_level() <= 1;
    if column.physical_type() != holds.physical() || !simple {
        return Err(damaged(&format!("its column {name} is of another type")));
    }
    group.get_column_reader(place)
}

fn all<T: DataType>(columns: &mut [ColumnReaderImpl<T>]) -> Result<Vec<Vec<Option<T::T>>>> {
    columns.iter_mut().map(values).collect()
}

/// The next values of a column, null where there is none.
fn values<T: DataType>(column: &mut ColumnReaderImpl<T>) -> Result<Vec<Option<T::T>>> {
    let (mut values, mut levels) = (vec![], vec![]);
    let (rows, _, _) = column.read_records(BATCH, Some(&mut levels), None, &mut values)?;
    if levels.is_empty() {
        return Ok(values.into_iter().map(Some).collect());
    }
    let mut values = values.into_iter();
    let read: Vec<_> = levels.iter().map(|&level| if level > 0 { values.next() } else { None }).collect();
    if read.len() == rows { Ok(read) } else { Err(damaged("a column is cut off")) }
}
