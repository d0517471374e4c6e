//! CertLogic 1.3.3, the rule language of the EU's business rules.
//!
//! ```
//! use certlogic::Expression;
//! use serde_json::json;
//!
//! let fresh: Expression = r#"{ "not-before": [
//!     { "plusTime": [{ "var": "payload.r.0.fr" }, 180, "day"] },
//!     { "plusTime": [{ "var": "external.validationClock" }, 0, "day"] }
//! ] }"#.parse().unwrap();
//! let data = json!({
//!     "payload": { "r": [{ "fr": "2021-05-01" }] },
//!     "external": { "validationClock": "2021-07-01T10:00:00+02:00" },
//! });
//! assert_eq!(fresh.evaluate(&data), Ok(json!(true)));
//! ```
//!
//! [`Expression::parse`] validates an expression once and compiles it; [`Expression::evaluate`]
//! runs it over data. [`validate`] alone tells an author what is wrong. [`rule`] is the object
//! that rules are exchanged in. Pure: no clock (the data brings it), no files, no networks.
//!
//! Expressions and data may be hostile: nothing here panics, and the constants below bound
//! the depth and the work.

#![forbid(unsafe_code)]

pub mod rule;
pub mod timestamp;

mod budget;
mod datetime;
mod error;
mod evaluate;
mod expression;
mod item;
mod validate;

pub use error::{Error, Invalid};
pub use expression::Expression;
pub use item::Data;
pub use rule::BusinessRule;
pub use validate::{Issue, validate};

/// The version of the specification that this follows.
pub const SPECIFICATION: &str = "1.3.3";

/// The deepest nesting of an expression, and of a value that it makes. `serde_json` reads texts
/// of 127 levels, so what comes as text is never refused for this, and what goes out can be read.
pub const MAX_DEPTH: usize = 128;

/// The most steps of one evaluation: operations done, items compared, values copied out. A rule of
/// the EU's public rule sets takes some hundreds, most of them in looking through a value set; a
/// million takes 0.05 to 0.2 seconds (`cargo run --release -p certlogic --example speed`).
pub const MAX_STEPS: usize = 1_000_000;

/// The most issues that are told of one expression: more would not help its author, and an array
/// of millions of nulls must not become as many messages.
pub const MAX_ISSUES: usize = 1_000;
