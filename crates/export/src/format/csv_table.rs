//! Entries as a table (RFC 4180), safe to open in a spreadsheet. What is written needs no quotes; they are read,
//! because other programs put some.

use std::fs::File;
use std::io::{self, BufRead};

use scanlog::Leaf;

use super::Take;
use super::line::{self, Fields};
use crate::spreadsheet::{defused, digits, plain, plain_digits};

/// The columns. An entry whose content was erased has its `index` and its `leaf` alone.
pub const HEADING: [&str; 13] = [
    "index",
    "at",
    "outcome",
    "reason",
    "stage",
    "kind",
    "operator",
    "demo",
    "key_set_version",
    "person",
    "identity",
    "salt",
    "leaf",
];

/// A table that is being written.
pub type Writer = csv::Writer<File>;

pub fn writer(file: File) -> io::Result<Writer> {
    let terminator = csv::Terminator::CRLF;
    let mut table =
        csv::WriterBuilder::new().terminator(terminator).buffer_capacity(1 << 16).from_writer(file);
    table.write_record(HEADING)?;
    Ok(table)
}

pub fn write(table: &mut Writer, leaf: &Leaf) -> io::Result<()> {
    Ok(table.write_record(cells(Fields::of(leaf)).map(defused))?)
}

pub fn read(input: impl BufRead, take: Take<'_>) -> io::Result<()> {
    line::each(input, take, |place, text| match place {
        // Some programs put a byte order mark before the heading.
        1 if text.trim_start_matches('\u{feff}').split(',').map(unquoted).eq(HEADING) => None,
        1 => Some(Err("not the heading of an export".to_owned())),
        _ => Some(fields(text).and_then(Fields::leaf).map_err(|field| format!("its {field} is malformed"))),
    })
}

fn cells(fields: Fields) -> [String; 13] {
    let text = Option::unwrap_or_default;
    let hash = |hash: Option<String>| hash.map(|hash| digits(&hash)).unwrap_or_default();
    [
        fields.index.to_string(),
        text(fields.at),
        text(fields.outcome),
        text(fields.reason),
        text(fields.stage),
        text(fields.kind),
        fields.operator.map(|number| number.to_string()).unwrap_or_default(),
        fields.demo.map(|demo| demo.to_string()).unwrap_or_default(),
        fields.key_set_version.map(|version| version.to_string()).unwrap_or_default(),
        hash(fields.person),
        hash(fields.identity),
        hash(fields.salt),
        digits(&fields.leaf),
    ]
}

fn fields(text: &str) -> Result<Fields, &'static str> {
    let mut cells = text.split(',').map(unquoted).map(plain);
    let mut next = |name| cells.next().ok_or(name);
    let some = |cell: &str| (!cell.is_empty()).then(|| cell.to_owned());
    let hash = |cell: &str, name| match cell {
        "" => Ok(None),
        _ => plain_digits(cell).map(|digits| Some(digits.to_owned())).ok_or(name),
    };
    let fields = Fields {
        index: next("index")?.parse().map_err(|_| "index")?,
        at: some(next("at")?),
        outcome: some(next("outcome")?),
        reason: some(next("reason")?),
        stage: some(next("stage")?),
        kind: some(next("kind")?),
        operator: parsed(next("operator")?).map_err(|()| "operator")?,
        demo: parsed(next("demo")?).map_err(|()| "demo")?,
        key_set_version: parsed(next("key_set_version")?).map_err(|()| "key_set_version")?,
        person: hash(next("person")?, "person")?,
        identity: hash(next("identity")?, "identity")?,
        salt: hash(next("salt")?, "salt")?,
        leaf: hash(next("leaf")?, "leaf")?.ok_or("leaf")?,
    };
    if cells.next().is_none() { Ok(fields) } else { Err("number of cells") }
}

fn parsed<T: std::str::FromStr>(cell: &str) -> Result<Option<T>, ()> {
    if cell.is_empty() { Ok(None) } else { cell.parse().map(Some).map_err(|_| ()) }
}

fn unquoted(cell: &str) -> &str {
    cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"')).unwrap_or(cell)
}
