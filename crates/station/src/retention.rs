//! How long scans are kept, and what is left to show of those that were erased.

use scanlog::{Entry, Purge, Purged, anomaly};

use crate::event::Event;
use crate::view::rfc3339;
use crate::{Error, Role, Station};

const DAY: i64 = 86_400;

impl Station {
    /// Erases scans that are older at `now` (seconds UTC) than [`Settings::keep_days`](crate::Settings::keep_days), as
    /// many as the door can wait for: there may be [more](Purged::more). What was erased is logged.
    pub fn purge(&mut self, now: i64) -> Result<Purged, Error> {
        self.purge_by(now, now)
    }

    /// Erases what is too old at `believed`, and says that this was `now`: what was logged since is young, whatever
    /// is believed.
    fn purge_by(&mut self, believed: i64, now: i64) -> Result<Purged, Error> {
        let [believed, now] = [believed, now].map(|at| self.at_least_signed(at));
        let before = believed.saturating_sub(i64::from(self.settings().keep_days) * DAY);
        let event = self.event(Event::Purged, Role::Admin, None, now);
        let mut salt = scanlog::Salt::default();
        (self.random)(&mut salt);
        Ok(self.log.purge(before, &event, salt)?)
    }

    /// The same once after the start and once a day, by a clock that can be believed: not one that was set while
    /// the program ran, and no later than the trusted keys may be used. A clock that somebody set years ahead
    /// erases nothing that is young.
    pub(crate) fn purge_if_due(&mut self, now: i64) {
        let due = self.purged_at.is_none_or(|at| now.saturating_sub(at) >= DAY || now < at);
        if !due || self.clock.jumped {
            return;
        }
        self.purged_at = Some(now);
        let believed = self.keys_usable_until().map_or(now, |until| until.min(now));
        // Where it cannot be done today, it is tried tomorrow; an entry that cannot be written is told of by itself.
        // What is not gone yet, or was too much at once, comes next.
        if self.purge_by(believed, now).is_ok_and(|purged| !purged.wiped) {
            self.purged_at = None;
        }
    }

    /// What was erased so far, for a data-protection officer: in Russian and in English, signed by this device
    /// (C2SP signed note).
    pub fn destruction_record(&self, now: i64) -> Result<String, Error> {
        let purges = self.log.purge_entries()?;
        let verifier = self.log.verifier();
        let lines: Vec<String> =
            purges.iter().filter_map(|entry| Some(line(entry, Purge::of(entry)?))).collect();
        let erased = purges.iter().filter_map(Purge::of).map(|purge| purge.erased);
        // Nothing of it is proven here.
        let total = erased.fold(0, u64::saturating_add);
        let days = self.settings().keep_days;
        let (name, at) = (credential::display::escape(&self.name), rfc3339(now));
        let mut table = lines.join("\n");
        if lines.is_empty() {
            table = "—".to_owned();
        }
        let text = format!(
            "propusk destruction record 1\n\n\
             АКТ ОБ УНИЧТОЖЕНИИ ЗАПИСЕЙ ЖУРНАЛА ПРОВЕРОК\n\
             Станция: {name}\nЖурнал: {origin}\nСоставлен: {at}\nСрок хранения: {days} сут.\n\
             Уничтожено записей: {total}. У каждой стёрты содержание (псевдонимы сертификата и человека, вердикт,\n\
             причина, шаг, вид, время, версия ключей, оператор) и соль. Способ: удаление из базы данных SQLite с\n\
             перезаписью нулями (secure_delete) и усечением журнала WAL. Остался хеш записи, по которому содержание\n\
             не восстановить. Выгрузки и резервные копии этим не стираются.\n\n\
             RECORD OF DESTRUCTION OF SCAN LOG ENTRIES\n\
             Station: {name}\nLog: {origin}\nMade: {at}\nKept for: {days} days\n\
             Entries erased: {total}. Of each, the content (the pseudonyms of certificate and person, verdict, reason,\n\
             step, kind, time, version of the keys, operator) and the salt were erased, by deleting them from the\n\
             SQLite database, overwritten with zeroes (secure_delete), and truncating its WAL. What is left of each is\n\
             a hash, from which the content cannot be found again. Exports and backups are not erased by this.\n\n\
             запись / entry | время / time | с № / from | по № / to | уничтожено / erased\n{table}\n",
            origin = verifier.name,
        );
        Ok(self.log.sign_text(&text)?)
    }

    /// What an inspector is told of, for a place whose clocks are so many minutes ahead of UTC.
    pub fn anomaly_rules(&self, offset: i32) -> anomaly::Rules {
        let settings = self.settings();
        let opening = settings.open_from.zip(settings.open_until).filter(|(from, until)| from != until);
        anomaly::Rules { offset_minutes: offset, opening, ..anomaly::Rules::default() }
    }
}

fn line(entry: &Entry, purge: Purge) -> String {
    let Purge { from, end, erased } = purge;
    let at = rfc3339(entry.content.at);
    format!("{} | {at} | {from} | {} | {erased}", entry.index, end.saturating_sub(1))
}
