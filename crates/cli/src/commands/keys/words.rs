//! What changes, in lines for a person.

use credential::display::escape;
use station::view::rfc3339;
use trust::Change;
use trust::ceremony::{Review, RoleName};
use trust::change::{Edition, KeyChanges, KeyLine, TargetChanges, TargetLine};

/// How many keys or files of one kind a refresh names one by one. Who signs sees them all.
const NAMED_MAX: usize = 40;

/// What a refresh changes.
pub fn change(change: &Change) -> Vec<String> {
    let mut lines = vec![];
    match &change.from {
        Some(from) => lines.push(format!("in use:  {}", edition(from))),
        None => lines.push("in use:  nothing yet".to_owned()),
    }
    if change.is_empty() {
        lines.push("offered: the same".to_owned());
        return lines;
    }
    lines.push(format!("offered: {}", edition(&change.to)));
    if change.from.as_ref().is_some_and(|from| from.root != change.to.root) {
        lines.push("who signs changes: there is a new root".to_owned());
    }
    lines.extend(differences(&change.keys, &change.targets, key, file, NAMED_MAX));
    lines
}

/// What a signer is asked to sign.
pub fn review(review: &Review) -> Vec<String> {
    let mut lines = vec![match &review.authority {
        Some(hash) => format!("authority: the one whose first root has the SHA-256 {hash}"),
        None => "authority: a new one, whose first root this is".to_owned(),
    }];
    for role in &review.roles {
        let at = rfc3339(role.signed_at);
        let (name, version, until) = (role.role.name(), role.version, escape(&role.expires));
        lines.push(format!("{name} version {version}, dated {at}, good until {until}"));
    }
    for holders in &review.holders {
        let names: Vec<_> = holders.signers.iter().map(|(name, id)| signer(name, id)).collect();
        let (threshold, count) = (holders.threshold, names.len());
        let role = holders.role.name();
        lines.push(format!("{role} is signed by {threshold} of {count}: {}", names.join(", ")));
    }
    if review.roles.iter().any(|role| role.role == RoleName::Targets) {
        lines.push(format!("keys of issuers: {} in all", review.key_count));
        lines.extend(differences(&review.keys, &review.targets, whole_key, whole_file, usize::MAX));
    }
    lines
}

/// A signer by name and the beginning of the key's id.
pub fn signer(name: &str, id: &str) -> String {
    format!("{} ({})", escape(name), escape(id.get(..16).unwrap_or(id)))
}

fn differences(
    keys: &KeyChanges,
    targets: &TargetChanges,
    key: fn(&KeyLine) -> String,
    file: fn(&TargetLine) -> String,
    most: usize,
) -> Vec<String> {
    let mut lines = vec![];
    for (what, keys) in [
        ("new key", &keys.added),
        ("key no longer trusted", &keys.removed),
        ("key changed", &keys.changed),
        ("key REVOKED", &keys.revoked),
    ] {
        some(&mut lines, what, keys.iter().map(key), most);
    }
    for (what, files) in
        [("new file", &targets.added), ("file changed", &targets.changed), ("file gone", &targets.removed)]
    {
        some(&mut lines, what, files.iter().map(file), most);
    }
    if lines.is_empty() {
        lines.push("keys and files stay the same".to_owned());
    }
    lines
}

fn some(lines: &mut Vec<String>, what: &str, all: impl ExactSizeIterator<Item = String>, most: usize) {
    let more = all.len().saturating_sub(most);
    lines.extend(all.take(most).map(|one| format!("{what}: {one}")));
    if more > 0 {
        lines.push(format!("{what}: {more} more"));
    }
}

fn key(key: &KeyLine) -> String {
    let country = key.country.as_deref().map(|country| format!(" {}", escape(country))).unwrap_or_default();
    let revoked = if key.restored { "REVOKED NO LONGER, it was" } else { "revoked" };
    let from = key.revoked_from.map(|from| format!(", {revoked} from {}", rfc3339(from))).unwrap_or_default();
    format!("{}{country} {}{from}", escape(&key.kid), escape(&key.issuer))
}

/// All that is signed of a key.
fn whole_key(line: &KeyLine) -> String {
    let demo = if line.demo { " (DEMO)" } else { "" };
    let signs = if line.usages.is_empty() { "everything".to_owned() } else { line.usages.join(", ") };
    let scope = scope(line);
    let valid = match line.validity {
        Some((from, until)) => format!("from {} to {}", rfc3339(from), rfc3339(until)),
        None => "at any time".to_owned(),
    };
    format!("{}{demo}, signs {signs}{scope} {valid}, SHA-256 of the key {}", key(line), line.sha256)
}

/// In which formats, and under which issuer's name, where the set says so.
fn scope(line: &KeyLine) -> String {
    let formats = (!line.formats.is_empty()).then(|| format!(" in {}", line.formats.join(", ")));
    let iss = line.iss.as_deref().map(|iss| format!(" as {}", escape(iss)));
    formats.into_iter().chain(iss).collect()
}

fn file(file: &TargetLine) -> String {
    format!("{}, {} bytes", escape(&file.name), file.length)
}

fn whole_file(line: &TargetLine) -> String {
    format!("{}, SHA-256 {}", file(line), escape(&line.sha256))
}

fn edition(edition: &Edition) -> String {
    let Edition { version, keys, signed_at, expires_at, demo, .. } = edition;
    let demo = if *demo { ", DEMO AUTHORITY" } else { "" };
    let (signed, until) = (rfc3339(*signed_at), rfc3339(*expires_at));
    format!("key set version {version} with {keys} keys, signed {signed}, good until {until}{demo}")
}
