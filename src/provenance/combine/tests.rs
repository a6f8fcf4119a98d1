//! Tests of two records made into one.

use super::*;
use crate::provenance::{CommitId, ModelName, Phase, Tokens};

fn model(name: &str, grade: Grade) -> Origin {
    Origin::Model {
        model: ModelName::parse(name).unwrap(),
        phase: Some(Phase::Implementation),
        agent: None,
        grade,
    }
}

/// A record of `f`: whose each of the first lines is, by their places in `who`; `None` for nobody.
fn record(who: &[Origin], lines: &[Option<usize>]) -> CommitRecord {
    let contribution = |(place, origin): (usize, &Origin)| {
        let added = lines.iter().filter(|line| **line == Some(place)).count();
        let lines = LineCounts { added: u32::try_from(added).unwrap(), ..LineCounts::default() };
        Contribution { origin: origin.clone(), requested: None, session: None, lines }
    };
    let range = |(line, owner): (u32, &Option<usize>)| {
        owner.map(|contribution| AttributedRange { start: line, end: line, contribution })
    };
    let unknown = lines.iter().filter(|line| line.is_none()).count();
    CommitRecord {
        contributions: who.iter().enumerate().map(contribution).collect(),
        files: vec![FileAttribution {
            path: "f".into(),
            ranges: (1..).zip(lines).filter_map(range).collect(),
        }],
        unknown: LineCounts { added: u32::try_from(unknown).unwrap(), ..LineCounts::default() },
        ..CommitRecord::default()
    }
}

fn name(origin: &Origin) -> String {
    match origin {
        Origin::Model { model, grade, .. } => format!("{} {}", model.display(), grade.as_str()),
        other => format!("{other:?}"),
    }
}

/// Draws a record: `1-2 Opus 5.5 declared`, then who is named with how many lines, then what nobody has.
fn drawn(record: &CommitRecord) -> Vec<String> {
    let ranges = record.files.iter().flat_map(|file| &file.ranges).map(|range| {
        let who = &record.contributions[range.contribution].origin;
        format!("{}-{} {}", range.start, range.end, name(who))
    });
    let parts = record
        .contributions
        .iter()
        .map(|one| format!("{} +{} -{}", name(&one.origin), one.lines.added, one.lines.deleted));
    let unknown = format!("unknown +{} -{}", record.unknown.added, record.unknown.deleted);
    ranges.chain(parts).chain([unknown]).collect()
}

#[test]
fn what_only_one_machine_knows_is_known() {
    let opus = record(&[model("Opus 5.5", Grade::Observed)], &[Some(0), None, None]);
    let human = record(&[Origin::Human], &[None, None, Some(0)]);
    let expected = [
        "1-1 Opus 5.5 observed",
        "3-3 Human",
        "Opus 5.5 observed +1 -0",
        "Human +1 -0",
        "unknown +1 -0",
    ];
    assert_eq!(drawn(&combine(opus.clone(), human.clone())), expected);
    assert_eq!(drawn(&combine(human, opus)), expected);
}

#[test]
fn the_better_evidence_counts_and_the_other_stays_named() {
    let opus = record(&[model("Opus 5.5", Grade::Observed)], &[Some(0), Some(0)]);
    let haiku = record(&[model("Haiku 4.5", Grade::Declared)], &[None, Some(0)]);
    let expected = [
        "1-2 Opus 5.5 observed",
        "Opus 5.5 observed +2 -0",
        "Haiku 4.5 declared +0 -0",
        "unknown +0 -0",
    ];
    assert_eq!(drawn(&combine(haiku, opus)), expected);
}

#[test]
fn a_line_that_two_claim_with_equal_evidence_is_nobodys() {
    let opus = record(&[model("Opus 5.5", Grade::Declared)], &[Some(0), Some(0)]);
    let human = record(&[Origin::Human], &[Some(0), None]);
    let expected =
        ["2-2 Opus 5.5 declared", "Opus 5.5 declared +1 -0", "Human +0 -0", "unknown +1 -0"];
    assert_eq!(drawn(&combine(opus, human)), expected);
}

#[test]
fn the_same_model_known_in_two_ways_is_named_once() {
    let observed = record(&[model("Opus 5.5", Grade::Observed)], &[Some(0), Some(0)]);
    let declared = record(&[model("claude-opus-5-5", Grade::Declared)], &[Some(0), Some(0)]);
    let expected = ["1-2 Opus 5.5 observed", "Opus 5.5 observed +2 -0", "unknown +0 -0"];
    assert_eq!(drawn(&combine(declared, observed)), expected);
}

#[test]
fn of_two_commits_only_what_both_say_is_known() {
    let opus = record(&[model("Opus 5.5", Grade::Observed)], &[Some(0), Some(0), Some(0)]);
    let other = record(
        &[model("Opus 5.5", Grade::Declared), model("Haiku 4.5", Grade::Observed)],
        &[Some(0), Some(1), None],
    );
    let expected = [
        "1-1 Opus 5.5 declared",
        "Opus 5.5 declared +1 -0",
        "Haiku 4.5 observed +0 -0",
        "unknown +2 -0",
    ];
    assert_eq!(drawn(&combine_either(opus, other)), expected);
}

#[test]
fn deleted_lines_are_given_once() {
    let with_deleted = |origin: Origin, deleted: u32, unknown: u32| {
        let mut record = record(&[origin], &[]);
        record.contributions[0].lines.deleted = deleted;
        record.unknown.deleted = unknown;
        record
    };
    let opus = with_deleted(model("Opus 5.5", Grade::Observed), 3, 2);
    let human = with_deleted(Origin::Human, 5, 0);
    let expected = ["Opus 5.5 observed +0 -3", "Human +0 -2", "unknown +0 -0"];
    assert_eq!(drawn(&combine(opus.clone(), human)), expected);
    let haiku = with_deleted(model("Haiku 4.5", Grade::Observed), 3, 2);
    let expected = ["Haiku 4.5 observed +0 -0", "Opus 5.5 observed +0 -0", "unknown +0 -5"];
    assert_eq!(drawn(&combine(opus, haiku)), expected);
}

#[test]
fn a_record_without_ranges_gives_way_to_one_that_has_them() {
    let mut bare = record(&[model("Opus 5.5", Grade::Observed)], &[Some(0), Some(0)]);
    bare.files.clear();
    let placed = record(&[model("Opus 5.5", Grade::Declared)], &[Some(0), None]);
    let expected = ["1-1 Opus 5.5 declared", "Opus 5.5 declared +1 -0", "unknown +1 -0"];
    assert_eq!(drawn(&combine(bare.clone(), placed)), expected);
    let mut other = bare.clone();
    other.trailers.push("Model: Opus 5.5 (implementation)".into());
    assert_eq!(drawn(&combine(bare, other)), ["Opus 5.5 observed +2 -0", "unknown +0 -0"]);
}

#[test]
fn a_range_of_all_numbers_costs_no_more_than_any_other() {
    let mut opus = record(&[model("Opus 5.5", Grade::Declared)], &[]);
    opus.files[0].ranges.push(AttributedRange { start: 1, end: u32::MAX, contribution: 0 });
    let human = record(&[Origin::Human], &[None, Some(0)]);
    let combined = combine(opus, human);
    let expected = [(1, 1), (3, u32::MAX)];
    let ranges = combined.files[0].ranges.iter().map(|range| (range.start, range.end));
    assert_eq!(ranges.collect::<Vec<_>>(), expected);
}

#[test]
fn all_else_is_united() {
    let usage = |answers| Usage {
        agent: "claude-code".into(),
        session: "s".into(),
        model: ModelName::parse("Opus 5.5").unwrap(),
        phase: Phase::Implementation,
        answers,
        tokens: Tokens::default(),
    };
    let source = |digit: &str| digit.repeat(40).parse::<CommitId>().unwrap();
    let first = CommitRecord {
        trailers: vec!["Model: Opus 5.5 (implementation)".into()],
        usage: vec![usage(3)],
        recorder: Recorder::Record,
        operation: Operation::Commit,
        sources: vec![source("a")],
        ..CommitRecord::default()
    };
    let second = CommitRecord {
        trailers: vec!["Model: Opus 5.5 (review)".into()],
        usage: vec![usage(5)],
        recorder: Recorder::Hook,
        operation: Operation::Amend,
        sources: vec![source("b"), source("a")],
        ..CommitRecord::default()
    };
    let combined = combine(first, second);
    assert_eq!(combined.trailers.len(), 2);
    assert_eq!(combined.usage, [usage(5)]);
    assert_eq!(combined.sources, [source("b"), source("a")]);
    assert_eq!((combined.recorder, combined.operation), (Recorder::Hook, Operation::Amend));
}
