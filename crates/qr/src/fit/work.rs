//! How much may still be done for a frame.

/// The work left for a frame, and whether its time is up.
pub(crate) struct Work<'t> {
    left: usize,
    time_is_up: &'t mut dyn FnMut() -> bool,
    over: bool,
}

impl<'t> Work<'t> {
    /// Work of `samples` looks at a pixel's surroundings, unless time is up before.
    pub(crate) fn new(samples: usize, time_is_up: &'t mut dyn FnMut() -> bool) -> Self {
        Self { left: samples, time_is_up, over: false }
    }

    /// Takes `samples` looks from what is left; whether they may be taken, and time is not up.
    pub(crate) fn take(&mut self, samples: usize) -> bool {
        self.over |= samples > self.left;
        self.left = self.left.saturating_sub(samples);
        !self.is_over()
    }

    /// Whether something was left undone for want of work or time.
    pub(crate) fn was_cut_short(&self) -> bool {
        self.over
    }

    /// Whether nothing more may be done: once it is so, it stays so, and the caller is not asked again.
    pub(crate) fn is_over(&mut self) -> bool {
        self.over = self.over || (self.time_is_up)();
        self.over
    }
}
