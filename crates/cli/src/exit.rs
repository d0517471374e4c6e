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
        move |error| Self(format!("{path}: {error}"))
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
        f.write_str(&credential::display::escape(&self.0))
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
