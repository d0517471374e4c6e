//! A command of the page is named in four places; one that is missing from any is refused only when somebody calls it.

use std::collections::BTreeSet;

const GIVEN: &str = include_str!("../src/lib.rs");
const DECLARED: &str = include_str!("../build.rs");
const PERMITTED: &str = include_str!("../capabilities/main.json");
const CALLED: &str = include_str!("../../ui/src/lib/shell.ts");

#[test]
fn every_command_is_given_declared_permitted_and_called() {
    let given = names(GIVEN, "generate_handler![", "]", |line| line.rsplit("::").next());
    assert!(given.len() > 20, "too few to be all: {given:?}");
    assert_eq!(names(DECLARED, "COMMANDS: &[&str] = &[", "]", |line| Some(line.trim_matches('"'))), given);
    let permitted = |line: &'static str| line.trim_matches('"').strip_prefix("allow-");
    let permitted = names(PERMITTED, "\"permissions\": [", "]", permitted);
    assert_eq!(permitted.into_iter().map(|name| name.replace('-', "_")).collect::<BTreeSet<_>>(), given);
    for name in &given {
        assert!(CALLED.contains(&format!("'{name}'")), "the page never calls {name}");
    }
}

/// The names on the lines between `start` and `end`.
fn names(
    text: &'static str,
    start: &str,
    end: &str,
    name: impl Fn(&'static str) -> Option<&'static str>,
) -> BTreeSet<String> {
    let (_, rest) = text.split_once(start).expect("the list begins");
    let (list, _) = rest.split_once(end).expect("the list ends");
    let lines = list.lines().map(|line| line.trim().trim_end_matches(',')).filter(|line| !line.is_empty());
    lines.filter_map(name).map(str::to_owned).collect()
}
