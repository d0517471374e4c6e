//! Symbols as JSON (RFC 8259), written by hand: the module's size counts.

use std::fmt::Write;

use qr::{StructuredAppend, Symbol};

/// Appends an array of `symbols` to `out`.
pub(crate) fn write(symbols: impl Iterator<Item = Symbol>, out: &mut String) {
    write_array(symbols, out, |symbol, out| {
        out.push_str("{\"text\":");
        write_text(symbol.text.as_deref(), out);
        out.push_str(",\"corners\":");
        write_array(symbol.corners.into_iter(), out, |corner, out| {
            write_array(corner.into_iter(), out, write_tenths);
        });
        out.push_str(",\"part\":");
        write_part(symbol.structured_append, out);
        out.push('}');
    });
}

fn write_array<T>(items: impl Iterator<Item = T>, out: &mut String, mut each: impl FnMut(T, &mut String)) {
    out.push('[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        each(item, out);
    }
    out.push(']');
}

fn write_text(text: Option<&str>, out: &mut String) {
    let Some(text) = text else { return out.push_str("null") };
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            control if u32::from(control) < 0x20 => {
                write_infallibly(out, format_args!("\\u{:04x}", u32::from(control)))
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// A coordinate to a tenth of a pixel: finer is no use to anybody, and printing floats takes kilobytes of code.
fn write_tenths(at: f32, out: &mut String) {
    let tenths = (at * 10.0).round() as i32; // what is no number becomes 0, what is too big the biggest
    let sign = if tenths < 0 { "-" } else { "" };
    let (whole, tenth) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
    write_infallibly(out, format_args!("{sign}{whole}.{tenth}"));
}

fn write_part(part: Option<StructuredAppend>, out: &mut String) {
    match part {
        Some(StructuredAppend { index, count, .. }) => {
            write_infallibly(out, format_args!("{{\"index\":{index},\"count\":{count}}}"));
        }
        None => out.push_str("null"),
    }
}

fn write_infallibly(out: &mut String, words: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(words); // a String takes everything
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn symbol(text: Option<&str>, corner: [f32; 2]) -> Symbol {
        let text = text.map(str::to_owned);
        Symbol {
            bytes: Vec::new(),
            text,
            corners: [corner; 4],
            version: 1,
            ecc: 'L',
            structured_append: None,
        }
    }

    fn parsed(symbols: &[Symbol]) -> Value {
        let mut out = String::new();
        write(symbols.iter().cloned(), &mut out);
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
    }

    #[test]
    fn no_symbols_are_an_empty_array() {
        assert_eq!(parsed(&[]), json!([]));
    }

    #[test]
    fn symbols_keep_their_order_and_binary_ones_have_no_text() {
        let value =
            parsed(&[symbol(Some("one"), [0.0; 2]), symbol(None, [0.0; 2]), symbol(Some(""), [0.0; 2])]);
        let texts: Vec<_> =
            value.as_array().expect("an array").iter().map(|symbol| &symbol["text"]).collect();
        assert_eq!(texts, [&json!("one"), &Value::Null, &json!("")]);
    }

    #[test]
    fn corners_are_numbers_to_a_tenth_whatever_they_were() {
        let table = [
            ([12.34, 719.96], json!([12.3, 720.0])),
            ([-0.26, -7.0], json!([-0.3, -7.0])),
            ([0.04, -0.04], json!([0.0, 0.0])),
            ([f32::NAN, 0.0], json!([0.0, 0.0])),
            ([f32::INFINITY, f32::NEG_INFINITY], json!([214_748_364.7, -214_748_364.8])),
        ];
        for (corner, expected) in table {
            assert_eq!(parsed(&[symbol(None, corner)])[0]["corners"][3], expected, "{corner:?}");
        }
    }

    #[test]
    fn a_part_of_a_message_says_so() {
        let part = Some(StructuredAppend { index: 2, count: 5, parity: 7 });
        let value = parsed(&[Symbol { structured_append: part, ..symbol(Some("c"), [0.0; 2]) }]);
        assert_eq!(value[0]["part"], json!({"index": 2, "count": 5}));
        assert_eq!(parsed(&[symbol(Some("c"), [0.0; 2])])[0]["part"], Value::Null);
    }

    proptest! {
        #[test]
        fn every_text_comes_back_as_it_was(text in any::<String>(), control in "[\\x00-\\x20\"\\\\/\u{7f}\u{2028}]{0,9}") {
            let text = text + &control;
            let value = parsed(&[symbol(Some(&text), [0.0; 2])]);
            prop_assert_eq!(value[0]["text"].as_str(), Some(text.as_str()));
        }
    }
}
