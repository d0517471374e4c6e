//! What staff do besides scanning: shifts, and people inside.

use std::ops::Range;

use crate::event::Event;
use crate::store::{Item, json};
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
        self.record_of(Event::ShiftBegan, Role::Staff, operator, now)?;
        self.store.set(Item::Operator, &operator)?;
        self.desk.operator = operator;
        Ok(())
    }

    /// Who is on shift.
    pub fn operator(&self) -> Option<OperatorView> {
        let operator = self.settings().operator(self.desk.operator?)?;
        Some(OperatorView { number: operator.number, name: operator.name.clone() })
    }

    /// Counts one out, where people are counted and somebody is inside. A number that cannot be kept stays
    /// as it was: staff are told, and count them out again.
    pub fn person_left(&mut self) -> Result<(), Denied> {
        if !self.settings().count_people || self.desk.inside == 0 {
            return Ok(());
        }
        let inside = self.desk.inside - 1;
        self.keep_inside(inside)?;
        self.desk.inside = inside;
        Ok(())
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
    /// They are inside, so the number in memory is right even where it cannot be kept.
    pub(crate) fn person_came(&mut self) {
        if self.settings().count_people {
            self.desk.inside = self.desk.inside.saturating_add(1);
            let _ = self.keep_inside(self.desk.inside);
        }
    }

    /// Begins the counters anew with the next entry.
    pub(crate) fn begin_counters(&mut self) -> Result<(), Error> {
        let from = self.log.len()?;
        self.store.set_all(&[(Item::CountedFrom, json(&from)), (Item::Inside, json(&0))])?;
        (self.desk.counted_from, self.desk.inside) = (from, 0);
        self.last_count_failed = false;
        Ok(())
    }

    /// Puts other settings in the place of those before, and with them whatever follows: an operator who
    /// is not among them is on shift no more, and counting begins with nobody inside. All of it or nothing.
    pub(crate) fn settle(&mut self, settings: Settings, now: i64) -> Result<(), Error> {
        let before = &self.desk;
        let operator = before.operator.filter(|number| settings.operator(*number).is_some());
        let begins_counting = settings.count_people && !before.settings.count_people;
        let inside = if begins_counting { 0 } else { before.inside };
        let shift_ends = operator != before.operator;
        self.record(Event::SettingsChanged, Role::Admin, now)?;
        if shift_ends {
            self.record_of(Event::ShiftBegan, Role::Staff, operator, now)?;
        }
        self.store.set_all(&[
            (Item::Settings, json(&settings)),
            (Item::Operator, json(&operator)),
            (Item::Inside, json(&inside)),
        ])?;
        self.desk = Desk { settings, operator, inside, ..self.desk };
        self.last_count_failed = false;
        self.limit_keys();
        Ok(())
    }

    /// Keeps how many are inside, and remembers whether that failed.
    fn keep_inside(&mut self, inside: u32) -> Result<(), Error> {
        let kept = self.store.set(Item::Inside, &inside);
        self.last_count_failed = kept.is_err();
        kept
    }
}
