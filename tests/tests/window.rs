//! The real window, driven as a person at the door would: sample passes before the demo camera,
//! an image, pasted text, a hardware scanner; then the log must prove exactly what was on the screen.
//!
//! Pictures of what was seen are left in `target/window`.

use base64::prelude::{BASE64_STANDARD, Engine};
use propusk_tests::door::{Door, Hue, hue, make_demo, propusk, published, run, word};
use propusk_tests::webdriver::{ENTER, PATIENCE, wait_until};
use serde_json::{Value, json};
use std::fs;

mod identity;

#[test]
fn valid_expired_and_tampered_pass_are_green_red_red_and_proven_in_the_log() {
    let door = Door::open();
    door.start_demo_camera();

    door.accessible("the scan screen");
    let valid = door.show("valid_vaccination", "accepted");
    assert_eq!((word(&valid, "tone"), word(&valid, "title")), ("accepted", "Accepted"));
    door.accessible("an accepted pass");
    assert_eq!(hue(&valid), Hue::Green, "{valid}");
    assert!(!word(&valid, "name").is_empty(), "{valid}");
    door.picture("accepted");

    let expired = door.show("expired", "expired");
    assert_eq!((word(&expired, "tone"), word(&expired, "title")), ("refused", "Refused"));
    assert_eq!(hue(&expired), Hue::Red, "{expired}");
    assert!(word(&expired, "why").contains("Expired on"), "{expired}");
    door.accessible("a refused pass");
    door.picture("expired");

    let tampered = door.show("tampered", "bad_signature");
    assert_eq!((word(&tampered, "tone"), word(&tampered, "title")), ("refused", "Refused"));
    assert_eq!(hue(&tampered), Hue::Red, "{tampered}");
    assert_eq!(
        tampered["name"],
        Value::Null,
        "a claim without a good signature is on the screen: {tampered}"
    );
    door.picture("tampered");

    assert_eq!(door.close_and_prove(), ["accepted", "expired", "bad_signature"]);
}

#[test]
fn image_paste_and_hardware_scanner_give_verdicts_without_a_camera() {
    let door = Door::open();

    let input = door.window.find("[data-testid=image-file]").expect("the file input");
    door.window.write(&input, &door.sample("valid_recovery").display().to_string());
    assert_eq!(word(&door.verdict("accepted"), "tone"), "accepted");
    door.dismiss();

    door.window.click(&door.window.wait_for("[data-testid=paste]"));
    door.accessible("pasting");
    door.picture("paste");
    door.window.write(&door.window.wait_for("[data-testid=paste-text]"), &door.text_of("not_yet_valid"));
    door.window.click(&door.window.wait_for("[data-testid=paste-check]"));
    assert_eq!(hue(&door.verdict("not_yet_valid")), Hue::Red);
    door.dismiss();

    door.click("[data-testid=camera]");
    door.window.wait_for("[data-testid=menu-demo-camera]");
    door.accessible("the cameras");
    door.press_escape();

    door.window.press(&format!("https://example.org/menu{ENTER}"));
    assert_eq!(word(&door.verdict("not_a_certificate"), "tone"), "refused");
    door.dismiss();

    let input = door.window.find("[data-testid=image-file]").expect("the file input");
    door.window.write(&input, concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
    assert!(!door.window.text(&door.window.wait_for("[data-testid=problem]")).is_empty());

    assert_eq!(door.close_and_prove(), ["accepted", "not_yet_valid", "not_a_certificate"]);
}

#[test]
fn every_text_is_russian_after_the_switch_and_stays_so_after_a_restart() {
    let door = Door::open();
    assert_eq!(door.page_language(), "en");
    door.window.click(&door.window.wait_for("[data-testid=language]"));
    door.picture("languages");
    door.window.click(&door.window.wait_for("[data-testid=language-ru]"));
    wait_until(PATIENCE, "a page in Russian", || (door.page_language() == "ru").then_some(()));

    door.start_demo_camera();
    let valid = door.show("valid_test", "accepted");
    assert_eq!(word(&valid, "title"), "Принят");
    let unknown = door.show("unknown_issuer", "unknown_key");
    assert_eq!((word(&unknown, "tone"), word(&unknown, "title")), ("cannot_tell", "Здесь не проверить"));
    assert_eq!(hue(&unknown), Hue::Other, "never green, never silently red: {unknown}");
    for part in ["why", "next"] {
        assert!(is_cyrillic(word(&unknown, part)), "{part}: {unknown}");
    }
    door.picture("unknown-issuer-ru");

    let (folder, _logged) = door.close();
    let again = Door::at(folder);
    assert_eq!(again.page_language(), "ru");
    again.window.wait_for("[data-testid=counts-accepted]");
    assert!(again.shown_counts() >= 2, "today's counts are gone after a restart");
}

#[test]
fn nothing_sticks_out_of_a_small_phone() {
    let door = Door::open();
    door.window.resize(360, 640);
    let width = || door.number("return window.innerWidth");
    wait_until(PATIENCE, "a window 360 pixels wide", || (width() == 360).then_some(()));
    door.window.wait_for("[data-testid=counts-accepted]");
    door.assert_nothing_sticks_out("the scan screen");
    door.start_demo_camera();
    door.picture("phone");
    for (sample, reason) in [("valid_vaccination", "accepted"), ("tampered", "bad_signature")] {
        door.show(sample, reason);
        door.assert_nothing_sticks_out(sample);
        door.picture(&format!("phone-{sample}"));
    }
    door.close_and_prove();
}

#[test]
fn dark_light_and_right_to_left_break_nothing() {
    let door = Door::open();
    door.start_demo_camera();
    for theme in ["light", "dark"] {
        door.click("[data-testid=menu]");
        door.click("[data-testid=menu-device]");
        door.click(&format!("[data-testid=theme] option[value={theme}]"));
        door.accessible(&format!("this device, {theme}"));
        door.picture("device");
        door.press_escape();
        door.accessible(&format!("the scan screen, {theme}"));
        door.picture(theme);
    }
    door.window.script("document.documentElement.dir = 'rtl'", json!([]));
    door.assert_nothing_sticks_out("the scan screen from right to left");
    door.picture("right-to-left");
    for (sample, reason) in [("valid_vaccination", "accepted"), ("unknown_issuer", "unknown_key")] {
        door.show(sample, reason);
        door.assert_nothing_sticks_out(sample);
        door.accessible(sample);
    }
    door.close_and_prove();
}

#[test]
fn every_language_is_chosen_and_fits_a_small_phone() {
    let door = Door::open();
    door.window.resize(360, 640);
    wait_until(PATIENCE, "a small window", || (door.number("return window.innerWidth") == 360).then_some(()));
    door.click("[data-testid=language]");
    door.window.wait_for("[data-testid^=language-]");
    let offered =
        "return [...document.querySelectorAll('[data-testid^=language-]')].map(button => button.lang)";
    let languages = door.window.script(offered, json!([]));
    let languages: Vec<&str> =
        languages.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert!(languages.len() >= 5, "{languages:?}");
    door.press_escape();
    for language in languages {
        door.click("[data-testid=language]");
        door.click(&format!("[data-testid=language-{language}]"));
        wait_until(PATIENCE, language, || (door.page_language() == language).then_some(()));
        door.assert_nothing_sticks_out(language);
    }
    door.close_and_prove();
}

/// A camera's JPEG goes to the page as it is; only the webview's own decoder shows whether that works.
#[test]
fn a_cameras_jpeg_is_shown_as_it_came() {
    let mut jpeg = Vec::new();
    let grey = image::GrayImage::from_fn(64, 48, |x, _| image::Luma([if x < 32 { 20 } else { 230 }]));
    grey.write_with_encoder(image::codecs::jpeg::JpegEncoder::new(&mut jpeg)).expect("a JPEG");
    let door = Door::open();
    let drawn = door.window.script(DRAW_JPEG, json!([BASE64_STANDARD.encode(&jpeg)]));
    let (dark, bright) = (drawn[0].as_i64().expect("luma"), drawn[1].as_i64().expect("luma"));
    assert!(dark < 40 && bright > 210, "{drawn}");
    door.close_and_prove();
}

/// Draws a JPEG the way the preview does, and gives the brightness of its left and of its right half.
const DRAW_JPEG: &str = "
    const bytes = Uint8Array.from(atob(arguments[0]), c => c.charCodeAt(0));
    return createImageBitmap(new Blob([bytes], { type: 'image/jpeg' })).then(picture => {
        const canvas = new OffscreenCanvas(picture.width, picture.height);
        const context = canvas.getContext('2d');
        context.drawImage(picture, 0, 0);
        const at = x => context.getImageData(x, 24, 1, 1).data[0];
        return [at(10), at(54)];
    });";

fn is_cyrillic(text: &str) -> bool {
    text.chars().filter(|letter| ('а'..='я').contains(letter)).count() * 2 > text.chars().count()
}

/// A hardware scanner types it; the second time comes later than a slow hand's second look at the same scan.
#[test]
fn a_ticket_for_one_use_lets_in_once_and_says_when_it_was_used() {
    let door = Door::open();
    let ticket = ticket(&door);
    door.window.press(&format!("{ticket}{ENTER}"));
    let first = door.verdict("accepted");
    assert_eq!(hue(&first), Hue::Green, "{first}");
    door.wait_for_text("[data-testid=uses]", "1");
    door.accessible("a ticket's use");
    door.picture("ticket");
    door.dismiss();
    wait_until(PATIENCE, "the ticket to be refused when it comes again", || {
        door.dismiss();
        door.window.press(&format!("{ticket}{ENTER}"));
        let shown = door.window.wait_for("[data-testid=verdict]");
        let refused = door.window.find("[data-testid=verdict][data-reason=already_used]").is_some();
        drop(shown);
        refused.then_some(())
    });
    let again = door.verdict("already_used");
    assert_eq!(hue(&again), Hue::Red, "{again}");
    assert!(word(&again, "why").contains("used up"), "{again}");
    door.picture("ticket-used");
    door.dismiss();
    door.close_and_verify();
}

/// A ticket of the demo authority's for one use, as a code's text.
fn ticket(door: &Door) -> String {
    let (register, out) = (door.station().join("tickets.csv"), door.station().join("tickets"));
    fs::write(&register, "title,valid_days,uses\nConcert,30,1\n").expect("room for a register");
    let mut issue = propusk();
    issue.arg("issue").arg(&register).args(["--kind", "ticket", "--as", "text", "--station"]);
    run(issue.arg(door.station()).arg("--out").arg(&out));
    let files = fs::read_dir(&out).expect("the tickets").flatten().map(|entry| entry.path());
    let mut texts = files.filter(|path| path.extension().is_some_and(|ending| ending == "txt"));
    let text = fs::read_to_string(texts.next().expect("one ticket")).expect("its text");
    text.trim().to_owned()
}

/// A hardware scanner reads one of a card's two codes, then the other.
#[test]
fn a_card_in_several_codes_says_how_many_are_read_until_it_is_whole() {
    let door = Door::open();
    door.window.press(&format!("shc:/2/2/1122{ENTER}"));
    let part = door.verdict("part_of_code");
    assert_eq!(hue(&part), Hue::Other, "{part}");
    assert!(word(&part, "why").contains("1 of 2"), "{part}");
    door.accessible("a part of a card");
    door.picture("card-part");
    door.dismiss();
    // Together they are no card, and may be of two; where the same comes once more, that is what is said.
    door.window.press(&format!("shc:/1/2/5676{ENTER}"));
    let mixed = door.verdict("part_of_code");
    assert!(word(&mixed, "why").contains("0 of 2"), "{mixed}");
    door.dismiss();
    door.window.press(&format!("shc:/2/2/1122{ENTER}"));
    door.verdict("part_of_code");
    door.dismiss();
    door.window.press(&format!("shc:/1/2/5676{ENTER}"));
    assert_eq!(hue(&door.verdict("broken_jws")), Hue::Red);
    door.dismiss();
    door.close_and_verify();
}

#[test]
fn an_identity_pass_shows_its_photo_for_comparison() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let station = folder.path().join("station");
    make_demo(&station);
    let package = published(&station, identity::trusted());
    run(propusk().args(["keys", "refresh", "--yes"]).arg(&package).arg("--station").arg(&station));
    let door = Door::at(folder);
    door.window.press(&format!("{}{ENTER}", identity::text()));
    let shown = door.verdict("accepted");
    assert_eq!((hue(&shown), word(&shown, "name")), (Hue::Green, "Jane Doe"), "{shown}");
    wait_until(PATIENCE, "the photo", || {
        let width = door.number("return document.querySelector('[data-testid=photo]')?.naturalWidth ?? 0;");
        (width == i64::from(identity::PHOTO_SIDE)).then_some(())
    });
    door.accessible("a photo");
    door.picture("photo");
    door.dismiss();
    wait_until(PATIENCE, "the photo to leave the screen", || {
        door.window.find("[data-testid=photo]").is_none().then_some(())
    });
    door.close_and_verify();
}
