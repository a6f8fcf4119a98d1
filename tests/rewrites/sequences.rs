//! Random sequences of Git operations by two models and a person, with an oracle that knows who wrote each line.
//!
//! The oracle is the text itself: a line says who wrote it when (`truth.rs`), each but once. After each sequence all
//! commits of all branches are looked at, and `git model blame` of all files.
//!
//! `REWRITES_SEQUENCES` is how many are made and `REWRITES_SEED` the first seed; one that fails prints its whole story, and
//! `REWRITES_SEQUENCES=1 REWRITES_SEED=N cargo test --test rewrites sequences` tells it again.

use std::collections::BTreeMap;
use std::panic;

use crate::random::Random;
use crate::story::Story;
use crate::truth::{Said, truth};

/// So many operations a sequence has.
const OPERATIONS: usize = 30;

/// So many sequences are made without a setting.
const SEQUENCES: u64 = 60;

/// So many threads make them.
const THREADS: u64 = 4;

/// Of a hundred lines, so many must be right.
const RIGHT_PERCENT: usize = 99;

const BRANCHES: &[&str] = &["main", "one", "two"];
const FILES: &[&str] = &["f", "g", "n"];

/// A sequence that is being made.
struct Sequence {
    story: Story,
    random: Random,
    /// What was done, as the language of stories has it.
    told: Vec<String>,
    lines: u32,
    stashes: u32,
}

/// What one sequence came to.
#[derive(Debug, Default)]
struct Score {
    lines: usize,
    false_ones: Vec<Said>,
    lost: Vec<Said>,
    story: Vec<String>,
}

fn setting(name: &str) -> Option<u64> {
    #[expect(clippy::disallowed_methods, reason = "a test has no settings but its environment")]
    std::env::var(name).ok()?.parse().ok()
}

impl Sequence {
    fn new(seed: u64) -> Self {
        let story = Story::begin();
        Self { story, random: Random::new(seed), told: Vec::new(), lines: 0, stashes: 0 }
    }

    /// Does a step that may fail, and says whether it worked.
    fn try_step(&mut self, step: &str) -> bool {
        let works = self.story.tries(step);
        self.told.push(format!("{step}{}", if works { "" } else { "   (fails)" }));
        works
    }

    fn step(&mut self, step: &str) {
        self.told.push(step.to_owned());
        self.story.step(step);
    }

    /// Makes the words of a file after an edit by somebody: lines added, replaced and taken away.
    fn edited(&mut self, who: char, path: &str) -> String {
        let mut words = self.story.words_of(path);
        for _ in 0..self.random.between(1, 3) {
            let at = self.random.below(words.len() + 1);
            self.lines += 1;
            let word = format!("{who}{}", self.lines);
            match self.random.below(4) {
                0 if at < words.len() => words[at] = word,
                1 if words.len() > 6 && at < words.len() => {
                    words.remove(at);
                }
                _ => words.insert(at, word),
            }
        }
        format!("{who} {path}: {}", words.join(" "))
    }

    fn edit(&mut self) {
        let who = self.random.pick(&['o', 's', 'p']);
        let path = self.random.pick(FILES);
        let step = self.edited(who, path);
        self.step(&step);
    }

    /// Ends whatever stopped: somebody resolves, or it is given up.
    fn resolve(&mut self, command: &str) {
        for _ in 0..6 {
            let conflicts = self.story.conflicts();
            if conflicts.is_empty() && !self.story.is_stopped() {
                return;
            }
            if self.random.percent(25) {
                self.try_step(&format!("git {command} --abort"));
                return;
            }
            for path in &conflicts {
                // Both sides in turn, each line once, and perhaps a line of who resolves.
                let mut words = self.story.words_of(path);
                words.retain(|word| !word.starts_with(['<', '=', '>', '|']));
                let mut seen = Vec::<String>::new();
                words.retain(|word| {
                    let is_new = !seen.contains(word);
                    seen.push(word.clone());
                    is_new
                });
                let who = self.random.pick(&['o', 's', 'p']);
                if self.random.percent(60) {
                    self.lines += 1;
                    let at = self.random.below(words.len() + 1);
                    words.insert(at, format!("{who}{}", self.lines));
                }
                self.step(&format!("{who} {path}: {}", words.join(" ")));
                self.step(&format!("git add {path}"));
            }
            if self.try_step(&format!("git {command} --continue")) {
                return;
            }
            if self.story.conflicts().is_empty() {
                // Nothing is left of the step.
                let skip = if command == "merge" { "--abort" } else { "--skip" };
                if self.try_step(&format!("git {command} {skip}")) {
                    return;
                }
            }
        }
        self.try_step(&format!("git {command} --abort"));
    }

    fn operate(&mut self) {
        let other = self.random.pick(BRANCHES);
        let depth = self.random.between(1, 3);
        let off = if self.random.percent(10) { "off: " } else { "" };
        match self.random.below(20) {
            0..=4 => self.edit(),
            5..=8 => {
                self.edit();
                self.lines += 1;
                let step = format!("{off}commit C{}", self.lines);
                self.try_step(&step);
            }
            9 => {
                self.edit();
                let path = self.random.pick(FILES);
                self.try_step(&format!("git add {path}"));
                self.lines += 1;
                self.try_step(&format!("git commit -q -m P{}", self.lines));
            }
            10 => {
                self.edit();
                self.try_step(&format!("{off}git commit -q -a --amend --no-edit"));
            }
            11 => {
                self.try_step(&format!("{off}git commit -q --amend -m A{}", self.lines));
            }
            12 => {
                self.try_step("git stash push -q -u");
                self.stashes += 1;
            }
            13 if self.stashes > 0 => {
                if self.try_step("git stash pop -q") {
                    self.stashes -= 1;
                } else {
                    self.try_step("git reset -q --hard");
                }
            }
            14 => {
                self.try_step(&format!("git reset -q --soft HEAD~{depth}"));
                self.lines += 1;
                self.try_step(&format!("commit R{}", self.lines));
            }
            15 => {
                self.clean();
                self.try_step(&format!("git switch -q {other}"));
            }
            16 => {
                self.clean();
                if !self.try_step(&format!("git cherry-pick {other}")) {
                    self.resolve("cherry-pick");
                }
            }
            17 => {
                self.clean();
                if !self.try_step(&format!("git merge -q --no-edit {other}")) {
                    self.resolve("merge");
                }
            }
            18 => {
                self.clean();
                if !self.try_step(&format!("{off}git rebase -q {other}")) {
                    self.resolve("rebase");
                }
            }
            _ => {
                self.clean();
                let step = self.random.pick(&["squash", "fixup", "reword", "drop"]);
                let todo = format!("todo 2s/pick/{step}/");
                self.step(&todo);
                if !self.try_step(&format!("git rebase -q -i HEAD~{depth}")) {
                    self.resolve("rebase");
                }
            }
        }
    }

    /// Commits what is there, so that an operation can begin.
    fn clean(&mut self) {
        self.lines += 1;
        let step = format!("commit W{}", self.lines);
        self.try_step(&step);
    }

    fn run(mut self) -> Score {
        for branch in &BRANCHES[1..] {
            self.step(&format!("git switch -q -c {branch} base"));
            let step = self.edited('p', "n");
            self.step(&step);
            self.step(&format!("commit {branch}"));
        }
        for _ in 0..OPERATIONS {
            self.operate();
        }
        self.clean();
        self.clean();
        self.score()
    }

    fn score(self) -> Score {
        // `blame` says whose each line is that is left; a commit's record must be right, too.
        let mut score = Score { story: self.told, ..Score::default() };
        for commit in self.story.commits() {
            let said = self.story.lines_of(&commit);
            score.false_ones.extend(said.into_iter().filter(Said::is_false));
        }
        for said in self.story.blamed() {
            score.lines += 1;
            if said.is_false() {
                score.false_ones.push(said);
            } else if said.is_lost() {
                score.lost.push(said);
            }
        }
        score
    }
}

/// Makes one sequence; a failure in the midst of it is told with its story.
fn played(seed: u64) -> Score {
    let made = panic::catch_unwind(|| Sequence::new(seed).run());
    made.unwrap_or_else(|reason| {
        let text = reason.downcast_ref::<String>().map_or("?", String::as_str);
        panic!("seed {seed}: {text}")
    })
}

#[test]
#[expect(clippy::print_stdout, reason = "the numbers are what the long run is for")]
fn of_random_operations_no_line_gets_another_model() {
    let count = setting("REWRITES_SEQUENCES").unwrap_or(SEQUENCES);
    let first = setting("REWRITES_SEED").unwrap_or(1);
    let scores = std::thread::scope(|scope| {
        let part = |thread| {
            let seeds = (first..first + count).filter(move |seed| seed % THREADS == thread);
            scope.spawn(move || seeds.map(|seed| (seed, played(seed))).collect::<Vec<_>>())
        };
        let threads = (0..THREADS).map(part).collect::<Vec<_>>();
        threads
            .into_iter()
            .flat_map(|one| one.join().expect("no panic"))
            .collect::<BTreeMap<_, _>>()
    });
    let lines = scores.values().map(|score| score.lines).sum::<usize>();
    let lost = scores.values().map(|score| score.lost.len()).sum::<usize>();
    println!("{count} sequences, {lines} lines, {lost} lost");
    let mut wrong = 0;
    for (seed, score) in &scores {
        wrong += score.false_ones.len();
        if count == 1 || !score.false_ones.is_empty() {
            println!("seed {seed}:\n  {}", score.story.join("\n  "));
        }
        for said in &score.false_ones {
            println!(
                "seed {seed}: {} is {}'s, not {}'s ({})",
                said.word,
                truth(&said.word),
                said.who,
                said.place
            );
        }
        for said in &score.lost {
            let steps = score.story.iter().filter(|step| step.contains(&said.word)).count();
            println!(
                "seed {seed}: {} is lost ({}), written in {steps} steps",
                said.word, said.place
            );
        }
    }
    assert_eq!(wrong, 0, "lines of another than their writer");
    assert!(lost * 100 <= lines * (100 - RIGHT_PERCENT), "{lost} of {lines} lines are lost");
}
