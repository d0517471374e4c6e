//! `propusk rules eval --batch`: JSON Lines in, one result per line out, in order.

use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use certlogic::{Expression, Invalid};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::exit::{self, Failure, Outcomes};
use crate::lines::{Line, Lines};

#[derive(clap::Args)]
pub struct Args {
    /// Answer each line {"id", "logic" or "rule", "data"} with {"id", "result"} or {"id", "error"}
    #[arg(long, required = true)]
    batch: bool,
    /// JSON Lines, or `-` for those on standard input: "logic" is an expression, "rule" a whole business rule
    #[arg(value_name = "FILE|-", default_value = "-")]
    input: PathBuf,
}

/// The id of a line, whatever else may be wrong with it; given back to the letter.
#[derive(Default, Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct Answer<'a> {
    id: Option<&'a RawValue>,
    /// Which line it was, where it has no id and went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(flatten)]
    outcome: Outcome,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Result(Value),
    Error(String),
}

/// What a line asks for.
struct Request {
    logic: Value,
    data: Value,
}

pub fn run(args: &Args) -> Outcomes {
    if args.input == Path::new("-") {
        return answer_all(io::stdin().lock());
    }
    answer_all(File::open(&args.input).map_err(Failure::file(&args.input))?)
}

/// Answers every line. The exit code tells of lines that ask for nothing; that a rule comes to an
/// error is an answer.
fn answer_all(input: impl io::Read) -> Outcomes {
    let mut lines = Lines::new(BufReader::with_capacity(1 << 16, input));
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut malformed = false;
    while let Some(line) = lines.next_line()? {
        let id = serde_json::from_slice::<Named<'_>>(line.start()).unwrap_or_default().id;
        let request = request(&line);
        malformed |= request.is_err();
        let outcome = request.and_then(evaluate).map_or_else(Outcome::Error, Outcome::Result);
        let lost = id.is_none() && matches!(outcome, Outcome::Error(_));
        let answer = Answer { id, line: lost.then_some(line.number), outcome };
        writeln!(output, "{}", serde_json::to_string(&answer)?)?;
        // Answer at once when nobody has sent more yet: the other side may be waiting for it.
        if !lines.input().buffer().contains(&b'\n') {
            output.flush()?;
        }
    }
    output.flush()?;
    Ok(if malformed { exit::failed() } else { ExitCode::SUCCESS })
}

fn request(line: &Line) -> Result<Request, String> {
    let json = line.json()?;
    let mut asked: Map<String, Value> = serde_json::from_slice(json).map_err(|error| error.to_string())?;
    let logic = match (asked.remove("logic"), asked.remove("rule")) {
        (Some(logic), None) => logic,
        (None, Some(rule)) => of_rule(rule),
        (None, None) => return Err("neither \"rule\" nor \"logic\"".to_owned()),
        (Some(_), Some(_)) => return Err("both \"rule\" and \"logic\": name one".to_owned()),
    };
    Ok(Request { logic, data: asked.remove("data").unwrap_or_default() })
}

/// The logic of a business rule. What has none is taken for an expression: no operation is called `Logic`.
fn of_rule(mut rule: Value) -> Value {
    rule.get_mut("Logic").map(Value::take).unwrap_or(rule)
}

fn evaluate(request: Request) -> Result<Value, String> {
    let expression = Expression::parse(&request.logic)
        .map_err(|issues| format!("not valid CertLogic: {}", Invalid::from(issues)))?;
    expression.evaluate(&request.data).map_err(|error| error.to_string())
}
