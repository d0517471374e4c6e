//! A pass whose signature held: the same form for every wire format.

use crate::claims::Claims;
use crate::format::Format;
use crate::general::General;
use crate::key::Kid;

/// The claims of a pass whose signature held.
#[derive(Clone, Debug, PartialEq)]
pub struct Pass {
    /// The wire format that it came in.
    pub format: Format,
    /// Who signed: the name of the key's owner, from our key set.
    pub signed_by: String,
    /// The country of the key's owner (ISO 3166-1 alpha-2), from our key set.
    pub signer_country: Option<String>,
    /// The key that verified it.
    pub kid: Kid,
    /// Whether that key is a demo authority's.
    pub demo: bool,
    /// `iss` (CWT claim 1, JWT `iss`), as the pass says it.
    pub issuer: Option<String>,
    /// `iat` (CWT claim 6), seconds UTC, rounded down.
    pub issued_at: Option<i64>,
    /// `nbf` (CWT claim 5), seconds UTC, rounded down.
    pub not_before: Option<i64>,
    /// `exp` (CWT claim 4), seconds UTC, rounded down.
    pub expires_at: Option<i64>,
    /// What it certifies.
    pub kind: Kind,
    /// Its own identifier (for a DCC the UVCI, `ci`).
    pub id: String,
    /// Whom it is for.
    pub holder: Holder,
    /// Where its revocation status stands (IETF Token Status List, CWT claim 65535).
    pub status: Option<StatusRef>,
    /// The holder's face, for comparison.
    pub photo: Option<Photo>,
    /// What lists of revoked SMART Health Cards name it by.
    pub card: Option<CardId>,
    /// What it says in full.
    pub claims: Claims,
    /// What a general pass of our own says besides; `None` for every other format.
    pub general: Option<General>,
    pub(crate) signature: Vec<u8>,
}

impl Pass {
    /// One that says nothing yet but what it is; the judge fills in who signed it.
    pub(crate) fn new(format: Format, kind: Kind, claims: Claims) -> Self {
        Self {
            format,
            signed_by: String::new(),
            signer_country: None,
            kid: Kid::default(),
            demo: false,
            issuer: None,
            issued_at: None,
            not_before: None,
            expires_at: None,
            kind,
            id: String::new(),
            holder: Holder::default(),
            status: None,
            photo: None,
            card: None,
            claims,
            general: None,
            signature: vec![],
        }
    }

    /// The bytes of its signature that only the key's owner can choose, which lists of revoked
    /// signatures name it by: of an ECDSA signature R, its first half, since whoever has one
    /// signature (R, S) can make (R, -S) of it, which holds as well; of others all of it
    /// (Implementing Decision (EU) 2022/483, annex).
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }
}

/// What a pass certifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Vaccination (DCC `v`).
    Vaccination,
    /// Test result (DCC `t`).
    Test,
    /// Recovery (DCC `r`).
    Recovery,
    /// That its holder may pass, and not why: the Swiss Certificate Light, the New Zealand COVID Pass.
    HealthPass,
    /// Who its holder is.
    Identity,
    /// A resident's or a benefit card.
    Card,
    /// A staff badge.
    Badge,
    /// An appointment: a time and a place.
    Appointment,
    /// A ticket.
    Ticket,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Vaccination,
        Self::Test,
        Self::Recovery,
        Self::HealthPass,
        Self::Identity,
        Self::Card,
        Self::Badge,
        Self::Appointment,
        Self::Ticket,
    ];

    /// Its name in `snake_case`: it stands in policies, in logs and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vaccination => "vaccination",
            Self::Test => "test",
            Self::Recovery => "recovery",
            Self::HealthPass => "health_pass",
            Self::Identity => "identity",
            Self::Card => "card",
            Self::Badge => "badge",
            Self::Appointment => "appointment",
            Self::Ticket => "ticket",
        }
    }
}

/// Whom a pass is for: what staff compare with an ID document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// Family name as written in the holder's language.
    pub family_name: String,
    /// Given name as written in the holder's language.
    pub given_name: String,
    /// Family name in ICAO 9303 transliteration.
    pub family_name_latin: String,
    /// Given name in ICAO 9303 transliteration.
    pub given_name_latin: String,
    /// Date of birth as the pass has it: `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, or empty.
    pub date_of_birth: String,
}

/// A picture within a pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Photo {
    /// Its media type, e.g. `image/jpeg`.
    pub media_type: &'static str,
    /// The file, at most some kilobytes; nobody has looked into it.
    pub bytes: Vec<u8>,
}

/// What a list of revoked SMART Health Cards names a card by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardId {
    /// The key's id, as the card has it.
    pub kid: String,
    /// `rid`, which several cards of one holder can share.
    pub rid: String,
}

/// A place in a status list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusRef {
    /// Which bit.
    pub index: u64,
    /// Of which list.
    pub uri: String,
}
