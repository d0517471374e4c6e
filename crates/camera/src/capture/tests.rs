use super::*;

fn device(id: &str, name: &str, path: &str) -> Device {
    Device { id: id.to_owned(), name: name.to_owned(), path: path.to_owned() }
}

/// `expected` is the path of the chosen one.
#[track_caller]
fn check(devices: &[Device], wanted: Option<&str>, last: Option<&Device>, expected: Option<&str>) {
    let chosen = choose(devices, wanted, last);
    assert_eq!(chosen.map(|device| device.path.as_str()), expected);
}

#[test]
fn without_a_wish_the_first_camera_is_used() {
    let two = [device("usb1", "A", "/dev/video0"), device("usb2", "B", "/dev/video2")];
    check(&two, None, None, Some("/dev/video0"));
    check(&[], None, None, None);
}

#[test]
fn a_camera_is_found_by_id_path_or_name_and_by_nothing_else() {
    let two = [device("usb1", "A", "/dev/video0"), device("usb2", "B", "/dev/video2")];
    for wanted in ["usb2", "/dev/video2", "B"] {
        check(&two, Some(wanted), None, Some("/dev/video2"));
    }
    check(&two, Some("C"), None, None);
}

#[test]
fn a_camera_plugged_in_again_is_found_under_its_new_path() {
    let before = device("usb2", "B", "/dev/video2");
    let after = [device("usb1", "A", "/dev/video0"), device("usb2", "B", "/dev/video4")];
    check(&after, None, Some(&before), Some("/dev/video4"));
    check(&after, Some("/dev/video2"), Some(&before), Some("/dev/video4"));
}

#[test]
fn a_camera_moved_to_another_socket_is_found_by_its_name() {
    let before = device("usb2", "B", "/dev/video2");
    let after = [device("usb1", "A", "/dev/video0"), device("usb3", "B", "/dev/video4")];
    check(&after, None, Some(&before), Some("/dev/video4"));
    check(&after, Some("usb2"), Some(&before), Some("/dev/video4"));
}

#[test]
fn another_camera_takes_over_unless_one_was_asked_for() {
    let before = device("usb2", "B", "/dev/video2");
    let after = [device("usb1", "A", "/dev/video0")];
    check(&after, None, Some(&before), Some("/dev/video0"));
    check(&after, Some("B"), Some(&before), None);
}

#[test]
fn a_camera_that_was_never_there_was_not_unplugged() {
    assert_eq!(state(Fault::Gone, false), State::NoCamera);
    assert_eq!(state(Fault::Gone, true), State::Unplugged);
}
