//! `cargo xtask run`, `test`, `bench` and more: from a fresh machine to a running Propusk, to a verdict on the tree,
//! or to figures.
//!
//! Only the standard library: this is the first thing that a fresh machine compiles.

mod arm;
mod bench;
mod browser;
mod counts;
mod faults;
mod fleet;
mod fuzz;
mod package;
mod page;
mod platforms;
mod run;
mod screenshots;
mod step;
mod system;
mod test;
mod tools;
mod tree;
mod wasm;
mod zig;

use std::{env, process::ExitCode};

/// What the commands do and take.
const USAGE: &str = "\
usage: cargo xtask run [--station DIR] [-- ARGUMENTS OF THE APP]
           sets the machine up and opens the app on a demo station (made if there is none);
           without a display the same job is done in the terminal
       cargo xtask test [--only STEP]...
           sets the machine up and runs everything that has to pass
       cargo xtask bench qr [--quick] [--corpus NAME]... [--reader NAME]...
           sets the machine up and measures QR readers side by side
       cargo xtask fuzz qr [--executions N] [--target grid|frame]...
       cargo xtask fuzz credential [--executions N] [--target judge_text|judge_signed]...
           sets the machine up and feeds the QR reader or the judge of passes hostile input; what it learns stays in
           target/fuzz
=======
           sets the machine up and feeds the QR reader hostile input; what it learns stays in target/fuzz
       cargo xtask faults [KIND [HOW OFTEN]]
           kills the scan log's process, cuts its power, fails its disk and flips its bits; nothing may be lost
       cargo xtask counts qr [--accept]
           counts the instructions that a frame takes; with --accept later counts are held to these
       cargo xtask platforms [NAME]...
           has the compiler check what is written for other systems, and runs the QR reader's tests on ARM, emulated
       cargo xtask package [--try]
           makes a Debian package; with --try installs and opens it in a fresh Debian in a folder (as root)
       cargo xtask fleet
           asks a simulated fleet the same by DataFusion and by Apache Spark on two workers, and compares
       cargo xtask fleet simulate [--devices N] [--days N] [--entries-a-day N] [--seed N]
           lets a fleet grow and tells what a million entries cost; deletes it afterwards
       cargo xtask screenshots
           runs the end-to-end tests and takes their pictures over into the READMEs
       cargo xtask wasm [--bench]
           builds the QR reader for a page's worker and has it read; with --bench measures it in Chromium";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> step::Result<()> {
    match arguments.split_first() {
        Some((command, rest)) if command == "run" => run::run(&run::Options::parse(rest)?),
        Some((command, rest)) if command == "test" => test::test(&test::Plan::parse(rest)?),
        Some((command, rest)) if command == "bench" => bench::bench(&bench::Options::parse(rest)?),
        Some((command, rest)) if command == "fuzz" => fuzz::fuzz(&fuzz::Options::parse(rest)?),
        Some((command, rest)) if command == "faults" => faults::faults(&faults::Options::parse(rest)?),
        Some((command, rest)) if command == "counts" => counts::counts(&counts::Options::parse(rest)?),
        Some((command, rest)) if command == "platforms" => {
            platforms::platforms(&platforms::Options::parse(rest)?)
        }
        Some((command, rest)) if command == "package" => package::package(&package::Options::parse(rest)?),
        Some((command, [])) if command == "screenshots" => screenshots::screenshots(),
        Some((command, rest)) if command == "fleet" => fleet::fleet(&fleet::Options::parse(rest)?),
        Some((command, rest)) if command == "wasm" => wasm::wasm(&wasm::Options::parse(rest)?),
        Some((command, _)) if ["help", "-h", "--help"].contains(&command.as_str()) => {
            step::say(USAGE);
            step::say(&format!(
                "           STEP: {}\n           KIND: {}\n           NAME: {}",
                test::names(),
                faults::names(),
                platforms::names()
            ));
            Ok(())
        }
        Some((command, _)) => Err(format!("no such command: {command}\n{USAGE}")),
        None => Err(format!("what is to be done?\n{USAGE}")),
    }
}
