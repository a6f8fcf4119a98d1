//! The screens of `git model log`, whole.
#![expect(clippy::needless_raw_string_hashes, reason = "the snapshots are written by a program")]

use expect_test::{Expect, expect};

use crate::format::{self, Block, Canvas, Report};
use crate::history::{Class, CommitFacts, CommitReading, Full, Part, Tally};
use crate::provenance::{CommitId, Grade, ModelName, Phase};
use crate::report::{LogDetail, LogReport, LogScope};

const MARCH_2025: i64 = 1_740_787_200;

fn reading(class: Class, parts: &[(&str, Option<Phase>)]) -> CommitReading {
    let parts = parts
        .iter()
        .map(|(model, phase)| {
            Part::new(ModelName::parse(model).unwrap(), phase.clone(), Grade::Observed)
        })
        .collect();
    CommitReading::new(class, parts)
}

fn add(tally: &mut Tally, reading: &CommitReading, seconds: i64) {
    let id = CommitId::from_bytes(&[0; 20]).unwrap();
    tally.add(&CommitFacts::new(id, reading, seconds));
}

fn scope(filter: &str) -> LogScope {
    LogScope {
        repository: "aurora".to_owned(),
        range: "main".to_owned(),
        filter: filter.to_owned(),
    }
}

fn check(tally: &Tally, full: bool, format: &str, expected: &Expect) {
    let mut summary = tally.clone().finish();
    summary.full = full.then(Full::default);
    let report = LogReport::new(scope(""), summary, LogDetail { full, cost: false });
    let mut out = Vec::new();
    let canvas = Canvas { width: 80, colour: false };
    format::find(format).unwrap().report(&report, &canvas, &mut out).unwrap();
    // The CSV of RFC 4180 ends its lines with CR LF; an editor would not keep a bare CR here.
    expected.assert_eq(&String::from_utf8(out).unwrap().replace("\r\n", "\\r\n"));
}

fn busy() -> Tally {
    let mut tally = Tally::default();
    let planned = ("Alpha 5.5", Some(Phase::Architecture));
    for number in 0..1200 {
        let wrote = ("Beta 5.5", Some(Phase::Implementation));
        let class =
            Class::Recorded(if number % 10 == 0 { Grade::Declared } else { Grade::Observed });
        add(&mut tally, &reading(class, &[planned.clone(), wrote]), MARCH_2025 + number * 3600);
    }
    for name in ["Gamma", "Delta", "Epsilon"] {
        add(&mut tally, &reading(Class::MarksOnly, &[(name, None)]), MARCH_2025);
    }
    add(&mut tally, &reading(Class::MarksOnly, &[]), MARCH_2025);
    add(&mut tally, &reading(Class::Human, &[]), MARCH_2025);
    for day in -2000..40 {
        add(&mut tally, &reading(Class::Unknown, &[]), MARCH_2025 + day * 86_400);
    }
    add(&mut tally, &CommitReading { bot: true, ..reading(Class::Unknown, &[]) }, MARCH_2025);
    tally
}

#[test]
fn the_short_screen_has_about_fourteen_lines() {
    check(
        &busy(),
        false,
        "text",
        &expect![[r#"
            aurora, main: 3,246 commits; since the first AI mark 1,205 of 1,245 known, 97 %

              recorded    1,200   1,080 observed, 120 declared
              marks only      4   inferred from messages, may name the wrong model
              human           1   declared
              unknown     2,041   2,000 before the first mark (2025-03-01), 40 since, 1 bot

            Model                 planned  wrote  reviewed  phase not said
            Alpha 5.5               1,200      -         -               -
            Beta 5.5                    -  1,200         -               -
            Delta                       -      -         -               1
            2 more models               -      -         -               2
            tool named, no model        -      -         -               1
            (a commit counts in every cell that applies; more: git model log --full)
        "#]],
    );
}

#[test]
fn a_full_report_names_every_model_and_what_deserves_a_look() {
    let mut tally = busy();
    let mut doubtful = reading(Class::Human, &[]);
    doubtful.mismatches.push(ModelName::parse("Alpha 5.5").unwrap());
    add(&mut tally, &doubtful, MARCH_2025);
    check(
        &tally,
        true,
        "text",
        &expect![[r#"
            aurora, main: 3,247 commits; since the first AI mark 1,206 of 1,246 known, 97 %

              recorded    1,200   1,080 observed, 120 declared
              marks only      4   inferred from messages, may name the wrong model
              human           2   declared
              unknown     2,041   2,000 before the first mark (2025-03-01), 40 since, 1 bot

            Model                 planned  wrote  reviewed  phase not said
            Alpha 5.5               1,200      -         -               -
            Beta 5.5                    -  1,200         -               -
            Delta                       -      -         -               1
            Epsilon                     -      -         -               1
            Gamma                       -      -         -               1
            tool named, no model        -      -         -               1
            (a commit counts in every cell that applies)

            Look at  1 commit whose message names a model that the better source does not
            First    mark 2025-03-01, 0 commits before
        "#]],
    );
}

#[test]
fn a_history_without_any_mark_is_said_to_be_one() {
    let mut tally = Tally::default();
    add(&mut tally, &reading(Class::Unknown, &[]), MARCH_2025);
    check(
        &tally,
        false,
        "text",
        &expect![[r#"
            aurora, main: 1 commit; nothing says who wrote it

              recorded    0
              marks only  0
              human       0
              unknown     1
            (no evidence is "unknown", never "human"; record from now on: git model init)
        "#]],
    );
}

#[test]
fn marks_older_than_any_tool_are_shown_and_do_not_date_the_rest() {
    let mut tally = Tally::default();
    add(&mut tally, &reading(Class::MarksOnly, &[("Gamma", None)]), 1_000_000_000);
    add(&mut tally, &reading(Class::Unknown, &[]), MARCH_2025);
    let blocks = LogReport::new(scope(""), tally.finish(), LogDetail::default()).blocks();
    let headline =
        "aurora, main: 2 commits; those that name a model are dated before any AI tool was public";
    assert_eq!(blocks[0], Block::Sentence(headline.to_owned()));
}

#[test]
fn no_commits_are_no_table() {
    check(
        &Tally::default(),
        false,
        "text",
        &expect![[r#"
            aurora, main: 0 commits
        "#]],
    );
}

#[test]
fn programs_get_json_and_csv() {
    let mut tally = Tally::default();
    let parts = [("=Alpha", Some(Phase::Review)), ("Beta", None)];
    add(&mut tally, &reading(Class::Recorded(Grade::Observed), &parts), MARCH_2025);
    check(
        &tally,
        false,
        "json",
        &expect![[r#"
            {"schema":"git-model/log/1","repository":"aurora","range":"main","commits":1,"coverage":{"recorded":1,"observed":1,"declared":0,"marks_only":0,"human":0,"unknown":0,"before_first_mark":0,"bots":0},"first_mark":"2025-03-01","rows":[{"model":"=alpha","name":"=Alpha","phase":"review","commits":1,"first":"2025-03-01","last":"2025-03-01"},{"model":"beta","name":"Beta","phase":null,"commits":1,"first":"2025-03-01","last":"2025-03-01"}],"tool_without_model":0,"mismatches":0,"notes_newer":0,"notes_unreadable":0}
        "#]],
    );
    check(
        &tally,
        false,
        "csv",
        &expect![[r#"
            model,name,phase,commits,first,last\r
            "'=alpha","'=Alpha",review,1,2025-03-01,2025-03-01\r
            beta,Beta,,1,2025-03-01,2025-03-01\r
        "#]],
    );
    check(
        &tally,
        false,
        "markdown",
        &expect![[r#"
            aurora, main: 1 commit; since the first AI mark 1 of 1 known, 100 %

            - recorded: 1 (1 observed)
            - marks only: 0
            - human: 0
            - unknown: 0

            | Model | planned | wrote | reviewed | phase not said |
            | --- | ---: | ---: | ---: | ---: |
            | =Alpha | - | - | 1 | - |
            | Beta | - | - | - | 1 |

            _a commit counts in every cell that applies; more: git model log --full_
        "#]],
    );
}
