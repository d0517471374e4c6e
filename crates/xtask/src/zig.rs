//! A C compiler for any target: Zig's, from the PyPI package `ziglang`, made to take what is meant for clang.

use crate::{
    step::{Result, find, output, program, run, say},
    system::{Purpose, prepare},
    tree::{made, root},
};
use std::{
    ffi::OsString,
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// The package's version, which is Zig's own.
const VERSION: &str = "0.17.1";
/// Stands in for a C compiler, once it knows Zig and the target.
const SCRIPT: &str = include_str!("zig_cc.sh");

/// Sees to it that Zig is in `target/tools`.
///
/// # Errors
/// It cannot be installed.
pub fn install() -> Result<()> {
    let zig = zig()?;
    if output(program(&zig.to_string_lossy(), &root()).arg("version"))
        .is_some_and(|told| told.trim() == VERSION)
    {
        say(&format!("      zig {VERSION}: installed before"));
        return Ok(());
    }
    prepare(&[Purpose::Python])?;
    let python = find("python3").ok_or("python3 is missing")?;
    let what = format!("ziglang=={VERSION}");
    run(program(&python.to_string_lossy(), &root())
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--upgrade"])
        .args(["--only-binary", ":all:", "--target"])
        .arg(made("tools")?.join("zig"))
        .arg(what))
}

/// The variables by which the `cc` crate compiles C for cargo's `target` as Zig's `zig_target`.
///
/// # Errors
/// The script that stands in for a C compiler cannot be written.
pub fn variables(target: &str, zig_target: &str) -> Result<[(String, OsString); 3]> {
    let zig = zig()?;
    let compiler = script(&made("tools")?.join(format!("zig-cc-{zig_target}")), &zig, zig_target)?;
    let mut archiver = zig.into_os_string();
    archiver.push(" ar");
    let target = target.replace('-', "_");
    Ok([
        (format!("CC_{target}"), compiler.into()),
        (format!("AR_{target}"), archiver),
        // Any folder, so that Apple's tools are not asked for one; Zig brings the headers.
        ("SDKROOT".into(), made("tools")?.into()),
    ])
}

/// Writes the script that stands in for a C compiler to `path`.
fn script(path: &Path, zig: &Path, zig_target: &str) -> Result<PathBuf> {
    let text = SCRIPT.replace("TARGET", zig_target).replace("ZIG", &zig.to_string_lossy());
    let written =
        fs::write(path, text).and_then(|()| fs::set_permissions(path, Permissions::from_mode(0o755)));
    written.map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path.to_owned())
}

fn zig() -> Result<PathBuf> {
    Ok(made("tools")?.join("zig/ziglang/zig"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_words_that_name_the_target_are_left_out() {
        let path = std::env::temp_dir().join(format!("xtask-zig-cc-{}", std::process::id()));
        let compiler = script(&path, Path::new("echo"), "aarch64-macos").expect("a temporary folder");
        let table = [
            ("-O0 --target=arm64-apple-macosx -arch arm64 -c -isysroot / a.c -o a.o", "-O0 -c a.c -o a.o"),
            ("-E a.c", "-E a.c"),
            ("-miphoneos-version-min=7.0 -mcpu=apple_m1 a.c", "-mcpu=apple_m1 a.c"),
            ("-arch", ""),
        ];
        for (given, left) in table {
            let printed = output(program(&compiler.to_string_lossy(), &root()).args(given.split(' ')));
            let expected = format!("cc -target aarch64-macos {left}");
            assert_eq!(printed.as_deref().map(str::trim), Some(expected.trim()));
        }
        fs::remove_file(path).expect("it was ours");
    }

    #[test]
    fn the_compiler_is_named_for_its_target_alone() {
        let [(compiler, script), (archiver, _), _] =
            variables("aarch64-linux-android", "aarch64-linux-musl").expect("a target folder");
        assert_eq!((&*compiler, &*archiver), ("CC_aarch64_linux_android", "AR_aarch64_linux_android"));
        assert!(Path::new(&script).is_file());
    }
}
