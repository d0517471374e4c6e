//! `propusk scan IMAGE…`: a line per picture, as soon as it is done.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cpu_time::ThreadTime;
use picture::{Picture, Unreadable};
use qr::{Scanner, Symbol};
use serde_json::{Value, json};

use crate::exit::{self, Outcomes};
use crate::files;
use crate::terminal::say;

#[derive(clap::Args)]
pub struct Args {
    /// Pictures to read
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,
    /// One JSON object per picture
    #[arg(long)]
    json: bool,
}

/// What was read from one picture.
struct Reading {
    picture: Picture,
    symbols: Vec<Symbol>,
    /// CPU time of this thread in the decoder alone, milliseconds.
    ms: f64,
}

pub fn run(args: &Args) -> Outcomes {
    let mut scanner = Scanner::new();
    let mut unreadable = false;
    for path in &args.images {
        let reading = files::picture(path).map(|picture| scan(&mut scanner, picture));
        unreadable |= reading.is_err();
        if args.json { say(as_json(path, &reading))? } else { say(as_lines(path, &reading))? }
    }
    Ok(if unreadable { exit::failed() } else { ExitCode::SUCCESS })
}

/// Reads one picture and measures the decoder's own CPU time.
fn scan(scanner: &mut Scanner, picture: Picture) -> Reading {
    let start = ThreadTime::now();
    let symbols = picture.luma().map(|frame| scanner.scan(frame, || false).collect()).unwrap_or_default();
    let ms = start.elapsed().as_secs_f64() * 1e3;
    Reading { picture, symbols, ms }
}

fn as_json(path: &Path, reading: &Result<Reading, Unreadable>) -> Value {
    let file = path.to_string_lossy();
    match reading {
        Err(error) => json!({ "file": file, "error": error.to_string() }),
        Ok(reading) => json!({
            "file": file,
            "width": reading.picture.width(),
            "height": reading.picture.height(),
            "ms": (reading.ms * 1e3).round() / 1e3,
            "symbols": reading.symbols.iter().map(symbol_json).collect::<Vec<_>>(),
        }),
    }
}

fn symbol_json(symbol: &Symbol) -> Value {
    let mut value = json!({
        "corners": symbol.corners,
        "version": symbol.version,
        "ecc": symbol.ecc,
    });
    if let Some(text) = &symbol.text {
        value["text"] = json!(text);
    }
    // Kanji are Shift-JIS in the symbol: then the text is our reading of these bytes.
    if symbol.text.as_ref().is_none_or(|text| text.as_bytes() != symbol.bytes) {
        value["bytes"] = json!(STANDARD.encode(&symbol.bytes));
    }
    value
}

fn as_lines(path: &Path, reading: &Result<Reading, Unreadable>) -> String {
    let file = path.display();
    let reading = match reading {
        Err(error) => return format!("{file}: cannot be read: {error}"),
        Ok(reading) => reading,
    };
    if reading.symbols.is_empty() {
        return format!("{file}: no QR code found ({:.1} ms)", reading.ms);
    }
    let line = |symbol: &Symbol| {
        let text = symbol.text.as_deref().map(credential::display::escape);
        let text = text.unwrap_or_else(|| format!("{} bytes that are no text", symbol.bytes.len()));
        format!("{file}: {text} (version {}-{}, {:.1} ms)", symbol.version, symbol.ecc, reading.ms)
    };
    reading.symbols.iter().map(line).collect::<Vec<_>>().join("\n")
}
