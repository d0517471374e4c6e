//! From CBOR to [`Dcc`], by eu-dcc-schema 1.0 to 1.3.
//!
//! Fields that the schema does not know are left alone, `null` counts as missing, and a
//! text can carry the CBOR tag for date and time: certificates in use have all three.

use ciborium::Value;

use super::{Certificate, Dcc, Name, Origin, Person, Recovery, Test, Vaccination, date};
use crate::cbor;
use crate::refusal::Refusal;

/// Standard date/time string (RFC 8949 §3.4.1).
const TAG_TIME: u64 = 0;

/// A map, and where in the certificate it stands.
struct Fields<'v> {
    map: &'v [(Value, Value)],
    path: &'static str,
    index: Option<usize>,
}

pub(super) fn dcc(map: &[(Value, Value)]) -> Result<Dcc, Refusal> {
    let Person { version, name, date_of_birth } = person(map)?;
    let certificate = certificate(&Fields { map, path: "", index: None })?;
    Ok(Dcc { version, name, date_of_birth, certificate })
}

/// What a DCC says of its holder, and a Swiss Certificate Light altogether.
pub(crate) fn person(map: &[(Value, Value)]) -> Result<Person, Refusal> {
    let fields = Fields { map, path: "", index: None };
    Ok(Person {
        version: version(&fields)?,
        name: name(&fields)?,
        date_of_birth: date_of_birth(&fields)?,
    })
}

/// `1.x` or `1.x.y`. Within a major version, fields are only ever added.
fn version(fields: &Fields<'_>) -> Result<String, Refusal> {
    let version = fields.text("ver")?;
    let mut parts = version.split('.');
    let numbers =
        parts.clone().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    if parts.next() == Some("1") && numbers && (1..=2).contains(&parts.count()) {
        Ok(version)
    } else {
        Err(Refusal::SchemaVersion { version })
    }
}

fn name(fields: &Fields<'_>) -> Result<Name, Refusal> {
    let map = fields.required("nam")?.as_map().ok_or_else(|| fields.wrong("nam", "no map"))?;
    let parts = Fields { map, path: "nam", index: None };
    let name = Name {
        family: parts.optional_text("fn")?.unwrap_or_default(),
        given: parts.optional_text("gn")?.unwrap_or_default(),
        family_latin: parts.latin("fnt")?,
        given_latin: parts.latin("gnt")?,
    };
    let empty = [&name.family, &name.given, &name.family_latin, &name.given_latin]
        .iter()
        .all(|part| part.trim().is_empty());
    if empty { Err(fields.wrong("nam", "no name")) } else { Ok(name) }
}

fn date_of_birth(fields: &Fields<'_>) -> Result<String, Refusal> {
    let text = fields.text("dob")?;
    if text.is_empty() || date::is_birth_date(&text) {
        Ok(text)
    } else {
        Err(fields.wrong("dob", "no date of birth"))
    }
}

fn certificate(fields: &Fields<'_>) -> Result<Certificate, Refusal> {
    let (v, t, r) = (fields.group("v")?, fields.group("t")?, fields.group("r")?);
    match (v.as_slice(), t.as_slice(), r.as_slice()) {
        ([_, ..], [], []) => {
            v.iter().map(vaccination).collect::<Result<_, _>>().map(Certificate::Vaccinations)
        }
        ([], [entry], []) => test(entry).map(Certificate::Test),
        ([], [], [entry]) => recovery(entry).map(Certificate::Recovery),
        _ => Err(Refusal::NotOneCertificate { count: v.len() + t.len() + r.len() }),
    }
}

fn vaccination(entry: &Fields<'_>) -> Result<Vaccination, Refusal> {
    Ok(Vaccination {
        target: entry.text("tg")?,
        vaccine: entry.text("vp")?,
        product: entry.text("mp")?,
        manufacturer: entry.coded("ma", entry.text("ma")?)?,
        dose: entry.dose("dn")?,
        doses: entry.dose("sd")?,
        date: entry.date("dt")?,
        origin: entry.origin()?,
    })
}

fn test(entry: &Fields<'_>) -> Result<Test, Refusal> {
    Ok(Test {
        target: entry.text("tg")?,
        method: entry.text("tt")?,
        name: entry.optional_text("nm")?,
        device: entry.optional_text("ma")?.map(|code| entry.coded("ma", code)).transpose()?,
        sampled: entry.date("sc")?,
        reported: entry.optional_text("dr")?.map(|text| entry.dated("dr", text)).transpose()?,
        result: entry.text("tr")?,
        centre: entry.optional_text("tc")?,
        origin: entry.origin()?,
    })
}

fn recovery(entry: &Fields<'_>) -> Result<Recovery, Refusal> {
    Ok(Recovery {
        target: entry.text("tg")?,
        first_positive: entry.date("fr")?,
        valid_from: entry.date("df")?,
        valid_until: entry.date("du")?,
        origin: entry.origin()?,
    })
}

impl<'v> Fields<'v> {
    fn optional(&self, field: &str) -> Option<&'v Value> {
        cbor::by_name(self.map, field).filter(|value| !value.is_null())
    }

    fn required(&self, field: &str) -> Result<&'v Value, Refusal> {
        self.optional(field).ok_or_else(|| self.wrong(field, "missing"))
    }

    fn optional_text(&self, field: &str) -> Result<Option<String>, Refusal> {
        let text = match self.optional(field) {
            None => return Ok(None),
            Some(Value::Tag(TAG_TIME, inner)) => inner.as_text(),
            Some(value) => value.as_text(),
        };
        text.map(|text| Some(text.to_owned())).ok_or_else(|| self.wrong(field, "no text"))
    }

    fn text(&self, field: &str) -> Result<String, Refusal> {
        self.optional_text(field)?.ok_or_else(|| self.wrong(field, "missing"))
    }

    fn filled_text(&self, field: &str) -> Result<String, Refusal> {
        let text = self.text(field)?;
        if text.trim().is_empty() { Err(self.wrong(field, "empty")) } else { Ok(text) }
    }

    fn date(&self, field: &str) -> Result<String, Refusal> {
        self.dated(field, self.text(field)?)
    }

    fn dated(&self, field: &str, text: String) -> Result<String, Refusal> {
        if date::is_date(&text) { Ok(text) } else { Err(self.wrong(field, "no date")) }
    }

    /// ICAO 9303: `A` to `Z` and `<`.
    fn latin(&self, field: &str) -> Result<String, Refusal> {
        let text = self.optional_text(field)?.unwrap_or_default();
        let good = text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'<');
        if good { Ok(text) } else { Err(self.wrong(field, "not in capitals A to Z and <")) }
    }

    fn dose(&self, field: &str) -> Result<u32, Refusal> {
        let number = self.required(field)?.as_integer().and_then(|number| u32::try_from(number).ok());
        number.filter(|number| *number >= 1).ok_or_else(|| self.wrong(field, "no number from 1"))
    }

    /// A code from a value set, which lists grow longer than this device's memory of them.
    fn coded(&self, field: &str, code: String) -> Result<String, Refusal> {
        if is_filler(&code) { Err(self.wrong(field, "a filler, not a code")) } else { Ok(code) }
    }

    fn origin(&self) -> Result<Origin, Refusal> {
        let country = self.text("co")?;
        if !is_country(&country) {
            return Err(self.wrong("co", "no country"));
        }
        Ok(Origin { country, issuer: self.text("is")?, id: self.filled_text("ci")? })
    }

    /// The entries of `v`, `t` or `r`; none when it is missing.
    fn group(&self, path: &'static str) -> Result<Vec<Fields<'v>>, Refusal> {
        let Some(value) = self.optional(path) else { return Ok(vec![]) };
        let entries = value.as_array().ok_or_else(|| self.wrong(path, "no list"))?;
        let entry = |(index, entry): (usize, &'v Value)| {
            let fields = Fields { map: entry.as_map().map_or(&[], Vec::as_slice), path, index: Some(index) };
            if entry.is_map() { Ok(fields) } else { Err(fields.wrong("", "no map")) }
        };
        entries.iter().enumerate().map(entry).collect()
    }

    fn wrong(&self, field: &str, fault: &'static str) -> Refusal {
        let index = self.index.map(|index| format!("[{index}]")).unwrap_or_default();
        let dot = if self.path.is_empty() || field.is_empty() { "" } else { "." };
        Refusal::SchemaViolation { field: format!("{}{index}{dot}{field}", self.path), fault }
    }
}

/// Whether this stands where a code should, but never is one on any list: nothing but nines
/// (`9999`, `ORG-9999999`).
pub fn is_filler(code: &str) -> bool {
    let digits = code.strip_prefix("ORG-").unwrap_or(code);
    digits.len() >= 4 && digits.bytes().all(|byte| byte == b'9')
}

/// Whether a certificate may name this country (`co`).
///
/// The schema: one to ten capitals, for countries and international organisations. The codes
/// of two letters that ISO 3166-1 (§8.1.3) leaves to private use name nobody, but for
/// Kosovo's `XK`, which is in use.
pub fn is_country(code: &str) -> bool {
    let private = match *code.as_bytes() {
        [b'A', b'A'] | [b'Z', b'Z'] | [b'Q', b'M'..=b'Z'] => true,
        [b'X', letter] => letter != b'K',
        _ => false,
    };
    (1..=10).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_uppercase()) && !private
}
