//! `propusk keys new`: an issuing authority's own key.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use issuer::{Algorithm, Authority, Places};
use trust::KeySetDocument;

use crate::exit::{Failure, Outcomes};
use crate::terminal::{self, say};

#[derive(clap::Args)]
pub struct Args {
    /// The authority's name, as people will read it
    #[arg(long)]
    name: String,
    /// Its country (two capital letters)
    #[arg(long)]
    country: String,
    /// Where its list of revoked passes will be found
    #[arg(long, value_name = "URI")]
    status_uri: String,
    /// Sign with ES256, which foreign verifiers read too, instead of Ed25519
    #[arg(long)]
    es256: bool,
    /// The file for the private key; the public key goes beside it, as FILE with the ending .keys.json
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub fn run(args: &Args) -> Outcomes {
    let algorithm = if args.es256 { Algorithm::Es256 } else { Algorithm::EdDsa };
    let mut seed = [0; 32];
    terminal::random()(&mut seed);
    let authority = Authority::generate(&args.name, &args.country, algorithm, seed, false, &args.status_uri)?;
    let public = args.out.with_extension("keys.json");
    write_private(&args.out, authority.to_json().as_bytes())?;
    Places::create(&args.out)?;
    let document = KeySetDocument::new(vec![authority.issuer_key()]).to_json()?;
    fs::write(&public, document).map_err(Failure::file(&public))?;
    say(format!("private key: {} (guard it: whoever has it can issue in this name)", args.out.display()))?;
    say(format!("public key:  {} (id {})", public.display(), authority.kid()))?;
    Ok(ExitCode::SUCCESS)
}

/// Writes a file that only its owner can read, and never over another.
fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(Failure::file(path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(Failure::file(path))
}
