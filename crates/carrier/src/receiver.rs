//! From frames to bytes.

use std::collections::VecDeque;

use crate::frame::Frame;
use crate::transfer::Transfer;
use crate::{Error, Id};

/// How many contents are kept on their way at once.
const MAX_TRANSFERS: usize = 2;

/// Takes frames as a camera reads them, in any order, with losses, repeats and other frames among them, and hands out
/// content that is whole. It stays as it is while no frames come, for however long.
///
/// **Two screens in view** are kept apart: each frame counts for the transfer that it names, content and size of
/// its symbols: what is shown again in other pictures is another transfer. A third transfer takes the
/// place of the one that has fewer symbols (of equals, of the one that was not heard of for longer), so that frames
/// that come by do not end a transfer that is under way; and one that was left off is in nobody's way.
///
/// **Limits**, whatever frames say: memory for two contents of [`MAX_BYTES`](crate::MAX_BYTES), and as much again for
/// one while a block of it is solved; nothing is set aside before it arrived. Solving is tried at most six times a
/// block of 1024 symbols.
#[derive(Clone, Debug, Default)]
pub struct Receiver {
    /// The last one is the one heard of last.
    transfers: Vec<Transfer>,
    /// What was handed out last, of as many screens as are kept apart: they still show it.
    finished: VecDeque<Id>,
}

/// What a frame has brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// There is more to come.
    Part(Progress),
    /// The whole content, each time once: its SHA-256 begins as every frame said.
    Whole(Vec<u8>),
    /// The frame is of a content that was handed out just before: of the last two.
    Over,
}

/// How far a transfer is. Neither number falls while it is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Distinct symbols that arrived and are of use.
    pub received: usize,
    /// How many make the content. Seldom one or two more are needed.
    pub needed: usize,
}

impl Receiver {
    /// A receiver that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the text of one QR code.
    ///
    /// # Errors
    /// [`Error::NotAFrame`], [`Error::Format`], [`Error::Damaged`], [`Error::TooLong`], [`Error::TooManySymbols`] and
    /// [`Error::Conflict`]: the frame is passed over, and nothing else has changed. [`Error::Spoilt`]: its transfer
    /// begins anew with the next frame.
    pub fn take(&mut self, text: &str) -> Result<Taken, Error> {
        let frame = Frame::parse(text)?;
        if self.finished.contains(&frame.id) {
            return Ok(Taken::Over);
        }
        let mut transfer = self.bring_out(&frame);
        let result = transfer.take(frame);
        match result {
            Ok(None) => {
                let (received, needed) = transfer.progress();
                self.transfers.push(transfer);
                Ok(Taken::Part(Progress { received, needed }))
            }
            Ok(Some(content)) => {
                self.finished.truncate(MAX_TRANSFERS - 1);
                self.finished.push_front(transfer.id);
                Ok(Taken::Whole(content))
            }
            Err(Error::Spoilt) => Err(Error::Spoilt),
            Err(error) => {
                self.transfers.push(transfer);
                Err(error)
            }
        }
    }

    /// How far the transfer is that was heard of last; `None` where there is none.
    pub fn progress(&self) -> Option<Progress> {
        let (received, needed) = self.transfers.last()?.progress();
        Some(Progress { received, needed })
    }

    /// Forgets all that arrived, and what was handed out: it can be received once more.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The frame's transfer, taken out of its place; a new one in place of the least where there are too many.
    fn bring_out(&mut self, frame: &Frame) -> Transfer {
        if let Some(place) = self.transfers.iter().position(|transfer| transfer.is_of(frame)) {
            return self.transfers.remove(place);
        }
        if self.transfers.len() == MAX_TRANSFERS {
            let least = (0..MAX_TRANSFERS).min_by_key(|&place| self.transfers[place].progress().0);
            self.transfers.remove(least.unwrap_or_default());
        }
        Transfer::new(frame)
    }
}
