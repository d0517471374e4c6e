//! The CPU time of one verdict, from text to verdict, without a policy and by twenty rules, and of links:
//! `cargo run --release -p credential --example judge_speed`.

#![allow(clippy::print_stdout)]

use std::hint::black_box;
use std::io::Write as _;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE as URL_SAFE;
use ciborium::{Value as Cbor, cbor};
use cpu_time::ThreadTime;
use credential::{
    Context, Format, InForce, IssuerKey, KeySet, Kid, Lazy, NothingRevoked, Policy, PublicKey, Scope, Usages,
    Verdict, judge_text,
};
use ed25519_dalek::Signer as _;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Certificates and published samples, as the tests have them.
#[allow(dead_code)]
#[path = "../src/vds_nc/tests/certificates.rs"]
mod certificates;
#[allow(dead_code)]
#[path = "../src/divoc/tests/keys.rs"]
mod keys;

const DIVOC_ED25519: &str = include_str!("../src/divoc/tests/ed25519.json");
const DIVOC_RSA: &str = include_str!("../src/divoc/tests/india.txt");

/// Each by a set of keys that has not seen the certificate yet: its authority's signature is verified, too.
const FIRST_OF_SIGNER: &str = "VDS-NC, CSCA, first";

const RULES: usize = 20;
const BATCHES: usize = 21;
const ROUNDS: u32 = 500;
/// 2022-03-01T00:00:00Z.
const NOW: i64 = 1_646_092_800;
const EDDSA: i64 = -8;
const ES256: i64 = -7;

fn main() {
    let twenty = rules();
    assert_eq!(twenty.rules().count(), RULES);
    let ed25519 = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let p256 = p256::ecdsa::SigningKey::from_slice(&[7; 32]).expect("a key");
    let by_ed25519 = text(EDDSA, |message| ed25519.sign(message).to_bytes().to_vec());
    let by_p256 = text(ES256, |message| {
        let signature: p256::ecdsa::Signature = p256.sign(message);
        signature.to_bytes().to_vec()
    });
    let seal = seal(&p256);
    println!("CPU time of a verdict (median of {BATCHES} batches of {ROUNDS}), microseconds");
    println!("{:<23} {:>10} {:>12}", "", "no policy", "20 rules");
    let public = PublicKey::P256((*p256.verifying_key()).into());
    let p384 = p384::ecdsa::SigningKey::from_slice(&[7; 48]).expect("a key");
    let authority = PublicKey::P384((*p384.verifying_key()).into());
    let authority = of(Format::VdsNc, certificates::AUTHORITY, authority);
    for (name, text, key) in [
        ("DCC, Ed25519", by_ed25519, trusted(PublicKey::Ed25519(ed25519.verifying_key().into()))),
        ("DCC, ES256", by_p256, trusted(public.clone())),
        ("VDS-NC, signer known", seal.clone(), of(Format::VdsNc, &seal_id(), public)),
        (FIRST_OF_SIGNER, seal.clone(), authority.clone()),
        ("VDS-NC, CSCA, later", seal, authority),
        ("DIVOC, Ed25519", DIVOC_ED25519.to_owned(), of(Format::Divoc, b"did:india", divoc_ed25519())),
        ("DIVOC, PS256", DIVOC_RSA.trim().to_owned(), of(Format::Divoc, b"did:india", divoc_rsa())),
    ] {
        let keys = KeySet::new(vec![key]);
        let fresh = || KeySet::new(keys.keys().to_vec());
        let [bare, ruled] = [InForce::Nothing, InForce::Mode(twenty.default_mode())].map(|policy| {
            let context = Context { keys: &keys, revocation: &NothingRevoked, policy };
            // Rules may find fault with a pass: they are made for DCCs of one product.
            let verdict = judge_text(&text, context, NOW);
            assert!(verdict.pass().is_some(), "{}", verdict.reason());
            if name == FIRST_OF_SIGNER {
                micros(|| judge_text(black_box(&text), Context { keys: &fresh(), ..context }, NOW))
            } else {
                micros(|| judge_text(black_box(&text), context, NOW))
            }
        });
        println!("{name:<23} {bare:>10.1} {ruled:>12.1}");
    }
    links();
}

/// Links that everybody has seen, one as long as they get, the register's, and its look-alikes.
fn links() {
    let long =
        format!("https://www.example.org/search?q=certificates&{}", "utm_source=newsletter&".repeat(20));
    let certificate = "covid-cert/verify/9120000000000000?lang=ru&ck=0123456789abcdef0123456789abcdef";
    let keys = KeySet::new(vec![]);
    let context = Context { keys: &keys, revocation: &NothingRevoked, policy: InForce::Nothing };
    println!("{:<23} {:>6} {:>6}", "links", "bytes", "us");
    for (name, text, reason) in [
        ("ordinary", "https://example.org/menu?table=7", "not_a_certificate"),
        ("ordinary, long", &long, "not_a_certificate"),
        ("the register's", &format!("https://www.gosuslugi.ru/{certificate}"), "online_only"),
        ("another host", &format!("https://www.gosuslugl.ru/{certificate}"), "suspected_forgery"),
        ("another letter", &format!("https://www.gosuslug\u{456}.ru/{certificate}"), "suspected_forgery"),
        ("Punycode", &format!("https://www.xn--gosuslug-0hh.ru/{certificate}"), "suspected_forgery"),
        (
            "before the host",
            &format!("https://www.gosuslugi.ru@evil.example/{certificate}"),
            "suspected_forgery",
        ),
    ] {
        assert_eq!(judge_text(text, context, NOW).reason(), reason);
        println!(
            "{name:<23} {:>6} {:>6.2}",
            text.len(),
            micros(|| judge_text(black_box(text), context, NOW))
        );
    }
}

fn micros(judge: impl Fn() -> Verdict) -> f64 {
    let mut batches: Vec<f64> = (0..BATCHES)
        .map(|_| {
            let start = ThreadTime::now();
            for _ in 0..ROUNDS {
                black_box(judge());
            }
            start.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS)
        })
        .collect();
    batches.sort_by(f64::total_cmp);
    batches[BATCHES / 2]
}

/// Rules of the kinds that member states have, looking into value sets of their sizes.
fn rules() -> Policy {
    let at = |path: &str, amount: i64| json!({ "plusTime": [{ "var": path }, amount, "day"] });
    let (dose, now) = ("payload.v.0.dt", "external.validationClock");
    let kinds = [
        json!({ "in": [{ "var": "payload.v.0.mp" }, { "var": "external.valueSets.vaccines-covid-19-names" }] }),
        json!({ "in": [{ "var": "payload.v.0.co" }, { "var": "external.valueSets.country-2-codes" }] }),
        json!({ "if": [{ "var": "payload.v.0" }, { ">=": [{ "var": "payload.v.0.dn" }, { "var": "payload.v.0.sd" }] }, true] }),
        json!({ "if": [{ "var": "payload.v.0" }, { "not-after": [at(dose, 14), at(now, 0), at(dose, 270)] }, true] }),
        json!({ "===": [{ "reduce": [{ "var": "payload.v" }, { "+": [{ "var": "accumulator" }, 1] }, 0] }, 1] }),
    ];
    let rule = |(number, logic): (usize, &Value)| json!({ "id": format!("rule-{number}"), "description": { "en": "As it should be." }, "accept_if": logic });
    let rules: Vec<Value> = kinds.iter().cycle().take(RULES).enumerate().map(rule).collect();
    let codes: Vec<String> = (0..249).map(|code| format!("{code:02X}")).chain(["DE".to_owned()]).collect();
    let document = json!({
        "format": credential::policy::FORMAT, "name": { "en": "Twenty rules" }, "country": "DE",
        "kinds": ["vaccination"], "modes": [{ "id": "all", "title": { "en": "All" } }], "default_mode": "all",
        "rules": rules,
        "value_sets": { "country-2-codes": codes, "vaccines-covid-19-names": ["EU/1/20/1507", "EU/1/20/1528"] },
    });
    Policy::parse(document.to_string().as_bytes()).expect("a policy")
}

fn trusted(key: PublicKey) -> IssuerKey {
    IssuerKey {
        revoked_from: None,
        kid: Kid(b"12345678".to_vec()),
        key,
        usages: Usages::default(),
        scope: Default::default(),
        validity: None,
        issuer: "Example".to_owned(),
        country: None,
        demo: true,
    }
}

fn of(format: Format, kid: &[u8], key: PublicKey) -> IssuerKey {
    // An authority has to say whose seals it vouches for.
    let issuer = (kid == certificates::AUTHORITY).then(|| "UTO".to_owned());
    let scope = Scope { formats: vec![format], issuer };
    IssuerKey { kid: Kid(kid.to_vec()), scope, ..trusted(key) }
}

fn base64(text: &str) -> Vec<u8> {
    URL_SAFE.decode(text).expect("base64url")
}

fn divoc_ed25519() -> PublicKey {
    PublicKey::Ed25519(Lazy::unread(&base64(&format!("{}=", keys::EXAMPLE_ED25519))))
}

fn divoc_rsa() -> PublicKey {
    PublicKey::rsa(&base64(&format!("{}==", keys::INDIA)), &[1, 0, 1])
}

fn seal_id() -> Vec<u8> {
    Sha256::digest(base64(certificates::BY_P384))[..8].to_vec()
}

/// A proof of vaccination with the certificate that the tests have.
fn seal(key: &p256::ecdsa::SigningKey) -> String {
    let data = r#"{"hdr":{"is":"UTO","t":"icao.vacc","v":1},"msg":{"pid":{"dob":"1990-01-02","n":"SMITH  BILL"},"uvci":"U32870","ve":[{"des":"XM0GQ8","dis":"RA01.0","nam":"Comirnaty","vd":[{"ctr":"AUS","dvc":"2021-03-03","seq":1},{"ctr":"AUS","dvc":"2021-04-03","seq":2}]}]}}"#;
    let signature: p256::ecdsa::Signature = key.sign(data.as_bytes());
    let value = URL_SAFE.encode(signature.to_bytes());
    format!(
        r#"{{"data":{data},"sig":{{"alg":"ES256","cer":"{}","sigvl":"{value}"}}}}"#,
        certificates::BY_P384
    )
}

/// `HC1:` text of a vaccination that is good at [`NOW`].
fn text(alg: i64, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let dcc = cbor!({
        "ver" => "1.3.0", "dob" => "1964-08-12",
        "nam" => { "fn" => "Mustermann", "gn" => "Erika", "fnt" => "MUSTERMANN", "gnt" => "ERIKA" },
        "v" => [{
            "tg" => "840539006", "vp" => "1119349007", "mp" => "EU/1/20/1528", "ma" => "ORG-100030215",
            "dn" => 2, "sd" => 2, "dt" => "2022-01-29", "co" => "DE", "is" => "Robert Koch-Institut",
            "ci" => "URN:UVCI:01DE/IZ12345A/5CWLU12RNOB9RXSEOP6FG8#W"
        }]
    });
    let map = |entries: Vec<(i64, Cbor)>| {
        Cbor::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    };
    let hcert = map(vec![(1, dcc.expect("a map"))]);
    let claims = map(vec![(1, "DE".into()), (4, (NOW + 1).into()), (6, (NOW - 1).into()), (-260, hcert)]);
    let protected = encode(&map(vec![(1, alg.into()), (4, Cbor::Bytes(b"12345678".to_vec()))]));
    let [protected, payload, empty] = [protected, encode(&claims), vec![]].map(Cbor::Bytes);
    let signed = ["Signature1".into(), protected.clone(), empty, payload.clone()];
    let signature = Cbor::Bytes(sign(&encode(&Cbor::Array(signed.into()))));
    let message = Cbor::Array(vec![protected, Cbor::Map(vec![]), payload, signature]);
    let mut zlib = flate2::write::ZlibEncoder::new(vec![], flate2::Compression::best());
    zlib.write_all(&encode(&Cbor::Tag(18, Box::new(message)))).expect("memory");
    format!("HC1:{}", base45::encode(zlib.finish().expect("memory")))
}

fn encode(value: &Cbor) -> Vec<u8> {
    let mut bytes = vec![];
    ciborium::into_writer(value, &mut bytes).expect("memory");
    bytes
}
