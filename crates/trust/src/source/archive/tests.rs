//! Zip files as others make them, as nobody should, and broken in every byte.

use std::io::{Cursor, Write};

use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;
use crate::package::write_zip;

type Writer = ZipWriter<Cursor<Vec<u8>>>;

/// A zip file by another hand.
fn zipped(fill: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(vec![]));
    fill(&mut writer);
    writer.finish().unwrap().into_inner()
}

fn file(writer: &mut Writer, name: &str, bytes: &[u8]) {
    writer.start_file(name, SimpleFileOptions::default()).unwrap();
    writer.write_all(bytes).unwrap();
}

fn ours(files: &[(&str, &[u8])]) -> Vec<u8> {
    write_zip(&files.iter().map(|(name, bytes)| ((*name).to_owned(), *bytes)).collect::<Vec<_>>())
}

fn told(bytes: Vec<u8>) -> String {
    Archive::new(bytes).unwrap_err().to_string()
}

/// Replaces the one place where `from` stands; their lengths are equal.
fn patched(mut bytes: Vec<u8>, from: &[u8], to: &[u8], times: usize) -> Vec<u8> {
    let at: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
    assert_eq!(at.len(), times);
    at.into_iter().for_each(|at| bytes[at..at + to.len()].copy_from_slice(to));
    bytes
}

#[test]
fn what_others_pack_is_read_stored_or_deflated_and_in_a_folder() {
    let long = vec![b'x'; 10_000];
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        for folder in ["", "Ключи 2026/", "a/b/"] {
            let options = SimpleFileOptions::default().compression_method(method).unix_permissions(0o600);
            let bytes = zipped(|writer| {
                if !folder.is_empty() {
                    writer.add_directory(folder, options).unwrap();
                }
                for (name, bytes) in [("timestamp.json", &b"{}"[..]), ("targets/00.keys.json", &long)] {
                    writer.start_file(format!("{folder}{name}"), options).unwrap();
                    writer.write_all(bytes).unwrap();
                }
                file(writer, "__MACOSX/._timestamp.json", b"junk");
                file(writer, ".DS_Store", b"junk");
                writer.set_comment("made by somebody").unwrap();
            });
            let archive = Archive::new(bytes).unwrap();
            assert_eq!(archive.read("timestamp.json", 10).unwrap().unwrap(), b"{}");
            assert_eq!(archive.read("targets/00.keys.json", 10_000).unwrap().unwrap(), long);
            assert!(archive.read("1.root.json", 10).unwrap().is_none());
            assert!(matches!(
                archive.read("../timestamp.json", 10),
                Err(Error::Refused(Refusal::UnsafeName(_)))
            ));
        }
    }
}

#[test]
fn what_we_pack_others_read() {
    let long = vec![b'x'; 10_000];
    let bytes = ours(&[("timestamp.json", b"{}"), ("targets/a", &long), ("empty", b"")]);
    let mut theirs = zip::ZipArchive::new(Cursor::new(bytes.clone())).unwrap();
    let names: Vec<String> = theirs.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert_eq!(names, ["timestamp.json", "targets/a", "empty"]);
    for (name, expected) in [("timestamp.json", &b"{}"[..]), ("targets/a", &long), ("empty", b"")] {
        let mut bytes = vec![];
        theirs.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, expected);
    }
    assert_eq!(bytes, ours(&[("timestamp.json", b"{}"), ("targets/a", &long), ("empty", b"")]));
    assert!(bytes.len() < 500);
}

#[test]
fn a_bomb_is_unpacked_no_further_than_its_limit() {
    let bomb = ours(&[("timestamp.json", &vec![0; 64 << 20])]);
    assert!(bomb.len() < 100_000);
    let archive = Archive::new(bomb.clone()).unwrap();
    let refused = archive.read("timestamp.json", 1000);
    assert!(matches!(refused, Err(Error::Refused(Refusal::TooLarge { limit: 1000, .. }))), "{refused:?}");
    // It says that it is small: nothing that it says is relied on.
    let length = (64_u32 << 20).to_le_bytes();
    let liar = Archive::new(patched(bomb, &length, &10_u32.to_le_bytes(), 2)).unwrap();
    assert!(matches!(liar.read("timestamp.json", 1000), Err(Error::Refused(Refusal::TooLarge { .. }))));
    let told = liar.read("timestamp.json", 65 << 20).unwrap_err().to_string();
    assert!(told.contains("does not unpack to what it says"), "{told}");
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    for name in
        ["../timestamp.json", "a/../../b", "/etc/passwd", "./a", "a//b", "C:a", "a\\b", "..", "a\u{1}", "../"]
    {
        let told = told(ours(&[("timestamp.json", b"{}"), (name, b"x")]));
        assert!(told.contains("leads elsewhere") && told.contains("make it again"), "{name:?}: {told}");
    }
}

#[test]
fn two_entries_of_one_name_are_refused() {
    let told = told(ours(&[("timestamp.json", b"{}"), ("timestamp.json", b"{ }")]));
    assert!(told.contains("two entries timestamp.json"), "{told}");
}

#[test]
fn links_devices_and_encrypted_entries_are_refused() {
    let link = zipped(|writer| {
        writer.add_symlink("timestamp.json", "/etc/passwd", SimpleFileOptions::default()).unwrap()
    });
    assert!(told(link).contains("link or device"));
    let plain = ours(&[("timestamp.json", b"{}")]);
    for kind in [0o020_000_u32, 0o060_000, 0o010_000, 0o140_000] {
        let attributes = ((kind | 0o644) << 16).to_le_bytes();
        let device = patched(plain.clone(), &(0o100_644_u32 << 16).to_le_bytes(), &attributes, 1);
        assert!(told(device).contains("link or device"));
    }
    // The general purpose flags follow "version needed" (20, 0).
    for flag in [1_u16, 1 << 6, 1 << 13] {
        let flagged =
            patched(plain.clone(), &[20, 0, 0, 0], &[&[20, 0][..], &flag.to_le_bytes()].concat(), 2);
        assert!(told(flagged).contains("is encrypted: timestamp.json"));
    }
    let mut unusual = plain;
    let at = unusual.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    unusual[at + 10] = 12;
    assert!(told(unusual).contains("packed in an unusual way (12)"));
}

#[test]
fn entries_that_share_bytes_are_refused() {
    let bytes = ours(&[("a", b"1"), ("b", b"1")]);
    let second = bytes.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    let mut shared = bytes.clone();
    shared[second + 42..second + 46].copy_from_slice(&[0; 4]);
    assert!(told(shared.clone()).contains("not where it should be"), "the local name is another");
    shared[second + 46] = b'a';
    assert!(told(shared).contains("two entries a"));
    // The first entry's packed length runs into the second's.
    let first = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    let mut longer = bytes;
    longer[first + 20] = 10;
    assert!(told(longer).contains("share bytes"));
}

#[test]
fn cut_split_huge_and_foreign_files_are_refused() {
    let good = ours(&[("timestamp.json", b"{}")]);
    for end in 0..good.len() {
        assert!(Archive::new(good[..end].to_vec()).is_err(), "cut at {end}");
    }
    assert!(told([b"junk before", &good[..]].concat()).contains("not where it should be"));
    assert!(told([&good[..], b"junk after"].concat()).contains("no zip file"));
    assert!(told(b"{}".to_vec()).contains("no zip file"));
    let end = good.len() - 22;
    let changed = |at: usize, with: u8| {
        let mut bytes = good.clone();
        bytes[end + at..end + at + 2].fill(with);
        told(bytes)
    };
    assert!(changed(4, 1).contains("one part of several"));
    assert!(changed(10, 0xff).contains("ZIP64"));
    let names: Vec<String> = (0..=ENTRIES_MAX).map(|at| at.to_string()).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert!(told(ours(&many)).contains("over 4096 entries"));
    assert!(told(vec![0; ARCHIVE_MAX + 1]).contains("the zip file is over"));
}

#[test]
fn no_flipped_byte_brings_other_contents() {
    let good = ours(&[("timestamp.json", b"{\"a\": 1, \"b\": 2, \"a\": 1}"), ("x", b"y")]);
    for at in 0..good.len() {
        for mask in [1, 0x20, 0xff] {
            let mut bytes = good.clone();
            bytes[at] ^= mask;
            let Ok(archive) = Archive::new(bytes) else { continue };
            if let Ok(Some(bytes)) = archive.read("timestamp.json", 100) {
                assert_eq!(bytes, b"{\"a\": 1, \"b\": 2, \"a\": 1}", "{at}");
            }
        }
    }
}

#[test]
fn a_file_is_opened_as_what_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keys.zip");
    std::fs::write(&path, ours(&[("timestamp.json", b"{}")])).unwrap();
    for place in [&path, dir.path()] {
        std::fs::write(dir.path().join("timestamp.json"), b"{}").unwrap();
        assert_eq!(crate::source::open(place).unwrap().read("timestamp.json", 2).unwrap().unwrap(), b"{}");
    }
    assert!(
        Archive::open(&dir.path().join("none.zip")).unwrap_err().to_string().contains("none.zip is missing")
    );
    std::fs::File::create(&path).unwrap().set_len(ARCHIVE_MAX as u64 + 1).unwrap();
    assert!(matches!(Archive::open(&path), Err(Error::Refused(Refusal::TooLarge { .. }))));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(at in 0_usize..400, with: u8, noise: Vec<u8>) {
        let _ = Archive::new(noise);
        let mut bytes = ours(&[("timestamp.json", &[b'a'; 100]), ("b", b"1")]);
        let at = at % bytes.len();
        bytes[at] = with;
        if let Ok(archive) = Archive::new(bytes) {
            let _ = archive.read("timestamp.json", 100);
        }
    }
}
