//! A page in headless Chromium that tries or measures something and tells: a server for one visitor, and the visitor.

use crate::{
    step::{Result, find, program, say},
    tree::root,
};
use std::{
    fs,
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    time::{Duration, Instant},
};

/// Where the page sends its words, and its last ones with a failure.
const TOLD: [(&str, bool); 2] = [("/told", true), ("/failed", false)];
/// The longest that the page may take.
const PATIENCE: Duration = Duration::from_secs(180);
/// The longest message of the page, in bytes.
const MAX_TOLD: usize = 1 << 20;
/// Names that the browser has.
const NAMES: [&str; 2] = ["chromium", "chromium-browser"];
const FLAGS: [&str; 7] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--mute-audio",
];

/// What Chromium is to open.
pub struct Visit<'a> {
    /// What is served.
    pub folder: &'a Path,
    /// The page in it.
    pub page: &'a str,
    /// Options of the browser besides the usual ones.
    pub flags: &'a [String],
    /// The page's content security policy; none where it is empty.
    pub policy: &'a str,
}

/// Serves a folder to Chromium and shows what its page tells.
///
/// # Errors
/// No browser; the page failed, or told nothing in time.
pub fn visit(visit: &Visit<'_>) -> Result<()> {
    let fail = |error: io::Error| format!("the server for the page: {error}");
    let listener = TcpListener::bind("127.0.0.1:0").map_err(fail)?;
    listener.set_nonblocking(true).map_err(fail)?;
    let address = listener.local_addr().map_err(fail)?;
    let address = format!("http://{address}/{}", visit.page);
    let browser = Browser::open(&address, &visit.folder.join("profile"), visit.flags)?;
    let outcome = serve(&listener, visit.folder, visit.policy);
    drop(browser);
    let (told, passed) = outcome?;
    told.lines().for_each(|line| say(&format!("      {line}")));
    if passed { Ok(()) } else { Err("the page failed".into()) }
}

/// A browser with a profile of its own; closed with all its processes when dropped.
struct Browser {
    child: Child,
    profile: PathBuf,
}

impl Browser {
    fn open(address: &str, profile: &Path, flags: &[String]) -> Result<Self> {
        let name = NAMES.iter().find(|name| find(name).is_some()).ok_or("no chromium here")?;
        let mut command = program(name, &root());
        command.args(FLAGS).args(flags).arg(format!("--user-data-dir={}", profile.display())).arg(address);
        // A group of its own: the browser is many processes.
        command.stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        let child = command.spawn().map_err(|error| format!("cannot start {name}: {error}"))?;
        Ok(Self { child, profile: profile.to_path_buf() })
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        let _ = program("kill", &root()).args(["-KILL", "--", &group]).status();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.profile);
    }
}

/// Answers requests until the page has told; its words, and whether all went well.
fn serve(listener: &TcpListener, folder: &Path, policy: &str) -> Result<(String, bool)> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        match listener.accept() {
            // A visitor who goes away early is no failure of the page.
            Ok((stream, _)) => {
                if let Some(told) = answer(&stream, folder, policy).unwrap_or(None) {
                    return Ok(told);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                std::thread::sleep(Duration::from_millis(5))
            }
            Err(error) => return Err(format!("the server for the page: {error}")),
        }
    }
    Err(format!("the page told nothing in {} seconds", PATIENCE.as_secs()))
}

/// Answers one request (HTTP/1.1, RFC 9112, as far as a browser needs it here).
fn answer(stream: &TcpStream, folder: &Path, policy: &str) -> io::Result<Option<(String, bool)>> {
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut reader = BufReader::new(stream);
    let (mut request, mut length) = (String::new(), 0);
    reader.read_line(&mut request)?;
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? == 0 || header.trim().is_empty() {
            break;
        }
        let is_length = |name: &str| name.eq_ignore_ascii_case("content-length");
        if let Some((_, value)) = header.split_once(':').filter(|(name, _)| is_length(name)) {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let path = request.split(' ').nth(1).unwrap_or("/");
    if let Some((_, passed)) = TOLD.iter().find(|(told, _)| *told == path) {
        let mut body = vec![0; length.min(MAX_TOLD)];
        reader.read_exact(&mut body)?;
        respond(stream, "204 No Content", "text/plain", policy, b"")?;
        return Ok(Some((String::from_utf8_lossy(&body).into_owned(), *passed)));
    }
    match path.strip_prefix('/').and_then(plain_name).and_then(|name| fs::read(folder.join(name)).ok()) {
        Some(body) => respond(stream, "200 OK", kind(path), policy, &body)?,
        None => respond(stream, "404 Not Found", "text/plain", policy, b"not here")?,
    }
    Ok(None)
}

fn respond(mut stream: &TcpStream, status: &str, kind: &str, policy: &str, body: &[u8]) -> io::Result<()> {
    let policy =
        if policy.is_empty() { String::new() } else { format!("Content-Security-Policy: {policy}\r\n") };
    // Isolated pages have the finer clock.
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\
         Cross-Origin-Opener-Policy: same-origin\r\nCross-Origin-Embedder-Policy: require-corp\r\n{policy}\r\n",
        body.len()
    )?;
    stream.write_all(body)
}

/// A file of the folder itself, and nothing elsewhere.
fn plain_name(name: &str) -> Option<&str> {
    let plain = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
    (!name.is_empty() && !name.starts_with('.') && name.chars().all(plain)).then_some(name)
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_folder_itself_are_served() {
        for name in ["bench.html", "idle-0.pgm", "qr_wasm.wasm"] {
            assert_eq!(plain_name(name), Some(name));
        }
        for name in ["", "..", ".", "../Cargo.toml", "a/b", "/etc/passwd", "a%2fb"] {
            assert_eq!(plain_name(name), None, "{name}");
        }
    }

    #[test]
    fn a_page_is_served_and_its_words_come_back() {
        let folder = std::env::temp_dir().join(format!("xtask-browser-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a temporary folder");
        fs::write(folder.join("page.html"), "<p>").expect("a file in it");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let visitor = std::thread::spawn(move || {
            let ask = |request: &str| {
                let mut stream = TcpStream::connect(address).expect("it listens");
                stream.write_all(request.as_bytes()).expect("it reads");
                let mut answer = String::new();
                stream.read_to_string(&mut answer).expect("it answers");
                answer
            };
            let page = ask("GET /page.html HTTP/1.1\r\n\r\n");
            let missing = ask("GET /../Cargo.toml HTTP/1.1\r\n\r\n");
            ask("POST /failed HTTP/1.1\r\nContent-Length: 5\r\n\r\nwords");
            (page, missing)
        });
        assert_eq!(serve(&listener, &folder, "default-src 'self'"), Ok(("words".into(), false)));
        let (page, missing) = visitor.join().expect("the visitor is done");
        assert!(page.starts_with("HTTP/1.1 200") && page.ends_with("\r\n\r\n<p>"), "{page}");
        assert!(page.contains("\r\nContent-Security-Policy: default-src 'self'\r\n"), "{page}");
        assert!(missing.starts_with("HTTP/1.1 404"), "{missing}");
        fs::remove_dir_all(&folder).expect("it was ours");
    }
}
