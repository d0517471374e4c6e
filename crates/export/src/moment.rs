//! Times in files.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A time in seconds UTC as RFC 3339; as a bare number outside the years 0 to 9999.
pub fn rfc3339(at: i64) -> String {
    OffsetDateTime::from_unix_timestamp(at)
        .ok()
        .and_then(|time| time.format(&Rfc3339).ok())
        .unwrap_or_else(|| at.to_string())
}

/// The seconds UTC of what [`rfc3339`] wrote.
pub fn seconds(text: &str) -> Option<i64> {
    let parsed = OffsetDateTime::parse(text, &Rfc3339).ok();
    parsed.map(OffsetDateTime::unix_timestamp).or_else(|| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_comes_back() {
        for at in [
            i64::MIN,
            -62_167_219_201,
            -62_167_219_200,
            -1,
            0,
            1_795_000_000,
            253_402_300_799,
            253_402_300_800,
            i64::MAX,
        ] {
            assert_eq!(seconds(&rfc3339(at)), Some(at), "{}", rfc3339(at));
        }
    }

    #[test]
    fn other_text_is_no_time() {
        for text in ["", "yesterday", "2026-11-26", "1e9"] {
            assert_eq!(seconds(text), None);
        }
    }
}
