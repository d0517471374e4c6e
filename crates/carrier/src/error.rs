//! Why bytes cannot be shown, and why a frame is not taken.

use crate::{MAX_BYTES, MAX_SYMBOLS};

/// What is wrong, in one line. Whatever a frame said, transfers that it is no part of go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// To show: there are no bytes.
    #[error("there is nothing to show: the content is empty")]
    Empty,
    /// To show, or announced by a frame: more than [`MAX_BYTES`].
    #[error("{0} bytes are too many for an animated code, which carries at most {MAX_BYTES}")]
    TooLong(usize),
    /// To show, or announced by a frame: more symbols than [`MAX_SYMBOLS`].
    #[error(
        "{0} pictures are too many for an animated code, which has at most {MAX_SYMBOLS}: use larger ones"
    )]
    TooManySymbols(usize),
    /// To show: a frame of so few characters holds no content, one of so many is no QR code.
    #[error("an animated code cannot be made of pictures with {0} characters")]
    Room(usize),
    /// Received: something else than a frame.
    #[error("this is no part of an animated code")]
    NotAFrame,
    /// Received: a frame of another format.
    #[error("this animated code has format {0}, which this version does not read: update Propusk")]
    Format(char),
    /// Received: a frame that was cut, or has other characters than were sent.
    #[error("a picture of the animated code was misread")]
    Damaged,
    /// Received: a frame with other content for a symbol that is there already. What was there before stays.
    #[error("two animated codes contradict each other: show only one")]
    Conflict,
    /// Received: all that was needed, but it is not what was announced. The transfer begins anew.
    #[error("the animated code came out wrong and is read anew: show only one")]
    Spoilt,
}
