//! `propusk keys`: trusted keys shown and refreshed, and an authority's own made, signed and published.

mod content;
mod draft;
mod issuers;
mod new;
mod refresh;
mod show;
mod sign;
mod signer;
mod web;
mod words;

use std::path::PathBuf;

use crate::commands::animate;
use crate::exit::Outcomes;
use crate::terminal;

pub use content::{content_keys, read_content_keys};
pub use show::{contents, of_station, read, read_certificates};

#[derive(clap::Subcommand)]
pub enum Command {
    /// Show the keys that a station trusts, or those in a file or folder; or a file as an animated QR code
    Show {
        /// A key file (JWKS, key set, PEM, DER, list of certificates, did.json) or a folder with a published key set
        #[arg(value_name = "PATH", conflicts_with = "station")]
        path: Option<PathBuf>,
        /// The station's folder (default: the user's own)
        #[arg(long, value_name = "DIR")]
        station: Option<PathBuf>,
        /// Answer in JSON
        #[arg(long)]
        json: bool,
        /// Draw a file (at most 4 MiB, such as a zip of a published key set) as an animated QR code, until Ctrl-C
        #[arg(long, value_name = "FILE", conflicts_with_all = ["path", "station", "json"])]
        animate: Option<PathBuf>,
        /// Pictures a second
        #[arg(long, value_name = "N", requires = "animate", default_value_t = animate::FPS)]
        #[arg(value_parser = clap::value_parser!(u8).range(1..=30))]
        fps: u8,
    },
    /// Take newer keys into use at a station, after showing what changes
    Refresh(refresh::Args),
    /// The keys with which a station opens encrypted passes (close its window first)
    #[command(subcommand)]
    ContentKey(content::Command),
    /// Make an issuing authority: its private key, and its public key for those who shall trust it
    New(new::Args),
    /// Make or show the key of a person who signs key sets
    #[command(subcommand)]
    Signer(signer::Command),
    /// Begin a draft: who signs an authority's key sets
    Init(draft::Init),
    /// Show what is in a draft and what it waits for
    Status {
        /// The folder of the draft
        #[arg(value_name = "DRAFT")]
        draft: PathBuf,
    },
    /// Trust issuers' keys from the next publication on
    AddIssuer(issuers::Add),
    /// Trust an issuer's key no longer
    Retire {
        /// The folder of the draft
        #[arg(value_name = "DRAFT")]
        draft: PathBuf,
        #[command(flatten)]
        which: issuers::Which,
    },
    /// Refuse passes that an issuer's key signs from a moment on
    RevokeIssuer {
        /// The folder of the draft
        #[arg(value_name = "DRAFT")]
        draft: PathBuf,
        #[command(flatten)]
        which: issuers::Which,
        /// The moment (RFC 3339)
        #[arg(long, value_name = "RFC3339", value_parser = terminal::parse_time)]
        from: i64,
    },
    /// Publish a file along with the keys (e.g. policy.json), or another version of it
    AddTarget {
        /// The folder of the draft
        #[arg(value_name = "DRAFT")]
        draft: PathBuf,
        /// Its name: small letters, digits, dots and dashes
        #[arg(value_name = "NAME")]
        name: String,
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Publish a file no longer
    RemoveTarget {
        /// The folder of the draft
        #[arg(value_name = "DRAFT")]
        draft: PathBuf,
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Name other people who sign, or other terms
    Rotate(draft::Rotate),
    /// Take a person out of every role
    RevokeSigner {
        /// The folder of the draft
        #[arg(value_name = "DRAFT")]
        draft: PathBuf,
        /// The signer's name or key id
        #[arg(value_name = "WHO")]
        who: String,
    },
    /// Lay out what is to be signed
    Stage {
        /// The folder of the draft
        #[arg(value_name = "DRAFT")]
        draft: PathBuf,
        /// A new root too, though the same people sign: its term runs out
        #[arg(long)]
        renew_root: bool,
    },
    /// Drop what is being signed
    Unstage {
        /// The folder of the draft
        #[arg(value_name = "DRAFT")]
        draft: PathBuf,
    },
    /// On a signer's machine: show what is asked for, and sign it
    Sign(sign::Sign),
    /// Take signers' signatures into the draft
    ImportSignature {
        /// The folder of the draft
        #[arg(value_name = "DRAFT")]
        draft: PathBuf,
        /// The files that the signers made
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
    /// Publish what was signed, after it was checked as a station would
    Publish {
        /// The folder of the draft
        #[arg(value_name = "DRAFT")]
        draft: PathBuf,
        /// Copy the result to this folder or zip file
        #[arg(value_name = "FOLDER|ZIP")]
        to: Option<PathBuf>,
    },
    /// Publish the same for another term, with the key that signs timestamps
    Renew(sign::Renew),
    /// Pack published keys into one small file
    Package(sign::Package),
}

pub fn run(command: &Command) -> Outcomes {
    match command {
        Command::Show { animate: Some(path), fps, .. } => animate::run(path, &contents(path)?, *fps),
        Command::Show { path: Some(path), json, .. } => show::show_keys(&read(path)?, *json),
        Command::Show { station, json, .. } => {
            show::show_station(&terminal::station_dir(station.as_ref())?, *json)
        }
        Command::Refresh(args) => refresh::run(args),
        Command::ContentKey(command) => content::run(command),
        Command::New(args) => new::run(args),
        Command::Signer(command) => signer::run(command),
        Command::Init(args) => draft::init(args),
        Command::Status { draft } => draft::status(draft),
        Command::AddIssuer(args) => issuers::add(args),
        Command::Retire { draft, which } => issuers::retire(draft, which),
        Command::RevokeIssuer { draft, which, from } => issuers::revoke(draft, which, *from),
        Command::AddTarget { draft, name, file } => draft::add_target(draft, name, file),
        Command::RemoveTarget { draft, name } => draft::remove_target(draft, name),
        Command::Rotate(args) => draft::rotate(args),
        Command::RevokeSigner { draft, who } => draft::revoke_signer(draft, who),
        Command::Stage { draft, renew_root } => sign::stage(draft, *renew_root),
        Command::Unstage { draft } => sign::unstage(draft),
        Command::Sign(args) => sign::sign(args),
        Command::ImportSignature { draft, files } => sign::import(draft, files),
        Command::Publish { draft, to } => sign::publish(draft, to.as_deref()),
        Command::Renew(args) => sign::renew(args),
        Command::Package(args) => sign::package(args),
    }
}
