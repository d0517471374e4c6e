//! Bytes from one screen to another device's camera: an animated QR code.
//!
//! [`Sender`] turns 1 to [`MAX_BYTES`] bytes into an endless series of texts, each shown as a QR code for an eighth of
//! a second or so; [`Receiver`] takes the texts that a camera reads of them and gives the bytes back, whichever were
//! missed: a fountain code (RaptorQ, RFC 6330) makes any symbols do, if there are enough. [`is_frame`] tells these
//! texts from others.
//!
//! ```
//! let content = b"a published key set".repeat(200);
//! let mut receiver = carrier::Receiver::new();
//! let sender = carrier::Sender::new(&content)?;
//! for text in sender.skip(3).step_by(2) {
//!     assert!(carrier::is_frame(&text));
//!     if let carrier::Taken::Whole(bytes) = receiver.take(&text)? {
//!         assert_eq!(bytes, content);
//!         break;
//!     }
//! }
//! # Ok::<(), carrier::Error>(())
//! ```
//!
//! **What arrives is whole, not authentic.** It is what the screen showed, by 16 bytes of SHA-256; who made it is for
//! its own signatures to prove (key sets: TUF). Anybody who can show a screen to the camera can also spoil a transfer.
//!
//! No clock, no randomness: the caller shows frames at its own pace. Nothing here depends on the size of `usize`
//! beyond 32 bits.

#![forbid(unsafe_code)]

mod error;
mod frame;
mod layout;
mod receiver;
mod sender;
mod transfer;

use sha2::{Digest, Sha256};

pub use error::Error;
pub use frame::is_frame;
pub use layout::{MAX_BYTES, MAX_SYMBOLS};
pub use receiver::{Progress, Receiver, Taken};
pub use sender::Sender;

/// Most characters of a frame, unless asked otherwise: those of a QR code of version 20 at level L (ISO/IEC 18004,
/// table 7).
pub const FRAME_CHARS: usize = 1249;

/// What names a transfer and proves its content: the first bytes of its SHA-256.
type Id = [u8; 16];

fn id(content: &[u8]) -> Id {
    let digest = Sha256::digest(content);
    std::array::from_fn(|i| digest[i])
}
