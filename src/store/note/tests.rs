//! Tests of notes: what we write reads back, is valid, and what others write does no harm.

use super::*;
use crate::provenance::{
    ApprovedBy, Drift, FindingCounts, FollowedPlan, Operation, Phase, ReadBy, Recorder, Review,
    Strength, Tokens, Usage, Verdict,
};

fn commit() -> CommitId {
    "0123456789abcdef0123456789abcdef01234567".parse().unwrap()
}

fn record() -> CommitRecord {
    let contribution = |name: &str, phase: Phase, added: u32| Contribution {
        origin: Origin::Model {
            model: ModelName::parse(name).unwrap(),
            phase: Some(phase),
            agent: Some("claude-code".to_owned()),
            grade: Grade::Declared,
        },
        requested: None,
        session: None,
        lines: LineCounts { added, deleted: 1, trivial: 0 },
    };
    let human = Contribution {
        origin: Origin::Human,
        requested: None,
        session: None,
        lines: LineCounts { added: 2, deleted: 0, trivial: 1 },
    };
    CommitRecord {
        contributions: vec![
            contribution("claude-opus-5-5", Phase::Architecture, 0),
            contribution("claude-sonnet-5-5", Phase::Implementation, 3),
            human,
        ],
        files: vec![FileAttribution {
            path: "src/a b.rs".to_owned(),
            ranges: vec![
                AttributedRange { start: 1, end: 3, contribution: 1 },
                AttributedRange { start: 7, end: 8, contribution: 2 },
            ],
        }],
        unknown: LineCounts { added: 4, deleted: 0, trivial: 0 },
        trailers: vec!["Model: Opus 5.5 (architecture)".to_owned()],
        mismatches: vec![ModelName::parse("claude-haiku-5-5").unwrap()],
        read_by: vec![ReadBy {
            name: "security-review".to_owned(),
            model: Some(ModelName::parse("claude-opus-5-5").unwrap()),
            agent: "claude-code".to_owned(),
            session: Some("s".to_owned()),
        }],
        reviews: vec![Review {
            reviewer: ModelName::parse("claude-opus-5-5").unwrap(),
            requested: Some(ModelName::parse("claude-fable-5-2").unwrap()),
            by: "claude".to_owned(),
            grade: Grade::Observed,
            tree: commit(),
            verdict: Verdict::Pass,
            drift: Drift::Minor,
            findings: FindingCounts { low: 1, ..FindingCounts::default() },
            fixed: FindingCounts { high: 2, ..FindingCounts::default() },
            dismissed: FindingCounts::default(),
            rounds: 3,
            is_partial: true,
            plan_hash: Some(commit()),
            prompt_version: 2,
            strength: Strength::Stronger,
            is_carried: true,
        }],
        skips_review: true,
        usage: vec![Usage {
            agent: "claude-code".to_owned(),
            session: "s".to_owned(),
            model: ModelName::parse("claude-opus-5-5").unwrap().with_effort("high"),
            phase: Phase::Architecture,
            answers: 2,
            tokens: Tokens { input: 1, output: 2, cache_read: 3, cache_write: 4 },
        }],
        plans: vec![FollowedPlan {
            id: "7f3a9c1b".parse().unwrap(),
            version: 2,
            hash: commit(),
            approved_by: Some(ApprovedBy::Person),
            steps: Some("1-2".parse().unwrap()),
            grade: Grade::Declared,
        }],
        unclear_plans: vec!["0a0a0a0a".parse().unwrap()],
        recorder: Recorder::Hook,
        operation: Operation::Amend,
        sources: vec![commit()],
    }
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).unwrap()
}

fn schema() -> jsonschema::Validator {
    let schema = include_str!("../../../data/agent-trace-0.1.0.schema.json");
    jsonschema::options()
        .should_validate_formats(true)
        .build(&serde_json::from_str(schema).unwrap())
        .unwrap()
}

#[test]
fn a_note_reads_back_what_was_written() {
    let note = render(commit(), &record(), now());
    assert_eq!(parse(commit(), &note).unwrap(), record());
}

#[test]
fn a_note_is_a_valid_agent_trace_record() {
    for record in [record(), CommitRecord::default()] {
        let note = render(commit(), &record, now());
        let value = serde_json::from_slice(&note).unwrap();
        let errors =
            schema().iter_errors(&value).map(|error| error.to_string()).collect::<Vec<_>>();
        assert_eq!(errors, Vec::<String>::new());
    }
    assert!(
        !schema().is_valid(&serde_json::json!({"version": "0.1.0"})),
        "the validator must be able to fail"
    );
}

#[test]
fn a_joined_note_is_read_for_the_commit_it_is_about() {
    let other = "ffffffffffffffffffffffffffffffffffffffff".parse().unwrap();
    let mut joined = render(commit(), &record(), now());
    joined.extend(b"\n\n");
    joined.extend(render(other, &CommitRecord::default(), now()));
    assert_eq!(parse(commit(), &joined).unwrap(), record());
    assert_eq!(parse(other, &joined).unwrap(), CommitRecord::default());
}

#[test]
fn newer_minor_versions_are_read_and_newer_major_ones_are_named() {
    let note = String::from_utf8(render(commit(), &record(), now())).unwrap();
    let minor = note.replace(r#""schema":"1.1""#, r#""schema":"1.7","of tomorrow":[1]"#);
    assert_eq!(parse(commit(), minor.as_bytes()).unwrap(), record());
    let major = note.replace(r#""schema":"1.1""#, r#""schema":"2.0""#);
    assert!(
        matches!(parse(commit(), major.as_bytes()), Err(Error::NewerNote { found, .. }) if found == "2.0")
    );
}

#[test]
fn a_damaged_note_is_an_error_and_no_panic() {
    let note = render(commit(), &record(), now());
    assert!(matches!(parse(commit(), b""), Err(Error::DamagedNote { .. })));
    for cut in 0..note.len() {
        assert!(parse(commit(), &note[..cut]).is_err(), "cut at {cut}");
    }
}

#[test]
fn a_record_of_another_program_gives_the_models_it_names() {
    let note = r#"{"version":"0.1","id":"x","timestamp":"t","files":[{"path":"a","conversations":[
        {"contributor":{"type":"ai","model_id":"anthropic/claude-opus-4-5-20251101"},"ranges":[{"start_line":1,"end_line":2}]},
        {"contributor":{"type":"human"},"ranges":[{"start_line":3,"end_line":3}]}]}]}"#;
    let record = parse(commit(), note.as_bytes()).unwrap();
    let ids = record.contributions.iter().map(|one| match &one.origin {
        Origin::Model { model, .. } => model.id().to_owned(),
        other => format!("{other:?}"),
    });
    assert_eq!(ids.collect::<Vec<_>>(), ["claude-opus-4-5"]);
}

#[test]
fn a_note_over_the_limit_leaves_its_ranges_out() {
    let range =
        |line: u32| AttributedRange { start: line * 2 + 1, end: line * 2 + 1, contribution: 1 };
    let files =
        vec![FileAttribution { path: "a".to_owned(), ranges: (0..60_000).map(range).collect() }];
    let note = render(commit(), &CommitRecord { files, ..record() }, now());
    assert!(note.len() < SIZE_LIMIT);
    let read = parse(commit(), &note).unwrap();
    assert_eq!(read, CommitRecord { files: Vec::new(), ..record() });
}

#[test]
fn notes_of_every_version_so_far_are_read() {
    let of_1_0 = r#"{"version":"0.1.0","id":"x","timestamp":"t","files":[],"metadata":{"git-model":{"schema":"1.0",
        "recorder":"hook","operation":"commit","contributions":[{"kind":"model","model":"claude-opus-5-5","name":"Opus 5.5",
        "phase":"review","agent":"claude-code","grade":"declared","lines":{"added":0,"deleted":0}}],
        "unknown":{"added":1,"deleted":0},"trailers":["Model: Opus 5.5 (review)"]}}}"#;
    let of_1_1 = of_1_0.replace(r#""schema":"1.0""#, r#""schema":"1.1","review_skipped":true,
        "reviews":[{"reviewer":"claude-opus-5-5","by":"codex","grade":"declared","verdict":"pass of tomorrow",
        "tree":"0123456789abcdef0123456789abcdef01234567"}]"#);
    let old = parse(commit(), of_1_0.as_bytes()).unwrap();
    assert_eq!((old.reviews.len(), old.skips_review), (0, false));
    let new = parse(commit(), of_1_1.as_bytes()).unwrap();
    assert_eq!(new.contributions, old.contributions);
    assert!(new.skips_review);
    let [review] = &new.reviews[..] else { panic!("{:?}", new.reviews) };
    assert_eq!((review.verdict, review.strength), (Verdict::NotRun, Strength::Unknown));
    assert_eq!((review.rounds, review.prompt_version, review.is_carried), (1, 0, false));
}
