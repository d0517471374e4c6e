//! The webview itself, where the page cannot look after it: a page that died must not stand at a door.

use tauri::{Builder, Runtime};

/// Has a page whose process died loaded anew. The station, the camera and the scanning are the shell's, and went on;
/// only the screen has to come back.
#[cfg(any(target_os = "macos", target_os = "ios"))]
pub(crate) fn revived<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder.on_web_content_process_terminate(|webview| {
        eprintln!("propusk-app: the page's process ended; loading the page anew");
        let _ = webview.reload();
    })
}

/// Linux is looked after by [`look_after`]; Android ends the whole app; WebView2 has a page of its own for it.
#[cfg(not(any(target_os = "macos", target_os = "ios")))]
pub(crate) fn revived<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder
}

#[cfg(target_os = "linux")]
pub(crate) use linux::look_after;

#[cfg(target_os = "linux")]
mod linux {
    use std::env::var_os;
    use std::fs;
    use std::time::Duration;

    use gtk::glib;
    use tauri::WebviewWindow;
    use webkit2gtk::{
        CacheModel, HardwareAccelerationPolicy, SettingsExt, WebContextExt, WebView, WebViewExt,
    };

    /// Between a page's end and the next, so that one that dies at once does not take the whole machine.
    const PAUSE: Duration = Duration::from_millis(500);

    /// Where Linux shows what can draw in hardware.
    const RENDERERS: &str = "/dev/dri";

    /// Asks Mesa to draw on the processor (docs.mesa3d.org, environment variables).
    const SOFTWARE_GL: &str = "LIBGL_ALWAYS_SOFTWARE";

    /// Revives the window's page when its process dies, has it keep nothing that it will not need again, and spares a
    /// machine without a graphics card to act as if it had one.
    pub(crate) fn look_after(window: &WebviewWindow) -> tauri::Result<()> {
        window.with_webview(|webview| {
            let view: WebView = webview.inner();
            if !composites() {
                draw_plainly(&view);
            }
            keep_no_pictures(&view);
            view.connect_web_process_terminated(|view, reason| {
                eprintln!("propusk-app: the page's process ended ({reason:?}); loading the page anew");
                let view = view.clone();
                glib::timeout_add_local_once(PAUSE, move || view.reload());
            });
        })
    }

    /// There is one page, and each picture of the camera is shown once: nothing is worth WebKit's cache, which is made
    /// for browsing.
    fn keep_no_pictures(view: &WebView) {
        if let Some(context) = view.context() {
            context.set_cache_model(CacheModel::DocumentViewer);
        }
    }

    /// Without a graphics card, compositing is done by a driver that compiles shaders for the processor: the first
    /// picture comes later, the page takes twice the memory, and WebKitGTK 2.50 was seen to crash in it.
    fn draw_plainly(view: &WebView) {
        if let Some(settings) = WebViewExt::settings(view) {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    }

    /// Whether there is a graphics card, or somebody who wants a driver to do as if.
    fn composites() -> bool {
        if var_os(SOFTWARE_GL).is_some() {
            return true;
        }
        let entries = fs::read_dir(RENDERERS).into_iter().flatten().flatten();
        entries.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with("renderD"))
    }
}
