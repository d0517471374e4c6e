//! Entries into Parquet files, one folder a day.

use std::collections::VecDeque;
use std::fs::File;
use std::path::{Path, PathBuf};

use export::format::columns::Writer;
use scanlog::Leaf;

use crate::Error;
use crate::error::at;

/// How many days are written at once. Time goes forwards but for clocks that are set.
const OPEN: usize = 3;

/// Writes leaves below a station's folder, each into its day's.
pub struct Days {
    folder: PathBuf,
    open: VecDeque<Day>,
    /// Of the entry before: where an erased entry, which has no time, is put.
    last: String,
}

struct Day {
    day: String,
    path: PathBuf,
    out: Writer<File>,
}

impl Days {
    /// Nothing is written yet.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, open: VecDeque::new(), last: "unknown".to_owned() }
    }

    /// Writes a leaf.
    pub fn write(&mut self, leaf: &Leaf) -> Result<(), Error> {
        if let Some((entry, _)) = &leaf.content {
            self.last = day(entry.at);
        }
        let place = match self.open.iter().position(|open| open.day == self.last) {
            Some(place) => place,
            None => {
                if self.open.len() == OPEN {
                    self.close_oldest()?;
                }
                self.open.push_back(self.begin(leaf.index)?);
                self.open.len() - 1
            }
        };
        let Day { path, out, .. } = &mut self.open[place];
        out.write(leaf).map_err(export::format::columns::at(path)).map_err(Error::from)
    }

    /// Ends every file.
    pub fn finish(mut self) -> Result<(), Error> {
        while !self.open.is_empty() {
            self.close_oldest()?;
        }
        Ok(())
    }

    /// A file is named by its first entry, so that no two are called the same.
    fn begin(&self, index: u64) -> Result<Day, Error> {
        let folder = self.folder.join(format!("day={}", self.last));
        std::fs::create_dir_all(&folder).map_err(at(&folder))?;
        let path = folder.join(format!("part-{index:012}.parquet"));
        let file = File::create(&path).map_err(at(&path))?;
        let out = Writer::new(file, false).map_err(export::format::columns::at(&path))?;
        Ok(Day { day: self.last.clone(), path, out })
    }

    fn close_oldest(&mut self) -> Result<(), Error> {
        let Some(Day { path, out, .. }) = self.open.pop_front() else { return Ok(()) };
        out.finish().map_err(export::format::columns::at(&path))?;
        Ok(())
    }
}

/// The day of a time, UTC; `unknown` outside the years 0 to 9999.
fn day(at: i64) -> String {
    let text = export::rfc3339(at);
    text.split_once('T').map_or_else(|| "unknown".to_owned(), |(day, _)| day.to_owned())
}

/// Moves every file below one folder to the same place below another.
pub fn take_over(from: &Path, to: &Path) -> Result<(), Error> {
    if !from.is_dir() {
        return Ok(());
    }
    for day in std::fs::read_dir(from).map_err(at(from))? {
        let day = day.map_err(at(from))?;
        let target = to.join(day.file_name());
        std::fs::create_dir_all(&target).map_err(at(&target))?;
        for part in std::fs::read_dir(day.path()).map_err(at(from))? {
            let part = part.map_err(at(from))?;
            let target = target.join(part.file_name());
            std::fs::rename(part.path(), &target).map_err(at(&target))?;
        }
    }
    Ok(())
}
