//! Hexadecimal, in either case. Room is taken once, so that no copies of secret keys stay behind.

/// The bytes of an even number of digits; `None` for anything else.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let (pairs, []) = text.as_bytes().as_chunks() else { return None };
    if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => byte - b'0',
        _ => (byte | 0x20) - b'a' + 10,
    };
    Some(pairs.iter().map(|[high, low]| digit(*high) << 4 | digit(*low)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_digits_in_either_case_are_bytes_and_nothing_else_is() {
        for (text, bytes) in
            [("", &[][..]), ("00", &[0]), ("0fF0a9", &[0x0f, 0xf0, 0xa9]), ("AbcD", &[0xab, 0xcd])]
        {
            assert_eq!(decode(text).as_deref(), Some(bytes), "{text}");
        }
        for text in ["0", "0g", "G0", "é", "0x00", " 00", "000", "+1", "١١"] {
            assert_eq!(decode(text), None, "{text:?}");
        }
    }
}
