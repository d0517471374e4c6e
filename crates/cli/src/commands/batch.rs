//! `propusk verify --batch`: JSON Lines in, one verdict per line out, in order.
//!
//! A line brings its own trust; nothing else is trusted and nothing is logged.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::ExitCode;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use credential::{Context, IssuerKey, KeySet, NothingRevoked};
use serde::Deserialize;
use serde_json::{Value, json};
use station::view::Report;

use super::claims;
use crate::exit::{self, Outcomes};
use crate::terminal;

/// The longest line taken: a QR text is at most 7,089 characters, so this leaves ample room for certificates.
const MAX_LINE_BYTES: u64 = 1 << 20;

#[derive(Deserialize)]
struct Request {
    #[serde(default)]
    id: Value,
    text: String,
    now: Option<String>,
    #[serde(default)]
    certificates: Vec<String>,
    jwks: Option<Value>,
}

/// Judges every line of standard input. `now` (seconds UTC) holds for the lines that name no time of their own.
pub fn run(now: i64) -> Outcomes {
    let mut input = BufReader::with_capacity(1 << 16, io::stdin().lock());
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut malformed = false;
    while let Some(line) = next_line(&mut input)? {
        let answer = line.and_then(|line| answer(&line, now)).unwrap_or_else(|error| {
            malformed = true;
            error
        });
        writeln!(output, "{answer}")?;
        // Answer at once when nobody has sent more yet: the other side may be waiting for it.
        if !input.buffer().contains(&b'\n') {
            output.flush()?;
        }
    }
    output.flush()?;
    Ok(if malformed { exit::failed() } else { ExitCode::SUCCESS })
}

/// The next line that is not blank; an error answer where it is too long; `None` at the end.
fn next_line(input: &mut impl BufRead) -> io::Result<Option<Result<Vec<u8>, Value>>> {
    loop {
        let mut line = Vec::new();
        if input.by_ref().take(MAX_LINE_BYTES).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if line.len() as u64 == MAX_LINE_BYTES && line.last() != Some(&b'\n') {
            input.skip_until(b'\n')?;
            return Ok(Some(Err(
                json!({ "id": null, "error": format!("line of more than {MAX_LINE_BYTES} bytes") }),
            )));
        }
        if !line.trim_ascii().is_empty() {
            return Ok(Some(Ok(line)));
        }
    }
}

fn answer(line: &[u8], default_now: i64) -> Result<Value, Value> {
    let value: Value = serde_json::from_slice(line)
        .map_err(|error| json!({ "id": null, "error": format!("not a line of JSON: {error}") }))?;
    let id = value.get("id").cloned().unwrap_or_default();
    let wrong = |error: String| json!({ "id": id, "error": error });
    let request = Request::deserialize(value).map_err(|error| wrong(error.to_string()))?;
    let now = match &request.now {
        Some(text) => terminal::parse_time(text).map_err(|error| wrong(format!("now: {error}")))?,
        None => default_now,
    };
    Ok(judge(&request, now))
}

fn judge(request: &Request, now: i64) -> Value {
    let (keys, warnings) = trust(request);
    let context = Context { keys: &keys, revocation: &NothingRevoked };
    let verdict = credential::judge_text(&request.text, context, now);
    let report = Report::new(&verdict);
    let mut answer = json!({
        "id": request.id,
        "verdict": report.verdict,
        "reason": report.reason,
        "stage": report.stage,
        "evidence": report.evidence,
    });
    if let Some(pass) = verdict.pass() {
        answer["claims"] = claims::json(pass);
    }
    if !warnings.is_empty() {
        answer["warnings"] = json!(warnings);
    }
    answer
}

/// The keys that a line brings. One that cannot be read is named, and the others hold.
fn trust(request: &Request) -> (KeySet, Vec<String>) {
    let mut keys: Vec<IssuerKey> = vec![];
    let mut warnings = vec![];
    for (index, certificate) in request.certificates.iter().enumerate() {
        match certificate_key(certificate) {
            Ok(key) => keys.push(key),
            Err(error) => warnings.push(format!("certificates[{index}]: {error}")),
        }
    }
    if let Some(jwks) = &request.jwks {
        let text = jwks.as_str().map_or_else(|| jwks.to_string(), str::to_owned);
        match trust::import::jwks(&text) {
            Ok(more) => keys.extend(more),
            Err(error) => warnings.push(format!("jwks: {error}")),
        }
    }
    (KeySet::new(keys), warnings)
}

fn certificate_key(base64: &str) -> Result<IssuerKey, String> {
    let der = STANDARD.decode(base64.trim()).map_err(|error| format!("not base64: {error}"))?;
    trust::import::certificate(&der).map_err(|error| error.to_string())
}
