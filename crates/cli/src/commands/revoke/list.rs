//! What is revoked, shown.

use std::process::ExitCode;

use issuer::{Mark, RevokedPasses};
use serde_json::{Value, json};
use station::view::rfc3339;

use crate::exit::Outcomes;
use crate::terminal::say;

pub fn show(passes: &RevokedPasses, json: bool) -> Outcomes {
    let revoked = passes.marks().filter(|mark| mark.revoked).count();
    if json {
        let marks: Vec<_> = passes.marks().map(mark_json).collect();
        say(json!({ "places": passes.given_out(), "revoked": revoked, "passes": marks }))?;
        return Ok(ExitCode::SUCCESS);
    }
    for mark in passes.marks() {
        say(line(mark))?;
    }
    say(format!("passes revoked: {revoked}, of {} places given out", passes.given_out()))?;
    Ok(ExitCode::SUCCESS)
}

fn line(mark: &Mark) -> String {
    let done = if mark.revoked { "revoked " } else { "restored" };
    let id = mark.id.as_deref().map(credential::display::escape).unwrap_or_default();
    let reason = credential::display::escape(&mark.reason);
    format!("{:>9}  {done}  {}  {id}  {reason}", mark.place, rfc3339(mark.at)).trim_end().to_owned()
}

fn mark_json(mark: &Mark) -> Value {
    json!({
        "status_index": mark.place,
        "revoked": mark.revoked,
        "at": rfc3339(mark.at),
        "id": mark.id,
        "reason": mark.reason,
    })
}
