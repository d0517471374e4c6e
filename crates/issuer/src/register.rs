//! A register of people, read row by row from CSV or JSON.
//!
//! Both forms have the columns of [`Column`]; each has an English and a Russian
//! name, and case does not matter. A register is hostile input: a bad row is an
//! error that names its line and column, and the rows after it are still read.

use std::io::Read;

mod column;
mod csv_rows;
mod csv_split;
mod error;
mod json_rows;
mod row;

pub use column::Column;
pub use error::{Problem, RegisterError};

use credential::Kind;

use crate::record::Record;
use csv_rows::CsvRows;
use json_rows::JsonRows;

/// Longest row in bytes: a full one has about 1 KB.
pub const MAX_ROW: usize = 65_536;

/// The rows of a register, one after another, in constant memory.
pub struct Register<R: Read> {
    rows: Rows<R>,
    line: u64,
    kind: Option<Kind>,
}

enum Rows<R: Read> {
    Csv(CsvRows<R>),
    Json(JsonRows<R>),
}

impl<R: Read> Register<R> {
    /// A register in CSV (RFC 4180), UTF-8 with or without a byte order mark, whose first
    /// line names the columns. The separator is a comma, a semicolon (as Excel writes in
    /// many countries) or a tab, whichever the first line has most of.
    pub fn from_csv(reader: R) -> Result<Self, RegisterError> {
        Self::from_csv_of(reader, None)
    }

    /// The same; `kind` is that of rows which name none, and the header needs no such column then.
    pub fn from_csv_of(reader: R, kind: Option<Kind>) -> Result<Self, RegisterError> {
        Ok(Self { rows: Rows::Csv(CsvRows::new(reader, kind)?), line: 1, kind })
    }

    /// A register in JSON: an array of objects, or one object after another (JSON Lines).
    /// Keys are column names; values are text, numbers, or null for an empty field.
    pub fn from_json(reader: R) -> Result<Self, RegisterError> {
        Self::from_json_of(reader, None)
    }

    /// The same; `kind` is that of rows which name none.
    pub fn from_json_of(reader: R, kind: Option<Kind>) -> Result<Self, RegisterError> {
        Ok(Self { rows: Rows::Json(JsonRows::new(reader)), line: 1, kind })
    }

    /// The line on which the last row began, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }
}

impl<R: Read> Iterator for Register<R> {
    type Item = Result<Record, RegisterError>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = match &mut self.rows {
            Rows::Csv(rows) => rows.next()?,
            Rows::Json(rows) => rows.next()?,
        };
        Some(match row {
            Ok(row) => {
                self.line = row.line();
                row.record(self.kind)
            }
            Err(error) => {
                self.line = error.line;
                Err(error)
            }
        })
    }
}
