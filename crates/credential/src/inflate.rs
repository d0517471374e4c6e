//! RFC 1950 with a bound on what comes out.

use flate2::{Decompress, FlushDecompress, Status};

use crate::refusal::Refusal;

/// The most bytes that are inflated. zlib reaches 1029:1, so that the largest QR code could ask for 3 MB;
/// public certificates inflate to less than 1 kB.
pub(crate) const MAX_INFLATED: usize = 64 * 1024;

/// What comes before the deflate data (RFC 1950 §2.2).
const HEADER: usize = 2;
/// What comes after the deflate data: Adler-32 (RFC 1950 §2.2).
const CHECKSUM: usize = 4;

/// One deflate stream (RFC 1951) without zlib's frame, whole and alone. Bits that decoders skip are not looked at:
/// whoever hands it in has a signature over the compressed bytes.
pub(crate) fn inflate_raw(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    stream(Decompress::new(false), bytes)
}

/// One zlib stream, whole and alone, as an encoder writes it.
pub(crate) fn inflate(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    if !has_zlib_header(bytes) {
        return Err(Refusal::NotCompressed);
    }
    let inflated = bounded(bytes)?;
    if is_padded_with_ones(bytes, &inflated) { Err(Refusal::BrokenZlib) } else { Ok(inflated) }
}

fn bounded(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    stream(Decompress::new(true), bytes)
}

fn stream(mut stream: Decompress, bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut inflated = Vec::with_capacity(MAX_INFLATED + 1);
    // Fills the spare capacity at most: the vector is never grown.
    let status = stream.decompress_vec(bytes, &mut inflated, FlushDecompress::Finish);
    if inflated.len() > MAX_INFLATED {
        return Err(Refusal::InflatedTooLarge { limit: MAX_INFLATED });
    }
    let whole = matches!(status, Ok(Status::StreamEnd)) && stream.total_in() == bytes.len() as u64;
    if whole { Ok(inflated) } else { Err(Refusal::BrokenZlib) }
}

/// Decoders skip the bits that fill up a byte (RFC 1951 §3.2.3 and §3.2.4), which encoders
/// leave zero: a text damaged there would otherwise pass. They come after the header of a
/// stored block, and after the last block.
fn is_padded_with_ones(bytes: &[u8], inflated: &[u8]) -> bool {
    let stored = |first: &u8| first & 0b110 == 0 && first >> 3 != 0;
    bytes.get(HEADER).is_some_and(stored) || ends_padded_with_ones(bytes, inflated)
}

/// The bits after the last block are the highest ones of their byte, so its highest
/// one is among them when nothing changes without it.
fn ends_padded_with_ones(bytes: &[u8], inflated: &[u8]) -> bool {
    let mut without = bytes.to_vec();
    let last = without.len().checked_sub(CHECKSUM + 1).and_then(|at| without.get_mut(at));
    match last {
        Some(byte) if *byte != 0 => {
            *byte ^= 1 << byte.ilog2();
            bounded(&without).is_ok_and(|other| other == inflated)
        }
        _ => false,
    }
}

/// RFC 1950 §2.2: deflate, a checksum over the first two bytes, no preset dictionary.
fn has_zlib_header(bytes: &[u8]) -> bool {
    match bytes {
        [cmf, flags, ..] => {
            cmf & 0x0f == 8 && u16::from_be_bytes([*cmf, *flags]).is_multiple_of(31) && flags & 0x20 == 0
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::deflate;

    #[test]
    fn a_stream_comes_back() {
        for bytes in [&b""[..], b"a", &[7; 5000]] {
            assert_eq!(inflate(&deflate(bytes)), Ok(bytes.to_vec()));
        }
    }

    #[test]
    fn the_bound_is_exact() {
        assert_eq!(inflate(&deflate(&[0; MAX_INFLATED])).map(|bytes| bytes.len()), Ok(MAX_INFLATED));
        let over = inflate(&deflate(&[0; MAX_INFLATED + 1]));
        assert_eq!(over, Err(Refusal::InflatedTooLarge { limit: MAX_INFLATED }));
    }

    #[test]
    fn a_bomb_is_refused_within_the_bound() {
        let bomb = deflate(&vec![0; 3_000_000]);
        assert!(bomb.len() < 2953 * 2, "fits a QR code or nearly so: {}", bomb.len());
        assert_eq!(inflate(&bomb), Err(Refusal::InflatedTooLarge { limit: MAX_INFLATED }));
    }

    #[test]
    fn what_is_not_compressed_is_refused() {
        for bytes in [&b""[..], &[0x78], b"\xd2\x84\x4d\xa2", &[0x78, 0x9d, 0, 0], &[0x78, 0xbb, 0, 0]] {
            assert_eq!(inflate(bytes), Err(Refusal::NotCompressed), "{bytes:x?}");
        }
    }

    /// "a" in a fixed block: 3 + 8 + 7 bits, so that six bits of its third byte are left.
    #[test]
    fn padding_that_is_not_zero_is_refused() {
        let good = [0x78, 0x9c, 0x4b, 0x04, 0x00, 0x00, 0x62, 0x00, 0x62];
        assert_eq!(inflate(&good), Ok(b"a".to_vec()));
        for bit in 2..8 {
            let mut padded = good;
            padded[4] ^= 1 << bit;
            assert_eq!(bounded(&padded), Ok(b"a".to_vec()), "bit {bit} is padding");
            assert_eq!(inflate(&padded), Err(Refusal::BrokenZlib), "bit {bit}");
        }
        let stored = [0x78, 0x01, 0x01, 0x01, 0x00, 0xfe, 0xff, b'a', 0x00, 0x62, 0x00, 0x62];
        assert_eq!(inflate(&stored), Ok(b"a".to_vec()));
        for bit in 3..8 {
            let mut padded = stored;
            padded[2] ^= 1 << bit;
            assert_eq!(bounded(&padded), Ok(b"a".to_vec()), "bit {bit} is padding");
            assert_eq!(inflate(&padded), Err(Refusal::BrokenZlib), "bit {bit}");
        }
    }

    #[test]
    fn a_damaged_stream_is_refused() {
        let good = deflate(b"The quick brown fox jumps over the lazy dog");
        for cut in 2..good.len() {
            assert_eq!(inflate(&good[..cut]), Err(Refusal::BrokenZlib), "cut at {cut}");
        }
        let checksum = good.len() - 1;
        let mut flipped = good.clone();
        flipped[checksum] ^= 1;
        assert_eq!(inflate(&flipped), Err(Refusal::BrokenZlib));
        assert_eq!(inflate(&[good, vec![0]].concat()), Err(Refusal::BrokenZlib), "more behind it");
    }
}
