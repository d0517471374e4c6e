use std::io::Write as _;

use super::*;

/// A file of one entry, by the letter of APPNOTE.TXT.
fn file(name: &[u8], method: u16, packed: &[u8], content: &[u8]) -> Vec<u8> {
    let mut crc = Crc::new();
    crc.update(content);
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_le_bytes();
    let (two, four) = (|number: u16| number.to_le_bytes(), |number: u32| number.to_le_bytes());
    let name_length = two(u16::try_from(name.len()).unwrap());
    let entry = [
        &two(20)[..],
        &two(0),
        &two(method),
        &[0; 4],
        &four(crc.sum()),
        &length(packed),
        &length(content),
        &name_length,
        &two(0),
    ]
    .concat();
    let local = [b"PK\x03\x04", &entry[..], name].concat();
    let central = [b"PK\x01\x02\x14\x00", &entry[..], &[0; 14], name].concat();
    let start = [&local[..], packed].concat();
    let end = [b"PK\x05\x06\0\0\0\0\x01\0\x01\0", &length(&central)[..], &length(&start), &two(0)].concat();
    [start, central, end].concat()
}

fn deflate(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(vec![], flate2::Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn deflated(content: &[u8]) -> Vec<u8> {
    file(NAME, DEFLATED, &deflate(content), content)
}

#[test]
fn one_file_comes_back_stored_or_deflated() {
    for content in [&b""[..], b"{}", &[7; 5000]] {
        assert_eq!(certificate(&deflated(content)), Ok(content.to_vec()));
        assert_eq!(certificate(&file(NAME, STORED, content, content)), Ok(content.to_vec()));
    }
}

#[test]
fn the_bound_is_exact_whatever_the_file_says_of_its_size() {
    assert_eq!(certificate(&deflated(&[0; MAX_INFLATED])).map(|content| content.len()), Ok(MAX_INFLATED));
    assert_eq!(certificate(&deflated(&[0; MAX_INFLATED + 1])), Err(broken("its directory")));
    let bomb = deflate(&vec![0; 3_000_000]);
    let too_large = Err(Refusal::InflatedTooLarge { limit: MAX_INFLATED });
    assert_eq!(certificate(&file(NAME, DEFLATED, &bomb, b"{}")), too_large);
}

#[test]
fn other_files_are_refused() {
    let good = deflated(b"{\"a\":1}");
    let packed = deflate(b"{\"a\":1}");
    let longer = file(NAME, DEFLATED, &[&packed[..], b"x"].concat(), b"{\"a\":1}");
    let table = [
        ("another name", file(b"certificate.jsom", DEFLATED, &packed, b"{\"a\":1}"), "its directory"),
        ("a longer name", file(b"certificate.json2", DEFLATED, &packed, b"{\"a\":1}"), "its directory"),
        ("in a folder", file(b"a/certificate.json", DEFLATED, &packed, b"{\"a\":1}"), "its directory"),
        ("another method", file(NAME, 12, &packed, b"{\"a\":1}"), "packed in a way that is not known"),
        ("other contents", file(NAME, DEFLATED, &packed, b"{\"a\":2}"), "not what was packed"),
        ("other contents", file(NAME, STORED, b"{}", b"[]"), "not what was packed"),
        ("more behind the data", longer, "its contents"),
        ("no deflate data", file(NAME, DEFLATED, b"\xff\xff\xff", b"{}"), "its contents"),
        ("more behind it", [&good[..], &[0]].concat(), "no zip file of one file"),
        ("more before it", [&[0], &good[..]].concat(), "no zip file of one file"),
        ("two of them", [&good[..], &good[..]].concat(), "no zip file of one file"),
        ("nothing", vec![], "no zip file of one file"),
    ];
    for (what, file, fault) in table {
        assert_eq!(certificate(&file), Err(broken(fault)), "{what}");
    }
    for cut in 0..good.len() {
        assert!(certificate(&good[..cut]).is_err(), "cut at {cut}");
    }
}

#[test]
fn no_bit_makes_other_contents_of_it_and_none_panics() {
    let good = deflated(b"{\"a\":1}");
    for at in 0..good.len() {
        for bit in 0..8 {
            let mut changed = good.clone();
            changed[at] ^= 1 << bit;
            let content = certificate(&changed);
            assert!(content.is_err() || content == Ok(b"{\"a\":1}".to_vec()), "byte {at}, bit {bit}");
        }
    }
    for encrypted in [0b1, 0b100_0000] {
        let mut changed = good.clone();
        let central = good.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
        changed[6] |= encrypted;
        changed[central + 8] |= encrypted;
        assert_eq!(certificate(&changed), Err(broken("its directory")));
    }
}
