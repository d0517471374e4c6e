//! The logs of many stations: takes their exports in where they are proven, and answers questions about all of them.
//!
//! A fleet is a folder:
//!
//! | path | holds |
//! |---|---|
//! | `entries/station=…/day=YYYY-MM-DD/part-….parquet` | entries, in Hive's layout: one folder a station and day (UTC) |
//! | `stations/….json` | what is known of a station: its log's name and key, its ranges, the roots it was seen with |
//! | `stations.jsonl` | the same for SQL: one line a station |
//!
//! Entries lose what only proves them (`salt`, `leaf`): the exports stay the evidence. Every entry comes out of an
//! export whose proof held and whose history fits all others of that log ([`import`]).
//!
//! Questions are SQL over the tables `entries` and `stations` ([`sql`]); those in [`questions`] run on Apache Spark as
//! they are. Memory is bounded throughout: exports are read row by row, queries spill.

mod days;
mod error;
mod fleet;
pub mod history;
pub mod import;
pub mod questions;
pub mod simulate;
pub mod sql;

pub use error::Error;
pub use fleet::Fleet;
