//! What staff do besides scanning: shifts, and people inside.

use std::ops::Range;

use crate::event::Event;
use crate::store::Item;
use crate::view::{Counts, OperatorView, PeopleView};
use crate::{Denied, Error, Role, Settings, Station};

/// What is remembered of the desk, over a restart too.
#[derive(Clone, Debug, Default)]
pub(crate) struct Desk {
    pub(crate) settings: Settings,
    /// Who is on shift: one of the settings' operators.
    pub(crate) operator: Option<u32>,
    pub(crate) inside: u32,
    /// The index of the first entry that the counters count.
    pub(crate) counted_from: u64,
}

impl Desk {
    pub(crate) fn load(store: &crate::store::Store) -> Result<Self, Error> {
        let settings: Settings = store.get(Item::Settings)?.unwrap_or_default();
        settings.check_limits().map_err(|why| store.damaged(why.to_string()))?;
        let operator = store.get::<Option<u32>>(Item::Operator)?.flatten();
        Ok(Self {
            operator: operator.filter(|number| settings.operator(*number).is_some()),
            inside: store.get(Item::Inside)?.unwrap_or(0),
            counted_from: store.get(Item::CountedFrom)?.unwrap_or(0),
            settings,
        })
    }
}

impl Station {
    /// What an admin has set.
    pub fn settings(&self) -> &Settings {
        &self.desk.settings
    }

    /// Begins an operator's shift, or nobody's, at `now` (seconds UTC): whatever is logged from then on
    /// names them, also after a restart.
    pub fn begin_shift(&mut self, operator: Option<u32>, now: i64) -> Result<(), Denied> {
        if let Some(number) = operator.filter(|number| self.settings().operator(*number).is_none()) {
            return Err(Denied::Invalid(format!("there is no operator {number}: choose one of the list")));
        }
        let before = std::mem::replace(&mut self.desk.operator, operator);
        let begun = self.record(Event::ShiftBegan, Role::Staff, now).map_err(Error::from);
        let begun = begun.and_then(|()| self.store.set(Item::Operator, &operator));
        if begun.is_err() {
            self.desk.operator = before;
        }
        Ok(begun?)
    }

    /// Who is on shift.
    pub fn operator(&self) -> Option<OperatorView> {
        let operator = self.settings().operator(self.desk.operator?)?;
        Some(OperatorView { number: operator.number, name: operator.name.clone() })
    }

    /// Counts one out, where people are counted and somebody is inside.
    pub fn person_left(&mut self) -> Result<(), Denied> {
        if !self.settings().count_people || self.desk.inside == 0 {
            return Ok(());
        }
        Ok(self.set_inside(self.desk.inside - 1)?)
    }

    /// People inside, where they are counted.
    pub fn people(&self) -> Option<PeopleView> {
        let Settings { count_people, capacity, .. } = *self.settings();
        count_people.then_some(PeopleView { inside: self.desk.inside, capacity })
    }

    /// The verdicts of a span of time (half-open, seconds UTC) since the counters were begun.
    pub(crate) fn counts(&self, span: Range<i64>) -> Result<Counts, Error> {
        Ok(self.log.count_since(self.desk.counted_from, span.start, span.end)?.into())
    }

    /// How many entries the log has.
    pub(crate) fn entries(&self) -> Result<u64, Error> {
        Ok(self.log.len()?)
    }

    /// Counts one in. The count helps staff and decides nothing, so a failure keeps nobody out; it is said.
    pub(crate) fn person_came(&mut self) {
        if self.settings().count_people {
            self.last_count_failed = self.set_inside(self.desk.inside.saturating_add(1)).is_err();
        }
    }

    pub(crate) fn set_inside(&mut self, inside: u32) -> Result<(), Error> {
        // In memory it is right even where it cannot be kept.
        self.desk.inside = inside;
        self.store.set(Item::Inside, &inside)
    }

    /// Begins the counters anew with the next entry.
    pub(crate) fn begin_counters(&mut self) -> Result<(), Error> {
        let from = self.log.len()?;
        self.store.set(Item::CountedFrom, &from)?;
        self.desk.counted_from = from;
        self.set_inside(0)
    }
}
