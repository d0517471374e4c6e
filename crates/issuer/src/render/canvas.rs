//! Drawing a code on a PDF page; the rest of the drawing is `paper`'s.

use krilla::geom::{PathBuilder, Rect, Transform};
use krilla::surface::Surface;
use paper::fill;

use super::code::Code;

/// A code `side` points wide, without its quiet zone: the page around it is white.
pub(super) fn code(surface: &mut Surface<'_>, code: &Code, x: f32, y: f32, side: f32) {
    let module = side / code.width as f32;
    let mut path = PathBuilder::new();
    for run in code.runs() {
        if let Some(rect) = Rect::from_xywh(run.x as f32, run.y as f32, run.length as f32, 1.0) {
            path.push_rect(rect);
        }
    }
    let Some(path) = path.finish() else { return };
    fill(surface, (0, 0, 0));
    // Whole numbers of modules make a third of the bytes that points would.
    surface.push_transform(&Transform::from_row(module, 0.0, 0.0, module, x, y));
    surface.draw_path(&path);
    surface.pop();
}
