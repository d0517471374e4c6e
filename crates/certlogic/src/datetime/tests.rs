use super::*;

fn shown(text: &str) -> String {
    DateTime::parse(text).map_or("-".to_owned(), |time| time.to_string())
}

fn plus(text: &str, amount: i64, unit: &str) -> String {
    let time = DateTime::parse(text).unwrap().plus(amount, Unit::named(unit).unwrap());
    time.map_or("-".to_owned(), |time| time.to_string())
}

#[test]
fn every_allowed_format_is_read() {
    let table = [
        ("2021", "2021-12-31T00:00:00.000Z"),
        ("2021-02", "2021-02-28T00:00:00.000Z"),
        ("2020-02", "2020-02-29T00:00:00.000Z"),
        ("2021-12", "2021-12-31T00:00:00.000Z"),
        ("2021-05-04", "2021-05-04T00:00:00.000Z"),
        ("2021-05-04T13:37:42", "2021-05-04T13:37:42.000Z"),
        ("2021-05-04T13:37:42Z", "2021-05-04T13:37:42.000Z"),
        ("2021-05-04T13:37:42+1", "2021-05-04T12:37:42.000Z"),
        ("2021-05-04T13:37:42-01", "2021-05-04T14:37:42.000Z"),
        ("2021-05-04T13:37:42+130", "2021-05-04T12:07:42.000Z"),
        ("2021-05-04T13:37:42-0130", "2021-05-04T15:07:42.000Z"),
        ("2021-05-04T13:37:42+1:30", "2021-05-04T12:07:42.000Z"),
        ("2021-05-04T13:37:42-01:30", "2021-05-04T15:07:42.000Z"),
        ("2021-05-04T13:37:42.1", "2021-05-04T13:37:42.100Z"),
        ("2021-05-04T13:37:42.01Z", "2021-05-04T13:37:42.010Z"),
        ("2021-05-04T13:37:42.0019+2", "2021-05-04T11:37:42.001Z"),
        ("2021-05-04T13:37:42.999999999-0200", "2021-05-04T15:37:42.999Z"),
        ("2021-01-01T00:30:00+01:00", "2020-12-31T23:30:00.000Z"),
        ("2021-12-31T24:00:00Z", "2022-01-01T00:00:00.000Z"),
        ("0000-01-01", "0000-01-01T00:00:00.000Z"),
        ("0000-01-01T00:00:00+01:00", "-000001-12-31T23:00:00.000Z"),
        ("9999-12-31T23:59:59.999-23:59", "+010000-01-01T23:58:59.999Z"),
    ];
    for (text, expected) in table {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn what_is_no_date_is_refused() {
    let none = [
        "",
        "2",
        "20210504",
        "2021-",
        "2021-5-4",
        "2021-13",
        "2021-00",
        "0000-00-00",
        "2021-09-99",
        "2021-02-30",
        "2021-02-29",
        "1900-02-29",
        "2021-05-00",
        "999999",
        "999999-01-01",
        "+2021-01-01",
        "-021-01-01",
        "2021-05-04T",
        "2021T00:00:00",
        "2021-05T00:00:00",
        "2021-05-04T00",
        "2021-05-04T00:00",
        "2021-05-04T00:00:00.",
        "2021-05-04T00:00:00.Z",
        "2021-05-04T24:00:01Z",
        "2021-05-04T24:00:00.001Z",
        "2021-05-04T25:00:00Z",
        "2021-05-04T00:60:00Z",
        "2021-05-04T00:00:60Z",
        "2021-05-04T00:00:00+",
        "2021-05-04T00:00:00+24",
        "2021-05-04T00:00:00+1:0",
        "2021-05-04T00:00:00+01:60",
        "2021-05-04T00:00:00+12345",
        "2021-05-04T00:00:00z",
        "2021-05-04t00:00:00Z",
        "2021-05-04 00:00:00Z",
        "2021-05-04T00:00:00ZZ",
        " 2021-05-04",
        "2021-05-04\n",
        "２０２１",
        "202１",
        "2021-05-0é",
        "Tomorrow",
        "T",
    ];
    for text in none {
        assert_eq!(shown(text), "-", "{text}");
    }
}

#[test]
fn a_date_of_birth_has_no_time() {
    assert_eq!(DateTime::of_birth("2004-02-29").unwrap().to_string(), "2004-02-29T00:00:00.000Z");
    assert_eq!(DateTime::of_birth("1900-02").unwrap().to_string(), "1900-02-28T00:00:00.000Z");
    assert_eq!(DateTime::of_birth("2000-02").unwrap().to_string(), "2000-02-29T00:00:00.000Z");
    for text in ["2004-02-29T00:00:00Z", "", "20040229", "2004-2", "2003-02-29"] {
        assert_eq!(DateTime::of_birth(text), None, "{text}");
    }
}

/// The specification's table "Leap days", and what ECMAScript's setters do at other ends of months.
#[test]
fn a_day_that_the_month_lacks_runs_over_into_the_next() {
    let table = [
        ("2020-02-29", 1, "day", "2020-03-01"),
        ("2020-02-29", 1, "month", "2020-03-29"),
        ("2020-02-29", 1, "year", "2021-03-01"),
        ("2020-02-29", -1, "year", "2019-03-01"),
        ("2020-02-29", 4, "year", "2024-02-29"),
        ("2020-02-29", 80, "year", "2100-03-01"),
        ("2021-01-31", 1, "month", "2021-03-03"),
        ("2020-01-31", 1, "month", "2020-03-02"),
        ("2021-03-31", -1, "month", "2021-03-03"),
        ("2021-08-31", 1, "month", "2021-10-01"),
        ("2021-12-31", 2, "month", "2022-03-03"),
        ("2021-12-15", 1, "month", "2022-01-15"),
        ("2021-01-15", -1, "month", "2020-12-15"),
        ("2021-01-15", -13, "month", "2019-12-15"),
        ("2021-01", 1, "month", "2021-03-03"),
        ("2021-12-31", 1, "day", "2022-01-01"),
        ("2021-06-23", -180, "day", "2020-12-25"),
        ("2021-06-23", 48, "hour", "2021-06-25"),
        ("2021-06-23", -24, "hour", "2021-06-22"),
        ("2021-06-23", 0, "year", "2021-06-23"),
    ];
    for (text, amount, unit, expected) in table {
        assert_eq!(plus(text, amount, unit), format!("{expected}T00:00:00.000Z"), "{text} {amount} {unit}");
    }
}

#[test]
fn offsets_keep_the_time_of_day() {
    assert_eq!(plus("2020-02-29T23:59:59.999Z", 1, "year"), "2021-03-01T23:59:59.999Z");
    assert_eq!(plus("1969-12-31T23:59:59.999Z", 1, "month"), "1970-01-31T23:59:59.999Z");
    assert_eq!(plus("2021-05-04T00:30:00+02:00", 1, "month"), "2021-06-03T22:30:00.000Z");
}

#[test]
fn times_end_where_those_of_ecmascript_end() {
    assert_eq!(plus("1970-01-01", 100_000_000, "day"), "+275760-09-13T00:00:00.000Z");
    assert_eq!(plus("1970-01-01", -100_000_000, "day"), "-271821-04-20T00:00:00.000Z");
    for unit in ["year", "month", "day", "hour"] {
        for amount in [i64::MAX, i64::MIN, 1 << 60, -(1 << 60), 2_400_000_001, -2_400_000_001] {
            assert_eq!(plus("1970-01-01", amount, unit), "-", "{amount} {unit}");
        }
    }
    assert_eq!(plus("1970-01-01", 100_000_001, "day"), "-");
}

#[test]
fn every_day_of_eight_centuries_is_the_day_after_the_one_before() {
    let (mut year, mut month, mut day) = (1800, 1, 1);
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    for days in days_before(1800, 1)..days_before(2600, 1) {
        assert_eq!(date_of(days), (year, month, day));
        let last = match month {
            4 | 6 | 9 | 11 => 30,
            2 => 28 + i64::from(leap(year)),
            _ => 31,
        };
        (year, month, day) = match (month, day) {
            (12, 31) => (year + 1, 1, 1),
            _ if day == last => (year, month + 1, 1),
            _ => (year, month, day + 1),
        };
    }
    assert_eq!((year, month, day), (2600, 1, 1));
    assert_eq!(days_before(1970, 1), 0);
}

#[test]
fn dates_at_both_ends_of_time_are_found_again() {
    for days in (-100_000_000..=100_000_000).step_by(9_973) {
        let (year, month, day) = date_of(days);
        assert_eq!(days_before(year, month) + day - 1, days, "{year}-{month}-{day}");
        assert!((1..=days_in(year, month)).contains(&day), "{year}-{month}-{day}");
    }
}
