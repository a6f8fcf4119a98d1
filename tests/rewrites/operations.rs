//! Random operations on a repository: two models and a person edit, commit, and rewrite what they committed.

use std::collections::{BTreeMap, HashSet};
use std::fs;

use crate::random::Random;
use crate::story::Story;

pub(crate) const BRANCHES: &[&str] = &["main", "one", "two"];
const FILES: &[&str] = &["f", "g", "n"];

/// Who edits: two models and a person of whom nothing is known.
const WRITERS: &[char] = &['o', 's', 'p'];

/// So many stops of one operation are resolved before it is given up.
const STOPS: usize = 6;

/// A kind of operation: its name, its share of all, and what it does.
type Operation = (&'static str, usize, fn(&mut Sequence));

const OPERATIONS: &[Operation] = &[
    ("edit", 4, Sequence::edit),
    ("commit", 5, Sequence::edit_and_commit),
    ("commit in pieces", 2, Sequence::commit_in_pieces),
    ("commit of somebody declared", 1, Sequence::commit_declared),
    ("amend", 2, Sequence::amend),
    ("amend of the message", 1, Sequence::amend_message),
    ("stash", 1, Sequence::stash),
    ("stash pop", 2, Sequence::pop),
    ("reset and commit", 2, Sequence::reset),
    ("discard", 1, Sequence::discard),
    ("switch", 3, Sequence::switch),
    ("cherry-pick", 2, Sequence::pick),
    ("merge", 2, Sequence::merge),
    ("merge --squash", 1, Sequence::merge_squash),
    ("rebase", 3, Sequence::rebase),
    ("rebase -i", 3, Sequence::rebase_interactively),
];

/// A sequence that is being made.
pub(crate) struct Sequence {
    pub(crate) story: Story,
    random: Random,
    /// What was done, as the language of stories has it.
    pub(crate) told: Vec<String>,
    /// How often each kind of operation was done.
    pub(crate) done: BTreeMap<&'static str, usize>,
    numbers: u32,
}

impl Sequence {
    /// Makes three branches with a commit of a person's on two of them.
    pub(crate) fn new(seed: u64) -> Self {
        let (story, random) = (Story::begin(), Random::new(seed));
        let mut sequence =
            Self { story, random, told: Vec::new(), done: BTreeMap::new(), numbers: 0 };
        for branch in &BRANCHES[1..] {
            sequence.step(&format!("git switch -q -c {branch} base"));
            sequence.edit_by('p', "n");
            sequence.step(&format!("commit {branch}"));
        }
        sequence
    }

    /// Does one operation, whichever.
    pub(crate) fn operate(&mut self) {
        let all = OPERATIONS.iter().map(|(_, share, _)| share).sum::<usize>();
        let mut at = self.random.below(all);
        for (name, share, operation) in OPERATIONS {
            if at < *share {
                *self.done.entry(name).or_default() += 1;
                return operation(self);
            }
            at -= share;
        }
    }

    /// Commits once more with all hooks: what none has seen yet is caught up then.
    pub(crate) fn end(&mut self) {
        while self.story.is_clean() {
            self.edit_by('p', "n"); // It may take back what it wrote.
        }
        self.step("commit end");
    }

    /// Commits what is there, so that an operation can begin.
    fn clean(&mut self) {
        if !self.story.is_clean() {
            let name = self.name('W');
            self.try_step(&format!("commit {name}"));
        }
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

    /// Makes a new name for a line or a commit.
    fn name(&mut self, kind: char) -> String {
        self.numbers += 1;
        format!("{kind}{}", self.numbers)
    }

    /// Lets somebody edit a file: lines are added, replaced and taken away.
    fn edit_by(&mut self, who: char, path: &str) {
        let mut words = self.story.words_of(path);
        for _ in 0..self.random.between(1, 3) {
            let at = self.random.below(words.len() + 1);
            let word = self.name(who);
            match self.random.below(4) {
                0 if at < words.len() => words[at] = word,
                1 if words.len() > 6 && at < words.len() => {
                    words.remove(at);
                }
                _ => words.insert(at, word),
            }
        }
        self.step(&format!("{who} {path}: {}", words.join(" ")));
    }

    fn edit(&mut self) {
        let who = self.random.pick(WRITERS);
        let path = self.random.pick(FILES);
        self.edit_by(who, path);
    }

    /// Once in ten times no hook runs.
    fn hooks(&mut self) -> &'static str {
        if self.random.percent(10) { "off: " } else { "" }
    }

    fn edit_and_commit(&mut self) {
        for _ in 0..self.random.between(1, 2) {
            self.edit();
        }
        let (off, name) = (self.hooks(), self.name('C'));
        self.try_step(&format!("{off}commit {name}"));
    }

    fn commit_in_pieces(&mut self) {
        self.edit();
        self.edit();
        let path = self.random.pick(FILES);
        self.try_step(&format!("git add {path}"));
        self.commit_staged('P');
    }

    /// Commits what is staged, if something is.
    fn commit_staged(&mut self, kind: char) {
        let (date, name) = (self.story.next_date(), self.name(kind));
        self.try_step(&format!("git commit -q {date} -m {name}"));
    }

    fn commit_declared(&mut self) {
        self.clean();
        self.step("use haiku");
        let path = self.random.pick(FILES);
        self.edit_by('k', path);
        let name = self.name('D');
        self.try_step(&format!("commit {name}"));
        self.step("use --clear");
    }

    fn amend(&mut self) {
        // The base stays as it is.
        if self.story.commits_since_base() == 0 {
            return self.edit_and_commit();
        }
        self.edit();
        let off = self.hooks();
        self.try_step(&format!("{off}git commit -q -a --amend --no-edit"));
    }

    fn amend_message(&mut self) {
        if self.story.commits_since_base() == 0 {
            return;
        }
        let (off, name) = (self.hooks(), self.name('A'));
        self.try_step(&format!("{off}git commit -q --amend -m {name}"));
    }

    fn stash(&mut self) {
        self.edit();
        self.try_step("git stash push -q -u");
    }

    fn pop(&mut self) {
        if self.story.stashes() == 0 {
            return self.stash();
        }
        if !self.try_step("git stash pop -q") {
            self.try_step("git reset -q --hard");
        }
    }

    fn reset(&mut self) {
        let Some(depth) = self.depth(1) else { return };
        let how = self.random.pick(&["--soft", "--mixed"]);
        self.step(&format!("git reset -q {how} HEAD~{depth}"));
        let name = self.name('R');
        self.try_step(&format!("commit {name}"));
    }

    /// Says how far to go back, up to three commits; `None` where there are not so many.
    fn depth(&mut self, least: usize) -> Option<usize> {
        let most = self.story.commits_since_base().min(3);
        (least <= most).then(|| self.random.between(least, most))
    }

    fn discard(&mut self) {
        let path = self.random.pick(FILES);
        let how = self.random.pick(&["checkout --", "restore"]);
        self.try_step(&format!("git {how} {path}"));
    }

    fn other_branch(&mut self) -> &'static str {
        let here = self.story.branch();
        let others = BRANCHES.iter().copied().filter(|branch| *branch != here);
        self.random.pick(&others.collect::<Vec<_>>())
    }

    fn switch(&mut self) {
        let other = self.other_branch();
        if self.random.percent(70) {
            self.clean();
        }
        self.try_step(&format!("git switch -q {other}"));
    }

    fn pick(&mut self) {
        self.clean();
        let other = self.other_branch();
        if !self.try_step(&format!("git cherry-pick {other}")) {
            self.resolve("cherry-pick");
        }
    }

    fn merge(&mut self) {
        self.clean();
        let other = self.other_branch();
        if !self.try_step(&format!("git merge -q --no-edit {other}")) {
            self.resolve("merge");
        }
    }

    fn merge_squash(&mut self) {
        self.clean();
        let other = self.other_branch();
        if self.try_step(&format!("git merge -q --squash {other}")) {
            self.commit_staged('Q');
        } else {
            self.try_step("git reset -q --hard");
        }
    }

    fn rebase(&mut self) {
        self.clean();
        let (other, off) = (self.other_branch(), self.hooks());
        let how = self.random.pick(&["", "", "", " --apply"]);
        if !self.try_step(&format!("{off}git rebase -q{how} {other}")) {
            self.resolve("rebase");
        }
    }

    fn rebase_interactively(&mut self) {
        self.clean();
        let Some(depth) = self.depth(2) else { return };
        // The second line, and the first two in the other order.
        let change = self.random.pick(&["squash", "fixup", "reword", "drop", "edit", "reorder"]);
        match change {
            "reorder" => self.step("todo 1{h;d};2{G}"),
            _ => self.step(&format!("todo 2s/pick/{change}/")),
        }
        if !self.try_step(&format!("git rebase -q -i HEAD~{depth}")) {
            return self.resolve("rebase");
        }
        if change == "edit" && self.story.is_stopped() {
            self.amend();
            if !self.try_step("git rebase --continue") {
                self.resolve("rebase");
            }
        }
    }

    /// Ends whatever stopped: somebody resolves, or it is given up.
    fn resolve(&mut self, command: &str) {
        for _ in 0..STOPS {
            let conflicts = self.story.conflicts();
            if conflicts.is_empty() && !self.story.is_stopped() {
                return;
            }
            if self.random.percent(15) {
                self.try_step(&format!("git {command} --abort"));
                return;
            }
            for path in &conflicts {
                self.resolve_file(path);
            }
            if self.try_step(&format!("git {command} --continue")) {
                // It may have come to a step that wants somebody to edit.
                if self.story.is_stopped() {
                    continue;
                }
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

    /// Keeps both sides in turn, each line once, and perhaps a line of who resolves.
    fn resolve_file(&mut self, path: &str) {
        let mut words = self.story.words_of(path);
        words.retain(|word| !word.starts_with(['<', '=', '>', '|']));
        let mut seen = HashSet::new();
        words.retain(|word| seen.insert(word.clone()));
        let who = self.random.pick(WRITERS);
        if self.random.percent(60) {
            let at = self.random.below(words.len() + 1);
            words.insert(at, self.name(who));
        }
        self.step(&format!("{who} {path}: {}", words.join(" ")));
        self.step(&format!("git add {path}"));
    }
}

impl Story {
    /// Says whether nothing is to be committed.
    fn is_clean(&self) -> bool {
        self.sandbox.ok(&["status", "--porcelain"]).is_empty()
    }

    fn git_file(&self, name: &str) -> String {
        fs::read_to_string(self.sandbox.path().join(".git").join(name)).unwrap_or_default()
    }

    fn stashes(&self) -> usize {
        self.git_file("logs/refs/stash").lines().count()
    }

    /// Returns the branch that is checked out, as `main`.
    fn branch(&self) -> String {
        let head = self.git_file("HEAD");
        head.trim().trim_start_matches("ref: refs/heads/").to_owned()
    }

    fn commits_since_base(&self) -> usize {
        let count = self.sandbox.ok(&["rev-list", "--count", "--first-parent", "base..HEAD"]);
        count.trim().parse().expect("a number")
    }
}
