//! Which wire format a text is in. A format is one module, its name in [`Format`], and one line in [`FORMATS`].

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::claim169;
use crate::display;
use crate::hcert;
use crate::key::KeySet;
use crate::light;
use crate::nzcp;
use crate::pass::Pass;
use crate::refusal::{Doubt, Refusal, Stop, TextKind};
use crate::shc;
use crate::signers::{Signed, Signers};

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
}

impl Format {
    /// Every format.
    pub const ALL: &[Self] =
        &[Self::Dcc, Self::SwissLight, Self::Ddcc, Self::NzCovidPass, Self::SmartHealthCard, Self::Claim169];

    /// Its name in `snake_case`: it stands in key sets and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dcc => "dcc",
            Self::SwissLight => "swiss_light",
            Self::Ddcc => "ddcc",
            Self::NzCovidPass => "nz_covid_pass",
            Self::SmartHealthCard => "smart_health_card",
            Self::Claim169 => "claim_169",
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
        }
    }

    /// The format of this [name](Self::name).
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.name() == name)
    }

    /// Whether a key whose entry names no format may sign it: the formats of one family, whose texts cannot be
    /// taken for one another and whose authorities are the same. All others have to be named.
    pub fn is_default(self) -> bool {
        matches!(self, Self::Dcc | Self::SwissLight)
    }
}

impl<'k> Verified<'k> {
    /// A pass that was read from what was signed. One without an identifier of its own is named by its signature.
    pub(crate) fn new(mut pass: Pass, signed: Signed<'k>) -> Self {
        pass.signature = signed.signature;
        if pass.id.is_empty() {
            pass.id = URL_SAFE_NO_PAD.encode(Sha256::digest(&pass.signature));
        }
        Self { pass, signers: signed.signers }
    }
}

/// What a format's module is handed, where the text is its own.
type Recognise = fn(&str) -> Option<&str>;

type Open = for<'k> fn(&str, &'k KeySet) -> Result<Verified<'k>, Stop>;

/// The formats that are verified: the first that takes a text for its own opens it.
const FORMATS: &[(Recognise, Open)] = &[
    (|text| text.strip_prefix(hcert::PREFIX), hcert::open),
    (|text| text.strip_prefix(light::PREFIX), light::open),
    (|text| text.strip_prefix(nzcp::PREFIX), nzcp::open),
    (|text| text.strip_prefix(shc::PREFIX), shc::open),
    // Last: it has no prefix.
    (claim169::recognise, claim169::open),
];

/// Formats that are known but not verified yet.
const KNOWN: &[(&str, &str)] = &[
    ("NL2:", "Dutch domestic certificate"),
    ("B64:", "DIVOC certificate"),
    ("PK\u{3}\u{4}", "DIVOC certificate"),
];

const GOSUSLUGI: &str = "www.gosuslugi.ru";

/// The register's pages that a certificate links to; the scheme and the host are matched
/// to the letter, since look-alikes are what such links are abused with.
const GOSUSLUGI_LINKS: &[&str] = &[
    "https://www.gosuslugi.ru/vaccine/cert/verify/",
    "https://www.gosuslugi.ru/covid-cert/verify/",
    "https://www.gosuslugi.ru/covid-cert/status/",
];

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

/// What is to be said of a text that no format is for.
pub(crate) fn unknown(text: &str) -> Stop {
    if let Some((_, format)) = KNOWN.iter().find(|(prefix, _)| text.starts_with(prefix)) {
        return Doubt::FormatNotSupported { format }.into();
    }
    if GOSUSLUGI_LINKS.iter().any(|link| text.starts_with(link)) {
        return Doubt::OnlineOnly { host: GOSUSLUGI }.into();
    }
    if let Some(prefix) = other_context(text) {
        return Refusal::UnsupportedVersion { prefix: prefix.to_owned() }.into();
    }
    Refusal::NotACertificate { looks_like: looks_like(text), text: display::excerpt(text, EXCERPT) }.into()
}

/// `HC2:` and the like: the context of a health certificate in a version that is not ours.
fn other_context(text: &str) -> Option<&str> {
    let prefix = text.get(..4)?;
    matches!(prefix.as_bytes(), [b'H', b'C', b'0'..=b'9' | b'A'..=b'Z', b':']).then_some(prefix)
}

fn looks_like(text: &str) -> TextKind {
    const SCRIPTS: &[&str] = &["javascript:", "vbscript:", "data:", "intent:", "blob:", "file:", "content:"];
    let text = text.trim_start().to_ascii_lowercase();
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| text.starts_with(prefix));
    match () {
        () if text.is_empty() => TextKind::Empty,
        () if starts(SCRIPTS) => TextKind::Script,
        () if starts(&["wifi:"]) => TextKind::Wifi,
        () if starts(&["begin:vcard", "mecard:"]) => TextKind::Contact,
        () if starts(&["www."]) || has_scheme(&text) => TextKind::Link,
        () => TextKind::Other,
    }
}

/// `scheme://` (RFC 3986 §3.1).
fn has_scheme(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

#[cfg(test)]
mod tests;
