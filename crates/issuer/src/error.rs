//! Why a pass could not be issued.

use thiserror::Error;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Why an authority, a pass or its picture could not be made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Error {
    /// A field is empty, too long, or not in the form that the schema demands.
    #[error("{field} {problem}")]
    Field {
        /// The field's name, as in the register's header.
        field: &'static str,
        /// What is wrong with it and what to do.
        problem: String,
    },
    /// It would be over before it begins.
    #[error(
        "the pass ends on {}, before it begins on {}: correct valid_until or valid_from",
        moment(*.until),
        moment(*.from)
    )]
    NeverValid {
        /// First second of validity.
        from: i64,
        /// Last second of validity.
        until: i64,
    },
    /// An authority's file that cannot be read.
    #[error(
        "this is not an authority's key file: {0}; make one with `propusk keys new`, or use an unspoilt copy"
    )]
    AuthorityFile(String),
    /// More text than the largest code holds at level M.
    #[error("{0} characters do not fit into one QR code; shorten names or free text")]
    TooLongForQr(usize),
    /// The picture could not be encoded.
    #[error("the picture cannot be drawn: {0}")]
    Picture(String),
    /// The bytes of the pass could not be encoded.
    #[error("the pass cannot be encoded: {0}")]
    Encoding(String),
}

impl Error {
    /// A [`Error::Field`].
    pub(crate) fn field(field: &'static str, problem: impl Into<String>) -> Self {
        Self::Field { field, problem: problem.into() }
    }
}

/// Text for an error's one line: letters of every script as they are, what is hidden escaped.
/// A backslash stays too, so that text which was made fit already does not change again.
pub(crate) fn shown(text: &str) -> String {
    text.split('\\').map(credential::display::escape).collect::<Vec<_>>().join("\\")
}

/// Seconds UTC as RFC 3339, where they have a form in it.
fn moment(seconds: i64) -> String {
    OffsetDateTime::from_unix_timestamp(seconds)
        .ok()
        .and_then(|time| time.format(&Rfc3339).ok())
        .unwrap_or_else(|| format!("a day out of all calendars ({seconds} s)"))
}
