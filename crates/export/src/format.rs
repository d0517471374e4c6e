//! Ways to write entries down, and to read them again from a file that anyone may have changed.

#[cfg(feature = "parquet")]
pub mod columns;
mod csv_table;
mod json_lines;
mod line;

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;

use scanlog::Leaf;

use crate::Error;
use crate::error::at;

pub use csv_table::HEADING;

/// How entries are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A table with a heading (RFC 4180).
    Csv,
    /// One JSON object a line.
    JsonLines,
    /// Apache Parquet, compressed with Snappy.
    Parquet,
}

/// A row that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// Where: a line from 1 on, or a row of a Parquet file.
    pub place: u64,
    /// What is wrong with it.
    pub what: String,
}

/// What takes the rows that are read, until it says that it is enough.
pub type Take<'a> = &'a mut dyn FnMut(Result<Leaf, BadRow>) -> bool;

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Csv, Self::JsonLines, Self::Parquet];

    /// Its short name, which is also how its files end.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
            Self::Parquet => "parquet",
        }
    }

    /// The format of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The file of an export that holds its entries.
    pub fn file(self) -> &'static str {
        match self {
            Self::Csv => "entries.csv",
            Self::JsonLines => "entries.jsonl",
            Self::Parquet => "entries.parquet",
        }
    }
}

/// Writes leaves into a file, one after the other.
pub enum Rows {
    /// As a table.
    Csv(Box<csv_table::Writer>),
    /// As JSON lines.
    JsonLines(BufWriter<File>),
    /// As columns.
    #[cfg(feature = "parquet")]
    Parquet(Box<columns::Writer<File>>),
}

impl Rows {
    /// Begins a new file.
    pub fn create(path: &Path, format: Format) -> Result<Self, Error> {
        let file = File::create_new(path).map_err(at(path))?;
        match format {
            Format::Csv => Ok(Self::Csv(Box::new(csv_table::writer(file).map_err(at(path))?))),
            Format::JsonLines => Ok(Self::JsonLines(BufWriter::new(file))),
            #[cfg(feature = "parquet")]
            Format::Parquet => {
                Ok(Self::Parquet(Box::new(columns::Writer::new(file, true).map_err(columns::at(path))?)))
            }
            #[cfg(not(feature = "parquet"))]
            Format::Parquet => Err(Error::NoParquet),
        }
    }

    /// Writes a leaf.
    pub fn write(&mut self, path: &Path, leaf: &Leaf) -> Result<(), Error> {
        match self {
            Self::Csv(table) => csv_table::write(table, leaf).map_err(at(path)),
            Self::JsonLines(out) => json_lines::write(out, leaf).map_err(at(path)),
            #[cfg(feature = "parquet")]
            Self::Parquet(columns) => columns.write(leaf).map_err(columns::at(path)),
        }
    }

    /// Ends the file; it is on disk when this returns.
    pub fn finish(self, path: &Path) -> Result<(), Error> {
        let file = match self {
            Self::Csv(table) => table.into_inner().map_err(|why| at(path)(why.into_error()))?,
            Self::JsonLines(out) => out.into_inner().map_err(|why| at(path)(why.into_error()))?,
            #[cfg(feature = "parquet")]
            Self::Parquet(columns) => columns.finish().map_err(columns::at(path))?,
        };
        let mut file = file;
        file.flush().and_then(|()| file.sync_all()).map_err(at(path))
    }
}

/// Reads text that is CSV or JSON lines.
pub(crate) fn read_text(format: Format, input: impl Read, take: Take<'_>) -> std::io::Result<()> {
    let input = BufReader::with_capacity(1 << 16, input);
    match format {
        Format::Csv => csv_table::read(input, take),
        _ => json_lines::read(input, take),
    }
}
