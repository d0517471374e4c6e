//! `propusk audit`: hands over to the program for many stations, which brings a database engine and so is one of its
//! own, as git and cargo have theirs.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use crate::exit::{Failure, Outcomes, failed};

/// The program's name.
const PROGRAM: &str = "propusk-audit";

#[derive(clap::Args)]
pub struct Args {
    /// What propusk-audit is to do; `propusk audit --help` asks it
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
    rest: Vec<OsString>,
}

pub fn run(args: &Args) -> Outcomes {
    let program = beside()?;
    let status = Command::new(&program).args(&args.rest).status().map_err(Failure::file(&program))?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or_else(failed, ExitCode::from))
}

/// Where it lies: beside this program, nowhere else.
fn beside() -> Result<PathBuf, Failure> {
    let this = std::env::current_exe()?;
    let program = this.with_file_name(format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX));
    if program.is_file() {
        return Ok(program);
    }
    Err(Failure::new(format!(
        "{}: the program for many stations is not there: build it with `cargo build --release -p propusk-audit` \
         and put it beside propusk",
        program.display()
    )))
}
