//! Runs the targets without a fuzzer: see [`fuzzing::replay`].

use std::process::ExitCode;

/// The most bytes of an input.
const LONGEST: usize = 8192;

fn main() -> ExitCode {
    fuzzing::replay::main(&credential_fuzz::TARGETS, LONGEST)
}
