//! A screen without a monitor (Xvfb), and what is on it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::started::{Running, start};

/// The screen's width, height and depth.
const SIZE: &str = "1440x1000x24";
const PACKAGES: &str = "xvfb";
/// Where Xvfb keeps the picture of its first screen, in its folder: an X window dump (XWDFile.h, version 7).
const PICTURE: &str = "Xvfb_screen0";
/// Bytes of one colour in the dump's table.
const COLOUR_BYTES: usize = 12;

/// A screen of its own; it ends with its owner.
pub struct Screen {
    display: String,
    _xvfb: Running,
}

/// What a person would call a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hue {
    /// More green than anything else.
    Green,
    /// More red than anything else.
    Red,
    /// Neither.
    Other,
}

impl Screen {
    /// A new screen. Its picture is kept in `folder`, for [`hues`].
    ///
    /// # Panics
    /// Xvfb is not installed, or does not start.
    pub fn new(folder: &Path) -> Self {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", SIZE, "-fbdir"]).arg(folder);
        let mut xvfb = start(command.stdout(Stdio::piped()).stderr(Stdio::null()), PACKAGES);
        let mut number = String::new();
        let out = xvfb.0.stdout.take().expect("it is piped");
        let read = BufReader::new(out).read_line(&mut number);
        assert!(read.is_ok_and(|length| length > 0), "Xvfb ended without a display");
        Self { display: format!(":{}", number.trim()), _xvfb: xvfb }
    }

    /// Has a program draw on it, whatever screen this one's user has; what the program and its webview remember of
    /// their user goes into `home`.
    pub fn show<'a>(&self, command: &'a mut Command, home: &Path) -> &'a mut Command {
        command.env("DISPLAY", &self.display).env_remove("WAYLAND_DISPLAY").env("GDK_BACKEND", "x11");
        for folder in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
            command.env(folder, home);
        }
        command
    }
}

/// How many pixels of the screen whose picture is in `folder` are green, and how many red, as parts of one.
///
/// # Panics
/// There is no such picture.
pub fn hues(folder: &Path) -> [f64; 2] {
    let dump = fs::read(folder.join(PICTURE)).expect("Xvfb's picture");
    let word = |index: usize| {
        let bytes = dump[index * 4..index * 4 + 4].try_into().expect("four bytes");
        u32::from_be_bytes(bytes) as usize
    };
    let (header, colours) = (word(0), word(19));
    assert_eq!((word(1), word(11)), (7, 32), "a dump of version 7 with 32 bits a pixel");
    let pixels = dump[header + colours * COLOUR_BYTES..].chunks_exact(4);
    let of = |seen: Hue| {
        let hits = pixels.clone().filter(|pixel| {
            let [blue, green, red] = [0, 1, 2].map(|part| i64::from(pixel[part]));
            hue([red, green, blue]) == seen
        });
        hits.count() as f64 / pixels.len() as f64
    };
    [of(Hue::Green), of(Hue::Red)]
}

/// What a person would call a colour of red, green and blue, each 0 to 255.
pub fn hue([red, green, blue]: [i64; 3]) -> Hue {
    if green > red + 40 && green > blue + 20 {
        Hue::Green
    } else if red > green + 80 && red > blue + 80 {
        Hue::Red
    } else {
        Hue::Other
    }
}
