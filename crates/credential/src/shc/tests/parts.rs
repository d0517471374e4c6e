//! Cards in several codes.

use super::*;
use crate::{Evidence, Outcome};

/// A card cut into three, as the specification once had it.
fn cut(card: &str) -> [String; 3] {
    let digits = card.strip_prefix(PREFIX).unwrap();
    let third = digits.len() / 6 * 2;
    let parts = [&digits[..third], &digits[third..2 * third], &digits[2 * third..]];
    std::array::from_fn(|at| format!("shc:/{}/3/{}", at + 1, parts[at]))
}

#[track_caller]
fn whole(collected: Collected) -> String {
    match collected {
        Collected::Whole(text) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn parts_of_two_guests_cards_are_to_be_scanned_again_and_nobody_is_called_a_forger() {
    let cards = [doses(), claims(&[shot("208", "2021-01-01")])].map(|claims| cut(&text(&header(), &claims)));
    let [[first, second, _], [other_first, other_second, other_third]] = cards;
    let mut collector = Parts::default();
    collector.take(&first, NOW);
    collector.take(&second, NOW);
    let mixed = judged_by(&whole(collector.take(&other_third, NOW + 60)), &keys());
    assert_eq!((mixed.reason(), mixed.outcome()), ("part_of_code", Outcome::CannotTell));
    let none = [("have", Evidence::Number(0)), ("of", Evidence::Number(3))];
    assert_eq!(mixed.evidence(), none);
    collector.take(&other_first, NOW + 61);
    collector.take(&other_second, NOW + 62);
    check(&whole(collector.take(&other_third, NOW + 63)), "accepted");
}

#[test]
fn a_card_in_parts_that_comes_to_the_same_once_more_is_judged_by_its_signature() {
    let mut forged = cut(&text(&header(), &doses()));
    let end = forged[2].len();
    forged[2].replace_range(end - 8..end - 4, "0000");
    let mut collector = Parts::default();
    let mut collected = || forged.iter().map(|part| collector.take(part, NOW)).last().unwrap();
    check(&whole(collected()), "part_of_code");
    check(&whole(collected()), "bad_signature");
    // What its signature holds for is judged as it is, the first time as well.
    let mut expired = doses();
    expired["exp"] = (NOW - 1).into();
    let mut collector = Parts::default();
    let parts = cut(&text(&header(), &expired));
    let collected = parts.iter().map(|part| collector.take(part, NOW)).last().unwrap();
    check(&whole(collected), "expired");
}

#[test]
fn another_pass_ends_the_collecting_and_a_stray_code_does_not() {
    let [one, two, three] = cut(&text(&header(), &doses()));
    for (between, still) in [
        ("hello", true),
        ("https://example.org/", true),
        ("shc:/5", false),
        ("HC1:6BF", false),
        (r#"{"hdr":1}"#, false),
    ] {
        let mut collector = Parts::default();
        collector.take(&one, NOW);
        collector.take(&two, NOW);
        assert_eq!(collector.take(between, NOW), Collected::Other);
        let is_whole = matches!(collector.take(&three, NOW), Collected::Whole(_));
        assert_eq!(is_whole, still, "{between}");
    }
}

#[test]
fn parts_come_in_any_order_and_make_the_whole_card() {
    let card = text(&header(), &doses());
    let parts = cut(&card);
    for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
        let mut collector = Parts::default();
        let [first, second, third] = order.map(|at| parts[at].as_str());
        assert_eq!(collector.take(first, NOW), Collected::Waiting { have: 1, of: 3 });
        assert_eq!(collector.take(first, NOW), Collected::Waiting { have: 1, of: 3 });
        assert_eq!(collector.take("hello", NOW), Collected::Other);
        assert_eq!(collector.take(second, NOW + 60), Collected::Waiting { have: 2, of: 3 });
        check(&whole(collector.take(third, NOW + 120)), "accepted");
        assert_eq!(collector.take(first, NOW + 121), Collected::Waiting { have: 1, of: 3 }, "the next card");
    }
    check(&card, "accepted");
    check(&parts[0], "part_of_code");
}

#[test]
fn parts_of_another_card_or_of_long_ago_begin_anew() {
    let [one, two, three] = cut(&text(&header(), &doses()));
    let [other, ..] = cut(&text(&header(), &claims(&[shot("208", "2021-01-01")])));
    let mut collector = Parts::default();
    collector.take(&one, NOW);
    collector.take(&two, NOW);
    assert_eq!(collector.take(&other, NOW), Collected::Waiting { have: 1, of: 3 }, "another first part");
    assert_eq!(
        collector.take("shc:/1/2/55", NOW),
        Collected::Waiting { have: 1, of: 2 },
        "of another number"
    );
    collector.take(&one, NOW);
    collector.take(&two, NOW);
    assert_eq!(collector.take(&three, NOW + 121), Collected::Waiting { have: 1, of: 3 }, "too late");
    assert_eq!(collector.take(&one, NOW - 1), Collected::Waiting { have: 1, of: 3 }, "a clock set back");
}

#[test]
fn parts_that_cannot_be_are_refused_and_not_collected() {
    for text in [
        "shc:/0/9/55",
        "shc:/00/2/55",
        "shc:/3/2/55",
        "shc:/1/9/55",
        "shc:/1/999999999999/55",
        "shc:/a/2/55",
        "shc:/1/55",
        "shc:/-1/2/55",
        "shc:///55",
        "shc:/1//55",
    ] {
        check(text, "broken_text");
        assert_eq!(Parts::default().take(text, NOW), Collected::Other, "{text}");
    }
    assert_eq!(Parts::default().take(&format!("shc:/1/2/{}", "5".repeat(9000)), NOW), Collected::Other);
    assert_eq!(Parts::default().take("shc:/0/2/55", NOW), Collected::Other);
    check(&whole(Parts::default().take("shc:/1/1/5566", NOW)), "part_of_code");
}
