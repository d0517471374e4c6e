//! Runs the targets without a fuzzer: see [`fuzzing::replay`].

use std::process::ExitCode;

/// The most bytes of an input.
const LONGEST: usize = 2048;

fn main() -> ExitCode {
    fuzzing::replay::main(&qr_fuzz::TARGETS, LONGEST)
}
