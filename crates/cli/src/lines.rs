//! Lines of input, one at a time, however long somebody makes them.

use std::io::{self, BufRead, Read};

/// The longest line taken: a QR text has at most some 6 KB, a trust list of a few thousand
/// certificates 5 MB, the value sets that rules look into some 10 KB.
pub const MAX_LINE_BYTES: u64 = 16 << 20;

/// A line that is not blank.
pub struct Line {
    /// Which one it is in the input, from 1.
    pub number: u64,
    bytes: Vec<u8>,
}

impl Line {
    /// The line without a byte order mark; an error where it is longer than is taken.
    pub fn json(&self) -> Result<&[u8], String> {
        if self.bytes.len() as u64 > MAX_LINE_BYTES {
            return Err(format!("a line of more than {MAX_LINE_BYTES} bytes"));
        }
        Ok(self.start())
    }

    /// As much of the line as was read, without a byte order mark.
    pub fn start(&self) -> &[u8] {
        self.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.bytes)
    }
}

/// Reads lines and counts them.
pub struct Lines<R> {
    input: R,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// The lines of this input.
    pub fn new(input: R) -> Self {
        Self { input, number: 0 }
    }

    /// Where they come from.
    pub fn input(&self) -> &R {
        &self.input
    }

    /// The next line that is not blank, cut off beyond the limit; `None` at the end.
    pub fn next_line(&mut self) -> io::Result<Option<Line>> {
        loop {
            let mut bytes = Vec::new();
            if self.input.by_ref().take(MAX_LINE_BYTES + 1).read_until(b'\n', &mut bytes)? == 0 {
                return Ok(None);
            }
            self.number += 1;
            if bytes.len() as u64 > MAX_LINE_BYTES && bytes.last() != Some(&b'\n') {
                self.input.skip_until(b'\n')?;
            }
            if !bytes.trim_ascii().is_empty() {
                return Ok(Some(Line { number: self.number, bytes }));
            }
        }
    }
}
