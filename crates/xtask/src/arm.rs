//! The QR reader's tests on a processor that is not this one's.

use crate::{
    step::{Result, cargo, say},
    tools::prepare_target,
    tree::root,
};
use std::process::{Command, Stdio};

/// What is done here, for whoever waits.
pub const TITLE: &str = "arm: the QR reader's tests on ARM, emulated";

/// What phones and small computers have, emulated by qemu.
const TARGET: &str = "aarch64-unknown-linux-gnu";
const LINKER: (&str, &str) = ("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", "aarch64-linux-gnu-gcc");
const RUNNER: (&str, &str) =
    ("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER", "qemu-aarch64-static -L /usr/aarch64-linux-gnu");
/// The tests that run there: not those over all photographs, which under emulation take hours.
const TESTS: [&str; 3] = ["--lib", "--test", "frames"];
/// Times under emulation say nothing.
const BUT_NOT: [&str; 3] = ["--", "--skip", "in_bounded_time"];
/// Cases of each property, where a test does not say: emulation takes some ten times as long.
const CASES: (&str, &str) = ("PROPTEST_CASES", "16");

/// Cross-compiles the tests and runs them.
///
/// # Errors
/// Whatever keeps them from being built; a test that fails.
pub fn tests() -> Result<()> {
    prepare_target(TARGET)?;
    let what = ["test", "--locked", "--package", "qr", "--target", TARGET];
    let mut command = cargo(&root());
    command.args(what).args(TESTS).args(BUT_NOT).envs([LINKER, RUNNER, CASES]);
    let output = printed(&mut command)?;
    say(&format!("      {TARGET}: {} tests passed", passed(&output)));
    Ok(())
}

/// Runs to the end and gives what was printed on standard output, which is shown as well.
fn printed(command: &mut Command) -> Result<String> {
    let child =
        command.stdout(Stdio::piped()).spawn().map_err(|error| format!("cannot start cargo: {error}"))?;
    let output = child.wait_with_output().map_err(|error| format!("cargo: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().filter(|line| !line.is_empty()).for_each(say);
    if output.status.success() { Ok(text) } else { Err(format!("the tests ended with {}", output.status)) }
}

/// The sum of all tests that passed, as cargo reports them.
fn passed(output: &str) -> usize {
    let results = output.lines().filter_map(|line| line.strip_prefix("test result: ok. "));
    results.filter_map(|rest| rest.split(' ').next()?.parse::<usize>().ok()).sum()
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn passed_tests_are_summed_over_all_binaries() {
        let output = "\
running 2 tests
test a ... ok
test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.05s
test result: ok. 31 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 9.10s
";
        assert_eq!((passed(output), passed("nothing")), (33, 0));
    }
}
