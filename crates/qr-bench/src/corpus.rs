//! Pictures by name: `photos/SET` and `dcc`.

mod dcc;
mod photos;

use std::path::{Path, PathBuf};

use crate::{Result, picture::Picture};

/// A picture that can be loaded.
pub struct Entry {
    /// Unique within all corpora.
    pub id: String,
    /// The corpus that it belongs to: `photos/boofcv-blurred`.
    pub corpus: String,
    load: Box<dyn Fn() -> Result<Picture>>,
}

impl Entry {
    /// The picture itself.
    ///
    /// # Errors
    /// It cannot be read, or is not the picture that its corpus says.
    pub fn load(&self) -> Result<Picture> {
        (self.load)().map_err(|error| format!("{}: {error}", self.id))
    }

    /// The sum that it is part of, too: `photos/boofcv`.
    pub fn total(&self) -> Option<&str> {
        total(&self.corpus)
    }
}

/// The pictures of all corpora that one of the names means: a corpus, or the first words of several.
///
/// # Errors
/// A name means none, or the public pictures are not there.
pub fn entries(names: &[String]) -> Result<Vec<Entry>> {
    let mut all = photos::entries(&shared("photos")?)?;
    all.extend(dcc::entries(&shared("vectors/dgc")?)?);
    if let Some(name) = names.iter().find(|name| !all.iter().any(|entry| means(name, &entry.corpus))) {
        return Err(format!("no such corpus: {name}"));
    }
    all.retain(|entry| names.is_empty() || names.iter().any(|name| means(name, &entry.corpus)));
    Ok(all)
}

/// Whether `name` is this corpus or one that it is part of.
fn means(name: &str, corpus: &str) -> bool {
    corpus.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '-']))
}

fn total(corpus: &str) -> Option<&str> {
    match corpus.split_once('/')? {
        ("photos", _) => Some(&corpus[..corpus.find('-')?]),
        _ => None,
    }
}

/// A folder of public material beside the repository.
fn shared(folder: &str) -> Result<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(folder);
    if path.is_dir() { Ok(path) } else { Err(format!("the public pictures are not at {}", path.display())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_means_itself_and_what_is_below_it() {
        let table = [
            ("photos", "photos/boofcv-blurred", true),
            ("photos/boofcv", "photos/boofcv-blurred", true),
            ("photos/boofcv-blurred", "photos/boofcv-blurred", true),
            ("photos/boof", "photos/boofcv-blurred", false),
            ("photos/zxing", "photos/boofcv-blurred", false),
            ("dcc", "dcc", true),
        ];
        for (name, corpus, expected) in table {
            assert_eq!(means(name, corpus), expected, "{name} {corpus}");
        }
    }

    #[test]
    fn sets_of_photographs_are_summed_by_their_source() {
        assert_eq!(total("photos/boofcv-bright_spots"), Some("photos/boofcv"));
        assert_eq!(total("photos/zxing-qrcode-1"), Some("photos/zxing"));
        assert_eq!(total("dcc"), None);
    }
}
