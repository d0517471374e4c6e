//! Content and losses that repeat.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use carrier::{Receiver, Sender, Taken};

/// SplitMix64 (Steele, Lea and Flood, 2014).
pub struct Random(pub u64);

impl Random {
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// In `0..below`.
    pub fn below(&mut self, below: usize) -> usize {
        (self.number() % below as u64) as usize
    }

    /// True in so many of a hundred.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

pub fn content(length: usize, seed: u64) -> Vec<u8> {
    let mut random = Random(seed);
    (0..length).map(|_| random.number() as u8).collect()
}

pub fn frames(content: &[u8], count: usize) -> Vec<String> {
    Sender::new(content).unwrap().take(count).collect()
}

/// Gives frames to a receiver until it hands out content.
pub fn receive(receiver: &mut Receiver, frames: impl IntoIterator<Item = String>) -> Option<Vec<u8>> {
    frames.into_iter().find_map(|frame| match receiver.take(&frame) {
        Ok(Taken::Whole(bytes)) => Some(bytes),
        _ => None,
    })
}
