//! Times of rules and of what they judge: ISO 8601 in JSON, seconds UTC since 1970 here.

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serializer};

use crate::datetime::DateTime;

/// Seconds UTC of a time of day on a day, as `plusTime` reads it; a day alone or a part of one is none.
pub fn parse(text: &str) -> Option<i64> {
    text.contains('T').then(|| DateTime::parse(text))?.map(DateTime::unix_seconds)
}

/// Seconds UTC as a date-time (`2021-06-01T00:00:00Z`) that `plusTime` reads; `None` beyond ECMAScript's dates.
pub fn format(seconds: i64) -> Option<String> {
    // The schema of the EU's gateway wants no milliseconds.
    DateTime::from_unix_seconds(seconds).map(|time| time.to_string().replace(".000Z", "Z"))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse(&text).ok_or_else(|| D::Error::custom("no time of the form 2021-06-01T00:00:00Z"))
}

// serde hands out a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
pub(crate) fn serialize<S: Serializer>(seconds: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    let text = format(*seconds).ok_or_else(|| S::Error::custom("no time that has a date"))?;
    serializer.serialize_str(&text)
}
