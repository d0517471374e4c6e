//! Trusted keys come and go by an admin's hand: as a file, or as an animated QR code over a screen and a camera.
//! What an inspector waits for before the camera is kept here too.

use std::sync::{Mutex, MutexGuard, PoisonError};

use carrier::{Receiver, Sender, Taken};
use qrcode::{Color, EcLevel, QrCode};
use serde::Serialize;
use station::Denied;
use station::view::RefreshView;
use tauri::State;
use tauri::ipc::{InvokeBody, Request};
use trust::source::Archive;

use crate::page::Failure;
use crate::shell::{Shell, now};

/// What is under way.
#[derive(Default)]
pub(crate) struct Carrying(Mutex<UnderWay>);

#[derive(Default)]
struct UnderWay {
    /// A package that an admin was shown the contents of, or is about to be.
    offered: Option<Vec<u8>>,
    /// There while an admin waits for keys before the camera.
    receiver: Option<Receiver>,
    /// There while this screen shows the keys.
    sender: Option<Sender>,
    /// An inspector waits for another device's cosignature before the camera.
    awaits_answer: bool,
}

/// How far a package has come that is read off another screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Coming {
    /// Pictures that were read and that helped.
    received: usize,
    /// About how many are needed.
    needed: usize,
    /// All of it is there.
    whole: bool,
}

/// One picture of an animated QR code.
#[derive(Serialize)]
pub(crate) struct Picture {
    /// Modules in a row, without the quiet zone.
    size: usize,
    /// Row by row, `1` is dark.
    modules: String,
    /// About how many pictures a camera has to read.
    needed: usize,
}

impl Carrying {
    /// Takes a text that was read. `None` where nobody waits for keys or the text is no part of a package; whether it is
    /// a part at all, [`carrier::is_frame`] says.
    pub(crate) fn take(&self, text: &str) -> Option<Coming> {
        let mut state = self.state();
        let taken = state.receiver.as_mut()?.take(text).ok()?;
        let coming = match taken {
            Taken::Part(part) => Coming { received: part.received, needed: part.needed, whole: false },
            Taken::Whole(package) => {
                state.offered = Some(package);
                state.receiver = None;
                Coming { received: 1, needed: 1, whole: true }
            }
            Taken::Over => return None,
        };
        Some(coming)
    }

    /// Whether somebody waits for keys before the camera: then nothing else that it reads is anybody's pass.
    pub(crate) fn is_receiving(&self) -> bool {
        self.state().receiver.is_some()
    }

    /// Whether somebody waits for a cosignature before the camera.
    pub(crate) fn awaits_answer(&self) -> bool {
        self.state().awaits_answer
    }

    /// Waits for a cosignature before the camera, or does so no longer.
    pub(crate) fn await_answer(&self, on: bool) {
        self.state().awaits_answer = on;
    }

    /// Drops whatever is under way: whoever had the screen has gone.
    pub(crate) fn forget(&self) {
        *self.state() = UnderWay::default();
    }

    fn state(&self) -> MutexGuard<'_, UnderWay> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Looks into a package, the request's body: what taking it into use would change. Nothing changes yet.
#[tauri::command(async)]
pub(crate) fn keys_offer(shell: State<'_, Shell>, request: Request<'_>) -> Result<RefreshView, Failure> {
    let InvokeBody::Raw(package) = request.body() else {
        return Err(Failure::new("failed", "no file in the request"));
    };
    let view = preview(&shell, package)?;
    shell.carrying.state().offered = Some(package.clone());
    Ok(view)
}

/// The same of the package that came before the camera.
#[tauri::command(async)]
pub(crate) fn keys_offered(shell: State<'_, Shell>) -> Result<RefreshView, Failure> {
    preview(&shell, &offered(&shell)?)
}

/// Takes the package that was offered into use.
#[tauri::command(async)]
pub(crate) fn keys_take(shell: State<'_, Shell>) -> Result<RefreshView, Failure> {
    let source = archive(offered(&shell)?)?;
    let view = shell.station().admin(now())?.refresh_keys(&source)?;
    shell.carrying.forget();
    Ok(view)
}

/// Waits for keys before the camera, or does so no longer; whoever has the screen may end it.
#[tauri::command(async)]
pub(crate) fn keys_receive(shell: State<'_, Shell>, on: bool) -> Result<(), Failure> {
    if on {
        shell.station().admin(now())?;
    }
    shell.carrying.state().receiver = on.then(Receiver::new);
    Ok(())
}

/// Takes a text that the page's own camera read; null where it is no part of what is waited for.
#[tauri::command]
pub(crate) fn keys_frame(shell: State<'_, Shell>, text: String) -> Option<Coming> {
    shell.carrying.take(&text)
}

/// The next picture of the keys in use, for another device's camera; the first where `anew`.
#[tauri::command(async)]
pub(crate) fn keys_show(shell: State<'_, Shell>, anew: bool) -> Result<Picture, Failure> {
    if anew {
        let package = shell.station().admin(now())?.package_keys()?;
        let sender = Sender::new(&package).map_err(|error| Failure::new("failed", error))?;
        shell.carrying.state().sender = Some(sender);
    }
    let mut state = shell.carrying.state();
    let sender = state.sender.as_mut().ok_or_else(|| Failure::new("failed", "nothing is being shown"))?;
    picture(&sender.next_frame(), sender.needed())
}

/// A text as one code.
pub(crate) fn picture(text: &str, needed: usize) -> Result<Picture, Failure> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L);
    let code = code.map_err(|error| Failure::new("failed", error))?;
    let modules =
        code.to_colors().iter().map(|color| if *color == Color::Dark { '1' } else { '0' }).collect();
    Ok(Picture { size: code.width(), modules, needed })
}

fn preview(shell: &Shell, package: &[u8]) -> Result<RefreshView, Failure> {
    let source = archive(package.to_vec())?;
    Ok(shell.station().admin(now())?.preview_keys(&source)?)
}

fn offered(shell: &Shell) -> Result<Vec<u8>, Failure> {
    let offered = shell.carrying.state().offered.clone();
    offered.ok_or_else(|| Failure::new("failed", "no keys were offered: choose a file or use the camera"))
}

fn archive(package: Vec<u8>) -> Result<Archive, Failure> {
    Ok(Archive::new(package).map_err(station::Error::from).map_err(Denied::from)?)
}
