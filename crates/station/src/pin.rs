//! PINs: what one may look like, how it is kept, and how long a wrong one keeps others waiting.
//!
//! # Waiting
//!
//! A try is counted before it is looked at, and the count is on disk by then;
//! only a right PIN, or another one that an admin sets, takes it back. After the
//! third failure in a row nothing is looked at for a while, and after each one
//! more for twice as long, up to an hour. Nobody is shut out for good: there may
//! be nobody else who could let them in.
//!
//! NIST SP 800-63B (section 5.2.2 of revision 3, on rate limiting) allows no
//! more than 100 consecutive failures, and names growing waits as a way to get
//! there slowly. Here the hundredth is reached after 91 hours at the earliest,
//! and there is no end after it.
//!
//! A wait is measured by the device's clock, which somebody may set. Set
//! forward, it can shorten the one wait that runs, never the count that makes
//! the next one longer. Set back to before the failure, the wait begins anew
//! from there: so it never lasts longer than it would have lasted anyway.

use std::ops::RangeInclusive;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

use crate::store::Secret;

/// How many digits a PIN has: our own limits. Only the waits make so few digits bearable.
pub const PIN_DIGITS: RangeInclusive<usize> = 4..=12;
/// From so many failures in a row on, each brings a wait: so many tries are looked at without one.
const FREE_TRIES: u32 = 3;
/// The first wait, in seconds. Each one after it is twice as long.
const FIRST_WAIT: u64 = 30;
/// The longest wait, in seconds: some 9000 guesses a year.
const LONGEST_WAIT: u64 = 60 * 60;

/// OWASP's Password Storage Cheat Sheet, Argon2id: memory in KiB, passes, lanes.
const OWASP_MEMORY: u32 = 19 * 1024;
const OWASP_PASSES: u32 = 2;
const OWASP_LANES: u32 = 1;
/// RFC 9106 §3.1 recommends 16 bytes.
const SALT_BYTES: usize = 16;

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

/// How much work it is to try a PIN.
#[derive(Clone, Debug)]
pub struct PinCost(Params);

impl PinCost {
    /// Argon2id with this memory (KiB), these passes and lanes, where there is such a thing.
    pub fn new(memory: u32, passes: u32, lanes: u32) -> Option<Self> {
        Params::new(memory, passes, lanes, None).ok().map(Self)
    }
}

/// What OWASP recommends.
impl Default for PinCost {
    fn default() -> Self {
        // safe: these parameters are within Argon2's limits
        Self::new(OWASP_MEMORY, OWASP_PASSES, OWASP_LANES).expect("OWASP's parameters")
    }
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
    if steps(0) {
        return Err(BadPin::SameDigit);
    }
    if steps(1) || steps(-1) { Err(BadPin::Run) } else { Ok(()) }
}

/// A PIN's hash as a PHC string.
pub(crate) fn hash(pin: &str, cost: &PinCost, random: &mut crate::Random) -> Result<String, String> {
    let mut salt = [0; SALT_BYTES];
    random(&mut salt);
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, cost.0.clone());
    let hash: PasswordHash =
        argon2.hash_password_with_salt(pin.as_bytes(), &salt).map_err(|why| why.to_string())?;
    Ok(hash.to_string())
}

/// Whether a hash is this PIN's; `None` where it is no hash of ours.
pub(crate) fn matches(pin: &str, hash: &str) -> Option<bool> {
    let hash = PasswordHash::new(hash).ok()?;
    match Argon2::default().verify_password(pin.as_bytes(), &hash) {
        Ok(()) => Some(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Some(false),
        Err(_) => None,
    }
}

/// How many seconds nothing is looked at after so many failures in a row.
pub(crate) fn wait_after(failures: u32) -> u64 {
    let Some(doublings) = failures.checked_sub(FREE_TRIES) else { return 0 };
    FIRST_WAIT.saturating_mul(2_u64.saturating_pow(doublings)).min(LONGEST_WAIT)
}

/// How many seconds of a wait are left at `now` (seconds UTC).
pub(crate) fn wait_left(secret: &Secret, now: i64) -> u64 {
    let wait = wait_after(secret.failures);
    let passed = u64::try_from(now.saturating_sub(secret.failed_at)).unwrap_or(0);
    wait.saturating_sub(passed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easy_pins_are_not_taken() {
        let table = [
            ("4711", Ok(())),
            ("135790864213", Ok(())),
            ("1233", Ok(())),
            ("1357", Ok(())),
            ("9012", Ok(())),
            ("", Err(BadPin::Length)),
            ("471", Err(BadPin::Length)),
            ("1357908642135", Err(BadPin::Length)),
            ("47a1", Err(BadPin::NotDigits)),
            ("٤٧١١", Err(BadPin::NotDigits)),
            (" 4711", Err(BadPin::NotDigits)),
            ("0000", Err(BadPin::SameDigit)),
            ("777777777777", Err(BadPin::SameDigit)),
            ("1234", Err(BadPin::Run)),
            ("0123456789", Err(BadPin::Run)),
            ("98765", Err(BadPin::Run)),
        ];
        for (pin, expected) in table {
            assert_eq!(check(pin), expected, "{pin:?}");
        }
    }

    #[test]
    fn waits_double_from_half_a_minute_to_an_hour() {
        let waits: Vec<u64> = (0..12).map(wait_after).collect();
        assert_eq!(waits, [0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
        for failures in [64, 66, 67, 68, 200, u32::MAX] {
            assert_eq!(wait_after(failures), 3600, "{failures}");
        }
    }

    #[test]
    fn a_hundredth_failure_comes_after_91_hours_at_the_earliest() {
        let waits: u64 = (0..100).map(wait_after).sum();
        assert_eq!(waits / 3600, 91);
    }

    #[test]
    fn a_wait_is_never_longer_than_it_was_said_to_be() {
        let secret = Secret { hash: None, failures: 4, failed_at: 1000 };
        let table = [(1000, 60), (1001, 59), (1059, 1), (1060, 0), (i64::MAX, 0), (999, 60), (i64::MIN, 60)];
        for (now, left) in table {
            assert_eq!(wait_left(&secret, now), left, "{now}");
        }
    }

    #[test]
    fn a_hash_is_argon2id_with_owasps_parameters_and_tells_its_pin_from_others() {
        let mut random: crate::Random = Box::new(|bytes| bytes.fill(7));
        let hash = hash("4711", &PinCost::default(), &mut random).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(matches("4711", &hash), Some(true));
        assert_eq!(matches("4712", &hash), Some(false));
        for damaged in ["", "4711", "$argon2id$v=19$m=19456,t=2,p=1$", "$md5$abc"] {
            assert_eq!(matches("4711", damaged), None, "{damaged}");
        }
    }
}
