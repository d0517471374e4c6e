//! The built page, served on loopback to a browser of its own, with the app's real commands behind it: for
//! end-to-end tests of the page as a phone has it. No part of the product.
//!
//! `bridge --station DIR --page UI_DIST` prints the page's address and serves until it is ended. The page finds
//! Tauri's `invoke` as in a webview; here it is an HTTP request that the app answers through Tauri's own dispatch,
//! permissions included. What the shell tells unasked (channels) does not come through: a page with its own camera
//! needs none of it.

use std::error::Error;
use std::fs;
use std::io::Cursor;
use std::path::{Component, Path, PathBuf};
use std::thread;

use propusk_app::{Eyes, Shell};
use tauri::ipc::{CallbackFn, InvokeBody, InvokeResponseBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{Manager, WebviewWindow};
use tiny_http::{Header, Method, Request, Response, Server};

/// Stands in for what Tauri puts into a webview.
const SCRIPT: &str = include_str!("bridge.js");
const SCRIPT_TAG: &str = r#"<head><script src="/bridge.js"></script>"#;
const COMMANDS: &str = "/ipc/";
/// The origin of a page that Tauri itself serves.
const ORIGIN: &str = "tauri://localhost";
/// The product's, but for the one address of its commands.
const CSP_FOR_COMMANDS: (&str, &str) = ("ipc: http://ipc.localhost", "'self'");

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [_, station, _, page] = &arguments[..] else {
        return Err("usage: bridge --station DIR --page UI_DIST".into());
    };
    let shell = Shell::open(Path::new(station), Eyes::Page)?;
    let app = propusk_app::commanded(mock_builder()).manage(shell).build(propusk_app::context())?;
    let webview = app.get_webview_window("main").ok_or("tauri.conf.json has no window named main")?;
    let csp = app.config().app.security.csp.as_ref().ok_or("tauri.conf.json has no csp")?.to_string();
    let csp = csp.replace(CSP_FOR_COMMANDS.0, CSP_FOR_COMMANDS.1);
    let server = Server::http("127.0.0.1:0").map_err(|error| error.to_string())?;
    let address = server.server_addr();
    #[expect(clippy::print_stdout, reason = "a test reads the address there")]
    {
        println!("http://{address}/");
    }
    let page = fs::canonicalize(page)?;
    for request in server.incoming_requests() {
        let (webview, page, csp) = (webview.clone(), page.clone(), csp.clone());
        thread::spawn(move || {
            if let Err(error) = serve(request, &webview, &page, &csp) {
                eprintln!("bridge: {error}");
            }
        });
    }
    Ok(())
}

fn serve(mut request: Request, webview: &WebviewWindow<MockRuntime>, page: &Path, csp: &str) -> Outcome<()> {
    let path = request.url().split('?').next().unwrap_or_default().to_owned();
    let answer = match (request.method(), path.strip_prefix(COMMANDS)) {
        (Method::Post, Some(command)) => ask(webview, command, body(&mut request)?),
        _ => file(page, &path, csp),
    };
    request.respond(answer)?;
    Ok(())
}

fn body(request: &mut Request) -> Outcome<InvokeBody> {
    let raw = request.headers().iter().any(|header| {
        header.field.equiv("Content-Type") && header.value.as_str() == "application/octet-stream"
    });
    let mut bytes = Vec::new();
    request.as_reader().read_to_end(&mut bytes)?;
    Ok(if raw { InvokeBody::Raw(bytes) } else { InvokeBody::Json(serde_json::from_slice(&bytes)?) })
}

/// A command's answer; the code 400 where it rejects.
fn ask(webview: &WebviewWindow<MockRuntime>, command: &str, body: InvokeBody) -> Response<Cursor<Vec<u8>>> {
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
        Ok(InvokeResponseBody::Raw(bytes)) => response(bytes, "application/octet-stream", 200),
        Ok(InvokeResponseBody::Json(json)) => response(json.into_bytes(), "application/json", 200),
        Err(failure) => response(failure.to_string().into_bytes(), "application/json", 400),
    }
}

/// A file of the page, the product's content security policy with it.
fn file(page: &Path, path: &str, csp: &str) -> Response<Cursor<Vec<u8>>> {
    if path == "/bridge.js" {
        return response(SCRIPT.into(), "text/javascript", 200);
    }
    let name = PathBuf::from(if path == "/" { "index.html" } else { path.trim_start_matches('/') });
    let inside = name.components().all(|part| matches!(part, Component::Normal(_)));
    let Some(bytes) = inside.then(|| fs::read(page.join(&name)).ok()).flatten() else {
        return response(b"no such file".to_vec(), "text/plain", 404);
    };
    match name.extension().and_then(|ending| ending.to_str()).unwrap_or_default() {
        "html" => {
            let html = String::from_utf8_lossy(&bytes).replacen("<head>", SCRIPT_TAG, 1);
            let header = Header::from_bytes("Content-Security-Policy", csp).expect("a policy in ASCII");
            response(html.into_bytes(), "text/html; charset=utf-8", 200).with_header(header)
        }
        "js" => response(bytes, "text/javascript", 200),
        "css" => response(bytes, "text/css", 200),
        "wasm" => response(bytes, "application/wasm", 200),
        "svg" => response(bytes, "image/svg+xml", 200),
        _ => response(bytes, "application/octet-stream", 200),
    }
}

fn response(bytes: Vec<u8>, kind: &str, code: u16) -> Response<Cursor<Vec<u8>>> {
    let header = Header::from_bytes("Content-Type", kind).expect("a type in ASCII");
    Response::from_data(bytes).with_header(header).with_status_code(code)
}
