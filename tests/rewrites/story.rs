//! The language of steps in which a row of the table is told.
//!
//! A line of a file is one word; its first letter says who writes it: `o` Opus and `s` Sonnet, seen by an agent's
//! hooks; `k` Haiku, declared; `h` a person who was declared; `p` somebody of whom nothing is known; `b` the base.
//!
//! ```text
//! o f: b1 b2 b3 o1        Opus writes the whole file `f`; `s` the same; `p`, `k` and `h` without any evidence
//! use haiku               `git model use`; also `human` and `--clear`
//! commit A                stages everything and commits it with the message `A`
//! git rebase main         runs a command of Git's, which must succeed
//! !git merge topic        the same, and it must fail
//! off: git rebase main    the same without any hook; `off: commit A`
//! only post-commit: git   the same with only these hooks, joined by commas
//! todo s/pick/squash/     what the next command does to the list of a rebase; `editor` the same to a message
//! env GIT_MODEL=x         a variable for the next command
//! sh rm f                 a command of the shell
//! in ../wt: git add f     any step in another folder
//! loses o1 s2             lines of which it is right to say that they are unknown
//! ```

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::panic;
use std::path::Path;

use expect_test::Expect;

use crate::agent_session::{AgentSession, Tells};
use crate::sandbox::Sandbox;

pub(crate) const OPUS: &str = "claude-opus-5-5";
pub(crate) const SONNET: &str = "claude-sonnet-5-5";

/// A repository in which a story happens.
pub(crate) struct Story {
    pub(crate) sandbox: Sandbox,
    /// Lines of which it is right to say that they are unknown.
    pub(crate) losses: BTreeSet<String>,
    /// For the next command of Git's.
    next: Vec<(&'static str, String)>,
    sessions: Cell<u32>,
    commits: u32,
    /// Whether a command of Git's may fail now, and whether one did.
    may_fail: bool,
    failed: bool,
}

/// Tells a story in each of several ways, put in place of `{}`, and compares the commits that come of it.
///
/// What breaks a way is told with all other ways' failures at the end.
pub(crate) fn rows(story: &str, ways: &[&str], expected: &Expect) {
    let (mut drawn, mut failed) = (String::new(), String::new());
    for way in ways {
        // A way of several steps has them behind semicolons.
        let steps = story.replace("{}", way);
        let told = panic::catch_unwind(|| {
            let mut told = Story::begin();
            for step in steps.lines().flat_map(|line| line.split("; ")) {
                told.step(step.trim());
            }
            told.finish()
        });
        let _ = match told {
            Ok(commits) => writeln!(drawn, "$ {way}\n{commits}"),
            Err(reason) => {
                let text = reason.downcast_ref::<String>().map_or("?", String::as_str);
                writeln!(failed, "$ {way}\n{text}\n")
            }
        };
    }
    assert!(failed.is_empty(), "{failed}");
    expected.assert_eq(&drawn);
}

/// Returns the line of a file that a word stands for: long enough to be told from others.
pub(crate) fn line_of(word: &str) -> String {
    if word.chars().any(char::is_alphanumeric) {
        format!("{word} is the line that {word} names\n")
    } else {
        format!("{word}\n")
    }
}

/// Returns the word of a line.
pub(crate) fn word_of(line: &str) -> &str {
    line.split(' ').next().unwrap_or_default()
}

impl Story {
    /// Makes a repository with hooks and a base: `f` and `g` of three lines each, by nobody.
    pub(crate) fn begin() -> Self {
        let sandbox = Sandbox::new();
        let mut story = Self {
            sandbox,
            losses: BTreeSet::new(),
            next: Vec::new(),
            sessions: Cell::new(0),
            commits: 0,
            may_fail: false,
            failed: false,
        };
        for step in ["p f: b1 b2 b3", "p g: b4 b5 b6", "commit base", "git tag base"] {
            story.step(step);
        }
        story
    }

    /// Does one step.
    pub(crate) fn step(&mut self, step: &str) {
        let top = self.sandbox.path().to_path_buf();
        self.step_in(&top, step);
    }

    fn step_in(&mut self, folder: &Path, step: &str) {
        if step.is_empty() {
            return;
        }
        let (word, rest) = step.split_once(' ').unwrap_or((step, ""));
        match word {
            "o" => self.write_by(folder, OPUS, rest),
            "s" => self.write_by(folder, SONNET, rest),
            "p" | "k" | "h" => {
                let (path, content) = file(rest);
                let path = folder.join(path);
                fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
                fs::write(path, content).expect("a file");
            }
            "use" => {
                let name = rest.replace("haiku", "claude-haiku-4-5");
                self.git(folder, &["model", "use", &name], true);
            }
            "commit" => {
                self.git(folder, &["add", "-A"], true);
                let date = self.next_date();
                self.git(folder, &["commit", "-q", &date, "-m", rest], true);
            }
            "git" => self.git(folder, &words(rest), true),
            "!git" => self.git(folder, &words(rest), false),
            "off:" => self.without_hooks(&[], folder, rest),
            "only" => {
                let (hooks, step) = rest.split_once(": ").expect("`only HOOKS: STEP`");
                let hooks = hooks.split(',').collect::<Vec<_>>();
                self.without_hooks(&hooks, folder, step);
            }
            "in" => {
                let (place, step) = rest.split_once(": ").expect("`in FOLDER: STEP`");
                self.step_in(&folder.join(place), step);
            }
            "todo" => self.next.push(("GIT_SEQUENCE_EDITOR", format!("sed -i '{rest}'"))),
            "editor" => self.next.push(("GIT_EDITOR", format!("sed -i '{rest}'"))),
            "env" => {
                let (name, value) = rest.split_once('=').expect("`env NAME=VALUE`");
                let known = ["GIT_MODEL", "GIT_AUTHOR_NAME", "GIT_EDITOR"];
                let name = known.into_iter().find(|known| *known == name).expect("a known name");
                self.next.push((name, value.to_owned()));
            }
            "sh" => {
                let output = self.sandbox.at(folder).run("sh", &["-c", rest]);
                assert_eq!(output.code, 0, "{rest}: {}{}", output.stdout, output.stderr);
            }
            "loses" => self.losses.extend(rest.split_whitespace().map(str::to_owned)),
            _ => panic!("no step: {step}"),
        }
    }

    fn write_by(&self, folder: &Path, model: &'static str, rest: &str) {
        self.sessions.set(self.sessions.get() + 1);
        let number = self.sessions.get();
        let session = AgentSession::at(&self.sandbox, folder, number, model, Tells::Both);
        let (path, content) = file(rest);
        session.write(path, &content);
    }

    /// Returns the argument that dates a commit: each in a second of its own, so that a story is always the same.
    pub(crate) fn next_date(&mut self) -> String {
        self.commits += 1;
        format!("--date=@{}", 1_767_200_000 + self.commits)
    }

    /// Does a step of Git's that may fail; says whether it worked.
    pub(crate) fn tries(&mut self, step: &str) -> bool {
        let top = self.sandbox.path().to_path_buf();
        self.may_fail = true;
        self.failed = false;
        self.step_in(&top, step);
        self.may_fail = false;
        !self.failed
    }

    /// Returns the words of a file in the work tree; none where there is no such file.
    pub(crate) fn words_of(&self, path: &str) -> Vec<String> {
        let text = fs::read_to_string(self.sandbox.path().join(path)).unwrap_or_default();
        text.lines().map(|line| word_of(line).to_owned()).collect()
    }

    /// Lists the files that a stopped operation could not merge.
    pub(crate) fn conflicts(&self) -> Vec<String> {
        let names = self.sandbox.ok(&["diff", "--name-only", "--diff-filter=U"]);
        names.lines().map(str::to_owned).collect()
    }

    /// Says whether an operation waits to be continued.
    pub(crate) fn is_stopped(&self) -> bool {
        let states = ["MERGE_HEAD", "CHERRY_PICK_HEAD", "rebase-merge", "rebase-apply"];
        states.iter().any(|state| self.sandbox.path().join(".git").join(state).exists())
    }

    fn git(&mut self, folder: &Path, arguments: &[&str], succeeds: bool) {
        let mut invocation = self.sandbox.at(folder);
        let has_editor = self.next.iter().any(|(name, _)| *name == "GIT_EDITOR");
        if !has_editor {
            invocation = invocation.env("GIT_EDITOR", ":");
        }
        for (name, value) in self.next.drain(..) {
            invocation = invocation.env(name, &value);
        }
        let output = invocation.git(arguments);
        let said = format!("{}{}", output.stdout, output.stderr);
        if self.may_fail {
            self.failed |= output.code != 0;
        } else {
            assert_eq!(output.code == 0, succeeds, "git {arguments:?}: {said}");
        }
        assert!(!said.contains("git-model:"), "git {arguments:?}: {said}");
    }

    /// Does a step while only these of our hooks are there.
    fn without_hooks(&mut self, hooks: &[&str], folder: &Path, step: &str) {
        let all = self.sandbox.path().join(".git/hooks");
        let some = self.sandbox.path().join(".git/some-hooks");
        let away = self.sandbox.path().join(".git/all-hooks");
        let _ = fs::remove_dir_all(&some);
        fs::create_dir(&some).expect("a folder");
        for hook in hooks {
            fs::copy(all.join(hook), some.join(hook)).expect("a hook of ours");
        }
        fs::rename(&all, &away).expect("the hooks go");
        fs::rename(&some, &all).expect("some are back");
        self.step_in(folder, step);
        fs::rename(&all, &some).expect("those go");
        fs::rename(&away, &all).expect("all are back");
    }
}

/// Reads `PATH: WORD WORD`.
fn file(text: &str) -> (&str, String) {
    let (path, words) = text.split_once(':').expect("`PATH: WORD ...`");
    (path, words.split_whitespace().map(line_of).collect())
}

/// Splits a command at blanks; `_` in a word is a blank.
fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}
