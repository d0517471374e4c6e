//! `propusk rules check POLICY`: a policy document, held to its format.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use credential::Policy;
use credential::policy::Texts;

use crate::commands::policy;
use crate::exit::{Outcomes, one_line};
use crate::terminal::say;

#[derive(clap::Args)]
pub struct Args {
    /// The policy document
    #[arg(value_name = "POLICY.json")]
    policy: PathBuf,
}

pub fn run(args: &Args) -> Outcomes {
    let policy = match Policy::parse(&policy::bytes(&args.policy)?) {
        Ok(policy) => policy,
        Err(fault) => {
            say(one_line(&format!("{}: not valid: {fault}", args.policy.display())))?;
            return Ok(ExitCode::from(1));
        }
    };
    for line in lines(&policy) {
        say(one_line(&line))?;
    }
    for warning in policy.warnings() {
        writeln!(io::stderr(), "warning: {}", one_line(&warning))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What it is, what can be switched between, and what each rule looks at.
fn lines(policy: &Policy) -> Vec<String> {
    let default = policy.default_mode().mode().id();
    let modes = policy.modes().iter().map(|mode| {
        let kinds: Vec<_> = mode.kinds().iter().map(|kind| kind.name()).collect();
        let is_default = if mode.id() == default { ", the default" } else { "" };
        format!("mode {} ({}{is_default}): {}", mode.id(), words(mode.title()), kinds.join(", "))
    });
    let rules = policy.rules().map(|(name, fields)| format!("rule {name} looks at: {}", fields.join(", ")));
    let count = policy.rules().count();
    let head = format!("valid: {}, accepts in {}; rules: {count}", words(policy.name()), policy.country());
    [head].into_iter().chain(modes).chain(rules).collect()
}

/// The English, or the first there is.
fn words(texts: &Texts) -> &str {
    let texts = texts.by_language();
    texts.get("en").or(texts.values().next()).map_or("", String::as_str)
}
