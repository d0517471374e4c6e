//! Scripts: bytes read one after the other as numbers. At the end there are only zeros.

/// A script being read.
pub struct Script<'a>(&'a [u8]);

impl<'a> Script<'a> {
    /// The script that these bytes are.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether everything was read.
    pub fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        let (&byte, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        byte
    }

    /// The next two bytes, the lower first.
    pub fn pair(&mut self) -> u16 {
        u16::from_le_bytes([self.byte(), self.byte()])
    }

    /// The next eight bytes, the lowest first.
    pub fn seed(&mut self) -> u64 {
        u64::from_le_bytes(std::array::from_fn(|_| self.byte()))
    }

    /// A number below `limit` (at least 1) out of the next two bytes.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::from(self.pair()) % limit
    }

    /// A number from −1 to 1 out of the next byte; 128 is 0.
    pub fn around_zero(&mut self) -> f32 {
        (f32::from(self.byte()) - 128.0) / 128.0
    }

    /// The next bytes, at most `most`: as many as the next byte says.
    pub fn run(&mut self, most: usize) -> &'a [u8] {
        let length = usize::from(self.byte()).min(most).min(self.0.len());
        let (run, rest) = self.0.split_at(length);
        self.0 = rest;
        run
    }

    /// All that is left.
    pub fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }
}
