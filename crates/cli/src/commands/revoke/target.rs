//! The files that an authority publishes of its revoked passes, or of others'.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

use issuer::{Authority, RevokedPasses};
use trust::hashes;
use trust::status::{Delta, LIST_MAX, List, StatusError};

use crate::exit::{Failure, Outcomes};
use crate::files;
use crate::terminal::say;

pub fn publish(
    authority: &Authority,
    passes: &RevokedPasses,
    target: &Path,
    delta_of: Option<&Path>,
) -> Outcomes {
    let list = status_list(authority, passes)?;
    let (what, bytes) = match delta_of {
        None => ("status list", list.to_bytes()),
        Some(base) => {
            let failed = |error: StatusError| Failure::new(format!("{}: {error}", base.display()));
            let base = read(base, LIST_MAX)?.ok_or_else(|| files::too_long(base, LIST_MAX as u64))?;
            ("delta", Delta::between(&base, &list).map_err(failed)?.to_bytes())
        }
    };
    write(target, &bytes)?;
    say(format!(
        "{what}: {} ({} bytes), places: {}, revoked: {}, for passes that name {}",
        target.display(),
        bytes.len(),
        list.count(),
        list.revoked_count(),
        credential::display::escape(list.uri()),
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Writes a target so that it is there as a whole, or as it was. Only another target is written over.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if path.exists() && !is_target(path)? {
        return Err(Failure::new(format!(
            "{}: there is a file that is no list of revoked passes, which is not written over; name another",
            path.display()
        )));
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = Path::new(&beside);
    File::create(beside)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(beside, path))
        .map_err(Failure::file(path))
}

fn is_target(path: &Path) -> Result<bool, Failure> {
    if !fs::metadata(path).map_err(Failure::file(path))?.is_file() {
        return Ok(false);
    }
    let Some(bytes) = read(path, hashes::FILE_MAX)? else { return Ok(false) };
    let status = List::parse(&bytes).is_ok() || Delta::parse(&bytes).is_ok();
    Ok(status || hashes::List::parse(&bytes).is_ok())
}

fn status_list(authority: &Authority, passes: &RevokedPasses) -> Result<List, Failure> {
    let place = |place: u64| u32::try_from(place).map_err(|_| StatusError::TooLarge);
    let revoked = passes.marks().filter(|mark| mark.revoked).map(|mark| place(mark.place));
    let revoked = revoked.collect::<Result<Vec<_>, _>>()?;
    Ok(List::new(authority.status_uri(), place(passes.given_out())?, revoked)?)
}

/// `None` where it is longer.
fn read(path: &Path, limit: usize) -> Result<Option<Vec<u8>>, Failure> {
    let file = File::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => Failure::new(format!(
            "{}: there is no such file; name the status list that was published as a whole",
            path.display()
        )),
        _ => Failure::file(path)(error),
    })?;
    files::bounded(file, limit as u64).map_err(Failure::file(path))
}
