//! Numbered steps: what is being done now, how long each took, and where it stopped.

use std::{
    env,
    ffi::OsString,
    io::{self, Write},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// What went wrong and what to do about it, in the words that are printed.
pub type Result<T> = std::result::Result<T, String>;

/// Where Debian keeps `depmod`, `modprobe` and the like; an ordinary user's `PATH` lacks them.
const SYSTEM_PROGRAMS: [&str; 3] = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/// Steps that run one after the other and stop at the first failure.
pub struct Steps {
    planned: usize,
    done: Vec<(String, Duration)>,
    started: Instant,
}

impl Steps {
    /// A sequence of `planned` steps whose clock starts now.
    pub fn new(planned: usize) -> Self {
        Self { planned, done: Vec::new(), started: Instant::now() }
    }

    /// Runs one step, telling its number and title before, and its time after.
    ///
    /// # Errors
    /// Whatever stopped the step, with the step's title in front.
    pub fn run<T>(&mut self, title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        say(&format!("\n[{}/{}] {title}", self.done.len() + 1, self.planned));
        let started = Instant::now();
        let outcome = work();
        let took = started.elapsed();
        match &outcome {
            Ok(_) => say(&format!("      done in {}", seconds(took))),
            Err(_) => say(&format!("      FAILED after {}", seconds(took))),
        }
        self.done.push((title.to_owned(), took));
        outcome.map_err(|failure| format!("{title}: {failure}"))
    }

    /// The table of every step's time that closes a complete run.
    pub fn summary(&self) -> String {
        let width = self.done.iter().map(|(title, _)| title.chars().count()).max().unwrap_or(0);
        let line = |(title, took): &(String, Duration)| format!("  {title:width$}  {:>9}\n", seconds(*took));
        let lines: String = self.done.iter().map(line).collect();
        format!("\n{lines}  {:width$}  {:>9}", "together", seconds(self.started.elapsed()))
    }
}

/// Prints a line at once, in order with what the programs started from here print.
pub fn say(line: &str) {
    let mut out = io::stdout().lock();
    // A reader that went away is no reason to stop half-way through a set-up.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// A program to be started in `folder`, with the system's own programs on its `PATH` too.
pub fn program(name: &str, folder: &Path) -> Command {
    let mut command = Command::new(name);
    command.current_dir(folder).stdin(Stdio::null()).env("PATH", search_path());
    // `cargo run` sets these for us; left in place they make build scripts look changed.
    for (key, _) in env::vars_os().filter(|(key, _)| is_of_this_package(key)) {
        command.env_remove(key);
    }
    command
}

/// Cargo itself, in `folder`: the very one that started this program.
pub fn cargo(folder: &Path) -> Command {
    program(&env::var("CARGO").unwrap_or_else(|_| "cargo".into()), folder)
}

/// Says what is started, runs it to its end with its output shown.
///
/// # Errors
/// It cannot be started, or ends with anything but success.
pub fn run(command: &mut Command) -> Result<()> {
    let line = words(command);
    say(&format!("      $ {line}"));
    let status = command.status().map_err(|error| format!("cannot start `{line}`: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{line}` ended with {status}")) }
}

/// What a program prints, if it starts and succeeds.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

/// The file that would be started under this name.
pub fn find(name: &str) -> Option<std::path::PathBuf> {
    env::split_paths(&search_path()).map(|folder| folder.join(name)).find(|path| path.is_file())
}

fn search_path() -> OsString {
    let given = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&given).chain(SYSTEM_PROGRAMS.iter().map(Into::into));
    env::join_paths(folders).unwrap_or(given)
}

fn is_of_this_package(key: &std::ffi::OsStr) -> bool {
    let key = key.to_string_lossy();
    key.starts_with("CARGO_PKG_") || key.starts_with("CARGO_MANIFEST_")
}

fn words(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let all = std::iter::once(program).chain(command.get_args());
    all.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// A duration as people read it: `4.2 s`, `3 min 05 s`.
fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    if whole < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_say_them() {
        assert_eq!(seconds(Duration::from_millis(4230)), "4.2 s");
        assert_eq!(seconds(Duration::from_secs(185)), "3 min 05 s");
    }

    #[test]
    fn a_failed_step_names_itself_and_its_reason() {
        let mut steps = Steps::new(1);
        let failure = steps.run::<()>("format", || Err("two files differ".into()));
        assert_eq!(failure, Err("format: two files differ".into()));
    }

    #[test]
    fn a_program_that_fails_is_a_failure_with_its_words() {
        let failure = run(program("sh", Path::new("/")).args(["-c", "exit 3"]));
        assert_eq!(failure, Err("`sh -c exit 3` ended with exit status: 3".into()));
    }

    #[test]
    fn the_summary_has_every_step_and_their_sum() {
        let mut steps = Steps::new(2);
        for title in ["format", "tests"] {
            steps.run(title, || Ok(())).expect("nothing to fail");
        }
        let table = steps.summary();
        assert!(["format", "tests", "together"].iter().all(|title| table.contains(title)), "{table}");
    }
}
