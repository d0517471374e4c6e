//! `cargo xtask run`: from a fresh machine to the open window, or the same job in the terminal.

use crate::{
    page,
    step::{Result, Steps, cargo, program, run as start, say},
    system::{Purpose, prepare},
    tree::{binaries, root},
};
use std::{
    env,
    path::{Path, PathBuf},
};

/// What `cargo xtask run` was asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    station: Option<PathBuf>,
    app: Vec<String>,
}

impl Options {
    /// Reads the words after `run`.
    ///
    /// # Errors
    /// An unknown option, or `--station` without a folder.
    pub fn parse(words: &[String]) -> Result<Self> {
        let mut options = Self { station: None, app: Vec::new() };
        let mut for_app = false;
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--" if !for_app => for_app = true,
                // On either side of the dashes: the demo station has to be made where the app looks for it.
                "--station" => options.station = Some(words.next().ok_or("--station needs a folder")?.into()),
                _ if for_app => options.app.push(word.clone()),
                _ => return Err(format!("unknown option {word}; arguments of the app come after a `--`")),
            }
        }
        Ok(options)
    }
}

/// Sets the machine up and opens the app on a demo station, in the terminal where there is no display.
///
/// # Errors
/// Whatever keeps the machine from being set up, or the app from running well.
pub fn run(options: &Options) -> Result<()> {
    let station = match &options.station {
        Some(folder) => {
            std::path::absolute(folder).map_err(|error| format!("{}: {error}", folder.display()))?
        }
        None => default_station(|key| env::var_os(key).map(PathBuf::from))?,
    };
    if has_display() { in_window(&station, &options.app) } else { in_terminal(&station) }
}

fn in_window(station: &Path, arguments: &[String]) -> Result<()> {
    let mut steps = Steps::new(5);
    steps.run("Debian packages", || prepare(&[Purpose::Build, Purpose::Window, Purpose::Page]))?;
    steps.run("the page", page::build)?;
    steps.run("propusk and its window (minutes, the first time)", || build(&["propusk", "propusk-app"]))?;
    steps.run("the demo station", || make_demo(station))?;
    steps.run("Propusk is open; this goes on when its window is closed", || {
        start(program(&built("propusk-app")?, &root()).arg("--station").arg(station).args(arguments))
    })
}

fn in_terminal(station: &Path) -> Result<()> {
    say("No display here (neither DISPLAY nor WAYLAND_DISPLAY is set): doing the same job in the terminal.");
    let mut steps = Steps::new(4);
    steps.run("Debian packages", || prepare(&[Purpose::Build]))?;
    steps.run("propusk (minutes, the first time)", || build(&["propusk"]))?;
    steps.run("the demo station", || make_demo(station))?;
    steps.run("each sample pass before the station", || {
        start(program(&built("propusk")?, &root()).args(["demo", "--play", "--station"]).arg(station))
    })
}

fn build(packages: &[&str]) -> Result<()> {
    let selected = packages.iter().flat_map(|package| ["--package", package]);
    start(cargo(&root()).args(["build", "--locked"]).args(selected))
}

fn make_demo(station: &Path) -> Result<()> {
    start(program(&built("propusk")?, &root()).args(["demo", "--station"]).arg(station))
}

fn built(name: &str) -> Result<String> {
    let path = binaries()?.join(name);
    path.to_str().map(str::to_owned).ok_or_else(|| format!("{}: the path is not UTF-8", path.display()))
}

fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|key| env::var_os(key).is_some_and(|value| !value.is_empty()))
}

/// The user's data folder by the XDG Base Directory Specification; a relative one does not count.
fn default_station(variable: impl Fn(&str) -> Option<PathBuf>) -> Result<PathBuf> {
    let data = variable("XDG_DATA_HOME").filter(|path| path.is_absolute());
    let home = || variable("HOME").map(|home| home.join(".local/share"));
    let folder =
        data.or_else(home).ok_or("neither HOME nor XDG_DATA_HOME is set: name a folder with --station")?;
    Ok(folder.join("propusk"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Options> {
        Options::parse(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn words_after_the_dashes_are_the_apps() {
        let options = parse(&["--station", "here", "--", "--language", "ru"]).expect("a good line");
        assert_eq!(
            (options.station, options.app),
            (Some("here".into()), vec!["--language".into(), "ru".into()])
        );
        let options = parse(&["--", "--station", "here"]).expect("a good line");
        assert_eq!((options.station, options.app), (Some("here".into()), vec![]));
        assert!(parse(&["--language", "ru"]).is_err());
        assert!(parse(&["--station"]).is_err());
    }

    #[test]
    fn station_is_in_the_users_data_folder() {
        let table = [
            (Some("/data"), Some("/home/a"), Some("/data/propusk")),
            (None, Some("/home/a"), Some("/home/a/.local/share/propusk")),
            (Some("relative"), Some("/home/a"), Some("/home/a/.local/share/propusk")),
            (None, None, None),
        ];
        for (data, home, expected) in table {
            let variable = |key: &str| if key == "HOME" { home } else { data }.map(PathBuf::from);
            assert_eq!(default_station(variable).ok(), expected.map(PathBuf::from), "{data:?} {home:?}");
        }
    }
}
