//! The built page, served on loopback to a browser of its own, with the app's real commands behind it: for
//! end-to-end tests of the page as a phone has it. No part of the product.
//!
//! `bridge --station DIR --page UI_DIST` prints the page's address and serves until it is ended. The page finds
//! Tauri's `invoke` as in a webview; here it is an HTTP request that the app answers through Tauri's own dispatch,
//! permissions included. What the shell tells unasked (channels) does not come through: a page with its own camera
//! needs none of it.

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::thread;

use propusk_app::{Eyes, Shell};
use tauri::ipc::{CallbackFn, InvokeBody, InvokeResponseBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{WebviewWindow, WebviewWindowBuilder};

/// Stands in for what Tauri puts into a webview.
const SCRIPT: &str = include_str!("bridge.js");
const SCRIPT_TAG: &str = r#"<head><script src="/bridge.js"></script>"#;
const COMMANDS: &str = "/ipc/";
/// The origin of a page that Tauri itself serves.
const ORIGIN: &str = "tauri://localhost";
/// The product's, but for the one address of its commands.
const CSP_FOR_COMMANDS: (&str, &str) = ("ipc: http://ipc.localhost", "'self'");

/// What a body of bytes is called.
const RAW: &str = "application/octet-stream";
/// More than the largest image of a test.
const MOST_BYTES: u64 = 64 << 20;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [_, station, _, page] = &arguments[..] else {
        return Err("usage: bridge --station DIR --page UI_DIST".into());
    };
    let shell = Shell::open(Path::new(station), Eyes::Page)?;
    let app = propusk_app::commanded(mock_builder()).manage(shell).build(propusk_app::context())?;
    // The windows of tauri.conf.json come when an app runs; this one only answers.
    let webview = WebviewWindowBuilder::new(&app, "main", Default::default()).build()?;
    let csp = app.config().app.security.csp.as_ref().ok_or("tauri.conf.json has no csp")?.to_string();
    let csp = csp.replace(CSP_FOR_COMMANDS.0, CSP_FOR_COMMANDS.1);
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    #[expect(clippy::print_stdout, reason = "a test reads the address there")]
    {
        println!("http://{address}/");
    }
    let page = fs::canonicalize(page)?;
    for connection in listener.incoming() {
        let (connection, webview, page, csp) = (connection?, webview.clone(), page.clone(), csp.clone());
        thread::spawn(move || {
            if let Err(error) = serve(connection, &webview, &page, &csp) {
                eprintln!("bridge: {error}");
            }
        });
    }
    Ok(())
}

/// Answers the one request of a connection.
fn serve(
    mut connection: TcpStream,
    webview: &WebviewWindow<MockRuntime>,
    page: &Path,
    csp: &str,
) -> Outcome<()> {
    let Some(request) = Request::read(&connection)? else { return Ok(()) };
    let path = request.path.split('?').next().unwrap_or_default().to_owned();
    let answer = match path.strip_prefix(COMMANDS) {
        Some(command) => ask(webview, command, request.body()?),
        None => file(page, &path, csp),
    };
    connection.write_all(&answer.bytes())?;
    Ok(())
}

/// What of an HTTP/1.1 request (RFC 9112) is looked at.
struct Request {
    path: String,
    is_raw: bool,
    content: Vec<u8>,
}

impl Request {
    /// Reads a request; `None` where the browser opened a connection in vain.
    fn read(connection: &TcpStream) -> Outcome<Option<Self>> {
        let mut input = BufReader::new(connection).take(MOST_BYTES);
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let path = line.split(' ').nth(1).ok_or("no request line")?.to_owned();
        let (mut length, mut is_raw) = (0, false);
        loop {
            line.clear();
            input.read_line(&mut line)?;
            let header = line.trim().to_ascii_lowercase();
            match header.split_once(':') {
                Some(("content-length", value)) => length = value.trim().parse()?,
                Some(("content-type", value)) => is_raw = value.trim() == RAW,
                Some(_) => {}
                None => break,
            }
        }
        let mut content = vec![0; length];
        input.read_exact(&mut content)?;
        Ok(Some(Self { path, is_raw, content }))
    }

    fn body(self) -> Outcome<InvokeBody> {
        Ok(if self.is_raw {
            InvokeBody::Raw(self.content)
        } else {
            InvokeBody::Json(serde_json::from_slice(&self.content)?)
        })
    }
}

/// A response; the connection ends with it.
struct Response {
    code: u16,
    kind: &'static str,
    csp: Option<String>,
    content: Vec<u8>,
}

impl Response {
    fn new(code: u16, kind: &'static str, content: Vec<u8>) -> Self {
        Self { code, kind, csp: None, content }
    }

    fn bytes(self) -> Vec<u8> {
        let Self { code, kind, csp, content } = self;
        let csp = csp.map(|csp| format!("Content-Security-Policy: {csp}\r\n")).unwrap_or_default();
        let head = format!(
            "HTTP/1.1 {code} .\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n{csp}Connection: close\r\n\r\n",
            content.len()
        );
        [head.into_bytes(), content].concat()
    }
}

/// A command's answer; the code 400 where it rejects.
fn ask(webview: &WebviewWindow<MockRuntime>, command: &str, body: InvokeBody) -> Response {
    let request = InvokeRequest {
        cmd: command.to_owned(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: ORIGIN.parse().expect("an address"),
        body,
        headers: Default::default(),
        invoke_key: INVOKE_KEY.to_owned(),
    };
    match get_ipc_response(webview, request) {
        Ok(InvokeResponseBody::Raw(bytes)) => Response::new(200, RAW, bytes),
        Ok(InvokeResponseBody::Json(json)) => Response::new(200, "application/json", json.into_bytes()),
        Err(failure) => Response::new(400, "application/json", failure.to_string().into_bytes()),
    }
}

/// A file of the page, the product's content security policy with it.
fn file(page: &Path, path: &str, csp: &str) -> Response {
    match path {
        "/bridge.js" => return Response::new(200, "text/javascript", SCRIPT.into()),
        // A browser asks for it; an app's page has none.
        "/favicon.ico" => return Response::new(204, "image/x-icon", vec![]),
        _ => {}
    }
    let name = PathBuf::from(if path == "/" { "index.html" } else { path.trim_start_matches('/') });
    let inside = name.components().all(|part| matches!(part, Component::Normal(_)));
    let Some(bytes) = inside.then(|| fs::read(page.join(&name)).ok()).flatten() else {
        return Response::new(404, "text/plain", b"no such file".to_vec());
    };
    let kind = match name.extension().and_then(|ending| ending.to_str()).unwrap_or_default() {
        "html" => {
            let html = String::from_utf8_lossy(&bytes).replacen("<head>", SCRIPT_TAG, 1);
            let page = Response::new(200, "text/html; charset=utf-8", html.into_bytes());
            return Response { csp: Some(csp.to_owned()), ..page };
        }
        "js" => "text/javascript",
        "css" => "text/css",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        _ => RAW,
    };
    Response::new(200, kind, bytes)
}
