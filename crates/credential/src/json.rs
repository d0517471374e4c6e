//! JSON (RFC 8259) as passes carry it: read once, no key twice in an object, bounded in depth; and its one canonical
//! form (RFC 8785), which signatures are over.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Deserializer, Map, Value};

/// How deep objects and lists may lie in one another. Real passes have six levels, rules of policies several times that.
const MAX_DEPTH: usize = 64;

/// The largest number that every reader of JSON has in full (RFC 7493 §2.2).
const MAX_INTEGER: u64 = (1 << 53) - 1;

/// A text that is not such JSON.
#[derive(Debug)]
pub(crate) struct Broken {
    /// What is wrong, for a refusal.
    pub(crate) fault: &'static str,
    /// The same for whoever wrote it, with its place.
    why: serde_json::Error,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.why.fmt(f)
    }
}

/// One JSON text, whole and alone.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, Broken> {
    let fault = Cell::new("not well-formed JSON");
    let mut reader = Deserializer::from_slice(bytes);
    let value = Strict { fault: &fault, depth: 0 }.deserialize(&mut reader);
    let value = value.and_then(|value| reader.end().map(|()| value));
    value.map_err(|why| Broken { fault: fault.get(), why })
}

/// The canonical form of RFC 8785. `None` where a number is no whole one within ±2^53: those that passes have are,
/// and how others are written is a matter of ECMAScript's.
pub(crate) fn canonical(value: &Value) -> Option<String> {
    let mut text = String::new();
    write(value, &mut text)?;
    Some(text)
}

fn write(value: &Value, text: &mut String) -> Option<()> {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            list(text, ['{', '}'], members, |text, (name, value)| {
                // A string is written by RFC 8785 as this library does: the seven short escapes, `\u00xx` for other
                // control characters, everything else as it is.
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                write(value, text)
            })
        }
        Value::Array(values) => list(text, ['[', ']'], values, |text, value| write(value, text)),
        Value::Number(_) => integer(value).map(|number| text.push_str(&number.to_string())),
        Value::Null | Value::Bool(_) | Value::String(_) => {
            text.push_str(&value.to_string());
            Some(())
        }
    }
}

fn list<T>(
    text: &mut String,
    [open, close]: [char; 2],
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut String, T) -> Option<()>,
) -> Option<()> {
    text.push(open);
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write(text, item)?;
    }
    text.push(close);
    Some(())
}

/// A number that is whole and that every reader has in full.
pub(crate) fn integer(value: &Value) -> Option<i64> {
    value.as_i64().filter(|number| number.unsigned_abs() <= MAX_INTEGER)
}

#[derive(Clone, Copy)]
struct Strict<'f> {
    fault: &'f Cell<&'static str>,
    depth: usize,
}

impl Strict<'_> {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            Err(self.refuse("nested too deeply", "nested too deeply"))
        } else {
            Ok(Self { depth: self.depth + 1, ..self })
        }
    }

    fn refuse<E: serde::de::Error>(self, fault: &'static str, why: impl fmt::Display) -> E {
        self.fault.set(fault);
        E::custom(why)
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut list = vec![];
        while let Some(item) = items.next_element_seed(inner)? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                let why = format_args!("{name:?} stands twice in one object");
                return Err(self.refuse("a key twice in an object", why));
            }
            let value = members.next_value_seed(inner)?;
            object.insert(name, value);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests;
