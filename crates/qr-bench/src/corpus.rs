//! Pictures by name: `photos/SET`, `dcc`, `rendered/CONDITION`, `idle/HEIGHTp`, and `sequences`.

mod dcc;
mod idle;
mod photos;
mod rendered;

use std::path::{Path, PathBuf};

use crate::{Result, picture::Picture};

pub use rendered::picture as frame_picture;

/// Rendered frames of each condition, and in a quick run.
const RENDERED: [u32; 2] = [30, 6];
/// Scenes without a code of each height: a multiple of the twelve kinds that there are.
const IDLE: [u32; 2] = [48, 12];
/// Approaches.
const SEQUENCES: [u32; 2] = [30, 6];
/// A quick run shows one of so many pictures of every set.
const QUICK: usize = 5;

/// Which pictures to show.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Corpora, or the first words of several; all if empty.
    pub names: Vec<String>,
    /// Only a part of each.
    pub quick: bool,
    /// What drawn frames are drawn from.
    pub seed: u64,
}

impl Selection {
    /// The numbers of the approaches to show.
    pub fn sequences(&self) -> std::ops::Range<u32> {
        let wanted = self.names.is_empty() || self.names.iter().any(|name| name == "sequences");
        0..if wanted { self.count(SEQUENCES) } else { 0 }
    }

    fn count(&self, [full, quick]: [u32; 2]) -> u32 {
        if self.quick { quick } else { full }
    }
}

/// A picture that can be loaded.
pub struct Entry {
    /// Unique within all corpora.
    pub id: String,
    /// The corpus that it belongs to: `photos/boofcv-blurred`.
    pub corpus: String,
    /// Whether it follows the picture before it as a camera's frames do.
    pub stream: bool,
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

    /// All that it counts for: its own corpus, the sum over several (`photos/boofcv`), and for a drawn frame all those
    /// of its height (`rendered-720p`).
    pub fn corpora(&self, picture: &Picture) -> Vec<String> {
        let total = total(&self.corpus);
        let height = (total == Some("rendered")).then(|| format!("rendered-{}p", picture.height));
        let corpora = [Some(self.corpus.clone()), total.map(str::to_owned), height];
        corpora.into_iter().flatten().collect()
    }
}

/// The selected pictures. Public pictures that are not there are an error only where they were named.
///
/// # Errors
/// A name means no corpus, or the pictures are not there.
pub fn entries(selection: &Selection) -> Result<Vec<Entry>> {
    let mut all = Vec::new();
    for root in ["photos", "dcc", "rendered", "idle"] {
        let named = selection.names.iter().any(|name| name.split('/').next() == Some(root));
        match root_entries(root, selection) {
            _ if !named && !selection.names.is_empty() => {}
            Err(missing) if !named => eprintln!("SKIPPED {root}: {missing}"),
            entries => all.extend(entries?),
        }
    }
    let names = &selection.names;
    let is_known = |name: &str| name == "sequences" || all.iter().any(|entry| means(name, &entry.corpus));
    if let Some(name) = names.iter().find(|name| !is_known(name)) {
        return Err(format!("no such corpus: {name}"));
    }
    all.retain(|entry| names.is_empty() || names.iter().any(|name| means(name, &entry.corpus)));
    Ok(all)
}

fn root_entries(root: &str, selection: &Selection) -> Result<Vec<Entry>> {
    let mut entries = match root {
        "photos" => photos::entries(&shared("photos")?)?,
        "dcc" => dcc::entries(&shared("vectors/dgc")?)?,
        "rendered" => return Ok(rendered::entries(selection.count(RENDERED), selection.seed)),
        _ => return Ok(idle::entries(selection.count(IDLE), selection.seed)),
    };
    if selection.quick {
        thin(&mut entries);
    }
    Ok(entries)
}

/// Keeps the first of each corpus and one of so many after it.
fn thin(entries: &mut Vec<Entry>) {
    let mut seen = std::collections::HashMap::<String, usize>::new();
    entries.retain(|entry| {
        let place = seen.entry(entry.corpus.clone()).or_default();
        *place += 1;
        (*place - 1).is_multiple_of(QUICK)
    });
}

/// Whether `name` is this corpus or one that it is part of.
fn means(name: &str, corpus: &str) -> bool {
    corpus.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '-']))
}

fn total(corpus: &str) -> Option<&str> {
    match corpus.split_once('/')? {
        ("photos", _) => Some(&corpus[..corpus.find('-')?]),
        ("rendered", _) => Some("rendered"),
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
        assert_eq!(total("rendered/low-light"), Some("rendered"));
        assert_eq!(total("dcc"), None);
    }

    #[test]
    fn a_quick_run_keeps_a_part_of_every_corpus() {
        let entry = |corpus: &str| Entry {
            id: String::new(),
            corpus: corpus.into(),
            stream: false,
            load: Box::new(|| Err(String::new())),
        };
        let mut entries: Vec<_> =
            ["a", "b"].into_iter().flat_map(|corpus| (0..6).map(move |_| entry(corpus))).collect();
        entries.push(entry("c"));
        thin(&mut entries);
        let left: Vec<_> = entries.iter().map(|entry| entry.corpus.as_str()).collect();
        assert_eq!(left, ["a", "a", "b", "b", "c"]);
    }
}
