//! What one evaluation may cost.

use crate::{Error, MAX_STEPS};

/// So many bytes of text are compared or copied in the time of one step.
const BYTES_PER_STEP: usize = 16;

/// The steps that are left.
pub(crate) struct Budget(usize);

impl Budget {
    /// All of [`MAX_STEPS`].
    pub(crate) fn full() -> Self {
        Self(MAX_STEPS)
    }

    /// Takes so many steps, if they are left.
    pub(crate) fn spend(&mut self, steps: usize) -> Result<(), Error> {
        self.0 = self.0.checked_sub(steps).ok_or(Error::TooMuchWork)?;
        Ok(())
    }

    /// Takes the steps for a text of so many bytes.
    pub(crate) fn spend_bytes(&mut self, bytes: usize) -> Result<(), Error> {
        self.spend(bytes / BYTES_PER_STEP)
    }
}
