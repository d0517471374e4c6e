//! What arrives, whatever is lost on the way.

mod common;

use carrier::{Error, MAX_BYTES, Progress, Receiver, Sender, Taken};
use common::{Random, content, frames, receive};

#[test]
fn any_order_and_one_fifth_lost_still_arrives() {
    for seed in 0..10 {
        let mut random = Random(seed);
        let sent = content(1 + random.below(60_000), seed);
        let needed = Sender::new(&sent).unwrap().needed();
        let mut frames = frames(&sent, needed * 5 / 4 + 12);
        frames.retain(|_| !random.percent(20));
        for place in (1..frames.len()).rev() {
            frames.swap(place, random.below(place + 1));
        }
        assert!(receive(&mut Receiver::new(), frames) == Some(sent), "seed {seed}");
    }
}

#[test]
fn every_size_arrives_by_its_first_frames_alone_and_by_later_ones_alone() {
    for length in [1, 2, 3, 27, 700, 801, 802, 1603, 4096, 120_000, 1 << 20] {
        let sent = content(length, 7);
        let mut sender = Sender::new(&sent).unwrap();
        let needed = sender.needed();
        let first = sender.by_ref().take(needed).collect::<Vec<_>>();
        assert!(receive(&mut Receiver::new(), first).as_ref() == Some(&sent), "{length}");
        let later = sender.take(needed + 8 + needed / 500);
        assert!(receive(&mut Receiver::new(), later).as_ref() == Some(&sent), "{length}");
    }
}

#[test]
fn content_of_zeros_with_a_long_tail_of_them_keeps_its_length() {
    let sent = vec![0; 1000];
    assert_eq!(receive(&mut Receiver::new(), frames(&sent, 8)), Some(sent));
}

#[test]
fn repeats_count_once_and_progress_never_falls() {
    let sent = content(20_000, 1);
    let mut receiver = Receiver::new();
    let mut last = Progress { received: 0, needed: Sender::new(&sent).unwrap().needed() };
    for frame in frames(&sent, last.needed - 1) {
        for repeat in 0..3 {
            let Ok(Taken::Part(now)) = receiver.take(&frame) else { panic!("not a part") };
            assert_eq!(now.needed, last.needed);
            assert_eq!(now.received, last.received + usize::from(repeat == 0));
            assert_eq!(receiver.progress(), Some(now));
            last = now;
        }
    }
}

#[test]
fn a_transfer_goes_on_after_a_pause_and_with_a_sender_that_was_started_anew() {
    let sent = content(30_000, 2);
    let mut receiver = Receiver::new();
    let needed = Sender::new(&sent).unwrap().needed();
    for frame in frames(&sent, needed / 2) {
        receiver.take(&frame).unwrap();
    }
    let mut kept = receiver.clone();
    for other in ["", "HC1:6BF", "a parcel's label"] {
        assert_eq!(kept.take(other), Err(Error::NotAFrame));
    }
    let again = frames(&sent, needed + 5).into_iter().skip(2);
    assert!(receive(&mut kept, again) == Some(sent));
}

#[test]
fn what_was_handed_out_is_not_handed_out_again_until_it_is_forgotten() {
    let sent = content(500, 3);
    let mut receiver = Receiver::new();
    let frames = frames(&sent, 3);
    assert_eq!(receiver.take(&frames[0]), Ok(Taken::Whole(sent.clone())));
    assert_eq!(receiver.take(&frames[1]), Ok(Taken::Over));
    assert_eq!(receiver.progress(), None);
    receiver.clear();
    assert_eq!(receiver.take(&frames[2]), Ok(Taken::Whole(sent)));
}

#[test]
fn two_screens_at_once_are_kept_apart() {
    let sent = [content(9_000, 4), content(15_000, 5)];
    let mut senders = sent.clone().map(|sent| Sender::new(&sent).unwrap());
    let mut receiver = Receiver::new();
    let mut whole = Vec::new();
    for turn in 0..100 {
        if let Ok(Taken::Whole(bytes)) = receiver.take(&senders[turn % 2].next_frame()) {
            whole.push(bytes);
        }
    }
    assert!(whole == sent, "{} arrived", whole.len());
}

#[test]
fn a_transfer_under_way_outlives_any_number_of_others_begun() {
    let sent = content(30_000, 6);
    let needed = Sender::new(&sent).unwrap().needed();
    let mut receiver = Receiver::new();
    let mut frames = frames(&sent, needed).into_iter();
    let whole = receive(&mut receiver, frames.by_ref().take(2));
    assert_eq!(whole, None);
    for (seed, frame) in frames.enumerate() {
        let other = Sender::new(&content(5000, seed as u64)).unwrap().next_frame();
        assert!(matches!(receiver.take(&other), Ok(Taken::Part(Progress { received: 1, .. }))));
        match receiver.take(&frame).unwrap() {
            Taken::Whole(bytes) => return assert!(bytes == sent),
            taken => assert_eq!(taken, Taken::Part(Progress { received: seed + 3, needed })),
        }
    }
    panic!("it did not arrive");
}

#[test]
fn nothing_and_too_much_are_not_shown() {
    assert_eq!(Sender::new(&[]).err(), Some(Error::Empty));
    assert_eq!(Sender::new(&vec![0; MAX_BYTES + 1]).err(), Some(Error::TooLong(MAX_BYTES + 1)));
    assert_eq!(Sender::with_room(&[1], 20).err(), Some(Error::Room(20)));
    assert!(matches!(Sender::with_room(&vec![0; MAX_BYTES], 60), Err(Error::TooManySymbols(_))));
}

#[test]
fn the_same_content_gives_the_same_frames() {
    let sent = content(5000, 8);
    assert_eq!(frames(&sent, 30), frames(&sent, 30));
}
