//! The EU Digital COVID Certificate's claims, typed (schema 1.0 to 1.3).

/// A DCC payload: exactly one of vaccination, test and recovery.
#[derive(Clone, Debug, PartialEq)]
pub struct Dcc {
    /// Schema version, e.g. `1.3.0`.
    pub version: String,
}
