use crate::pin::BadPin;
use crate::view::{DeniedView, Problem};
use crate::{BadSettings, Error};

/// Why a station did not do what only a role may have done.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// The role is not unlocked, or not any more.
    #[error("locked: enter the PIN")]
    Locked,
    /// The role has no PIN yet.
    #[error("this role has no PIN yet: an admin sets it")]
    NoPin,
    /// The PIN is wrong.
    #[error("wrong PIN: try again in {wait} s")]
    WrongPin {
        /// Seconds before another is looked at.
        wait: u64,
    },
    /// Too many PINs were wrong. This one was not looked at.
    #[error("too many wrong PINs: try again in {wait} s")]
    Blocked {
        /// Seconds before another is looked at.
        wait: u64,
    },
    /// No PIN can be like this.
    #[error(transparent)]
    BadPin(#[from] BadPin),
    /// The first PIN has been set already: whoever wants another has to know it.
    #[error("the admin has a PIN already: enter it")]
    AlreadySet,
    /// What was asked for is out of its limits.
    #[error("{0}")]
    Invalid(String),
    /// The station's files could not be read or written.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl Denied {
    /// The name of it, to translate by.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Locked => Problem::Locked,
            Self::NoPin => Problem::NoPin,
            Self::WrongPin { .. } => Problem::WrongPin,
            Self::Blocked { .. } => Problem::Blocked,
            Self::BadPin(BadPin::Length) => Problem::PinLength,
            Self::BadPin(BadPin::NotDigits) => Problem::PinNotDigits,
            Self::BadPin(BadPin::SameDigit) => Problem::PinSameDigit,
            Self::BadPin(BadPin::Run) => Problem::PinRun,
            Self::AlreadySet => Problem::AlreadySet,
            Self::Invalid(_) => Problem::Invalid,
            Self::Failed(_) => Problem::Failed,
        }
    }

    /// Seconds before another PIN is looked at, where that is what is in the way.
    pub fn wait(&self) -> Option<u64> {
        match self {
            Self::WrongPin { wait } | Self::Blocked { wait } => Some(*wait),
            _ => None,
        }
    }

    /// The plain form of it.
    pub fn view(&self) -> DeniedView {
        DeniedView { problem: self.problem(), wait: self.wait(), detail: self.to_string() }
    }
}

impl From<BadSettings> for Denied {
    fn from(bad: BadSettings) -> Self {
        Self::Invalid(bad.to_string())
    }
}

impl From<scanlog::Error> for Denied {
    fn from(error: scanlog::Error) -> Self {
        Self::Failed(error.into())
    }
}
