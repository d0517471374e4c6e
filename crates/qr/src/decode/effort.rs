//! How much may still be spent on a grid that plain error correction cannot mend.

/// Attempts left, in decodings of one block with erasures, and whether the caller's time is up.
pub(super) struct Effort<'t> {
    attempts: usize,
    time_is_up: &'t mut dyn FnMut() -> bool,
}

impl<'t> Effort<'t> {
    pub(super) fn new(attempts: usize, time_is_up: &'t mut dyn FnMut() -> bool) -> Self {
        Self { attempts, time_is_up }
    }

    /// Takes `cost` attempts from what is left; whether there were enough, and time is not up.
    pub(super) fn spend(&mut self, cost: usize) -> bool {
        let left = self.attempts.checked_sub(cost);
        let may = left.is_some() && !(self.time_is_up)();
        self.attempts = if may { left.unwrap_or(0) } else { 0 };
        may
    }

    /// Whether no attempt is left.
    pub(super) fn is_spent(&self) -> bool {
        self.attempts == 0
    }
}
