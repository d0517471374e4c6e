//! `cargo xtask package`: a Debian package of the window and the command line; with `--try` it is installed and
//! opened in a fresh Debian.

use crate::{
    page,
    step::{Result, Steps, cargo, output, program, run, say},
    system::{Purpose, prepare},
    tools::installed,
    tree::{made, root},
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Makes the package by what `src-tauri/Cargo.toml` says of it; dpkg-shlibdeps tells what it depends on.
const MAKER: (&str, &str) = ("cargo-deb", "3.8.0");
/// The window, whose metadata the package is made by, and what else goes in.
const PACKAGES: [&str; 2] = ["propusk-app", "propusk"];

/// The Debian in which the package is tried, and where it comes from.
const DEBIAN: &str = "bookworm";
const MIRROR: &str = "http://deb.debian.org/debian";
/// What is done in there.
const TRY: &str = "crates/xtask/src/package_try.sh";
/// Bytes of the screenshot (PNG): the bare screen takes 11 KB, the scan screen 56 KB.
const LEAST_SCREENSHOT: u64 = 25_000;

/// What `cargo xtask package` was asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    trial: bool,
}

impl Options {
    /// Reads the words after `package`: nothing, or `--try`.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(words: &[String]) -> Result<Self> {
        match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [] => Ok(Self { trial: false }),
            ["--try"] => Ok(Self { trial: true }),
            _ => Err("unknown option; there are `package` and `package --try`".into()),
        }
    }
}

/// Sets the machine up and makes the package; with `--try` installs and opens it in a fresh Debian.
///
/// # Errors
/// Whatever keeps it from being built; a complaint of lintian's; a try without root, or one that fails.
pub fn package(options: &Options) -> Result<()> {
    if options.trial && !is_root() {
        return Err(
            "`package --try` sets up another Debian in a folder, which takes root: start it as root, \
                    or make the package alone with `cargo xtask package`"
                .into(),
        );
    }
    let mut steps = Steps::new(if options.trial { 7 } else { 5 });
    let needs = [Purpose::Build, Purpose::Window, Purpose::Page, Purpose::Package];
    let trial = [Purpose::Trial];
    let needs = if options.trial { [&needs[..], &trial].concat() } else { needs.to_vec() };
    steps.run("Debian packages", || prepare(&needs))?;
    steps.run("the page", page::build)?;
    steps.run("programs, optimised (many minutes, the first time)", build)?;
    let package = steps.run("the package", make)?;
    steps.run("lintian", || lint(&package))?;
    if options.trial {
        let system = steps.run("a fresh Debian", bootstrap)?;
        steps.run("installed and opened in there", || try_in(&system, &package))?;
    }
    say(&format!("\n{}\nInstall it with: sudo apt install {0}", package.display()));
    Ok(())
}

fn build() -> Result<()> {
    let packages = PACKAGES.iter().flat_map(|package| ["--package", package]);
    run(cargo(&root()).args(["build", "--release", "--locked"]).args(packages))
}

/// The package, made anew.
fn make() -> Result<PathBuf> {
    let maker = installed(MAKER.0, MAKER.1)?;
    let folder = made("package")?;
    let file = folder.join("propusk.deb");
    run(program(&maker.to_string_lossy(), &root())
        .args(["deb", "--no-build", "--locked", "--package", PACKAGES[0], "--output"])
        .arg(&file))?;
    // Under the name that Debian gives it, which only the package itself knows.
    let field = |name: &str| output(program("dpkg-deb", &folder).arg("--field").arg(&file).arg(name));
    let [Some(name), Some(version), Some(architecture)] = ["Package", "Version", "Architecture"].map(field)
    else {
        return Err(format!("dpkg-deb cannot read {}", file.display()));
    };
    let named = folder.join(format!("{}_{}_{}.deb", name.trim(), version.trim(), architecture.trim()));
    fs::rename(&file, &named).map_err(|error| format!("{}: {error}", named.display()))?;
    Ok(named)
}

fn lint(package: &Path) -> Result<()> {
    let lint = ["--fail-on", "error,warning", "--tag-display-limit", "0", "--allow-root"];
    run(program("lintian", &root()).args(lint).arg(package))
}

/// A Debian with nothing but what every Debian has.
fn bootstrap() -> Result<PathBuf> {
    let system = made("package")?.join(DEBIAN);
    remove(&system)?;
    run(program("debootstrap", &root()).args(["--variant=minbase", DEBIAN]).arg(&system).arg(MIRROR))?;
    Ok(system)
}

/// Nothing is mounted outside the try's own namespace, so that the folder can always be removed.
fn try_in(system: &Path, package: &Path) -> Result<()> {
    let copy = |from: &Path, to: &str| {
        fs::copy(from, system.join(to)).map_err(|error| format!("{} to {to}: {error}", from.display()))
    };
    copy(package, "propusk.deb")?;
    copy(&root().join(TRY), "try.sh")?;
    copy(Path::new("/etc/resolv.conf"), "etc/resolv.conf")?;
    let inside = "mount -t proc proc proc && mount --rbind /dev dev && mount --rbind /sys sys \
                  && exec chroot . env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin sh /try.sh";
    run(program("unshare", system).args([
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "sh",
        "-ec",
        inside,
    ]))?;
    let screenshot = made("package")?.join("screenshot.png");
    fs::copy(system.join("home/tester/screenshot.png"), &screenshot)
        .map_err(|error| format!("the screenshot: {error}"))?;
    remove(system)?;
    let bytes = fs::metadata(&screenshot).map_err(|error| format!("the screenshot: {error}"))?.len();
    say(&format!("      the screen that it showed: {} ({bytes} bytes)", screenshot.display()));
    if bytes < LEAST_SCREENSHOT { Err("the window stayed empty".into()) } else { Ok(()) }
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if folder.exists() => Err(format!("{}: {error}", folder.display())),
        _ => Ok(()),
    }
}

fn is_root() -> bool {
    output(program("id", &root()).arg("-u")).is_some_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_option() {
        let parse =
            |words: &[&str]| Options::parse(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(parse(&[]), Ok(Options { trial: false }));
        assert_eq!(parse(&["--try"]), Ok(Options { trial: true }));
        assert!(parse(&["--fast"]).is_err() && parse(&["--try", "--try"]).is_err());
    }
}
