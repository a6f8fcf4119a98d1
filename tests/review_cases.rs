//! Reviews from end to end: what is read of a change, what becomes of a reviewer's answers, and the verdict.
//!
//! `tests/review-cases/NAME.case` holds the files before and after, the plan, the answers of the reviewer as a script,
//! and the whole outcome of each round. `tests/review-cases/README.md` tells how a case is written, and how the same
//! cases are put to a real model, which prints precision and recall.

use std::path::{Path, PathBuf};

use git_model::provenance::Verdict;
use git_model::review;

#[path = "review_cases/case.rs"]
mod case;
#[path = "review_cases/live.rs"]
mod live;
#[path = "review_cases/render.rs"]
mod render;
#[path = "review_cases/script.rs"]
mod script;
#[path = "review_cases/trees.rs"]
mod trees;

use case::Case;
use script::Script;
use trees::Trees;

/// Fewer cases than this would not be all kinds of changes.
const LEAST_CASES: usize = 44;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/review-cases")
}

/// Reads all cases, by name.
fn cases() -> Vec<Case> {
    let entries = std::fs::read_dir(folder()).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("an entry can be read").path());
    let is_case = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "case");
    let mut paths = paths.filter(is_case).collect::<Vec<_>>();
    paths.sort();
    paths.iter().map(|path| Case::read(path)).collect()
}

#[test]
fn every_case_has_the_outcomes_beside_it() {
    let cases = cases();
    assert!(cases.len() >= LEAST_CASES, "only {} cases", cases.len());
    let trees = Trees::of(&cases);
    for case in &cases {
        let mut earlier = Vec::new();
        let mut outcomes = Vec::new();
        for (number, round) in case.rounds.iter().enumerate() {
            let request = trees.request(case, number, &earlier);
            let script = Script::new(&round.answers);
            let outcome = review::run(&request, &script, &mut |_| {});
            assert_eq!(script.left(), 0, "{}: answers that nobody asked for", case.name);
            outcomes.push(render::outcome(&outcome, &script));
            // Verdicts are kept as text between two rounds.
            let kept = review::Outcome::from_json(&outcome.to_json());
            assert_eq!(kept.as_ref(), Some(&outcome), "{}", case.name);
            earlier.push(outcome);
        }
        let path = folder().join(format!("{}.case", case.name));
        expect_test::expect_file![path].assert_eq(&case.with_outcomes(&outcomes));
        check_truth(case, earlier.last().expect("a case has a round"));
    }
}

/// Checks that the outcome of the last round is what a person says of the case, whatever was written beside it.
fn check_truth(case: &Case, last: &review::Outcome) {
    assert_eq!(last.verdict.as_str(), case.truth, "{}", case.name);
    if last.verdict == Verdict::NotRun {
        assert!(last.reason.is_some(), "{}", case.name);
        return;
    }
    for bug in &case.bugs {
        let is_found = last.findings.iter().any(|finding| bug.is_in(finding));
        assert!(is_found, "{}: nothing is said of {}:{}", case.name, bug.path, bug.line);
    }
}

#[test]
fn what_is_asked_is_fenced_and_what_is_repeated_comes_first() {
    let cases = cases();
    let trees = Trees::of(&cases);
    for case in &cases {
        for number in 0..case.rounds.len() {
            let request = trees.request(case, number, &[]);
            for question in review::prepare(&request) {
                let repeated = question.parts.iter().map(|part| part.is_repeated);
                assert!(repeated.is_sorted_by(|one, other| one >= other), "{}", case.name);
                check_fences(&case.name, &question.parts[1].text);
            }
        }
    }
}

/// Checks that nothing of the data stands outside of the fence, or ends it.
fn check_fences(name: &str, text: &str) {
    let word = trees::BOUNDARY;
    let lines = text.trim_end().lines().collect::<Vec<_>>();
    assert_eq!(lines.first(), Some(&format!("{word} BEGIN the change").as_str()), "{name}");
    assert_eq!(lines.last(), Some(&format!("{word} END").as_str()), "{name}");
    assert_eq!(text.matches(word).count(), 2, "{name}");
    let is_hidden = |c: char| c.is_control() && c != '\n' && c != '\t';
    assert!(!text.contains(is_hidden), "{name}");
}

#[test]
fn the_progress_of_a_review_is_told() {
    let cases = cases();
    let case = cases.iter().find(|case| case.name == "planted-off-by-one").expect("it is there");
    let trees = Trees::of(&cases);
    let request = trees.request(case, 0, &[]);
    let mut told = Vec::new();
    let script = Script::new(&case.rounds[0].answers);
    review::run(&request, &script, &mut |progress| told.push(format!("{progress:?}")));
    expect_test::expect![[r#"
        Reading { files: 1, lines: 6 }
        Answered { input: 1000, output: 100 }
        Checking { number: 1, of: 3, title: "The last price is not added" }
        Answered { input: 2000, output: 200 }
        Checking { number: 2, of: 3, title: "The sum may overflow" }
        Answered { input: 3000, output: 300 }
        Checking { number: 3, of: 3, title: "An iterator reads better" }
        Answered { input: 4000, output: 400 }"#]]
    .assert_eq(&told.join("\n"));
}
