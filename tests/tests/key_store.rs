//! The command line with a real key store: GNOME Keyring, on a D-Bus of the test's own.

use propusk_tests::door::{make_demo, propusk, run};
use propusk_tests::started::{Running, start, start_reading};
use propusk_tests::webdriver::{PATIENCE, wait_until};
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Where a test's user lives: what the key store and the bus write stays in it.
struct Home {
    folder: TempDir,
    _bus: Running,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).expect("a private folder");
        fs::write(path.join("bus.conf"), bus(path)).expect("the bus's configuration");
        let mut daemon = Command::new("dbus-daemon");
        daemon.arg("--nofork").arg("--config-file").arg(path.join("bus.conf"));
        let bus = start(&mut daemon, "dbus-daemon");
        wait_until(PATIENCE, "the bus", || path.join("bus").exists().then_some(()));
        Self { folder, _bus: bus }
    }

    /// The same command as this home's user gives it.
    fn live_in<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let path = self.folder.path();
        command
            .env("HOME", path)
            .env("XDG_DATA_HOME", path.join("share"))
            .env("XDG_RUNTIME_DIR", path)
            .env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", path.join("bus").display()))
    }

    /// Starts the key store, unlocked by this password or locked. It is there once it owns its name on the bus.
    fn key_store(&self, password: Option<&str>) -> Running {
        let mut keyring = Command::new("gnome-keyring-daemon");
        keyring.args(["--foreground", "--components=secrets"]);
        let input = password.map_or_else(Stdio::null, |password| {
            keyring.arg("--unlock");
            let file = self.folder.path().join("password");
            fs::write(&file, password).expect("the password is written");
            File::open(file).expect("the password is read").into()
        });
        let running = start_reading(self.live_in(&mut keyring), input, "gnome-keyring");
        wait_until(PATIENCE, "the key store", || self.has_key_store().then_some(()));
        running
    }

    fn end(&self, key_store: Running) {
        drop(key_store);
        wait_until(PATIENCE, "no key store", || (!self.has_key_store()).then_some(()));
    }

    fn has_key_store(&self) -> bool {
        let mut ask = Command::new("dbus-send");
        ask.args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"]);
        ask.args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]);
        run(self.live_in(&mut ask)).contains("boolean true")
    }

    fn station(&self) -> PathBuf {
        self.folder.path().join("station")
    }

    fn propusk(&self, arguments: &[&str]) -> Command {
        let mut command = propusk();
        command.args(arguments).arg("--station").arg(self.station());
        self.live_in(&mut command);
        command
    }

    /// What a command that fails says.
    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.propusk(arguments).output().expect("the command line runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{said}");
        said
    }

    fn scan(&self) {
        let output = self.propusk(&SCAN).output().expect("the command line runs");
        assert_eq!(output.status.code(), Some(1), "{output:?}");
    }
}

/// A text that is no pass: refused, and logged.
const SCAN: [&str; 3] = ["verify", "--admit", "HC1:"];

#[test]
fn a_real_key_store_keeps_the_device_key_and_a_locked_one_is_told() {
    let home = Home::new();
    make_demo(&home.station());
    let device_key = home.station().join("device.key");
    let secret = fs::read(&device_key).expect("the keys");

    // There is a bus, and nobody on it who keeps secrets.
    let said = home.refused(&["station", "key", "--to", "key-store"]);
    assert!(said.contains("no key store"), "{said}");

    let unlocked = home.key_store(Some("one"));
    let said = run(&mut home.propusk(&["station", "key", "--to", "key-store"]));
    assert!(said.contains("in the system's key store"), "{said}");
    let named = fs::read(&device_key).expect("the file that names them");
    assert!(!named.windows(32).any(|window| window == &secret[secret.len() - 32..]));
    home.scan();
    home.end(unlocked);

    let said = home.refused(&SCAN);
    assert!(said.contains("no key store"), "{said}");

    let locked = home.key_store(None);
    let said = home.refused(&SCAN);
    assert!(said.contains("locked") && said.contains("unlock the store"), "{said}");
    // What was logged is proven with the public key alone.
    run(&mut home.propusk(&["log", "verify"]));
    home.end(locked);

    let _unlocked = home.key_store(Some("one"));
    home.scan();
    run(&mut home.propusk(&["station", "key", "--to", "file"]));
    assert_eq!(fs::read(&device_key).expect("the keys"), secret);
    home.scan();
    assert!(run(&mut home.propusk(&["log", "verify"])).contains("proven: 3 entries"));
}

/// A bus that starts no services by itself.
fn bus(folder: &Path) -> String {
    format!(
        "<busconfig><type>session</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>\
         <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/>\
         <allow own=\"*\"/></policy></busconfig>",
        folder.join("bus").display()
    )
}
