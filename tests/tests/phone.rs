//! The page as a phone has it: its own camera, its own reader, and the app's real commands behind it.

use propusk_tests::door::{Hue, accessible, hue, word};
use propusk_tests::phone::{Phone, SLOW, View};
use propusk_tests::webdriver::wait_until;
use serde_json::Value;

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
    let click = |css: &str| {
        wait_until(SLOW, &format!("a click on {css}"), || {
            let element = phone.window.find(css)?;
            phone.window.try_click(&element).ok()
        });
    };
    click("[data-testid=menu]");
    click("[data-testid=menu-admin]");
    for _ in 0..2 {
        "271828".chars().for_each(|digit| click(&format!("[data-testid=pin-{digit}]")));
        click("[data-testid=pin-confirm]");
    }
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
