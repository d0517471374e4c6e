//! An address as a browser would read it (WHATWG URL, §4.4, in outline): more than is written at a
//! glance can lead elsewhere.

use super::letters;

/// The parts of what a browser would open.
pub(super) struct Address<'t> {
    /// In lower case; `https` where none is written, as browsers fill it in.
    pub(super) scheme: String,
    /// What stands before an `@`.
    pub(super) user: Option<&'t str>,
    /// The host as it is written.
    pub(super) written_host: &'t str,
    /// A port other than the scheme's own.
    pub(super) port: Option<&'t str>,
    /// Path, query and fragment.
    pub(super) rest: &'t str,
}

impl<'t> Address<'t> {
    /// Reads a text, if it is one that could be opened.
    pub(super) fn read(text: &'t str) -> Option<Self> {
        let text = text.trim_matches(|c: char| c <= ' ' || c.is_whitespace() || letters::is_ignored(c));
        let (scheme, after) = match scheme(text) {
            Some((scheme, after)) => (letters::plain(scheme), after),
            None if names_a_host(text) => ("https".to_owned(), text),
            None => return None,
        };
        let after = after.trim_start_matches(|c| is_slash(c) || c <= ' ');
        let end = after.find(|c| is_slash(c) || c == '?' || c == '#').unwrap_or(after.len());
        let (authority, rest) = after.split_at(end);
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, authority),
        };
        let (written_host, port) = match host.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (host, None),
        };
        let default = if scheme == "http" { "80" } else { "443" };
        Some(Self {
            scheme,
            user,
            written_host,
            port: port.filter(|port| !port.is_empty() && *port != default),
            rest,
        })
    }

    /// The host that is looked up: `%` undone, compatibility letters mapped (UTS 46, in outline), in
    /// lower case, without the root's dot.
    pub(super) fn host(&self) -> String {
        let host = letters::plain(self.written_host);
        host.strip_suffix('.').map_or(host.clone(), str::to_owned)
    }

    /// The same, with its port.
    pub(super) fn leads_to(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host()),
            None => self.host(),
        }
    }
}

/// Where the scheme begins that ends at `end`; `end` itself where none does.
pub(super) fn scheme_start(text: &str, end: usize) -> usize {
    let before = text.get(..end).unwrap_or_default();
    let letters = before.trim_end_matches(is_part);
    // A scheme begins with a letter.
    end - before[letters.len()..].trim_start_matches(|c: char| !c.is_ascii_alphabetic()).len() // safe: its beginning
}

fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || "+-.".contains(c) || letters::is_ignored(c)
}

/// `scheme:` (RFC 3986 §3.1), whatever is mixed into it.
fn scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, after) = text.split_once(':')?;
    let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(is_part);
    // `www.example.org:8080/` is a host with a port.
    let host = scheme.contains('.') && after.starts_with(|c: char| c.is_ascii_digit());
    (named && !host).then_some((scheme, after))
}

/// `//host`, `www.host`, `host.example/path`: opened by many readers, though no scheme is written.
fn names_a_host(text: &str) -> bool {
    let mut slashes = text.chars();
    if slashes.next().is_some_and(is_slash) && slashes.next().is_some_and(is_slash) {
        return true;
    }
    let end = text.find(|c| is_slash(c) || c == '?' || c == '#').unwrap_or(text.len());
    let host = &text[..end]; // safe: found there
    !host.contains(char::is_whitespace) && host.chars().any(letters::is_dot)
}

/// Browsers read both alike; letters that only look like slashes belong to the host.
fn is_slash(c: char) -> bool {
    matches!(c, '/' | '\\')
}
