use super::*;
use crate::entry::NewEntry;
use proptest::prelude::*;

const NOON: i64 = 12 * 60 * MINUTE;

fn scan(outcome: Outcome, at: i64, person: u8) -> NewEntry {
    NewEntry {
        at,
        outcome,
        reason: outcome.name().to_owned(),
        stage: "rules".to_owned(),
        kind: None,
        identity: None,
        person: Some([person; 32]),
        key_set_version: 1,
        demo: false,
        operator: None,
    }
}

fn found(rules: Rules, entries: &[NewEntry]) -> Vec<(What, u64, u64, u64)> {
    let mut search = Search::new(rules);
    entries.iter().zip(0..).for_each(|(entry, index)| search.push(&entry.at_index(index)));
    search.finish().iter().map(|found| (found.what, found.from.0, found.to.0, found.count)).collect()
}

fn accepted(at: i64, person: u8) -> NewEntry {
    scan(Outcome::Accepted, at, person)
}

#[test]
fn the_same_person_often_within_an_hour_is_told_once_for_as_long_as_it_goes_on() {
    let minutes = |minutes: &[i64]| -> Vec<NewEntry> {
        minutes.iter().map(|minute| accepted(minute * MINUTE, 1)).collect()
    };
    assert_eq!(found(Rules::default(), &minutes(&[0, 20, 40])), []);
    assert_eq!(found(Rules::default(), &minutes(&[0, 20, 40, 60])), [(What::SamePerson, 0, 3, 4)]);
    assert_eq!(found(Rules::default(), &minutes(&[0, 20, 40, 61])), []);
    assert_eq!(found(Rules::default(), &minutes(&[0, 20, 40, 60, 70])), [(What::SamePerson, 0, 4, 5)]);
    let twice = minutes(&[0, 1, 2, 3, 300, 301, 302, 303]);
    assert_eq!(found(Rules::default(), &twice), [(What::SamePerson, 0, 3, 4), (What::SamePerson, 4, 7, 4)]);
    let different: Vec<_> = (0..8).map(|n| accepted(n, n as u8)).collect();
    assert_eq!(found(Rules::default(), &different), []);
}

#[test]
fn five_refusals_in_a_row_are_told_and_a_pass_or_an_event_between_counts_as_it_is() {
    let refused = |at| scan(Outcome::Refused, at, 1);
    let mut row: Vec<_> = (0..5).map(refused).collect();
    assert_eq!(found(Rules::default(), &row), [(What::Refusals, 0, 4, 5)]);
    row.insert(2, scan(Outcome::Event, 2, 1));
    assert_eq!(found(Rules::default(), &row), [(What::Refusals, 0, 5, 5)]);
    row.insert(2, accepted(2, 1));
    assert_eq!(found(Rules::default(), &row), []);
}

#[test]
fn gaps_and_steps_of_the_clock_are_told_in_minutes() {
    let jump = NewEntry { reason: "clock_jumped".to_owned(), ..scan(Outcome::Event, NOON, 1) };
    let entries =
        [accepted(0, 1), accepted(NOON, 2), jump, accepted(2 * NOON + 60, 3), accepted(2 * NOON, 4)];
    let expected = [(What::ClockJumped, 2, 2, 1), (What::Gap, 2, 3, 721), (What::ClockBack, 3, 4, 1)];
    assert_eq!(found(Rules::default(), &entries), expected);
}

#[test]
fn scans_outside_opening_hours_are_told_by_the_place_s_own_clock() {
    let at =
        |hour: i64, minute: i64| accepted(hour * 60 * MINUTE + minute * MINUTE, (hour * 60 + minute) as u8);
    let day = Rules { opening: Some((9 * 60, 18 * 60)), open_gap_seconds: i64::MAX, ..Rules::default() };
    let scans = [at(8, 59), at(9, 0), at(17, 59), at(18, 0), at(18, 1)];
    assert_eq!(found(day, &scans), [(What::OutsideHours, 0, 0, 1), (What::OutsideHours, 3, 4, 2)]);
    let moscow = Rules { offset_minutes: 180, ..day };
    assert_eq!(found(moscow, &[at(5, 59), at(6, 0), at(14, 59), at(15, 0)]).len(), 2);
    let night = Rules { opening: Some((22 * 60, 4 * 60)), ..day };
    let scans = [at(3, 59), at(4, 0), at(21, 59), at(22, 0), at(23, 0)];
    assert_eq!(found(night, &scans), [(What::OutsideHours, 1, 2, 2)]);
}

#[test]
fn a_gap_counts_opening_hours_alone() {
    let rules = Rules { opening: Some((9 * 60, 18 * 60)), ..Rules::default() };
    let hour = |hour: i64| accepted(hour * 60 * MINUTE, hour as u8);
    assert_eq!(found(rules, &[hour(17), hour(24 + 10)]), [], "two hours of it open");
    assert_eq!(found(rules, &[hour(17), hour(24 + 11)]), [(What::Gap, 0, 1, 18 * 60)]);
}

#[test]
fn every_anomaly_has_its_own_name_and_no_more_than_a_thousand_are_listed() {
    let names: std::collections::HashSet<_> = What::ALL.iter().map(|what| what.name()).collect();
    assert_eq!(names.len(), What::ALL.len());
    let back: Vec<_> = (0..3_000).map(|number| accepted(-number, number as u8)).collect();
    assert!(found(Rules { person_times: u32::MAX, ..Rules::default() }, &back).len() == MAX_ANOMALIES);
}

proptest! {
    #[test]
    fn any_times_are_gone_through(
        times in prop::collection::vec(any::<i64>(), 0..20), from in 0..1440_u32, until in 0..1440_u32,
        offset in -1440..1440_i32,
    ) {
        let rules = Rules { opening: Some((from, until)), offset_minutes: offset, ..Rules::default() };
        let entries: Vec<_> = times.iter().map(|&at| accepted(at, 1)).collect();
        let _ = found(rules, &entries);
    }

    #[test]
    fn opening_hours_are_counted_as_second_by_second(start in -200_000..200_000_i64, from in 0..1440_u32, until in 0..1440_u32) {
        let rules = Rules { opening: Some((from, until)), ..Rules::default() };
        let minute = |at: i64| (at.rem_euclid(DAY) / MINUTE) as u32;
        let is_open = |at: i64| {
            if from <= until { (from..until).contains(&minute(at)) } else { !(until..from).contains(&minute(at)) }
        };
        let open = (start..start + 5_000).filter(|&at| is_open(at)).count() as i128;
        prop_assert_eq!(rules.open_before(start + 5_000) - rules.open_before(start), open);
        prop_assert_eq!(rules.is_open(start), is_open(start));
    }
}
