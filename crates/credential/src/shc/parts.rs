//! Cards that were cut into several codes, `shc:/n/N/…`: given up by the specification, still in wallets.
//!
//! Nothing says which parts belong together. What was put together is marked as such (`shc:/0/N/…`): where no signature
//! holds for it, two cards may have been mixed, and nobody is called a forger for that.

use sha2::{Digest, Sha256};

use super::PREFIX;
use crate::format;
use crate::refusal::Refusal;

/// The most parts that are collected: our own limit; the largest card in use had some five.
pub const MAX_PARTS: usize = 8;
/// For how long parts wait for the others, in seconds: our own limit, so that one guest's card is not mixed with the
/// next one's.
const PATIENCE: i64 = 120;

/// One of the codes.
#[derive(Clone, Copy)]
pub(super) struct Part<'t> {
    /// From 1; [`WHOLE`] of all of them together.
    number: usize,
    pub(super) of: usize,
    pub(super) digits: &'t str,
}

/// The number of what [`Parts`] put together.
const WHOLE: usize = 0;

impl Part<'_> {
    pub(super) fn is_whole(&self) -> bool {
        self.number == WHOLE
    }
}

/// Reads what follows the prefix; `None` where it is a card in one code.
pub(super) fn part(body: &str) -> Result<Option<Part<'_>>, Refusal> {
    let Some((number, rest)) = body.split_once('/') else { return Ok(None) };
    let fault = |fault| Refusal::BrokenText { at: 0, fault };
    let (of, digits) = rest.split_once('/').ok_or_else(|| fault("a part without its number"))?;
    let count = |text: &str| {
        let digits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        let plain = digits && (text.len() == 1 || !text.starts_with('0'));
        plain.then(|| text.parse::<usize>().ok()).flatten()
    };
    match (count(number), count(of)) {
        (Some(number), Some(of @ 1..=MAX_PARTS)) if number <= of => Ok(Some(Part { number, of, digits })),
        _ => Err(fault("a part whose number cannot be")),
    }
}

/// Collects the parts of one card, in any order.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// By number, from 1; empty where nothing is collected.
    digits: Vec<Option<String>>,
    last: i64,
    /// The SHA-256 of what was put together last: the card itself is not kept.
    whole: [u8; 32],
}

/// What came of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Collected {
    /// It is no part of a card.
    Other,
    /// A part, and others are still to come.
    Waiting {
        /// How many parts are here.
        have: usize,
        /// How many there are.
        of: usize,
    },
    /// It was the last one: this is the whole card, for [`crate::judge_text`].
    Whole(String),
}

impl Parts {
    /// Takes a text at the time `now` (seconds UTC). A part that fits no other begins a card anew; a pass in one code
    /// ends the collecting, since its holder is another guest.
    pub fn take(&mut self, text: &str, now: i64) -> Collected {
        let text = text.trim_matches(['\r', '\n']);
        let body = text.strip_prefix(PREFIX).filter(|_| text.len() <= format::MAX_TEXT);
        let part = body.map(part).and_then(Result::ok).flatten().filter(|part| !part.is_whole());
        let Some(part) = part else {
            if format::is_pass(text) {
                self.digits.clear();
            }
            return Collected::Other;
        };
        let Part { number, of, digits } = part;
        let waits = (0..=PATIENCE).contains(&now.saturating_sub(self.last));
        let held = self.digits.get(number - 1).and_then(Option::as_deref); // safe: from 1
        if !waits || self.digits.len() != of || held.is_some_and(|held| held != digits) {
            self.digits = vec![None; of];
        }
        self.digits[number - 1] = Some(digits.to_owned()); // safe: at most `of`
        self.last = now;
        let have = self.digits.iter().flatten().count();
        if have < of {
            return Collected::Waiting { have, of };
        }
        let digits: String = std::mem::take(&mut self.digits).into_iter().flatten().collect();
        // What comes to the same once more was not mixed.
        let before = std::mem::replace(&mut self.whole, Sha256::digest(&digits).into());
        if self.whole == before {
            return Collected::Whole(format!("{PREFIX}{digits}"));
        }
        Collected::Whole(format!("{PREFIX}{WHOLE}/{of}/{digits}"))
    }
}
