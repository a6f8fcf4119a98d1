//! What came of a story: each commit in a line, and what must hold whatever it tells.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use crate::story::{Story, word_of};

/// Says whose a line is, by its word.
pub(crate) fn truth(word: &str) -> &'static str {
    match word.chars().next() {
        Some('o') => "Opus 5.5",
        Some('s') => "Sonnet 5.5",
        Some('k') => "Haiku 4.5",
        Some('h') => "human",
        _ => "unknown",
    }
}

/// What a commit, or `blame`, says of one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Said {
    pub(crate) place: String,
    pub(crate) word: String,
    pub(crate) who: String,
}

impl Said {
    /// A line without letters is everybody's, and of `x` nobody can tell.
    pub(crate) fn is_false(&self) -> bool {
        self.word.chars().any(char::is_alphanumeric)
            && !self.word.starts_with('x')
            && self.who != "unknown"
            && self.who != truth(&self.word)
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.who == "unknown" && truth(&self.word) != "unknown"
    }
}

impl Story {
    /// Draws all commits since the base, and checks what must always hold.
    pub(crate) fn finish(&self) -> String {
        let commits = self.commits();
        let mut drawn = String::new();
        let mut said = Vec::new();
        for commit in &commits {
            let lines = self.lines_of(commit);
            let _ = writeln!(drawn, "{}", self.draw(commit, &lines));
            said.extend(lines);
        }
        said.extend(self.blamed());
        let wrong = said.iter().filter(|one| one.is_false()).collect::<Vec<_>>();
        assert!(wrong.is_empty(), "somebody else's lines: {wrong:#?}\n{drawn}");
        let lost = said.iter().filter(|one| one.is_lost()).map(|one| one.word.clone());
        let lost = lost.collect::<BTreeSet<_>>();
        assert_eq!(lost, self.losses, "lines that are unknown, and those that may be\n{drawn}");
        let sound = self.sandbox.git(&["fsck", "--no-progress", "--no-dangling", "--strict"]);
        assert_eq!((sound.code, sound.stdout.as_str()), (0, ""), "{}", sound.stderr);
        drawn
    }

    /// Lists the commits of all branches since the base, the oldest first.
    pub(crate) fn commits(&self) -> Vec<String> {
        let order = ["rev-list", "--reverse", "--topo-order", "--branches", "HEAD", "^base"];
        self.sandbox.ok(&order).lines().map(str::to_owned).collect()
    }

    /// Returns what a commit's record says of each line that it adds; nothing without a record.
    pub(crate) fn lines_of(&self, commit: &str) -> Vec<Said> {
        let Some(note) = self.sandbox.find_note(commit) else { return Vec::new() };
        let added = self.sandbox.added_lines(commit).into_iter();
        let said = added.map(|(path, number, text)| Said {
            place: format!("{} {path}", self.sandbox.message(commit).lines().next().unwrap_or("")),
            word: word_of(&text).to_owned(),
            who: crate::sandbox::whose(&note, &path, number),
        });
        said.collect()
    }

    /// Draws a commit in one line: its message, its trailers, and its lines with those who wrote them.
    fn draw(&self, commit: &str, lines: &[Said]) -> String {
        let message = self.sandbox.message(commit);
        let is_trailer = |line: &&str| line.starts_with("Model: ");
        let trailers =
            message.lines().filter(is_trailer).map(|line| line.replacen("Model: ", "", 1));
        let trailers = trailers.map(|line| line.replace(" (implementation)", ""));
        let trailers = trailers.collect::<Vec<_>>().join(", ");
        let text = message.lines().filter(|line| !is_trailer(line) && !line.is_empty());
        let text = text.collect::<Vec<_>>().join(" / ");
        let text = self.sandbox.normal(&text);
        let mut drawn = format!("{text} [{trailers}]");
        let Some(note) = self.sandbox.find_note(commit) else { return drawn + " no note" };
        assert_eq!(note["vcs"]["revision"], Value::from(commit), "{note}");
        let ours = &note["metadata"]["git-model"];
        let _ = write!(drawn, " {}:", ours["operation"].as_str().unwrap_or("?"));
        for said in lines {
            let short = said.who.split(' ').next().unwrap_or_default();
            let short = if short == "unknown" { "?" } else { short };
            let _ = write!(drawn, " {}={short}", said.word);
        }
        for one in ours["contributions"].as_array().into_iter().flatten() {
            let deleted = one["lines"]["deleted"].as_u64().unwrap_or(0);
            let name = one["name"].as_str().or(one["kind"].as_str()).unwrap_or("?");
            let short = name.split(' ').next().unwrap_or_default();
            if deleted > 0 {
                let _ = write!(drawn, " -{deleted}={short}");
            }
        }
        if let Some(deleted) = ours["unknown"]["deleted"].as_u64().filter(|deleted| *deleted > 0) {
            let _ = write!(drawn, " -{deleted}=?");
        }
        drawn
    }

    /// Returns what `git model blame` says of each line of each file at `HEAD`.
    pub(crate) fn blamed(&self) -> Vec<Said> {
        let files = self.sandbox.ok(&["ls-tree", "-r", "--name-only", "HEAD"]);
        let mut said = Vec::new();
        for path in files.lines() {
            let arguments = ["model", "blame", "--format", "json", "HEAD", "--", path];
            let text = self.sandbox.ok(&arguments);
            let blame = serde_json::from_str::<Value>(&text).expect("JSON");
            for line in blame["lines"].as_array().into_iter().flatten() {
                let origin = &line["origin"];
                let who = origin["name"].as_str().or(origin["kind"].as_str()).unwrap_or("?");
                let text = line["text"].as_str().unwrap_or_default();
                said.push(Said {
                    place: format!("blame {path}"),
                    word: word_of(text).to_owned(),
                    who: who.to_owned(),
                });
            }
        }
        said
    }
}
