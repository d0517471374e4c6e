//! Writing zip files (APPNOTE 6.3): names in ASCII, no times, deflated where that is smaller.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// 1980-01-01, the first date that there is (§4.4.6).
const DATE: u16 = 1 << 5 | 1;
/// Needs version 2.0; made on Unix, whose modes the attributes are.
const VERSIONS: [u16; 2] = [3 << 8 | 20, 20];
/// A plain file that everybody may read.
const ATTRIBUTES: u32 = 0o100_644 << 16;

/// A zip file of these files, in this order. Every file must be smaller than 4 GiB, and so must all together.
pub(crate) fn write(files: &[(String, &[u8])]) -> Vec<u8> {
    let (mut zip, mut directory) = (vec![], vec![]);
    for (name, bytes) in files {
        let deflated = deflate(bytes);
        let (method, packed) =
            if deflated.len() < bytes.len() { (8_u16, &deflated[..]) } else { (0, *bytes) };
        let common = common(name, bytes, packed, method);
        directory.extend(b"PK\x01\x02");
        directory.extend(VERSIONS[0].to_le_bytes());
        directory.extend(&common);
        directory.extend([0; 6]); // no comment, disk 0, internal attributes
        directory.extend(ATTRIBUTES.to_le_bytes());
        directory.extend(number(zip.len()));
        directory.extend(name.as_bytes());
        zip.extend(b"PK\x03\x04");
        zip.extend(&common);
        zip.extend(name.as_bytes());
        zip.extend(packed);
    }
    let start = zip.len();
    let count = (files.len() as u16).to_le_bytes();
    zip.extend(&directory);
    zip.extend(b"PK\x05\x06\0\0\0\0");
    zip.extend(count);
    zip.extend(count);
    zip.extend(number(directory.len()));
    zip.extend(number(start));
    zip.extend([0; 2]);
    zip
}

/// What the local header and the directory both say, from "version needed" to the length of the extra field.
fn common(name: &str, bytes: &[u8], packed: &[u8], method: u16) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    let mut header = vec![];
    for short in [VERSIONS[1], 0, method, 0, DATE] {
        header.extend(short.to_le_bytes());
    }
    header.extend(crc.sum().to_le_bytes());
    header.extend(number(packed.len()));
    header.extend(number(bytes.len()));
    header.extend((name.len() as u16).to_le_bytes());
    header.extend([0; 2]);
    header
}

fn number(length: usize) -> [u8; 4] {
    (length as u32).to_le_bytes()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(vec![], Compression::best());
    // safe: writing to memory does not fail; if it did, the file would be stored as it is
    encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap_or_else(|_| bytes.to_vec())
}
