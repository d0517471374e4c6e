//! What is proven, in words.

use super::Drawing;
use crate::words::{Noun, grouped};
use crate::{Key, Proof, Witnessed};

impl Drawing<'_> {
    pub(super) fn proven(&self, proof: &Proof) -> Vec<String> {
        let (first, end) = proof.range;
        let all = first == 0 && end == proof.size;
        let entries = self.language.count(end - first, Noun::Entry);
        let what = if all {
            format!(
                "{entries}: {}",
                self.say("the whole log as it was signed", "весь журнал, как он подписан")
            )
        } else {
            let from_to = format!("{first}–{}", end.saturating_sub(1));
            format!(
                "{entries} ({}) {} {}; {}",
                from_to,
                self.say("of", "из"),
                grouped(proof.size),
                self.say("none between them is missing", "между ними ничего не пропущено")
            )
        };
        let key = match proof.key {
            Key::Device => self.say(
                "The key is the one that lies on the device: compare it with the one that you have kept.",
                "Ключ — тот, что лежит на устройстве: сравните его с тем, что сохранили вы.",
            ),
            Key::Given => self.say(
                "Signed by the key that the inspector brought.",
                "Подписано ключом, который предъявил инспектор.",
            ),
            Key::Named => self.say(
                "The key is the one that the export itself names: compare it with the one that you have kept.",
                "Ключ назван самой выгрузкой: сравните его с тем, что сохранили вы.",
            ),
        };
        let mut lines = vec![what, key.to_owned()];
        lines.extend(self.witnessed(proof));
        lines.extend((proof.erased > 0).then(|| {
            format!(
                "{} {}",
                self.language.count(proof.erased, Noun::Entry),
                self.say(
                    "erased: only that they were there is proven",
                    "стёрто: доказано лишь, что они были"
                )
            )
        }));
        lines.extend(self.exported(proof));
        lines
    }

    pub(super) fn not_proven(&self, proof: &Proof) -> Vec<String> {
        const SHOWN: usize = 6;
        let faults = self.language.count(proof.faults.len() as u64, Noun::Fault);
        let mut lines =
            vec![format!("{faults}, {}", self.say("in the words of the check:", "словами проверки:"))];
        lines.extend(proof.faults.iter().take(SHOWN).map(|fault| format!("•  {fault}")));
        if proof.faults.len() > SHOWN {
            lines.push("…".to_owned());
        }
        lines.extend(self.exported(proof));
        lines
    }

    /// The newest few of what is cosigned, and what is not.
    pub(super) fn witnessed(&self, proof: &Proof) -> Vec<String> {
        const SHOWN: usize = 3;
        let spans = &proof.witnessed;
        let mut lines: Vec<String> = if spans.len() > SHOWN { vec!["…".to_owned()] } else { vec![] };
        lines.extend(spans.iter().skip(spans.len().saturating_sub(SHOWN)).map(|span| self.cosigned(span)));
        let seen = spans.last().map_or(0, |span| span.range.1);
        if spans.is_empty() {
            lines.push(self.alone());
        } else if seen < proof.size {
            let count = self.language.count(proof.size - seen, Noun::Entry);
            let alone =
                self.say("at the end on the device's word alone", "в конце — лишь по слову устройства");
            lines.push(format!("{count} {alone}"));
        }
        lines
    }

    fn cosigned(&self, span: &Witnessed) -> String {
        let (first, end) = span.range;
        let from_to = format!("{first}–{}", end.saturating_sub(1));
        let (entries, since) = (self.say("Entries", "Записи"), self.say("cosigned on", "заверены"));
        format!("{entries} {from_to} {since} {}: {}", self.moment(span.at), span.by)
    }

    fn alone(&self) -> String {
        let alone = self.say(
            "On the device's word alone: nobody has cosigned. A log put back to an older state does not show here.",
            "По слову устройства: никто не заверил. Возврат журнала к более старому виду здесь не виден.",
        );
        alone.to_owned()
    }

    fn exported(&self, proof: &Proof) -> Option<String> {
        let at = proof.exported_at?;
        Some(format!("{} {}", self.say("Exported", "Выгружено"), self.moment(at)))
    }
}
