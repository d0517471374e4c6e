//! Programs that end with the test that started them.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
};

/// A program that ends with its owner.
pub struct Running(pub(crate) Child);

impl Running {
    /// Its number.
    pub fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a program.
///
/// # Panics
/// It is not installed: the text names `packages` of Debian that bring it.
pub fn start(command: &mut Command, packages: &str) -> Running {
    start_reading(command, Stdio::null(), packages)
}

/// Starts a program that reads something.
///
/// # Panics
/// As [`start`] does.
pub fn start_reading(command: &mut Command, input: Stdio, packages: &str) -> Running {
    let name = command.get_program().to_string_lossy().into_owned();
    match command.stdin(input).spawn() {
        Ok(child) => Running(child),
        Err(error) => panic!("{name} (Debian packages {packages}): {error}"),
    }
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port of this machine");
    listener.local_addr().expect("it is bound").port()
}
