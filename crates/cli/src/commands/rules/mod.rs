//! `propusk rules`: rules of admission in CertLogic, evaluated and tested, and policies of them checked.

mod check;
mod eval;
mod report;
mod test;

use crate::exit::Outcomes;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Evaluate rules over data
    Eval(eval::Args),
    /// Tell whether a policy document is valid, what it asks, and what its author should look at
    Check(check::Args),
    /// Run the tests that lie beside rules: DIR/…/RULE/rule.json and DIR/…/RULE/tests/*.json
    Test(test::Args),
}

pub fn run(command: &Command) -> Outcomes {
    match command {
        Command::Eval(args) => eval::run(args),
        Command::Check(args) => check::run(args),
        Command::Test(args) => test::run(args),
    }
}
