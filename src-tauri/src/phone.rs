//! A phone's start: no command line; the station lies in the app's own data folder.

use tauri::plugin::{Builder, TauriPlugin};
use tauri::{Manager, Wry};

use crate::shell::{Eyes, Shell};
use crate::webview;

/// The station's folder within the app's.
const FOLDER: &str = "station";

/// # Panics
/// Where the station or the window cannot be opened: a phone's log has the reason, and there is nowhere else to put it.
pub(crate) fn run() {
    let builder = webview::revived(crate::commanded(tauri::Builder::default()));
    let app = builder.plugin(station());
    app.run(crate::context()).expect("the station and the window can be opened");
}

/// Opens the station once the app knows its folders, and before there is a page that could ask for it.
fn station() -> TauriPlugin<Wry> {
    let open = |app: &tauri::AppHandle, _| {
        let folder = app.path().app_local_data_dir()?.join(FOLDER);
        app.manage(Shell::open_own(&folder, Eyes::Page)?);
        Ok(())
    };
    Builder::new("station").setup(open).build()
}
