//! Links to an official register: unsigned, so that nothing in them can be verified here, and
//! abused with look-alikes. A link is the register's only to the letter; what merely looks like one
//! is called a suspected forgery. Nothing is ever opened.
//!
//! Look-alikes are found by reading the address as a browser would, and by what its letters look or
//! sound like ([`letters`]): many spellings come to one.

use std::iter;

use memchr::{memchr_iter, memmem};

use crate::display;
use crate::everyday;
use crate::refusal::{Doubt, Refusal, Stop, TextKind};

mod address;
mod letters;
mod punycode;

use address::Address;

/// The register's host, as its links have it.
const HOST: &str = "www.gosuslugi.ru";
/// Every host of the register's owner ends in this.
const DOMAIN: &str = "gosuslugi.ru";
/// What its links begin with: scheme and host, to the letter.
const ORIGIN: &str = "https://www.gosuslugi.ru";

/// The register's name as [`letters::folded`] has it.
const NAME: &[u8] = b"gosusiugi";
/// Its address in the same way.
const ADDRESS: &[u8] = b"gosusiugi.ru";
/// How many letters of the name may be wrong, missing or too many where it stands within other letters: with one more,
/// `django-slugify` and `legacy-plugin` hold it.
const MISTAKES: usize = 1;
/// The same where it stands by itself.
const MISTAKES_ALONE: usize = 2;
/// Paths of certificates in the same way, or their beginnings: on any other host they are borrowed.
const PATHS: &[&[u8]] = &[b"/souid-sert/uerifu", b"/souid-sert/status", b"/uassine/sert/uerifu"];
/// What only paths of certificates have, on the register's own hosts.
const PATH_WORDS: &[&[u8]] = &[b"/souid-sert", b"/uassine/sert"];
/// A path of certificates that a number follows, as it is written, and the fewest digits of one.
const NUMBERED: (&str, usize) = ("/covid-cert/", 10);

/// How many addresses of one text are looked at: our own limit, more than a contact has.
const MAX_ADDRESSES: usize = 8;
/// How many characters of a look-alike are kept as evidence.
const EXCERPT: usize = 160;

/// What a text is to be called if it is a link to a register, or made to look like one.
pub(crate) fn judge(text: &str) -> Option<Stop> {
    if let Some(certificate) = certificate(text) {
        return Some(certificate.into());
    }
    let whole = || Address::read(text).filter(|_| leads_somewhere(text));
    let addresses = within(text).filter_map(Address::read).chain(iter::once_with(whole).flatten());
    let (address, fault) = addresses.take(MAX_ADDRESSES).find_map(|address| {
        let fault = fault(&address)?;
        Some((address, fault))
    })?;
    Some(
        Refusal::SuspectedForgery {
            register: HOST,
            leads_to: display::ascii(&address.leads_to(), EXCERPT),
            fault,
            text: display::ascii(text, EXCERPT),
        }
        .into(),
    )
}

/// Mail, networks, payments and the like lead to no page.
fn leads_somewhere(text: &str) -> bool {
    matches!(everyday::looks_like(text), TextKind::Link | TextKind::Script | TextKind::Other)
}

/// The links that stand within other text: behind words, in a contact. None where the text begins with one: what
/// follows is a part of that.
fn within(text: &str) -> impl Iterator<Item = &str> {
    let is_scheme = |at: &usize| text.as_bytes().get(*at..).is_some_and(|rest| rest.starts_with(b"://"));
    let colons = memchr_iter(b':', text.as_bytes()).filter(is_scheme);
    let mut schemes = colons.map(|at| (address::scheme_start(text, at), at)).peekable();
    let begins = schemes.peek().is_some_and(|(start, _)| *start == 0);
    let ends = |c: char| c.is_whitespace() || "\"'<>,;".contains(c);
    let link = move |(start, at): (usize, usize)| {
        let end = text[at..].find(ends).map_or(text.len(), |length| at + length); // safe: found there
        &text[start..end] // safe: at characters' ends
    };
    schemes.filter(move |(start, at)| !begins && start < at).map(link)
}

/// The three shapes that the register's links have had, to the letter.
fn certificate(text: &str) -> Option<Doubt> {
    let path = text.strip_prefix(ORIGIN)?;
    if let Some(number) = path.strip_prefix("/vaccine/cert/verify/") {
        return is_uuid(number).then(|| online(number, None));
    }
    let (path, query) = path.split_once('?')?;
    let (language, rest) = query.strip_prefix("lang=")?.split_at_checked(2)?;
    if !language.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    if let Some(number) = path.strip_prefix("/covid-cert/status/") {
        return (is_uuid(number) && rest.is_empty()).then(|| online(number, None));
    }
    let number = path.strip_prefix("/covid-cert/verify/")?;
    let check = rest.strip_prefix("&ck=")?;
    let digits = number.len() == 16 && number.bytes().all(|byte| byte.is_ascii_digit());
    (digits && check.len() == 32 && is_hex(check)).then(|| online(number, Some(check)))
}

fn online(number: &str, check: Option<&str>) -> Doubt {
    Doubt::OnlineOnly { host: HOST, number: number.to_owned(), check: check.map(str::to_owned) }
}

/// 8-4-4-4-12 hexadecimal digits (RFC 9562 §4).
fn is_uuid(text: &str) -> bool {
    text.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && text.split('-').all(is_hex)
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What is false about an address that is none of the register's links, if it looks like one.
fn fault(address: &Address<'_>) -> Option<&'static str> {
    let rest = letters::folded(address.rest);
    let host = address.host();
    if host == DOMAIN || host.strip_suffix(DOMAIN).is_some_and(|sub| sub.ends_with('.')) {
        return at_home(address, &host, &rest);
    }
    if looks_like_name(&host) {
        let foreign = !host.is_ascii() || host.contains("xn--");
        return Some(if foreign { "letters that look alike" } else { "another host of a similar name" });
    }
    if address.user.is_some_and(|user| letters::near(&letters::folded(user), NAME, MISTAKES)) {
        return Some("the register's name stands before the host");
    }
    if has_path(&rest, PATHS) || numbered(address, &rest) {
        return Some("the register's path on another host");
    }
    contains(&rest, ADDRESS).then_some("the register's address within another")
}

/// The register's own pages besides certificates are ordinary links.
fn at_home(address: &Address<'_>, host: &str, rest: &[u8]) -> Option<&'static str> {
    match () {
        () if address.user.is_some() => Some("something stands before the host"),
        () if !has_path(rest, PATH_WORDS) => None,
        () if address.scheme != "https" => Some("not https"),
        () if address.port.is_some() => Some("a port of its own"),
        () if address.written_host != host => Some("the host is written in another way"),
        () if host != HOST => Some("another host of the register's owner"),
        () => Some("not the form of the register's links"),
    }
}

/// Whether the name stands in it by itself, or within other letters; dots and hyphens make no difference then:
/// `gos-uslugi.ru`, `gos.uslugi.example`.
fn looks_like_name(host: &str) -> bool {
    let separates = |letter: &u8| b".-".contains(letter);
    let mut letters = letters::folded(&punycode::decoded_host(host));
    let alone = |part: &[u8]| letters::distance(part, NAME) <= MISTAKES_ALONE;
    letters.split(separates).any(alone) || {
        letters.retain(|letter| !separates(letter));
        letters::near(&letters, NAME, MISTAKES)
    }
}

/// Whether a path holds any of these segments, which begin with a slash, as a whole. Most links have few slashes, so
/// that looking behind each is quicker than a search for each of the segments.
fn has_path(text: &[u8], segments: &[&[u8]]) -> bool {
    memchr_iter(b'/', text).filter_map(|at| text.get(at..)).any(|rest| {
        let behind = segments.iter().filter_map(|segments| rest.strip_prefix(*segments));
        behind.map(<[u8]>::first).any(|next| next.is_none_or(|next| b"/?#&".contains(next)))
    })
}

/// Whether a certificate's number follows the path.
fn numbered(address: &Address<'_>, rest: &[u8]) -> bool {
    let (path, digits) = NUMBERED;
    let is_number = |after: &str| after.bytes().take_while(u8::is_ascii_digit).count() >= digits;
    has_path(rest, &PATH_WORDS[..1]) && letters::plain(address.rest).split(path).skip(1).any(is_number) // safe: two words
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    memmem::find(text, part).is_some()
}

#[cfg(test)]
mod tests;
