//! The screens behind the door, in the real window: PINs, an admin's work, an inspector's, and what staff cannot see.

use propusk_tests::door::{Door, Hue, hue, newer_keys, propusk, run, word};
use propusk_tests::webdriver::{ENTER, PATIENCE, wait_until};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const ADMIN_PIN: &str = "271828";
const INSPECTOR_PIN: &str = "161803";

#[test]
fn an_admin_sets_up_staff_count_people_and_an_inspector_proves_it() {
    let door = Door::open();
    first_admin(&door);
    door.accessible("admin, keys");
    door.picture("admin-keys");
    assert!(door.text("[data-testid=key]").contains("Demo authority"));

    open_tab(&door, "settings");
    for name in ["Olga", "Пётр"] {
        door.write("[data-testid=operator-name]", name);
        door.click("[data-testid=add-operator]");
    }
    door.click("[data-testid=count-people]");
    door.click("[data-testid=limited]");
    door.replace("[data-testid=capacity]", "1");
    door.click("[data-testid=save-settings]");
    door.wait_for_text("[data-testid=settings-note]", "Saved");
    door.accessible("admin, settings");
    door.picture("admin-settings");

    set_inspector_pin(&door);
    door.accessible("admin, PINs");
    door.picture("admin-pins");
    door.click("[data-testid=lock]");

    door.click("[data-testid=menu]");
    door.click("[data-testid=operator] option:nth-of-type(2)");
    door.accessible("the menu");
    door.picture("menu");
    door.press_escape();
    door.wait_for_text("[data-testid=on-shift]", "Olga");

    door.start_demo_camera();
    door.show("valid_vaccination", "accepted");
    door.dismiss();
    wait_until(PATIENCE, "one person inside", || (door.text("[data-testid=inside]") == "1").then_some(()));
    door.window.wait_for("[data-testid=full]");
    door.show("tampered", "bad_signature");
    let again = door.show("valid_vaccination", "accepted");
    assert!(word(&again, "seen").contains("just now"), "the same person again is not said: {again}");
    door.picture("seen-before");
    door.dismiss();
    wait_until(PATIENCE, "two people inside", || (door.text("[data-testid=inside]") == "2").then_some(()));
    door.click("[data-testid=person-left]");
    wait_until(PATIENCE, "one person inside", || (door.text("[data-testid=inside]") == "1").then_some(()));

    inspect(&door);
    door.click("[data-testid=lock]");
    door.window.wait_for("[data-testid=counts-accepted]");
    door.close_and_verify();
}

fn inspect(door: &Door) {
    door.click("[data-testid=menu]");
    door.click("[data-testid=menu-inspector]");
    type_pin(door, "8642");
    door.wait_for_text("[data-testid=pin-trouble]", "Wrong PIN");
    door.accessible("the PIN pad");
    door.picture("pin");
    type_pin(door, INSPECTOR_PIN);
    door.window.wait_for("[data-testid=office][data-role=inspector]");

    let lines = || door.number("return document.querySelectorAll('[data-testid=journal-line]').length");
    wait_until(PATIENCE, "the journal", || (lines() >= 8).then_some(()));
    for event in ["pin_set", "settings_changed", "shift_began", "pin_refused"] {
        assert!(door.window.find(&format!("[data-reason={event}]")).is_some(), "no line for {event}");
    }
    door.accessible("the journal");
    door.picture("journal");
    door.click("[data-testid=journal-outcome] option[value=refused]");
    wait_until(PATIENCE, "refusals alone", || (lines() == 1).then_some(()));
    door.click("[data-testid=export-csv]");
    let note = wait_until(PATIENCE, "the export", || {
        Some(door.text("[data-testid=journal-note]")).filter(|note| note.contains(".csv"))
    });
    let file = note.trim_start_matches("Saved as ").to_owned();
    let table = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
    assert_eq!(table.lines().count(), 2, "a heading and one refusal: {table}");
    assert!(table.contains("bad_signature"), "{table}");
    export_with_proof(door);

    open_tab(door, "statistics");
    door.window.wait_for("[data-testid=plot-hours] rect.accepted");
    door.accessible("statistics");
    door.picture("statistics");
    open_tab(door, "proof");
    door.window.wait_for("[data-testid=proof][data-holds=true]");
    door.accessible("the proof");
    door.picture("proof");
    open_tab(door, "counters");
    door.click("[data-testid=reset-counters]");
    wait_until(PATIENCE, "counters at zero", || (door.shown_counts() == 0).then_some(()));
}

/// The day as evidence: whatever is filtered, all of it, and proven by the command line.
fn export_with_proof(door: &Door) {
    door.click("[data-testid=export-proven]");
    let folder = wait_until(PATIENCE, "the export with its proof", || {
        let note = door.text("[data-testid=journal-note]");
        note.strip_prefix("Saved as ").filter(|path| !path.ends_with(".csv")).map(str::to_owned)
    });
    let said = run(propusk().args(["log", "verify", &folder]));
    assert!(said.starts_with("proven: "), "{said}");
    let table = fs::read_to_string(Path::new(&folder).join("entries.csv")).expect("the entries");
    for reason in ["accepted", "bad_signature", "shift_began"] {
        assert!(table.contains(reason), "{reason}: {table}");
    }
}

/// The page may ask what it wants: the station answers staff with nothing of what is behind the door.
#[test]
fn staff_is_shown_no_history_whatever_the_page_asks() {
    let door = Door::open();
    assert_staff_is_refused(&door, "no_pin");
    first_admin(&door);
    set_inspector_pin(&door);
    door.click("[data-testid=lock]");
    assert_staff_is_refused(&door, "locked");
    assert!(!door.station().join("exports").exists(), "a file was written for staff");

    door.click("[data-testid=menu]");
    door.click("[data-testid=menu-admin]");
    type_pin(&door, ADMIN_PIN);
    door.window.wait_for("[data-testid=office][data-role=admin]");
    door.window.reload();
    door.window.wait_for("[data-testid=counts-accepted]");
    assert_staff_is_refused(&door, "locked");
    door.close_and_verify();
}

fn assert_staff_is_refused(door: &Door, problem: &str) {
    for (command, body) in [
        ("journal", json!({ "filter": {} })),
        ("statistics", json!({ "span": { "from": 0, "until": 3600 }, "bucket": 3600 })),
        ("proof", json!({})),
        ("export", json!({ "filter": {}, "format": "csv" })),
        ("export_proven", json!({ "span": { "from": 0, "until": 3600 }, "format": "csv" })),
        ("reset_counters", json!({})),
        ("keys", json!({})),
        ("key_change", json!({})),
        ("set_pin", json!({ "role": "admin", "pin": "271828" })),
        ("change_settings", json!({ "settings": {} })),
    ] {
        let answer = door.ask(command, body);
        assert_eq!(answer["refused"]["problem"], problem, "{command}: {answer}");
    }
}

#[test]
fn a_kiosk_has_no_menu_but_the_lock() {
    let door = Door::open();
    first_admin(&door);
    open_tab(&door, "settings");
    door.click("[data-testid=kiosk]");
    door.click("[data-testid=save-settings]");
    door.wait_for_text("[data-testid=settings-note]", "Saved");
    door.click("[data-testid=lock]");
    door.window.wait_for("[data-testid=counts-accepted]");
    door.window.wait_for("[data-testid=camera-state]:not([data-state=opening])");
    for gone in ["paste", "open-image", "open-image-offer", "demo-camera", "camera"] {
        door.window.wait_until_gone(&format!("[data-testid={gone}]"));
    }
    let menu = door.window.script(
        "return document.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }))",
        json!([]),
    );
    assert_eq!(menu, json!(false), "the webview's own menu opens in a kiosk");
    door.click("[data-testid=menu]");
    assert!(door.window.find("[data-testid=menu-device]").is_none(), "preferences without a PIN");
    door.click("[data-testid=menu-admin]");
    type_pin(&door, ADMIN_PIN);
    door.window.wait_for("[data-testid=office][data-role=admin]");
    door.close_and_verify();
}

#[test]
fn wrong_pins_are_made_to_wait_also_after_a_restart() {
    let door = Door::open();
    first_admin(&door);
    door.click("[data-testid=lock]");
    let refused =
        |door: &Door| door.ask("unlock", json!({ "role": "admin", "pin": "9753" }))["refused"].clone();
    let waits: Vec<Value> = (0..4).map(|_| refused(&door)["wait"].clone()).collect();
    assert!(waits.iter().any(|wait| wait.as_u64() >= Some(30)), "no wait after four wrong PINs: {waits:?}");
    let again = door.restart();
    assert_eq!(refused(&again)["problem"], "blocked");
    let right = again.ask("unlock", json!({ "role": "admin", "pin": ADMIN_PIN }));
    assert_eq!(right["refused"]["problem"], "blocked", "the right PIN is not looked at either: {right}");
}

/// A scanner goes on typing whatever stands on the screen.
#[test]
fn a_scan_at_the_pin_pad_is_neither_a_pin_nor_a_try() {
    let door = Door::open();
    first_admin(&door);
    door.click("[data-testid=lock]");
    door.click("[data-testid=menu]");
    door.click("[data-testid=menu-admin]");
    door.window.wait_for("[data-testid=pin-pad]");
    door.window.press(&format!("https://example.org/9753{ENTER}"));
    assert_eq!(door.text("[data-testid=pin-trouble]"), "");
    assert!(door.window.find("[data-testid=pin-dots] .on").is_none(), "a scan's digits are taken for a PIN");
    type_pin(&door, ADMIN_PIN);
    door.window.wait_for("[data-testid=office][data-role=admin]");
    assert_eq!(door.close_and_list().iter().filter(|reason| *reason == "pin_refused").count(), 0);
}

/// Chooses the first PIN, as whoever sets the station up does.
#[test]
fn an_admin_sees_what_changes_before_newer_keys_are_used_and_shows_them_on() {
    let door = Door::open();
    first_admin(&door);
    let package = newer_keys(&door.station());
    let input = door.window.find("[data-testid=keys-file]").expect("the file input");
    door.window.write(&input, concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
    door.window.wait_for("[data-testid=keys-failure]");
    door.window.write(&input, &package.display().to_string());
    door.window.wait_for("[data-testid=keys-take]");
    let offer = door.text("[data-testid=keys-offer]");
    assert!(offer.contains("Version 1 → 2") && offer.contains("1 key removed"), "{offer}");
    door.accessible("keys that are offered");
    door.picture("keys-offer");
    door.click("[data-testid=keys-take]");
    door.window.wait_for("[data-testid=keys-taken]");

    door.click("[data-testid=keys-show]");
    door.window.wait_for("[data-testid=keys-code]");
    door.accessible("keys that are shown");
    door.picture("keys-shown");
    door.click("[data-testid=keys-stop]");
    door.click("[data-testid=lock]");

    door.click("[data-testid=paste]");
    door.window.write(&door.window.wait_for("[data-testid=paste-text]"), &door.text_of("valid_test"));
    door.window.click(&door.window.wait_for("[data-testid=paste-check]"));
    assert_eq!(hue(&door.verdict("unknown_key")), Hue::Other);
    door.dismiss();
    let reasons = door.close_and_list();
    assert_eq!(reasons, ["pin_set", "keys_refreshed", "unknown_key"]);
}

fn first_admin(door: &Door) {
    door.click("[data-testid=menu]");
    door.click("[data-testid=menu-admin]");
    type_pin(door, ADMIN_PIN);
    door.wait_for_text("dialog h1", "again");
    type_pin(door, ADMIN_PIN);
    door.window.wait_for("[data-testid=office][data-role=admin]");
}

fn set_inspector_pin(door: &Door) {
    open_tab(door, "pins");
    for field in ["inspector-pin", "inspector-pin-again"] {
        door.write(&format!("[data-testid={field}]"), INSPECTOR_PIN);
    }
    door.click("[data-testid=set-inspector-pin]");
    door.wait_for_text("[data-testid=inspector-pin-note]", "Saved");
}

fn type_pin(door: &Door, pin: &str) {
    for digit in pin.chars() {
        door.click(&format!("[data-testid=pin-{digit}]"));
    }
    door.click("[data-testid=pin-confirm]");
}

fn open_tab(door: &Door, name: &str) {
    door.click(&format!("[data-testid=tab-{name}]"));
    door.window.wait_for(&format!("[data-testid=office][data-tab={name}]"));
}
