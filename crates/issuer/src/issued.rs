//! Which place in the status list a certificate has, by its identifier: out of the lists
//! `issued.csv`, or by making the authority's own identifiers once more.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead};

use credential::general::id_of_place;

use crate::authority::Authority;
use crate::uvci;

/// Longest line that is looked at, in bytes: a full one has under 200.
const MAX_LINE: u64 = 4096;

/// A line of `issued.csv`: a pass's place and identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedLine {
    /// Its place in the status list.
    pub place: u64,
    /// Its certificate's identifier.
    pub id: String,
}

/// The places of certificates, by their identifiers: of one that was issued twice, both.
pub type PlacesById = BTreeMap<String, BTreeSet<u64>>;

impl IssuedLine {
    /// Reads a line such as `17,"URN:UVCI:01:RU:…#4",2026-11-21T10:00:00Z,…`; `None` for the header
    /// and for what a cut run left of a line: no pass came of it.
    pub fn parse(line: &str) -> Option<Self> {
        let (place, rest) = line.split_once(',')?;
        let (id, _) = rest.strip_prefix('"')?.split_once("\",")?;
        (!id.is_empty()).then_some(())?;
        Some(Self { place: place.parse().ok()?, id: id.to_owned() })
    }
}

/// Looks these identifiers up in a list `issued.csv`, line by line whatever its length. Lines that are longer than
/// any of ours, and those that are not UTF-8, are passed over.
pub fn find(mut list: impl BufRead, wanted: &BTreeSet<String>) -> io::Result<PlacesById> {
    let mut found = PlacesById::new();
    let mut line = vec![];
    while io::Read::take(&mut list, MAX_LINE).read_until(b'\n', &mut line)? > 0 {
        if line.len() as u64 == MAX_LINE && line.last() != Some(&b'\n') {
            // Its rest is no line of its own.
            list.skip_until(b'\n')?;
        } else if let Some(issued) = str::from_utf8(&line).ok().and_then(IssuedLine::parse)
            && wanted.contains(&issued.id)
        {
            found.entry(issued.id).or_default().insert(issued.place);
        }
        line.clear();
    }
    Ok(found)
}

impl Authority {
    /// Looks identifiers up that this authority made by itself, among the places below
    /// `given_out`: some microseconds for each of those. The register's own are not found.
    pub fn find_made(&self, wanted: &BTreeSet<String>, given_out: u64) -> PlacesById {
        let ids = |place| [self.certificate_id(place), id_of_place(place, self.status_uri())];
        let made = (0..given_out).flat_map(|place| ids(place).map(|id| (id, place)));
        made.filter(|(id, _)| wanted.contains(id)).map(|(id, place)| (id, [place].into())).collect()
    }

    /// Whether this authority can have issued a certificate with this identifier at this place:
    /// not when it looks like one that it makes itself, but is not the one for that place. Then
    /// the list that says so is another authority's.
    pub fn can_have_issued(&self, issued: &IssuedLine) -> bool {
        issued.id == self.certificate_id(issued.place) || !uvci::is_like_random(&issued.id, self.country())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Algorithm;

    fn authority(seed: u8) -> Authority {
        let uri = "https://c.example/s";
        Authority::generate("Clinic", "RU", Algorithm::EdDsa, [seed; 32], false, uri).unwrap()
    }

    fn wanted(ids: &[&str]) -> BTreeSet<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    #[test]
    fn identifiers_are_found_in_a_list_with_half_lines_in_it() {
        let list = "status_index,id,issued_at,valid_from,valid_until\n7,\"UR\n\n8,\"A\",t,t,t\n9,\"A#1\",t,t,t\r\n\
                    10,\"A\",t,t,t\n11,\"B\",t,t,t\n12,\"A\"";
        let found = find(list.as_bytes(), &wanted(&["A", "A#1", "UR", "missing"])).unwrap();
        let expected = [("A", vec![8, 10]), ("A#1", vec![9])];
        let expected = expected.map(|(id, places)| (id.to_owned(), places.into_iter().collect()));
        assert_eq!(found, expected.into());
    }

    #[test]
    fn the_rest_of_a_line_that_is_too_long_is_no_line() {
        let long = "x".repeat(MAX_LINE as usize);
        let list =
            format!("{long}7,\"A\",t\n8,\"A\",t,{long}\n9,\"A\",t\n{}\n10,\"A\",t\n", "ж".repeat(3000));
        let found = find(list.as_bytes(), &wanted(&["A"])).unwrap();
        assert_eq!(found, [("A".to_owned(), [9, 10].into())].into());
    }

    #[test]
    fn an_authority_finds_the_identifiers_that_it_made() {
        let authority = authority(1);
        let [first, fifth, later] = [0, 5, 10].map(|place| authority.certificate_id(place));
        let found = authority.find_made(&wanted(&[&first, &fifth, &later, "URN:UVCI:01:RU:X"]), 10);
        assert_eq!(found, [(first, [0].into()), (fifth, [5].into())].into());
    }

    #[test]
    fn the_list_of_another_authority_shows() {
        let (ours, theirs) = (authority(1), authority(2));
        let can = |place, id: &str| ours.can_have_issued(&IssuedLine { place, id: id.into() });
        // Enough of them for every check character, `:` and `/` among them.
        for place in 0..500 {
            assert!(can(place, &ours.certificate_id(place)));
            assert!(!can(place, &theirs.certificate_id(place)));
            assert!(!can(place, &ours.certificate_id(place + 1)));
        }
        for registers in ["URN:UVCI:01:RU:CLINIC/17#A", "URN:UVCI:01:RU:0123456789ABCDEF#5", "17", ""] {
            assert!(can(5, registers), "{registers}");
        }
    }
}
