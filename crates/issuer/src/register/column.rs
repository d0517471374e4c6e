//! The columns of a register.

use std::fmt;

/// A column. `kind` is needed (unless the caller names one for all rows), of a certificate or personal pass
/// `family_name` or `given_name`, of a certificate `date_of_birth`, and what the kind needs; everything else may be
/// left out or empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// `family_name`, «фамилия».
    FamilyName,
    /// `given_name`, «имя».
    GivenName,
    /// `patronymic`, «отчество»: put behind the given name.
    Patronymic,
    /// `family_name_latin`, «фамилия латиницей»: as in the passport; else transliterated (ICAO 9303).
    FamilyNameLatin,
    /// `given_name_latin`, «имя латиницей».
    GivenNameLatin,
    /// `date_of_birth`, «дата рождения»: `YYYY-MM-DD`, `DD.MM.YYYY`, `YYYY-MM`, `YYYY`, or empty.
    DateOfBirth,
    /// `kind`, «вид»: `vaccination` («вакцинация»), `test` («тест»), `recovery` («выздоровление»), `card` («карта»),
    /// `badge` («бейдж»), `appointment` («запись») or `ticket` («билет»).
    Kind,
    /// `disease`, «болезнь»: SNOMED CT code; COVID-19 when empty.
    Disease,
    /// `country`, «страна»: of the event, alpha-2; the authority's when empty.
    Country,
    /// `issuer`, «кем выдан»: the authority's name when empty.
    Issuer,
    /// `id`, «номер»: certificate identifier; made when empty.
    Id,
    /// `valid_from`, «действует с»: a date (from 00:00 UTC) or RFC 3339 time; from issue when empty.
    ValidFrom,
    /// `valid_until`, «действует до»: a date (to 23:59:59 UTC) or RFC 3339 time.
    ValidUntil,
    /// `valid_days`, «дней»: instead of `valid_until`; 365 when both are empty.
    ValidDays,
    /// `vaccine`, «тип вакцины» (`vp`): follows from a known product.
    Vaccine,
    /// `product`, «препарат» (`mp`): `Sputnik-V` when empty.
    Product,
    /// `manufacturer`, «производитель» (`ma`): follows from a known product.
    Manufacturer,
    /// `dose`, «доза» (`dn`): the last of the series when empty.
    Dose,
    /// `doses`, «всего доз» (`sd`): the product's when empty.
    Doses,
    /// `vaccinated_on`, «дата вакцинации» (`dt`): a date.
    VaccinatedOn,
    /// `test_type`, «тип теста» (`tt`): `pcr` («ПЦР», when empty), `antigen` («антиген») or a LOINC code.
    TestType,
    /// `test_name`, «название теста» (`nm`).
    TestName,
    /// `test_device`, «изделие» (`ma`): EU list number of a rapid test.
    TestDevice,
    /// `sampled_at`, «взят» (`sc`): RFC 3339 time with its offset.
    SampledAt,
    /// `result`, «результат» (`tr`): `negative` («отрицательный», when empty), `positive` («положительный») or a SNOMED CT code.
    Result,
    /// `test_centre`, «лаборатория» (`tc`): a PCR test needs it.
    TestCentre,
    /// `first_positive`, «первый положительный» (`fr`): a date.
    FirstPositive,
    /// `recovery_from`, «выздоровление с» (`df`): a date; 11 days after the first positive test when empty.
    RecoveryFrom,
    /// `recovery_until`, «выздоровление до» (`du`): a date; 180 days after the first positive test when empty.
    RecoveryUntil,
    /// `title`, «название»: what a card, badge, appointment or ticket is for.
    Title,
    /// `zones`, «зоны»: where it is valid, with `;` or `|` between them; everywhere when empty. An appointment's place.
    Zones,
    /// `uses`, «проходов»: how often it can be used, 1 to 1000; as often as you like when empty.
    Uses,
    /// `detail`, «подробности»: seat, department, service.
    Detail,
}

use Column::*;

/// Every column with its English and its Russian name, in the order of the enum.
const NAMES: [(Column, &str, &str); 33] = [
    (FamilyName, "family_name", "фамилия"),
    (GivenName, "given_name", "имя"),
    (Patronymic, "patronymic", "отчество"),
    (FamilyNameLatin, "family_name_latin", "фамилия латиницей"),
    (GivenNameLatin, "given_name_latin", "имя латиницей"),
    (DateOfBirth, "date_of_birth", "дата рождения"),
    (Kind, "kind", "вид"),
    (Disease, "disease", "болезнь"),
    (Country, "country", "страна"),
    (Issuer, "issuer", "кем выдан"),
    (Id, "id", "номер"),
    (ValidFrom, "valid_from", "действует с"),
    (ValidUntil, "valid_until", "действует до"),
    (ValidDays, "valid_days", "дней"),
    (Vaccine, "vaccine", "тип вакцины"),
    (Product, "product", "препарат"),
    (Manufacturer, "manufacturer", "производитель"),
    (Dose, "dose", "доза"),
    (Doses, "doses", "всего доз"),
    (VaccinatedOn, "vaccinated_on", "дата вакцинации"),
    (TestType, "test_type", "тип теста"),
    (TestName, "test_name", "название теста"),
    (TestDevice, "test_device", "изделие"),
    (SampledAt, "sampled_at", "взят"),
    (Result, "result", "результат"),
    (TestCentre, "test_centre", "лаборатория"),
    (FirstPositive, "first_positive", "первый положительный"),
    (RecoveryFrom, "recovery_from", "выздоровление с"),
    (RecoveryUntil, "recovery_until", "выздоровление до"),
    (Title, "title", "название"),
    (Zones, "zones", "зоны"),
    (Uses, "uses", "проходов"),
    (Detail, "detail", "подробности"),
];

impl Column {
    /// How many there are.
    pub(super) const COUNT: usize = NAMES.len();

    /// Every column, in the order of the enum.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.into_iter().map(|(column, ..)| column)
    }

    /// Its English name, as in a header.
    pub fn name(self) -> &'static str {
        NAMES[self as usize].1 // safe: one line per variant, in their order
    }

    /// Its Russian name, as in a header.
    pub fn name_ru(self) -> &'static str {
        NAMES[self as usize].2 // safe: one line per variant, in their order
    }

    /// The column with this name, in either language and any case; `_` and space are alike.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let plain = name.trim().to_lowercase().replace(' ', "_").replace('ё', "е");
        NAMES
            .into_iter()
            .find(|(_, en, ru)| plain == *en || plain == ru.replace(' ', "_"))
            .map(|(column, ..)| column)
    }
}

impl fmt::Display for Column {
    /// Its English name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
