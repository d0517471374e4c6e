//! What is wrong with a register, where, and what to do.

use std::fmt;

use thiserror::Error;

use super::{Column, MAX_ROW};
use crate::error::shown;

/// Longest piece of a bad value that an error repeats, in characters.
const MAX_QUOTE: usize = 40;

/// A row (or the header) that cannot be used.
#[derive(Debug, Error)]
pub struct RegisterError {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// The column, where one is at fault.
    pub column: Option<Column>,
    /// What is wrong.
    #[source]
    pub problem: Problem,
    /// The line at which reading stopped, where the rows behind it cannot be told apart any more.
    pub stopped_at: Option<u64>,
}

/// What is wrong with a row.
#[derive(Debug, Error)]
pub enum Problem {
    /// A field that its row needs.
    #[error("is empty: fill it in")]
    Empty,
    /// A value that is not what its column holds.
    #[error("`{value}` cannot be read: write {expected}")]
    Unreadable {
        /// The value, cut, and what is hidden in it escaped.
        value: String,
        /// What to write instead.
        expected: &'static str,
    },
    /// A field that belongs to another kind of row.
    #[error("does not belong to a row of the kind {kind}: leave it empty")]
    WrongKind {
        /// The row's kind.
        kind: &'static str,
    },
    /// Two fields that exclude each other.
    #[error("and {0} are both given: leave one empty")]
    Both(Column),
    /// A column that we do not know.
    #[error("there is no column `{0}`: the names are {known}", known = known_columns())]
    UnknownColumn(String),
    /// A column that stands there twice.
    #[error("stands there twice: remove one")]
    Twice,
    /// A column without which no row can be read.
    #[error("is missing from the header: add it")]
    NoColumn,
    /// No header at all.
    #[error("the register is empty: its first line has to name the columns")]
    NoHeader,
    /// More or fewer fields than the header.
    #[error("has {found} fields, the header has {expected}: check its separators and quotes")]
    FieldCount {
        /// Fields in the row.
        found: usize,
        /// Fields in the header.
        expected: usize,
    },
    /// Bytes that are not UTF-8.
    #[error("is not UTF-8: save the register as “CSV UTF-8”")]
    NotUtf8,
    /// A row longer than [`MAX_ROW`].
    #[error("is longer than {MAX_ROW} bytes: is a closing quote missing?")]
    TooLong,
    /// A quoted field without its closing quote: all the rest of the register is in it.
    #[error("has a quote that is never closed: close it, or remove it")]
    OpenQuote,
    /// Not the JSON that we read.
    #[error("is not JSON as expected ({0}): write an array of objects, or one object per line")]
    Json(String),
    /// The reader failed.
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

impl RegisterError {
    pub(super) fn row(line: u64, problem: Problem) -> Self {
        Self { line, column: None, problem, stopped_at: None }
    }

    pub(super) fn field(line: u64, column: Column, problem: Problem) -> Self {
        Self { line, column: Some(column), problem, stopped_at: None }
    }
}

impl RegisterError {
    /// The same, after which no more rows come.
    pub(super) fn stopped_at(self, line: u64) -> Self {
        Self { stopped_at: Some(line), ..self }
    }
}

impl fmt::Display for RegisterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.problem)?;
        match self.stopped_at {
            Some(line) => write!(f, "; reading stopped at line {line}, what follows was not read"),
            None => Ok(()),
        }
    }
}

/// A hostile value for an error's one line.
pub(super) fn quote(value: &str) -> String {
    let mut quoted = shown(&value.chars().take(MAX_QUOTE).collect::<String>());
    if value.chars().nth(MAX_QUOTE).is_some() {
        quoted.push('…');
    }
    quoted
}

fn known_columns() -> String {
    Column::all().map(Column::name).collect::<Vec<_>>().join(", ")
}
