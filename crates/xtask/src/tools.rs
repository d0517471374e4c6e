//! What cargo and rustup bring for single commands: programs installed from source, and targets of the toolchain.

use crate::{
    step::{Result, cargo, find, output, program, run, say},
    tree::{made, root},
};
use std::path::PathBuf;

/// A program of crates.io at one version, built into `target/tools` where it is not there yet.
///
/// # Errors
/// It cannot be built.
pub fn installed(name: &str, version: &str) -> Result<PathBuf> {
    let folder = made("tools")?;
    let path = folder.join("bin").join(name);
    let is_it = output(program(&path.to_string_lossy(), &root()).arg("--version"))
        .is_some_and(|printed| printed.split_whitespace().any(|word| word == version));
    if is_it {
        say(&format!("      {name} {version}: installed before"));
        return Ok(path);
    }
    let what = format!("{name}@{version}");
    run(cargo(&root())
        .args(["install", "--locked", &what, "--root"])
        .arg(&folder)
        .arg("--target-dir")
        .arg(folder.join("build")))?;
    Ok(path)
}

/// Sees to it that the toolchain in use can compile for `target`.
///
/// # Errors
/// It cannot, and rustup is not there to add it.
pub fn prepare_target(target: &str) -> Result<()> {
    let library = ["--print", "target-libdir", "--target", target];
    let folder = output(program("rustc", &root()).args(library)).unwrap_or_default();
    if PathBuf::from(folder.trim()).is_dir() {
        return Ok(());
    }
    if find("rustup").is_none() {
        return Err(format!("install the Rust standard library for {target} and start again"));
    }
    run(program("rustup", &root()).args(["target", "add", target]))
}

/// The target triple that the toolchain in use compiles for when no other is named.
///
/// # Errors
/// rustc does not tell.
pub fn host() -> Result<String> {
    let printed = output(program("rustc", &root()).arg("-vV")).unwrap_or_default();
    let host = printed.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc -vV does not tell its host".into())
}
