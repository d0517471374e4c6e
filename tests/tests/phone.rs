//! The page as a phone has it: its own camera, its own reader, and the app's real commands behind it.

use propusk_tests::door::{Hue, accessible, hue, word};
use propusk_tests::phone::{Phone, SLOW, View};
use propusk_tests::webdriver::wait_until;
use serde_json::Value;

const ADMIN_PIN: &str = "271828";
const INSPECTOR_PIN: &str = "161803";

#[test]
fn the_same_three_passes_as_a_video_are_green_red_red() {
    let phone = Phone::open(&View::Samples(&["valid_vaccination", "expired", "tampered"]), "en-GB");
    for (reason, colour, claims) in
        [("accepted", Hue::Green, true), ("expired", Hue::Red, true), ("bad_signature", Hue::Red, false)]
    {
        let seen = phone.verdict(reason);
        assert_eq!(hue(&seen), colour, "{seen}");
        assert_eq!(seen["name"] != Value::Null, claims, "{seen}");
        phone.picture(&format!("phone-camera-{reason}"));
        phone.dismiss();
    }
    assert_eq!(phone.complaints(), Vec::<String>::new());
}

#[test]
fn without_a_camera_a_phone_says_so_and_reads_images() {
    let phone = Phone::open(&View::NoCamera, "ru-RU");
    phone.window.wait_for("[data-testid=camera-state][data-state=no_camera]");
    accessible(&phone.window, "a phone without a camera");
    let input = phone.window.find("[data-testid=image-file]").expect("the file input");
    phone.window.write(&input, &phone.sample("not_yet_valid").display().to_string());
    assert_eq!(hue(&phone.verdict("not_yet_valid")), Hue::Red);
    accessible(&phone.window, "a verdict on a phone");
    phone.dismiss();
    let input = phone.window.find("[data-testid=image-file]").expect("the file input");
    phone.window.write(&input, concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
    phone.window.wait_for("[data-testid=problem]");
}

/// The browser brakes the page's own thread, not the worker that reads. What it took is printed, not held to.
#[test]
fn a_slow_phone_reads_the_first_pass() {
    let phone = Phone::slower(&View::Appearing("valid_test"), "de-DE", 6);
    let title = wait_until(SLOW, "a verdict", || {
        let seen = phone.look();
        (word(&seen, "reason") == "accepted").then(|| word(&seen, "title").to_owned())
    });
    eprintln!("its page six times slower: {:.0} ms from the code in view to the verdict", phone.took());
    assert_eq!(title, "Akzeptiert", "the system's language is German");
}

#[test]
fn an_admin_takes_keys_off_another_screen() {
    let phone = Phone::open(&View::NewerKeys, "en-GB");
    let click = |css: &str| click(&phone, css);
    first_admin(&phone);
    click("[data-testid=keys-receive]");
    phone.window.wait_for("[data-testid=video]");
    phone.picture("phone-keys-coming");
    wait_until(SLOW, "all of the keys", || phone.window.find("[data-testid=keys-take]"));
    accessible(&phone.window, "keys that came over a screen");
    click("[data-testid=keys-take]");
    phone.window.wait_for("[data-testid=keys-taken]");
    // What the camera saw of the other screen was nobody's pass.
    let reasons = phone.logged();
    assert_eq!(reasons, ["pin_set", "keys_refreshed"], "{reasons:?}");
}

#[test]
fn an_inspectors_camera_reads_a_cosignature() {
    let phone = Phone::open(&View::Cosignature, "en-GB");
    let click = |css: &str| click(&phone, css);
    first_admin(&phone);
    click("[data-testid=tab-pins]");
    for field in ["inspector-pin", "inspector-pin-again"] {
        phone.window.write(&phone.window.wait_for(&format!("[data-testid={field}]")), INSPECTOR_PIN);
    }
    click("[data-testid=set-inspector-pin]");
    let saved = "[data-testid=inspector-pin-note]";
    wait_until(SLOW, "the inspector's PIN", || (!text(&phone, saved).is_empty()).then_some(()));
    click("[data-testid=lock]");
    click("[data-testid=menu]");
    click("[data-testid=menu-inspector]");
    type_pin(&phone, INSPECTOR_PIN);
    click("[data-testid=tab-proof]");
    let before = phone.logged().len();

    click("[data-testid=cosign-camera]");
    phone.window.wait_for("[data-testid=video]");
    phone.picture("phone-cosignature-camera");
    // Its key is new here and nobody has compared it: said in words, and the camera is off again.
    let refused = wait_until(SLOW, "a refusal", || phone.window.find("[data-testid=cosign-failure]"));
    assert!(phone.window.text(&refused).contains("compare"), "{}", phone.window.text(&refused));
    phone.window.wait_until_gone("[data-testid=video]");
    accessible(&phone.window, "a cosignature that is not taken");
    phone.picture("phone-cosignature-refused");

    click("[data-testid=cosign-compared]");
    click("[data-testid=cosign-camera]");
    let taken = wait_until(SLOW, "the cosignature", || phone.window.find("[data-testid=cosigned]"));
    assert!(phone.window.text(&taken).contains("inspection.example/anna"));
    phone.window.wait_until_gone("[data-testid=video]");
    phone.picture("phone-cosigned");
    // What the camera saw of the other device was nobody's pass.
    assert_eq!(phone.logged()[before..], ["cosigned"]);
}

/// Staff's own camera may have read what lies there before: its verdict is taken off the screen.
fn click(phone: &Phone, css: &str) {
    wait_until(SLOW, &format!("a click on {css}"), || {
        phone.dismiss();
        let element = phone.window.find(css)?;
        phone.window.try_click(&element).ok()
    });
}

fn type_pin(phone: &Phone, pin: &str) {
    pin.chars().for_each(|digit| click(phone, &format!("[data-testid=pin-{digit}]")));
    click(phone, "[data-testid=pin-confirm]");
}

/// Chooses the first PIN, as whoever sets the station up does.
fn first_admin(phone: &Phone) {
    click(phone, "[data-testid=menu]");
    click(phone, "[data-testid=menu-admin]");
    (0..2).for_each(|_| type_pin(phone, ADMIN_PIN));
}

fn text(phone: &Phone, css: &str) -> String {
    phone.window.find(css).map(|element| phone.window.text(&element)).unwrap_or_default()
}
