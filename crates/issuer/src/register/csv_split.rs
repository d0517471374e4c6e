//! CSV (RFC 4180) as rows of fields, each with the line on which it begins.
//!
//! Our own because a register's errors must name the right line whatever the line
//! ends and empty lines, and because a row's length must be bounded while it is read.

use std::io::{self, BufReader, Bytes, Chain, Cursor, Read};

use super::MAX_ROW;
use super::error::Problem;

/// Separators that are told apart by the header line; of equals the last one wins.
const SEPARATORS: [u8; 3] = [b'\t', b';', b','];
/// UTF-8's byte order mark, which Excel writes.
const BOM: &[u8] = b"\xef\xbb\xbf";

pub(super) struct Splitter<R: Read> {
    input: Bytes<BufReader<Chain<Cursor<Vec<u8>>, R>>>,
    separator: u8,
    /// The line of the next byte, from 1.
    line: u64,
    /// Whether the last byte was a carriage return: a line feed after it is the same line end.
    carriage_return: bool,
    /// Whether that carriage return ended a row.
    row_ended: bool,
    /// Whether the input ended inside a quoted field.
    open_quote: bool,
}

/// The fields of one row; used again for the next.
#[derive(Default)]
pub(super) struct Fields {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

/// Where in a field the next byte stands.
#[derive(Clone, Copy, PartialEq)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    /// Behind a quote in a quoted field: its end, or the first of two.
    QuoteInQuoted,
}

impl<R: Read> Splitter<R> {
    pub(super) fn new(mut input: R) -> Result<Self, Problem> {
        let head = first_line(&mut input)?;
        let head = head.strip_prefix(BOM).map(<[u8]>::to_vec).unwrap_or(head);
        let separator = separator(&head);
        let input = BufReader::new(Cursor::new(head).chain(input)).bytes();
        Ok(Self { input, separator, line: 1, carriage_return: false, row_ended: false, open_quote: false })
    }

    /// The next row that has anything in it (spreadsheets write rows of separators alone), put into `fields`, and its first line; `None` at the end.
    /// After an error nothing more can be read.
    pub(super) fn next(&mut self, fields: &mut Fields) -> Result<Option<u64>, (u64, Problem)> {
        loop {
            let line = self.line;
            let more = self.row(fields).map_err(|problem| (line, problem))?;
            if !fields.is_blank() {
                return Ok(Some(line));
            }
            if !more {
                return Ok(None);
            }
        }
    }

    /// One row, perhaps an empty one; `false` when the input ended with it.
    fn row(&mut self, fields: &mut Fields) -> Result<bool, Problem> {
        fields.clear();
        let mut state = State::FieldStart;
        let mut length = 0;
        while let Some(byte) = self.byte()? {
            length += 1;
            if length > MAX_ROW {
                return Err(Problem::TooLong);
            }
            state = match (state, byte) {
                (State::Quoted, b'"') => State::QuoteInQuoted,
                (State::Quoted, _) => fields.push(byte, State::Quoted),
                (State::FieldStart, b'"') => State::Quoted,
                (State::QuoteInQuoted, b'"') => fields.push(byte, State::Quoted),
                (_, b'\r' | b'\n') => {
                    self.row_ended = true;
                    fields.end();
                    return Ok(true);
                }
                (_, byte) if byte == self.separator => {
                    fields.end();
                    State::FieldStart
                }
                (_, _) => fields.push(byte, State::Plain),
            };
        }
        fields.end();
        self.open_quote = state == State::Quoted;
        Ok(false)
    }

    /// Whether the last row lacks a closing quote, and so has swallowed all that follows it.
    pub(super) fn open_quote(&self) -> bool {
        self.open_quote
    }

    /// The line of the next byte, from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// The next byte, without the second half of the line end that ended the last row.
    fn byte(&mut self) -> io::Result<Option<u8>> {
        let mut byte = self.input.next().transpose()?;
        let same_line_end = self.carriage_return && byte == Some(b'\n');
        if same_line_end && self.row_ended {
            byte = self.input.next().transpose()?;
        }
        let counted = same_line_end && !self.row_ended;
        if matches!(byte, Some(b'\r' | b'\n')) && !counted {
            self.line += 1;
        }
        self.carriage_return = byte == Some(b'\r');
        self.row_ended = false;
        Ok(byte)
    }
}

impl Fields {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.bytes[start..*end]) // safe: ends rise, up to the length
    }

    /// Nothing but separators.
    fn is_blank(&self) -> bool {
        self.bytes.is_empty()
    }

    fn push(&mut self, byte: u8, then: State) -> State {
        self.bytes.push(byte);
        then
    }

    fn end(&mut self) {
        self.ends.push(self.bytes.len());
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
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
    SEPARATORS.into_iter().max_by_key(count).unwrap_or(b',')
}
