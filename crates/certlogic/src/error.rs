//! What can go wrong, in one line each.

use std::fmt;

use crate::validate::Issue;
use crate::{MAX_DEPTH, MAX_STEPS};

/// Why an expression came to no value. CertLogic 1.3.3 says for each operation what is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// An operand is not of the type that the operation works on.
    Operand {
        /// The operation, e.g. `plusTime`.
        operation: &'static str,
        /// What it works on.
        wants: &'static str,
        /// What the operand was.
        got: &'static str,
    },
    /// A text is no date or date-time in one of the allowed formats, or names a day that is none.
    NotADate {
        /// `plusTime` or `dccDateOfBirth`.
        operation: &'static str,
        /// The text, cut where it is long.
        text: String,
    },
    /// The result lies beyond 64-bit integers, or beyond what ECMAScript's dates reach.
    OutOfRange {
        /// `+` or `plusTime`.
        operation: &'static str,
    },
    /// More than [`MAX_STEPS`].
    TooMuchWork,
    /// A value nested deeper than [`MAX_DEPTH`].
    TooDeep,
}

/// The longest text that a message repeats, in characters: a date-time has at most some 30.
const MAX_SHOWN: usize = 40;

impl Error {
    pub(crate) fn not_a_date(operation: &'static str, text: &str) -> Self {
        Self::NotADate { operation, text: text.chars().take(MAX_SHOWN).collect() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operand { operation, wants, got } => write!(f, "\"{operation}\" wants {wants}, not {got}"),
            Self::NotADate { operation, text } => {
                write!(f, "\"{operation}\": {text:?} is no date that it can read")
            }
            Self::OutOfRange { operation } => write!(f, "\"{operation}\": the result is out of range"),
            Self::TooMuchWork => {
                write!(f, "it takes more steps than the {MAX_STEPS} that there are at the most")
            }
            Self::TooDeep => write!(f, "the expression makes a value of more than {MAX_DEPTH} levels"),
        }
    }
}

impl std::error::Error for Error {}

/// Why something is no CertLogic expression, in one line: the first issue, and how many more there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid(String);

impl Invalid {
    pub(crate) fn json(error: &serde_json::Error) -> Self {
        Self(format!("no JSON: {error}"))
    }
}

impl From<Vec<Issue<'_>>> for Invalid {
    fn from(issues: Vec<Issue<'_>>) -> Self {
        let first = issues.first().map(|issue| issue.message.as_str()).unwrap_or_default();
        match issues.len() {
            0 | 1 => Self(first.to_owned()),
            count => Self(format!("{first} (and {} more)", count - 1)),
        }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Invalid {}
