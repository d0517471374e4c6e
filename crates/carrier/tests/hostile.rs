//! Frames that were damaged, or made to do harm.

mod common;

use carrier::{Error, MAX_BYTES, Receiver, Sender, Taken};
use common::{content, frames, receive};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

/// A frame of which only the check is right.
fn forged(id: [u8; 16], length: usize, block: u8, number: u32, symbol: &[u8]) -> String {
    let mut bytes = id.to_vec();
    bytes.extend_from_slice(&(length as u32).to_be_bytes()[1..]);
    bytes.push(block);
    bytes.extend_from_slice(&number.to_be_bytes()[1..]);
    bytes.extend_from_slice(symbol);
    let check = Sha256::digest(&bytes);
    bytes.extend_from_slice(&check[..4]);
    format!("PSK1:{}", base45::encode(&bytes))
}

fn id(content: &[u8]) -> [u8; 16] {
    Sha256::digest(content)[..16].try_into().unwrap()
}

#[test]
fn hostile_lengths_are_refused_and_harm_nothing() {
    let sent = content(20_000, 1);
    let mut receiver = Receiver::new();
    let shown = frames(&sent, 60);
    receiver.take(&shown[0]).unwrap();
    let table = [
        (forged([1; 16], 0, 0, 0, &[1]), Error::Empty),
        (forged([1; 16], MAX_BYTES + 1, 0, 0, &[1; 800]), Error::TooLong(MAX_BYTES + 1)),
        (forged([1; 16], 0xff_ffff, 0, 0, &[1; 800]), Error::TooLong(0xff_ffff)),
        (forged([1; 16], MAX_BYTES, 0, 0, &[1; 2]), Error::TooManySymbols(MAX_BYTES / 2)),
        (forged([1; 16], 100, 0, 0, &[]), Error::Damaged),
        (forged([1; 16], 100, 1, 0, &[1; 100]), Error::Damaged),
        (forged([1; 16], 100, 0, 3, &[1; 100]), Error::Damaged),
        (format!("PSK1:{}", "0".repeat(5000)), Error::Damaged),
        ("PSK1:".to_owned(), Error::Damaged),
        ("PSK1:é".to_owned(), Error::Damaged),
        ("PSK9:ABC".to_owned(), Error::Format('9')),
    ];
    for (frame, error) in table {
        assert_eq!(receiver.take(&frame), Err(error), "{frame}");
    }
    assert!(receive(&mut receiver, shown) == Some(sent));
}

#[test]
fn content_that_is_shown_again_in_pictures_of_another_size_arrives() {
    let sent = content(20_000, 5);
    let mut receiver = Receiver::new();
    let mut small = Sender::with_room(&sent, 400).unwrap();
    (0..5).for_each(|_| drop(receiver.take(&small.next_frame()).unwrap()));
    assert!(receive(&mut receiver, frames(&sent, 60)) == Some(sent));
}

#[test]
fn frames_that_lie_about_the_length_or_the_size_of_symbols_do_not_stop_the_content() {
    let sent = content(20_000, 6);
    for lie in [forged(id(&sent), 20_001, 0, 0, &[1; 800]), forged(id(&sent), 20_000, 0, 0, &[1; 100])] {
        let mut receiver = Receiver::new();
        receiver.take(&lie).unwrap();
        let mut shown = frames(&sent, 60);
        shown.insert(20, lie);
        assert!(receive(&mut receiver, shown) == Some(sent.clone()));
    }
}

#[test]
fn another_symbol_under_the_same_number_is_refused_and_the_first_stays() {
    let sent = content(4096, 2);
    let shown = frames(&sent, 20);
    let mut receiver = Receiver::new();
    receiver.take(&shown[0]).unwrap();
    let size = 4096_usize.div_ceil(Sender::new(&sent).unwrap().needed());
    let other = forged(id(&sent), 4096, 0, 0, &vec![0; size]);
    assert_eq!(receiver.take(&other), Err(Error::Conflict));
    assert!(receive(&mut receiver, shown) == Some(sent));
}

#[test]
fn a_forged_symbol_spoils_a_transfer_but_never_gives_wrong_bytes_and_it_begins_anew() {
    let sent = content(4096, 3);
    let shown = frames(&sent, 20);
    let needed = Sender::new(&sent).unwrap().needed();
    let mut receiver = Receiver::new();
    let forged = forged(id(&sent), 4096, 0, 0, &vec![0; 4096_usize.div_ceil(needed)]);
    receiver.take(&forged).unwrap();
    let results: Vec<_> = shown[1..needed].iter().map(|frame| receiver.take(frame)).collect();
    assert_eq!(results.last(), Some(&Err(Error::Spoilt)));
    assert!(receive(&mut receiver, shown) == Some(sent));
}

#[test]
fn content_that_is_not_what_was_announced_is_given_up_in_the_largest_block_too() {
    let mut receiver = Receiver::new();
    let mut results = (0..1100).map(|i| receiver.take(&forged([5; 16], 1024, 0, 0xff_ffff - i, &[i as u8])));
    assert!(results.any(|result| result == Err(Error::Spoilt)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_is_answered(text in "(PSK[0-9]:)?[0-9A-Z $%*+./:-]{0,200}|.{0,40}") {
        let _ = Receiver::new().take(&text);
    }

    #[test]
    fn any_head_is_answered(
        length in 0_usize..1 << 24,
        block in any::<u8>(),
        number in 0_u32..1 << 24,
        symbol in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        let mut receiver = Receiver::new();
        for number in [number, 0, 1] {
            if let Ok(Taken::Whole(bytes)) = receiver.take(&forged([0; 16], length, block, number, &symbol)) {
                prop_assert_eq!(id(&bytes), [0; 16]);
            }
        }
    }

    #[test]
    fn damaged_frames_are_refused_and_the_right_bytes_come(
        length in 1_usize..5000,
        damages in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..45, any::<bool>()), 1..20),
    ) {
        let sent = content(length, length as u64);
        let mut receiver = Receiver::new();
        let shown = frames(&sent, 20);
        for (frame, (place, letter, cut)) in shown.iter().zip(damages) {
            let place = place.index(frame.len());
            let letter = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"[letter];
            let mut damaged = frame.clone().into_bytes();
            if cut { damaged.truncate(place) } else { damaged[place] = letter }
            let damaged = String::from_utf8(damaged).unwrap();
            if damaged != *frame {
                prop_assert!(receiver.take(&damaged).is_err());
            }
        }
        prop_assert!(receive(&mut receiver, shown) == Some(sent));
    }
}
