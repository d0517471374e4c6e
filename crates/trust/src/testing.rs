//! What the tests of several modules share: an authority, its repository, a device.

use std::fs;
use std::path::{Path, PathBuf};

use credential::{IssuerKey, Kid, PublicKey, Usages, Validity};
use ed25519_dalek::SigningKey;
use tempfile::TempDir;

use crate::publish::{self, FIRST_ROOT, Role, Signers, Terms};
use crate::{KeySetDocument, Store};

/// 2026-01-01T00:00:00Z.
pub const NOW: i64 = 1_767_225_600;

pub fn signing_key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

/// An authority whose roles have one key each, told apart by `seed`.
pub fn signers(seed: u8) -> Signers {
    let mut next = seed;
    let fill = |bytes: &mut [u8]| {
        bytes.fill(next);
        next += 1;
        Ok::<(), std::convert::Infallible>(())
    };
    Signers::generate(false, fill).unwrap()
}

/// An authority whose roles have two keys each and need both.
pub fn two_of_two(seed: u8) -> Signers {
    let role = |first| Role { threshold: 2, keys: vec![signing_key(first), signing_key(first + 1)] };
    let [root, targets, snapshot, timestamp] = [0, 2, 4, 6].map(|offset| role(seed + offset));
    Signers { demo: false, root, targets, snapshot, timestamp }
}

/// A key set with one key per name.
pub fn document(names: &[&str]) -> KeySetDocument {
    let key = |(place, name): (usize, &&str)| IssuerKey {
        kid: Kid(vec![place as u8 + 1; 8]),
        key: PublicKey::Ed25519(signing_key(100 + place as u8).verifying_key().into()),
        usages: Usages { vaccination: true, ..Usages::default() },
        scope: Default::default(),
        validity: Some(Validity { not_before: NOW, not_after: NOW + 1000 }),
        revoked_from: None,
        issuer: name.to_string(),
        country: Some("RU".into()),
        demo: false,
    };
    KeySetDocument::new(names.iter().enumerate().map(key).collect())
}

/// A folder with a repository, and beside it room for a device's store.
pub struct Place {
    dir: TempDir,
}

impl Place {
    /// A repository with the key set of this one name, as version 1.
    pub fn publishing(signers: &Signers, name: &str) -> Self {
        let place = Self { dir: tempfile::tempdir().unwrap() };
        publish::create(&place.folder(), signers, document(&[name]), Terms::default(), NOW).unwrap();
        place
    }

    pub fn update(&self, signers: &Signers, name: &str) {
        publish::update(&self.folder(), signers, document(&[name]), Terms::default(), NOW + 10).unwrap();
    }

    pub fn folder(&self) -> PathBuf {
        self.dir.path().join("repository")
    }

    pub fn database(&self) -> PathBuf {
        self.dir.path().join("trust.db")
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.folder().join(name)).unwrap()
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.folder().join(name), bytes).unwrap();
    }

    /// A device that trusts this repository's root, and has loaded nothing yet.
    pub fn anchored(&self) -> Store {
        let store = Store::open(&self.database()).unwrap();
        store.anchor(&self.read(FIRST_ROOT)).unwrap();
        store
    }

    /// A device that uses this repository's key set.
    pub fn refreshed(&self) -> Store {
        let store = self.anchored();
        store.refresh(&self.folder(), NOW).unwrap();
        store
    }

    /// Every file of the repository, by its name inside it.
    pub fn files(&self) -> Vec<String> {
        let names = |folder: &Path, prefix: &str| -> Vec<String> {
            let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
            let plain = entries.filter(|entry| entry.path().is_file());
            plain.map(|entry| format!("{prefix}{}", entry.file_name().to_str().unwrap())).collect()
        };
        let folder = self.folder();
        let mut all = [names(&folder, ""), names(&folder.join("targets"), "targets/")].concat();
        all.sort();
        all
    }
}

/// The name of the one issuer that this store trusts.
pub fn issuer(store: &Store) -> Option<String> {
    store.load().unwrap().map(|trusted| trusted.keys.keys()[0].issuer.clone())
}

/// Copies everything of `from` except its roots over `to`.
pub fn overlay(from: &Place, to: &Place) {
    for name in from.files().iter().filter(|name| !name.ends_with(".root.json")) {
        to.write(name, &from.read(name));
    }
}
