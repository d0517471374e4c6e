//! `propusk verify --batch`: JSON Lines in, one verdict per line out, in order.
//!
//! A line brings its own trust; nothing else is trusted and nothing is logged.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Write};
use std::process::ExitCode;

use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use credential::{Context, InForce, IssuerKey, KeySet, NothingRevoked};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use station::view::{Fact, Outcome, Report};

use super::claims;
use crate::exit::{self, Outcomes};
use crate::lines::{Line, Lines};
use crate::terminal;

#[derive(Deserialize)]
#[serde(expecting = "an object with \"id\" and \"text\"")]
struct Request<'a> {
    text: String,
    now: Option<String>,
    certificates: Option<Vec<String>>,
    #[serde(borrow)]
    jwks: Option<&'a RawValue>,
}

/// The id of a line, whatever else may be wrong with it; given back to the letter.
#[derive(Default, Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Verdict {
        verdict: Outcome,
        reason: String,
        stage: String,
        evidence: BTreeMap<String, Fact>,
        #[serde(skip_serializing_if = "Option::is_none")]
        claims: Option<Value>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        warnings: Vec<String>,
    },
    Malformed {
        error: String,
    },
}

#[derive(Serialize)]
struct Answered<'a> {
    id: Option<&'a RawValue>,
    #[serde(flatten)]
    answer: Answer,
}

/// Judges every line of standard input by this policy. `now` (seconds UTC) holds for the lines that name no time
/// of their own.
pub fn run(policy: InForce<'_>, now: i64) -> Outcomes {
    let mut lines = Lines::new(BufReader::with_capacity(1 << 16, io::stdin().lock()));
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut malformed = false;
    while let Some(line) = lines.next_line()? {
        let id = serde_json::from_slice::<Named<'_>>(line.start()).unwrap_or_default().id;
        let answer = answer(&line, policy, now).unwrap_or_else(|error| Answer::Malformed { error });
        malformed |= matches!(answer, Answer::Malformed { .. });
        writeln!(output, "{}", serde_json::to_string(&Answered { id, answer })?)?;
        // Answer at once when nobody has sent more yet: the other side may be waiting for it.
        if !lines.input().buffer().contains(&b'\n') {
            output.flush()?;
        }
    }
    output.flush()?;
    Ok(if malformed { exit::failed() } else { ExitCode::SUCCESS })
}

fn answer(line: &Line, policy: InForce<'_>, default_now: i64) -> Result<Answer, String> {
    let json = line.json()?;
    // An array would pass for an object whose names are left out.
    if json.trim_ascii_start().first() != Some(&b'{') {
        return Err("not a JSON object: write {\"id\": …, \"text\": …}".to_owned());
    }
    let request: Request<'_> = serde_json::from_slice(json).map_err(|error| error.to_string())?;
    let now = match &request.now {
        Some(text) => terminal::parse_time(text).map_err(|error| format!("now: {error}"))?,
        None => default_now,
    };
    Ok(judge(&request, policy, now))
}

fn judge(request: &Request<'_>, policy: InForce<'_>, now: i64) -> Answer {
    let (keys, warnings) = trust(request);
    let context = Context { keys: &keys, revocation: &NothingRevoked, policy };
    let judged = credential::judge_text(&request.text, context, now);
    let Report { verdict, reason, stage, evidence } = Report::new(&judged);
    Answer::Verdict { verdict, reason, stage, evidence, claims: judged.pass().map(claims::json), warnings }
}

/// The keys that a line brings. What cannot be read is named, and the others hold.
fn trust(request: &Request<'_>) -> (KeySet, Vec<String>) {
    let mut keys: Vec<IssuerKey> = vec![];
    let mut warnings = vec![];
    for (index, certificate) in request.certificates.iter().flatten().enumerate() {
        match certificate_keys(certificate) {
            Ok(more) => keys.extend(more),
            Err(error) => warnings.push(format!("certificates[{index}]: {error}")),
        }
    }
    if let Some(jwks) = request.jwks {
        match jwks_keys(jwks) {
            Ok(more) => {
                keys.extend(more.keys);
                warnings.extend(more.left_out.iter().map(|reason| format!("jwks: {reason}")));
            }
            Err(error) => warnings.push(format!("jwks: {error}")),
        }
    }
    (KeySet::new(keys), warnings)
}

/// A certificate in base64 (either alphabet, with or without padding and line breaks) or PEM.
fn certificate_keys(text: &str) -> Result<Vec<IssuerKey>, String> {
    if text.contains("-----BEGIN ") {
        return trust::import::pem(text.as_bytes()).map_err(|error| error.to_string());
    }
    let plain = |c: char| match c {
        '-' => '+',
        '_' => '/',
        other => other,
    };
    let base64: String = text.chars().filter(|c| !c.is_ascii_whitespace()).map(plain).collect();
    let der = BASE64_STANDARD_NO_PAD
        .decode(base64.trim_end_matches('='))
        .map_err(|error| format!("not base64: {error}"))?;
    trust::import::certificate(&der).map(|key| vec![key]).map_err(|error| error.to_string())
}

/// A JWK Set, as an object or as a string that holds one.
fn jwks_keys(jwks: &RawValue) -> Result<trust::import::Jwks, String> {
    let text = serde_json::from_str::<String>(jwks.get()).unwrap_or_else(|_| jwks.get().to_owned());
    trust::import::jwks(&text).map_err(|error| error.to_string())
}
