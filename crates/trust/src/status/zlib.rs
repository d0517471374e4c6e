//! zlib (RFC 1950) with a bound on what comes out.

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Decompress, FlushDecompress, Status};

use super::StatusError;

/// The most that a byte of deflate becomes: 258 bytes in a quarter of one (RFC 1951 §3.2.5).
const RATIO_MAX: usize = 1032;

/// One whole stream and nothing behind it, of at most `limit` bytes. No more memory is taken than
/// that, nor than so short a stream can fill.
pub(super) fn inflate(bytes: &[u8], limit: usize) -> Result<Vec<u8>, StatusError> {
    let room = limit.min(bytes.len().saturating_mul(RATIO_MAX));
    let mut inflated = Vec::with_capacity(room + 1);
    let mut stream = Decompress::new(true);
    // Fills the spare capacity at most: the vector is never grown.
    let status = stream.decompress_vec(bytes, &mut inflated, FlushDecompress::Finish);
    if inflated.len() > limit {
        return Err(StatusError::Malformed("it inflates to more than it says"));
    }
    let whole = matches!(status, Ok(Status::StreamEnd)) && stream.total_in() == bytes.len() as u64;
    if whole { Ok(inflated) } else { Err(StatusError::Malformed("its zlib stream is broken")) }
}

pub(super) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(vec![], Compression::best());
    // safe: writing into a vector does not fail
    encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_is_exact() {
        for length in [0, 1, 1000, 100_000] {
            let compressed = deflate(&vec![0; length]);
            assert_eq!(inflate(&compressed, length).map(|bytes| bytes.len()), Ok(length));
            let limit = length.saturating_sub(1);
            assert_eq!(inflate(&compressed, limit).is_ok(), length == 0, "{length}");
        }
    }

    #[test]
    fn a_bomb_takes_no_more_memory_than_the_bound() {
        let bomb = deflate(&vec![0; 1 << 24]);
        assert!(bomb.len() < 20_000);
        assert!(inflate(&bomb, 1000).is_err());
    }

    #[test]
    fn a_damaged_stream_is_refused() {
        let good = deflate(b"The quick brown fox jumps over the lazy dog");
        for cut in 0..good.len() {
            assert!(inflate(&good[..cut], 100).is_err(), "cut at {cut}");
        }
        assert!(inflate(&[good.as_slice(), &[0]].concat(), 100).is_err(), "more behind it");
    }
}
