//! Many passes, one after another.

use std::io::Read;

use thiserror::Error;

use crate::authority::Authority;
use crate::error::Error;
use crate::hcert::Issued;
use crate::record::Record;
use crate::register::{Register, RegisterError};

/// Issues a register's rows as they are read; row by row, whatever its length.
///
/// Every good row takes the next place in the status list, from `first_index` on;
/// a bad one takes none and is given back as its error, and the rest goes on.
/// [`Authority::issue_pass`] is pure: to use several threads, number the records and
/// issue them wherever.
pub fn batch<R: Read>(
    authority: &Authority,
    register: Register<R>,
    first_index: u64,
    issued_at: i64,
) -> Batch<'_, R> {
    Batch { authority, register, next_index: first_index, issued_at }
}

/// See [`batch`].
pub struct Batch<'a, R: Read> {
    authority: &'a Authority,
    register: Register<R>,
    next_index: u64,
    issued_at: i64,
}

/// Why a row gave no pass.
#[derive(Debug, Error)]
pub enum BatchError {
    /// It could not be read.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// It was read, but is no basis for a pass.
    #[error("line {line}: {error}")]
    Issue {
        /// The line on which its row begins, from 1.
        line: u64,
        /// What is wrong.
        #[source]
        error: Error,
    },
}

impl<R: Read> Batch<'_, R> {
    /// The place that the next pass will take.
    pub fn next_index(&self) -> u64 {
        self.next_index
    }
}

impl<R: Read> Iterator for Batch<'_, R> {
    type Item = Result<(Record, Issued), BatchError>;

    fn next(&mut self) -> Option<Self::Item> {
        let record = match self.register.next()? {
            Ok(record) => record,
            Err(error) => return Some(Err(error.into())),
        };
        let issued = self.authority.issue_pass(&record, self.next_index, self.issued_at);
        Some(match issued {
            Ok(issued) => {
                self.next_index += 1;
                Ok((record, issued))
            }
            Err(error) => Err(BatchError::Issue { line: self.register.line(), error }),
        })
    }
}
