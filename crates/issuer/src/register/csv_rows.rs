//! Rows of a CSV register.

use std::io::Read;

use credential::Kind;

use super::Column;
use super::csv_split::{Fields, Splitter};
use super::error::{Problem, RegisterError, quote};
use super::row::{self, Row};

pub(super) struct CsvRows<R: Read> {
    splitter: Splitter<R>,
    columns: Vec<Column>,
    fields: Fields,
    done: bool,
}

impl<R: Read> CsvRows<R> {
    pub(super) fn new(input: R, kind: Option<Kind>) -> Result<Self, RegisterError> {
        let splitter = Splitter::new(input).map_err(|problem| RegisterError::row(1, problem))?;
        let mut rows = Self { splitter, columns: vec![], fields: Fields::default(), done: false };
        rows.columns = rows.header(kind)?;
        Ok(rows)
    }

    pub(super) fn next(&mut self) -> Option<Result<Row, RegisterError>> {
        if self.done {
            return None;
        }
        match self.splitter.next(&mut self.fields) {
            Ok(Some(line)) if self.splitter.open_quote() => {
                let error = self.row(line).err();
                let error = error.unwrap_or_else(|| RegisterError::row(line, Problem::OpenQuote));
                Some(Err(error.stopped_at(self.splitter.line())))
            }
            Ok(Some(line)) => Some(self.row(line)),
            Ok(None) => {
                self.done = true;
                None
            }
            Err((line, problem)) => {
                self.done = true;
                Some(Err(RegisterError::row(line, problem).stopped_at(self.splitter.line())))
            }
        }
    }

    fn header(&mut self, kind: Option<Kind>) -> Result<Vec<Column>, RegisterError> {
        let line = self
            .splitter
            .next(&mut self.fields)
            .map_err(|(line, problem)| RegisterError::row(line, problem))?
            .ok_or_else(|| RegisterError::row(1, Problem::NoHeader))?;
        let mut columns = Vec::new();
        for field in self.fields.iter() {
            let name = str::from_utf8(field).map_err(|_| RegisterError::row(line, Problem::NotUtf8))?;
            let column = Column::parse(name)
                .ok_or_else(|| RegisterError::row(line, Problem::UnknownColumn(quote(name))))?;
            if columns.contains(&column) {
                return Err(RegisterError::field(line, column, Problem::Twice));
            }
            columns.push(column);
        }
        // Certificates say when somebody was born, or that it is not known; other passes need not.
        let general = kind.is_some_and(row::is_general);
        for (needed, unless) in [(Column::DateOfBirth, general), (Column::Kind, kind.is_some())] {
            if !unless && !columns.contains(&needed) {
                return Err(RegisterError::field(line, needed, Problem::NoColumn));
            }
        }
        Ok(columns)
    }

    fn row(&self, line: u64) -> Result<Row, RegisterError> {
        let (found, expected) = (self.fields.len(), self.columns.len());
        if found != expected {
            return Err(RegisterError::row(line, Problem::FieldCount { found, expected }));
        }
        let mut row = Row::new(line);
        for (column, field) in self.columns.iter().zip(self.fields.iter()) {
            let value =
                str::from_utf8(field).map_err(|_| RegisterError::field(line, *column, Problem::NotUtf8))?;
            row.put(*column, value);
        }
        Ok(row)
    }
}
