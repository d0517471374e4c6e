//! RFC 9285, with every overflow refused.

use crate::refusal::Refusal;

const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const OUTSIDE: u8 = 0xff;

/// A character's value, or [`OUTSIDE`].
const VALUES: [u8; 256] = {
    let mut values = [OUTSIDE; 256];
    let mut i = 0;
    while i < ALPHABET.len() {
        values[ALPHABET[i] as usize] = i as u8;
        i += 1;
    }
    values
};

/// The bytes that `text` stands for. Each text that passes is the only one for its bytes.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::with_capacity(text.len() / 3 * 2 + 1);
    for (i, group) in text.as_bytes().chunks(3).enumerate() {
        let fault = |fault| Refusal::NotBase45 { at: i * 3, fault };
        let mut number = 0;
        for character in group.iter().rev() {
            let value = VALUES[usize::from(*character)];
            if value == OUTSIDE {
                return Err(fault("a character outside the alphabet"));
            }
            number = number * 45 + u32::from(value);
        }
        match group.len() {
            3 => {
                let pair = u16::try_from(number).map_err(|_| fault("three characters above 65535"))?;
                bytes.extend(pair.to_be_bytes());
            }
            2 => bytes.push(u8::try_from(number).map_err(|_| fault("two characters above 255"))?),
            _ => return Err(fault("one character left over")),
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 9285 §4.3 and §4.4.
    #[test]
    fn examples_of_the_rfc_decode() {
        for (text, bytes) in [
            ("BB8", "AB"),
            ("%69 VD92EX0", "Hello!!"),
            ("UJCLQE7W581", "base-45"),
            ("QED8WEX0", "ietf!"),
            ("", ""),
        ] {
            assert_eq!(decode(text), Ok(bytes.as_bytes().to_vec()), "{text}");
        }
    }

    #[test]
    fn what_the_rfc_forbids_is_refused() {
        let table = [
            (":::", 0, "three characters above 65535"),
            ("GGW", 0, "three characters above 65535"),
            ("V5", 0, "two characters above 255"),
            ("::", 0, "two characters above 255"),
            ("BB8V5", 3, "two characters above 255"),
            ("B", 0, "one character left over"),
            ("BB8B", 3, "one character left over"),
            ("bb8", 0, "a character outside the alphabet"),
            ("BB8BbB", 3, "a character outside the alphabet"),
            ("BB=", 0, "a character outside the alphabet"),
            ("BB\u{416}", 0, "a character outside the alphabet"),
        ];
        for (text, at, fault) in table {
            assert_eq!(decode(text), Err(Refusal::NotBase45 { at, fault }), "{text}");
        }
    }

    #[test]
    fn the_largest_groups_decode() {
        assert_eq!(decode("FGW"), Ok(vec![0xff, 0xff]));
        assert_eq!(decode("U5"), Ok(vec![0xff]));
    }

    fn encode(bytes: &[u8]) -> String {
        let mut text = String::new();
        for group in bytes.chunks(2) {
            let mut number = group.iter().fold(0usize, |number, byte| number << 8 | usize::from(*byte));
            for _ in 0..=group.len() {
                text.push(ALPHABET[number % 45] as char);
                number /= 45;
            }
        }
        text
    }

    proptest! {
        #[test]
        fn no_two_texts_stand_for_the_same_bytes(text in "[0-9A-Z $%*+./:-]{0,40}") {
            if let Ok(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }

        #[test]
        fn every_byte_string_comes_back(bytes: Vec<u8>) {
            prop_assert_eq!(decode(&encode(&bytes)), Ok(bytes));
        }
    }
}
