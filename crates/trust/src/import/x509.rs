//! X.509 certificates (RFC 5280), in DER and in PEM.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use credential::{IssuerKey, Kid, PublicKey, Usages, Validity};
use rsa::pkcs1::RsaPublicKeyRef;
use sha2::{Digest, Sha256};
use x509_cert::der::asn1::{Any, ObjectIdentifier};
use x509_cert::der::{Decode, Reader, SliceReader, Tag, Tagged};
use x509_cert::name::Name;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::{Certificate, TbsCertificate};

use super::{CERTIFICATE_MAX, FILE_MAX, ImportError, KEYS_MAX, bounded};
use crate::document::{ISSUER_MAX, is_country};
use crate::key::{self, KeyError};

const ID_ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const ID_EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ID_P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const ID_P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const ID_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const ID_RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const ID_EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");

const ID_COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const ID_COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
const ID_ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");

const TEST: [ObjectIdentifier; 2] = usage_ids("1.3.6.1.4.1.1847.2021.1.1", "1.3.6.1.4.1.0.1847.2021.1.1");
const VACCINATION: [ObjectIdentifier; 2] =
    usage_ids("1.3.6.1.4.1.1847.2021.1.2", "1.3.6.1.4.1.0.1847.2021.1.2");
const RECOVERY: [ObjectIdentifier; 2] = usage_ids("1.3.6.1.4.1.1847.2021.1.3", "1.3.6.1.4.1.0.1847.2021.1.3");

/// 2.23.136.1.1.14, encoded: visible digital seals of ICAO, another kind of document.
const ICAO_VDS_NC: &[u8] = &[0x67, 0x81, 0x08, 0x01, 0x01, 0x0e];

const fn usage_ids(registered: &str, variant: &str) -> [ObjectIdentifier; 2] {
    [ObjectIdentifier::new_unwrap(registered), ObjectIdentifier::new_unwrap(variant)]
}

pub(super) fn certificate(der: &[u8]) -> Result<IssuerKey, ImportError> {
    bounded("the certificate", der.len(), CERTIFICATE_MAX)?;
    let certificate = Certificate::from_der(der).map_err(broken)?;
    let body = certificate.tbs_certificate();
    Ok(IssuerKey {
        kid: Kid(Sha256::digest(der)[..8].to_vec()), // safe: a digest has 32 bytes
        key: public_key(body.subject_public_key_info())?,
        usages: usages(body)?,
        scope: Default::default(),
        validity: Some(validity(body)?),
        revoked_from: None,
        issuer: issuer(body.subject()),
        country: country(body.subject()),
        demo: false,
    })
}

pub(super) fn pem(text: &[u8]) -> Result<Vec<IssuerKey>, ImportError> {
    bounded("the PEM file", text.len(), FILE_MAX)?;
    let text = std::str::from_utf8(text).map_err(|_| ImportError::Pem("it is not text"))?;
    let mut keys = vec![];
    let mut rest = text;
    while let Some((_, block)) = rest.split_once("-----BEGIN CERTIFICATE-----") {
        let (body, after) =
            block.split_once("-----END CERTIFICATE-----").ok_or(ImportError::Pem("a block has no end"))?;
        bounded("the number of certificates", keys.len() + 1, KEYS_MAX)?;
        keys.push(certificate(&pem_body(body)?)?);
        rest = after;
    }
    if keys.is_empty() { Err(ImportError::Pem("no block found")) } else { Ok(keys) }
}

fn pem_body(body: &str) -> Result<Vec<u8>, ImportError> {
    let base64: String = body.split_ascii_whitespace().collect();
    bounded("a certificate", base64.len() / 4 * 3, CERTIFICATE_MAX)?;
    STANDARD.decode(base64).map_err(|_| ImportError::Pem("a block is not base64"))
}

fn public_key(info: &SubjectPublicKeyInfoOwned) -> Result<PublicKey, ImportError> {
    let bits = info.subject_public_key.as_bytes().ok_or(KeyError::Broken("certificate's"))?;
    let algorithm = &info.algorithm;
    Ok(match algorithm.oid {
        ID_ED25519 => key::ed25519(bits)?,
        ID_EC_PUBLIC_KEY => match curve(algorithm.parameters.as_ref()) {
            Some(ID_P256) => key::p256(bits)?,
            Some(ID_P384) => key::p384(bits)?,
            _ => return Err(KeyError::Unsupported("EC on another curve".into()).into()),
        },
        ID_RSA | ID_RSA_PSS => {
            let key = RsaPublicKeyRef::from_der(bits).map_err(|_| KeyError::Broken("RSA"))?;
            key::rsa(key.modulus.as_bytes(), key.public_exponent.as_bytes())?
        }
        other => return Err(KeyError::Unsupported(format!("algorithm {other}")).into()),
    })
}

fn curve(parameters: Option<&Any>) -> Option<ObjectIdentifier> {
    parameters?.decode_as().ok()
}

fn validity(body: &TbsCertificate) -> Result<Validity, ImportError> {
    let seconds =
        |duration: std::time::Duration| i64::try_from(duration.as_secs()).map_err(|_| broken("validity"));
    let validity = Validity {
        not_before: seconds(body.validity().not_before.to_unix_duration())?,
        not_after: seconds(body.validity().not_after.to_unix_duration())?,
    };
    if validity.not_after < validity.not_before {
        return Err(broken("it ends before it begins"));
    }
    Ok(validity)
}

/// The extended key usages (RFC 5280 §4.2.1.12) that name kinds of health certificate.
/// They are compared as bytes: real certificates carry identifiers that no strict
/// parser takes (`0.`), and those mean nothing here anyway.
fn usages(body: &TbsCertificate) -> Result<Usages, ImportError> {
    let mut usages = Usages::default();
    let extensions = body.extensions().map_or(&[][..], Vec::as_slice);
    for extension in extensions.iter().filter(|extension| extension.extn_id == ID_EXTENDED_KEY_USAGE) {
        for id in oids(extension.extn_value.as_bytes()).map_err(broken)? {
            let is = |ids: [ObjectIdentifier; 2]| ids.iter().any(|known| known.as_bytes() == id);
            usages.test |= is(TEST);
            usages.vaccination |= is(VACCINATION);
            usages.recovery |= is(RECOVERY);
            usages.other |= id.starts_with(ICAO_VDS_NC);
        }
    }
    Ok(usages)
}

fn oids(extended_key_usage: &[u8]) -> Result<Vec<Vec<u8>>, x509_cert::der::Error> {
    let mut reader = SliceReader::new(extended_key_usage)?;
    let ids: Vec<Any> = reader.decode()?;
    reader.finish()?;
    Ok(ids.into_iter().map(|id| id.value().to_vec()).collect())
}

fn issuer(subject: &Name) -> String {
    attribute(subject, ID_ORGANIZATION).or_else(|| attribute(subject, ID_COMMON_NAME)).unwrap_or_default()
}

fn country(subject: &Name) -> Option<String> {
    let country = attribute(subject, ID_COUNTRY)?.to_ascii_uppercase();
    is_country(&country).then_some(country)
}

/// The first attribute of this kind that has text in it.
fn attribute(name: &Name, id: ObjectIdentifier) -> Option<String> {
    name.iter().filter(|attribute| attribute.oid == id).find_map(|attribute| text(&attribute.value))
}

/// A DirectoryString (RFC 5280 appendix A.1) as text without control characters.
fn text(value: &Any) -> Option<String> {
    let bytes = value.value();
    let text = match value.tag() {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String | Tag::TeletexString => {
            // Teletex strings carry UTF-8 or Latin-1 in the wild.
            String::from_utf8(bytes.to_vec())
                .unwrap_or_else(|_| bytes.iter().copied().map(char::from).collect())
        }
        Tag::BmpString => {
            let units = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])); // safe: pairs
            char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        _ => return None,
    };
    let clean: String = text.trim().chars().filter(|c| !c.is_control()).take(ISSUER_MAX).collect();
    (!clean.is_empty()).then_some(clean)
}

fn broken(reason: impl ToString) -> ImportError {
    ImportError::Certificate(reason.to_string())
}
