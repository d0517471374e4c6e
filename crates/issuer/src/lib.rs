//! A register of people in; signed passes out, as text, PNG, SVG and PDF.
//!
//! ```text
//! Register (CSV, JSON) ─→ Record ─→ Authority::issue ─→ text ─→ render::{png, svg, pdf}
//! ```
//!
//! Issuing is a pure function of the authority, the record, its place in the
//! status list and the time: nothing is read from a clock, a file or a source
//! of randomness, so rows can be issued in any order and on any number of threads.

mod authority;
mod batch;
mod error;
mod hcert;
pub mod icao;
pub mod issued;
mod places;
mod product;
mod record;
mod register;
pub mod render;
mod revoked;
pub mod uvci;

pub use authority::{Algorithm, Authority, SigningKey};
pub use batch::{Batch, BatchError, batch};
pub use error::Error;
pub use hcert::Issued;
pub use places::{Places, PlacesError};
pub use record::{BirthDate, Expiry, Facts, General, Record, Recovery, TestResult, Vaccination};
pub use register::{Column, Problem, Register, RegisterError};
pub use revoked::{MAX_REASON, Mark, RevokedError, RevokedPasses};
