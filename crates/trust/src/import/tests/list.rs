//! Lists of certificates, and DID documents.

use serde_json::json;

use super::*;

fn entry(kind: Option<&str>) -> serde_json::Value {
    let der = Made::default().der();
    let mut entry = json!({
        "kid": STANDARD.encode(&Sha256::digest(&der)[..8]),
        "rawData": STANDARD.encode(&der),
        "country": "DE",
        "thumbprint": "…",
        "timestamp": "2021-06-01T00:00:00+02:00",
    });
    if let Some(kind) = kind {
        entry["certificateType"] = json!(kind);
    }
    entry
}

#[test]
fn a_list_of_certificates_is_read_in_both_of_its_forms() {
    let expected = IssuerKey { country: Some("DE".into()), ..certificate(&Made::default().der()).unwrap() };
    for list in [json!({"certificates": [entry(None)]}), json!([entry(Some("DSC")), entry(Some("CSCA"))])] {
        let read = trust_list(&list.to_string()).unwrap();
        assert_eq!((&read.keys, read.left_out.is_empty()), (&vec![expected.clone()], true), "{list}");
    }
    assert_eq!(trust_list("[]").unwrap(), Jwks::default());
}

#[test]
fn the_kid_of_a_list_is_the_one_that_passes_carry() {
    let mut other = entry(None);
    other["kid"] = json!("AQID");
    assert_eq!(trust_list(&json!([other]).to_string()).unwrap().keys[0].kid.0, [1, 2, 3]);
    other.as_object_mut().unwrap().remove("kid");
    let own = certificate(&Made::default().der()).unwrap().kid;
    assert_eq!(trust_list(&json!([other]).to_string()).unwrap().keys[0].kid, own);
}

#[test]
fn broken_entries_are_left_out_and_the_others_hold() {
    let mut broken = entry(None);
    broken["rawData"] = json!("AAAA");
    let read = trust_list(&json!([broken, entry(None), {"rawData": "!"}, 7]).to_string()).unwrap();
    assert_eq!((read.keys.len(), read.left_out.len()), (1, 3), "{:?}", read.left_out);
    assert!(read.left_out[0].starts_with("key 0: not an X.509"), "{:?}", read.left_out);
    let told = |json: &str| trust_list(json).unwrap_err().to_string();
    assert!(told(&json!([broken]).to_string()).contains("no usable key"));
    for json in ["", "{}", "7", r#"{"certificates": 1}"#, r#"[{"kid": "AQID"}]"#, &"[".repeat(100_000)] {
        assert!(told(json).contains("not a list of keys"), "{json:.20}");
    }
}

#[test]
fn a_did_document_gives_its_keys_under_the_ids_behind_the_hash() {
    let x = URL_SAFE_NO_PAD.encode(ed25519_dalek::SigningKey::from_bytes(&ED25519_SEED).verifying_key());
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": x});
    let document = json!({
        "id": "did:web:authority.example",
        "verificationMethod": [
            {"id": "did:web:authority.example#AQID", "type": "JsonWebKey2020", "publicKeyJwk": jwk},
            "did:web:another.example#1",
            {"id": "#2"},
            {"id": "did:web:ministry.example#1", "publicKeyJwk": jwk},
        ],
    });
    let read = did(&document.to_string()).unwrap();
    assert!(read.keys.iter().any(|key| key.kid.0 == [1, 2, 3]), "{:?}", read.keys);
    let scope =
        Scope { formats: vec![Format::NzCovidPass], issuer: Some("did:web:authority.example".into()) };
    assert!(read.keys.iter().all(|key| key.scope == scope), "{:?}", read.keys);
    assert_eq!(read.left_out.len(), 3);
    assert!(read.left_out[0].contains("only refers to"), "{:?}", read.left_out);
    // Whoever publishes a document speaks for its own DID and no other.
    assert!(read.left_out[2].contains("key of did:web:ministry.example"), "{:?}", read.left_out);
    let mut nameless = document.clone();
    nameless.as_object_mut().unwrap().remove("id");
    assert!(did(&nameless.to_string()).unwrap_err().to_string().contains("`id`"));
    assert!(did("{}").unwrap_err().to_string().contains("verificationMethod"));
}
