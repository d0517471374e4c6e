//! What one evaluation may cost.

use crate::Error;

/// So many bytes of text are compared or copied in the time of one step.
const BYTES_PER_STEP: usize = 16;

/// The steps that are left.
pub(crate) struct Budget(usize);

impl Budget {
    /// So many steps.
    pub(crate) fn of(steps: usize) -> Self {
        Self(steps)
    }

    /// How many are left.
    pub(crate) fn left(&self) -> usize {
        self.0
    }

    /// Takes so many steps, if they are left.
    pub(crate) fn spend(&mut self, steps: usize) -> Result<(), Error> {
        let enough = self.0 >= steps;
        self.0 = self.0.saturating_sub(steps);
        if enough { Ok(()) } else { Err(Error::TooMuchWork) }
    }

    /// Takes the steps for a text of so many bytes.
    pub(crate) fn spend_bytes(&mut self, bytes: usize) -> Result<(), Error> {
        self.spend(bytes / BYTES_PER_STEP)
    }
}
