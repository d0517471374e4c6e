//! OpenCV, where Python has it: in a process of its own that measures its own CPU time.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::picture::{Picture, Point};
use crate::reader::{Engine, Reader};
use crate::score::Found;

const SCRIPT: &str = include_str!("opencv.py");
/// Names another Python than the system's, such as that of a virtual environment with OpenCV.
const PYTHON: &str = "QR_BENCH_PYTHON";

/// Both of its detectors, if OpenCV is there.
pub fn readers() -> Vec<Reader> {
    let Ok(opencv) = Opencv::start("QRCodeDetector") else {
        eprintln!(
            "opencv is not measured: no Python with cv2 here (`pip install opencv-python-headless`; {PYTHON})"
        );
        return Vec::new();
    };
    let version = |what| format!("OpenCV {}, {what} on one thread", opencv.version);
    vec![
        Reader::new("opencv", version("QRCodeDetector"), || engine("QRCodeDetector")),
        Reader::new("opencv-aruco", version("QRCodeDetectorAruco"), || engine("QRCodeDetectorAruco")),
    ]
}

struct Opencv {
    child: Child,
    pictures: ChildStdin,
    answers: BufReader<ChildStdout>,
    version: String,
}

fn engine(detector: &str) -> Box<dyn Engine> {
    Box::new(Opencv::start(detector).expect("OpenCV starts again as it did before"))
}

impl Opencv {
    fn start(detector: &str) -> std::io::Result<Self> {
        let python = std::env::var_os(PYTHON).unwrap_or_else(|| "python3".into());
        let mut command = Command::new(python);
        command.args(["-c", SCRIPT, detector]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (pictures, answers) = pipes.ok_or_else(|| std::io::Error::other("no pipes"))?;
        let mut opencv = Self { child, pictures, answers: BufReader::new(answers), version: String::new() };
        let version = opencv.answer()?;
        opencv.version = version.as_str().unwrap_or_default().to_owned();
        Ok(opencv)
    }

    fn answer(&mut self) -> std::io::Result<Value> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        // An empty line is the end: the process is gone.
        Ok(serde_json::from_str(&line)?)
    }

    fn ask(&mut self, picture: &Picture) -> std::io::Result<Value> {
        writeln!(self.pictures, "{} {}", picture.width, picture.height)?;
        self.pictures.write_all(&picture.luma)?;
        self.pictures.flush()?;
        self.answer()
    }
}

impl Drop for Opencv {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Engine for Opencv {
    fn read(&mut self, picture: &Picture) -> (Vec<Found>, Duration) {
        // A panic here is caught as this picture's failure, and the process started anew.
        let answer = self.ask(picture).expect("an answer from OpenCV's process");
        let cpu = Duration::from_secs_f64(answer["cpu"].as_f64().unwrap_or_default());
        if let Some(failure) = answer["failure"].as_str() {
            eprintln!("OpenCV refuses a picture of {} × {}: {failure}", picture.width, picture.height);
        }
        (answer["found"].as_array().into_iter().flatten().map(found).collect(), cpu)
    }
}

fn found(value: &Value) -> Found {
    let number = |value: &Value| value.as_f64().unwrap_or_default() as f32;
    let corners: Vec<Point> =
        value[1].as_array().into_iter().flatten().map(|at| [number(&at[0]), number(&at[1])]).collect();
    Found::new(value[0].as_str().map(str::to_owned), &corners)
}
