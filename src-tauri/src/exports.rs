//! Parts of the log as files in the station's folder, for inspectors.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use station::view::{ExportFormat, JournalFilter};
use station::{Denied, Export, Inspector};
use tauri::State;

use crate::commands::Span;
use crate::page::Failure;
use crate::shell::{Shell, now};

/// Writes what the filter matches to a new file in the station's folder, and gives its path.
#[tauri::command(async)]
pub(crate) fn export(
    shell: State<'_, Shell>,
    filter: JournalFilter,
    format: ExportFormat,
) -> Result<String, Failure> {
    let (now, folder, export) = begin(&shell, |inspector| inspector.begin_export(&filter, format))?;
    let (path, part, file) = begin_file(&folder, now, format)?;
    let written = fill(file, export).and_then(|()| Ok(fs::rename(&part, &path)?));
    if written.is_err() {
        // Half a file must not be taken for a whole one.
        let _ = fs::remove_file(&part);
    }
    written.map(|()| path.display().to_string())
}

/// Writes all that was logged in a span to a new folder in the station's folder, with its proof, and gives its path.
#[tauri::command(async)]
pub(crate) fn export_proven(
    shell: State<'_, Shell>,
    span: Span,
    format: ExportFormat,
) -> Result<String, Failure> {
    let begun = |inspector: &mut Inspector<'_>| inspector.begin_proven_export(span.from, span.until, format);
    let (now, folder, export) = begin(&shell, begun)?;
    let path = begin_folder(&folder, now)?;
    let written = export.write(&path).map_err(Denied::from);
    if written.is_err() {
        let _ = fs::remove_dir_all(&path);
    }
    written?;
    Ok(path.display().to_string())
}

/// What an inspector takes away now, and the folder that it goes to, which is made. The station is held before the
/// clock is asked: a moment before the last that it saw ends a session.
fn begin<E>(
    shell: &Shell,
    export: impl FnOnce(&mut Inspector<'_>) -> Result<E, Denied>,
) -> Result<(i64, PathBuf, E), Failure> {
    let mut station = shell.station();
    let now = now();
    let export = export(&mut station.inspector(now)?)?;
    let folder = station.folder().exports();
    drop(station);
    fs::create_dir_all(&folder)?;
    Ok((now, folder, export))
}

/// Writes all of an export; returns when it is on disk.
fn fill(file: File, export: Export) -> Result<(), Failure> {
    let mut file = BufWriter::new(file);
    export.write(&mut file).map_err(Denied::from)?;
    file.flush()?;
    Ok(file.get_ref().sync_all()?)
}

/// A name by the moment that nothing has yet, and the file to be given it once it is whole.
fn begin_file(folder: &Path, now: i64, format: ExportFormat) -> io::Result<(PathBuf, PathBuf, File)> {
    let ending = match format {
        ExportFormat::Csv => "csv",
        ExportFormat::JsonLines => "jsonl",
    };
    for name in names(now) {
        let path = folder.join(format!("{name}.{ending}"));
        let part = folder.join(format!("{name}.{ending}.part"));
        match private().open(&part) {
            Ok(file) if !path.exists() => return Ok((path, part, file)),
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
            Ok(_) => fs::remove_file(&part)?,
            Err(_) => {}
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// A new folder that nobody but its owner may look into, named by the moment.
fn begin_folder(folder: &Path, now: i64) -> io::Result<PathBuf> {
    let builder = closed();
    for name in names(now) {
        let path = folder.join(name);
        match builder.create(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
            Err(_) => {}
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// Names by the moment, which nothing has to begin with.
fn names(now: i64) -> impl Iterator<Item = String> {
    let moment = station::view::rfc3339(now).replace(':', "-");
    (1..).map(
        move |number| if number == 1 { format!("log-{moment}") } else { format!("log-{moment}-{number}") },
    )
}

/// New folders that nobody but their owner may look into.
fn closed() -> DirBuilder {
    #[cfg(unix)]
    {
        let mut builder = DirBuilder::new();
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
    }
    #[cfg(not(unix))]
    DirBuilder::new()
}

/// New files that nobody but their owner may read.
fn private() -> OpenOptions {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
