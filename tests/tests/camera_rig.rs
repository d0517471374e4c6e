//! `propusk camera` against a real USB camera, in a virtual machine that has one: see `camrig/camrig.sh`.
//!
//! Frame rates are never asserted: the machine is emulated. `PROPUSK_BIN` names the program; otherwise it is looked
//! for beside this test, where `cargo build` puts it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The exit code where no camera gave a picture.
const NOT_ONE_PICTURE: i32 = 3;

/// A boot: what the rig is told, what `propusk camera` is told.
struct Boot<'a> {
    rig: &'a [&'a str],
    watch: &'a [&'a str],
}

/// The lines of one boot.
struct Watched(Vec<Value>);

#[test]
fn a_code_is_read_in_motion_jpeg_at_full_size() {
    let watched = watch(&["--text", "IN JPEG"], &["--codes", "1", "--seconds", "60"]);
    watched.expect(&["opening", "running MJPG 1280x720", "read IN JPEG"]);
}

#[test]
fn a_code_is_read_uncompressed_although_another_program_left_grey_at_seven_and_a_half_pictures() {
    let left_grey = "v4l2-ctl -d /dev/video0 -v width=640,height=480,pixelformat=GREY && \
                     v4l2-ctl -d /dev/video0 --set-parm 7.5 && v4l2-ctl -d /dev/video0 --get-fmt-video --get-parm";
    let rig =
        ["--text", "IN YUYV", "--formats", "yuyv,gray", "--sizes", "640x480@30/7.5", "--before", left_grey];
    let output = run(&Boot { rig: &rig, watch: &["--codes", "1", "--seconds", "60"] });
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("'GREY'") && said.contains("7.500"), "the other program did its work:\n{said}");
    Watched::of(&output).expect(&["opening", "running YUYV 640x480", "read IN YUYV"]);
}

#[test]
fn an_infrared_camera_of_grey_pictures_at_a_broken_rate_is_read() {
    let rig = ["--text", "IN GREY", "--formats", "gray", "--sizes", "640x480@7.5"];
    watch(&rig, &["--codes", "1", "--seconds", "60"]).expect(&[
        "opening",
        "running GREY 640x480",
        "read IN GREY",
    ]);
}

#[test]
fn unplugging_and_stalling_are_told_and_recovered_from() {
    // Somebody holds the old device node, so the camera comes back under the next number.
    let rig = [
        "--text",
        "BACK AGAIN",
        "--at",
        "2:sleep 100 < /dev/video0 & sleep 1; camctl unplug",
        "--at",
        "6:camctl plug",
        "--at",
        "11:camctl stall",
        "--at",
        "17:camctl resume",
    ];
    let watched = watch(&rig, &["--codes", "3", "--seconds", "60"]);
    watched.expect(&[
        "opening",
        "running MJPG 1280x720",
        "read BACK AGAIN",
        "unplugged",
        "opening",
        "running MJPG 1280x720",
        "read BACK AGAIN",
        "stalled",
        "running MJPG 1280x720",
        "read BACK AGAIN",
    ]);
    let paths = watched.0.iter().filter_map(|line| line["path"].as_str()).collect::<Vec<_>>();
    assert!(paths.len() == 3 && paths[0] != paths[1], "the next device number: {paths:?}");
}

#[test]
fn a_camera_in_use_elsewhere_is_taken_when_it_is_free() {
    // Comes back once the other program streams.
    let watched =
        watch(&["--text", "FREE", "--before", "camctl busy 6"], &["--codes", "1", "--seconds", "60"]);
    watched.expect(&["opening", "busy", "running MJPG 1280x720", "read FREE"]);
}

#[test]
fn a_machine_without_a_camera_says_so() {
    let output = boot(&["--cam", "none"], &["camera", "watch", "--json", "--seconds", "3"], NOT_ONE_PICTURE);
    Watched::of(&output).expect(&["no_camera"]);
}

#[test]
fn a_camera_that_may_not_be_opened_is_used_once_it_may() {
    let rig = ["--user", "--text", "ALLOWED", "--at", "4:chmod 666 /dev/video0"];
    let watched = watch(&rig, &["--codes", "1", "--seconds", "60"]);
    watched.expect(&["opening", "no_permission", "running MJPG 1280x720", "read ALLOWED"]);
}

#[test]
fn pictures_cut_off_on_their_way_are_dropped() {
    // Half of every picture is missing, until the cable is mended.
    let rig = ["--text", "WHOLE", "--before", "camctl glitch 100000", "--at", "8:camctl glitch 0"];
    let watched = watch(&rig, &["--codes", "1", "--seconds", "60"]);
    watched.expect(&["opening", "stalled", "running MJPG 1280x720", "read WHOLE"]);
}

#[test]
fn listing_leaves_metadata_nodes_out_and_needs_no_permission() {
    let rig = ["--cams", "2", "--user", "--before", "ls /dev/video*"];
    let output = boot(&rig, &["camera", "list", "--json"], 0);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("/dev/video3"), "two cameras with a metadata node each:\n{said}");
    let devices = json_lines(&output);
    assert_eq!(devices.len(), 2, "{said}");
    assert_ne!(devices[0]["id"], devices[1]["id"]);
    assert!(devices.iter().all(|device| device["name"] == "Camrig USB Camera"), "{said}");
}

fn watch(rig: &[&str], watch: &[&str]) -> Watched {
    Watched::of(&run(&Boot { rig, watch }))
}

fn run(Boot { rig, watch }: &Boot) -> Output {
    boot(rig, &[&["camera", "watch", "--json"], *watch].concat(), 0)
}

/// Boots the machine and runs the program in it, which has to end with this exit code.
fn boot(rig: &[&str], propusk: &[&str], code: i32) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("camrig/camrig.sh");
    let program = program();
    assert!(program.is_file(), "build the program first: cargo build -p propusk ({})", program.display());
    let output = Command::new(script).args(rig).arg("--").arg(program).args(propusk).output().unwrap();
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{said}\n{complained}");
    output
}

fn program() -> PathBuf {
    std::env::var_os("PROPUSK_BIN").map_or_else(
        || {
            // target/PROFILE/deps/camera_rig-…
            let test = std::env::current_exe().unwrap();
            test.ancestors().nth(2).unwrap().join("propusk")
        },
        PathBuf::from,
    )
}

impl Watched {
    fn of(output: &Output) -> Self {
        Self(json_lines(output))
    }

    /// States and codes in their order, each in a few words.
    #[track_caller]
    fn expect(&self, expected: &[&str]) {
        assert_eq!(self.0.iter().filter_map(in_words).collect::<Vec<_>>(), expected);
    }
}

/// Other programs of the machine speak on the same line, not in JSON.
fn json_lines(output: &Output) -> Vec<Value> {
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    lines.lines().filter_map(|line| serde_json::from_str(line).ok()).filter(Value::is_object).collect()
}

fn in_words(line: &Value) -> Option<String> {
    let text = |key: &str| line[key].as_str().unwrap_or("?").to_owned();
    match line["event"].as_str()? {
        "state" if line["state"] == "running" => {
            Some(format!("running {} {}x{}", text("format"), line["width"], line["height"]))
        }
        "state" => Some(text("state")),
        "symbol" => Some(format!("read {}", text("text"))),
        _ => None,
    }
}
