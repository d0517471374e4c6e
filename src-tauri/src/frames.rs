//! The newest frame, for whoever wants it: the preview and the scanner, each at its own pace.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use camera::Frame;

/// A slot that holds one frame. Late frames help nobody, so there is no queue.
#[derive(Default)]
pub(crate) struct Frames {
    newest: Mutex<Option<Arc<Frame>>>,
    changed: Condvar,
}

impl Frames {
    /// Puts a frame in the place of the one before.
    pub(crate) fn put(&self, frame: Frame) {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(frame));
        self.changed.notify_all();
    }

    /// Empties the slot: another feed begins, and its frames are counted from 0 again.
    pub(crate) fn clear(&self) {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The frame in the slot when it is another than number `seen`; waits for it at most so long.
    pub(crate) fn other_than(&self, seen: Option<u64>, wait: Duration) -> Option<Arc<Frame>> {
        let newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let stale =
            |newest: &mut Option<Arc<Frame>>| newest.as_ref().is_none_or(|frame| Some(frame.seq) == seen);
        let (newest, waited) =
            self.changed.wait_timeout_while(newest, wait, stale).unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() { None } else { newest.clone() }
    }
}

#[cfg(test)]
mod tests {
    use camera::Picture;

    use super::*;

    const SOON: Duration = Duration::from_millis(1);

    fn frame(seq: u64) -> Frame {
        Frame { seq, width: 1, height: 1, picture: Picture::Luma(vec![0]) }
    }

    fn seq(frame: Option<Arc<Frame>>) -> Option<u64> {
        frame.map(|frame| frame.seq)
    }

    #[test]
    fn a_frame_is_taken_once_and_only_the_newest() {
        let frames = Frames::default();
        assert_eq!(seq(frames.other_than(None, SOON)), None);
        frames.put(frame(0));
        frames.put(frame(1));
        assert_eq!(seq(frames.other_than(Some(0), SOON)), Some(1));
        assert_eq!(seq(frames.other_than(Some(1), SOON)), None);
    }

    #[test]
    fn another_feed_s_first_frame_is_new_though_its_number_is_lower() {
        let frames = Frames::default();
        frames.put(frame(40));
        frames.clear();
        assert_eq!(seq(frames.other_than(Some(39), SOON)), None);
        frames.put(frame(0));
        assert_eq!(seq(frames.other_than(Some(40), SOON)), Some(0));
    }
}
