//! Texts in several languages.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::MAX_LANGUAGES;
use crate::display::{self, Suspicion};

/// One text, by language (`de`, `de-AT`), in at least one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Texts(BTreeMap<String, String>);

impl Texts {
    /// The text by language.
    pub fn by_language(&self) -> &BTreeMap<String, String> {
        &self.0
    }

    /// These texts, each with its language.
    pub(crate) fn of(texts: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(texts.into_iter().collect())
    }

    /// Refuses what cannot be shown in `most` characters as it stands, on one line.
    pub(super) fn check(&self, most: usize) -> Result<(), String> {
        match self.0.len() {
            0 => return Err("it has no text in any language".to_owned()),
            count if count > MAX_LANGUAGES => {
                return Err(format!("{count} languages: at most {MAX_LANGUAGES} are taken"));
            }
            _ => {}
        }
        self.0.iter().try_for_each(|(language, text)| {
            let wrong = |what: &str| Err(format!("its text in {language:?} {what}"));
            match text.chars().count() {
                _ if !is_language(language) => {
                    Err(format!("{language:?} is no language such as \"de\" or \"de-AT\""))
                }
                _ if text.trim().is_empty() => wrong("is empty"),
                count if count > most => wrong(&format!("has {count} characters: at most {most} are taken")),
                _ if deceives(text) => wrong("has control characters or turns the direction of reading"),
                _ => Ok(()),
            }
        })
    }
}

/// Spaces that do not break stay: French has them before its colons.
fn deceives(text: &str) -> bool {
    display::suspicious(text).iter().any(|found| matches!(found, Suspicion::Bidi | Suspicion::Control))
}

/// A primary language and perhaps more (BCP 47, in outline).
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    (2..=3).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}
