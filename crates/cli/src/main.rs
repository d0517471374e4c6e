//! `propusk`: every job that needs no screen.
//!
//! Exit codes: 0 accepted (or done), 1 refused, 2 cannot tell, 3 usage or I/O error.

mod commands;
mod exit;
mod files;
mod lines;
mod terminal;

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use exit::Failure;

/// Offline checker of QR certificates.
#[derive(Parser)]
#[command(name = "propusk", version, about, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 accepted or done, 1 refused, 2 cannot tell here, 3 usage or I/O error."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Read the QR codes in pictures (PNG, JPEG, WebP, PGM)
    Scan(commands::scan::Args),
    /// Judge a certificate: its text, its picture, or `-` for the text on standard input
    Verify(commands::verify::Args),
    /// List cameras, or watch one and print what it reads
    #[command(subcommand)]
    Camera(commands::camera::Command),
    /// Make passes from a register of people
    Issue(commands::issue::Args),
    /// Take passes back, and write the list of them that stations get
    Revoke(commands::revoke::Args),
    /// Show or refresh trusted keys; make, sign and publish an authority's own
    #[command(subcommand)]
    Keys(commands::keys::Command),
    /// Set up a station
    #[command(subcommand)]
    Station(commands::station::Command),
    /// Work with the exports of many stations: import what is proven, ask by SQL
    #[command(disable_help_flag = true)]
    Audit(commands::audit::Args),
    /// Show the scan log, prove it, have it cosigned, export it, report on it, erase what is no longer kept
    #[command(subcommand)]
    Log(commands::log::Command),
    /// An inspector's device: cosign stations' logs that go on from what it saw
    #[command(subcommand)]
    Witness(commands::witness::Command),
    /// Check policies, evaluate rules in CertLogic, or run their authors' tests
    #[command(subcommand)]
    Rules(commands::rules::Command),
    /// Make a demo station, and play it in the terminal
    Demo(commands::demo::Args),
}

fn main() -> ExitCode {
    let cli = match parse() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let result = match cli.command {
        Command::Scan(args) => commands::scan::run(&args),
        Command::Verify(args) => commands::verify::run(&args),
        Command::Camera(command) => commands::camera::run(&command),
        Command::Issue(args) => commands::issue::run(&args),
        Command::Revoke(args) => commands::revoke::run(&args),
        Command::Keys(command) => commands::keys::run(&command),
        Command::Station(command) => commands::station::run(&command),
        Command::Log(command) => commands::log::run(&command),
        Command::Audit(args) => commands::audit::run(&args),
        Command::Witness(command) => commands::witness::run(&command),
        Command::Rules(command) => commands::rules::run(&command),
        Command::Demo(args) => commands::demo::run(&args),
    };
    result.unwrap_or_else(|failure| report(&failure))
}

/// Parses the command line; help and version go to standard output with code 0, misuse is code 3.
fn parse() -> Result<Cli, ExitCode> {
    Cli::command().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches)).map_err(|error| {
        let _ = error.print();
        if error.use_stderr() { exit::failed() } else { ExitCode::SUCCESS }
    })
}

fn report(failure: &Failure) -> ExitCode {
    if failure.is_news() {
        let _ = writeln!(std::io::stderr(), "propusk: {failure}");
    }
    exit::failed()
}
