//! A pass's text as a picture: PNG, SVG, or a page to print.

mod canvas;
mod code;
mod pdf;
mod picture;
mod sheet;

pub use code::{MAX_TEXT, version};
pub use pdf::pdf;
pub use picture::{MAX_SCALE, png, svg};
pub use sheet::{Fact, Sheet};
