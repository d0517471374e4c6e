//! `propusk log report`: a log, or an export of one, as a report to print.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use report::{Key, Language, Proof, Subject, Summary, Witnessed};
use scanlog::{Filter, Reader};

use super::exported;
use super::{Place, folder, hex, verifier};
use crate::exit::{Failure, Outcomes, one_line};
use crate::terminal::{self, say};

#[derive(clap::Args)]
pub struct Args {
    /// An export's folder, instead of a station's
    #[arg(value_name = "EXPORT", conflicts_with = "station")]
    export: Option<PathBuf>,
    /// The PDF to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Its language: en or ru
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = language)]
    lang: Language,
    /// How far local time is ahead of UTC, such as +03:00
    #[arg(long, value_name = "OFFSET", default_value = "+00:00", allow_hyphen_values = true, value_parser = offset)]
    utc_offset: i32,
    /// The station's public key: its device.pub, or the text in it
    #[arg(long, value_name = "KEY", requires = "export")]
    key: Option<String>,
    #[command(flatten)]
    at: Place,
}

pub fn run(args: &Args) -> Outcomes {
    let mut summary = Summary::new(args.utc_offset);
    let (log, proof) = match &args.export {
        Some(export) => exported(export, args.key.as_deref(), &mut summary)?,
        None => on_the_device(&args.at, &mut summary)?,
    };
    let subject = Subject {
        logs: vec![credential::display::escape(&log)],
        made_at: terminal::now(),
        utc_offset: args.utc_offset,
        proof,
    };
    let pdf = report::pdf(&subject, &summary, args.lang)?;
    std::fs::write(&args.out, pdf).map_err(Failure::file(&args.out))?;
    say(format!("report of {} scans in {}", summary.scans.total(), args.out.display()))?;
    if subject.proof.holds {
        return Ok(ExitCode::SUCCESS);
    }
    say("  NOT PROVEN: it says why")?;
    Ok(ExitCode::from(1))
}

fn exported(folder: &Path, key: Option<&str>, summary: &mut Summary) -> Result<(String, Proof), Failure> {
    let expected = key.map(exported::verifier).transpose()?;
    let check = export::check(folder, expected.as_ref(), &[], &mut |leaf| {
        leaf.content.iter().for_each(|(entry, _)| summary.add(entry));
    })?;
    let manifest = check.manifest;
    let proof = Proof {
        holds: check.faults.is_empty(),
        key: if check.key_expected { Key::Given } else { Key::Named },
        size: manifest.size,
        range: (manifest.first, manifest.end),
        erased: check.erased,
        root: hex(manifest.root),
        witnessed: vec![],
        exported_at: Some(manifest.exported_at),
        faults: check.faults.iter().map(ToString::to_string).collect(),
    };
    Ok((manifest.log.name, proof))
}

fn on_the_device(at: &Place, summary: &mut Summary) -> Result<(String, Proof), Failure> {
    let folder = folder(at)?;
    let expected = verifier(&folder)?;
    let reader = Reader::open(&folder.log())?;
    let _snapshot = reader.snapshot()?;
    let size = reader.len()?;
    reader.for_each(&Filter::default(), |entry| {
        summary.add(&entry.content);
        true
    })?;
    let report = reader.verify(Some(&expected.key))?;
    let other = report.checkpoint.as_ref().filter(|head| head.origin != expected.name);
    let other = other.map(|head| format!("it is another log: {}", credential::display::escape(&head.origin)));
    let faults: Vec<String> = report.faults.iter().map(ToString::to_string).chain(other).collect();
    let witnessed = report.spans().iter().map(witnessed).collect();
    let proof = Proof {
        holds: faults.is_empty(),
        key: Key::Device,
        size,
        range: (0, size),
        erased: report.erased,
        root: hex(report.root),
        witnessed,
        exported_at: None,
        faults,
    };
    Ok((expected.name, proof))
}

fn witnessed(span: &scanlog::Span<'_>) -> Witnessed {
    let by = format!("{} (key {})", one_line(&span.by.witness.name), span.by.witness.hex_id());
    Witnessed { range: (span.from, span.end), at: span.by.at, by }
}

fn language(tag: &str) -> Result<Language, String> {
    Language::tagged(tag).ok_or_else(|| "there are en and ru".to_owned())
}

/// Seconds of `+03:00`, `-3:30` or `Z`.
fn offset(text: &str) -> Result<i32, String> {
    let wrong = || format!("\"{text}\" is no offset from UTC; write e.g. +03:00");
    let (sign, digits) = match text.split_at_checked(1) {
        Some(("+", rest)) => (1, rest),
        Some(("-", rest)) => (-1, rest),
        _ if text == "Z" => return Ok(0),
        _ => return Err(wrong()),
    };
    let (hours, minutes) = digits.split_once(':').unwrap_or((digits, "0"));
    let number =
        |text: &str, most: i32| text.parse::<i32>().ok().filter(|number| (0..=most).contains(number));
    let (hours, minutes) = number(hours, 14).zip(number(minutes, 59)).ok_or_else(wrong)?;
    Ok(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_read() {
        let table = [
            ("+03:00", Some(10_800)),
            ("-3:30", Some(-12_600)),
            ("Z", Some(0)),
            ("+5", Some(18_000)),
            ("+15:00", None),
            ("3", None),
            ("", None),
        ];
        for (text, seconds) in table {
            assert_eq!(offset(text).ok(), seconds, "{text}");
        }
    }
}
