//! What an inspector may do.

use std::path::PathBuf;

use export::Request;
use scanlog::{Filter, Reader, VerifyingKey};

use crate::event::Event;
use crate::export::{Export, ProvenExport};
use crate::view::{
    AnomalyView, BucketView, EntryOutcome, ExportFormat, JournalFilter, JournalLine, JournalPage, MAX_LINES,
    ProofView, ReasonCount, SpanView, StatisticsView, WitnessView,
};
use crate::{Denied, Error, Role, Station};

/// Shows that the inspector is unlocked ([`Station::inspector`]); an admin does not stand in for them.
pub struct Inspector<'a> {
    pub(crate) station: &'a mut Station,
    pub(crate) now: i64,
}

/// A proof that takes its time: it reads the log by itself and needs the station no more.
#[derive(Clone, Debug)]
pub struct Auditor {
    path: PathBuf,
    key: VerifyingKey,
    origin: String,
}

impl Inspector<'_> {
    /// A page of the log, newest first.
    pub fn journal(&self, filter: &JournalFilter) -> Result<JournalPage, Denied> {
        let limit = filter.limit.unwrap_or(MAX_LINES);
        if !(1..=MAX_LINES).contains(&limit) {
            return Err(Denied::Invalid(format!("limit is {limit}: choose 1 to {MAX_LINES}")));
        }
        let page = self.station.log.journal(&checked(filter)?, filter.before, limit)?;
        Ok(JournalPage {
            lines: page.entries.iter().map(JournalLine::new).collect(),
            matching: page.matching,
            next: page.next,
        })
    }

    /// What was scanned and what happened with `from <= at < until` (seconds UTC), the scans by buckets of
    /// so many seconds.
    pub fn statistics(&self, from: i64, until: i64, bucket_seconds: u32) -> Result<StatisticsView, Denied> {
        let statistics = self.station.log.statistics(from, until, bucket_seconds);
        let statistics = statistics.map_err(|error| match error {
            scanlog::Error::Buckets => Denied::Invalid(error.to_string()),
            other => other.into(),
        })?;
        let bucket = |bucket: scanlog::Bucket| BucketView { from: bucket.from, counts: bucket.counts.into() };
        let reason =
            |(outcome, reason, count)| ReasonCount { outcome: EntryOutcome::from(outcome), reason, count };
        Ok(StatisticsView {
            buckets: statistics.buckets.into_iter().map(bucket).collect(),
            reasons: statistics.reasons.into_iter().map(reason).collect(),
        })
    }

    /// What in the log of `from <= at < until` (seconds UTC) an inspector should look at, by the rules of
    /// [`Station::anomaly_rules`] for a place whose clocks are so many minutes ahead of UTC.
    pub fn anomalies(&self, from: i64, until: i64, offset: i32) -> Result<Vec<AnomalyView>, Denied> {
        let rules = self.station.anomaly_rules(offset);
        let filter = Filter { from: Some(from), until: Some(until), ..Filter::default() };
        let found = scanlog::anomalies(&self.station.log, &filter, rules)?;
        Ok(found.iter().map(AnomalyView::from).collect())
    }

    /// What an inspector's device needs to cosign the log: a text for one QR code, for a device that has seen so
    /// many entries.
    pub fn witness_request(&self, seen: u64) -> Result<String, Denied> {
        Ok(self.station.witness_request(seen)?)
    }

    /// Takes an inspector's cosignature, see [`Station::take_cosignature`].
    pub fn take_cosignature(&mut self, answer: &str, new_witness: bool) -> Result<WitnessView, Denied> {
        self.station.take_cosignature(answer, new_witness, self.now).map(|taken| WitnessView::from(&taken))
    }

    /// What proves the log without the station: of a large log that takes seconds, and nobody at the door
    /// waits for it.
    pub fn auditor(&self) -> Auditor {
        let verifier = self.station.log.verifier();
        Auditor { path: self.station.folder.log(), key: verifier.key, origin: verifier.name }
    }

    /// Logs that the entries that match are exported, and returns what writes them without the station:
    /// of a large log that takes seconds, and nobody at the door waits for it.
    pub fn begin_export(&mut self, filter: &JournalFilter, format: ExportFormat) -> Result<Export, Denied> {
        let filter = checked(filter)?;
        self.station.record(Event::Exported, Role::Inspector, self.now)?;
        Ok(Export { path: self.station.folder.log(), filter, format })
    }

    /// Everything that was logged with `from <= at < until` (seconds UTC), to be written out with its proof. That is
    /// logged first.
    pub fn begin_proven_export(
        &mut self,
        from: i64,
        until: i64,
        format: ExportFormat,
    ) -> Result<ProvenExport, Denied> {
        if until < from {
            return Err(Denied::Invalid("the span ends before it begins".to_owned()));
        }
        self.station.record(Event::Exported, Role::Inspector, self.now)?;
        let request =
            Request { from: Some(from), until: Some(until), format: format.into(), exported_at: self.now };
        let device = self.station.log.signing_key().clone();
        Ok(ProvenExport { path: self.station.folder.log(), device, request })
    }

    /// Begins the counts of this day and hour anew, and people inside with nobody.
    pub fn reset_counters(&mut self) -> Result<(), Denied> {
        self.station.record(Event::CountersReset, Role::Inspector, self.now)?;
        Ok(self.station.begin_counters()?)
    }
}

impl Auditor {
    /// Recomputes the whole log and compares it with what this device signed.
    pub fn verify(&self) -> Result<ProofView, Error> {
        let reader = Reader::open(&self.path)?;
        let report = reader.verify(Some(&self.key))?;
        let other = report.checkpoint.as_ref().filter(|checkpoint| checkpoint.origin != self.origin);
        let other = other.map(|checkpoint| {
            format!("it is another log: {}", credential::display::escape(&checkpoint.origin))
        });
        let faults: Vec<String> = report.faults.iter().map(ToString::to_string).chain(other).collect();
        let signed = report.checkpoint.is_some();
        Ok(ProofView {
            holds: faults.is_empty(),
            entries: report.entries,
            spans: report.spans().iter().map(SpanView::from).collect(),
            alone: report.unwitnessed(),
            erased: report.erased,
            steps_back: report.steps_back.len() as u64 + report.more_steps_back,
            witnesses: reader.witnesses()?.iter().map(WitnessView::from).collect(),
            origin: self.origin.clone(),
            faults,
            more_faults: report.more_faults,
            root: report.root.iter().map(|byte| format!("{byte:02x}")).collect(),
            checkpoint: signed.then(|| reader.checkpoint()).transpose()?,
        })
    }
}

/// A filter of the page as the log takes it.
fn checked(filter: &JournalFilter) -> Result<Filter, Denied> {
    let invalid = |what: &str| Err(Denied::Invalid(what.to_owned()));
    if filter.from.zip(filter.until).is_some_and(|(from, until)| until < from) {
        return invalid("this span ends before it begins: choose its days again");
    }
    if filter.outcomes.len() > scanlog::Outcome::ALL.len() {
        return invalid("an outcome is chosen twice: choose each once");
    }
    if filter.reason.as_ref().is_some_and(|reason| !scanlog::entry::is_word(reason)) {
        return invalid("no entry has such a reason: choose one of the list");
    }
    Ok(Filter {
        from: filter.from,
        until: filter.until,
        outcomes: filter.outcomes.iter().map(|outcome| (*outcome).into()).collect(),
        reason: filter.reason.clone(),
        operator: filter.operator,
    })
}
