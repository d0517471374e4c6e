//! Entries as JSON, one object a line.

use std::io::{self, BufRead, Write};

use scanlog::Leaf;

use super::Take;
use super::line::{self, Fields};

pub fn write(out: &mut impl Write, leaf: &Leaf) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &Fields::of(leaf))?;
    out.write_all(b"\n")
}

pub fn read(input: impl BufRead, take: Take<'_>) -> io::Result<()> {
    line::each(input, take, |_, text| {
        let fields: Result<Fields, _> = serde_json::from_str(text);
        Some(match fields {
            Ok(fields) => fields.leaf().map_err(|field| format!("its {field} is malformed")),
            // What serde says may quote the line: only where it is wrong is told.
            Err(why) => Err(format!("no entry in JSON, at its column {}", why.column())),
        })
    })
}
