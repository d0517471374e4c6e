//! The public DCC test data, read.
#![allow(dead_code)] // each test binary uses its part

use std::path::{Path, PathBuf};
use std::{env, fs};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use credential::{Context, InForce, KeySet, NothingRevoked, Verdict, judge_text};
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

pub struct Vector {
    /// The file, from the vectors' folder.
    pub name: String,
    pub text: String,
    /// The certificate's key.
    pub keys: KeySet,
    /// Seconds UTC.
    pub now: i64,
    pub expected: Map<String, Value>,
}

impl Vector {
    pub fn judged(&self) -> Verdict {
        judge_text(
            &self.text,
            Context { keys: &self.keys, revocation: &NothingRevoked, policy: InForce::Nothing },
            self.now,
        )
    }

    fn read(folder: &Path, file: &Path) -> Self {
        let name = file.strip_prefix(folder).expect("a file in it").to_string_lossy().replace('\\', "/");
        let bytes = fs::read(file).expect("a file");
        let json = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let vector: Value = serde_json::from_slice(json).unwrap_or_else(|error| panic!("{name}: {error}"));
        let context = &vector["TESTCTX"];
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{name}: no text")).to_owned();
        let der = BASE64_STANDARD.decode(text(&context["CERTIFICATE"])).expect("base64");
        let keys = KeySet::new(vec![trust::import::certificate(&der).expect("a key that we can use")]);
        let now = clock(&text(&context["VALIDATIONCLOCK"]));
        let expected = vector["EXPECTEDRESULTS"].as_object().expect("expected results").clone();
        Self { text: text(&vector["PREFIX"]), keys, now, expected, name }
    }
}

/// All of them, by name. They are not part of this repository: without them the test says
/// so and does nothing, and in CI it fails.
pub fn all() -> Option<Vec<Vector>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors/dgc");
    if folder.is_dir() {
        return Some(files(&folder).iter().map(|file| Vector::read(&folder, file)).collect());
    }
    assert!(env::var_os("CI").is_none(), "CI must not skip the vectors: {}", folder.display());
    eprintln!("SKIPPED: no public vectors at {}", folder.display());
    None
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = vec![];
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            match entry.extension() {
                _ if entry.is_dir() => folders.push(entry),
                Some(extension) if extension == "json" => files.push(entry),
                _ => {}
            }
        }
    }
    files.sort();
    files
}

/// Seconds UTC of a clock that is RFC 3339, in some files without its offset or its offset's colon.
fn clock(text: &str) -> i64 {
    let forms = [text.to_owned(), format!("{text}Z"), text.replace("+0000", "Z")];
    let time = forms.iter().find_map(|form| OffsetDateTime::parse(form, &Rfc3339).ok());
    time.expect(text).unix_timestamp()
}
