//! A station to try things out with: a demo authority made fresh on this
//! machine, its signed key set, and sample passes as pictures.
//!
//! The authority's private keys never leave the folder, and everything it
//! signs is marked as a demo: it vouches for nobody.

mod samples;

use std::io;
use std::path::{Path, PathBuf};

use issuer::{Algorithm, Authority, Places, render};
use serde::{Deserialize, Serialize};
use trust::publish::{self, Contents, Signers, Terms};
use trust::{KeySetDocument, Store, status};

use crate::files::{self, Access};
use crate::folder::Folder;
use crate::{Error, NoKeyStore, Random, Station};

const STATION_NAME: &str = "Demo";
const AUTHORITY_NAME: &str = "Демо-центр · Demo authority";
/// A certificate's schema demands a real country. It lends no trust: keys do, and this authority's are marked.
const COUNTRY: &str = "RU";
const STATUS_URI: &str = "https://demo.invalid/s";
/// The target that says whom the authority has revoked.
const STATUS_LIST: &str = "status.demo.cbor";
const DAY: i64 = 86_400;
/// A demo has to work for whoever finds it next year.
const TERM: i64 = 5 * 365 * DAY;
const TERMS: Terms = Terms { root: TERM, targets: TERM, snapshot: TERM, timestamp: TERM };
/// Samples are made and keys signed anew when they are older than this: before the valid ones end, and before
/// anybody is warned of old keys.
const RENEW_AFTER: i64 = 3 * DAY;
/// Pixels of a module in the pictures.
const PICTURE_SCALE: u32 = 6;
/// A list of a few names; anything larger is not ours.
const MAX_LIST_BYTES: u64 = 64 * 1024;

/// A sample pass on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleFile {
    /// What it shows, in `snake_case`.
    pub name: String,
    /// Its picture.
    pub picture: PathBuf,
}

/// `passes/samples.json`: which samples there are, and since when.
#[derive(Serialize, Deserialize)]
struct List {
    made_at: i64,
    samples: Vec<String>,
}

/// Makes a demo station in this folder if none is there, and fresh sample
/// passes if the old ones are about to end. `now` in seconds UTC. Returns
/// whether a station was made. Another authority's station is left alone.
pub fn ensure(dir: &Path, now: i64, random: &mut Random) -> Result<bool, Error> {
    let folder = Folder::new(dir);
    let made = !files::exists(&folder.nameplate())?;
    if made {
        make(&folder, now, random)?;
    } else if !files::exists(&authority_file(&folder))? {
        return Err(Error::NotADemo(dir.to_owned()));
    }
    let list = read_list(&folder).ok();
    if list.is_none_or(|list| now.saturating_sub(list.made_at) > RENEW_AFTER || now < list.made_at) {
        let (contents, list) = make_samples(&folder, now, random)?;
        renew_keys(&folder, contents, now)?;
        write_list(&folder, &list)?;
    }
    Ok(made)
}

/// The sample passes, in the order in which the demo camera shows them.
pub fn samples(folder: &Folder) -> Result<Vec<SampleFile>, Error> {
    let passes = passes(folder);
    let file =
        |(index, name): (usize, String)| SampleFile { picture: passes.join(file_name(index, &name)), name };
    Ok(read_list(folder)?.samples.into_iter().enumerate().map(file).collect())
}

/// Where the sample passes lie.
pub fn passes(folder: &Folder) -> PathBuf {
    folder.demo().join("passes")
}

/// Where the demo authority's published key set lies.
pub fn key_set(folder: &Folder) -> PathBuf {
    folder.demo().join("keys")
}

/// The demo authority's private key file.
pub fn authority_file(folder: &Folder) -> PathBuf {
    folder.demo().join("authority.json")
}

/// The settings are written last: a station that was interrupted while it was made is made anew.
fn make(folder: &Folder, now: i64, random: &mut Random) -> Result<(), Error> {
    if files::exists(&folder.log())? && !log_is_empty(folder) {
        return Err(Error::Unfinished(folder.root().to_owned()));
    }
    clear(folder)?;
    files::make_dir(&folder.demo())?;
    let authority = authority(AUTHORITY_NAME, random)?;
    let signers = Signers::generate(true, |bytes| {
        random(bytes);
        Ok::<_, std::convert::Infallible>(())
    });
    let Ok(signers) = signers;
    signers.save(&role_keys(folder))?;
    files::write(&authority_file(folder), authority.to_json().as_bytes(), Access::Private)?;
    Places::create(&authority_file(folder))?;
    let (contents, list) = make_samples(folder, now, random)?;
    publish_keys(folder, &signers, contents, now)?;
    write_list(folder, &list)?;
    Station::create(folder.root(), STATION_NAME, &NoKeyStore, random)
}

/// Without a single entry a log and the key that signs it are worth nothing.
fn log_is_empty(folder: &Folder) -> bool {
    scanlog::Reader::open(&folder.log()).and_then(|log| log.is_empty()).unwrap_or(false)
}

/// What an interrupted attempt left behind; nothing of it was ever relied on.
fn clear(folder: &Folder) -> Result<(), Error> {
    if files::exists(&folder.demo())? {
        std::fs::remove_dir_all(folder.demo()).map_err(Error::file(folder.demo()))?;
    }
    for file in [folder.device_key(), folder.verifier(), folder.trust(), folder.log(), folder.desk()] {
        for suffix in ["", "-wal", "-shm", ".lock", ".again"] {
            let mut path = file.clone().into_os_string();
            path.push(suffix);
            remove(&PathBuf::from(path))?;
        }
    }
    Ok(())
}

fn remove(path: &Path) -> Result<(), Error> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::file(path)(error)),
        _ => Ok(()),
    }
}

fn authority(name: &str, random: &mut Random) -> Result<Authority, Error> {
    let mut seed = [0; 32];
    random(&mut seed);
    Ok(Authority::generate(name, COUNTRY, Algorithm::EdDsa, seed, true, STATUS_URI)?)
}

/// Publishes the demo authority's key set and takes it into use here, as an admin would.
fn publish_keys(folder: &Folder, signers: &Signers, contents: Contents, now: i64) -> Result<(), Error> {
    let dir = key_set(folder);
    publish::create(&dir, signers, contents, TERMS, now)?;
    let store = Store::open(&folder.trust())?;
    let root = dir.join(publish::FIRST_ROOT);
    store.anchor(&std::fs::read(&root).map_err(Error::file(root))?)?;
    store.refresh(&dir, now)?;
    Ok(())
}

/// Signs for the demo authority's keys anew, so that they are not too old for whoever finds the demo next year.
fn renew_keys(folder: &Folder, contents: Contents, now: i64) -> Result<(), Error> {
    let dir = key_set(folder);
    publish::update(&dir, &Signers::load(&role_keys(folder))?, contents, TERMS, now)?;
    Store::open(&folder.trust())?.refresh(&dir, now)?;
    Ok(())
}

fn role_keys(folder: &Folder) -> PathBuf {
    folder.demo().join("role-keys.json")
}

/// Makes the samples; gives what the authority publishes along with them, and the list of them, which is written when
/// that is done: samples without it are made anew.
fn make_samples(folder: &Folder, now: i64, random: &mut Random) -> Result<(Contents, List), Error> {
    let path = authority_file(folder);
    let text = files::read(&path, MAX_LIST_BYTES)?;
    let authority = Authority::from_json(&String::from_utf8_lossy(&text))?;
    let stranger = self::authority("Somebody else", random)?;
    let mut places = Places::open(&path)?;
    let (samples, revoked) = samples::make(&authority, &stranger, &mut places, now)?;
    files::make_dir(&passes(folder))?;
    for (index, sample) in samples.iter().enumerate() {
        let picture = passes(folder).join(file_name(index, sample.name));
        files::write(&picture, &render::png(&sample.text, PICTURE_SCALE)?, Access::Shared)?;
        files::write(&picture.with_extension("txt"), sample.text.as_bytes(), Access::Shared)?;
    }
    let names = samples.iter().map(|sample| sample.name.to_owned()).collect();
    let contents = contents(&authority, revoked_before(folder)?, revoked, places.next())?;
    Ok((contents, List { made_at: now, samples: names }))
}

/// The places that earlier samples were revoked at: what was taken back stays so.
fn revoked_before(folder: &Folder) -> Result<Vec<u32>, Error> {
    let trusted = Store::open(&folder.trust())?.load()?;
    let lists = trusted.iter().flat_map(|trusted| trusted.revocations.status());
    Ok(lists.flat_map(status::List::revoked).collect())
}

/// The authority's key, and its status list of so many places, these of them revoked.
fn contents(authority: &Authority, before: Vec<u32>, revoked: u64, places: u64) -> Result<Contents, Error> {
    let [revoked, places] = [revoked, places].map(|place| u32::try_from(place).unwrap_or(u32::MAX));
    let list = status::List::new(authority.status_uri(), places, before.into_iter().chain([revoked]))
        .map_err(|error| Error::Damaged { path: STATUS_LIST.into(), what: error.to_string() })?;
    let keys = KeySetDocument::new(vec![authority.issuer_key()]);
    Ok(Contents::new(keys).with(STATUS_LIST, list.to_bytes())?)
}

fn file_name(index: usize, name: &str) -> String {
    format!("{}-{}.png", index + 1, name.replace('_', "-"))
}

fn read_list(folder: &Folder) -> Result<List, Error> {
    let path = list_path(folder);
    let bytes = files::read(&path, MAX_LIST_BYTES)?;
    serde_json::from_slice(&bytes).map_err(|error| Error::Damaged { path, what: error.to_string() })
}

fn write_list(folder: &Folder, list: &List) -> Result<(), Error> {
    // safe: a struct of a number and strings always serialises
    let json = serde_json::to_vec_pretty(list).expect("the list serialises");
    files::write(&list_path(folder), &json, Access::Shared)
}

fn list_path(folder: &Folder) -> PathBuf {
    passes(folder).join("samples.json")
}
