//! The public vectors of formats other than the EU's, and what each of them comes to.

use std::path::{Path, PathBuf};
use std::{env, fs};

use credential::shc::RevokedCards;
use credential::{
    ContentKey, ContentKeys, Context, Format, InForce, IssuerKey, KeySet, Kid, Kind, Lazy, NothingRevoked,
    PublicKey, Revocation, Scope, Verdict, judge_text,
};
use serde_json::Value;
use trust::import;

/// 2023-11-15T00:00:00Z: what is signed for years is valid then.
const IN_2023: i64 = 1_700_006_400;
/// 2022-01-01T00:00:00Z.
const IN_2022: i64 = 1_640_995_200;
/// 2026-12-01T00:00:00Z: after the "not active" example has become active (2026-11-02).
const IN_2026: i64 = 1_796_083_200;

const SHC_ISSUER: &str = "https://spec.smarthealth.cards/examples/issuer";
const MOSIP: &str = "https://mosip.example.org";

/// The folder of vectors. They are not part of this repository: without them the tests say so and do nothing, and in
/// CI they fail.
fn vectors() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(env::var_os("CI").is_none(), "CI must not skip the vectors: {}", folder.display());
    eprintln!("SKIPPED: no public vectors at {}", folder.display());
    None
}

fn read(folder: &Path, file: &str) -> String {
    fs::read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}")).trim().to_owned()
}

fn key(kid: &[u8], key: PublicKey, scope: Scope) -> IssuerKey {
    let kid = Kid(kid.to_vec());
    let issuer = "Public test vectors".to_owned();
    let (validity, revoked_from, country) = (None, None, None);
    IssuerKey {
        kid,
        key,
        usages: Default::default(),
        scope,
        validity,
        revoked_from,
        issuer,
        country,
        demo: true,
    }
}

fn hex(text: &str) -> Vec<u8> {
    let digit = |at| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal");
    (0..text.len()).step_by(2).map(digit).collect()
}

fn judged(text: &str, keys: &KeySet, now: i64) -> Verdict {
    judge_text(text, Context { keys, revocation: &NothingRevoked, policy: InForce::Nothing }, now)
}

fn nz_keys(folder: &Path) -> KeySet {
    KeySet::new(import::did(&read(folder, "nzcp/did.json")).expect("a DID document").keys)
}

/// Each under the issuer whose address they are published at.
fn shc_keys(folder: &Path) -> KeySet {
    let scope = Scope { formats: vec![Format::SmartHealthCard], issuer: Some(SHC_ISSUER.to_owned()) };
    let keys = import::jwks(&read(folder, "shc/jwks.json")).expect("a key set").keys;
    KeySet::new(keys.into_iter().map(|key| IssuerKey { scope: scope.clone(), ..key }).collect())
}

/// None of the published ones has a key id.
fn mosip_keys(vector: &Value) -> KeySet {
    let scope = Scope { formats: vec![Format::Claim169], issuer: Some(MOSIP.to_owned()) };
    let public = vector.pointer("/signing_key/public_key_hex").and_then(Value::as_str);
    let public = public.map(|public| PublicKey::Ed25519(Lazy::unread(&hex(public))));
    let content = vector.pointer("/encryption_key/symmetric_key_hex").and_then(Value::as_str);
    let content = content.map(|content| ContentKey::read(content.as_bytes()).expect("a content key"));
    KeySet::new(public.map(|public| key(b"", public, scope)).into_iter().collect())
        .with_content_keys(ContentKeys::new(content.into_iter().collect()).expect("one key"))
}

#[test]
fn every_nz_covid_pass_comes_to_what_its_name_says() {
    let Some(folder) = vectors() else { return };
    let keys = nz_keys(&folder);
    let table = [
        ("nzcp/nzcp.txt", IN_2022, "accepted"),
        ("nzcp/nzcp.txt", IN_2026, "accepted"),
        ("nzcp/nzcp.txt", 1_635_883_530, "accepted"), // its first second
        ("nzcp/nzcp.txt", 1_635_883_529, "not_yet_valid"), // 2021-11-02T20:05:29Z
        ("nzcp/nzcp-expired-payload.txt", IN_2022, "expired"),
        ("nzcp/nzcp-modified-sig.txt", IN_2022, "bad_signature"),
    ];
    for (file, now, reason) in table {
        let verdict = judged(&read(&folder, file), &keys, now);
        assert_eq!(verdict.reason(), reason, "{file}: {:?}", verdict.evidence());
    }
    let files = fs::read_dir(folder.join("nzcp")).expect("a folder").count();
    assert_eq!(files, 4, "three passes and their DID document");
    let verdict = judged(&read(&folder, "nzcp/nzcp.txt"), &keys, IN_2022);
    let pass = verdict.pass().expect("a pass");
    let holder = [&pass.holder.given_name, &pass.holder.family_name, &pass.holder.date_of_birth];
    assert_eq!(
        (holder, pass.kind),
        ([&"Jack".to_owned(), &"Sparrow".into(), &"1960-04-16".into()], Kind::HealthPass)
    );
    assert_eq!(pass.id, "urn:uuid:60a4f54d-4e30-4332-be33-ad78b1eafa4b");
}

#[test]
fn every_smart_health_card_comes_to_what_its_description_says() {
    let Some(folder) = vectors() else { return };
    let keys = shc_keys(&folder);
    let list =
        fs::read(folder.join("shc/crl/3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s.json")).expect("a list");
    let list = RevokedCards::parse(&list).expect("a list of revoked cards");
    let reason = |file: &str, revocation: &dyn Revocation, now: i64| {
        let context = Context { keys: &keys, revocation, policy: InForce::Nothing };
        judge_text(&read(&folder, file), context, now).reason()
    };
    let [good, revoked] =
        ["00", "03"].map(|number| format!("shc/example-{number}-f-qr-code-numeric-value-0.txt"));
    assert_eq!(reason(&good, &NothingRevoked, IN_2023), "accepted");
    assert_eq!(reason(&good, &list, IN_2023), "accepted");
    assert_eq!(reason(&good, &list, IN_2022), "not_yet_valid");
    assert_eq!(reason(&revoked, &list, IN_2023), "revoked");
    assert_eq!(reason(&revoked, &NothingRevoked, IN_2023), "accepted");
    let rows = rusqlite::Connection::open_in_memory().expect("a database");
    let published = trust::Revocations::default().with_cards(vec![list.clone()]);
    assert_eq!(reason(&revoked, &published.over(&rows), IN_2023), "revoked");
    assert_eq!(reason(&good, &published.over(&rows), IN_2023), "accepted");
    assert_eq!(reason(&revoked, &list, IN_2026), "expired");
    assert_eq!(reason("ddcc/SHCQR1.txt", &NothingRevoked, IN_2022), "accepted");
    let verdict = judged(&read(&folder, &good), &keys, IN_2023);
    let pass = verdict.pass().expect("a pass");
    assert_eq!((pass.kind, pass.holder.given_name.as_str()), (Kind::Vaccination, "John B."));
    assert_eq!(pass.card.as_ref().map(|card| card.rid.as_str()), Some("MKyCxh7p6uQ"));
}

#[test]
fn every_claim_169_comes_to_what_it_expects() {
    let Some(folder) = vectors() else { return };
    let table = [
        ("claim169/valid/ed25519-signed.json", "accepted"),
        ("claim169/valid/encrypted-signed.json", "accepted"),
        // Expected to be read; but its signature is empty.
        ("claim169/valid/minimal.json", "bad_signature"),
        ("claim169/edge/expired.json", "bad_signature"),
        // Their expected errors are those of base45 and zlib: without a prefix they are nothing that is known.
        ("claim169/invalid/bad-base45.json", "not_a_certificate"),
        ("claim169/invalid/bad-zlib.json", "not_a_certificate"),
    ];
    for (file, reason) in table {
        let vector: Value = serde_json::from_str(&read(&folder, file)).expect("JSON");
        let text = vector["qr_data"].as_str().expect("a text");
        let keys = mosip_keys(&vector);
        if file.contains("encrypted") {
            let without = keys.clone().with_content_keys(ContentKeys::default());
            assert_eq!(judged(text, &without, IN_2023).reason(), "encrypted", "{file}");
        }
        let verdict = judged(text, &keys, IN_2023);
        assert_eq!(verdict.reason(), reason, "{file}: {:?}", verdict.evidence());
        if let Some(pass) = verdict.pass() {
            let expected = &vector["expected_claim169"];
            assert_eq!(
                (pass.holder.family_name.as_str(), pass.id.as_str()),
                (expected["fullName"].as_str().expect("a name"), expected["id"].as_str().expect("an id"))
            );
            assert_eq!(pass.expires_at, vector["expected_cwt_meta"]["expiresAt"].as_i64());
        }
    }
}

/// Texts as they are in the wild: of an issuer who is not known, and recognised all the same.
#[test]
fn texts_in_the_wild_are_recognised() {
    let Some(folder) = vectors() else { return };
    let known = |kid: &[u8], formats: &[Format]| {
        let p256 = PublicKey::P256(Lazy::unread(&hex(&format!("04{}", "11".repeat(64)))));
        KeySet::new(vec![key(kid, p256, Scope { formats: formats.to_vec(), issuer: None })])
    };
    for (file, keys, reason) in [
        ("ddcc/WHOQR1.txt", KeySet::default(), "unknown_key"),
        ("ddcc/WHOQR1.txt", known(b"11", &[]), "unknown_key"),
        ("ddcc/WHOQR1.txt", known(b"11", &[Format::Ddcc]), "bad_signature"),
        ("ddcc/EUQR1.txt", KeySet::default(), "unknown_key"),
    ] {
        assert_eq!(judged(&read(&folder, file), &keys, IN_2022).reason(), reason, "{file}");
    }
}

/// A character of each text replaced: one that is written as the format writes, and one that is not.
#[test]
fn no_character_of_a_public_vector_can_be_another() {
    let Some(folder) = vectors() else { return };
    let claim: Value =
        serde_json::from_str(&read(&folder, "claim169/valid/ed25519-signed.json")).expect("JSON");
    let claim_text = claim["qr_data"].as_str().expect("a text").to_owned();
    let card = read(&folder, "shc/example-00-f-qr-code-numeric-value-0.txt");
    for (text, keys) in [
        (read(&folder, "nzcp/nzcp.txt"), nz_keys(&folder)),
        (card, shc_keys(&folder)),
        (claim_text, mosip_keys(&claim)),
    ] {
        assert_eq!(judged(&text, &keys, IN_2023).reason(), "accepted");
        for (at, old) in text.char_indices() {
            for new in ['2', '7', 'A', 'Z', '!'].into_iter().filter(|new| *new != old) {
                let changed = format!("{}{new}{}", &text[..at], &text[at + 1..]);
                assert_ne!(judged(&changed, &keys, IN_2023).reason(), "accepted", "{new} at {at}");
            }
        }
    }
}
