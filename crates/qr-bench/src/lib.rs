//! QR readers side by side: the same luma for all, one core, CPU time per call.
//!
//! A [`corpus`] names pictures with their truth, a [`reader`] reads them, [`score`] compares the two, and
//! [`table`] lays the sums out.

pub mod approach;
pub mod corpus;
pub mod picture;
pub mod reader;
pub mod report;
pub mod run;
pub mod score;
pub mod stats;
pub mod table;

/// What went wrong, in the words that are printed.
pub type Result<T> = std::result::Result<T, String>;
