//! What the module exports and imports: numbers and addresses only. One instance of the module is one scanner.
//!
//! JavaScript calls `start` once; for every frame it asks `room` for an address, copies the luma there, calls
//! `scan` and reads as many bytes of UTF-8 as that says from `answer`. Addresses hold until the next call of `room`
//! or `scan`, and so do views of the memory.
#![expect(
    unsafe_code,
    reason = "a fixed name for an export, and the host's clock; nothing here follows an address"
)]

use std::{cell::RefCell, ptr, time::Duration};

use crate::Reader;

thread_local! {
    static READER: RefCell<Reader> = RefCell::default();
}

#[link(wasm_import_module = "host")]
unsafe extern "C" {
    /// Milliseconds on a clock that never goes back.
    safe fn now() -> f64;
}

/// Begins anew, with a camera's frames (`video` not 0) or single images to come.
#[unsafe(no_mangle)]
extern "C" fn start(video: u32) {
    READER.set(Reader::new(video != 0));
}

/// The address of room for `length` bytes; 0 where that is above [`crate::MAX_BYTES`].
#[unsafe(no_mangle)]
extern "C" fn room(length: usize) -> *mut u8 {
    READER.with_borrow_mut(|reader| reader.room(length).map_or(ptr::null_mut(), <[u8]>::as_mut_ptr))
}

/// Scans the frame in the room for `budget` milliseconds, and a little; the length of the answer in bytes.
#[unsafe(no_mangle)]
extern "C" fn scan(width: usize, height: usize, stride: usize, budget: f64) -> usize {
    let start = now();
    let since = Duration::from_millis(start as u64); // the conversion saturates
    let late = || now() >= start + budget;
    READER.with_borrow_mut(|reader| reader.scan([width, height], stride, since, late).len())
}

/// The address of the last answer.
#[unsafe(no_mangle)]
extern "C" fn answer() -> *const u8 {
    READER.with_borrow(|reader| reader.answer().as_ptr())
}
