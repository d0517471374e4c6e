//! Questions about many entries: the answers are those of going through all of them one by one.

use super::super::journal as sql;
use super::*;
use proptest::prelude::*;
use rusqlite::params_from_iter;
use rusqlite::types::Value;

/// A log of scans, operators and events whose clock goes forth and back.
fn mixed(entries: u64) -> (Fixture, Vec<Entry>) {
    let fixture = Fixture::new(0);
    let mut log = fixture.open().unwrap();
    let expected: Vec<Entry> = (0..entries).map(|number| nth(number).at_index(number)).collect();
    for entry in &expected {
        log.append(&entry.content, salt(entry.index)).unwrap();
    }
    drop(log);
    (fixture, expected)
}

fn nth(number: u64) -> NewEntry {
    let outcome = Outcome::ALL[(number * 7 % 4) as usize];
    let reason = ["accepted", "expired", "unlocked"][(number % 3) as usize].to_owned();
    // Of other steps than the rest, so that every pair of fields is met.
    let operator = (!number.is_multiple_of(7)).then_some((number % 5) as u32);
    NewEntry { outcome, reason, operator, ..scan((number * 37 % 50) as i64) }
}

fn matches(filter: &Filter, entry: &Entry) -> bool {
    let content = &entry.content;
    filter.from.is_none_or(|from| content.at >= from)
        && filter.until.is_none_or(|until| content.at < until)
        && (filter.outcomes.is_empty() || filter.outcomes.contains(&content.outcome))
        && filter.reason.as_ref().is_none_or(|reason| *reason == content.reason)
        && filter.operator.is_none_or(|operator| Some(operator) == content.operator)
}

prop_compose! {
    fn any_filter()(
        from in proptest::option::of(-5..60_i64), until in proptest::option::of(-5..60_i64),
        outcomes in proptest::sample::subsequence(Outcome::ALL.to_vec(), 0..=4),
        reason in proptest::option::of("accepted|expired|nothing"), operator in proptest::option::of(0..6_u32),
    ) -> Filter {
        Filter { from, until, outcomes, reason, operator }
    }
}

#[test]
fn a_journal_has_what_matches_page_by_page_newest_first() {
    let (fixture, entries) = mixed(60);
    let reader = Reader::open(&fixture.path).unwrap();
    proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() },
        |(filter in any_filter(), limit in 1..30_u32)| {
        let expected: Vec<_> = entries.iter().rev().filter(|entry| matches(&filter, entry)).cloned().collect();
        let (mut found, mut before) = (vec![], None);
        loop {
            let page = reader.journal(&filter, before, limit).unwrap();
            prop_assert_eq!(page.matching, expected.len() as u64);
            prop_assert!(page.entries.len() <= limit as usize);
            found.extend(page.entries);
            before = page.next;
            if before.is_none() { break }
        }
        prop_assert_eq!(&found, &expected);
        let mut streamed = vec![];
        reader.for_each(&filter, |entry| { streamed.push(entry); true }).unwrap();
        streamed.reverse();
        prop_assert_eq!(streamed, expected);
    });
}

#[test]
fn statistics_are_those_of_the_entries_one_by_one() {
    let (fixture, entries) = mixed(60);
    let reader = Reader::open(&fixture.path).unwrap();
    for (from, until, width) in [(0, 50, 10), (-7, 33, 9), (20, 21, 60), (5, 5, 1)] {
        let statistics = reader.statistics(from, until, width).unwrap();
        let within = |entry: &&Entry, from: i64, until: i64| (from..until).contains(&entry.content.at);
        let mut start = from;
        for bucket in &statistics.buckets {
            let end = until.min(start + i64::from(width));
            let count = |outcome| {
                let entries = entries.iter().filter(|entry| within(entry, start, end));
                entries.filter(|entry| entry.content.outcome == outcome).count() as u64
            };
            let (accepted, refused) = (count(Outcome::Accepted), count(Outcome::Refused));
            let counts = Counts { accepted, refused, cannot_tell: count(Outcome::CannotTell) };
            assert_eq!(*bucket, Bucket { from: start, counts });
            start = end;
        }
        assert_eq!(start.max(from), until, "every second is in a bucket");
        let all = entries.iter().filter(|entry| within(entry, from, until)).count() as u64;
        assert_eq!(statistics.reasons.iter().map(|(_, _, count)| count).sum::<u64>(), all);
        assert!(statistics.reasons.is_sorted_by_key(|(_, _, count)| std::cmp::Reverse(*count)));
    }
}

#[test]
fn spans_that_cannot_be_counted_are_refused_and_the_ends_of_time_are_not() {
    let fixture = Fixture::new(3);
    let reader = Reader::open(&fixture.path).unwrap();
    let most = i64::from(MAX_BUCKETS);
    let table = [
        (0, most, 1, true),
        (0, most + 1, 1, false),
        (0, most + 1, 2, true),
        (0, 10, 0, false),
        (1, 0, 1, false),
        (i64::MAX - 1, i64::MAX, u32::MAX, true),
        (i64::MIN, i64::MIN + 1, u32::MAX, true),
        (i64::MIN, i64::MAX, u32::MAX, false),
    ];
    for (from, until, width, allowed) in table {
        let counted = reader.statistics(from, until, width);
        assert_eq!(counted.is_ok(), allowed, "{from} {until} {width}");
        assert!(counted.is_ok() || matches!(counted, Err(Error::Buckets)));
    }
}

#[test]
fn counts_begin_with_an_entry_and_leave_events_out() {
    let (fixture, entries) = mixed(1200);
    let reader = Reader::open(&fixture.path).unwrap();
    for first in [0, 13, 40, 511, 512, 600, 1100, u64::MAX] {
        for (from, until) in [(i64::MIN, i64::MAX), (10, 40), (0, 1), (49, 50), (40, 10)] {
            let counts = reader.count_since(first, from, until).unwrap();
            let scans = entries.iter().filter(|entry| {
                let content = &entry.content;
                entry.index >= first
                    && (from..until).contains(&content.at)
                    && content.outcome != Outcome::Event
            });
            let counted = counts.accepted + counts.refused + counts.cannot_tell;
            assert_eq!(counted, scans.count() as u64, "from {first}, {from}..{until}");
        }
    }
}

#[test]
fn a_person_was_last_accepted_within_a_span_whose_ends_count() {
    let fixture = Fixture::new(20);
    let log = fixture.open().unwrap();
    // Of person 3's entries 3, 8, 13 and 18, the accepted ones are 3 and 18.
    assert_eq!(log.last_accepted(&[3; 32], 0, 20).unwrap(), Some(18));
    assert_eq!(log.last_accepted(&[3; 32], 3, 17).unwrap(), Some(3));
    assert_eq!(log.last_accepted(&[3; 32], 4, 17).unwrap(), None);
    assert_eq!(log.last_accepted(&[3; 32], 18, 18).unwrap(), Some(18));
    assert_eq!(log.last_accepted(&[9; 32], 0, 20).unwrap(), None);
}

/// What a door asks with every scan is answered from an index, without reading or sorting all entries.
#[test]
fn what_is_counted_by_time_or_looked_for_by_person_is_answered_from_an_index() {
    let (fixture, _) = mixed(60);
    let reader = Reader::open(&fixture.path).unwrap();
    let plan = |sql: &str| {
        let mut statement = reader.connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let nulls = vec![Value::Null; statement.parameter_count()];
        let steps = statement.query_map(params_from_iter(nulls), |row| row.get::<_, String>(3)).unwrap();
        steps.collect::<Result<Vec<_>, _>>().unwrap().join("; ")
    };
    let counted = plan(sql::COUNT_SINCE);
    assert_eq!(counted, "SEARCH tally USING INDEX tally_by_time (last_at>?)");
    let plan = plan(sql::LAST_ACCEPTED);
    assert_eq!(plan, "SEARCH entry USING INDEX entry_by_person (person=? AND at>? AND at<?)");
}

#[test]
fn a_filter_over_several_blocks_finds_what_going_through_all_finds() {
    let (fixture, entries) = mixed(1300);
    let reader = Reader::open(&fixture.path).unwrap();
    let filters = [
        Filter { from: Some(10), until: Some(40), ..Filter::default() },
        Filter { reason: Some("expired".to_owned()), operator: Some(3), ..Filter::default() },
        Filter { from: Some(49), outcomes: vec![Outcome::Event], ..Filter::default() },
        Filter { from: Some(60), ..Filter::default() },
    ];
    for filter in filters {
        let expected: Vec<_> =
            entries.iter().rev().filter(|entry| matches(&filter, entry)).cloned().collect();
        for before in [None, Some(1024), Some(700), Some(0)] {
            let page = reader.journal(&filter, before, 100).unwrap();
            let below = expected.iter().filter(|entry| before.is_none_or(|before| entry.index < before));
            assert_eq!(page.entries, below.take(100).cloned().collect::<Vec<_>>(), "{filter:?} {before:?}");
            assert_eq!(page.matching, expected.len() as u64, "{filter:?}");
        }
    }
    let statistics = reader.statistics(5, 45, 7).unwrap();
    let inside = entries.iter().filter(|entry| (5..45).contains(&entry.content.at)).count() as u64;
    assert_eq!(statistics.reasons.iter().map(|(_, _, count)| count).sum::<u64>(), inside);
}
