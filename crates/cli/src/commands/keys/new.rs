//! `propusk keys new`: an issuing authority's own key.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use issuer::{Algorithm, Authority, Places};
use trust::KeySetDocument;
use trust::change::fingerprint;
use zeroize::Zeroizing;

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
    let public = args.out.with_extension("keys.json");
    // Before there is a private key without its public one.
    if public.symlink_metadata().is_ok() {
        return Err(Failure::new(format!(
            "{} is there already; name another file with --out",
            public.display()
        )));
    }
    let mut seed = Zeroizing::new([0; 32]);
    terminal::random()(&mut *seed);
    let authority =
        Authority::generate(&args.name, &args.country, algorithm, *seed, false, &args.status_uri)?;
    write_new(&args.out, authority.to_json().as_bytes(), true)?;
    Places::create(&args.out)?;
    let key = authority.issuer_key();
    let sha256 = fingerprint(&key.key);
    write_new(&public, &KeySetDocument::new(vec![key]).to_json()?, false)?;
    say(format!("private key: {} (guard it: whoever has it can issue in this name)", args.out.display()))?;
    say(format!("public key:  {} (id {})", public.display(), authority.kid()))?;
    say(format!("its SHA-256: {sha256} (signers of a key set see it; say it to them by another way)"))?;
    Ok(ExitCode::SUCCESS)
}

/// Writes a file, never over another, and has it on the disk. A private one only its owner can read.
fn write_new(path: &Path, bytes: &[u8], private: bool) -> Result<(), Failure> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if private {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = private;
    let mut file = options.open(path).map_err(Failure::file(path))?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .and_then(|()| trust::sync_folder(path))
        .map_err(Failure::file(path))
}
