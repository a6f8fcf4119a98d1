//! Random sequences of Git operations by two models and a person, with an oracle that knows who wrote each line.
//!
//! The oracle is the text itself: a line says who wrote it when (`truth.rs`), each but once. After each sequence all
//! commits of all branches are looked at, and `git model blame` of all files at each of them.
//!
//! `REWRITES_SEQUENCES` is how many are made and `REWRITES_SEED` the first seed. A sequence that loses a line is made
//! once more to tell where; one that fails prints its whole story, as `REWRITES_SEQUENCES=1` does.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::panic;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::losses::Ledger;
use crate::operations::{BRANCHES, Sequence};
use crate::truth::{Said, truth};

/// So many operations a sequence has.
const OPERATIONS: usize = 30;

/// So many sequences are made without a setting.
const SEQUENCES: u64 = 60;

/// So many threads make them.
const THREADS: usize = 4;

/// Of a hundred lines of models, so many must be right.
const RIGHT_PERCENT: usize = 99;

/// What one sequence came to.
#[derive(Debug, Default)]
struct Score {
    /// Lines at the ends of the branches; those of models among them.
    lines: usize,
    models: usize,
    commits: usize,
    false_ones: Vec<Said>,
    /// Each with the commit that has it.
    lost: Vec<(String, Said)>,
    /// Why, for each of these.
    reasons: Vec<String>,
    story: Vec<String>,
    done: BTreeMap<&'static str, usize>,
    /// What broke in the midst of it.
    broken: Option<String>,
}

fn setting(name: &str) -> Option<u64> {
    #[expect(clippy::disallowed_methods, reason = "a test has no settings but its environment")]
    std::env::var(name).ok()?.parse().ok()
}

/// Makes one sequence; a ledger is kept of it on request.
fn made(seed: u64, mut ledger: Option<&mut Ledger>) -> Sequence {
    let mut sequence = Sequence::new(seed);
    for _ in 0..OPERATIONS {
        sequence.operate();
        if let Some(ledger) = &mut ledger {
            ledger.look(&sequence);
        }
    }
    sequence.end();
    if let Some(ledger) = ledger {
        ledger.look(&sequence);
    }
    sequence
}

fn score(sequence: &Sequence) -> Score {
    // `blame` says whose each line is that is left; a commit's record must be right, too.
    let mut score = Score::default();
    score.story.clone_from(&sequence.told);
    score.done.clone_from(&sequence.done);
    for told in sequence.story.history() {
        score.commits += 1;
        score.false_ones.extend(told.said().into_iter().filter(Said::is_false));
    }
    let mut seen = HashSet::new();
    for branch in BRANCHES {
        for (commit, said) in sequence.story.blamed(branch) {
            // Branches share most of their lines.
            if !seen.insert((commit.clone(), said.word.clone())) {
                continue;
            }
            score.lines += 1;
            score.models += usize::from(truth(&said.word) != "unknown");
            if said.is_false() {
                score.false_ones.push(said);
            } else if said.is_lost() {
                score.lost.push((commit, said));
            }
        }
    }
    score
}

/// Makes one sequence and looks at it; one that breaks does not end the others.
fn played(seed: u64) -> Score {
    let made = panic::catch_unwind(|| {
        let first = score(&made(seed, None));
        if first.lost.is_empty() {
            return first;
        }
        let mut ledger = Ledger::default();
        let again = made(seed, Some(&mut ledger));
        let mut score = score(&again);
        assert_eq!(score.story, first.story, "the same story again");
        let lost = score.lost.iter();
        score.reasons = lost.map(|(commit, said)| ledger.explain(&said.word, commit)).collect();
        score
    });
    made.unwrap_or_else(|reason| {
        let text = reason.downcast_ref::<String>().cloned();
        Score { broken: Some(text.unwrap_or_default()), ..Score::default() }
    })
}

/// Tells of what is wrong or lost, a line each; the whole story where something is wrong, or on request.
fn told(seed: u64, score: &Score, with_story: bool) -> String {
    let mut told = String::new();
    if with_story || !score.false_ones.is_empty() {
        let _ = writeln!(told, "seed {seed}:\n  {}", score.story.join("\n  "));
    }
    if let Some(reason) = &score.broken {
        let _ = writeln!(told, "seed {seed}: {reason}");
    }
    for Said { place, word, who } in &score.false_ones {
        let whose = truth(word);
        let _ = writeln!(told, "seed {seed}: {word} is {whose}'s, not {who}'s ({place})");
    }
    for ((_, Said { place, word, .. }), reason) in score.lost.iter().zip(&score.reasons) {
        let _ = writeln!(told, "seed {seed}: {word} of {place} is lost: {reason}");
    }
    told
}

#[test]
#[expect(clippy::print_stdout, reason = "the numbers are what the long run is for")]
fn of_random_operations_no_line_gets_another_model() {
    let count = setting("REWRITES_SEQUENCES").unwrap_or(SEQUENCES);
    let first = setting("REWRITES_SEED").unwrap_or(1);
    let next = AtomicU64::new(first);
    let work = || {
        let mut scores = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + count {
                return scores;
            }
            scores.push((seed, played(seed)));
        }
    };
    let scores = std::thread::scope(|scope| {
        let threads = (0..THREADS).map(|_| scope.spawn(work)).collect::<Vec<_>>();
        let scores = threads.into_iter().flat_map(|one| one.join().expect("no panic"));
        scores.collect::<BTreeMap<_, _>>()
    });
    let sum = |of: fn(&Score) -> usize| scores.values().map(of).sum::<usize>();
    let (lines, models) = (sum(|score| score.lines), sum(|score| score.models));
    let (lost, wrong) = (sum(|score| score.lost.len()), sum(|score| score.false_ones.len()));
    let mut done = BTreeMap::<&str, usize>::new();
    for (name, times) in scores.values().flat_map(|score| &score.done) {
        *done.entry(name).or_default() += times;
    }
    for (seed, score) in &scores {
        print!("{}", told(*seed, score, count == 1));
    }
    println!("{done:?}");
    println!(
        "{count} sequences, {} commits, {lines} lines, {models} of models: {lost} lost, {wrong} wrong",
        sum(|score| score.commits)
    );
    let broken = scores.values().filter(|score| score.broken.is_some()).count();
    assert_eq!(broken, 0, "sequences that did not come to their end");
    assert_eq!(wrong, 0, "lines of another than their writer");
    let most = models * (100 - RIGHT_PERCENT);
    assert!(lost * 100 <= most, "{lost} of {models} lines of models are lost");
}
