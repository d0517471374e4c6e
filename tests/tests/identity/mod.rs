//! A Claim 169 with a photo, signed by a key of the test's own.

use ciborium::Value;
use credential::{Format, IssuerKey, Kid, PublicKey, Scope};
use ed25519_dalek::{Signer, SigningKey};
use flate2::{Compression, write::ZlibEncoder};
use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use std::io::Write;
use trust::KeySetDocument;

/// Width and height of the photo, in pixels.
pub const PHOTO_SIDE: u32 = 48;

const ISSUER: &str = "https://identity.example";
const KID: &[u8] = b"identity";
/// 2000-01-01 and 2096-10-02, in seconds since 1970.
const ISSUED: i64 = 946_684_800;
const EXPIRES: i64 = 4_000_000_000;

/// A set of the one key that signed it.
pub fn trusted() -> KeySetDocument {
    let scope = Scope { formats: vec![Format::Claim169], issuer: Some(ISSUER.to_owned()) };
    KeySetDocument::new(vec![IssuerKey {
        kid: Kid(KID.to_vec()),
        key: PublicKey::Ed25519(signing_key().verifying_key().into()),
        usages: Default::default(),
        scope,
        validity: None,
        revoked_from: None,
        issuer: "Identity office".to_owned(),
        country: None,
        demo: true,
    }])
}

/// What the code shows: base45, zlib, COSE_Sign1, CWT (mosip/id-claim-169).
pub fn text() -> String {
    let protected = encode(&Value::Map(vec![(1.into(), (-8).into()), (4.into(), bytes(KID))]));
    let content = encode(&claims());
    let signed: Vec<Value> = vec!["Signature1".into(), bytes(&protected), bytes(&[]), bytes(&content)];
    let signature = signing_key().sign(&encode(&Value::Array(signed))).to_bytes();
    let message = vec![bytes(&protected), Value::Map(vec![]), bytes(&content), bytes(&signature)];
    let mut zlib = ZlibEncoder::new(vec![], Compression::best());
    zlib.write_all(&encode(&Value::Array(message))).expect("into memory");
    base45::encode(zlib.finish().expect("into memory"))
}

fn signing_key() -> SigningKey {
    SigningKey::from_bytes(&[169; 32])
}

fn claims() -> Value {
    let identity: [(i64, Value); 5] = [
        (1, "ID-1".into()),
        (4, "Jane Doe".into()),
        (8, "19800102".into()),
        (16, bytes(&photo())),
        (17, 1.into()),
    ];
    let identity = Value::Map(identity.map(|(key, value)| (key.into(), value)).to_vec());
    let claims: [(i64, Value); 4] =
        [(1, ISSUER.into()), (4, EXPIRES.into()), (6, ISSUED.into()), (169, identity)];
    Value::Map(claims.map(|(key, value)| (key.into(), value)).to_vec())
}

/// A face, roughly, as JPEG.
fn photo() -> Vec<u8> {
    let within = |x: u32, y: u32, [left, top, radius]: [i64; 3]| {
        let (x, y) = (i64::from(x) - left, i64::from(y) - top);
        x * x + y * y <= radius * radius
    };
    let face = RgbImage::from_fn(PHOTO_SIDE, PHOTO_SIDE, |x, y| match () {
        () if within(x, y, [17, 20, 2]) || within(x, y, [31, 20, 2]) => Rgb([40, 40, 60]),
        () if within(x, y, [24, 24, 17]) => Rgb([224, 180, 150]),
        () => Rgb([120, 150, 190]),
    });
    let mut jpeg = vec![];
    JpegEncoder::new_with_quality(&mut jpeg, 60).encode_image(&face).expect("into memory");
    jpeg
}

fn bytes(bytes: &[u8]) -> Value {
    Value::Bytes(bytes.to_vec())
}

fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = vec![];
    ciborium::into_writer(value, &mut bytes).expect("into memory");
    bytes
}
