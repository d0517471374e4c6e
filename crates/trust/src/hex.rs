//! Lower-case hexadecimal. Room is taken once, so that no copies of private keys stay behind.

pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for digit in bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]) {
        text.push(char::from(b"0123456789abcdef"[usize::from(digit)])); // safe: under 16
    }
    text
}

/// The bytes of an even number of digits; `None` for capitals and anything else.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let (pairs, []) = text.as_bytes().as_chunks() else { return None };
    if !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    let digit = |byte: u8| if byte < b'a' { byte - b'0' } else { byte - b'a' + 10 };
    Some(pairs.iter().map(|[high, low]| digit(*high) << 4 | digit(*low)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_written_reads_back() {
        for bytes in [&[][..], &[0], &[0x0f, 0xf0, 0xa9], &[255; 100]] {
            assert_eq!(decode(&encode(bytes)).as_deref(), Some(bytes));
        }
        for bad in ["0", "0G", "0A", "é", "0x00", " 00", "000"] {
            assert_eq!(decode(bad), None, "{bad:?}");
        }
    }
}
