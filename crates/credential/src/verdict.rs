//! What comes of judging a text, and the evidence for it.

use std::collections::BTreeMap;

use crate::pass::Pass;
use crate::refusal::{Description, Doubt, Refusal};

/// The three things that staff can be told.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Genuine, valid now, accepted here.
    Accepted(Accepted),
    /// Not to be accepted, and why.
    Refused(Refused),
    /// This device cannot decide: never green, never silently red.
    CannotTell(CannotTell),
}

/// An accepted pass.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// What was accepted.
    pub pass: Pass,
}

/// A refusal.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// Why, with its evidence.
    pub reason: Refusal,
    /// The pass, when its signature held and its claims could be read.
    pub pass: Option<Pass>,
}

/// A case that this device cannot decide.
#[derive(Clone, Debug, PartialEq)]
pub struct CannotTell {
    /// Why, with its evidence.
    pub reason: Doubt,
}

/// A verdict without its evidence, for counting and logging.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// See [`Verdict::Accepted`].
    Accepted,
    /// See [`Verdict::Refused`].
    Refused,
    /// See [`Verdict::CannotTell`].
    CannotTell,
}

/// The step that decided, in the order in which they are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Is it a certificate at all?
    Text,
    /// RFC 9285.
    Base45,
    /// RFC 1950, and a zip file in its place.
    Inflate,
    /// RFC 9052 (or RFC 7515) structure and headers.
    Cose,
    /// Key lookup and signature.
    Signature,
    /// RFC 8392 claims.
    Cwt,
    /// The certificate's own schema.
    Schema,
    /// Times of the pass and of its key.
    Time,
    /// Whether the key may sign this kind.
    Usage,
    /// Revocation lists.
    Revocation,
    /// Rules of the place; the last step, so also that of an accepted pass.
    Rules,
}

/// One piece of evidence, ready to be shown or written as JSON.
#[derive(Clone, Debug, PartialEq)]
pub enum Evidence {
    /// Text, escaped where it comes from the pass.
    Text(String),
    /// A number.
    Number(i64),
    /// A time, seconds UTC.
    Time(i64),
    /// Texts by name: one text by language, or values by field; escaped where they come from the pass.
    Texts(BTreeMap<String, String>),
}

impl Verdict {
    /// The verdict without its evidence.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Accepted(_) => Outcome::Accepted,
            Self::Refused(_) => Outcome::Refused,
            Self::CannotTell(_) => Outcome::CannotTell,
        }
    }

    /// The pass, where its signature held and its claims could be read.
    pub fn pass(&self) -> Option<&Pass> {
        match self {
            Self::Accepted(accepted) => Some(&accepted.pass),
            Self::Refused(refused) => refused.pass.as_ref(),
            Self::CannotTell(_) => None,
        }
    }

    /// The reason's name in `snake_case`: `accepted`, or the variant of
    /// [`Refusal`] or [`Doubt`]. Stable: it stands in logs and in JSON.
    /// One of [`crate::REASONS`].
    pub fn reason(&self) -> &'static str {
        self.describe().1
    }

    /// The step that decided.
    pub fn stage(&self) -> Stage {
        self.describe().0
    }

    /// The evidence, by name. Text from the pass is escaped: fit to be shown as it stands.
    pub fn evidence(&self) -> Vec<(&'static str, Evidence)> {
        self.describe().2
    }

    fn describe(&self) -> Description {
        match self {
            Self::Accepted(_) => (Stage::Rules, "accepted", vec![]),
            Self::Refused(refused) => refused.reason.describe(),
            Self::CannotTell(doubt) => doubt.reason.describe(),
        }
    }
}

impl Outcome {
    /// `accepted`, `refused` or `cannot_tell`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::CannotTell => "cannot_tell",
        }
    }
}

impl Stage {
    /// The step's name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Base45 => "base45",
            Self::Inflate => "inflate",
            Self::Cose => "cose",
            Self::Signature => "signature",
            Self::Cwt => "cwt",
            Self::Schema => "schema",
            Self::Time => "time",
            Self::Usage => "usage",
            Self::Revocation => "revocation",
            Self::Rules => "rules",
        }
    }
}
