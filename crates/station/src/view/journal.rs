//! What an inspector sees of the log.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Counts, rfc3339};

/// The most lines of one page.
pub const MAX_LINES: u32 = 500;
/// How many characters of a person's keyed hash are shown: enough to tell a day's people apart.
const PERSON_DIGITS: usize = 8;

/// What an entry says was decided, or that it is an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EntryOutcome {
    /// Genuine, valid, accepted there.
    Accepted,
    /// Not to be accepted.
    Refused,
    /// The device could not decide.
    CannotTell,
    /// Something that happened to the station, and no scan.
    Event,
}

/// Which entries an inspector asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct JournalFilter {
    /// From this second UTC on; null: from the first entry.
    #[ts(type = "number | null")]
    pub from: Option<i64>,
    /// Before this second UTC; null: to the last entry.
    #[ts(type = "number | null")]
    pub until: Option<i64>,
    /// Of these outcomes; empty: of all.
    pub outcomes: Vec<EntryOutcome>,
    /// Of this reason or event; null: of all.
    pub reason: Option<String>,
    /// Of this operator's shifts; null: of all.
    pub operator: Option<u32>,
    /// Below this index, for the next page; null: the newest.
    #[ts(type = "number | null")]
    pub before: Option<u64>,
    /// How many lines, at most 500; null: 500.
    pub limit: Option<u32>,
}

/// A page of the log, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct JournalPage {
    /// The entries.
    pub lines: Vec<JournalLine>,
    /// How many entries match the filter, on all pages together.
    #[ts(type = "number")]
    pub matching: u64,
    /// What `before` is for the next page; null on the last.
    #[ts(type = "number | null")]
    pub next: Option<u64>,
}

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct JournalLine {
    /// Its place, from 0.
    #[ts(type = "number")]
    pub index: u64,
    /// When, RFC 3339.
    pub at: String,
    /// What was decided, or that it is an event.
    pub outcome: EntryOutcome,
    /// Why, as a name from [`credential::REASONS`]; of an event its name, one of [`crate::EVENTS`].
    pub reason: String,
    /// The step that decided; of an event the role that it is about.
    pub stage: String,
    /// `vaccination`, `test` or `recovery`, where that is known.
    pub kind: Option<String>,
    /// The number of who was on shift.
    pub operator: Option<u32>,
    /// A demo authority's pass.
    pub demo: bool,
    /// The version of the key set that it was judged by; 0 where there was none.
    #[ts(type = "number")]
    pub key_set_version: u64,
    /// The beginning of what stands in for the person, in hexadecimal: the same for the same person.
    pub person: Option<String>,
}

/// What happened in a span of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct StatisticsView {
    /// Scans in each bucket of time, in order, empty ones too.
    pub buckets: Vec<BucketView>,
    /// How often each reason and event was logged, the most frequent first.
    pub reasons: Vec<ReasonCount>,
}

/// The scans of one bucket of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct BucketView {
    /// Its first second, UTC.
    #[ts(type = "number")]
    pub from: i64,
    /// Its scans.
    #[serde(flatten)]
    pub counts: Counts,
}

/// How often one reason was logged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ReasonCount {
    /// The outcome.
    pub outcome: EntryOutcome,
    /// The reason, or the event's name.
    pub reason: String,
    /// How often.
    #[ts(type = "number")]
    pub count: u64,
}

/// Whether the log is what this device signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ProofView {
    /// Nothing was changed, added or taken away.
    pub holds: bool,
    /// Entries found.
    #[ts(type = "number")]
    pub entries: u64,
    /// The name of the log that was expected.
    pub origin: String,
    /// Which entries were proven since when and by whom, in order. What is behind the last rests on this device's
    /// word alone.
    pub spans: Vec<SpanView>,
    /// How many entries at the end nobody has cosigned.
    #[ts(type = "number")]
    pub alone: u64,
    /// How many scans were erased after their time, and are proven by their leaves alone.
    #[ts(type = "number")]
    pub erased: u64,
    /// At how many places an entry's time is before that of the one before: the clock was set back.
    #[ts(type = "number")]
    pub steps_back: u64,
    /// Who has cosigned here, and up to where.
    pub witnesses: Vec<WitnessView>,
    /// Everything that does not fit, one line each, at most 100.
    pub faults: Vec<String>,
    /// How many faults more there are.
    #[ts(type = "number")]
    pub more_faults: u64,
    /// The root of the tree over the entries found, in hexadecimal.
    pub root: String,
    /// The signed head, a C2SP checkpoint to keep or to compare; null where its signature is bad.
    pub checkpoint: Option<String>,
}

/// Entries that an inspector's device has cosigned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SpanView {
    /// The first of them.
    #[ts(type = "number")]
    pub from: u64,
    /// The last of them.
    #[ts(type = "number")]
    pub last: u64,
    /// When, RFC 3339, by the inspector's clock.
    pub at: String,
    /// The inspector's name.
    pub by: String,
}

/// An inspector's device that has cosigned here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct WitnessView {
    /// Its name.
    pub name: String,
    /// Its key's id, to compare with the device.
    pub key: String,
    /// How many entries it has seen.
    #[ts(type = "number")]
    pub size: u64,
    /// When it cosigned last, RFC 3339.
    pub at: String,
}

/// Something in the log that an inspector should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AnomalyView {
    /// What: a name to translate by.
    pub name: String,
    /// The first entry of it.
    #[ts(type = "number")]
    pub from: u64,
    /// The last entry of it.
    #[ts(type = "number")]
    pub to: u64,
    /// The time of the first, RFC 3339.
    pub began: String,
    /// The time of the last, RFC 3339.
    pub ended: String,
    /// How many scans, or minutes of a gap or a step of the clock.
    #[ts(type = "number")]
    pub count: u64,
}

/// How entries are written to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// A table with a heading (RFC 4180).
    Csv,
    /// One JSON object a line.
    JsonLines,
}

impl JournalLine {
    /// The plain form of an entry.
    pub fn new(entry: &scanlog::Entry) -> Self {
        let content = &entry.content;
        let hex = |hash: [u8; 32]| hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        Self {
            index: entry.index,
            at: rfc3339(content.at),
            outcome: content.outcome.into(),
            reason: content.reason.clone(),
            stage: content.stage.clone(),
            kind: content.kind.clone(),
            operator: content.operator,
            demo: content.demo,
            key_set_version: content.key_set_version,
            person: content.person.map(|person| hex(person)[..PERSON_DIGITS].to_owned()),
        }
    }
}

impl From<&scanlog::Span<'_>> for SpanView {
    fn from(span: &scanlog::Span<'_>) -> Self {
        let by = credential::display::escape(&span.by.witness.name);
        Self { from: span.from, last: span.end.saturating_sub(1), at: rfc3339(span.by.at), by }
    }
}

impl From<&scanlog::Witnessed> for WitnessView {
    fn from(witnessed: &scanlog::Witnessed) -> Self {
        Self {
            name: credential::display::escape(&witnessed.witness.name),
            key: witnessed.witness.hex_id(),
            size: witnessed.size,
            at: rfc3339(witnessed.at),
        }
    }
}

impl From<&scanlog::Anomaly> for AnomalyView {
    fn from(anomaly: &scanlog::Anomaly) -> Self {
        Self {
            name: anomaly.what.name().to_owned(),
            from: anomaly.from.0,
            to: anomaly.to.0,
            began: rfc3339(anomaly.from.1),
            ended: rfc3339(anomaly.to.1),
            count: anomaly.count,
        }
    }
}

impl From<scanlog::Outcome> for EntryOutcome {
    fn from(outcome: scanlog::Outcome) -> Self {
        match outcome {
            scanlog::Outcome::Accepted => Self::Accepted,
            scanlog::Outcome::Refused => Self::Refused,
            scanlog::Outcome::CannotTell => Self::CannotTell,
            scanlog::Outcome::Event => Self::Event,
        }
    }
}

impl From<EntryOutcome> for scanlog::Outcome {
    fn from(outcome: EntryOutcome) -> Self {
        match outcome {
            EntryOutcome::Accepted => Self::Accepted,
            EntryOutcome::Refused => Self::Refused,
            EntryOutcome::CannotTell => Self::CannotTell,
            EntryOutcome::Event => Self::Event,
        }
    }
}
