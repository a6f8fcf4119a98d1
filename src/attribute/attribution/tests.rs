//! What the attribution of one file comes to, drawn line by line.

use super::*;
use crate::provenance::{Grade, ModelName, Phase};

fn model(name: &str) -> Origin {
    Origin::Model {
        model: ModelName::parse(name).unwrap(),
        phase: Some(Phase::Implementation),
        agent: None,
        grade: Grade::Declared,
    }
}

fn file(base: &str, new: &str) -> ChangedFile {
    ChangedFile { path: "f".into(), base: base.into(), new: new.into(), ..ChangedFile::default() }
}

fn attributed(
    file: &ChangedFile,
    sources: &[CommitRecord],
    declared: Option<&str>,
) -> CommitRecord {
    let mut attribution = Attribution::new(sources, &[], declared.map(model));
    attribution.add_file(file, |_| Traces::new());
    attribution.finish()
}

/// Draws each added line's owner: the model's first letter, `?` where it stands nowhere.
fn drawn(record: &CommitRecord) -> Vec<(u32, u32, String)> {
    let name = |range: &AttributedRange| match &record.contributions[range.contribution].origin {
        Origin::Model { model, .. } => model.display().to_owned(),
        other => format!("{other:?}"),
    };
    record
        .files
        .iter()
        .flat_map(|f| &f.ranges)
        .map(|range| (range.start, range.end, name(range)))
        .collect()
}

#[test]
fn a_declared_model_gets_what_the_commit_changes() {
    let record = attributed(&file("a\nb\n", "a\nB\n}\n"), &[], Some("Opus 5.5"));
    assert_eq!(drawn(&record), [(2, 3, "Opus 5.5".into())]);
    assert_eq!(record.contributions[0].lines, LineCounts { added: 2, deleted: 1, trivial: 1 });
    assert_eq!(record.unknown, LineCounts::default());
}

#[test]
fn without_evidence_lines_are_unknown() {
    let record = attributed(&file("a\n", "a\nb\n"), &[], None);
    assert_eq!(record.contributions, []);
    assert_eq!(record.unknown, LineCounts { added: 1, deleted: 0, trivial: 0 });
}

#[test]
fn amended_lines_keep_their_origin_and_only_new_ones_are_declared() {
    let first = attributed(&file("a\n", "a\nb\n"), &[], Some("Opus 5.5"));
    let mut amended = file("a\n", "a\nnew\nb\n");
    amended.sources = vec![Some(SourceFile { path: "f".into(), content: "a\nb\n".into() })];
    let record = attributed(&amended, &[first], Some("Sonnet 5.5"));
    assert_eq!(drawn(&record), [(2, 2, "Sonnet 5.5".into()), (3, 3, "Opus 5.5".into())]);
}

#[test]
fn lines_of_a_source_without_record_stay_unknown() {
    let mut picked = file("a\n", "a\nb\n");
    picked.sources = vec![Some(SourceFile { path: "f".into(), content: "z\nb\n".into() })];
    let record = attributed(&picked, &[CommitRecord::default()], Some("Sonnet 5.5"));
    assert_eq!((record.contributions.len(), record.unknown.added), (0, 1));
}

#[test]
fn of_two_commits_that_may_have_given_a_line_neither_gets_it() {
    let first = attributed(&file("a\n", "a\nb\n"), &[], Some("Opus 5.5"));
    let second = attributed(&file("a\n", "a\nb\n"), &[], Some("Sonnet 5.5"));
    let mut picked = file("a\n", "a\nb\n");
    let source = Some(SourceFile { path: "f".into(), content: "a\nb\n".into() });
    picked.sources = vec![source.clone(), source];
    let records = [first, second];
    let drawn_with = |lineage: Vec<Vec<bool>>| {
        let mut attribution = Attribution::new(&records, &[], None).with_lineage(lineage);
        attribution.add_file(&picked, |_| Traces::new());
        drawn(&attribution.finish())
    };
    assert_eq!(drawn_with(vec![vec![false, false]; 2]), []);
    assert_eq!(
        drawn_with(vec![vec![false, true], vec![false, false]]),
        [(2, 2, "Opus 5.5".into())]
    );
}

#[test]
fn of_two_equal_lines_one_of_which_is_left_neither_writer_gets_it() {
    let mut first = attributed(&file("a\n", "x\na\nx\n"), &[], Some("Opus 5.5"));
    first.files[0].ranges.truncate(1); // The other `x` is nobody's.
    let mut amended = file("a\n", "x\n");
    amended.sources = vec![Some(SourceFile { path: "f".into(), content: "x\na\nx\n".into() })];
    assert_eq!(drawn(&attributed(&amended, &[first], Some("Sonnet 5.5"))), []);
}

#[test]
fn observed_lines_come_before_declared_ones_and_deletions_have_a_deleter() {
    let writer = Contribution {
        origin: model("Opus 5.5"),
        requested: None,
        session: None,
        lines: LineCounts::default(),
    };
    let mut changed = file("a\nb\nc\n", "a\nnew\nby hand\n");
    changed.observed = Some(ObservedFile {
        start: changed.base.clone(),
        start_owners: Vec::new(),
        owners: vec![Owner::Start, Owner::Writer(0), Owner::Nobody],
        deleted: vec![(1, Owner::Writer(0)), (2, Owner::Nobody)],
    });
    let writers = [writer];
    let mut attribution = Attribution::new(&[], &writers, None);
    attribution.add_file(&changed, |_| Traces::new());
    let record = attribution.finish();
    assert_eq!(drawn(&record), [(2, 2, "Opus 5.5".into())]);
    assert_eq!(record.contributions[0].lines, LineCounts { added: 1, deleted: 1, trivial: 0 });
    assert_eq!(record.unknown, LineCounts { added: 1, deleted: 1, trivial: 0 });
}

#[test]
fn what_an_earlier_commit_left_out_was_deleted_by_who_wrote_its_place() {
    let writers = [Contribution {
        origin: model("Opus 5.5"),
        requested: None,
        session: None,
        lines: LineCounts::default(),
    }];
    let mut changed = file("a\nold\n", "a\nnew\n");
    changed.observed = Some(ObservedFile {
        start: changed.new.clone(),
        start_owners: vec![Owner::Start, Owner::Writer(0)],
        owners: vec![Owner::Start, Owner::Writer(0)],
        deleted: Vec::new(),
    });
    let mut attribution = Attribution::new(&[], &writers, None);
    attribution.add_file(&changed, |_| Traces::new());
    let record = attribution.finish();
    assert_eq!(record.contributions[0].lines, LineCounts { added: 1, deleted: 1, trivial: 0 });
    assert_eq!(record.unknown, LineCounts::default());
}

#[test]
fn a_merge_counts_only_lines_that_no_parent_has() {
    let mut merged = file("a\nours\n", "a\nours\ntheirs\nresolved\n");
    merged.other_parents = vec![b"a\ntheirs\n".to_vec()];
    let record = attributed(&merged, &[], Some("Opus 5.5"));
    assert_eq!(drawn(&record), [(4, 4, "Opus 5.5".into())]);
}

#[test]
fn a_plan_stays_with_the_amended_commit_and_deleted_lines_with_who_deleted_them() {
    let mut first = attributed(&file("a\nb\n", "a\n"), &[], Some("Opus 5.5"));
    let plan = Contribution {
        origin: model("Fable 5.1"),
        requested: None,
        session: None,
        lines: LineCounts::default(),
    };
    first.contributions.push(plan);
    let mut amended = file("a\nb\n", "");
    amended.sources = vec![Some(SourceFile { path: "f".into(), content: "a\n".into() })];
    let record = attributed(&amended, &[first], Some("Sonnet 5.5"));
    let parts = record.contributions.iter().map(|one| match &one.origin {
        Origin::Model { model, .. } => (model.display().to_owned(), one.lines.deleted),
        _ => unreachable!(),
    });
    let mut parts = parts.collect::<Vec<_>>();
    parts.sort();
    assert_eq!(parts, [("Fable 5.1".into(), 0), ("Opus 5.5".into(), 1), ("Sonnet 5.5".into(), 1)]);
}
