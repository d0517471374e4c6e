//! PINs: what one may look like.

use std::ops::RangeInclusive;

/// How many digits a PIN has. NIST SP 800-63B asks for at least 4 where guesses are limited as here.
pub const PIN_DIGITS: RangeInclusive<usize> = 4..=12;

/// Why no PIN can be like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPin {
    /// Too short or too long.
    #[error("a PIN has {min} to {max} digits", min = PIN_DIGITS.start(), max = PIN_DIGITS.end())]
    Length,
    /// Something else than the digits 0 to 9.
    #[error("a PIN has digits only")]
    NotDigits,
    /// One digit over and over.
    #[error("too easy: choose different digits")]
    SameDigit,
    /// Digits in their order, up or down.
    #[error("too easy: choose digits that are not in their order")]
    Run,
}

/// Whether this can be a PIN at all.
pub(crate) fn well_formed(pin: &str) -> Result<(), BadPin> {
    if !pin.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(BadPin::NotDigits);
    }
    if PIN_DIGITS.contains(&pin.len()) { Ok(()) } else { Err(BadPin::Length) }
}

/// Whether this may be chosen as a PIN.
pub(crate) fn check(pin: &str) -> Result<(), BadPin> {
    well_formed(pin)?;
    let steps = |by: i16| pin.as_bytes().windows(2).all(|pair| i16::from(pair[1]) - i16::from(pair[0]) == by);
    match (steps(0), steps(1) || steps(-1)) {
        (true, _) => Err(BadPin::SameDigit),
        (_, true) => Err(BadPin::Run),
        _ => Ok(()),
    }
}
