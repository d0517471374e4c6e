//! The page's TypeScript is written from these types, so the two cannot drift apart.

use std::fs;
use std::path::Path;

use ts_rs::{Config, TS};

use super::*;

const HEAD: &str = "// Written from crates/station/src/view.rs by `cargo test -p station`. Do not edit.\n";

#[test]
fn the_pages_types_are_those_of_the_station() {
    let config = Config::default();
    let declarations = [
        Outcome::decl(&config),
        Fact::decl(&config),
        Report::decl(&config),
        KindView::decl(&config),
        PassView::decl(&config),
        PhotoView::decl(&config),
        GeneralView::decl(&config),
        UsesView::decl(&config),
        SubmissionView::decl(&config),
        Counts::decl(&config),
        KeysView::decl(&config),
        ModeView::decl(&config),
        PolicyView::decl(&config),
        LogView::decl(&config),
        Warning::decl(&config),
        Role::decl(&config),
        SessionView::decl(&config),
        PinsView::decl(&config),
        OperatorView::decl(&config),
        PeopleView::decl(&config),
        Operator::decl(&config),
        Settings::decl(&config),
        crate::KeyPlace::decl(&config),
        Problem::decl(&config),
        DeniedView::decl(&config),
        Status::decl(&config),
        Sample::decl(&config),
        EntryOutcome::decl(&config),
        JournalFilter::decl(&config),
        JournalLine::decl(&config),
        JournalPage::decl(&config),
        BucketView::decl(&config),
        ReasonCount::decl(&config),
        StatisticsView::decl(&config),
        SpanView::decl(&config),
        WitnessView::decl(&config),
        ProofView::decl(&config),
        AnomalyView::decl(&config),
        ExportFormat::decl(&config),
        KeyView::decl(&config),
        KeyChangeView::decl(&config),
        EditionView::decl(&config),
        KeyLineView::decl(&config),
        RefreshView::decl(&config),
    ];
    let body: String = declarations.iter().map(|declaration| format!("\nexport {declaration}\n")).collect();
    holds("station.ts", &format!("{HEAD}{body}"));
}

#[test]
fn the_pages_reasons_and_events_are_those_of_the_log() {
    let head = HEAD.replace("station/src/view.rs", "{credential/src/refusal,station/src/event}.rs");
    let names = |names: &[&str]| names.iter().map(|name| format!("  '{name}',\n")).collect::<String>();
    let list = |list: &str, name: &str, all: &[&str]| {
        let all = names(all);
        format!(
            "\nexport const {list} = [\n{all}] as const;\n\nexport type {name} = (typeof {list})[number];\n"
        )
    };
    let reasons = list("REASONS", "Reason", credential::REASONS);
    let events = list("EVENTS", "EventName", &crate::EVENTS);
    let quoted = |names: &[&str]| names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
    let evidence = |(name, names): &(&str, &[&str])| format!("  {name}: [{}],\n", quoted(names));
    let evidence: String = credential::EVIDENCE.iter().map(evidence).collect();
    let evidence = format!(
        "\n/** What each reason can have as evidence, which its text can have as places. */\nexport const EVIDENCE: Record<Reason, readonly string[]> = {{\n{evidence}}};\n"
    );
    holds("reasons.ts", &format!("{head}{reasons}{evidence}{events}"));
}

#[test]
fn the_pages_limits_are_those_of_the_station() {
    use crate::settings::{
        ACCEPTED_SECONDS, CAPACITY, KEEP_DAYS, KEYS_DAYS, MAX_OPERATOR_NAME, MAX_OPERATORS, MAX_ZONE,
        REFUSED_SECONDS, REPEAT_MINUTES,
    };
    let head = HEAD.replace("view.rs", "{settings,pin}.rs");
    let (least, most) = (crate::PIN_DIGITS.start(), crate::PIN_DIGITS.end());
    let ranges = [
        ("ACCEPTED_SECONDS", ACCEPTED_SECONDS),
        ("REFUSED_SECONDS", REFUSED_SECONDS),
        ("REPEAT_MINUTES", REPEAT_MINUTES),
        ("KEYS_DAYS", KEYS_DAYS),
        ("KEEP_DAYS", KEEP_DAYS),
        ("CAPACITY", CAPACITY),
    ];
    let range = |(name, range): (&str, std::ops::RangeInclusive<u32>)| {
        format!(
            "\n/** The least and the most. */\nexport const {name} = [{}, {}] as const;\n",
            range.start(),
            range.end()
        )
    };
    let ranges: String = ranges.into_iter().map(range).collect();
    let digits = format!(
        "\n/** The fewest and the most digits. */\nexport const PIN_DIGITS = [{least}, {most}] as const;\n"
    );
    let operators = format!(
        "\nexport const MAX_OPERATORS = {MAX_OPERATORS};\n\n/** Characters. */\nexport const MAX_OPERATOR_NAME = {MAX_OPERATOR_NAME};\n\n/** Characters. */\nexport const MAX_ZONE = {MAX_ZONE};\n"
    );
    holds("limits.ts", &format!("{head}{digits}{ranges}{operators}"));
}

/// Fails when the file differs, and leaves the right one there to be committed.
fn holds(file: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/types").join(file);
    if fs::read_to_string(&path).is_ok_and(|there| there == wanted) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, wanted).unwrap();
    panic!("{} was out of date and has been written anew: commit it", path.display());
}
