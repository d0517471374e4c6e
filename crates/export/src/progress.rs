//! How far something long is, on one line of a terminal that is drawn over.

use std::io::Write;

/// Characters of the bar.
const WIDTH: u64 = 30;

/// A bar that is drawn again whenever it has grown by a percent; nothing is drawn where there is nobody to see it.
pub struct Progress<'a> {
    out: Option<Box<dyn Write + 'a>>,
    what: String,
    drawn: Option<u64>,
}

impl<'a> Progress<'a> {
    /// A bar on `out`, after the words that say what is done.
    pub fn new(out: Option<Box<dyn Write + 'a>>, what: &str) -> Self {
        Self { out, what: what.to_owned(), drawn: None }
    }

    /// So many of so many are done.
    pub fn at(&mut self, done: u64, total: u64) {
        let share =
            |of: u64| (u128::from(done.min(total)) * u128::from(of) / u128::from(total.max(1))) as u64;
        let percent = if total == 0 { 100 } else { share(100) };
        if self.drawn == Some(percent) {
            return;
        }
        self.drawn = Some(percent);
        let Some(out) = &mut self.out else { return };
        let full = if total == 0 { WIDTH } else { share(WIDTH) } as usize;
        let bar = "#".repeat(full) + &"·".repeat(WIDTH as usize - full);
        // A terminal that is gone is no reason to stop.
        let _ = write!(out, "\r{} [{bar}] {percent:3} %  {done} of {total}", self.what)
            .and_then(|()| out.flush());
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if let (Some(out), Some(_)) = (&mut self.out, self.drawn) {
            let _ = writeln!(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_grows_to_the_end_and_is_drawn_once_a_percent() {
        let mut drawn = vec![];
        {
            let mut progress = Progress::new(Some(Box::new(&mut drawn)), "export");
            (0..=1_000).for_each(|done| progress.at(done, 1_000));
        }
        let text = String::from_utf8(drawn).unwrap();
        assert_eq!(text.matches('\r').count(), 101);
        let last = text.rsplit('\r').next().unwrap();
        assert_eq!(last, format!("export [{}] 100 %  1000 of 1000\n", "#".repeat(30)));
    }

    #[test]
    fn nothing_to_do_is_done() {
        let mut drawn = vec![];
        Progress::new(Some(Box::new(&mut drawn)), "export").at(0, 0);
        assert!(String::from_utf8(drawn).unwrap().contains("100 %"));
    }
}
