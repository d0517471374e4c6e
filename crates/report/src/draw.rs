//! The sheets of a report: one with the proof, totals and plots, and a second with reasons, operators and events.

mod proof;

use paper::{A4, Colour, Document, Error, Fonts, Sheet, flush_right, rectangle, text};
use time::{OffsetDateTime, UtcOffset};

use crate::Subject;
use crate::chart::{self, AMBER, GREEN, GREY, INK, LINE, RED};
use crate::summary::{Counts, Summary};
use crate::words::{Language, grouped};

const MARGIN: f32 = 44.0;
const INNER: f32 = A4.0 - 2.0 * MARGIN;
const BRAND: Colour = (18, 62, 100);
const PALE: Colour = (190, 210, 230);
const WHITE: Colour = (255, 255, 255);
const PROVEN: Colour = (228, 244, 235);
const NOT_PROVEN: Colour = (253, 232, 230);
const TILE: Colour = (243, 245, 248);
/// Up to so many days, time is shown hour by hour.
const HOURLY_DAYS: i64 = 3;
/// The most bars side by side: days beyond are put together.
const MAX_BARS: usize = 62;
/// The most reasons, operators and events that a sheet has room for, the most frequent first.
const REASONS: usize = 10;
const OPERATORS: usize = 8;
const EVENTS: usize = 12;

/// Draws the report.
pub fn pdf(subject: &Subject, summary: &Summary, language: Language) -> Result<Vec<u8>, Error> {
    let fonts = Fonts::new()?;
    let title = language.pick("Report on the scan log", "Отчёт по журналу проверок");
    let mut document = Document::new(title, language.tag());
    let drawing = Drawing { fonts: &fonts, subject, summary, language };
    document.page(|sheet| drawing.first(sheet, title))?;
    document.page(|sheet| drawing.second(sheet, title))?;
    document.finish()
}

struct Drawing<'a> {
    fonts: &'a Fonts,
    subject: &'a Subject,
    summary: &'a Summary,
    language: Language,
}

impl Drawing<'_> {
    fn say<'t>(&self, english: &'t str, russian: &'t str) -> &'t str {
        self.language.pick(english, russian)
    }

    fn first(&self, sheet: &mut Sheet<'_>, title: &str) {
        self.heading(sheet, title);
        let y = self.proof(sheet, 112.0);
        let y = self.totals(sheet, y + 16.0);
        let y = self.legend(sheet, y + 28.0, self.say("Scans by hour of the day", "Проверки по часам суток"));
        let hours: Vec<_> = (0..24).map(|hour| (format!("{hour:02}"), self.summary.hours[hour])).collect();
        chart::stacked(sheet, self.fonts, (MARGIN, y, INNER, 150.0), &hours, 1);
        let (bars, step) = self.course();
        let y = self.legend(sheet, y + 194.0, self.say("Scans over time", "Проверки по времени"));
        chart::stacked(sheet, self.fonts, (MARGIN, y, INNER, 150.0), &bars, step);
        self.footer(sheet, 1);
    }

    fn second(&self, sheet: &mut Sheet<'_>, title: &str) {
        self.heading(sheet, title);
        let (bars, step) = self.course();
        let y = 128.0;
        self.section(
            sheet,
            y,
            self.say("Refused scans over time, per cent", "Отказы по времени, в процентах"),
        );
        chart::shares(sheet, self.fonts, (MARGIN, y + 14.0, INNER, 110.0), &bars, step);
        let y = y + 168.0;
        let title = self.say("Why scans were not accepted", "Почему проверки не пройдены");
        self.section(sheet, y, &shown(title, REASONS, self.summary.reasons.len()));
        let y = self.reasons(sheet, y + 10.0);
        let y = self.operators(sheet, y + 30.0);
        self.events(sheet, y + 30.0);
        self.footer(sheet, 2);
    }

    fn heading(&self, sheet: &mut Sheet<'_>, title: &str) {
        rectangle(sheet, BRAND, (0.0, 0.0, A4.0, 86.0));
        text(sheet, self.fonts.bold(20.0, WHITE), MARGIN, 38.0, INNER - 90.0, title);
        text(sheet, self.fonts.regular(10.0, PALE), MARGIN, 56.0, INNER, &self.subject.logs.join(", "));
        text(sheet, self.fonts.regular(10.0, PALE), MARGIN, 72.0, INNER, &self.span());
        flush_right(sheet, self.fonts.bold(12.0, WHITE), A4.0 - MARGIN, 38.0, 80.0, "Propusk");
    }

    fn span(&self) -> String {
        match self.summary.span {
            Some((first, last)) => {
                let entries = self.say("Entries from", "Записи с");
                format!("{entries} {} {} {}", self.moment(first), self.say("to", "по"), self.moment(last))
            }
            None => self.say("No entries", "Записей нет").to_owned(),
        }
    }

    /// The proof in words. Gives back where it ends.
    fn proof(&self, sheet: &mut Sheet<'_>, top: f32) -> f32 {
        let proof = &self.subject.proof;
        let mut lines = if proof.holds { self.proven(proof) } else { self.not_proven(proof) };
        lines.push(format!("{}: {}", self.say("Signed root", "Подписанный корень"), proof.root));
        let (paper, ink, title) = if proof.holds {
            (PROVEN, GREEN, self.say("Proven complete and unchanged", "Доказано: журнал полон и не изменён"))
        } else {
            (NOT_PROVEN, RED, self.say("NOT PROVEN", "НЕ ДОКАЗАНО"))
        };
        let height = 34.0 + lines.len() as f32 * 13.0;
        rectangle(sheet, paper, (MARGIN, top, INNER, height));
        rectangle(sheet, ink, (MARGIN, top, 4.0, height));
        text(sheet, self.fonts.bold(13.0, ink), MARGIN + 16.0, top + 21.0, INNER - 32.0, title);
        for (place, line) in lines.iter().enumerate() {
            let y = top + 38.0 + place as f32 * 13.0;
            text(sheet, self.fonts.regular(9.0, INK), MARGIN + 16.0, y, INNER - 32.0, line);
        }
        top + height
    }

    fn totals(&self, sheet: &mut Sheet<'_>, top: f32) -> f32 {
        let scans = &self.summary.scans;
        let events = self.summary.events.values().sum();
        let tiles = [
            (self.say("scans", "проверок"), scans.total(), INK),
            (self.say("accepted", "принято"), scans.accepted, GREEN),
            (self.say("refused", "отказано"), scans.refused, RED),
            (self.say("cannot tell", "не решено"), scans.cannot_tell, (166, 110, 8)),
            (self.say("events", "событий"), events, GREY),
        ];
        let width = (INNER - 4.0 * 8.0) / 5.0;
        for (place, (name, count, colour)) in tiles.into_iter().enumerate() {
            let x = MARGIN + place as f32 * (width + 8.0);
            rectangle(sheet, TILE, (x, top, width, 48.0));
            text(sheet, self.fonts.bold(17.0, colour), x + 10.0, top + 23.0, width - 16.0, &grouped(count));
            text(sheet, self.fonts.regular(9.0, GREY), x + 10.0, top + 38.0, width - 16.0, name);
        }
        if self.summary.demo > 0 {
            let demo = self.say("of them by passes of a DEMO authority", "из них по пропускам ДЕМО-центра");
            let line = format!("{}: {}", demo, grouped(self.summary.demo));
            text(sheet, self.fonts.regular(8.5, GREY), MARGIN, top + 62.0, INNER, &line);
            return top + 62.0;
        }
        top + 48.0
    }

    /// A plot's title with what the colours mean. Gives back where the plot begins.
    fn legend(&self, sheet: &mut Sheet<'_>, y: f32, title: &str) -> f32 {
        self.section(sheet, y, title);
        let names = [
            (self.say("accepted", "принято"), GREEN),
            (self.say("refused", "отказано"), RED),
            (self.say("cannot tell", "не решено"), AMBER),
        ];
        chart::legend(sheet, self.fonts, (MARGIN + INNER - 232.0, y), &names);
        y + 14.0
    }

    fn section(&self, sheet: &mut Sheet<'_>, y: f32, title: &str) {
        text(sheet, self.fonts.bold(11.5, INK), MARGIN, y, INNER, title);
    }

    /// The scans over time, hour by hour or day by day, without holes; and which bars are labelled.
    fn course(&self) -> (Vec<(String, Counts)>, usize) {
        let days = &self.summary.days;
        let (Some((&first, _)), Some((&last, _))) = (days.first_key_value(), days.last_key_value()) else {
            return (vec![], 1);
        };
        if last.saturating_sub(first) < HOURLY_DAYS {
            let label = |hour: i64| format!("{:02}", hour.rem_euclid(24));
            let (Some((&from, _)), Some((&to, _))) =
                (self.summary.by_hour.first_key_value(), self.summary.by_hour.last_key_value())
            else {
                return (vec![], 1);
            };
            let bars: Vec<_> = (from..=to)
                .map(|hour| (label(hour), self.summary.by_hour.get(&hour).copied().unwrap_or_default()))
                .collect();
            let step = bars.len().div_ceil(24);
            return (bars, step);
        }
        // A clock that was wrong leaves days far away: those without a scan are then left out.
        let dense = last.saturating_sub(first) < 2 * 366;
        let all: Vec<i64> = if dense { (first..=last).collect() } else { days.keys().copied().collect() };
        let bars: Vec<_> = all.chunks(all.len().div_ceil(MAX_BARS)).map(|days| self.together(days)).collect();
        let step = bars.len().div_ceil(10);
        (bars, step)
    }

    fn together(&self, days: &[i64]) -> (String, Counts) {
        let mut sum = Counts::default();
        for counts in days.iter().filter_map(|day| self.summary.days.get(day)) {
            sum.accepted += counts.accepted;
            sum.refused += counts.refused;
            sum.cannot_tell += counts.cannot_tell;
        }
        let date =
            days.first().and_then(|day| OffsetDateTime::from_unix_timestamp(day.checked_mul(86_400)?).ok());
        let label = date.map(|date| format!("{:02}.{:02}.", date.day(), u8::from(date.month())));
        (label.unwrap_or_default(), sum)
    }

    fn reasons(&self, sheet: &mut Sheet<'_>, top: f32) -> f32 {
        let mut rows: Vec<_> = self.summary.reasons.iter().collect();
        rows.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let rows: Vec<_> = rows
            .into_iter()
            .take(REASONS)
            .map(|((outcome, reason), count)| {
                let colour = if *outcome == "refused" { RED } else { AMBER };
                (self.language.name(reason).to_owned(), *count, colour)
            })
            .collect();
        self.none_if(sheet, top, rows.is_empty());
        chart::rows(sheet, self.fonts, (MARGIN, top, INNER, 0.0), &rows);
        top + rows.len().max(1) as f32 * 17.0
    }

    fn operators(&self, sheet: &mut Sheet<'_>, top: f32) -> f32 {
        let mut rows: Vec<_> = self.summary.operators.iter().collect();
        rows.sort_by(|a, b| b.1.total().cmp(&a.1.total()).then(a.0.cmp(b.0)));
        self.section(sheet, top, &shown(self.say("Operators", "Сотрудники"), OPERATORS, rows.len()));
        let columns = [0.0, 170.0, 260.0, 350.0, 430.0];
        let heads = [
            self.say("operator", "сотрудник"),
            self.say("scans", "проверок"),
            self.say("refused", "отказано"),
            self.say("refused, %", "отказано, %"),
            self.say("cannot tell", "не решено"),
        ];
        let mut y = top + 18.0;
        for (x, head) in columns.into_iter().zip(heads) {
            text(sheet, self.fonts.regular(8.0, GREY), MARGIN + x, y, 80.0, head);
        }
        self.none_if(sheet, y, self.summary.operators.is_empty());
        for (operator, counts) in rows.into_iter().take(OPERATORS) {
            rectangle(sheet, LINE, (MARGIN, y + 4.5, INNER, 0.5));
            y += 16.0;
            let name = match operator {
                Some(number) => format!("№ {number}"),
                None => self.say("nobody named", "не указан").to_owned(),
            };
            let cells = [
                name,
                grouped(counts.total()),
                grouped(counts.refused),
                format!("{:.1}", counts.refused_share() * 100.0),
                grouped(counts.cannot_tell),
            ];
            for (x, cell) in columns.into_iter().zip(&cells) {
                text(sheet, self.fonts.regular(9.5, INK), MARGIN + x, y, 100.0, cell);
            }
        }
        y
    }

    fn events(&self, sheet: &mut Sheet<'_>, top: f32) {
        let title = self.say("What happened to the station", "Что происходило со станцией");
        self.section(sheet, top, &shown(title, EVENTS, self.summary.events.len()));
        self.none_if(sheet, top + 8.0, self.summary.events.is_empty());
        let half = INNER / 2.0;
        for (place, (name, count)) in self.summary.events.iter().take(EVENTS).enumerate() {
            let (column, row) = (place % 2, place / 2);
            let (x, y) = (MARGIN + column as f32 * half, top + 20.0 + row as f32 * 15.0);
            text(sheet, self.fonts.regular(9.5, INK), x, y, half - 70.0, self.language.name(name));
            flush_right(sheet, self.fonts.bold(9.5, INK), x + half - 24.0, y, 60.0, &grouped(*count));
        }
    }

    fn none_if(&self, sheet: &mut Sheet<'_>, top: f32, none: bool) {
        if none {
            text(sheet, self.fonts.regular(9.5, GREY), MARGIN, top + 12.0, INNER, self.say("none", "нет"));
        }
    }

    fn footer(&self, sheet: &mut Sheet<'_>, number: u32) {
        rectangle(sheet, LINE, (MARGIN, 806.0, INNER, 0.6));
        let made = format!("{} {}", self.say("Made", "Составлено"), self.moment(self.subject.made_at));
        let note = self.say(
            "People and certificates stand in the log as keyed hashes: this report names nobody.",
            "Люди и сертификаты в журнале — ключевые хеши: отчёт никого не называет.",
        );
        text(sheet, self.fonts.regular(8.0, GREY), MARGIN, 819.0, INNER - 40.0, &format!("{made}. {note}"));
        flush_right(
            sheet,
            self.fonts.regular(8.0, GREY),
            A4.0 - MARGIN,
            819.0,
            40.0,
            &format!("{number} / 2"),
        );
    }

    fn moment(&self, at: i64) -> String {
        let offset = UtcOffset::from_whole_seconds(self.subject.utc_offset).unwrap_or(UtcOffset::UTC);
        let Ok(time) = OffsetDateTime::from_unix_timestamp(at) else { return at.to_string() };
        let Some(time) = time.checked_to_offset(offset) else { return at.to_string() };
        let zone = match (offset.whole_minutes(), offset.as_hms()) {
            (0, _) => "UTC".to_owned(),
            (minutes, (hours, rest, _)) => {
                let sign = if minutes < 0 { '−' } else { '+' };
                format!("UTC{sign}{}:{:02}", hours.unsigned_abs(), rest.unsigned_abs())
            }
        };
        let (year, month, day) = (time.year(), u8::from(time.month()), time.day());
        format!("{day:02}.{month:02}.{year} {:02}:{:02} {zone}", time.hour(), time.minute())
    }
}

/// A list's title, with how many of how many are shown where that is not all.
fn shown(title: &str, room: usize, all: usize) -> String {
    if all > room { format!("{title} ({room} / {all})") } else { title.to_owned() }
}

#[cfg(test)]
mod tests;
