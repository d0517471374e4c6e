//! An inspector's device and this one: the log's head goes there, its cosignature comes back.

use scanlog::Witnessed;
use scanlog::witness::Answer;

use crate::event::Event;
use crate::{Denied, Error, Role, Station};

/// By how many seconds an inspector's clock may be ahead of this one, before one of them is taken for wrong: our own
/// limit. The time that it signs is believed from then on, so that none of a year to come may get in.
const AHEAD_SECONDS: i64 = 24 * 60 * 60;

/// Whether a text has the form of an inspector's answer. Nothing in it is verified: [`Station::take_cosignature`] does.
pub fn is_cosignature(text: &str) -> bool {
    Answer::parse(text).is_ok()
}

impl Station {
    /// What an inspector's device that has seen so many entries needs to cosign the log: a text for one QR code.
    pub fn witness_request(&self, seen: u64) -> Result<String, Error> {
        Ok(self.log.witness_request(self.log.verifier(), seen)?.to_string())
    }

    /// Takes an inspector's cosignature at `now` (seconds UTC). `new_witness`: somebody has compared the key of a
    /// device that has not cosigned here before. Its time has certainly passed from then on.
    pub fn take_cosignature(
        &mut self,
        answer: &str,
        new_witness: bool,
        now: i64,
    ) -> Result<Witnessed, Denied> {
        let answer = Answer::parse(answer)
            .map_err(|why| Denied::Invalid(format!("this is no inspector's answer: {why}")))?;
        let refused = |why: scanlog::Error| match why {
            scanlog::Error::Answer(_) => Denied::Invalid(why.to_string()),
            other => other.into(),
        };
        let checked = self.log.check_cosignature(&answer, new_witness).map_err(refused)?;
        if checked.at > self.at_least_signed(now).saturating_add(AHEAD_SECONDS) {
            return Err(Denied::Invalid(
                "the inspector's clock is more than a day ahead of this one: set whichever is wrong, and try again"
                    .to_owned(),
            ));
        }
        self.record(Event::Cosigned, Role::Inspector, now)?;
        let taken = self.log.take_cosignature(&answer, new_witness).map_err(refused)?;
        self.cosigned_at = self.cosigned_at.max(taken.at);
        Ok(taken)
    }
}
