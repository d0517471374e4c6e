//! Scans PGM files, each several times in a row as a camera held still would, for measuring from outside:
//! `scan_files single|video TIMES FILE…`.
//!
//! Prints what was read of each file, a line a file. Two runs that differ in their times alone differ by the cost of
//! scanning alone, whatever starting and loading cost.
#![allow(clippy::print_stdout)]

use std::collections::BTreeSet;
use std::fs;
use std::process::ExitCode;

use qr::{Luma, Scanner};

struct Picture {
    pixels: Vec<u8>,
    width: usize,
    height: usize,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Some(lines) => {
            lines.iter().for_each(|line| println!("{line}"));
            ExitCode::SUCCESS
        }
        None => {
            eprintln!("usage: scan_files single|video TIMES FILE…, the files 8-bit PGM without comments");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Option<Vec<String>> {
    let [mode, times, files @ ..] = arguments else { return None };
    let mut scanner = match mode.as_str() {
        "single" => Scanner::new(),
        "video" => Scanner::video(),
        _ => return None,
    };
    let pictures: Vec<Picture> =
        files.iter().map(|file| parse(&fs::read(file).ok()?)).collect::<Option<_>>()?;
    let times = times.parse().ok()?;
    pictures.iter().map(|picture| read(&mut scanner, picture, times)).collect()
}

/// The texts that were read in any of the scans.
fn read(scanner: &mut Scanner, picture: &Picture, times: usize) -> Option<String> {
    let frame = Luma::new(&picture.pixels, picture.width, picture.height, picture.width)?;
    let mut texts = BTreeSet::new();
    for _ in 0..times {
        texts.extend(scanner.scan(frame, || false).filter_map(|symbol| symbol.text));
    }
    Some(texts.into_iter().collect::<Vec<_>>().join(" "))
}

/// A binary PGM file (netpbm): `P5`, width, height, 255, each followed by one whitespace character.
fn parse(file: &[u8]) -> Option<Picture> {
    let mut words = file.splitn(5, u8::is_ascii_whitespace);
    let magic = words.next()?;
    let mut number = || std::str::from_utf8(words.next()?).ok()?.parse::<usize>().ok();
    let (width, height, most) = (number()?, number()?, number()?);
    let pixels = words.next()?.to_vec();
    (magic == b"P5" && most == 255).then_some(Picture { pixels, width, height })
}
