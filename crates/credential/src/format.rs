//! Which wire format a text is in. A format is one module, its name in [`Format`], and one line in [`FORMATS`].

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::claim169;
use crate::display;
use crate::divoc;
use crate::everyday;
use crate::general;
use crate::hcert;
use crate::key::{KeySet, Kid, Validity};
use crate::light;
use crate::link;
use crate::nzcp;
use crate::pass::Pass;
use crate::refusal::{Doubt, Refusal, Stop};
use crate::shc;
use crate::signers::{Signed, Signers};
use crate::vds_nc;

/// The longest text that is looked at, in bytes: the largest QR code holds 7089 digits or 4296 alphanumeric
/// characters (ISO/IEC 18004, version 40-L), and its 2953 bytes make at most 5906 bytes of UTF-8.
pub(crate) const MAX_TEXT: usize = 8 * 1024;

/// How many characters of a text that is no certificate are kept as evidence.
const EXCERPT: usize = 120;

/// A pass whose signature held and whose claims fit its schema. Who signed it is filled
/// in from one of its signers.
#[derive(Debug)]
pub(crate) struct Verified<'k> {
    pub(crate) pass: Pass,
    pub(crate) signers: Signers<'k>,
    /// The signer's certificate and its validity, where it came with the pass and a signer in the set vouches for it.
    pub(crate) certified: Option<(Kid, Validity)>,
}

/// A wire format that is verified: what a key can be for, and what a pass came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// EU Digital COVID Certificate (eu-dcc-hcert-spec), which our own passes are, too.
    Dcc,
    /// Swiss Certificate Light.
    SwissLight,
    /// WHO Digital Documentation of COVID-19 Certificates.
    Ddcc,
    /// NZ COVID Pass.
    NzCovidPass,
    /// SMART Health Card.
    SmartHealthCard,
    /// MOSIP Claim 169.
    Claim169,
    /// Visible Digital Seal for non-constrained environments (ICAO).
    VdsNc,
    /// DIVOC's vaccination certificates.
    Divoc,
    /// General pass of our own: card, badge, appointment, ticket.
    General,
}

impl Format {
    /// Every format.
    pub const ALL: &[Self] = &[
        Self::Dcc,
        Self::SwissLight,
        Self::Ddcc,
        Self::NzCovidPass,
        Self::SmartHealthCard,
        Self::Claim169,
        Self::VdsNc,
        Self::Divoc,
        Self::General,
    ];

    /// Its name in `snake_case`: it stands in key sets and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dcc => "dcc",
            Self::SwissLight => "swiss_light",
            Self::Ddcc => "ddcc",
            Self::NzCovidPass => "nz_covid_pass",
            Self::SmartHealthCard => "smart_health_card",
            Self::Claim169 => "claim_169",
            Self::VdsNc => "vds_nc",
            Self::Divoc => "divoc",
            Self::General => "general",
        }
    }

    /// What its issuers call it, in English.
    pub fn title(self) -> &'static str {
        match self {
            Self::Dcc => "EU Digital COVID Certificate",
            Self::SwissLight => "Swiss Certificate Light",
            Self::Ddcc => "WHO DDCC",
            Self::NzCovidPass => "NZ COVID Pass",
            Self::SmartHealthCard => "SMART Health Card",
            Self::Claim169 => "MOSIP Claim 169",
            Self::VdsNc => "ICAO VDS-NC",
            Self::Divoc => "DIVOC certificate",
            Self::General => "Propusk general pass",
        }
    }

    /// The format of this [name](Self::name).
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.name() == name)
    }

    /// Whether a key whose entry names no format may sign it: the DCC alone, which the lists of foreign signers are
    /// for. Whoever may sign anything else in this place's name has to be named for it.
    pub fn is_default(self) -> bool {
        self == Self::Dcc
    }
}

impl<'k> Verified<'k> {
    /// A pass that was read from what was signed. One without an identifier of its own is named by its signature.
    pub(crate) fn new(mut pass: Pass, signed: Signed<'k>) -> Self {
        pass.signature = signed.signature;
        if pass.id.is_empty() {
            pass.id = URL_SAFE_NO_PAD.encode(Sha256::digest(&pass.signature));
        }
        Self { pass, signers: signed.signers, certified: None }
    }
}

/// What a format's module is handed, where the text is its own.
type Recognise = fn(&str) -> Option<&str>;

type Open = for<'k> fn(&str, &'k KeySet) -> Result<Verified<'k>, Stop>;

/// The formats that are verified: the first that takes a text for its own opens it.
const FORMATS: &[(Recognise, Open)] = &[
    (|text| text.strip_prefix(hcert::PREFIX), hcert::open),
    (|text| text.strip_prefix(light::PREFIX), light::open),
    (|text| text.strip_prefix(general::PREFIX), general::open),
    (|text| text.strip_prefix(nzcp::PREFIX), nzcp::open),
    (|text| text.strip_prefix(shc::PREFIX), shc::open),
    (vds_nc::recognise, vds_nc::open),
    (divoc::recognise, divoc::open),
    // Last: it has no prefix.
    (claim169::recognise, claim169::open),
];

/// What a Dutch domestic certificate starts with: an Idemix disclosure, in a base 45 of its own.
const DUTCH: &str = "NL2:";

/// Schemes by which a reader and a phone that holds documents begin to talk (ISO/IEC 18013-5 §8.2.2.3, OpenID4VP).
const PHONE_DOCUMENTS: &[&str] = &["mdoc:", "openid4vp:", "eudi-openid4vp:", "mdoc-openid4vp:", "haip:"];

/// Opens a text with its format's module.
pub(crate) fn open<'k>(text: &str, keys: &'k KeySet) -> Result<Verified<'k>, Stop> {
    // Parts of a card that were put together are longer than any code.
    let limit = if text.starts_with(shc::PREFIX) { shc::MAX_TEXT } else { MAX_TEXT };
    if text.len() > limit {
        return Err(Refusal::TextTooLong { length: text.len(), limit }.into());
    }
    // Keyboard-wedge scanners and copied lines end in line breaks. Spaces are base45 digits.
    let text = text.trim_matches(['\r', '\n']);
    match FORMATS.iter().find_map(|(recognise, open)| Some((recognise(text)?, open))) {
        Some((body, open)) => open(body, keys),
        None => Err(unknown(text)),
    }
}

/// Whether a format's module takes it for its own.
pub(crate) fn is_pass(text: &str) -> bool {
    text.len() <= MAX_TEXT && FORMATS.iter().any(|(recognise, _)| recognise(text).is_some())
}

/// What is to be said of a text that no format is for.
pub(crate) fn unknown(text: &str) -> Stop {
    if text.starts_with(DUTCH) {
        return Doubt::DutchVerifierOnly.into();
    }
    if PHONE_DOCUMENTS.iter().any(|scheme| starts_with(text, scheme)) {
        return Doubt::PhoneDocument.into();
    }
    if let Some(stop) = link::judge(text) {
        return stop;
    }
    if let Some(prefix) = other_context(text) {
        return Refusal::UnsupportedVersion { prefix: prefix.to_owned() }.into();
    }
    Refusal::NotACertificate { looks_like: everyday::looks_like(text), text: display::excerpt(text, EXCERPT) }
        .into()
}

/// `HC2:` and the like: the context of a health certificate in a version that is not ours.
fn other_context(text: &str) -> Option<&str> {
    let prefix = text.get(..4)?;
    matches!(prefix.as_bytes(), [b'H', b'C', b'0'..=b'9' | b'A'..=b'Z', b':']).then_some(prefix)
}

/// Schemes are written in either case (RFC 3986 §3.1).
fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests;
