//! How a command ends.

use std::fmt;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use credential::Outcome;

/// What a command comes to.
pub type Outcomes = Result<ExitCode, Failure>;

/// A job that could not be done: one line that says what is wrong and what to do. The line
/// is empty when nobody reads our output any more (`propusk … | head`): that is no news.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// A failure with this line.
    pub fn new(line: impl Into<String>) -> Self {
        Self(line.into())
    }

    /// A file that cannot be read or written.
    pub fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.display().to_string();
        move |error| Self(format!("{path}: {error}{}", hint(error.kind())))
    }
}

impl Failure {
    /// Whether there is anything to tell a person.
    pub fn is_news(&self) -> bool {
        !self.0.is_empty()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // One line, whatever a library's message or a file name brings along.
        f.write_str(&one_line(&self.0))
    }
}

impl<E: std::error::Error + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        let error: &(dyn std::error::Error + 'static) = &error;
        let nobody_reads = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
        if error.downcast_ref().is_some_and(nobody_reads) {
            Self(String::new())
        } else {
            Self(error.to_string())
        }
    }
}

/// Text for one line of a message: letters stay readable, what is hidden is escaped. A backslash
/// stays, so that text which was made fit already does not change again.
pub fn one_line(text: &str) -> String {
    text.split('\\').map(credential::display::escape).collect::<Vec<_>>().join("\\")
}

/// What to do about a file.
fn hint(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::NotFound => "; look whether the name is right",
        io::ErrorKind::PermissionDenied => {
            "; this user may not do that: name another place, or change its permissions"
        }
        io::ErrorKind::AlreadyExists => "; it is not written over: name another, or move that one away",
        io::ErrorKind::IsADirectory => "; it is a folder: name a file",
        io::ErrorKind::NotADirectory => "; a file stands where a folder is needed: name another place",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "; make room on the disk, or name another place"
        }
        io::ErrorKind::ReadOnlyFilesystem => "; nothing can be written there: name another place",
        _ => "",
    }
}

/// The exit code of one verdict.
pub fn judged(outcome: Outcome) -> ExitCode {
    match outcome {
        Outcome::Accepted => ExitCode::SUCCESS,
        Outcome::Refused => ExitCode::from(1),
        Outcome::CannotTell => ExitCode::from(2),
    }
}

/// The exit code of misuse and of I/O errors.
pub fn failed() -> ExitCode {
    ExitCode::from(3)
}
