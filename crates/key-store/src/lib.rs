//! The key store of the system that the program runs on, for a station's [device key](station::KeyPlace).
//!
//! | system | key store |
//! |---|---|
//! | Linux | the desktop's Secret Service (freedesktop.org Secret Service API 0.2), in the default collection |
//! | macOS, iOS | the Keychain, as generic passwords |
//! | Windows | the Credential Manager, on this machine alone |
//! | Android, others | none: an app's own folder is closed to other apps there |
//!
//! What reaches for it is the command line and the window; the rest is handed a [`station::KeyStore`].

#[cfg_attr(target_os = "linux", path = "secret_service.rs")]
#[cfg_attr(target_vendor = "apple", path = "keychain.rs")]
#[cfg_attr(windows, path = "credential_manager.rs")]
#[cfg_attr(not(any(target_os = "linux", target_vendor = "apple", windows)), path = "none.rs")]
mod system;

pub use system::SystemKeyStore;

/// The service under which the secrets lie.
#[cfg(any(target_os = "linux", target_vendor = "apple", windows))]
const SERVICE: &str = "propusk";
