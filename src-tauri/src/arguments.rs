//! The command line: one option.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use station::Folder;

const USAGE: &str = "Usage: propusk-app [--station DIR] [--demo-camera]

Opens the window on a station.

  --station DIR  the station's folder (default: the user's own, ~/.local/share/propusk,
                 where a demo station is made if there is none)
  --demo-camera  begins with the demo camera, all its samples in turn
  --help         this text
  --version      the program's version";

/// What the command line asks for.
#[derive(Debug, PartialEq)]
pub(crate) enum Request {
    /// Open the window.
    Open(Arguments),
    /// Print a text and end.
    Tell(String),
}

/// How to open the window.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Arguments {
    station: Option<PathBuf>,
    /// Begin with the demo camera.
    pub(crate) demo_camera: bool,
}

impl Arguments {
    /// Whether a station was named.
    pub(crate) fn name_a_station(&self) -> bool {
        self.station.is_some()
    }

    /// The station's folder: the one that was named, else the user's own by the environment's variables.
    pub(crate) fn folder(&self, variable: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf, String> {
        self.station
            .clone()
            .or_else(|| Folder::of_user(variable))
            .ok_or_else(|| "no home folder is known: name the station's with --station DIR".to_owned())
    }
}

/// Reads the arguments that follow the program's name.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Request, String> {
    let mut arguments = arguments.into_iter();
    let mut parsed = Arguments::default();
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--help" | "-h") => return Ok(Request::Tell(USAGE.to_owned())),
            Some("--version" | "-V") => {
                return Ok(Request::Tell(format!("propusk-app {}", env!("CARGO_PKG_VERSION"))));
            }
            Some("--demo-camera") => parsed.demo_camera = true,
            Some("--station") => {
                let dir = arguments.next().filter(|dir| !dir.is_empty());
                parsed.name(Path::new(&dir.ok_or("--station needs a folder: --station DIR")?))?;
            }
            Some(option) if option.starts_with("--station=") && option.len() > "--station=".len() => {
                parsed.name(Path::new(&option["--station=".len()..]))?;
            }
            _ => return Err(format!("{argument:?} is not understood: see propusk-app --help")),
        }
    }
    Ok(Request::Open(parsed))
}

impl Arguments {
    fn name(&mut self, dir: &Path) -> Result<(), String> {
        match self.station.replace(dir.to_owned()) {
            None => Ok(()),
            Some(_) => Err("--station is given twice: one window opens one station".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &[&str]) -> Result<Request, String> {
        super::parse(line.iter().map(OsString::from))
    }

    fn open(station: Option<&str>) -> Result<Request, String> {
        Ok(Request::Open(Arguments { station: station.map(PathBuf::from), demo_camera: false }))
    }

    #[test]
    fn the_station_is_named_in_either_way_or_not_at_all() {
        assert_eq!(parse(&[]), open(None));
        assert_eq!(parse(&["--station", "a b"]), open(Some("a b")));
        assert_eq!(parse(&["--station=a"]), open(Some("a")));
    }

    #[test]
    fn the_demo_camera_is_asked_for_by_name() {
        assert_eq!(
            parse(&["--demo-camera"]),
            Ok(Request::Open(Arguments { demo_camera: true, ..Arguments::default() }))
        );
    }

    #[test]
    fn anything_else_is_an_error_that_names_the_remedy() {
        for line in [
            &["--station"][..],
            &["--station", ""],
            &["--station="],
            &["--statoin", "a"],
            &["a"],
            &["--station", "a", "--station", "b"],
        ] {
            let error = parse(line).expect_err("not understood");
            assert!(error.contains("--") && !error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn without_a_folder_and_a_home_it_says_what_to_name() {
        assert!(Arguments::default().folder(|_| None).expect_err("no home").contains("--station"));
    }
}
