//! `propusk log verify EXPORT`: the proof of an export, without the device.

use std::path::Path;
use std::process::ExitCode;

use export::{Check, check};
use scanlog::note::Verifier;
use serde_json::{Value, json};

use super::{device_file, hex};
use crate::exit::{Failure, Outcomes, one_line};
use crate::terminal::{self, say};

/// Checks the export in this folder.
pub fn run(folder: &Path, key: Option<&str>, as_json: bool) -> Outcomes {
    let expected = key.map(verifier).transpose()?;
    let total = export::check::manifest(folder)?.0;
    let (mut done, mut progress) = (0, terminal::progress("verify"));
    let check = check(folder, expected.as_ref(), &[], &mut |_| {
        done += 1;
        progress.at(done, total.end - total.first);
    })?;
    drop(progress);
    if as_json {
        say(as_value(&check))?
    } else {
        say(lines(&check))?
    }
    Ok(if check.holds() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// A log's name and key: the text itself, or a file that holds it (a station's `device.pub`).
pub fn verifier(key: &str) -> Result<Verifier, Failure> {
    let text = match Verifier::parse(key) {
        Ok(verifier) => return Ok(verifier),
        Err(_) => device_file(Path::new(key)).map_err(Failure::file(Path::new(key)))?,
    };
    let text = String::from_utf8_lossy(&text);
    Verifier::parse(text.trim_end()).map_err(|error| {
        Failure::new(format!(
            "{key}: not a station's public key ({error}): name its device.pub, or give its text"
        ))
    })
}

fn lines(check: &Check) -> String {
    let manifest = &check.manifest;
    let name = credential::display::escape(&manifest.log.name);
    if !check.holds() {
        let mut lines = vec![format!("NOT PROVEN: {} entries in the export of {name}", check.entries)];
        lines.extend(check.faults.iter().map(|fault| format!("  {}", one_line(&fault.to_string()))));
        if check.more_faults > 0 {
            lines.push(format!("  and {} faults more", check.more_faults));
        }
        return lines.join("\n");
    }
    let what = if manifest.is_whole() {
        format!("proven: {} entries, the whole log, none changed, missing or added", check.entries)
    } else if check.entries == 0 {
        format!("proven: no entry was exported of the {} that the log had", manifest.size)
    } else {
        let last = manifest.end - 1;
        format!(
            "proven: {} entries, {} to {last} of {}, none between them changed, missing or added",
            check.entries, manifest.first, manifest.size
        )
    };
    let mut lines = vec![what];
    if check.erased > 0 {
        lines.push(format!("  of {} the content was erased; that they were logged is proven", check.erased));
    }
    lines.push(format!("  exported {}", export::rfc3339(manifest.exported_at)));
    lines.push(format!("  root {}", hex(manifest.root)));
    lines.push(if check.key_expected {
        format!("  signed by {name}, with the key that you gave")
    } else {
        format!(
            "  signed by {name}, with the key that the export itself names: compare it with the station's\n    {}",
            credential::display::escape(&manifest.log.to_string())
        )
    });
    lines.join("\n")
}

fn as_value(check: &Check) -> Value {
    let manifest = &check.manifest;
    json!({
        "proven": check.holds(),
        "origin": manifest.log.name,
        "key": manifest.log.to_string(),
        "key_expected": check.key_expected,
        "entries": check.entries,
        "erased": check.erased,
        "first": manifest.first,
        "end": manifest.end,
        "size": manifest.size,
        "root": hex(manifest.root),
        "exported_at": export::rfc3339(manifest.exported_at),
        "faults": check.faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "more_faults": check.more_faults,
    })
}
