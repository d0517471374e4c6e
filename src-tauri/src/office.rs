//! What the page may ask for inspectors and admins. The station decides whether they may; a few lines each.

use std::io;

use station::view::{
    AnomalyView, JournalFilter, JournalPage, KeyChangeView, KeyView, ProofView, StatisticsView, WitnessView,
};
use station::{Denied, Role, Settings};
use tauri::{Runtime, State, WebviewWindow};

use crate::commands::Span;
use crate::keys::{Picture, picture};
use crate::page::Failure;
use crate::shell::{Shell, now};

/// Opens a role by its PIN.
#[tauri::command(async)]
pub(crate) fn unlock(shell: State<'_, Shell>, role: Role, pin: String) -> Result<(), Failure> {
    Ok(shell.station().unlock(role, &pin, now())?)
}

/// Closes whichever role is open.
#[tauri::command(async)]
pub(crate) fn lock(shell: State<'_, Shell>) {
    shell.station().lock();
    shell.carrying.forget();
}

/// Sets the admin's PIN where there is none yet.
#[tauri::command(async)]
pub(crate) fn set_first_pin(shell: State<'_, Shell>, pin: String) -> Result<(), Failure> {
    Ok(shell.station().set_first_pin(&pin, now())?)
}

/// A page of the log.
#[tauri::command(async)]
pub(crate) fn journal(shell: State<'_, Shell>, filter: JournalFilter) -> Result<JournalPage, Failure> {
    Ok(shell.station().inspector(now())?.journal(&filter)?)
}

/// The scans of a span of time in buckets of so many seconds, and their reasons.
#[tauri::command(async)]
pub(crate) fn statistics(
    shell: State<'_, Shell>,
    span: Span,
    bucket: u32,
) -> Result<StatisticsView, Failure> {
    Ok(shell.station().inspector(now())?.statistics(span.from, span.until, bucket)?)
}

/// Whether the log is what this device signed.
#[tauri::command(async)]
pub(crate) fn proof(shell: State<'_, Shell>) -> Result<ProofView, Failure> {
    // Of millions of entries it takes seconds: scanning must not wait for it.
    let auditor = shell.station().inspector(now())?.auditor();
    Ok(auditor.verify().map_err(Denied::from)?)
}

/// What in the log an inspector should look at, at a place whose clocks are so many minutes ahead of UTC.
#[tauri::command(async)]
pub(crate) fn anomalies(
    shell: State<'_, Shell>,
    span: Span,
    offset: i32,
) -> Result<Vec<AnomalyView>, Failure> {
    Ok(shell.station().inspector(now())?.anomalies(span.from, span.until, offset)?)
}

/// What an inspector's device that has seen so many entries needs to cosign the log, as one code.
#[tauri::command(async)]
pub(crate) fn witness_request(shell: State<'_, Shell>, seen: u64) -> Result<Picture, Failure> {
    picture(&shell.station().inspector(now())?.witness_request(seen)?, 1)
}

/// Takes an inspector's cosignature.
#[tauri::command(async)]
pub(crate) fn witnessed(
    shell: State<'_, Shell>,
    answer: String,
    new_witness: bool,
) -> Result<WitnessView, Failure> {
    Ok(shell.station().inspector(now())?.take_cosignature(&answer, new_witness)?)
}

/// Waits for a cosignature before the camera, or does so no longer; whoever has the screen may end it.
#[tauri::command(async)]
pub(crate) fn witness_receive(shell: State<'_, Shell>, on: bool) -> Result<(), Failure> {
    if on {
        shell.station().inspector(now())?;
    }
    shell.carrying.await_answer(on);
    Ok(())
}

/// Whether a text that the page's own camera read is a cosignature; whether it is a good one, [`witnessed`] says.
#[tauri::command]
pub(crate) fn is_cosignature(text: String) -> bool {
    station::is_cosignature(&text)
}

/// Begins the counters anew.
#[tauri::command(async)]
pub(crate) fn reset_counters(shell: State<'_, Shell>) -> Result<(), Failure> {
    Ok(shell.station().inspector(now())?.reset_counters()?)
}

/// The trusted keys.
#[tauri::command(async)]
pub(crate) fn keys(shell: State<'_, Shell>) -> Result<Vec<KeyView>, Failure> {
    Ok(shell.station().admin(now())?.keys())
}

/// What changed when the keys last did.
#[tauri::command(async)]
pub(crate) fn key_change(shell: State<'_, Shell>) -> Result<Option<KeyChangeView>, Failure> {
    Ok(shell.station().admin(now())?.last_key_change()?)
}

/// Sets what an admin may set.
#[tauri::command(async)]
pub(crate) fn change_settings<R: Runtime>(
    shell: State<'_, Shell>,
    window: WebviewWindow<R>,
    settings: Settings,
) -> Result<(), Failure> {
    let kiosk = settings.kiosk;
    shell.station().admin(now())?.change_settings(settings)?;
    fill_screen(&window, kiosk);
    Ok(())
}

/// Sets a role's PIN.
#[tauri::command(async)]
pub(crate) fn set_pin(shell: State<'_, Shell>, role: Role, pin: String) -> Result<(), Failure> {
    Ok(shell.station().admin(now())?.set_pin(role, &pin)?)
}

/// A kiosk's window leaves no room for anything else. Phones have one window anyway.
pub(crate) fn fill_screen<R: Runtime>(window: &WebviewWindow<R>, kiosk: bool) {
    #[cfg(desktop)]
    if let Err(error) = window.set_fullscreen(kiosk) {
        eprintln!("propusk-app: the window does not fill the screen: {error}");
    }
    #[cfg(not(desktop))]
    let _ = (window, kiosk);
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new("failed", error)
    }
}
