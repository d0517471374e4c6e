//! Running code that may panic, and ending it from inside.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work`; `None` when it panicked or was ended by [`stop`].
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    GUARDED.set(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(false);
    result.ok()
}

/// Ends the guarded work. Unlike a panic this never reaches the panic hook.
pub(super) fn stop() -> ! {
    panic::resume_unwind(Box::new("stopped"))
}

/// Keeps panics that a scan catches off standard error; all others are reported as before.
///
/// A panic hook belongs to the whole process, so it is for a program to call this at its start, not for the library.
pub fn hush_caught_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                report(info);
            }
        }));
    });
}
