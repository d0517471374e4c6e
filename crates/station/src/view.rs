//! What leaves the core for a screen, a script or a page: plain, serialisable
//! forms of its types. The page's TypeScript is generated from them
//! (`cargo test -p station` writes `ui/src/lib/types`).

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use credential::{Evidence, Format, Kind, Pass, Verdict};
use serde::Serialize;
use ts_rs::TS;

pub use ::export::rfc3339;

pub use crate::event::Role;
pub use crate::settings::{Operator, Settings};
use crate::{Submission, Uses};

mod journal;
mod keys;
mod status;

pub use journal::{
    AnomalyView, BucketView, EntryOutcome, ExportFormat, JournalFilter, JournalLine, JournalPage, MAX_LINES,
    ProofView, ReasonCount, SpanView, StatisticsView, WitnessView,
};
pub use keys::{EditionView, KeyChangeView, KeyLineView, KeyView, RefreshView};
pub use status::{
    Counts, DeniedView, KeysView, LogView, ModeView, Moment, OperatorView, PeopleView, PinsView, PolicyView,
    Problem, SessionView, Status, Warning,
};

/// A verdict with its reason and evidence.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Report {
    /// `accepted`, `refused` or `cannot_tell`.
    pub verdict: Outcome,
    /// Why, as a name from [`credential::REASONS`].
    pub reason: String,
    /// The step that decided.
    pub stage: String,
    /// Evidence by name; times as RFC 3339.
    pub evidence: BTreeMap<String, Fact>,
}

/// The three things that staff can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Genuine, valid now, accepted here.
    Accepted,
    /// Not to be accepted.
    Refused,
    /// This device cannot decide.
    CannotTell,
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(untagged)]
pub enum Fact {
    /// Text, escaped where it comes from outside; times as RFC 3339.
    Text(String),
    /// A number.
    Number(#[ts(type = "number")] i64),
    /// Texts by name: one text by language (`de`, `de-AT`), or values by field of the certificate, escaped.
    Texts(BTreeMap<String, String>),
}

/// What staff compare with an ID document, and no more.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PassView {
    /// What it certifies.
    pub kind: KindView,
    /// What its issuers call its format, in English; null for the one of our own passes and the EU's.
    pub format: Option<String>,
    /// As written in the holder's language, escaped.
    pub family_name: String,
    /// As written in the holder's language, escaped.
    pub given_name: String,
    /// ICAO 9303 transliteration, escaped.
    pub family_name_latin: String,
    /// ICAO 9303 transliteration, escaped.
    pub given_name_latin: String,
    /// `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or empty.
    pub date_of_birth: String,
    /// Who signed: the key owner's name in the key set.
    pub signed_by: String,
    /// A demo authority's pass: worth nothing outside a demonstration.
    pub demo: bool,
    /// RFC 3339.
    pub issued_at: Option<String>,
    /// RFC 3339.
    pub expires_at: Option<String>,
    /// The name holds characters that can deceive the eye.
    pub suspicious: bool,
    /// The holder's face, where the pass has it.
    pub photo: Option<PhotoView>,
    /// What a general pass says besides; null for certificates.
    pub general: Option<GeneralView>,
}

/// What a card, badge, appointment or ticket says besides.
#[derive(Clone, Debug, Serialize, TS)]
pub struct GeneralView {
    /// What it is for, escaped.
    pub title: String,
    /// Where it is valid, escaped; everywhere when empty.
    pub zones: Vec<String>,
    /// How often it may be used; null for as often as you like.
    pub uses: Option<u32>,
    /// Whatever else stands on it, escaped.
    pub detail: Option<String>,
    /// RFC 3339.
    pub valid_from: Option<String>,
}

/// How often a pass was used at this station, this time among them. Other stations do not know of it.
#[derive(Clone, Debug, Serialize, TS)]
pub struct UsesView {
    /// How often it may be used.
    pub allowed: u32,
    /// How often it was.
    pub used: usize,
    /// How often it may still be.
    pub left: usize,
    /// When it was used last, RFC 3339.
    pub at: String,
    /// Shown again within seconds: this time was counted before.
    pub again: bool,
}

/// A picture within a pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PhotoView {
    /// `image/jpeg`, `image/webp` or `image/avif`.
    pub media_type: String,
    /// The file in base64.
    pub base64: String,
}

/// What a pass certifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KindView {
    /// Vaccination.
    Vaccination,
    /// Test result.
    Test,
    /// Recovery.
    Recovery,
    /// That its holder may pass, and not why.
    HealthPass,
    /// Who its holder is.
    Identity,
    /// A resident's or benefit card.
    Card,
    /// A staff badge.
    Badge,
    /// An appointment.
    Appointment,
    /// A ticket.
    Ticket,
}

/// What came of one submitted text.
#[derive(Clone, Debug, Serialize, TS)]
pub struct SubmissionView {
    /// The verdict.
    #[serde(flatten)]
    pub report: Report,
    /// The pass, where its signature held.
    pub pass: Option<PassView>,
    /// The log entry's index; null when it could not be written.
    #[ts(type = "number | null")]
    pub entry: Option<u64>,
    /// Why the entry could not be written. The screen is not green then.
    pub log_error: Option<String>,
    /// When it was judged, RFC 3339.
    pub at: String,
    /// When the same person was last accepted here, RFC 3339, if that is but a few minutes ago (a setting).
    pub seen_before: Option<String>,
    /// How often the pass was used here; null unless it was accepted and can be used so often and no more.
    pub uses: Option<UsesView>,
}

/// A sample pass of the demo authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Sample {
    /// Its place in the demo camera's reel.
    pub index: usize,
    /// What it shows, in `snake_case`.
    pub name: String,
    /// Its picture's file name.
    pub file: String,
}

impl Report {
    /// The plain form of a verdict.
    pub fn new(verdict: &Verdict) -> Self {
        Self {
            verdict: verdict.outcome().into(),
            reason: verdict.reason().to_owned(),
            stage: verdict.stage().name().to_owned(),
            evidence: verdict
                .evidence()
                .into_iter()
                .map(|(name, fact)| (name.to_owned(), fact.into()))
                .collect(),
        }
    }
}

impl KindView {
    /// Its name in `snake_case`.
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

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::Texts(texts) => {
                let texts: Vec<_> = texts.iter().map(|(name, text)| format!("{name}: {text}")).collect();
                f.write_str(&texts.join("; "))
            }
        }
    }
}

impl PassView {
    /// What staff may see of a pass.
    pub fn new(pass: &Pass) -> Self {
        let holder = &pass.holder;
        let names =
            [&holder.family_name, &holder.given_name, &holder.family_name_latin, &holder.given_name_latin];
        let shown = |name: &str| credential::display::escape(name);
        Self {
            kind: pass.kind.into(),
            format: (!matches!(pass.format, Format::Dcc | Format::General))
                .then(|| pass.format.title().to_owned()),
            family_name: shown(&holder.family_name),
            given_name: shown(&holder.given_name),
            family_name_latin: shown(&holder.family_name_latin),
            given_name_latin: shown(&holder.given_name_latin),
            date_of_birth: shown(&holder.date_of_birth),
            signed_by: shown(&pass.signed_by),
            demo: pass.demo,
            issued_at: pass.issued_at.map(rfc3339),
            expires_at: pass.expires_at.map(rfc3339),
            photo: pass.photo.as_ref().map(|photo| PhotoView {
                media_type: photo.media_type.to_owned(),
                base64: BASE64_STANDARD.encode(&photo.bytes),
            }),
            suspicious: names.iter().any(|name| !credential::display::suspicious(name).is_empty()),
            general: pass.general.as_ref().map(|general| GeneralView {
                title: shown(&general.title),
                zones: general.zones.iter().map(|zone| shown(zone)).collect(),
                uses: general.uses,
                detail: general.detail.as_deref().map(shown),
                valid_from: pass.not_before.map(rfc3339),
            }),
        }
    }
}

impl UsesView {
    fn new(uses: &Uses) -> Self {
        let used = uses.times.len();
        Self {
            allowed: uses.allowed,
            used,
            left: (uses.allowed as usize).saturating_sub(used),
            at: uses.times.last().copied().map(rfc3339).unwrap_or_default(),
            again: uses.again,
        }
    }
}

impl SubmissionView {
    /// The plain form of a submission.
    pub fn new(submission: &Submission) -> Self {
        let verdict = &submission.verdict;
        let (entry, log_error) = match &submission.logged {
            Ok(appended) => (Some(appended.index), None),
            Err(error) => (None, Some(error.to_string())),
        };
        Self {
            report: Report::new(verdict),
            pass: verdict.pass().map(PassView::new),
            entry,
            log_error,
            at: rfc3339(submission.at),
            seen_before: submission.seen_before.map(rfc3339),
            uses: submission.uses.as_ref().map(UsesView::new),
        }
    }
}

impl From<credential::Outcome> for Outcome {
    fn from(outcome: credential::Outcome) -> Self {
        match outcome {
            credential::Outcome::Accepted => Self::Accepted,
            credential::Outcome::Refused => Self::Refused,
            credential::Outcome::CannotTell => Self::CannotTell,
        }
    }
}

impl From<Kind> for KindView {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Vaccination => Self::Vaccination,
            Kind::Test => Self::Test,
            Kind::Recovery => Self::Recovery,
            Kind::HealthPass => Self::HealthPass,
            Kind::Identity => Self::Identity,
            Kind::Card => Self::Card,
            Kind::Badge => Self::Badge,
            Kind::Appointment => Self::Appointment,
            Kind::Ticket => Self::Ticket,
        }
    }
}

impl From<Evidence> for Fact {
    fn from(evidence: Evidence) -> Self {
        match evidence {
            Evidence::Text(text) => Self::Text(text),
            Evidence::Number(number) => Self::Number(number),
            Evidence::Time(at) => Self::Text(rfc3339(at)),
            Evidence::Texts(texts) => Self::Texts(texts),
        }
    }
}

#[cfg(test)]
mod tests;
