//! What a proof found, in words.

use scanlog::{Report, StepBack};
use serde_json::{Value, json};
use station::view::rfc3339;

use super::hex;
use crate::exit::one_line;

/// Steps of the clock that are listed one by one.
const STEPS: usize = 5;

pub fn lines(report: &Report, proven: bool, signer: &str) -> String {
    let mut lines = vec![];
    if proven {
        lines.push(format!(
            "proven: {} entries, none changed, missing or added",
            report.entries + report.erased
        ));
        lines.push(format!("  signed by {signer}"));
        lines.push(format!("  root {}", hex(report.root)));
    } else {
        lines.push(format!("NOT PROVEN: {} entries", report.entries));
        // What SQLite says of a file may hold names that somebody put into it.
        lines.extend(report.faults.iter().map(|fault| format!("  {}", one_line(&fault.to_string()))));
        let origin = report.checkpoint.as_ref().map(|checkpoint| &checkpoint.origin);
        let other = origin.filter(|origin| *origin != signer);
        lines.extend(other.map(|origin| format!("  it is another log: {}", one_line(origin))));
        if report.more_faults > 0 {
            lines.push(format!("  and {} faults more", report.more_faults));
        }
        lines.push("  keep this file for the inspector. A log that was put back from a backup cannot be gone on with:".to_owned());
        lines.push(
            "  set up a new station in another folder (propusk station new), whose log has a name of its own"
                .to_owned(),
        );
    }
    if report.erased > 0 {
        lines
            .push(format!("  {} scans were erased after their time; their leaves are proven", report.erased));
    }
    lines.extend(witnessed(report));
    lines.extend(steps(report));
    lines.join("\n")
}

fn witnessed(report: &Report) -> Vec<String> {
    let mut lines: Vec<String> = report
        .spans()
        .iter()
        .map(|span| {
            let (from, last, at) = (span.from, span.end.saturating_sub(1), rfc3339(span.by.at));
            let (name, key) = (one_line(&span.by.witness.name), span.by.witness.hex_id());
            format!("  entries {from} to {last} proven since {at} by {name} (key {key})")
        })
        .collect();
    lines.push(match (lines.is_empty(), report.unwitnessed()) {
        (true, _) => "  on this device's word alone: no inspector has cosigned a checkpoint".to_owned(),
        (false, 0) => "  no entry rests on this device's word alone".to_owned(),
        (false, 1) => "  the last entry rests on this device's word alone".to_owned(),
        (false, more) => format!("  the last {more} entries rest on this device's word alone"),
    });
    lines
}

fn steps(report: &Report) -> Vec<String> {
    let step = |StepBack { index, from, to }: &StepBack| {
        let (from, to) = (rfc3339(*from), rfc3339(*to));
        format!("  the clock was set back before entry {index}: from {from} to {to}")
    };
    let mut lines: Vec<String> = report.steps_back.iter().take(STEPS).map(step).collect();
    let more = (report.steps_back.len() - lines.len()) as u64 + report.more_steps_back;
    if more > 0 {
        lines.push(format!("  and at {more} places more"));
    }
    lines
}

pub fn json(report: &Report, proven: bool) -> Value {
    let span = |span: &scanlog::Span<'_>| {
        json!({
            "from": span.from, "last": span.end.saturating_sub(1), "at": rfc3339(span.by.at),
            "by": span.by.witness.name, "key": span.by.witness.hex_id(),
        })
    };
    json!({
        "proven": proven,
        "entries": report.entries,
        "erased": report.erased,
        "root": hex(report.root),
        "signed_size": report.checkpoint.as_ref().map(|checkpoint| checkpoint.size),
        "origin": report.checkpoint.as_ref().map(|checkpoint| &checkpoint.origin),
        "signer_expected": report.signer_expected,
        "witnessed": report.spans().iter().map(span).collect::<Vec<_>>(),
        "unwitnessed": report.unwitnessed(),
        "steps_back": report.steps_back.len() as u64 + report.more_steps_back,
        "faults": report.faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "more_faults": report.more_faults,
    })
}
