//! `cargo xtask platforms`: what can be known here about systems and processors that are not this one's. Programs for
//! other systems are checked by the compiler and not linked; the QR reader's tests are run on an emulated processor.

use crate::{
    arm, page,
    step::{Result, Steps, cargo, run, say},
    system::{Purpose, prepare, prepare_toolchain},
    tools::prepare_target,
    tree::root,
    zig,
};

/// A system that Propusk is written for, or part of it.
struct Platform {
    name: &'static str,
    /// As cargo calls it.
    target: &'static str,
    compiler: Compiler,
    packages: &'static [&'static str],
}

/// Who compiles the C in it (SQLite).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Compiler {
    /// There is none.
    None,
    /// A Debian package's, which the `cc` crate finds by itself.
    Mingw,
    /// Zig's, for this target of Zig's.
    Zig(&'static str),
}

const APP: &str = "propusk-app";

const PLATFORMS: [Platform; 5] = [
    Platform {
        name: "android",
        target: "aarch64-linux-android",
        compiler: Compiler::Zig("aarch64-linux-musl"),
        packages: &[APP],
    },
    Platform {
        name: "windows",
        target: "x86_64-pc-windows-gnu",
        compiler: Compiler::Mingw,
        packages: &[APP, "propusk"],
    },
    Platform {
        name: "macos",
        target: "aarch64-apple-darwin",
        compiler: Compiler::Zig("aarch64-macos"),
        packages: &[APP, "propusk"],
    },
    // The window for iOS takes Apple's Swift compiler; Zig has Apple's C headers for macOS only, which are the same.
    Platform {
        name: "ios",
        target: "aarch64-apple-ios",
        compiler: Compiler::Zig("aarch64-macos"),
        packages: &["station", "camera", "carrier", "picture", "qr-wasm"],
    },
    Platform {
        name: "wasm",
        target: "wasm32-unknown-unknown",
        compiler: Compiler::None,
        packages: &["qr", "qr-wasm", "carrier", "credential"],
    },
];

/// WebAssembly by itself has no randomness, and verifying takes none; the crates below know how to make it.
const NO_RANDOMNESS: (&str, &str) =
    ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "--cfg getrandom_backend=\"unsupported\"");

/// The tests on another processor, by their name here.
const ARM: &str = "qr";

/// What `cargo xtask platforms` was asked for.
pub struct Options {
    platforms: Vec<&'static Platform>,
    arm: bool,
}

impl Options {
    /// Reads the words after `platforms`: names of platforms and `qr`, or nothing for all.
    ///
    /// # Errors
    /// An unknown name.
    pub fn parse(words: &[String]) -> Result<Self> {
        let known = |word: &&String| *word == ARM || PLATFORMS.iter().any(|platform| platform.name == *word);
        if let Some(word) = words.iter().find(|word| !known(word)) {
            return Err(format!("no such platform: {word}; there are {}", names()));
        }
        let chosen = |name: &str| words.is_empty() || words.iter().any(|word| word == name);
        Ok(Self {
            platforms: PLATFORMS.iter().filter(|platform| chosen(platform.name)).collect(),
            arm: chosen(ARM),
        })
    }
}

/// The names of all platforms.
pub fn names() -> String {
    PLATFORMS.iter().map(|platform| platform.name).chain([ARM]).collect::<Vec<_>>().join(", ")
}

/// Sets the machine up, checks each platform, and runs the QR reader's tests on ARM.
///
/// # Errors
/// Whatever keeps something from being built; a warning of the compiler; a test that fails.
pub fn platforms(options: &Options) -> Result<()> {
    let mut steps = Steps::new(1 + options.platforms.len() + usize::from(options.arm));
    steps
        .run("Debian packages, toolchain", || prepare(&needs(options)).and_then(|()| prepare_toolchain()))?;
    for platform in &options.platforms {
        steps.run(&title(platform), || check(platform))?;
    }
    if options.arm {
        steps.run(arm::TITLE, arm::tests)?;
    }
    say(&steps.summary());
    Ok(())
}

/// The step of `cargo xtask test`: every platform is checked by the compiler.
///
/// # Errors
/// As [`platforms`].
pub fn check_all() -> Result<()> {
    PLATFORMS.iter().try_for_each(|platform| {
        say(&format!("      {}", title(platform)));
        check(platform)
    })
}

/// What the checks need.
pub const NEEDS: &[Purpose] = &[Purpose::Build, Purpose::Page, Purpose::Mingw, Purpose::Python];

fn needs(options: &Options) -> Vec<Purpose> {
    let compiles = if options.platforms.is_empty() { &[Purpose::Build][..] } else { NEEDS };
    let emulates = options.arm.then_some(Purpose::Cross);
    compiles.iter().copied().chain(emulates).collect()
}

fn title(platform: &Platform) -> String {
    format!("{}: {} for {}", platform.name, platform.packages.join(", "), platform.target)
}

/// Clippy is the compiler's check with more warnings: code for other systems is looked at nowhere else.
fn check(platform: &Platform) -> Result<()> {
    prepare_target(platform.target)?;
    if platform.packages.contains(&APP) {
        page::build()?;
    }
    let packages = platform.packages.iter().flat_map(|package| ["--package", package]);
    let mut command = cargo(&root());
    command.args(["clippy", "--locked", "--no-deps", "--lib", "--bins", "--target", platform.target]);
    command.args(packages).args(["--", "-D", "warnings"]);
    command.envs([NO_RANDOMNESS]);
    if let Compiler::Zig(target) = platform.compiler {
        zig::install()?;
        command.envs(zig::variables(platform.target, target)?);
    }
    run(&mut command)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<(Vec<&'static str>, bool)> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let options = Options::parse(&words)?;
        Ok((options.platforms.iter().map(|platform| platform.name).collect(), options.arm))
    }

    #[test]
    fn everything_is_checked_unless_something_is_named() {
        assert_eq!(parse(&[]).map(|(platforms, arm)| (platforms.len(), arm)), Ok((PLATFORMS.len(), true)));
        assert_eq!(parse(&["qr"]), Ok((vec![], true)));
        assert_eq!(parse(&["ios", "android"]), Ok((vec!["android", "ios"], false)));
    }

    #[test]
    fn an_unknown_name_is_refused_with_those_that_there_are() {
        let error = parse(&["android", "beos"]).expect_err("no such platform");
        assert!(error.contains("beos") && error.contains("windows"), "{error}");
    }
}
