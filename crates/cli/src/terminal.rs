//! The terminal, the clock and the random generator of this process: the CLI
//! is where they are reached for, so that nothing below has to.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::exit::Failure;

/// Now, in seconds UTC since 1970.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// Parses a time: RFC 3339, or what is met in test data: an offset without its
/// colon (`+0000`), or none at all, which is taken as UTC.
pub fn parse_time(text: &str) -> Result<i64, String> {
    let offset = text.len().saturating_sub(5);
    let full = match text.as_bytes().get(offset..) {
        Some([b'+' | b'-', rest @ ..]) if rest.iter().all(u8::is_ascii_digit) => {
            format!("{}:{}", &text[..offset + 3], &text[offset + 3..])
        }
        _ if text.contains('T') && !text.ends_with(['Z', 'z']) && !has_offset(text) => format!("{text}Z"),
        _ => text.to_owned(),
    };
    OffsetDateTime::parse(&full, &Rfc3339)
        .map(OffsetDateTime::unix_timestamp)
        .map_err(|_| format!("\"{text}\" is no RFC 3339 time; write e.g. 2026-11-21T10:00:00Z"))
}

/// Whether a time ends in `+hh:mm` or `-hh:mm`.
fn has_offset(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes, [.., b'+' | b'-', _, _, b':', _, _])
}

/// The operating system's random generator.
pub fn random() -> station::Random {
    // safe: without its generator a system cannot make keys at all, and going on would be worse
    Box::new(|bytes| getrandom::fill(bytes).expect("the system's random generator works"))
}

/// The station's folder: the one named, or the user's own.
pub fn station_dir(named: Option<&PathBuf>) -> Result<PathBuf, Failure> {
    named.cloned().or_else(|| station::Folder::of_user(|name| std::env::var_os(name))).ok_or_else(|| {
        Failure::new("no home folder is known for this user: name the station's folder with --station DIR")
    })
}

/// Progress for a person: on standard error, and only where a person sees it.
pub fn tell(line: &str) {
    if io::stderr().is_terminal() {
        let _ = writeln!(io::stderr(), "{line}");
    }
}

/// Prints a line on standard output.
pub fn say(line: impl std::fmt::Display) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_and_without_their_offset() {
        let table = [
            ("2021-07-02T07:44:21Z", Some(1_625_211_861)),
            ("2021-07-02T09:44:21+02:00", Some(1_625_211_861)),
            ("2021-07-02T07:44:21+0000", Some(1_625_211_861)),
            ("2021-07-02T07:44:21", Some(1_625_211_861)),
            ("2021-07-02T07:44:21.373733", Some(1_625_211_861)),
            ("2021-07-02", None),
            ("", None),
            ("now", None),
            ("+0000", None),
            ("é0000", None),
            ("2021-13-02T07:44:21Z", None),
        ];
        for (text, seconds) in table {
            assert_eq!(parse_time(text).ok(), seconds, "{text}");
        }
    }
}
