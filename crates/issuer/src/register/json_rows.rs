//! Rows of a JSON register: an array of objects, or objects one after another.

use std::fmt;
use std::io::{BufReader, Bytes, Read};

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::error::{Problem, RegisterError, quote};
use super::row::Row;
use super::{Column, MAX_ROW};

/// Most bytes that are passed over in search of the next row: far more than a row has.
const MAX_SKIP: usize = 1 << 20;

pub(super) struct JsonRows<R: Read> {
    input: Bytes<BufReader<R>>,
    line: u64,
    place: Place,
    /// A byte that was read and belongs to what comes next.
    pending: Option<u8>,
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

/// What is wrong, and where the next row may be looked for.
struct Fault {
    line: u64,
    problem: Problem,
    next: Next,
}

enum Next {
    /// On the next line, or where the array's next object begins.
    AfterObject,
    /// Behind the value that begins with this byte and is no object.
    AfterValue(u8),
    /// Right here.
    Here,
    /// Nowhere.
    Nowhere,
}

impl<R: Read> JsonRows<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input: BufReader::new(input).bytes(), line: 1, place: Place::Start, pending: None }
    }

    pub(super) fn next(&mut self) -> Option<Result<Row, RegisterError>> {
        match self.object() {
            Ok(Some((line, bytes))) => Some(row(line, &bytes)),
            Ok(None) => {
                self.place = Place::Done;
                None
            }
            Err(fault) => Some(Err(self.recover(fault))),
        }
    }

    /// The next object's first line and its bytes; `None` at the end.
    fn object(&mut self) -> Result<Option<(u64, Vec<u8>)>, Fault> {
        if self.place == Place::Done {
            return Ok(None);
        }
        loop {
            let Some(byte) = self.token().map_err(|problem| self.fault(problem, Next::Nowhere))? else {
                return match self.place {
                    Place::Start | Place::Objects | Place::AfterArray => Ok(None),
                    _ => Err(self.fault(Problem::Json("the array is not closed".into()), Next::Nowhere)),
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
                (place, byte) => {
                    if place == Place::Start {
                        self.place = Place::Objects;
                    }
                    let problem = Problem::Json(format!("`{}` where no such thing may stand", shown(byte)));
                    return Err(self.fault(problem, Next::AfterValue(byte)));
                }
            };
        }
    }

    /// The rest of an object whose `{` was read, by its brackets and strings alone.
    fn body(&mut self) -> Result<(u64, Vec<u8>), Fault> {
        let line = self.line;
        let fault = |problem, next| Fault { line, problem, next };
        let unclosed = || Problem::Json("an object is not closed".into());
        let (mut bytes, mut open) = (vec![b'{'], vec![b'{']);
        let (mut quoted, mut escaped, mut before, mut line_start) = (false, false, b'{', false);
        while let Some(innermost) = open.last().copied() {
            let byte = self.byte().map_err(|problem| fault(problem, Next::Nowhere))?;
            let byte = byte.ok_or_else(|| fault(unclosed(), Next::Nowhere))?;
            bytes.push(byte);
            if bytes.len() > MAX_ROW {
                return Err(fault(Problem::TooLong, self.after_too_long()));
            }
            match byte {
                // No string of JSON goes over a line's end.
                b'\n' if quoted => {
                    self.pending = Some(b'\n');
                    self.line -= 1;
                    return Err(fault(Problem::Json("a text is not closed".into()), Next::AfterObject));
                }
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                _ if quoted => {}
                b'{' if line_start || !may_nest(innermost, before) => {
                    self.pending = Some(b'{');
                    return Err(fault(unclosed(), Next::Here));
                }
                b'{' | b'[' => open.push(byte),
                b'}' | b']' if innermost == byte - 2 => drop(open.pop()),
                b'}' | b']' => return Err(fault(unclosed(), Next::AfterObject)),
                _ => {}
            }
            line_start = !quoted && (byte == b'\n' || line_start && byte.is_ascii_whitespace());
            if !byte.is_ascii_whitespace() {
                before = byte;
            }
        }
        Ok((line, bytes))
    }

    /// An array's next element cannot be told from the middle of an object.
    fn after_too_long(&self) -> Next {
        if self.place == Place::Objects { Next::AfterObject } else { Next::Nowhere }
    }

    fn fault(&self, problem: Problem, next: Next) -> Fault {
        Fault { line: self.line, problem, next }
    }

    /// Goes to where the next row may begin, and says so where there is no such place.
    fn recover(&mut self, fault: Fault) -> RegisterError {
        let error = RegisterError::row(fault.line, fault.problem);
        let found = match (fault.next, self.place) {
            (Next::Nowhere, _) | (_, Place::AfterArray | Place::Done) => None,
            (Next::Here, Place::Objects) => Some(Place::Objects),
            (Next::Here, _) => Some(Place::AfterComma),
            (_, Place::Objects) => self.skip_line(),
            (Next::AfterObject, _) => self.skip_to_object(),
            (Next::AfterValue(first), _) => self.skip_value(first),
        };
        self.place = found.unwrap_or(Place::Done);
        if found.is_some() { error } else { error.stopped_at(self.line) }
    }

    fn skip_line(&mut self) -> Option<Place> {
        for _ in 0..MAX_SKIP {
            if matches!(self.byte().ok()?, None | Some(b'\n')) {
                return Some(Place::Objects);
            }
        }
        None
    }

    /// To the next `{` outside of strings: a row holds no objects, so one begins there.
    fn skip_to_object(&mut self) -> Option<Place> {
        let (mut quoted, mut last) = (false, 0);
        for _ in 0..MAX_SKIP {
            match self.byte().ok()? {
                None => return (last == b']').then_some(Place::AfterArray),
                Some(b'\n') => quoted = false,
                Some(b'"') => quoted = !quoted,
                Some(b'{') if !quoted => {
                    self.pending = Some(b'{');
                    return Some(Place::AfterComma);
                }
                Some(byte) if !byte.is_ascii_whitespace() => last = byte,
                Some(_) => {}
            }
        }
        None
    }

    /// To the comma or the array's end behind a value.
    fn skip_value(&mut self, first: u8) -> Option<Place> {
        let (mut quoted, mut depth) = (false, 0_usize);
        if first == b'{' {
            self.pending = Some(first); // only the comma before it was missing
            return Some(Place::AfterComma);
        }
        let mut byte = Some(first);
        for _ in 0..MAX_SKIP {
            match byte? {
                b'\n' => quoted = false,
                b'"' => quoted = !quoted,
                _ if quoted => {}
                b'[' | b'{' => depth += 1,
                b',' if depth == 0 => return Some(Place::AfterComma),
                b']' if depth == 0 => return Some(Place::AfterArray),
                b']' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            byte = self.byte().ok()?;
        }
        None
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
        let byte = match self.pending.take() {
            Some(byte) => Some(byte),
            None => self.input.next().transpose()?,
        };
        if byte == Some(b'\n') {
            self.line += 1;
        }
        Ok(byte)
    }
}

/// Whether an object may stand behind `before` in what `innermost` opened (RFC 8259 §4 and §5).
fn may_nest(innermost: u8, before: u8) -> bool {
    match innermost {
        b'{' => before == b':',
        _ => matches!(before, b'[' | b','),
    }
}

/// A byte as a person reads it.
fn shown(byte: u8) -> String {
    if byte.is_ascii_graphic() { char::from(byte).to_string() } else { byte.escape_ascii().to_string() }
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
