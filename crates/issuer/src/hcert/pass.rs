//! A record as a general pass (`keys/schema/pass.cddl`).

use ciborium::Value;
use credential::general::{self, MAX_TEXT, MAX_ZONES, SCHEME, key};

use super::dcc::checked;
use super::{int, text};
use crate::error::Error;
use crate::record::{General, Record};

/// The pass's map, and its identifier.
pub(super) fn payload(
    record: &Record,
    pass: &General,
    index: u64,
    uri: &str,
) -> Result<(Value, String), Error> {
    let (kind, _) = general::KINDS
        .iter()
        .find(|(_, kind)| *kind == pass.kind)
        .ok_or_else(|| Error::field("kind", "is none of card, badge, appointment and ticket"))?;
    if pass.title.trim().is_empty() {
        return Err(Error::field("title", "is empty: say what the pass is for"));
    }
    let place =
        Value::Array(vec![Value::Integer(index.into()), text(uri.strip_prefix(SCHEME).unwrap_or(uri))]);
    let mut map = vec![(int(key::KIND), int(*kind)), (int(key::STATUS), place)];
    let texts = [
        (key::TITLE, "title", Some(pass.title.as_str())),
        (key::ID, "id", record.id.as_deref()),
        (key::FAMILY_NAME, "family_name", Some(record.family_name.as_str())),
        (key::GIVEN_NAME, "given_name", Some(record.given_name.as_str())),
        (key::DATE_OF_BIRTH, "date_of_birth", Some(record.date_of_birth.as_str())),
        (key::DETAIL, "detail", pass.detail.as_deref()),
    ];
    for (key, field, value) in texts {
        if let Some(value) = value.map(str::trim).filter(|value| !value.is_empty()) {
            map.push((int(key), text(checked(field, value)?)));
        }
    }
    if pass.zones.len() > MAX_ZONES {
        return Err(Error::field(
            "zones",
            format!("are {}, {MAX_ZONES} at most: leave some out", pass.zones.len()),
        ));
    }
    if !pass.zones.is_empty() {
        let zones = pass.zones.iter().map(|zone| checked("zones", zone).map(text));
        map.push((int(key::ZONES), Value::Array(zones.collect::<Result<_, _>>()?)));
    }
    if let Some(uses) = pass.uses {
        map.push((int(key::USES), int(uses.into())));
    }
    let id = record.id.clone().unwrap_or_else(|| general::id_of_place(index, uri));
    Ok((Value::Map(map), id))
}

// Issuing and judging hold texts to one length.
const _: () = assert!(MAX_TEXT == super::dcc::MAX_TEXT);
