//! Where a device's secret keys lie.

mod common;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fs;
use std::path::Path;

use common::{NOW, random};
use station::{
    Error, Folder, KeyPlace, KeyStore, KeyStoreError, NoKeyStore, Station, device_key, key_place,
    keys_to_file, keys_to_key_store,
};
use zeroize::Zeroizing;

const NAME: &str = "Museum";

/// A key store of which a test can say what it does.
#[derive(Default)]
struct Store {
    secrets: RefCell<HashMap<String, Vec<u8>>>,
    /// It refuses everything.
    locked: Cell<bool>,
    /// It takes secrets and keeps others.
    garbles: Cell<bool>,
    /// It forgets nothing.
    clings: Cell<bool>,
}

impl Store {
    fn unlocked(&self) -> Result<(), KeyStoreError> {
        if self.locked.get() { Err(KeyStoreError::Locked) } else { Ok(()) }
    }
}

impl KeyStore for Store {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        self.unlocked()?;
        Ok(self.secrets.borrow().get(name).cloned().map(Zeroizing::new))
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyStoreError> {
        self.unlocked()?;
        let mut kept = secret.to_vec();
        if self.garbles.get() {
            kept[0] ^= 1;
        }
        self.secrets.borrow_mut().insert(name.to_owned(), kept);
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), KeyStoreError> {
        self.unlocked()?;
        if self.clings.get() {
            return Err(KeyStoreError::Failed("no".to_owned()));
        }
        self.secrets.borrow_mut().remove(name);
        Ok(())
    }
}

fn made(dir: &Path, store: &dyn KeyStore) -> Folder {
    Station::create(dir, NAME, store, &mut random()).unwrap();
    Folder::new(dir)
}

fn file(folder: &Folder) -> Vec<u8> {
    fs::read(folder.device_key()).unwrap()
}

#[test]
fn a_key_store_has_the_keys_and_the_folder_none_of_them() {
    let (dir, store) = (tempfile::tempdir().unwrap(), Store::default());
    let folder = made(dir.path(), &store);
    assert_eq!(key_place(&folder).unwrap(), KeyPlace::KeyStore);

    let secrets = store.secrets.borrow().clone();
    let (name, secret) = secrets.iter().next().unwrap();
    assert_eq!((secrets.len(), secret.len()), (1, 64));
    for entry in fs::read_dir(dir.path()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        for half in secret.chunks(32) {
            assert!(!bytes.windows(32).any(|window| window == half));
        }
    }
    let key = device_key(&folder, &store).unwrap();
    let public = key.signing.verifying_key();
    assert_eq!(*name, public.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    assert_eq!(key.identity, secret[32..]);
}

#[test]
fn a_station_scans_with_its_keys_in_a_key_store() {
    let (dir, store) = (tempfile::tempdir().unwrap(), Store::default());
    made(dir.path(), &store);
    for scans in 1..=2 {
        let mut station = Station::open(dir.path(), &store, random()).unwrap();
        assert!(station.submit("HC1:", NOW).logged.is_ok());
        assert_eq!(scanlog::Reader::open(&Folder::new(dir.path()).log()).unwrap().len().unwrap(), scans);
        assert!(station.verify_log().unwrap().holds());
    }
}

#[test]
fn keys_lie_in_a_private_file_where_no_key_store_takes_them() {
    let locked = Store { locked: Cell::new(true), ..Store::default() };
    let garbles = Store { garbles: Cell::new(true), ..Store::default() };
    let stores: [&dyn KeyStore; 3] = [&NoKeyStore, &locked, &garbles];
    for store in stores {
        let dir = tempfile::tempdir().unwrap();
        let folder = made(dir.path(), store);
        assert_eq!(key_place(&folder).unwrap(), KeyPlace::File);
        Station::open(dir.path(), &NoKeyStore, random()).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_others_may_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let folder = made(dir.path(), &NoKeyStore);
    fs::set_permissions(folder.device_key(), fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(key_place(&folder).unwrap(), KeyPlace::ExposedFile);
}

#[test]
fn keys_move_between_file_and_key_store_and_stay_the_same() {
    let (dir, store) = (tempfile::tempdir().unwrap(), Store::default());
    let folder = made(dir.path(), &NoKeyStore);
    let before = file(&folder);

    keys_to_key_store(&folder, &store).unwrap();
    keys_to_key_store(&folder, &store).unwrap();
    assert_eq!(key_place(&folder).unwrap(), KeyPlace::KeyStore);
    assert_eq!(store.secrets.borrow().len(), 1);

    keys_to_file(&folder, &store).unwrap();
    keys_to_file(&folder, &store).unwrap();
    assert_eq!(file(&folder), before);
    assert!(store.secrets.borrow().is_empty());
}

#[test]
fn nothing_is_moved_into_a_key_store_that_does_not_keep_it() {
    let dir = tempfile::tempdir().unwrap();
    let folder = made(dir.path(), &NoKeyStore);
    let before = file(&folder);
    for store in [
        Store { locked: Cell::new(true), ..Store::default() },
        Store { garbles: Cell::new(true), ..Store::default() },
    ] {
        assert!(matches!(keys_to_key_store(&folder, &store), Err(Error::KeyStore { .. })));
        assert_eq!(file(&folder), before);
    }
}

#[test]
fn a_key_store_that_forgets_nothing_is_told_and_the_file_has_the_keys() {
    let (dir, store) = (tempfile::tempdir().unwrap(), Store::default());
    let folder = made(dir.path(), &store);
    store.clings.set(true);
    assert!(matches!(keys_to_file(&folder, &store), Err(Error::KeyStoreKeeps { .. })));
    Station::open(dir.path(), &NoKeyStore, random()).unwrap();
}

#[test]
fn a_key_store_that_is_locked_empty_or_another_is_told() {
    let (dir, store) = (tempfile::tempdir().unwrap(), Store::default());
    let folder = made(dir.path(), &store);
    let error = |store: &dyn KeyStore| Station::open(dir.path(), store, random()).err().unwrap();

    store.locked.set(true);
    assert!(matches!(error(&store), Error::KeyStore { why: KeyStoreError::Locked, .. }));
    assert!(error(&store).to_string().contains("unlock"), "{}", error(&store));
    store.locked.set(false);

    assert!(matches!(error(&NoKeyStore), Error::KeyStore { why: KeyStoreError::Missing, .. }));
    assert!(matches!(error(&Store::default()), Error::KeyStoreLost(_)));

    for secret in [vec![7; 64], vec![7; 63], Vec::new()] {
        store.secrets.borrow_mut().values_mut().for_each(|kept| kept.clone_from(&secret));
        assert!(matches!(error(&store), Error::Damaged { .. }));
    }
    // The keys are gone, the folder is not: what the log holds can still be proven.
    assert!(scanlog::verify(&folder.log(), None).unwrap().holds());
}

#[test]
fn a_damaged_file_of_keys_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let folder = made(dir.path(), &NoKeyStore);
    let name = "a".repeat(64);
    for file in [
        b"".to_vec(),
        b"propusk device key 1\n".to_vec(),
        [b"propusk device key 1\n".as_slice(), &[1; 65]].concat(),
        b"propusk device key in the key store 1\n".to_vec(),
        format!("propusk device key in the key store 1\n{name}").into_bytes(),
        format!("propusk device key in the key store 1\n{}\n", &name[1..]).into_bytes(),
        format!("propusk device key in the key store 1\n../{}\n", &name[3..]).into_bytes(),
        vec![b'a'; 300],
    ] {
        fs::write(folder.device_key(), &file).unwrap();
        assert!(matches!(key_place(&folder), Err(Error::Damaged { .. })), "{file:?}");
        assert!(matches!(Station::open(dir.path(), &NoKeyStore, random()), Err(Error::Damaged { .. })));
    }
}
