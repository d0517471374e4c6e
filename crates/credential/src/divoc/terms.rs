//! What the words of a credential mean: the contexts that DIVOC uses, worked out for the places in which they stand.
//!
//! `vac:` stays as it is: the context defines it as a term, but JSON-LD 1.1 takes only such for a prefix as end like
//! one (§9.15.1), which `…/vaccination/v1` does not. So both versions, and the copies of other countries, give the
//! same graph but for what version 2 adds.

/// A word of JSON and what it stands for in the graph.
pub(super) enum Term {
    /// A text, number or truth value.
    Plain(&'static str),
    /// A text of type `xsd:dateTime`.
    Time(&'static str),
    /// An IRI.
    Iri(&'static str),
    /// An IRI that is written as a word of the context, and that word's meaning.
    Word(&'static str, &'static str, &'static str),
    /// An object, or a list of one.
    Node(&'static str, &'static Scope),
}

/// The words that mean something within an object.
pub(super) struct Scope {
    /// The words of `type`, all of which must be there and no other.
    pub(super) types: &'static [(&'static str, &'static str)],
    /// Whether the object can have an `id`.
    pub(super) named: bool,
    pub(super) terms: &'static [(&'static str, Term)],
}

/// Verifiable Credentials 1.0 §4.1.
pub(super) const CREDENTIALS_V1: &str = "https://www.w3.org/2018/credentials/v1";

/// Where DIVOC's vaccination context is published, or said to be.
pub(super) const CONTEXTS: &[&str] = &[
    "https://cowin.gov.in/credentials/vaccination/v1",
    "https://cowin.gov.in/credentials/vaccination/v2",
    "https://divoc.dev/credentials/vaccination/v1",
    "https://divoc.dev/credentials/vaccination/v2",
];

/// The credential itself.
pub(super) const CREDENTIAL: Scope = Scope {
    types: &[
        ("VerifiableCredential", "https://www.w3.org/2018/credentials#VerifiableCredential"),
        ("ProofOfVaccinationCredential", "https://schema.org/ProofOfVaccinationCredential"),
    ],
    named: true,
    terms: &[
        ("credentialSubject", Term::Node("https://www.w3.org/2018/credentials#credentialSubject", &PERSON)),
        ("issuer", Term::Iri("https://www.w3.org/2018/credentials#issuer")),
        ("issuanceDate", Term::Time("https://www.w3.org/2018/credentials#issuanceDate")),
        ("expirationDate", Term::Time("https://www.w3.org/2018/credentials#expirationDate")),
        ("evidence", Term::Node("https://www.w3.org/2018/credentials#evidence", &VACCINATION)),
        ("nonTransferable", Term::Plain("vac:nonTransferable")),
    ],
};

const PERSON: Scope = Scope {
    types: &[("Person", "https://schema.org/Person")],
    named: true,
    terms: &[
        ("refId", Term::Plain("https://schema.org/id")),
        ("uhid", Term::Plain("https://schema.org/id")),
        ("name", Term::Plain("https://schema.org/name")),
        ("age", Term::Plain("https://schema.org/Number")),
        ("dob", Term::Plain("https://schema.org/date")),
        ("gender", Term::Plain("https://schema.org/gender")),
        ("sex", Term::Plain("https://schema.org/gender")),
        ("nationality", Term::Plain("https://schema.org/nationality")),
        ("address", Term::Node("https://schema.org/PostalAddress", &ADDRESS)),
    ],
};

const ADDRESS: Scope = Scope {
    types: &[],
    named: false,
    terms: &[
        ("streetAddress", Term::Plain("https://schema.org/streetAddress")),
        ("streetAddress2", Term::Plain("vac:addressLine2")),
        ("city", Term::Plain("vac:city")),
        ("district", Term::Plain("vac:district")),
        ("addressRegion", Term::Plain("https://schema.org/addressRegion")),
        ("postalCode", Term::Plain("https://schema.org/postalCode")),
        ("addressCountry", Term::Plain("https://schema.org/addressCountry")),
    ],
};

const VACCINATION: Scope = Scope {
    types: &[("Vaccination", "vac:Vaccination")],
    named: true,
    terms: &[
        ("certificateId", Term::Plain("https://schema.org/id")),
        ("feedbackUrl", Term::Plain("https://schema.org/url")),
        ("infoUrl", Term::Plain("https://schema.org/url")),
        ("batch", Term::Plain("https://schema.org/id")),
        ("vaccine", Term::Plain("https://schema.org/id")),
        ("manufacturer", Term::Plain("https://schema.org/id")),
        ("date", Term::Plain("https://schema.org/date")),
        ("icd11Code", Term::Plain("https://schema.org/id")),
        ("prophylaxis", Term::Plain("https://schema.org/name")),
        ("effectiveStart", Term::Plain("https://schema.org/date")),
        ("effectiveUntil", Term::Plain("https://schema.org/date")),
        ("dose", Term::Plain("https://schema.org/doseValue")),
        ("totalDoses", Term::Plain("https://schema.org/doseValue")),
        ("verifier", Term::Node("vac:verifier", &VERIFIER)),
        ("facility", Term::Node("vac:Facility", &FACILITY)),
    ],
};

const VERIFIER: Scope = Scope {
    types: &[],
    named: false,
    terms: &[
        ("id", Term::Plain("https://schema.org/id")),
        ("name", Term::Plain("https://schema.org/name")),
        ("sign-image", Term::Plain("https://schema.org/image")),
    ],
};

const FACILITY: Scope = Scope {
    types: &[],
    named: false,
    terms: &[
        ("name", Term::Plain("https://schema.org/name")),
        ("address", Term::Node("https://schema.org/PostalAddress", &ADDRESS)),
        ("seal-image", Term::Plain("https://schema.org/image")),
    ],
};

/// A proof's options (Linked Data Security vocabulary, version 2), without its signature.
pub(super) const PROOF: Scope = Scope {
    types: &[],
    named: false,
    terms: &[
        ("created", Term::Time("http://purl.org/dc/terms/created")),
        ("verificationMethod", Term::Iri("https://w3id.org/security#verificationMethod")),
        (
            "proofPurpose",
            Term::Word(
                "https://w3id.org/security#proofPurpose",
                "assertionMethod",
                "https://w3id.org/security#assertionMethod",
            ),
        ),
        ("type", Term::Word(TYPE, "RsaSignature2018", "https://w3id.org/security#RsaSignature2018")),
        ("type", Term::Word(TYPE, "Ed25519Signature2018", "https://w3id.org/security#Ed25519Signature2018")),
    ],
};

/// `rdf:type`.
pub(super) const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
