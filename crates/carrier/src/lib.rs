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
//! **Which code.** Frames fill version 20 at level L, whose side is 97 modules. `cargo run -p carrier --example versions
//! -- 16` draws frames as a hand-held camera sees them (`frames::Viewing`: moiré on half of the screens, a little out of
//! focus, a trembling hand) and reads 16 of each, one look each; read of them, and bytes of content a shown frame:
//!
//! | code | bytes | 640 × 480, side ½ of the height | 640 × 480, 0.7 and 0.9 | 1280 × 720, ½ and 0.8 |
//! |---|---|---|---|---|
//! | 10-L | 232 | 16: 232 | 16, 15: 217 | 16, 14: 203 |
//! | 15-L | 472 | 16: 472 | 16, 16: 472 | 16, 16: 472 |
//! | 18-L | 666 | 12: 499 | 16, 16: 666 | 16, 16: 666 |
//! | **20-L** | 800 | 9: 450 | 16, 16: 800 | 16, 16: 800 |
//! | 20-M | 612 | 9: 344 | 16, 16: 612 | 16, 16: 612 |
//! | 22-L | 937 | 8: 468 | 16, 16: 937 | 16, 16: 937 |
//! | 25-L | 1200 | 8: 600 | 15, 16: 1125 | 16, 16: 1200 |
//!
//! Level M reads no better than L: a screen has no dirt, and a missed frame is made good by another. Larger codes would
//! be faster still on a camera; 20 is the largest that a full-screen terminal shows at its usual letters (105 columns
//! of 53 rows), and [`Sender::with_room`] makes others.
//!
//! **How long it takes**, by `cargo run --release -p carrier --example figures`: seconds at 8 frames a second, median
//! and slowest of 50 runs (of 3 for 1 MB), and CPU time of [`Receiver::take`] for all frames where a fifth is lost.
//!
//! | content | no frame lost | 20 % lost | 30 % lost | CPU |
//! |---|---|---|---|---|
//! | 4 KB | 0.8 | 0.9, 1.4 | 1.1, 2.0 | 0.1 ms |
//! | 30 KB | 4.9 | 6.2, 7.5 | 7.0, 9.2 | 0.9 ms |
//! | 120 KB | 19.2 | 24.0, 26.4 | 27.6, 29.8 | 3.6 ms |
//! | 1 MB | 163.5 | 207, 208 | 241, 242 | 30 ms |
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
/// table 7); why these is told above.
pub const FRAME_CHARS: usize = 1249;

/// What names a transfer and proves its content: the first bytes of its SHA-256.
type Id = [u8; 16];

fn id(content: &[u8]) -> Id {
    let digest = Sha256::digest(content);
    std::array::from_fn(|i| digest[i])
}
