//! What is accepted, as a policy on the command line says.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use credential::policy::MAX_BYTES;
use credential::{InForce, Policy};

use crate::exit::Failure;

#[derive(clap::Args)]
#[group(skip)]
pub struct Args {
    /// Accept only what this policy accepts (keys/POLICIES.md)
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Judge in this mode of the policy instead of its default one
    #[arg(long, value_name = "ID", requires = "policy")]
    mode: Option<String>,
}

/// A policy and the mode that was chosen, if there is a policy.
pub struct Chosen {
    policy: Option<Result<Policy, String>>,
    mode: Option<String>,
}

impl Args {
    /// Reads what is named.
    pub fn read(&self) -> Result<Chosen, Failure> {
        let Some(path) = &self.policy else { return Ok(Chosen { policy: None, mode: None }) };
        let named = |error| Failure::new(format!("{}: no policy: {error}", path.display()));
        let policy = Policy::parse(&bytes(path)?).map_err(named)?;
        if let Some(mode) = self.mode.as_ref().filter(|mode| policy.in_mode(mode).is_none()) {
            let ids: Vec<_> = policy.modes().iter().map(|mode| mode.id()).collect();
            return Err(Failure::new(format!("--mode {mode}: this policy has {}", ids.join(", "))));
        }
        Ok(Chosen { policy: Some(Ok(policy)), mode: self.mode.clone() })
    }
}

impl Chosen {
    /// This policy; where none was named, the one in this document, in its default mode.
    pub fn or(self, document: Option<&[u8]>) -> Self {
        if self.policy.is_some() {
            return self;
        }
        let read = |document| Policy::parse(document).map_err(|error| error.to_string());
        Self { policy: document.map(read), mode: None }
    }

    /// What passes are judged by.
    pub fn in_force(&self) -> InForce<'_> {
        let policy = match &self.policy {
            None => return InForce::Nothing,
            Some(Err(fault)) => return InForce::Unreadable(fault),
            Some(Ok(policy)) => policy,
        };
        let chosen = self.mode.as_ref().and_then(|mode| policy.in_mode(mode));
        InForce::Mode(chosen.unwrap_or_else(|| policy.default_mode()))
    }
}

/// A file's bytes; of one that is longer than any policy, one byte too many.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = vec![];
    let read = File::open(path).and_then(|file| file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes));
    read.map_err(Failure::file(path))?;
    Ok(bytes)
}
