//! Rows of a JSON register: an array of objects, or objects one after another.

use std::fmt;
use std::io::{BufReader, Bytes, Read};

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::error::{Problem, RegisterError, quote};
use super::row::Row;
use super::{Column, MAX_ROW};

pub(super) struct JsonRows<R: Read> {
    input: Bytes<BufReader<R>>,
    line: u64,
    place: Place,
}

/// What may come next.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// Anything: nothing was read yet.
    Start,
    /// An object, or the end of the input.
    Objects,
    /// An object or `]`.
    ArrayStart,
    /// `,` or `]`.
    AfterElement,
    /// An object.
    AfterComma,
    /// Nothing but white space.
    AfterArray,
    /// Nothing: given up, or finished.
    Done,
}

impl<R: Read> JsonRows<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input: BufReader::new(input).bytes(), line: 1, place: Place::Start }
    }

    pub(super) fn next(&mut self) -> Option<Result<Row, RegisterError>> {
        match self.object() {
            Ok(Some((line, bytes))) => Some(row(line, &bytes)),
            Ok(None) => {
                self.place = Place::Done;
                None
            }
            Err(problem) => {
                self.place = Place::Done;
                Some(Err(RegisterError::row(self.line, problem)))
            }
        }
    }

    /// The next object's first line and its bytes; `None` at the end.
    fn object(&mut self) -> Result<Option<(u64, Vec<u8>)>, Problem> {
        if self.place == Place::Done {
            return Ok(None);
        }
        loop {
            let Some(byte) = self.token()? else {
                return match self.place {
                    Place::Start | Place::Objects | Place::AfterArray => Ok(None),
                    _ => Err(Problem::Json("the array is not closed".into())),
                };
            };
            self.place = match (self.place, byte) {
                (Place::Start, b'[') => Place::ArrayStart,
                (Place::ArrayStart | Place::AfterElement, b']') => Place::AfterArray,
                (Place::AfterElement, b',') => Place::AfterComma,
                (Place::Start | Place::Objects, b'{') => {
                    self.place = Place::Objects;
                    return self.body().map(Some);
                }
                (Place::ArrayStart | Place::AfterComma, b'{') => {
                    self.place = Place::AfterElement;
                    return self.body().map(Some);
                }
                _ => {
                    return Err(Problem::Json(format!(
                        "`{}` where no such thing may stand",
                        byte.escape_ascii()
                    )));
                }
            };
        }
    }

    /// The rest of an object whose `{` was read, by its braces and strings alone.
    fn body(&mut self) -> Result<(u64, Vec<u8>), Problem> {
        let first_line = self.line;
        let mut bytes = vec![b'{'];
        let (mut depth, mut quoted, mut escaped) = (1_usize, false, false);
        while depth > 0 {
            let byte = self.byte()?.ok_or_else(|| Problem::Json("an object is not closed".into()))?;
            bytes.push(byte);
            if bytes.len() > MAX_ROW {
                return Err(Problem::TooLong);
            }
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                b'{' | b'[' if !quoted => depth += 1,
                b'}' | b']' if !quoted => depth -= 1,
                _ => {}
            }
        }
        Ok((first_line, bytes))
    }

    /// The next byte that is neither white space nor, at the start, a byte order mark.
    fn token(&mut self) -> Result<Option<u8>, Problem> {
        loop {
            match self.byte()? {
                Some(b' ' | b'\t' | b'\r' | b'\n') => {}
                Some(0xef | 0xbb | 0xbf) if self.place == Place::Start => {}
                other => return Ok(other),
            }
        }
    }

    fn byte(&mut self) -> Result<Option<u8>, Problem> {
        let byte = self.input.next().transpose()?;
        if byte == Some(b'\n') {
            self.line += 1;
        }
        Ok(byte)
    }
}

fn row(line: u64, bytes: &[u8]) -> Result<Row, RegisterError> {
    let Pairs(pairs) = serde_json::from_slice(bytes).map_err(|error| {
        let line = line + (error.line() as u64).saturating_sub(1);
        RegisterError::row(line, json_problem(&error))
    })?;
    let mut row = Row::new(line);
    for (key, value) in pairs {
        let column = Column::parse(&key)
            .ok_or_else(|| RegisterError::row(line, Problem::UnknownColumn(quote(&key))))?;
        if row.has(column) {
            return Err(RegisterError::field(line, column, Problem::Twice));
        }
        match value {
            serde_json::Value::Null => {}
            serde_json::Value::String(text) => row.put(column, &text),
            serde_json::Value::Number(number) => row.put(column, &number.to_string()),
            other => {
                let problem = Problem::Unreadable {
                    value: quote(&other.to_string()),
                    expected: "text, a number or null",
                };
                return Err(RegisterError::field(line, column, problem));
            }
        }
    }
    Ok(row)
}

/// serde_json's message ends in a place, which would be that inside the object.
fn json_problem(error: &serde_json::Error) -> Problem {
    let message = error.to_string();
    Problem::Json(quote(message.split(" at line ").next().unwrap_or_default()))
}

/// An object's members, with those that stand there twice.
struct Pairs(Vec<(String, serde_json::Value)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}
