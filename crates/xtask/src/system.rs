//! What the machine has to have: Debian packages by purpose, installed through apt where that is possible.

use crate::{
    page::{OLDEST_NODE, node_version},
    step::{Result, find, output, program, run, say},
    tree::root,
};
use std::{
    env, fs,
    io::{IsTerminal, stdin},
};

/// What a package is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Compiling and linking Rust with a little C.
    Build,
    /// Compiling the shell around the system's webview.
    Window,
    /// Building the page.
    Page,
    /// Driving the real window without a screen.
    Driver,
    /// The virtual machine with a real USB camera.
    Rig,
    /// Building the QR readers that ours is compared with.
    Bench,
    /// Counting instructions.
    Count,
    /// Building for other processors, and emulating them.
    Cross,
    /// A browser without a screen.
    Browser,
    /// Compiling C for Windows.
    Mingw,
    /// Programs that come from PyPI.
    Python,
    /// Making and checking a Debian package.
    Package,
    /// Another Debian in a folder.
    Trial,
    /// Apache Spark from PyPI.
    Spark,
}

/// How to tell that a need is met.
#[derive(Clone, Copy)]
enum Probe {
    /// A program of this name, wherever it comes from.
    Program(&'static str),
    /// A library that pkg-config knows.
    Library(&'static str),
    /// Node.js of a version that will do.
    Node,
    /// The Debian package itself.
    Package,
}

struct Need {
    purpose: Purpose,
    package: &'static str,
    probe: Probe,
}

const NEEDS: &[Need] = &[
    need(Purpose::Build, "build-essential", Probe::Program("gcc")),
    need(Purpose::Window, "pkg-config", Probe::Program("pkg-config")),
    need(Purpose::Window, "libwebkit2gtk-4.1-dev", Probe::Library("webkit2gtk-4.1")),
    need(Purpose::Page, "nodejs", Probe::Node),
    need(Purpose::Page, "npm", Probe::Program("npm")),
    need(Purpose::Driver, "xvfb", Probe::Program("Xvfb")),
    need(Purpose::Driver, "webkit2gtk-driver", Probe::Program("WebKitWebDriver")),
    need(Purpose::Driver, "dbus-bin", Probe::Program("dbus-send")),
    need(Purpose::Driver, "dbus-daemon", Probe::Program("dbus-daemon")),
    need(Purpose::Driver, "gnome-keyring", Probe::Program("gnome-keyring-daemon")),
    need(Purpose::Rig, "qemu-system-x86", Probe::Package),
    need(Purpose::Rig, "busybox-static", Probe::Package),
    need(Purpose::Rig, "cpio", Probe::Package),
    need(Purpose::Rig, "kmod", Probe::Package),
    need(Purpose::Rig, "xz-utils", Probe::Package),
    need(Purpose::Rig, "ffmpeg", Probe::Package),
    need(Purpose::Rig, "qrencode", Probe::Package),
    need(Purpose::Rig, "v4l-utils", Probe::Package),
    need(Purpose::Rig, "gcc", Probe::Package),
    need(Purpose::Rig, "libc6-dev", Probe::Package),
    need(Purpose::Rig, "linux-libc-dev", Probe::Package),
    need(Purpose::Bench, "g++", Probe::Program("g++")),
    need(Purpose::Bench, "cmake", Probe::Program("cmake")),
    need(Purpose::Bench, "libzbar-dev", Probe::Package),
    need(Purpose::Count, "valgrind", Probe::Program("valgrind")),
    need(Purpose::Cross, "gcc-aarch64-linux-gnu", Probe::Program("aarch64-linux-gnu-gcc")),
    need(Purpose::Cross, "libc6-dev-arm64-cross", Probe::Package),
    need(Purpose::Cross, "qemu-user-static", Probe::Program("qemu-aarch64-static")),
    need(Purpose::Browser, "chromium", Probe::Program("chromium")),
    need(Purpose::Browser, "chromium-driver", Probe::Program("chromedriver")),
    need(Purpose::Mingw, "gcc-mingw-w64-x86-64", Probe::Program("x86_64-w64-mingw32-gcc")),
    need(Purpose::Python, "python3-pip", Probe::Program("pip3")),
    need(Purpose::Package, "dpkg-dev", Probe::Program("dpkg-shlibdeps")),
    need(Purpose::Package, "lintian", Probe::Program("lintian")),
    need(Purpose::Trial, "debootstrap", Probe::Program("debootstrap")),
    need(Purpose::Spark, "default-jre-headless", Probe::Program("java")),
    need(Purpose::Spark, "python3-venv", Probe::Package),
];

/// Sees to it that everything for these purposes is installed: what is missing comes through apt.
///
/// # Errors
/// Something is missing that cannot be installed here; the text says what to install.
pub fn prepare(purposes: &[Purpose]) -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Err(elsewhere(purposes));
    }
    let missing = missing(purposes);
    if missing.is_empty() {
        say("      everything needed is installed");
        return Ok(());
    }
    say(&format!("      missing: {}", missing.join(" ")));
    install(&missing)?;
    match still_missing(purposes) {
        None => Ok(()),
        Some(complaint) => Err(complaint),
    }
}

/// Sees to it that rustfmt and clippy belong to the toolchain in use.
///
/// # Errors
/// One is missing and rustup is not there to add it.
pub fn prepare_toolchain() -> Result<()> {
    let parts = [("fmt", "rustfmt"), ("clippy", "clippy")];
    let absent = |command: &str| output(crate::step::cargo(&root()).args([command, "--version"])).is_none();
    let missing: Vec<&str> =
        parts.iter().filter(|(command, _)| absent(command)).map(|(_, part)| *part).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if find("rustup").is_none() {
        return Err(format!(
            "install these parts of the Rust toolchain and start again: {}",
            missing.join(" ")
        ));
    }
    run(program("rustup", &root()).args(["component", "add"]).args(&missing))
}

const fn need(purpose: Purpose, package: &'static str, probe: Probe) -> Need {
    Need { purpose, package, probe }
}

fn wanted(purposes: &[Purpose]) -> impl Iterator<Item = &'static Need> {
    NEEDS.iter().filter(|need| purposes.contains(&need.purpose))
}

fn missing(purposes: &[Purpose]) -> Vec<&'static str> {
    wanted(purposes).filter(|need| !is_met(need)).map(|need| need.package).collect()
}

fn is_met(need: &Need) -> bool {
    match need.probe {
        Probe::Program(name) => find(name).is_some(),
        Probe::Library(name) => output(program("pkg-config", &root()).args(["--modversion", name])).is_some(),
        Probe::Node => node_version().is_some_and(|version| version >= OLDEST_NODE),
        Probe::Package => {
            let query = ["-W", "-f", "${db:Status-Status}", need.package];
            output(program("dpkg-query", &root()).args(query)).as_deref() == Some("installed")
        }
    }
}

/// Installs Debian packages, or tells who has to.
fn install(packages: &[&str]) -> Result<()> {
    if !is_debian() {
        return Err(format!(
            "this system is not Debian or Ubuntu, so nothing was installed.\n\
             Install what these Debian packages hold and start again: {}",
            packages.join(" ")
        ));
    }
    let by_hand = format!(
        "Install these packages as an administrator and start again:\n    apt-get install {}",
        packages.join(" ")
    );
    let front = privilege().ok_or_else(|| format!("no right to install packages here.\n{by_hand}"))?;
    let apt = |arguments: &[&str]| {
        let words: Vec<&str> = front.iter().copied().chain(APT).chain(arguments.iter().copied()).collect();
        run(program(words[0], &root()).args(&words[1..])) // safe: APT is never empty
    };
    if let Err(failure) = apt(&["update", "-qq"]) {
        say(&format!("      {failure}; going on with the package lists that are there"));
    }
    apt(&[&["install", "-y", "-qq", "--no-install-recommends"], packages].concat())
        .map_err(|failure| format!("{failure}.\n{by_hand}"))
}

/// apt without questions, waiting its turn when another one is at work.
const APT: [&str; 5] = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=600"];

/// What goes in front of a command that only an administrator may run; `None` without such a right.
fn privilege() -> Option<Vec<&'static str>> {
    if output(program("id", &root()).arg("-u")).is_some_and(|id| id.trim() == "0") {
        return Some(Vec::new());
    }
    find("sudo")?;
    // With nobody there to type a password, sudo must not wait for one.
    Some(if stdin().is_terminal() && env::var_os("CI").is_none() { vec!["sudo"] } else { vec!["sudo", "-n"] })
}

fn is_debian() -> bool {
    find("apt-get").is_some()
        && fs::read_to_string("/etc/os-release").is_ok_and(|release| descends_from_debian(&release))
}

fn descends_from_debian(release: &str) -> bool {
    release.lines().filter_map(|line| line.split_once('=')).any(|(key, value)| {
        matches!(key, "ID" | "ID_LIKE") && value.trim_matches('"').split(' ').any(|id| id == "debian")
    })
}

fn still_missing(purposes: &[Purpose]) -> Option<String> {
    let rest = missing(purposes);
    if rest.contains(&"nodejs") {
        let found = node_version().map_or("none".into(), |version| format!("version {version}"));
        return Some(format!("Node.js {OLDEST_NODE} or newer is needed on PATH; found {found}"));
    }
    let complaint = || format!("installed, but still not usable: {}", rest.join(" "));
    (!rest.is_empty()).then(complaint)
}

fn elsewhere(purposes: &[Purpose]) -> String {
    let packages: Vec<&str> = wanted(purposes).map(|need| need.package).collect();
    format!(
        "this command sets up Debian and Ubuntu only, and nothing was installed.\n\
         On Debian it needs: {}.\n\
         Use such a machine (a virtual one will do), or install the same here and build with cargo and npm.",
        packages.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_its_descendants_are_known() {
        let table = [
            ("ID=debian\n", true),
            ("ID=ubuntu\nID_LIKE=debian\n", true),
            ("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", true),
            ("ID=fedora\n", false),
            ("NAME=\"not debian\"\nID=arch\n", false),
        ];
        for (release, expected) in table {
            assert_eq!(descends_from_debian(release), expected, "{release:?}");
        }
    }

    #[test]
    fn every_purpose_has_packages_and_no_package_is_twice_in_one() {
        use Purpose::*;
        for purpose in [
            Build, Window, Page, Driver, Rig, Bench, Count, Cross, Browser, Mingw, Python, Package, Trial,
            Spark,
        ] {
            let mut packages: Vec<_> = wanted(&[purpose]).map(|need| need.package).collect();
            let all = packages.len();
            packages.sort_unstable();
            packages.dedup();
            assert!(all > 0 && packages.len() == all, "{purpose:?}");
        }
    }

    #[test]
    fn what_built_this_test_is_found() {
        assert!(find("gcc").is_some() || find("cc").is_some());
        assert!(find("no-such-program-anywhere").is_none());
    }
}
