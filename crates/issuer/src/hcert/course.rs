//! The course of events: birth, then what is certified, then the pass.

use time::{Date, Duration, OffsetDateTime};

use crate::error::Error;
use crate::record::{BirthDate, Facts, Record, parse_date};

/// Where the day begins first, UTC+14: a date that has come there is no date of the future.
const FIRST_TO_BEGIN: Duration = Duration::hours(14);

/// Refuses a record in which something happens before it can have.
pub(super) fn check(record: &Record, issued_at: i64) -> Result<(), Error> {
    let issued = OffsetDateTime::from_unix_timestamp(issued_at)
        .map_err(|_| Error::field("valid_from", "must lie between the years 1970 and 9999"))?;
    let today = issued.saturating_add(FIRST_TO_BEGIN).date();
    let born = record.date_of_birth.earliest();
    not_later("date_of_birth", born, today, "the time of issue")?;
    let event = match &record.facts {
        Facts::Vaccination(vaccination) => {
            not_later("vaccinated_on", Some(vaccination.date), today, "the time of issue")?;
            vaccination.date
        }
        Facts::Test(test) if test.sampled_at > issued => {
            return Err(later("sampled_at", "the time of issue"));
        }
        Facts::Test(test) => test.sampled_at.date(),
        Facts::Recovery(recovery) => {
            not_later("first_positive", Some(recovery.first_positive), today, "the time of issue")?;
            if recovery.from < recovery.first_positive {
                return Err(Error::field("recovery_from", "lies before first_positive: correct one of them"));
            }
            recovery.first_positive
        }
        Facts::General(_) => today,
    };
    not_later("date_of_birth", born, event, "what the pass is for")
}

fn not_later(field: &'static str, date: Option<Date>, limit: Date, event: &str) -> Result<(), Error> {
    if date.is_some_and(|date| date > limit) { Err(later(field, event)) } else { Ok(()) }
}

fn later(field: &'static str, event: &str) -> Error {
    Error::field(field, format!("lies after {event}: correct it"))
}

impl BirthDate {
    /// The first day that it can mean; `None` when it says nothing.
    fn earliest(&self) -> Option<Date> {
        let missing = match self.as_str().len() {
            4 => "-01-01",
            7 => "-01",
            _ => "",
        };
        parse_date(&format!("{}{missing}", self.as_str()))
    }
}
