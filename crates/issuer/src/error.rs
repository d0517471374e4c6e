//! Why a pass could not be issued.

use thiserror::Error;

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
    #[error("the pass would end ({until}) before it begins ({from}), both in seconds UTC: correct its dates")]
    NeverValid {
        /// First second of validity.
        from: i64,
        /// Last second of validity.
        until: i64,
    },
    /// An authority's file that cannot be read.
    #[error(
        "this is not an authority's key file: {0}; make one with `propusk issue`, or use an unspoilt copy"
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
