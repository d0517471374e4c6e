//! Passes to print: one A4 page each, Russian and English.

use credential::Kind;
use krilla::Document;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::surface::Surface;

use paper::{Colour, Fonts, centred, flush_right, rectangle, text};

use super::canvas;
use super::code::Code;
use super::sheet::{Sheet, moment};
use crate::error::Error;

/// A4 in points (ISO 216).
const PAGE: (f32, f32) = (595.28, 841.89);
/// Left and right margin.
const MARGIN: f32 = 48.0;
/// Width between the margins.
const INNER: f32 = PAGE.0 - 2.0 * MARGIN;
/// Side of the code without its quiet zone: 108 mm.
const CODE: f32 = 306.0;
/// Where the code begins.
const CODE_TOP: f32 = 424.0;

const INK: Colour = (22, 28, 36);
const GREY: Colour = (96, 106, 120);
const LINE: Colour = (216, 221, 228);
const BRAND: Colour = (18, 62, 100);
const PALE: Colour = (190, 210, 230);
const WHITE: Colour = (255, 255, 255);
const DEMO: Colour = (255, 196, 0);

/// A PDF with a page for every sheet, in their order.
pub fn pdf(sheets: &[Sheet]) -> Result<Vec<u8>, Error> {
    let fonts = Fonts::new().map_err(|error| Error::Picture(error.to_string()))?;
    let mut document = Document::new();
    document.set_metadata(metadata(sheets));
    let size = || PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| Error::Picture("no such page".into()));
    for sheet in sheets {
        let code = Code::new(&sheet.text)?;
        let mut page = document.start_page_with(size()?);
        let mut surface = page.surface();
        draw(&mut surface, &fonts, sheet, &code);
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|error| Error::Picture(format!("{error:?}")))
}

fn metadata(sheets: &[Sheet]) -> Metadata {
    let title = match sheets {
        [sheet] => format!("{} / {}", title(sheet.kind).0, title(sheet.kind).1),
        _ => "Сертификаты / Certificates".into(),
    };
    Metadata::new().title(title).language("ru".into()).creator("Propusk".into())
}

fn title(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Vaccination => ("Сертификат о вакцинации", "Vaccination certificate"),
        Kind::Test => ("Сертификат о тесте", "Test certificate"),
        Kind::Recovery => ("Сертификат о перенесённом заболевании", "Recovery certificate"),
        Kind::HealthPass => ("Санитарный пропуск", "Health pass"),
        Kind::Identity => ("Удостоверение", "Identity"),
        Kind::Card => ("Карта", "Card"),
        Kind::Badge => ("Служебное удостоверение", "Staff badge"),
        Kind::Appointment => ("Запись на приём", "Appointment"),
        Kind::Ticket => ("Билет", "Ticket"),
    }
}

fn draw(surface: &mut Surface<'_>, fonts: &Fonts, sheet: &Sheet, code: &Code) {
    heading(surface, fonts, sheet);
    let top = if sheet.demo { demo_band(surface, fonts, 92.0) } else { 92.0 };
    let top = holder(surface, fonts, sheet, top + 30.0);
    facts(surface, fonts, sheet, top + 8.0);
    canvas::code(surface, code, (PAGE.0 - CODE) / 2.0, CODE_TOP, CODE);
    if !(sheet.name.is_empty() && sheet.name_latin.is_empty()) {
        hint(surface, fonts);
    }
    footer(surface, fonts, sheet);
}

fn heading(surface: &mut Surface<'_>, fonts: &Fonts, sheet: &Sheet) {
    let (ru, en) = title(sheet.kind);
    rectangle(surface, BRAND, (0.0, 0.0, PAGE.0, 92.0));
    text(surface, fonts.bold(21.0, WHITE), MARGIN, 47.0, INNER - 60.0, ru);
    text(surface, fonts.regular(13.0, PALE), MARGIN, 70.0, INNER - 60.0, en);
    flush_right(surface, fonts.bold(21.0, WHITE), PAGE.0 - MARGIN, 47.0, 50.0, &sheet.country);
}

/// The mark that nobody overlooks. Gives back where it ends.
fn demo_band(surface: &mut Surface<'_>, fonts: &Fonts, top: f32) -> f32 {
    rectangle(surface, DEMO, (0.0, top, PAGE.0, 30.0));
    let line = "ДЕМО / DEMO — образец, не действителен · sample, not valid";
    centred(surface, fonts.bold(12.5, INK), MARGIN, top + 19.5, INNER, line);
    top + 30.0
}

/// Who it is for: what is compared with an ID document. Gives back where it ends.
fn holder(surface: &mut Surface<'_>, fonts: &Fonts, sheet: &Sheet, top: f32) -> f32 {
    if sheet.name.is_empty() && sheet.name_latin.is_empty() {
        text(surface, fonts.bold(16.0, INK), MARGIN, top + 16.0, INNER, "На предъявителя / To bearer");
        return top + 30.0;
    }
    let native = !sheet.name.is_empty() && fonts.covers(&sheet.name);
    let name = if native { &sheet.name } else { &sheet.name_latin };
    text(surface, fonts.regular(8.5, GREY), MARGIN, top, INNER, "Фамилия, имя / Surname, given name");
    text(surface, fonts.bold(22.0, INK), MARGIN, top + 26.0, INNER, name);
    let mut y = top + 26.0;
    if native && !sheet.name_latin.is_empty() && sheet.name_latin != sheet.name.to_uppercase() {
        y += 18.0;
        text(surface, fonts.regular(12.0, INK), MARGIN, y, INNER, &sheet.name_latin);
    }
    text(surface, fonts.regular(8.5, GREY), MARGIN, y + 25.0, INNER, "Дата рождения / Date of birth");
    let born = if sheet.date_of_birth.is_empty() { "—" } else { &sheet.date_of_birth };
    text(surface, fonts.bold(16.0, INK), MARGIN, y + 45.0, INNER, born);
    y + 56.0
}

/// The kind's facts and the validity, a line each.
fn facts(surface: &mut Surface<'_>, fonts: &Fonts, sheet: &Sheet, top: f32) {
    let validity = format!("{} – {}", moment(sheet.valid_from), moment(sheet.valid_until));
    let lines = sheet.facts.iter().map(|fact| (fact.label_ru, fact.label_en, fact.value.as_str()));
    let lines = lines.chain([("Действует", "Valid", validity.as_str())]);
    for (row, (ru, en, value)) in lines.enumerate() {
        let y = top + row as f32 * 25.0;
        rectangle(surface, LINE, (MARGIN, y, INNER, 0.6));
        let taken = text(surface, fonts.regular(9.5, INK), MARGIN, y + 16.0, 210.0, ru);
        let rest = 215.0 - taken;
        text(surface, fonts.regular(8.5, GREY), MARGIN + taken + 4.0, y + 16.0, rest, &format!("/ {en}"));
        text(surface, fonts.bold(10.5, INK), MARGIN + 228.0, y + 16.0, INNER - 228.0, value);
    }
}

fn hint(surface: &mut Surface<'_>, fonts: &Fonts) {
    let y = CODE_TOP + CODE + 26.0;
    let ru = "Предъявите вместе с документом, удостоверяющим личность";
    centred(surface, fonts.bold(9.5, INK), MARGIN, y, INNER, ru);
    centred(
        surface,
        fonts.regular(9.0, GREY),
        MARGIN,
        y + 13.0,
        INNER,
        "Show together with an identity document",
    );
}

fn footer(surface: &mut Surface<'_>, fonts: &Fonts, sheet: &Sheet) {
    let top = 776.0;
    rectangle(surface, LINE, (MARGIN, top, INNER, 0.6));
    let lines = [
        ("Кем выдан / Issued by", sheet.issuer.clone()),
        ("Когда выдан / Issued on", moment(sheet.issued_at)),
        ("Номер / Certificate id", sheet.id.clone()),
    ];
    for (row, (label, value)) in lines.iter().enumerate() {
        let y = top + 14.0 + row as f32 * 13.0;
        text(surface, fonts.regular(8.0, GREY), MARGIN, y, 130.0, label);
        text(surface, fonts.regular(8.5, INK), MARGIN + 132.0, y, INNER - 132.0, value);
    }
    if sheet.demo {
        rectangle(surface, DEMO, (0.0, PAGE.1 - 12.0, PAGE.0, 12.0));
    }
}
