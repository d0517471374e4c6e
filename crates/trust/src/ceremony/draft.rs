//! The coordinator's folder.
//!
//! | in it | holds |
//! |---|---|
//! | `draft.json` | the plan: who signs for what |
//! | `keys.json` | the issuers' keys that are published next |
//! | `files/` | the other files that are published next |
//! | `staged/` | what is being signed: `request.zip`, and `signatures.json` so far |
//! | `published/` | the repository: what devices are refreshed from |

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::plan::{Plan, RoleName};
use super::request::Request;
use super::review::{self, RoleReview};
use super::staging::{self, Staging};
use crate::document::{DOCUMENT_MAX, KeySetDocument};
use crate::error::{Error, Refusal};
use crate::file::{self, Found, Readers};
use crate::publish::{self, Contents};
use crate::source::{ARCHIVE_MAX, Folder};
use crate::target;

/// The format that this version reads and writes.
const FORMAT: &str = "propusk-draft/1";
/// Largest `draft.json`, in bytes.
const PLAN_MAX: usize = 256 * 1024;

/// A repository in the making.
#[derive(Clone, Debug)]
pub struct Draft {
    dir: PathBuf,
    plan: Plan,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DraftFile {
    format: String,
    plan: Plan,
}

impl Draft {
    /// A draft of a new repository in this folder, which is made when it is not there. One that has a draft already is left alone.
    pub fn create(dir: &Path, plan: Plan) -> Result<Self, Error> {
        plan.check()?;
        if dir.join("draft.json").symlink_metadata().is_ok() {
            return Err(Error::Ceremony(format!(
                "{} holds a draft already; name another folder",
                dir.display()
            )));
        }
        for folder in [dir.to_owned(), dir.join("files"), dir.join("published")] {
            fs::create_dir_all(&folder).map_err(Error::io("make", &folder))?;
        }
        let draft = Self { dir: dir.to_owned(), plan };
        draft.set_keys(&KeySetDocument::default())?;
        draft.save()?;
        Ok(draft)
    }

    /// The draft in this folder.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let path = dir.join("draft.json");
        let broken = |reason: &str| {
            Error::Ceremony(format!("{}: not a draft ({reason}); restore it from its backup", path.display()))
        };
        let none = || {
            Error::Ceremony(format!(
                "{}: no draft is there; make one with `propusk keys init`",
                dir.display()
            ))
        };
        let json = read(&path, PLAN_MAX)?.ok_or_else(none)?;
        let file: DraftFile = serde_json::from_slice(&json).map_err(|error| broken(&error.to_string()))?;
        if file.format != FORMAT {
            return Err(broken(&format!("its format is {:.40}", file.format)));
        }
        file.plan.check()?;
        Ok(Self { dir: dir.to_owned(), plan: file.plan })
    }

    /// Who signs for what, from the next publication on.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Changes who signs for what.
    pub fn set_plan(&mut self, plan: Plan) -> Result<(), Error> {
        plan.check()?;
        self.plan = plan;
        self.save()
    }

    /// The issuers' keys that are published next.
    pub fn keys(&self) -> Result<KeySetDocument, Error> {
        let path = self.dir.join(target::KEYS);
        let json = read(&path, DOCUMENT_MAX)?.ok_or_else(|| Refusal::Missing(path.display().to_string()))?;
        Ok(KeySetDocument::parse(&json).map_err(Refusal::from)?)
    }

    /// Changes the issuers' keys that are published next.
    pub fn set_keys(&self, keys: &KeySetDocument) -> Result<(), Error> {
        write(&self.dir.join(target::KEYS), &keys.to_json().map_err(Refusal::from)?)
    }

    /// Adds a file that is published next, or changes it. Refuses what [`Contents::with`] does.
    pub fn set_file(&self, name: &str, bytes: Vec<u8>) -> Result<(), Error> {
        self.contents()?.with(name, bytes.clone())?;
        write(&self.dir.join("files").join(name), &bytes)
    }

    /// Leaves a file out from the next publication on.
    pub fn remove_file(&self, name: &str) -> Result<(), Error> {
        if !target::is_name(name) {
            return Err(Refusal::UnsafeName(name.into()).into());
        }
        let path = self.dir.join("files").join(name);
        fs::remove_file(&path).map_err(Error::io("remove", &path))
    }

    /// Everything that is published next.
    pub fn contents(&self) -> Result<Contents, Error> {
        let folder = self.dir.join("files");
        let mut contents = Contents::new(self.keys()?);
        for entry in fs::read_dir(&folder).map_err(Error::io("read", &folder))? {
            let path = entry.map_err(Error::io("read", &folder))?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            if name.ends_with(".partial") {
                continue; // an interrupted write left it, and it is written over
            }
            let bytes = read(&path, target::limit(&name))?;
            contents = contents.with(&name, bytes.ok_or_else(|| Refusal::Missing(name.clone()))?)?;
        }
        Ok(contents)
    }

    /// Where the published repository lies.
    pub fn repository(&self) -> PathBuf {
        self.dir.join("published")
    }

    /// What each role says that is published: root, targets, snapshot, timestamp; empty before the first time.
    /// Refused where a publication broke off.
    pub fn published(&self) -> Result<Vec<RoleReview>, Error> {
        let base = publish::published_in(&Folder::new(&self.repository()))?;
        Ok(base.as_ref().map(|(files, _)| review::of_published(files)).unwrap_or_default())
    }

    /// Lays out what is to be signed, as of `now` (seconds UTC), and returns the request's file. Refused while
    /// another request is being signed ([`Self::unstage`]).
    pub fn stage(&self, staging: Staging, now: i64) -> Result<PathBuf, Error> {
        if self.request()?.is_some() {
            let line = "another request is being signed; publish it, or drop it with `propusk keys unstage`";
            return Err(Error::Ceremony(line.into()));
        }
        let base = publish::published_in(&Folder::new(&self.repository()))?;
        let in_use = base
            .as_ref()
            .and_then(|(files, _)| files.current.as_ref())
            .map(|current| current.contents.clone());
        let contents = match staging {
            Staging::Everything { .. } => self.contents()?.files(false)?,
            Staging::Renewal { .. } => in_use.ok_or_else(|| {
                Error::Ceremony("nothing is published yet; use `propusk keys stage` first".into())
            })?,
        };
        let bodies = staging::bodies(&self.plan, base.as_ref(), &contents, staging, now)?;
        let cards =
            RoleName::ALL.into_iter().flat_map(|role| self.plan.holders(role).signers.clone()).collect();
        let zip = Request { base, bodies, cards, contents }.to_zip()?;
        // What signers refuse must not be sent to them.
        Request::read(zip.clone())?;
        let folder = self.dir.join("staged");
        fs::create_dir_all(&folder).map_err(Error::io("make", &folder))?;
        let path = self.request_path();
        write(&path, &zip)?;
        Ok(path)
    }

    /// What is being signed.
    pub fn request(&self) -> Result<Option<Request>, Error> {
        read(&self.request_path(), ARCHIVE_MAX)?.map(Request::read).transpose()
    }

    /// Drops what is being signed, with its signatures. What is published stays.
    pub fn unstage(&self) -> Result<(), Error> {
        // A publication that broke off has to be ended first.
        publish::published_in(&Folder::new(&self.repository())).map_err(|error| {
            Error::Ceremony(format!("a publication broke off ({error}); end it with `propusk keys publish`"))
        })?;
        self.clear()
    }

    /// Where the request lies that signers get.
    pub fn request_path(&self) -> PathBuf {
        self.dir.join("staged").join("request.zip")
    }

    pub(super) fn signatures_path(&self) -> PathBuf {
        self.dir.join("staged").join("signatures.json")
    }

    /// The request goes last: as long as it is there, a broken-off publication can be ended.
    pub(super) fn clear(&self) -> Result<(), Error> {
        for path in [self.signatures_path(), self.request_path()] {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(Error::io("remove", &path)(error));
                }
                _ => {}
            }
        }
        // Where somebody has put files beside them, it stays.
        let _ = fs::remove_dir(self.dir.join("staged"));
        Ok(())
    }

    fn save(&self) -> Result<(), Error> {
        let file = DraftFile { format: FORMAT.into(), plan: self.plan.clone() };
        // safe: strings and numbers always serialise
        write(&self.dir.join("draft.json"), &serde_json::to_vec_pretty(&file).unwrap_or_default())
    }
}

/// The file's bytes; `None` when it is not there.
pub(super) fn read(path: &Path, limit: usize) -> Result<Option<Vec<u8>>, Error> {
    match file::read(path, limit).map_err(Error::io("read", path))? {
        Found::Bytes(bytes) => Ok(Some(bytes)),
        Found::Nothing => Ok(None),
        Found::TooLarge => Err(Refusal::TooLarge { name: path.display().to_string(), limit }.into()),
        Found::NotPlain => Err(Refusal::UnsafeName(path.display().to_string()).into()),
    }
}

pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    file::write(path, bytes, Readers::Everybody).map_err(Error::io("write", path))
}
