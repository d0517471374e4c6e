//! What testing rules came to.

use std::fmt;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use crate::exit::one_line;

/// The longest value that a line shows, in characters; a result should be true or false.
const MAX_SHOWN: usize = 120;

/// The outcome of all tests.
#[derive(Default, Serialize)]
pub struct Report {
    pub rules: usize,
    pub tests: usize,
    pub passed: usize,
    pub failures: Vec<Finding>,
    pub warnings: Vec<Finding>,
}

/// Something about a rule, or about one of its tests.
#[derive(Serialize)]
pub struct Finding {
    /// The rule's identifier, or its folder's name where it has none.
    pub rule: String,
    pub file: String,
    /// The test's name, where it is about a test that has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<String>,
    #[serde(flatten)]
    pub what: What,
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum What {
    /// The rule came to another value.
    Differs { expected: Value, got: Value },
    /// The rule came to no value.
    Stopped { expected: Value, error: String },
    /// The file is not as it should be.
    Unfit { error: String },
    /// It can be used, but should not be as it is.
    Doubtful { warning: String },
}

impl Report {
    /// Whether everything was as expected.
    pub fn is_good(&self) -> bool {
        self.failures.is_empty()
    }

    /// All of it in one line.
    pub fn summary(&self) -> String {
        let failed = self.tests - self.passed;
        let unfit = match self.failures.len() - failed {
            0 => String::new(),
            unfit => format!("; rules that cannot be used: {unfit}"),
        };
        format!(
            "rules: {}; tests: {}, passed: {}, failed: {failed}{unfit}",
            self.rules, self.tests, self.passed
        )
    }
}

impl Finding {
    /// About a rule's own file.
    pub fn of_rule(rule: &str, file: &Path, what: What) -> Self {
        Self { rule: rule.to_owned(), file: file.display().to_string(), test: None, what }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let about = match &self.test {
            Some(test) => format!("{}: {test} ({})", self.rule, self.file),
            None => format!("{}: {}", self.rule, self.file),
        };
        f.write_str(&one_line(&format!("{about}: {}", self.what)))
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Differs { expected, got } => write!(f, "expected {}, got {}", shown(expected), shown(got)),
            Self::Stopped { expected, error } => {
                write!(f, "expected {}, got an error: {error}", shown(expected))
            }
            Self::Unfit { error } => f.write_str(error),
            Self::Doubtful { warning } => f.write_str(warning),
        }
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
