//! The terminal, the clock and the random generator of this process: the CLI
//! is where they are reached for, so that nothing below has to.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use zeroize::Zeroizing;

use crate::exit::Failure;

/// The most that is read of a file with a passphrase.
const MAX_PASSPHRASE_BYTES: usize = 4096;

/// Now, in seconds UTC since 1970.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// Parses a time: RFC 3339, or with what is met in test data left out or written otherwise:
/// a space for the `T`, no seconds, no time of day, `+0200` or `+02`, no offset at all (UTC).
pub fn parse_time(text: &str) -> Result<i64, String> {
    in_full(text.trim())
        .and_then(|full| OffsetDateTime::parse(&full, &Rfc3339).ok())
        .map(OffsetDateTime::unix_timestamp)
        .ok_or_else(|| format!("\"{text}\" is no RFC 3339 time; write e.g. 2026-11-21T10:00:00Z"))
}

/// The same time with all that RFC 3339 wants.
fn in_full(text: &str) -> Option<String> {
    let (date, rest) = text.split_at_checked("2026-11-21".len())?;
    let rest = rest.strip_prefix(['T', 't', ' ']).unwrap_or(rest);
    let (time, offset) = rest.split_at(rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len()));
    let time = match time.len() {
        0 => "00:00:00".to_owned(),
        5 => format!("{time}:00"),
        _ => time.to_owned(),
    };
    let offset = match offset.split_at_checked(3) {
        _ if offset.is_empty() => "Z".to_owned(),
        Some((hours, "")) => format!("{hours}:00"),
        Some((hours, minutes)) if !minutes.starts_with(':') => format!("{hours}:{minutes}"),
        _ => offset.to_owned(),
    };
    Some(format!("{date}T{time}{offset}"))
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

/// A progress bar for a person, under the same condition.
pub fn progress(what: &str) -> export::Progress<'static> {
    let seen = io::stderr().is_terminal();
    export::Progress::new(seen.then(|| Box::new(io::stderr()) as Box<dyn Write>), what)
}

/// Prints a line on standard output.
pub fn say(line: impl std::fmt::Display) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}

/// Asks a question that is answered with yes or no. Where nobody can be asked, that is said.
pub fn ask(question: &str) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::new("nobody is there to ask: say --yes to go on, or run it in a terminal"));
    }
    let mut stdout = io::stdout().lock();
    write!(stdout, "{question} Type \"yes\": ")?;
    stdout.flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(answer.trim().eq_ignore_ascii_case("yes"))
}

/// A passphrase: the first line of `file` (`-`: of standard input), or typed without being shown.
pub fn passphrase(file: Option<&Path>, whose: &str) -> Result<Zeroizing<String>, Failure> {
    match file {
        Some(file) => read_passphrase(file),
        None => prompt(&format!("Passphrase of {}: ", credential::display::escape(whose))),
    }
}

/// A passphrase that is new: typed twice, or read as in [`passphrase`].
pub fn new_passphrase(file: Option<&Path>) -> Result<Zeroizing<String>, Failure> {
    if let Some(file) = file {
        return read_passphrase(file);
    }
    let (first, again) = (prompt("New passphrase: ")?, prompt("The same again: ")?);
    if first == again { Ok(first) } else { Err(Failure::new("they differ: nothing was made, begin again")) }
}

fn prompt(line: &str) -> Result<Zeroizing<String>, Failure> {
    rpassword::prompt_password(line).map(Zeroizing::new).map_err(|error| {
        Failure::new(format!("no terminal to type a passphrase in ({error}): use --passphrase-file FILE"))
    })
}

fn read_passphrase(file: &Path) -> Result<Zeroizing<String>, Failure> {
    let text = if file == Path::new("-") {
        read_wiped(&mut io::stdin().lock())
    } else {
        File::open(file).and_then(|mut file| read_wiped(&mut file))
    };
    let text = text.map_err(Failure::file(file))?;
    Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()))
}

/// Text in one piece of memory, which is wiped afterwards: in one that grew, the smaller ones would stay as they were.
fn read_wiped(from: &mut dyn Read) -> io::Result<Zeroizing<String>> {
    let mut bytes = Zeroizing::new(vec![0; MAX_PASSPHRASE_BYTES]);
    let mut length = 0;
    while length < bytes.len() {
        match from.read(&mut bytes[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let text = str::from_utf8(&bytes[..length]);
    let text = text.map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "this is not UTF-8 text"))?;
    Ok(Zeroizing::new(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out one byte at a time, as a pipe may.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = buffer.len().min(1);
            self.0.read(&mut buffer[..length])
        }
    }

    #[test]
    fn a_passphrase_is_read_in_one_piece_up_to_its_limit() {
        assert_eq!(*read_wiped(&mut Slow("слово\n".as_bytes())).unwrap(), "слово\n");
        assert_eq!(read_wiped(&mut io::repeat(b'a')).unwrap().len(), MAX_PASSPHRASE_BYTES);
        assert!(read_wiped(&mut &b"\xff"[..]).is_err());
    }

    #[test]
    fn times_are_read_with_and_without_their_offset() {
        let table = [
            ("2021-07-02T07:44:21Z", Some(1_625_211_861)),
            ("2021-07-02T09:44:21+02:00", Some(1_625_211_861)),
            ("2021-07-02T07:44:21+0000", Some(1_625_211_861)),
            ("2021-07-02T07:44:21", Some(1_625_211_861)),
            ("2021-07-02T07:44:21.373733", Some(1_625_211_861)),
            ("2021-07-02 07:44:21", Some(1_625_211_861)),
            ("2021-07-02T09:44:21+02", Some(1_625_211_861)),
            ("2021-07-02T09:44:21+0200", Some(1_625_211_861)),
            ("2021-07-02T05:44:21.5-02:00", Some(1_625_211_861)),
            ("2021-07-02T07:44Z", Some(1_625_211_840)),
            ("2021-07-02", Some(1_625_184_000)),
            ("2021-07-02T25:00:00Z", None),
            ("2021-07-02+1", None),
            ("2021-07-0ü", None),
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
