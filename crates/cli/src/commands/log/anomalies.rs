//! `propusk log anomalies`: what an inspector should look at.

use std::process::ExitCode;

use scanlog::anomaly::Rules;
use scanlog::{Anomaly, Filter, Reader, What};
use serde_json::json;
use station::view::rfc3339;

use super::{Place, folder};
use crate::exit::Outcomes;
use crate::terminal::{self, say};

#[derive(clap::Args)]
pub struct Args {
    /// From this moment on (RFC 3339)
    #[arg(long, value_name = "RFC3339", value_parser = terminal::parse_time)]
    from: Option<i64>,
    /// Until before this moment (RFC 3339)
    #[arg(long, value_name = "RFC3339", value_parser = terminal::parse_time)]
    until: Option<i64>,
    /// Opening hours by the place's clock, such as 09:00-18:00
    #[arg(long, value_name = "HH:MM-HH:MM", value_parser = hours)]
    open: Option<(u32, u32)>,
    /// How far that clock is ahead of UTC, such as +03:00
    #[arg(long, value_name = "±HH:MM", value_parser = offset, default_value = "+00:00", allow_hyphen_values = true)]
    offset: i32,
    #[command(flatten)]
    at: Place,
}

pub fn run(args: &Args) -> Outcomes {
    let reader = Reader::open(&folder(&args.at)?.log())?;
    let filter = Filter { from: args.from, until: args.until, ..Filter::default() };
    let rules = Rules { offset_minutes: args.offset, opening: args.open, ..Rules::default() };
    let found = scanlog::anomalies(&reader, &filter, rules)?;
    for anomaly in &found {
        if args.at.json { say(as_json(anomaly))? } else { say(line(anomaly))? }
    }
    if found.is_empty() && !args.at.json {
        say("nothing to look at")?;
    }
    Ok(ExitCode::SUCCESS)
}

fn line(anomaly: &Anomaly) -> String {
    let Anomaly { what, from, to, count } = anomaly;
    let words = match what {
        What::SamePerson => format!("one person was accepted {count} times"),
        What::Refusals => format!("{count} scans were refused one after another"),
        What::Gap => format!("no entry for {count} minutes"),
        What::ClockBack => format!("the clock was set back by {count} minutes"),
        What::ClockJumped => "the clock was set while the program ran".to_owned(),
        What::OutsideHours => format!("{count} scans outside opening hours"),
    };
    format!("{:>6}–{:<6} {} to {}  {words}", from.0, to.0, rfc3339(from.1), rfc3339(to.1))
}

fn as_json(anomaly: &Anomaly) -> serde_json::Value {
    json!({
        "name": anomaly.what.name(),
        "from": anomaly.from.0,
        "to": anomaly.to.0,
        "began": rfc3339(anomaly.from.1),
        "ended": rfc3339(anomaly.to.1),
        "count": anomaly.count,
    })
}

fn hours(text: &str) -> Result<(u32, u32), String> {
    let parsed = text.split_once('-').and_then(|(from, until)| Some((minutes(from)?, minutes(until)?)));
    let parsed = parsed.filter(|(from, until)| from != until && *from < 24 * 60 && *until < 24 * 60);
    parsed.ok_or_else(|| format!("\"{text}\" is no span of a day; write e.g. 09:00-18:00"))
}

fn offset(text: &str) -> Result<i32, String> {
    let parsed = match text.split_at_checked(1) {
        Some(("+", rest)) => minutes(rest).map(|minutes| minutes as i32),
        Some(("-", rest)) => minutes(rest).map(|minutes| -(minutes as i32)),
        _ => None,
    };
    parsed
        .filter(|minutes| minutes.abs() <= 14 * 60)
        .ok_or_else(|| format!("\"{text}\" is no offset; write e.g. +03:00"))
}

/// Minutes of `HH:MM`.
fn minutes(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let two = |text: &str| {
        (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())
    };
    let (hours, minutes): (u32, u32) = (two(hours)??, two(minutes)??);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_and_offsets_are_read_and_nonsense_is_not() {
        assert_eq!(hours("09:00-18:30"), Ok((540, 1110)));
        assert_eq!(hours("22:00-04:00"), Ok((1320, 240)));
        assert_eq!((offset("+03:00"), offset("-05:30")), (Ok(180), Ok(-330)));
        for text in ["", "9-18", "09:00", "09:00-24:00", "09:60-10:00", "09:00-09:00", "é9:00-10:00"] {
            assert!(hours(text).is_err(), "{text}");
        }
        for text in ["", "03:00", "+15:00", "+3", "é03:00"] {
            assert!(offset(text).is_err(), "{text}");
        }
    }
}
