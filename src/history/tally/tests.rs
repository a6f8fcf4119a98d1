//! Commits are counted in the cells that apply, whatever thread met them.

use super::*;
use crate::provenance::{CommitId, ModelName};

const DAY: i64 = SECONDS_PER_DAY;
const MARCH_2025: i64 = 20_148 * DAY;

fn reading(class: Class, parts: &[(&str, Option<Phase>)]) -> CommitReading {
    let parts = parts
        .iter()
        .map(|(model, phase)| {
            Part::new(ModelName::parse(model).unwrap(), phase.clone(), Grade::Inferred)
        })
        .collect();
    CommitReading::new(class, parts)
}

fn add(tally: &mut Tally, reading: &CommitReading, seconds: i64) {
    let id = CommitId::from_bytes(&[0; 20]).unwrap();
    tally.add(&CommitFacts::new(id, reading, seconds));
}

#[test]
fn unknown_commits_are_told_apart_by_the_first_mark() {
    let mut one = Tally::default();
    add(&mut one, &reading(Class::Unknown, &[]), MARCH_2025 - DAY);
    add(&mut one, &reading(Class::Unknown, &[]), MARCH_2025 + 5);
    add(&mut one, &CommitReading { bot: true, ..reading(Class::Unknown, &[]) }, MARCH_2025);
    let mut two = Tally::default();
    add(&mut two, &reading(Class::MarksOnly, &[("alpha", None)]), MARCH_2025 + 9);
    add(&mut two, &reading(Class::MarksOnly, &[]), 1_000_000_000);
    one.merge(two);
    let summary = one.finish();
    assert_eq!(summary.first_mark_day, Some(MARCH_2025 / DAY));
    let coverage = summary.coverage;
    assert_eq!((coverage.unknown, coverage.bots, coverage.before_first_mark), (3, 1, 1));
    assert_eq!((coverage.known_since_first_mark(), coverage.unknown_since_first_mark()), (2, 1));
    assert_eq!(summary.tool_only.commits, 1);
}

#[test]
fn a_commit_counts_once_in_each_cell_that_applies() {
    let mut tally = Tally::default();
    let parts = [
        ("alpha", Some(Phase::Architecture)),
        ("alpha", Some(Phase::Review)),
        ("alpha", Some(Phase::Review)),
        ("beta", Some(Phase::Implementation)),
    ];
    add(&mut tally, &reading(Class::Recorded(Grade::Observed), &parts), MARCH_2025);
    add(&mut tally, &reading(Class::Recorded(Grade::Observed), &parts[..1]), MARCH_2025 + DAY);
    let summary = tally.finish();
    assert_eq!(summary.models[0].commits, 2);
    let cell = |commits, last| Cell {
        commits,
        first_day: 20_148,
        last_day: last,
        lines: LineSums::default(),
    };
    assert_eq!(
        summary.models[0].cells,
        [(Some(Phase::Architecture), cell(2, 20_149)), (Some(Phase::Review), cell(1, 20_148))]
    );
}

#[test]
fn a_commit_with_two_other_phases_counts_once_in_their_column() {
    let other = |word: &str| Some(Phase::Other(word.to_owned()));
    let mut tally = Tally::default();
    add(
        &mut tally,
        &reading(Class::MarksOnly, &[("alpha", other("tests")), ("alpha", other("docs"))]),
        0,
    );
    let tool_phases = vec![Phase::Other("tests".to_owned()), Phase::Advice, Phase::Review];
    add(&mut tally, &CommitReading { tool_phases, ..reading(Class::MarksOnly, &[]) }, 0);
    let summary = tally.finish();
    let alpha = &summary.models[0];
    assert_eq!((alpha.commits, alpha.other_phase, alpha.cells.len()), (1, 1, 2));
    let tool = &summary.tool_only;
    assert_eq!((tool.commits, tool.other_phase, tool.cells.len()), (1, 1, 3));
}
