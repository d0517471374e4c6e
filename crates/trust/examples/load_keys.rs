//! How long a device takes to load its trusted keys, every signature verified again.
//!
//! `cargo run --release -p trust --example load_keys [KEYS]` (20 000 when no number is given)

#![allow(clippy::print_stdout)]

use std::time::Instant;

use cpu_time::ThreadTime;
use credential::{IssuerKey, Kid, PublicKey, Usages, Validity};
use ed25519_dalek::SigningKey;
use trust::publish::{self, Signers, Terms};
use trust::{KeySetDocument, Store};

const NOW: i64 = 1_767_225_600;
/// Loads; the median is told.
const ROUNDS: usize = 21;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count = std::env::args().nth(1).map_or(Ok(20_000), |text| text.parse())?;
    let dir = tempfile::tempdir()?;
    let (folder, database) = (dir.path().join("repository"), dir.path().join("trust.db"));
    let mut seed = 0;
    let signers = Signers::generate(false, |bytes| {
        seed += 1;
        bytes.fill(seed);
        Ok::<_, std::convert::Infallible>(())
    })?;
    let keys = KeySetDocument::new((0..count).map(key).collect());
    let bytes = keys.to_json()?.len();
    publish::create(&folder, &signers, keys, Terms::default(), NOW)?;
    let store = Store::open(&database)?;
    store.anchor(&std::fs::read(folder.join(publish::FIRST_ROOT))?)?;
    let started = Instant::now();
    store.refresh(&folder, NOW)?;
    println!("{count} keys, {bytes} bytes: first refresh {:.1} ms", millis(started));
    let times = (0..ROUNDS).map(|_| load(&store)).collect::<Result<Vec<_>, _>>()?;
    for (what, pick) in [("by the clock", 0), ("of the processor", 1)] {
        let mut times: Vec<f64> = times.iter().map(|both| both[pick]).collect();
        times.sort_by(f64::total_cmp);
        let (median, slowest) = (times[ROUNDS / 2], times[ROUNDS - 1]);
        println!("load, {what}: median {median:.1} ms, fastest {:.1} ms, slowest {slowest:.1} ms", times[0]);
    }
    Ok(())
}

/// Milliseconds by the clock, and of the processor: the first is longer where others work beside.
fn load(store: &Store) -> Result<[f64; 2], trust::Error> {
    let (started, used) = (Instant::now(), ThreadTime::now());
    let trusted = store.load()?;
    let times = [millis(started), used.elapsed().as_secs_f64() * 1000.0];
    assert!(trusted.is_some_and(|trusted| trusted.version == 1));
    Ok(times)
}

fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

/// Half of them Ed25519, half P-256, as an authority's tools write them.
fn key(number: u32) -> IssuerKey {
    let mut seed = [7; 32];
    seed[..4].copy_from_slice(&number.to_be_bytes());
    let key = if number.is_multiple_of(2) {
        PublicKey::Ed25519(SigningKey::from_bytes(&seed).verifying_key().into())
    } else {
        let secret = p256::ecdsa::SigningKey::from_slice(&seed).expect("a number under the order");
        PublicKey::P256((*secret.verifying_key()).into())
    };
    IssuerKey {
        kid: Kid([&number.to_be_bytes()[..], &[0xab; 4]].concat()),
        key,
        usages: Usages { vaccination: true, ..Usages::default() },
        scope: Default::default(),
        validity: Some(Validity { not_before: NOW, not_after: NOW + 1000 }),
        revoked_from: None,
        issuer: format!("Ministry of Health, department {number}"),
        country: Some("DE".into()),
        demo: false,
    }
}
