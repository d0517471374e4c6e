//! Taking exports in: each is proven, compared with all that is known of its log, and only then part of the fleet.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use export::check::{self, manifest};
use export::{Check, Manifest};
use scanlog::note::Verifier;

use crate::days::{Days, take_over};
use crate::error::at;
use crate::fleet::{Station, folder_name};
use crate::history::{History, Misfit, Sight};
use crate::{Error, Fleet};

/// What came of an import.
#[derive(Debug, Default)]
pub struct Imported {
    /// Exports whose proof held and that are in the fleet now.
    pub exports: u64,
    /// Entries that were not known before.
    pub entries: u64,
    /// Everything that does not fit.
    pub findings: Vec<Finding>,
}

/// One thing that does not fit, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// It cannot be read at all.
    #[error("{}: NOT TAKEN: {why}", export.display())]
    Unreadable {
        /// The export's folder.
        export: PathBuf,
        /// Why.
        why: String,
    },
    /// Its proof does not hold.
    #[error("{}: NOT PROVEN, not taken: {}", export.display(), faults.join("; "))]
    NotProven {
        /// The export's folder.
        export: PathBuf,
        /// What is wrong with it.
        faults: Vec<String>,
    },
    /// Its log is known under another key.
    #[error("{}: NOT TAKEN: the log {origin} is known under another key", export.display())]
    OtherKey {
        /// The export's folder.
        export: PathBuf,
        /// The log's name.
        origin: String,
    },
    /// It contradicts other exports of its log.
    #[error("{}: NOT TAKEN: {misfit} ({origin})", export.display())]
    Contradicts {
        /// The export's folder.
        export: PathBuf,
        /// The log's name.
        origin: String,
        /// How.
        misfit: Misfit,
    },
    /// A log that does not fit together.
    #[error("{origin}: {misfit}")]
    Misfit {
        /// The log's name.
        origin: String,
        /// How.
        misfit: Misfit,
    },
    /// One device signs two logs.
    #[error("ONE KEY, TWO LOGS: {} are signed by the same key", origins.join(" and "))]
    OneKey {
        /// The logs' names.
        origins: Vec<String>,
    },
}

/// What an import is told.
pub struct Options<'a> {
    /// The keys that count; where there are none, those that the exports name, and from then on the same.
    pub keys: &'a [Verifier],
    /// Is told how many entries of how many are read.
    pub progress: &'a mut dyn FnMut(u64, u64),
}

/// Takes these exports in.
pub fn import<'a>(fleet: &'a Fleet, exports: &[PathBuf], options: Options<'a>) -> Result<Imported, Error> {
    prepare(fleet)?;
    let mut import = Import {
        fleet,
        stations: fleet.stations()?,
        outcome: Imported::default(),
        options,
        done: 0,
        total: 0,
    };
    let groups = import.groups(exports);
    for (origin, group) in groups {
        import.log(&origin, group)?;
    }
    import.keys();
    clear(&fleet.incoming())?;
    fleet.write_list()?;
    Ok(import.outcome)
}

/// What an interrupted import left: entries that were not proven yet are thrown away; where some were taken over
/// already and nobody knows which, the fleet cannot be relied on.
fn prepare(fleet: &Fleet) -> Result<(), Error> {
    let taken = taken(fleet);
    if taken.exists() {
        let what = "an import was interrupted while entries were taken over".to_owned();
        return Err(Error::Damaged { path: taken, what });
    }
    clear(&fleet.incoming())?;
    std::fs::create_dir_all(fleet.entries()).map_err(at(&fleet.entries()))
}

fn taken(fleet: &Fleet) -> PathBuf {
    fleet.incoming().with_extension("proven")
}

fn clear(folder: &Path) -> Result<(), Error> {
    if folder.exists() { std::fs::remove_dir_all(folder).map_err(at(folder)) } else { Ok(()) }
}

struct Import<'a> {
    fleet: &'a Fleet,
    stations: BTreeMap<String, Station>,
    outcome: Imported,
    options: Options<'a>,
    done: u64,
    total: u64,
}

type Group = Vec<(PathBuf, Manifest)>;

impl Import<'_> {
    /// The exports of each log, as their manifests claim, in the order of time: what was said first stands.
    fn groups(&mut self, exports: &[PathBuf]) -> BTreeMap<String, Group> {
        let mut groups = BTreeMap::<String, Group>::new();
        for export in exports {
            match manifest(export) {
                Ok((manifest, _)) => {
                    self.total = self.total.saturating_add(manifest.end - manifest.first);
                    groups.entry(manifest.log.name.clone()).or_default().push((export.clone(), manifest));
                }
                Err(why) => self.unreadable(export, &why),
            }
        }
        for group in groups.values_mut() {
            group.sort_by_key(|(_, manifest)| (manifest.exported_at, manifest.first, manifest.end));
        }
        groups
    }

    /// All exports of one log.
    fn log(&mut self, origin: &str, group: Group) -> Result<(), Error> {
        let name = folder_name(origin);
        let mut sizes = self.stations.get(&name).map(|station| station.history.sizes()).unwrap_or_default();
        sizes.extend(group.iter().flat_map(|(_, manifest)| [manifest.first, manifest.end, manifest.size]));
        sizes.sort_unstable();
        sizes.dedup();
        for (export, claimed) in group {
            self.one(&name, &export, &claimed, &sizes)?;
        }
        if let Some(station) = self.stations.get(&name) {
            self.fleet.keep(&name, station)?;
            for misfit in station.history.misfits() {
                self.outcome.findings.push(Finding::Misfit { origin: origin.to_owned(), misfit });
            }
        }
        Ok(())
    }

    fn one(&mut self, name: &str, export: &Path, claimed: &Manifest, sizes: &[u64]) -> Result<(), Error> {
        let origin = claimed.log.name.clone();
        let known = self.stations.get(name).cloned().unwrap_or_else(|| Station {
            origin: origin.clone(),
            key: claimed.log.to_string(),
            history: History::default(),
        });
        let expected = self.options.keys.iter().find(|key| key.name == origin);
        if known.key != claimed.log.to_string() || (expected.is_none() && !self.options.keys.is_empty()) {
            self.outcome.findings.push(Finding::OtherKey { export: export.to_owned(), origin });
            return Ok(());
        }
        clear(&self.fleet.incoming())?;
        let (check, added) = match self.read(export, expected.cloned().as_ref(), sizes, &known.history)? {
            Ok(read) => read,
            Err(why) => {
                self.unreadable(export, &why);
                return Ok(());
            }
        };
        if !check.holds() {
            let faults = check.faults.iter().map(ToString::to_string).collect();
            self.outcome.findings.push(Finding::NotProven { export: export.to_owned(), faults });
            return Ok(());
        }
        self.take(name, export, known, &check, added)
    }

    /// Checks an export and writes its entries beside the fleet's; how many are new.
    fn read(
        &mut self,
        export: &Path,
        expected: Option<&Verifier>,
        sizes: &[u64],
        history: &History,
    ) -> Result<Result<(Check, u64), export::Error>, Error> {
        let mut days = Days::new(self.fleet.incoming());
        let (mut added, mut failure) = (0, None);
        let check = check::check(export, expected, sizes, &mut |leaf| {
            self.done += 1;
            (self.options.progress)(self.done, self.total);
            if failure.is_none() && !history.has(leaf.index) {
                failure = days.write(leaf).err();
                added += 1;
            }
        });
        days.finish()?;
        match failure {
            Some(failure) => Err(failure),
            None => Ok(check.map(|check| (check, added))),
        }
    }

    /// Makes a proven export part of the fleet, unless it contradicts what is known.
    fn take(
        &mut self,
        name: &str,
        export: &Path,
        mut station: Station,
        check: &Check,
        added: u64,
    ) -> Result<(), Error> {
        let manifest = &check.manifest;
        let sight = Sight {
            range: (manifest.first, manifest.end),
            size: manifest.size,
            exported_at: manifest.exported_at,
            roots: &check.roots,
        };
        let (export, origin) = (export.to_owned(), station.origin.clone());
        match station.history.add(&sight) {
            Err(misfit) => {
                self.outcome.findings.push(Finding::Contradicts { export, origin, misfit });
                return Ok(());
            }
            Ok(Some(misfit)) => self.outcome.findings.push(Finding::Misfit { origin, misfit }),
            Ok(None) => {}
        }
        let (incoming, proven) = (self.fleet.incoming(), taken(self.fleet));
        if incoming.exists() {
            std::fs::rename(&incoming, &proven).map_err(at(&incoming))?;
            take_over(&proven, &self.fleet.entries().join(format!("station={name}")))?;
        }
        self.fleet.keep(name, &station)?;
        clear(&proven)?;
        self.stations.insert(name.to_owned(), station);
        self.outcome.exports += 1;
        self.outcome.entries += added;
        Ok(())
    }

    fn unreadable(&mut self, export: &Path, why: &export::Error) {
        let (export, why) = (export.to_owned(), why.to_string());
        self.outcome.findings.push(Finding::Unreadable { export, why });
    }

    /// One key signs one log.
    fn keys(&mut self) {
        let mut logs = BTreeMap::<[u8; 32], Vec<String>>::new();
        for station in self.stations.values() {
            if let Ok(log) = Verifier::parse(&station.key) {
                logs.entry(log.key.to_bytes()).or_default().push(log.name);
            }
        }
        let twice = logs.into_values().filter(|origins| origins.len() > 1);
        self.outcome.findings.extend(twice.map(|origins| Finding::OneKey { origins }));
    }
}
