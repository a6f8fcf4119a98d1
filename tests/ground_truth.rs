//! The replay against histories of which the truth is known; the conventions stand in `docs/attribution.md`.
//!
//! `GROUND_TRUTH_COMMITS` is the number of commits for each kind of knowledge, `GROUND_TRUTH_SEED` the first seed, and
//! `GROUND_TRUTH_SHOW` lets the wrong answers be printed even if the bounds hold. Of a single history, all that happened
//! is printed.

#[path = "ground_truth/code.rs"]
mod code;
#[path = "ground_truth/conventions.rs"]
mod conventions;
#[path = "ground_truth/evidence.rs"]
mod evidence;
#[path = "ground_truth/history.rs"]
mod history;
#[path = "ground_truth/operations.rs"]
mod operations;
#[path = "ground_truth/random.rs"]
mod random;
#[path = "ground_truth/score.rs"]
mod score;
#[path = "ground_truth/world.rs"]
mod world;

use evidence::Knowledge;
use history::History;
use score::Score;

/// So many commits are made of each history.
const COMMITS_OF_A_HISTORY: usize = 3;

fn setting(name: &str) -> Option<usize> {
    #[expect(clippy::disallowed_methods, reason = "a test has no settings but its environment")]
    std::env::var(name).ok()?.parse().ok()
}

/// Of so many of a person's lines whose text is common, one may be given to a model.
const COMMON_LINES_FOR_ONE: usize = 2000;

/// Scores histories of a kind against the bounds, which are the same for short and long runs.
#[expect(clippy::print_stdout, reason = "the numbers are what the long run is for")]
fn run(knowledge: Knowledge, right_percent: f64) {
    let commits = setting("GROUND_TRUTH_COMMITS").unwrap_or(300);
    let first = setting("GROUND_TRUTH_SEED").unwrap_or(1);
    let mut score = Score::default();
    for seed in first.. {
        if score.commits >= commits {
            break;
        }
        let mut history = History::new(u64::try_from(seed).expect("a seed is small"), knowledge);
        history.is_told = commits <= COMMITS_OF_A_HISTORY;
        for commit in 0..COMMITS_OF_A_HISTORY {
            history.commit(commit, &mut score);
            score.commits += 1;
        }
        if history.is_told {
            println!("{}", history.log());
        }
    }
    println!("{knowledge:?}: {}", score.summary());
    if setting("GROUND_TRUTH_SHOW").is_some() {
        println!("{}", score.report);
    }
    let is_kept = score.unique_to_model == 0
        && score.common_to_model * COMMON_LINES_FOR_ONE <= score.common
        && score.right_percent() >= right_percent;
    assert!(is_kept, "{knowledge:?}: {}\n{}", score.summary(), score.report);
}

#[test]
fn with_all_evidence_lines_are_right() {
    run(Knowledge::Full, 99.5);
}

#[test]
fn with_session_files_alone_doubt_is_unknown() {
    run(Knowledge::SessionFiles, 90.0);
}

#[test]
fn with_lost_events_what_is_missing_is_unknown() {
    run(Knowledge::Lossy, 90.0);
}

#[test]
fn with_shuffled_events_what_is_missing_is_unknown() {
    run(Knowledge::Shuffled, 90.0);
}
