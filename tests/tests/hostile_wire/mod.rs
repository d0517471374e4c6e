//! A demo authority with fixed keys, one good pass of its own, and the layers of a pass taken apart.
#![allow(dead_code)] // each test binary uses its part

use std::io::{Read as _, Write as _};

use credential::{Context, InForce, KeySet, NothingRevoked, Verdict, judge_text};
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use issuer::{Algorithm, Authority, BirthDate, Facts, Record, Vaccination};
use time::macros::date;

/// 2026-11-20T00:00:00Z.
pub const NOW: i64 = 1_795_132_800;

pub fn authority(algorithm: Algorithm) -> Authority {
    Authority::generate("Test Authority", "RU", algorithm, [7; 32], true, "https://passes.example/status/1")
        .unwrap()
}

/// A pass that is good at [`NOW`].
pub fn pass(authority: &Authority) -> String {
    let dose = Vaccination::sputnik_v(2, 2, date!(2026 - 11 - 01));
    let born = BirthDate::parse("1984-03-17").unwrap();
    let record = Record::new("Щербакова", "Юлия Сергеевна", born, Facts::Vaccination(dose));
    authority.issue(&record, 412, NOW - 1000).unwrap()
}

pub fn judged(text: &str, authority: &Authority) -> Verdict {
    let keys = KeySet::new(vec![authority.issuer_key()]);
    judge_text(text, Context { keys: &keys, revocation: &NothingRevoked, policy: InForce::Nothing }, NOW)
}

/// The zlib stream of a text.
pub fn stream(text: &str) -> Vec<u8> {
    base45::decode(text.strip_prefix("HC1:").unwrap()).unwrap()
}

pub fn of_stream(stream: &[u8]) -> String {
    format!("HC1:{}", base45::encode(stream))
}

/// The COSE message of a text.
pub fn message(text: &str) -> Vec<u8> {
    let mut message = vec![];
    ZlibDecoder::new(stream(text).as_slice()).read_to_end(&mut message).unwrap();
    message
}

pub fn of_message(message: &[u8]) -> String {
    let mut encoder = ZlibEncoder::new(vec![], Compression::best());
    encoder.write_all(message).unwrap();
    of_stream(&encoder.finish().unwrap())
}

/// A CBOR byte string.
pub fn byte_string(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap().to_be_bytes();
    [&[0x5a], &length[..], bytes].concat()
}

/// A COSE message of these parts, honestly signed: what an authority could be made to sign.
/// `alg` is a CBOR number; the key id is the authority's.
pub fn signed(authority: &Authority, alg: &[u8], payload: &[u8]) -> String {
    let protected = [&[0xa2, 0x01], alg, &[0x04], &byte_string(&authority.kid().0)].concat();
    let to_be_signed =
        [b"\x84\x6aSignature1", &shortest(&protected)[..], &[0x40], &shortest(payload)].concat();
    let signature = authority.signing_key().sign(&to_be_signed);
    let parts = [byte_string(&protected), vec![0xa0], byte_string(payload), byte_string(&signature)];
    of_message(&[vec![0xd2, 0x84], parts.concat()].concat())
}

/// A CBOR byte string with its length in the fewest bytes, as it is signed.
fn shortest(bytes: &[u8]) -> Vec<u8> {
    let head = match bytes.len() {
        n @ 0..24 => vec![0x40 | n as u8],
        n @ 24..256 => vec![0x58, n as u8],
        n @ 256..65_536 => vec![0x59, (n >> 8) as u8, n as u8],
        n => [&[0x5a], &(n as u32).to_be_bytes()[..]].concat(),
    };
    [head, bytes.to_vec()].concat()
}
