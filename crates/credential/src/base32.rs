//! RFC 4648 §6 without padding, in one form only.

use crate::refusal::Refusal;

/// The bytes that `text` stands for. Each text that passes is the only one for its bytes.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, Refusal> {
    let fault = |at, fault| Refusal::BrokenText { at, fault };
    let mut bytes = Vec::with_capacity(text.len() * 5 / 8);
    let (mut bits, mut count) = (0u16, 0);
    for (at, character) in text.bytes().enumerate() {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            b'2'..=b'7' => character - b'2' + 26,
            _ => return Err(fault(at, "a character outside the alphabet")),
        };
        bits = bits << 5 | u16::from(value);
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8); // safe: its lower eight bits are meant
            bits &= (1 << count) - 1;
        }
    }
    match count {
        // A whole character is left over, or bits that say nothing and could say anything.
        5.. => Err(fault(text.len(), "one character left over")),
        _ if bits != 0 => Err(fault(text.len(), "bits left over")),
        _ => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 4648 §10, without the padding.
    #[test]
    fn examples_of_the_rfc_decode() {
        let table = [
            ("", ""),
            ("MY", "f"),
            ("MZXQ", "fo"),
            ("MZXW6", "foo"),
            ("MZXW6YQ", "foob"),
            ("MZXW6YTBOI", "foobar"),
        ];
        for (text, bytes) in table {
            assert_eq!(decode(text), Ok(bytes.as_bytes().to_vec()), "{text}");
        }
    }

    #[test]
    fn what_the_rfc_forbids_is_refused() {
        for (text, at, fault) in [
            ("MZ", 2, "bits left over"),
            ("M", 1, "one character left over"),
            ("MZX", 3, "one character left over"),
            ("MZXW6Y", 6, "one character left over"),
            ("my", 0, "a character outside the alphabet"),
            ("MY======", 2, "a character outside the alphabet"),
            ("M1", 1, "a character outside the alphabet"),
            ("MЖ", 1, "a character outside the alphabet"),
        ] {
            assert_eq!(decode(text), Err(Refusal::BrokenText { at, fault }), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_two_texts_stand_for_the_same_bytes(one in "[A-Z2-7]{0,12}", other in "[A-Z2-7]{0,12}") {
            if let (Ok(a), Ok(b)) = (decode(&one), decode(&other)) {
                prop_assert_eq!(a == b, one == other);
            }
        }
    }
}
