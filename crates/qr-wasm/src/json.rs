//! Symbols as JSON (RFC 8259), written by hand: the module's size counts.

use std::fmt::Write;

use qr::{Piece, StructuredAppend};

use crate::Shown;

/// Appends what a frame showed to `out`.
pub(crate) fn write(symbols: impl Iterator<Item = Shown>, hint: Option<&str>, out: &mut String) {
    out.push_str("{\"hint\":");
    write_text(hint, out);
    out.push_str(",\"symbols\":");
    write_array(symbols, out, |Shown { symbol, new }, out| {
        write_infallibly(out, format_args!("{{\"new\":{new},\"text\":"));
        let zip = symbol.zip_file();
        let text = zip.as_deref().or(symbol.text.as_deref());
        write_text(text, out);
        if text.is_none() {
            out.push_str(",\"pieces\":");
            write_array(symbol.pieces.into_iter(), out, write_piece);
            out.push_str(",\"bytes\":");
            write_bytes(&symbol.bytes, out);
        }
        out.push_str(",\"corners\":");
        write_array(symbol.corners.into_iter(), out, |corner, out| {
            write_array(corner.into_iter(), out, write_tenths);
        });
        out.push_str(",\"part\":");
        write_part(symbol.structured_append, out);
        out.push('}');
    });
    out.push('}');
}

/// Text, or the name of an encoding and bytes.
fn write_piece(piece: Piece, out: &mut String) {
    match piece {
        Piece::Text(text) => write_text(Some(&text), out),
        Piece::Encoded { label, bytes } => {
            out.push('[');
            write_text(Some(label), out);
            out.push(',');
            write_bytes(&bytes, out);
            out.push(']');
        }
    }
}

/// Two hexadecimal digits a byte.
fn write_bytes(bytes: &[u8], out: &mut String) {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or('0'); // safe: four bits
    out.push('"');
    bytes.iter().for_each(|byte| out.extend([digit(byte >> 4), digit(byte & 15)]));
    out.push('"');
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
    use qr::Symbol;
    use serde_json::{Value, json};

    fn symbol(text: Option<&str>, corner: [f32; 2]) -> Symbol {
        let text = text.map(str::to_owned);
        Symbol {
            bytes: vec![0x0f, 0xa0],
            text,
            pieces: Vec::new(),
            corners: [corner; 4],
            version: 1,
            ecc: 'L',
            structured_append: None,
        }
    }

    fn answer(symbols: &[Symbol], hint: Option<&str>) -> Value {
        let mut out = String::new();
        let shown = symbols.iter().map(|symbol| Shown { new: symbol.text.is_some(), symbol: symbol.clone() });
        write(shown, hint, &mut out);
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
    }

    fn parsed(symbols: &[Symbol]) -> Value {
        answer(symbols, None)["symbols"].take()
    }

    #[test]
    fn no_symbols_are_an_empty_array_and_hints_have_their_names() {
        assert_eq!(answer(&[], None), json!({"hint": null, "symbols": []}));
        assert_eq!(answer(&[], Some("too_dark"))["hint"], json!("too_dark"));
    }

    #[test]
    fn symbols_keep_their_order_and_say_whether_they_are_new() {
        let value =
            parsed(&[symbol(Some("one"), [0.0; 2]), symbol(None, [0.0; 2]), symbol(Some(""), [0.0; 2])]);
        let symbols: Vec<_> = value.as_array().expect("an array").iter().collect();
        let texts: Vec<_> = symbols.iter().map(|symbol| &symbol["text"]).collect();
        assert_eq!(texts, [&json!("one"), &Value::Null, &json!("")]);
        let new: Vec<_> = symbols.iter().map(|symbol| &symbol["new"]).collect();
        assert_eq!(new, [true, false, true]);
    }

    #[test]
    fn symbols_without_text_bring_their_pieces_and_bytes() {
        let encoded = Piece::Encoded { label: "gb18030", bytes: vec![0xc4, 0x03] };
        let pieces = vec![Piece::Text("a\"".into()), encoded];
        let value = parsed(&[Symbol { pieces, ..symbol(None, [0.0; 2]) }, symbol(Some("b"), [0.0; 2])]);
        assert_eq!(value[0]["pieces"], json!(["a\"", ["gb18030", "c403"]]));
        assert_eq!((&value[0]["bytes"], &value[1]["bytes"]), (&json!("0fa0"), &Value::Null));
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
