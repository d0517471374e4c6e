use serde_json::json;

use super::*;
use crate::divoc::terms::{CREDENTIAL, PROOF};

fn graph(value: Value, scope: &Scope) -> Result<String, Refusal> {
    canonical(value.as_object().unwrap(), scope)
}

fn credential(subject: Value, evidence: Value) -> Value {
    json!({
        "type": ["VerifiableCredential", "ProofOfVaccinationCredential"],
        "credentialSubject": subject, "evidence": [evidence],
        "issuer": "https://divoc.dev/", "issuanceDate": "2021-01-15T17:21:13Z", "nonTransferable": "true"
    })
}

/// Written by hand.
#[test]
fn a_proofs_options_are_four_statements() {
    let options = json!({
        "type": "RsaSignature2018", "created": "2021-03-03T04:28:46Z", "verificationMethod": "did:india",
        "proofPurpose": "assertionMethod"
    });
    let expected = "\
_:c14n0 <http://purl.org/dc/terms/created> \"2021-03-03T04:28:46Z\"^^<http://www.w3.org/2001/XMLSchema#dateTime> .
_:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/security#RsaSignature2018> .
_:c14n0 <https://w3id.org/security#proofPurpose> <https://w3id.org/security#assertionMethod> .
_:c14n0 <https://w3id.org/security#verificationMethod> <did:india> .
";
    assert_eq!(graph(options, &PROOF).as_deref(), Ok(expected));
}

/// Written by hand: what is said twice is said once, and numbers and texts are told apart.
#[test]
fn an_objects_statements_are_a_set_of_typed_values() {
    let evidence = json!({
        "type": ["Vaccination"], "id": "https://divoc.dev/vaccine/1", "dose": 2, "totalDoses": 2, "batch": "2",
        "vaccine": "a\"b\\c\n\r\té", "prophylaxis": null
    });
    let text =
        graph(credential(json!({ "type": "Person", "id": "did:a b:c" }), evidence), &CREDENTIAL).unwrap();
    let said: Vec<&str> =
        text.lines().filter(|line| line.starts_with("<https://divoc.dev/vaccine/1>")).collect();
    let expected = [
        "<https://divoc.dev/vaccine/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <vac:Vaccination> .",
        "<https://divoc.dev/vaccine/1> <https://schema.org/doseValue> \"2\"^^<http://www.w3.org/2001/XMLSchema#integer> .",
        "<https://divoc.dev/vaccine/1> <https://schema.org/id> \"2\" .",
        "<https://divoc.dev/vaccine/1> <https://schema.org/id> \"a\\\"b\\\\c\\n\\r\té\" .",
    ];
    assert_eq!(said, expected);
    assert!(text.contains("_:c14n0 <https://www.w3.org/2018/credentials#credentialSubject> <did:a b:c> .\n"));
}

/// The order of members and the numbering of nodes come from what is said, not from how it is written.
#[test]
fn nodes_without_an_iri_are_numbered_by_what_is_said_of_them() {
    let person = |street: &str| json!({ "type": "Person", "id": "did:a:b", "address": { "city": street } });
    let evidence = |street: &str| json!({ "type": "Vaccination", "facility": { "name": "F", "address": { "city": street } } });
    let one = graph(credential(person("A"), evidence("B")), &CREDENTIAL).unwrap();
    let other = graph(credential(person("B"), evidence("A")), &CREDENTIAL).unwrap();
    assert_ne!(one, other);
    // The same place twice is told apart by whose it is.
    assert!(graph(credential(person("A"), evidence("A")), &CREDENTIAL).is_ok());
}

#[test]
fn nodes_that_nothing_tells_apart_are_refused() {
    let person = json!({ "type": "Person", "address": { "city": "A" } });
    let evidence = json!({ "type": "Vaccination", "facility": { "address": { "city": "A" } } });
    let refused = graph(credential(person, evidence), &CREDENTIAL);
    assert!(matches!(
        refused,
        Err(Refusal::SchemaViolation { fault: "two objects that nothing tells apart", .. })
    ));
}

/// Whoever can write into an IRI could write whole statements there.
#[test]
fn nothing_gets_out_of_an_iri() {
    for id in [
        "did:x> <https://schema.org/name> \"Eve\" .\n<did:x",
        "did:x\n",
        "did:x\\u003e",
        "did:x\"",
        "did:x\u{7f}",
        "did:",
        "javascript:x",
        "_:b0",
        "",
    ] {
        let person = json!({ "type": "Person", "id": id });
        let refused = graph(credential(person, json!({ "type": "Vaccination" })), &CREDENTIAL);
        assert!(matches!(refused, Err(Refusal::SchemaViolation { .. })), "{id}");
    }
}

#[test]
fn other_ways_to_write_a_graph_are_refused() {
    let person = json!({ "type": "Person", "id": "did:a:b" });
    let evidence = json!({ "type": "Vaccination", "id": "https://divoc.dev/1" });
    let with = |name: &str, value: Value| {
        let mut changed = credential(person.clone(), evidence.clone());
        changed[name] = value;
        graph(changed, &CREDENTIAL)
    };
    assert!(with("nonTransferable", json!("true")).is_ok());
    for (name, value) in [
        ("nonTransferable", json!(["true"])),
        ("nonTransferable", json!({ "@value": "true" })),
        ("nonTransferable", json!(1.5)),
        ("nonTransferable", json!(9_007_199_254_740_992_u64)),
        ("issuer", json!({ "id": "https://divoc.dev/" })),
        ("issuer", json!("divoc")),
        ("issuanceDate", json!(2021)),
        ("credentialSubject", json!("did:a:b")),
        ("type", json!("VerifiableCredential")),
        ("type", json!(["VerifiableCredential", "ProofOfVaccinationCredential", "Person"])),
        ("type", json!(["VerifiableCredential", "https://schema.org/ProofOfVaccinationCredential"])),
        ("evidence", json!([{ "type": "Vaccination", "id": "did:a:b" }])), // that of the person
        ("evidence", json!([{ "type": "Person" }])),
        ("evidence", json!([{ "type": ["Vaccination", 5] }])),
        ("evidence", json!([[evidence.clone()]])),
        ("@graph", json!([])),
        ("evidence", json!([])),
        ("evidence", json!([evidence.clone(), evidence.clone()])),
    ] {
        let refused = with(name, value.clone());
        let expected =
            matches!(refused, Err(Refusal::SchemaViolation { .. } | Refusal::NotOneCertificate { .. }));
        assert!(expected, "{name}: {value}: {refused:?}");
    }
}
