use super::*;
use crate::note::Verifier;
use crate::tree::{Hash, Nodes, Place, append, consistency_proof, leaf_hash, root};
use proptest::prelude::*;
use std::collections::HashMap;
use std::convert::Infallible;

const ORIGIN: &str = "propusk.example/door";
const WITNESS: &str = "inspector.example/anna";
const NOW: i64 = 1_800_000_000;

/// A log that keeps nothing but its tree.
#[derive(Clone)]
struct Device {
    nodes: HashMap<Place, Hash>,
    size: u64,
    key: SigningKey,
}

impl Nodes for Device {
    type Error = Infallible;
    fn node(&self, place: Place) -> Result<Hash, Infallible> {
        Ok(self.nodes[&place])
    }
}

impl Device {
    fn new(seed: u8) -> Self {
        Self { nodes: HashMap::new(), size: 0, key: SigningKey::from_bytes(&[seed; 32]) }
    }

    /// The same device with so many entries more, whose content follows from `salt`.
    fn grown(mut self, entries: u64, salt: &str) -> Self {
        for _ in 0..entries {
            let leaf = leaf_hash(format!("{salt} {}", self.size).as_bytes());
            let added = append(&self, self.size, leaf).unwrap();
            self.nodes.extend(added);
            self.size += 1;
        }
        self
    }

    fn request(&self, old: u64) -> Request {
        let root = root(self, self.size).unwrap();
        let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: self.size, root };
        Request {
            verifier: Verifier { name: ORIGIN.to_owned(), key: self.key.verifying_key() },
            old,
            proof: consistency_proof(self, old, self.size).unwrap().unwrap_or_default(),
            note: checkpoint.sign(&self.key).unwrap(),
        }
    }
}

fn witness() -> SigningKey {
    SigningKey::from_bytes(&[77; 32])
}

fn cosign(book: &mut Book, request: &Request, now: i64) -> Result<Answer, Refusal> {
    let text = request.to_string();
    let request = Request::parse(&text).unwrap();
    book.cosign(&request, Signing { name: WITNESS, key: &witness(), now }, false)
}

/// A book that has seen so many entries of the device.
fn book_of(device: &Device) -> Book {
    let mut book = Book::default();
    let key = witness();
    book.cosign(&device.request(0), Signing { name: WITNESS, key: &key, now: NOW }, true).unwrap();
    book
}

fn origin() -> String {
    ORIGIN.to_owned()
}

#[test]
fn a_log_that_goes_on_is_cosigned_again_and_again() {
    let mut device = Device::new(1).grown(3, "a");
    let mut book = book_of(&device);
    let mut seen = 3;
    for step in [0, 1, 4, 5, 64, 0, 1] {
        device = device.grown(step, "a");
        let answer = cosign(&mut book, &device.request(seen), NOW + seen as i64).unwrap();
        let read = Answer::parse(&answer.to_string()).unwrap();
        assert_eq!(read, answer);
        let note = crate::note::Note::parse(&read.note).unwrap();
        assert_eq!(read.cosigner.verify(&note), Ok(NOW + seen as i64));
        let key = device.key.verifying_key();
        assert_eq!(Checkpoint::open(&read.note, ORIGIN, &key).unwrap().size, device.size);
        seen = device.size;
    }
}

#[test]
fn a_log_that_was_never_seen_is_let_in_by_a_person() {
    let device = Device::new(1).grown(3, "a");
    let refused = cosign(&mut Book::default(), &device.request(0), NOW);
    assert_eq!(refused, Err(Refusal::NewLog { origin: origin(), key: device.request(0).verifier.hex_id() }));
}

#[test]
fn another_key_under_a_known_name_is_named() {
    let mut book = book_of(&Device::new(1).grown(3, "a"));
    let other = Device::new(2).grown(9, "a");
    let found = other.request(3).verifier.hex_id();
    let known = Device::new(1).request(0).verifier.hex_id();
    let refused = cosign(&mut book, &other.request(3), NOW);
    assert_eq!(refused, Err(Refusal::OtherKey { origin: origin(), known, found }));
    // Even where a person says that it is new.
    let key = witness();
    let again = book.cosign(&other.request(0), Signing { name: WITNESS, key: &key, now: NOW }, true);
    assert!(matches!(again, Err(Refusal::OtherKey { .. })), "{again:?}");
}

#[test]
fn a_head_that_the_key_did_not_sign_is_refused() {
    let device = Device::new(1).grown(3, "a");
    let mut book = book_of(&device);
    let mut request = device.grown(2, "a").request(3);
    request.note = request.note.replacen("\n5\n", "\n6\n", 1);
    assert!(matches!(cosign(&mut book, &request, NOW), Err(Refusal::Signature { .. })));
}

#[test]
fn a_log_that_was_truncated_or_put_back_has_shrunk() {
    let old = Device::new(1).grown(7, "a");
    let mut book = book_of(&old.clone().grown(5, "a"));
    for old_size in [0, 7] {
        let refused = cosign(&mut book, &old.request(old_size), NOW);
        assert_eq!(refused, Err(Refusal::Shrunk { origin: origin(), size: 7, seen: 12 }));
    }
}

#[test]
fn a_backup_that_was_continued_beyond_what_was_seen_is_named_and_kept_as_evidence() {
    let backup = Device::new(1).grown(7, "a");
    let mut book = book_of(&backup.clone().grown(5, "a"));
    let continued = backup.grown(20, "b");
    let refused = cosign(&mut book, &continued.request(12), NOW);
    assert_eq!(refused, Err(Refusal::Rewritten { origin: origin(), seen: 12 }));
    let (seen, head) = book.logs().next().unwrap();
    assert_eq!((head.size, seen.conflict.as_ref()), (12, Some(&continued.request(0).note)));
}

#[test]
fn a_log_rewritten_whole_is_named() {
    let mut book = book_of(&Device::new(1).grown(12, "a"));
    let same_size = cosign(&mut book.clone(), &Device::new(1).grown(12, "b").request(12), NOW);
    assert_eq!(same_size, Err(Refusal::Fork { origin: origin(), size: 12 }));
    let longer = cosign(&mut book, &Device::new(1).grown(15, "b").request(12), NOW);
    assert_eq!(longer, Err(Refusal::Rewritten { origin: origin(), seen: 12 }));
}

#[test]
fn two_devices_with_one_key_are_named_once_both_have_come_by() {
    let common = Device::new(1).grown(10, "a");
    let (one, other) = (common.clone().grown(3, "one"), common.clone().grown(4, "other"));
    let mut book = book_of(&common);
    cosign(&mut book, &one.request(10), NOW).unwrap();
    let second = cosign(&mut book, &other.request(13), NOW);
    assert_eq!(second, Err(Refusal::Rewritten { origin: origin(), seen: 13 }));
    let both = cosign(&mut book, &one.clone().grown(1, "one").request(13), NOW);
    assert_eq!(both, Err(Refusal::TwoDevices { origin: origin() }));
    assert!(book.settle(ORIGIN) && !book.settle(ORIGIN));
    cosign(&mut book, &one.grown(1, "one").request(13), NOW).unwrap();
}

#[test]
fn a_proof_from_elsewhere_asks_for_the_right_one() {
    let device = Device::new(1).grown(3, "a");
    let mut book = book_of(&device);
    let refused = cosign(&mut book, &device.grown(5, "a").request(2), NOW);
    assert_eq!(refused, Err(Refusal::Since { origin: origin(), from: 2, seen: 3 }));
}

#[test]
fn a_witness_whose_clock_went_back_signs_nothing() {
    let device = Device::new(1).grown(3, "a");
    let mut book = book_of(&device);
    let refused = cosign(&mut book, &device.request(3), NOW - 61);
    assert_eq!(refused, Err(Refusal::ClockBack { seconds: 61 }));
    cosign(&mut book, &device.request(3), NOW).unwrap();
}

#[test]
fn a_book_comes_back_from_its_records_and_a_changed_record_does_not() {
    let book = book_of(&Device::new(1).grown(3, "a"));
    let seen = book.logs().next().unwrap().0.clone();
    assert_eq!(Book::default().with(seen.clone()), Ok(book));
    let note = seen.note.replacen("\n3\n", "\n1\n", 1);
    assert!(Book::default().with(Seen { note, ..seen }).is_err());
}

#[test]
fn a_request_since_half_a_million_of_a_million_entries_is_a_single_qr_code() {
    // 1 + log2 of a million hashes at the most, and names as long as a station's.
    let device = Device::new(1);
    let origin = "propusk.invalid/Северный-вход-кассы/0a1b2c3d";
    let checkpoint = Checkpoint { origin: origin.to_owned(), size: 999_999, root: [255; 32] };
    let request = Request {
        verifier: Verifier { name: origin.to_owned(), key: device.key.verifying_key() },
        old: 524_287,
        proof: vec![[255; 32]; 21],
        note: checkpoint.sign(&device.key).unwrap(),
    };
    let bytes = request.to_string().len();
    // Version 26, level L, holds 1 367 bytes; the largest code, 40-L, 2 953 (ISO/IEC 18004, table 7).
    assert!((1_273..=1_367).contains(&bytes), "{bytes} bytes");
    assert_eq!(Request::parse(&request.to_string()), Ok(request));
}

#[test]
fn malformed_letters_are_refused_with_their_fault() {
    let good = Device::new(1).grown(5, "a").request(3).to_string();
    let answer = |text: &str| Answer::parse(text).unwrap_err();
    let request = |text: &str| Request::parse(text).unwrap_err();
    assert_eq!(request(""), BadLetter::Part("second line"));
    assert_eq!(request(&"a".repeat(MAX_LETTER + 1)), BadLetter::TooLong);
    assert!(matches!(request("a\nb"), BadLetter::Key(_)));
    assert_eq!(request(&good.replacen("old 3", "old 03", 1)), BadLetter::Part("old size"));
    assert_eq!(request(&good.replacen("old 3\n", "old 3\nAAAA\n", 1)), BadLetter::Part("proof"));
    let hash = format!("{}\n", "A".repeat(43) + "=");
    let many = good.replacen("old 3\n", &format!("old 3\n{}", hash.repeat(64)), 1);
    assert_eq!(request(&many), BadLetter::Proof);
    assert_eq!(request(good.split("\n\n").next().unwrap()), BadLetter::Part("blank line"));
    assert!(matches!(answer(&good), BadLetter::Key(_)), "a request is no answer");
    let pasted = format!("\r\n  {}  ", good.trim_end().replace('\n', "\r\n"));
    assert_eq!(Request::parse(&pasted), Request::parse(&good));
}

proptest! {
    #[test]
    fn any_letter_is_read_or_refused(text in "(?s).{0,120}", lines in "[a-z0-9+=\n ]{0,120}") {
        for text in [text, lines] {
            let _ = Request::parse(&text);
            let _ = Answer::parse(&text);
        }
    }

    #[test]
    fn only_what_goes_on_is_cosigned(seen in 1..40_u64, kept in 0..40_u64, more in 0..40_u64) {
        let kept = kept.min(seen);
        let mut book = book_of(&Device::new(1).grown(seen, "a"));
        let device = Device::new(1).grown(kept, "a").grown(more, "b");
        let request = device.request(seen.min(device.size));
        let goes_on = kept == seen;
        prop_assert_eq!(cosign(&mut book, &request, NOW).is_ok(), goes_on);
    }
}
