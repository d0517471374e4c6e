use ciborium::{Value, cbor};

use crate::key::{KeySet, PublicKey, Scope};
use crate::testing::{KID, Message, claims_with, ed25519, judged, judged_by, trusted};
use crate::{Format, IssuerKey, Kind};

fn person() -> Value {
    let name = cbor!({ "fn" => "Müller", "gn" => "Céline", "fnt" => "MUELLER", "gnt" => "CELINE" }).unwrap();
    cbor!({ "ver" => "1.0.0", "nam" => name, "dob" => "1943-02-01" }).unwrap()
}

/// A text of these claims in the place of the DCC.
fn light(claim: i64, value: Value) -> String {
    let mut claims = claims_with(-260, None);
    claims.push((claim.into(), value));
    Message::eddsa().claims(claims).text().replacen("HC1:", "LT1:", 1)
}

#[test]
fn a_light_certificate_says_who_may_pass_and_not_why() {
    let verdict = judged(&light(-250, person()));
    assert_eq!(verdict.reason(), "accepted", "{:?}", verdict.evidence());
    let pass = verdict.pass().unwrap();
    assert_eq!(
        (pass.format, pass.kind, pass.issuer.as_deref()),
        (Format::SwissLight, Kind::HealthPass, Some("DE"))
    );
    assert_eq!(
        (pass.holder.family_name.as_str(), pass.holder.date_of_birth.as_str()),
        ("Müller", "1943-02-01")
    );
    assert_eq!(pass.claims.to_json()["nam"]["gnt"], "CELINE");
    assert!(pass.claims.dcc().is_none());
}

#[test]
fn certificates_without_an_identifier_are_told_apart_by_their_signatures() {
    let id = |text: &str| judged(text).pass().unwrap().id.clone();
    let mut other = person();
    other.as_map_mut().unwrap()[2].1 = "1943-02-02".into();
    let (one, other) = (light(-250, person()), light(-250, other));
    assert_eq!((id(&one).len(), id(&one)), (43, id(&one)));
    assert_ne!(id(&one), id(&other));
}

/// Neither prefix makes the other's claims of it.
#[test]
fn what_is_no_light_certificate_is_refused() {
    let table = [
        (Message::eddsa().text().replacen("HC1:", "LT1:", 1), "claim_missing"),
        (light(-250, person()).replacen("LT1:", "HC1:", 1), "claim_missing"),
        (light(-250, "CH".into()), "claim_invalid"),
        (light(-250, cbor!({ "ver" => "1.0.0", "dob" => "1943-02-01" }).unwrap()), "schema_violation"),
        ("LT1:".to_owned(), "not_compressed"),
        ("LT1:V5".to_owned(), "not_base45"),
    ];
    for (text, reason) in table {
        assert_eq!(judged(&text).reason(), reason, "{text}");
    }
}

#[test]
fn a_key_of_another_format_does_not_verify_it() {
    let key = |formats: &[Format]| IssuerKey {
        scope: Scope { formats: formats.to_vec(), issuer: None },
        ..trusted(KID, PublicKey::Ed25519(ed25519().verifying_key().into()))
    };
    for (formats, reason) in [
        (&[][..], "unknown_key"),
        (&[Format::SwissLight], "accepted"),
        (&[Format::Dcc, Format::SwissLight], "accepted"),
        (&[Format::Dcc], "unknown_key"),
    ] {
        let verdict = judged_by(&light(-250, person()), &KeySet::new(vec![key(formats)]));
        assert_eq!(verdict.reason(), reason, "{formats:?}");
    }
}

#[test]
fn no_character_can_be_another() {
    let keys = crate::testing::ed25519_keys();
    crate::testing::no_change_is_accepted(&light(-250, person()), "0Z$: a", &keys);
}
