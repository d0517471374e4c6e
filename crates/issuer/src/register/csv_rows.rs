//! Rows of a CSV register.

use std::io::{self, Chain, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::error::{Problem, RegisterError, quote};
use super::row::Row;
use super::{Column, MAX_ROW};

/// Separators that are told apart by the header line.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];
/// UTF-8's byte order mark, which Excel writes.
const BOM: &[u8] = b"\xef\xbb\xbf";

pub(super) struct CsvRows<R: Read> {
    reader: csv::Reader<Capped<Chain<Cursor<Vec<u8>>, R>>>,
    columns: Vec<Column>,
    record: csv::ByteRecord,
    allowance: Arc<AtomicUsize>,
    done: bool,
}

impl<R: Read> CsvRows<R> {
    pub(super) fn new(mut input: R) -> Result<Self, RegisterError> {
        let head = first_line(&mut input).map_err(|error| RegisterError::row(1, Problem::Io(error)))?;
        let head = head.strip_prefix(BOM).map(<[u8]>::to_vec).unwrap_or(head);
        let separator = separator(&head);
        let allowance = Arc::new(AtomicUsize::new(0));
        let capped = Capped { inner: Cursor::new(head).chain(input), allowance: Arc::clone(&allowance) };
        let reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(capped);
        let mut rows =
            Self { reader, columns: vec![], record: csv::ByteRecord::new(), allowance, done: false };
        rows.columns = rows.header()?;
        Ok(rows)
    }

    pub(super) fn next(&mut self) -> Option<Result<Row, RegisterError>> {
        if self.done {
            return None;
        }
        match self.read() {
            Ok(Some(line)) => Some(self.row(line)),
            Ok(None) => {
                self.done = true;
                None
            }
            Err(error) => {
                self.done = true;
                Some(Err(error))
            }
        }
    }

    /// The next record's line; `None` at the end.
    fn read(&mut self) -> Result<Option<u64>, RegisterError> {
        self.allowance.store(MAX_ROW, Ordering::Relaxed);
        let line = self.reader.position().line();
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) => Ok(Some(self.record.position().map_or(line, csv::Position::line))),
            Ok(false) => Ok(None),
            Err(error) => Err(RegisterError::row(line, csv_problem(error))),
        }
    }

    fn header(&mut self) -> Result<Vec<Column>, RegisterError> {
        let Some(line) = self.read()? else {
            return Err(RegisterError::row(1, Problem::NoHeader));
        };
        let mut columns = Vec::with_capacity(self.record.len());
        for field in &self.record {
            let name = str::from_utf8(field).map_err(|_| RegisterError::row(line, Problem::NotUtf8))?;
            let column = Column::parse(name)
                .ok_or_else(|| RegisterError::row(line, Problem::UnknownColumn(quote(name))))?;
            if columns.contains(&column) {
                return Err(RegisterError::field(line, column, Problem::Twice));
            }
            columns.push(column);
        }
        for needed in [Column::DateOfBirth, Column::Kind] {
            if !columns.contains(&needed) {
                return Err(RegisterError::field(line, needed, Problem::NoColumn));
            }
        }
        Ok(columns)
    }

    fn row(&self, line: u64) -> Result<Row, RegisterError> {
        if self.record.len() != self.columns.len() {
            let problem = Problem::FieldCount { found: self.record.len(), expected: self.columns.len() };
            return Err(RegisterError::row(line, problem));
        }
        let mut row = Row::new(line);
        for (column, field) in self.columns.iter().zip(&self.record) {
            let value =
                str::from_utf8(field).map_err(|_| RegisterError::field(line, *column, Problem::NotUtf8))?;
            row.put(*column, value);
        }
        Ok(row)
    }
}

/// A reader that gives out no more than was allowed since the last row.
struct Capped<R> {
    inner: R,
    allowance: Arc<AtomicUsize>,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let allowed = self.allowance.load(Ordering::Relaxed);
        if allowed == 0 {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        let length = buffer.len().min(allowed);
        let read = self.inner.read(&mut buffer[..length])?; // safe: at most its length
        self.allowance.store(allowed - read, Ordering::Relaxed);
        Ok(read)
    }
}

/// The input up to its first line's end, or its first [`MAX_ROW`] bytes; a little more is no harm.
fn first_line(input: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while head.len() < MAX_ROW && !head.contains(&b'\n') {
        if input.by_ref().take(1024).read_to_end(&mut head)? == 0 {
            break;
        }
    }
    Ok(head)
}

fn separator(head: &[u8]) -> u8 {
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |separator: &u8| line.iter().filter(|byte| *byte == separator).count();
    // `max_by_key` takes the last of equals, so the comma comes last.
    SEPARATORS.into_iter().rev().max_by_key(count).unwrap_or(b',')
}

fn csv_problem(error: csv::Error) -> Problem {
    match error.into_kind() {
        csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => Problem::TooLong,
        csv::ErrorKind::Io(error) => Problem::Io(error),
        _ => Problem::NotUtf8, // the only other kind that reading bytes can give
    }
}
