//! Real file systems: one that is full, and one that is read-only. Whoever may not mount any does so
//! in a namespace of its own; where not even that is allowed, the exception is printed.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::message::line;
use crate::sample::{check, open, read, salt, scan};
use scanlog::{Error, Log, verify};

/// Set in the process that has a namespace for its mounts.
const INSIDE: &str = "SCANLOG_TEST_OWN_MOUNTS";

/// `unshare` for the superuser, and for anybody else.
const NAMESPACES: [&[&str]; 2] = [&["--mount"], &["--user", "--map-root-user", "--mount"]];

/// Whether this process may mount. If not, the test named is run again in one that may, as far as
/// the system has any; mounts end with it.
fn may_mount(test: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let works = |arguments: &&&[&str]| {
        let probe = "mount -t tmpfs none /mnt";
        let mut command = Command::new("unshare");
        command.args(**arguments).args(["sh", "-c", probe]).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    let Some(arguments) = NAMESPACES.iter().find(works) else {
        // Past the test harness, which would keep it to itself.
        let exception = format!("EXCEPTION: {test} did not run: mounting is not allowed here (be root)\n");
        std::io::stderr().write_all(exception.as_bytes()).unwrap();
        return false;
    };
    let mut again = Command::new("unshare");
    again.args(*arguments).arg(std::env::current_exe().unwrap()).args(["--exact", test]).env(INSIDE, "yes");
    let again = again.output().unwrap();
    let told = String::from_utf8_lossy(&again.stdout);
    assert!(again.status.success() && told.contains("1 passed"), "{told}");
    false
}

fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
}

fn append(log: &mut Log) -> Result<u64, Error> {
    let number = log.len()?;
    log.append(&scan(number), salt(number)).map(|appended| appended.size)
}

/// Appends until the disk is full, then again once there is space, and again after a new start.
fn fill(folder: &Path) {
    let path = folder.join("scan.log");
    let ballast = folder.join("ballast");
    fs::write(&ballast, vec![1; 128 * 1024]).unwrap();
    let mut log = open(&path).unwrap();
    let mut promised = 0;
    let error = loop {
        match append(&mut log) {
            Ok(size) => promised = size,
            Err(error) => break error,
        }
    };
    let known = format!("{}: the disk is full; free some space, nothing was lost", path.display());
    assert!(matches!(error, Error::Full(_)) && line(&error) == known, "{error}");
    assert!(append(&mut log).is_err(), "it is still full");
    assert_eq!(read(&path, promised), Ok(promised));
    fs::remove_file(&ballast).unwrap();
    promised = append(&mut log).unwrap();
    drop(log);
    assert_eq!(check(&path, promised), Ok(promised));
    fs::remove_file(&path).unwrap();
    fs::remove_file(folder.join("scan.log.lock")).unwrap();
}

#[test]
fn a_file_system_in_memory_that_is_full_loses_nothing() {
    if !may_mount("medium::a_file_system_in_memory_that_is_full_loses_nothing") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().to_str().unwrap();
    // Page by page, so that it is full at another place each time.
    for pages in 200..216 {
        run("mount", &["-t", "tmpfs", "-o", &format!("size={}k", pages * 4), "none", folder]);
        fill(Path::new(folder));
        run("umount", &[folder]);
    }
}

#[test]
fn a_file_system_on_a_device_that_is_full_loses_nothing() {
    if !may_mount("medium::a_file_system_on_a_device_that_is_full_loses_nothing") {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let image = place.path().join("image").to_str().unwrap().to_owned();
    let folder = place.path().join("disk");
    fs::create_dir(&folder).unwrap();
    fs::File::create(&image).unwrap().set_len(2 * 1024 * 1024).unwrap();
    let mut format = Command::new("mkfs.ext4");
    let formatted = format.args(["-q", "-O", "^has_journal", &image]).output();
    let mounted = || Command::new("mount").args(["-o", "loop", &image]).arg(&folder).output();
    if !formatted.is_ok_and(|output| output.status.success())
        || !mounted().is_ok_and(|output| output.status.success())
    {
        let exception = b"EXCEPTION: no log on a full ext4: no mkfs.ext4, or no loop device (be root)\n";
        std::io::stderr().write_all(exception).unwrap();
        return;
    }
    fill(&folder);
    run("umount", &[folder.to_str().unwrap()]);
}

#[test]
fn a_read_only_file_system_is_told_and_the_log_is_read() {
    if !may_mount("medium::a_read_only_file_system_is_told_and_the_log_is_read") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (path, place) = (folder.path().join("scan.log"), folder.path().to_str().unwrap());
    run("mount", &["-t", "tmpfs", "none", place]);
    append(&mut open(&path).unwrap()).unwrap();
    let killed = as_killed(&path);
    run("mount", &["-o", "remount,ro", place]);
    let error = open(&path).err().unwrap();
    assert!(matches!(error, Error::ReadOnly(_)), "{error}");
    assert!(
        line(&error).ends_with("the log cannot be written; check the permissions of the file and its folder")
    );
    assert_eq!(verify(&path, None).unwrap().entries, 2);
    let error = verify(&killed, None).unwrap_err();
    assert!(matches!(error, Error::Pending(_)), "{error}");
    line(&error);
}

/// A log whose process was killed: its last entry is in the side file only.
fn as_killed(path: &Path) -> PathBuf {
    let copy = path.with_file_name("killed-scan.log");
    let mut log = open(path).unwrap();
    append(&mut log).unwrap();
    for ending in ["", "-wal"] {
        let with = |path: &Path| format!("{}{ending}", path.display());
        fs::copy(with(path), with(&copy)).unwrap();
    }
    copy
}
