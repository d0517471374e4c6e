//! What a person gets to read.

use scanlog::Error;

/// What a person gets to read: one line that names the file and says what to do.
pub fn line(error: &Error) -> String {
    let line = error.to_string();
    assert!(!line.contains('\n') && line.contains("scan.log") && line.contains(';'), "{line}");
    line
}
