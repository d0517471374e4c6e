//! One module per command.

pub mod animate;
pub mod audit;
pub mod batch;
pub mod camera;
pub mod claims;
pub mod demo;
pub mod issue;
pub mod keys;
pub mod letter;
pub mod log;
pub mod policy;
pub mod revoke;
pub mod rules;
pub mod scan;
pub mod station;
pub mod verify;
pub mod witness;
