//! `propusk keys show --animate`: a file as an animated QR code in the terminal.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use carrier::Sender;
use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};

use crate::exit::{Failure, Outcomes};

/// Frames a second: a camera of 15 sees each of them whole at least once.
pub const FPS: u8 = 8;
/// The largest code, of [`carrier::FRAME_CHARS`] characters, and the smallest, which a terminal of 80 × 24 holds.
const VERSIONS: (u8, u8) = (5, 20);
/// A code on a screen suffers no dirt, and who misses a frame takes another.
const LEVEL: EcLevel = EcLevel::L;
/// Light modules around a code (ISO/IEC 18004 §6.3.8).
const QUIET: usize = 4;
/// Bits before the first letter of alphanumeric mode: the mode, and the count up to version 9 and from 10 on
/// (ISO/IEC 18004, table 3).
const HEADER_BITS: (usize, usize) = (4 + 9, 4 + 11);
/// The terminal's other screen, without a cursor, empty; and back.
const ENTER: &str = "\x1b[?1049h\x1b[?25l\x1b[2J";
const LEAVE: &str = "\x1b[0m\x1b[?25h\x1b[?1049l";
/// Black on white whatever the terminal's colours are: these two are not part of its theme.
const COLOURS: &str = "\x1b[38;5;16;48;5;231m";

/// Shows a file's bytes until Ctrl-C.
pub fn run(path: &Path, content: &[u8], fps: u8) -> Outcomes {
    let mut out = io::stdout();
    if !out.is_terminal() {
        return Err(Failure::new("the animated code is drawn in a terminal, and standard output is none"));
    }
    let version = fitting(size()?)?;
    let named = |error: carrier::Error| Failure::new(format!("{}: {error}", path.display()));
    let sender = Sender::with_room(content, room(version)).map_err(named)?;
    let stop = interrupts()?;
    out.write_all(ENTER.as_bytes())?;
    let shown = show(&mut out, sender, side(version), &stop, Duration::from_secs(1) / u32::from(fps.max(1)));
    out.write_all(LEAVE.as_bytes())?;
    out.flush()?;
    shown.map(|()| ExitCode::SUCCESS)
}

fn show(
    out: &mut impl Write,
    sender: Sender,
    side: usize,
    stop: &Receiver<()>,
    pause: Duration,
) -> Result<(), Failure> {
    let needed = sender.needed();
    for (count, text) in (1_usize..).zip(sender) {
        let (columns, rows) = size()?;
        let picture = if columns < side || rows < rows_of(side) {
            format!("\x1b[0m\x1b[2J\x1b[H{:.columns$}", "make the window as large again as it was")
        } else {
            let line = format!("picture {count}; a camera needs {needed} or some more; Ctrl-C ends");
            format!("\x1b[H{}\x1b[0m{line:.columns$}\x1b[J", draw(&text)?)
        };
        out.write_all(picture.as_bytes())?;
        out.flush()?;
        if stop.recv_timeout(pause).is_ok() {
            break;
        }
    }
    Ok(())
}

/// Tells of Ctrl-C, and of being asked to end.
fn interrupts() -> Result<Receiver<()>, Failure> {
    let (tell, told) = mpsc::channel();
    ctrlc::set_handler(move || {
        // Nobody listens any more only when the program ends anyway.
        let _ = tell.send(());
    })?;
    Ok(told)
}

/// Columns and rows of the terminal.
fn size() -> Result<(usize, usize), Failure> {
    let (width, height) = terminal_size::terminal_size()
        .ok_or_else(|| Failure::new("the terminal does not tell its size: use another one"))?;
    Ok((usize::from(width.0), usize::from(height.0)))
}

/// The largest version for which a terminal of so many columns and rows has room.
fn fitting((columns, rows): (usize, usize)) -> Result<u8, Failure> {
    let fits = |version: &u8| side(*version) <= columns && rows_of(side(*version)) <= rows;
    (VERSIONS.0..=VERSIONS.1).rev().find(fits).ok_or_else(|| {
        let least = side(VERSIONS.0);
        Failure::new(format!(
            "the terminal has {columns} × {rows} characters, and an animated code takes {least} × {} at least: make \
             the window larger, or its letters smaller",
            rows_of(least)
        ))
    })
}

/// Modules of a code's side with the quiet zone: a column each.
fn side(version: u8) -> usize {
    17 + 4 * usize::from(version) + 2 * QUIET
}

/// Two modules a row, and a line below.
fn rows_of(side: usize) -> usize {
    side.div_ceil(2) + 1
}

/// Alphanumeric characters that a code of this version holds.
fn room(version: u8) -> usize {
    let bits = Bits::new(Version::Normal(i16::from(version))).max_len(LEVEL).unwrap_or_default();
    let header = if version < 10 { HEADER_BITS.0 } else { HEADER_BITS.1 };
    let letters = bits.saturating_sub(header);
    // Two letters take 11 bits, one 6.
    letters / 11 * 2 + usize::from(letters % 11 >= 6)
}

/// A code of half blocks, for a terminal.
pub fn draw(text: &str) -> Result<String, Failure> {
    let code = QrCode::with_error_correction_level(text, LEVEL)?;
    let side = code.width() + 2 * QUIET;
    let dark = |x: usize, y: usize| {
        let inside = |at: usize| at.checked_sub(QUIET).filter(|at| *at < code.width());
        inside(x).zip(inside(y)).is_some_and(|at| code[at] == Color::Dark)
    };
    let mut picture = String::new();
    for y in (0..side).step_by(2) {
        picture.push_str(COLOURS);
        picture.extend((0..side).map(|x| match (dark(x, y), dark(x, y + 1)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        }));
        // What is right of it keeps the terminal's own ground.
        picture.push_str("\x1b[0m\x1b[K\r\n");
    }
    Ok(picture)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_code_that_fits_is_chosen_and_too_small_terminals_are_told_what_to_do() {
        let table = [((200, 60), 20), ((105, 54), 20), ((105, 53), 19), ((104, 60), 19), ((80, 24), 5)];
        for (size, version) in table {
            assert_eq!(fitting(size).ok(), Some(version), "{size:?}");
        }
        let refused = fitting((80, 23)).unwrap_err().to_string();
        assert!(refused.contains("80 × 23") && refused.contains("45 × 24"), "{refused}");
    }

    #[test]
    fn codes_have_the_room_and_the_size_that_was_planned() {
        assert_eq!(room(VERSIONS.1), carrier::FRAME_CHARS);
        for version in VERSIONS.0..=VERSIONS.1 {
            let text = Sender::with_room(&[b'x'; 5000], room(version)).unwrap().next_frame();
            let code = QrCode::with_error_correction_level(&text, LEVEL).unwrap();
            assert!(code.width() + 2 * QUIET <= side(version), "{version}");
            let holds = |letters| {
                QrCode::with_version("A".repeat(letters), Version::Normal(version.into()), LEVEL).is_ok()
            };
            assert!(holds(room(version)) && !holds(room(version) + 1), "{version}");
        }
    }

    #[test]
    fn what_is_drawn_is_read_again() {
        let text = Sender::new(b"content").unwrap().next_frame();
        let picture = draw(&text).unwrap();
        let rows: Vec<Vec<char>> = picture
            .lines()
            .map(|line| line.chars().filter(|letter| " █▀▄".contains(*letter)).collect())
            .collect();
        let (side, scale) = (rows[0].len(), 4);
        let light = |x: usize, y: usize| {
            let dark = match rows[y / scale / 2][x / scale] {
                '█' => true,
                '▀' => (y / scale).is_multiple_of(2),
                '▄' => !(y / scale).is_multiple_of(2),
                _ => false,
            };
            if dark { 0 } else { 255 }
        };
        let width = side * scale;
        let luma: Vec<u8> = (0..width * width).map(|i| light(i % width, i / width)).collect();
        let luma = qr::Luma::new(&luma, width, width, width).unwrap();
        let read: Vec<_> = qr::Scanner::new().scan(luma, || false).filter_map(|symbol| symbol.text).collect();
        assert_eq!(read, [text]);
    }
}
