//! The certificate in a seal (RFC 5280; ICAO Doc 9303-12): read, and held to whoever certified it.

use x509_cert::TbsCertificate;
use x509_cert::der::asn1::{Any, AnyRef, BitString, ObjectIdentifier};
use x509_cert::der::{Decode, Reader, SliceReader, Tag, Tagged};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::AuthorityKeyIdentifier;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use super::scheme::Scheme;
use crate::key::{PublicKey, Validity};
use crate::refusal::Refusal;

const ID_EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ID_P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");

const ID_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const ID_BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
const ID_AUTHORITY_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");
const ID_EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
/// Which documents a signer may sign (Doc 9303-12).
const ID_DOCUMENT_TYPES: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.136.1.1.6.2");
/// The extended key usage of signers of such seals. Authorities certify those of passports, too.
const ID_SEAL_SIGNER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.136.1.1.14.2");

/// `digitalSignature`, the first bit of a key usage (RFC 5280 §4.2.1.3).
const DIGITAL_SIGNATURE: u8 = 0x80;

/// A certificate that nobody has vouched for yet.
pub(super) struct Certificate {
    /// What is certified, to the byte.
    signed: Vec<u8>,
    algorithm: AlgorithmIdentifierOwned,
    signature: Vec<u8>,
    /// The authority's key identifier; empty where it names none.
    authority: Vec<u8>,
    /// Whose it is, or why it is no signer's: worth a look once the authority is known.
    signer: Result<Signer, Refusal>,
}

/// Whom it certifies, and for what.
#[derive(Clone)]
pub(super) struct Signer {
    pub(super) key: PublicKey,
    pub(super) validity: Validity,
    signs_seals: bool,
    /// `None` where it names none: then all.
    documents: Option<Vec<String>>,
}

impl Certificate {
    pub(super) fn parse(der: &[u8]) -> Result<Self, Refusal> {
        parts(der)
            .map_err(|_| broken("not well-formed DER"))
            .and_then(|(signed, algorithm, signature)| read(signed, algorithm, signature))
    }

    pub(super) fn authority(&self) -> &[u8] {
        &self.authority
    }

    pub(super) fn signer(&self) -> Result<&Signer, Refusal> {
        self.signer.as_ref().map_err(Clone::clone)
    }

    /// How it is signed; refused where nobody here can check that.
    pub(super) fn scheme(&self) -> Result<Scheme, Refusal> {
        let alg = || self.algorithm.oid.to_string();
        Scheme::of(&self.algorithm).ok_or_else(|| Refusal::AlgorithmNotSupported { alg: alg() })
    }

    /// Whether this key certified it in this way.
    pub(super) fn is_signed_by(&self, key: &PublicKey, scheme: Scheme) -> bool {
        scheme.holds(key, &self.signed, &self.signature)
    }
}

impl Signer {
    /// Whether it is one for seals on documents of this type (`NV`, `NT`).
    pub(super) fn may_sign(&self, document: &str) -> bool {
        self.signs_seals && self.is_for(document)
    }

    /// Whether documents of this type are among those that it names, where it names any.
    pub(super) fn is_for(&self, document: &str) -> bool {
        let named = |documents: &Vec<String>| documents.iter().any(|other| other == document);
        self.documents.as_ref().is_none_or(named)
    }
}

type Parts<'d> = (&'d [u8], AlgorithmIdentifierOwned, BitString);

/// The three parts of a certificate; the first as its bytes are, since those are what is signed.
fn parts(der: &[u8]) -> x509_cert::der::Result<Parts<'_>> {
    let mut reader = SliceReader::new(der)?;
    let parts = reader.sequence(|inner| {
        Ok::<_, x509_cert::der::Error>((inner.tlv_bytes()?, inner.decode()?, inner.decode()?))
    })?;
    reader.finish()?;
    Ok(parts)
}

fn read(
    signed: &[u8],
    algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
) -> Result<Certificate, Refusal> {
    let body = TbsCertificate::from_der(signed).map_err(|_| broken("its body is not well-formed"))?;
    if *body.signature() != algorithm {
        return Err(broken("it names two algorithms"));
    }
    Ok(Certificate {
        signed: signed.to_vec(),
        algorithm,
        signature: signature.as_bytes().ok_or_else(|| broken("its signature"))?.to_vec(),
        authority: authority(&body)?,
        signer: signer(&body),
    })
}

fn extensions(body: &TbsCertificate) -> &[Extension] {
    body.extensions().map_or(&[][..], Vec::as_slice)
}

fn authority(body: &TbsCertificate) -> Result<Vec<u8>, Refusal> {
    let named = extensions(body).iter().find(|extension| extension.extn_id == ID_AUTHORITY_KEY);
    let Some(named) = named else { return Ok(vec![]) };
    let named = AuthorityKeyIdentifier::from_der(named.extn_value.as_bytes());
    let named = named.map_err(|_| broken("its authority"))?;
    Ok(named.key_identifier.map(|id| id.as_bytes().to_vec()).unwrap_or_default())
}

fn signer(body: &TbsCertificate) -> Result<Signer, Refusal> {
    let seconds =
        |time: std::time::Duration| i64::try_from(time.as_secs()).map_err(|_| broken("its validity"));
    let mut signer = Signer {
        key: key(body.subject_public_key_info())?,
        validity: Validity {
            not_before: seconds(body.validity().not_before.to_unix_duration())?,
            not_after: seconds(body.validity().not_after.to_unix_duration())?,
        },
        signs_seals: false,
        documents: None,
    };
    for extension in extensions(body) {
        let (id, value) = (extension.extn_id, extension.extn_value.as_bytes());
        signer.take(id, value, extension.critical)?;
    }
    Ok(signer)
}

impl Signer {
    /// Real signers lack a key usage and basic constraints (Australia) or have extensions that nobody needs (Japan):
    /// what is there must be right, and only the extended key usage must be there.
    fn take(&mut self, id: ObjectIdentifier, value: &[u8], critical: bool) -> Result<(), Refusal> {
        match id {
            ID_KEY_USAGE => {
                let usage = BitString::from_der(value).map_err(|_| broken("its key usage"))?;
                if usage.raw_bytes().first().is_none_or(|bits| bits & DIGITAL_SIGNATURE == 0) {
                    return Err(broken("not for signing"));
                }
            }
            ID_EXTENDED_KEY_USAGE => {
                let usages = Vec::<ObjectIdentifier>::from_der(value).map_err(|_| broken("its usages"))?;
                self.signs_seals = usages.contains(&ID_SEAL_SIGNER);
            }
            ID_DOCUMENT_TYPES => {
                let types = document_types(value).map_err(|_| broken("its document types"))?;
                self.documents = Some(types);
            }
            ID_AUTHORITY_KEY | ID_BASIC_CONSTRAINTS => {}
            _ if critical => return Err(broken("an extension that must be understood, and is not")),
            _ => {}
        }
        Ok(())
    }
}

/// `SEQUENCE { version INTEGER, types SET OF PrintableString }`.
fn document_types(der: &[u8]) -> x509_cert::der::Result<Vec<String>> {
    let fields = Vec::<Any>::from_der(der)?;
    let set = fields.get(1).filter(|set| set.tag() == Tag::Set).map_or(&[][..], Any::value);
    let mut reader = SliceReader::new(set)?;
    let mut types = vec![];
    while !reader.is_finished() {
        let name: AnyRef<'_> = reader.decode()?;
        types.push(String::from_utf8_lossy(name.value()).into_owned());
    }
    Ok(types)
}

/// ES256 is on P-256.
fn key(info: &SubjectPublicKeyInfoOwned) -> Result<PublicKey, Refusal> {
    let curve =
        info.algorithm.parameters.as_ref().and_then(|curve| curve.decode_as::<ObjectIdentifier>().ok());
    let bits = info.subject_public_key.as_bytes();
    if info.algorithm.oid != ID_EC_PUBLIC_KEY || curve != Some(ID_P256) {
        return Err(broken("its key is not on P-256"));
    }
    let point = bits.and_then(|bits| p256::ecdsa::VerifyingKey::from_sec1_bytes(bits).ok());
    point.map(|key| PublicKey::P256(key.into())).ok_or_else(|| broken("its key"))
}

fn broken(fault: &'static str) -> Refusal {
    Refusal::BrokenCertificate { fault }
}
