//! Watches a camera until a limit is reached: `watch [--device ID] [--seconds N] [--symbols N] [--json] [--demo TEXT]...`
//!
//! The camera's tests run this in a virtual machine; people use `propusk camera watch`.

use std::io::{stderr, stdout};
use std::time::Duration;

use camera::scene::Card;
use camera::{Demo, Limits, Options, Source, watch};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut options =
        Options { source: Source::Camera(None), limits: Limits::default(), json: false, decode: true };
    let mut cards = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--device" => options.source = Source::Camera(Some(value()?)),
            "--seconds" => options.limits.time = Some(Duration::from_secs_f64(value()?.parse()?)),
            "--symbols" => options.limits.symbols = Some(value()?.parse()?),
            "--demo" => cards.push(Card::code(&value()?).ok_or("the text is too long for a code")?),
            "--json" => options.json = true,
            "--no-decode" => options.decode = false,
            _ => return Err(format!("unknown option {argument}").into()),
        }
    }
    if !cards.is_empty() {
        options.source = Source::Demo(Demo::new(cards, 1280, 720, 15, 1));
    }
    watch(&mut stdout(), &mut stderr(), options)?;
    Ok(())
}
