//! A signed pass damaged in every place of every layer: never accepted.

use credential::Outcome;
use issuer::{Algorithm, Authority};

mod hostile_wire;
use hostile_wire::{authority, judged, message, of_message, of_stream, pass, stream};

/// What base45 is written with, and a few characters that it is not.
const CHARACTERS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:azЖ\n\0";

fn authorities() -> [(Authority, String); 2] {
    [Algorithm::EdDsa, Algorithm::Es256].map(|algorithm| {
        let authority = authority(algorithm);
        let pass = pass(&authority);
        (authority, pass)
    })
}

#[track_caller]
fn never_accepted(text: &str, authority: &Authority, what: &str) {
    let verdict = judged(text, authority);
    assert_ne!(verdict.outcome(), Outcome::Accepted, "{what}");
}

/// Every copy of `bytes` with one bit turned over, and which bit that was.
fn flips(bytes: &[u8]) -> impl Iterator<Item = (usize, Vec<u8>)> + '_ {
    (0..bytes.len() * 8).map(|bit| {
        let mut flipped = bytes.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        (bit, flipped)
    })
}

#[test]
fn the_pass_itself_is_accepted_also_when_it_is_taken_apart_and_put_together() {
    for (authority, pass) in authorities() {
        for text in [pass.clone(), of_stream(&stream(&pass)), of_message(&message(&pass))] {
            assert_eq!(judged(&text, &authority).outcome(), Outcome::Accepted);
        }
    }
}

#[test]
fn no_character_of_the_text_can_be_another() {
    for (authority, pass) in authorities() {
        for (at, old) in pass.char_indices() {
            for new in CHARACTERS.chars().filter(|new| *new != old) {
                let text = format!("{}{new}{}", &pass[..at], &pass[at + 1..]);
                never_accepted(&text, &authority, &format!("{new:?} at {at}"));
            }
        }
    }
}

#[test]
fn no_character_of_the_text_can_be_missing_or_too_many() {
    for (authority, pass) in authorities() {
        for at in 0..pass.len() {
            let (before, after) = pass.split_at(at);
            never_accepted(&format!("{before}{}", &after[1..]), &authority, &format!("without {at}"));
            never_accepted(&format!("{before}A{after}"), &authority, &format!("an A at {at}"));
            never_accepted(before, &authority, &format!("cut off at {at}"));
        }
        never_accepted(&format!("{pass}{pass}"), &authority, "twice");
    }
}

#[test]
fn no_bit_of_the_stream_can_be_turned() {
    for (authority, pass) in authorities() {
        for (bit, stream) in flips(&stream(&pass)) {
            never_accepted(&of_stream(&stream), &authority, &format!("bit {bit} of the stream"));
        }
    }
}

#[test]
fn no_bit_of_the_message_can_be_turned() {
    for (authority, pass) in authorities() {
        for (bit, message) in flips(&message(&pass)) {
            never_accepted(&of_message(&message), &authority, &format!("bit {bit} of the message"));
        }
    }
}

#[test]
fn no_pass_is_accepted_under_another_authority() {
    let [(eddsa, eddsa_pass), (es256, es256_pass)] = authorities();
    never_accepted(&eddsa_pass, &es256, "EdDSA pass");
    never_accepted(&es256_pass, &eddsa, "ES256 pass");
}

/// Signatures of one pass under the claims of another.
#[test]
fn no_signature_can_be_carried_over() {
    for (authority, pass) in authorities() {
        let other = hostile_wire::signed(&authority, &[0x27], b"\xa0");
        let (message, other) = (message(&pass), message(&other));
        let (claims, _) = message.split_at(message.len() - 64);
        let (_, signature) = other.split_at(other.len() - 64);
        never_accepted(
            &of_message(&[claims, signature].concat()),
            &authority,
            "a signature of another payload",
        );
    }
}
