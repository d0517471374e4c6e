//! Pages one after the other.

use krilla::metadata::Metadata;
use krilla::page::PageSettings;

use crate::{Error, Sheet};

/// Width and height of A4 in points (ISO 216).
pub const A4: (f32, f32) = (595.28, 841.89);

/// A document that is being made.
pub struct Document(krilla::Document);

impl Document {
    /// A document without a page yet. `language` is a language tag (BCP 47).
    pub fn new(title: &str, language: &str) -> Self {
        let mut document = krilla::Document::new();
        let metadata = Metadata::new().title(title.to_owned()).language(language.to_owned());
        document.set_metadata(metadata.creator("Propusk".into()));
        Self(document)
    }

    /// Adds a page of A4, and has it drawn.
    pub fn page(&mut self, draw: impl FnOnce(&mut Sheet<'_>)) -> Result<(), Error> {
        let size = PageSettings::from_wh(A4.0, A4.1).ok_or_else(|| Error("no such page".into()))?;
        let mut page = self.0.start_page_with(size);
        let mut sheet = page.surface();
        draw(&mut sheet);
        sheet.finish();
        page.finish();
        Ok(())
    }

    /// The PDF.
    pub fn finish(self) -> Result<Vec<u8>, Error> {
        self.0.finish().map_err(|error| Error(format!("{error:?}")))
    }
}
