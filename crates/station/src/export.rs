//! Entries written out for other programs.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ::export::spreadsheet::defused;
use ::export::{Format, Request};
use scanlog::{Filter, Reader, SigningKey};

use crate::Error;
use crate::view::{ExportFormat, JournalLine};

const HEADING: [&str; 10] =
    ["index", "at", "outcome", "reason", "stage", "kind", "operator", "demo", "key_set_version", "person"];

/// Entries that are to be written out, once for each time that this was logged: it reads the log by itself
/// and needs the station no more.
#[derive(Debug)]
pub struct Export {
    pub(crate) path: PathBuf,
    pub(crate) filter: Filter,
    pub(crate) format: ExportFormat,
}

impl Export {
    /// Writes the entries, oldest first, and returns how many. They come in small pieces: `out` collects
    /// them where that matters.
    pub fn write(self, out: &mut dyn Write) -> Result<u64, Error> {
        let reader = Reader::open(&self.path)?;
        let written = match self.format {
            ExportFormat::Csv => self.csv(&reader, out),
            ExportFormat::JsonLines => self.each(&reader, |line| json_line(out, &line)),
        }?;
        out.flush().map_err(Error::Export)?;
        Ok(written)
    }

    fn csv(&self, reader: &Reader, out: &mut dyn Write) -> Result<u64, Error> {
        let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        table.write_record(HEADING).map_err(|why| Error::Export(why.into()))?;
        let written = self.each(reader, |line| Ok(table.write_record(cells(&line).map(defused))?))?;
        table.flush().map_err(Error::Export)?;
        Ok(written)
    }

    /// Calls `write` with each entry until it fails.
    fn each(
        &self,
        reader: &Reader,
        mut write: impl FnMut(JournalLine) -> io::Result<()>,
    ) -> Result<u64, Error> {
        let (mut written, mut failure) = (0, None);
        reader.for_each(&self.filter, |entry| {
            failure = write(JournalLine::new(&entry)).err();
            written += u64::from(failure.is_none());
            failure.is_none()
        })?;
        failure.map_or(Ok(written), |why| Err(Error::Export(why)))
    }
}

/// A span of the log that is to be written out whole, with its proof, once for each time that this was logged. It reads
/// the log by itself and needs the station no more.
pub struct ProvenExport {
    pub(crate) path: PathBuf,
    pub(crate) device: SigningKey,
    pub(crate) request: Request,
}

impl ProvenExport {
    /// Writes the entries, the log's signed head and a signed manifest into a folder that is not there yet or is empty,
    /// and returns how many entries. Without its manifest, which comes last, a folder is no export.
    ///
    /// # Errors
    /// The log cannot be read or does not hold, or the folder cannot be written.
    pub fn write(self, folder: &Path) -> Result<u64, Error> {
        let reader = Reader::open(&self.path)?;
        let manifest = ::export::export(&reader, &self.device, &self.request, folder, &mut |_, _| ())?;
        Ok(manifest.end - manifest.first)
    }
}

impl From<ExportFormat> for Format {
    fn from(format: ExportFormat) -> Self {
        match format {
            ExportFormat::Csv => Self::Csv,
            ExportFormat::JsonLines => Self::JsonLines,
        }
    }
}

fn json_line(out: &mut dyn Write, line: &JournalLine) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

/// A line's cells, in the order of the heading.
fn cells(line: &JournalLine) -> [String; 10] {
    let outcome = scanlog::Outcome::from(line.outcome).name();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        line.index.to_string(),
        line.at.clone(),
        outcome.to_owned(),
        line.reason.clone(),
        line.stage.clone(),
        text(&line.kind),
        line.operator.map(|number| number.to_string()).unwrap_or_default(),
        line.demo.to_string(),
        line.key_set_version.to_string(),
        // Some digits in hexadecimal are a number to a spreadsheet: 12345678, 1e234567.
        line.person.as_ref().map(|person| format!("p-{person}")).unwrap_or_default(),
    ]
}
