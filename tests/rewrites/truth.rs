//! What came of a story: each commit in a line, and what must hold whatever it tells.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use crate::history::Told;
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
        let mut drawn = String::new();
        let mut said = Vec::new();
        for commit in self.history() {
            let lines = commit.said();
            let _ = writeln!(drawn, "{}", self.draw(&commit, &lines));
            said.extend(lines);
        }
        said.extend(self.blamed("HEAD").into_iter().map(|(_, said)| said));
        let wrong = said.iter().filter(|one| one.is_false()).collect::<Vec<_>>();
        assert!(wrong.is_empty(), "somebody else's lines: {wrong:#?}\n{drawn}");
        let lost = said.iter().filter(|one| one.is_lost()).map(|one| one.word.clone());
        let lost = lost.collect::<BTreeSet<_>>();
        assert_eq!(lost, self.losses, "lines that are unknown, and those that may be\n{drawn}");
        self.assert_sound();
        drawn
    }

    /// Asserts that nothing in the repository is damaged.
    pub(crate) fn assert_sound(&self) {
        let sound = self.sandbox.git(&["fsck", "--no-progress", "--no-dangling", "--strict"]);
        assert_eq!((sound.code, sound.stdout.as_str()), (0, ""), "{}", sound.stderr);
    }

    /// Draws a commit in one line: its message, its trailers, and its lines with those who wrote them.
    fn draw(&self, commit: &Told, lines: &[Said]) -> String {
        let message = &commit.message;
        let is_trailer = |line: &&str| line.starts_with("Model: ");
        let trailers =
            message.lines().filter(is_trailer).map(|line| line.replacen("Model: ", "", 1));
        let trailers = trailers.map(|line| line.replace(" (implementation)", ""));
        let trailers = trailers.collect::<Vec<_>>().join(", ");
        let text = message.lines().filter(|line| !is_trailer(line) && !line.is_empty());
        let text = text.collect::<Vec<_>>().join(" / ");
        let text = self.sandbox.normal(&text);
        let mut drawn = format!("{text} [{trailers}]");
        let Some(note) = &commit.note else { return drawn + " no note" };
        assert_eq!(note["vcs"]["revision"], Value::from(commit.id.as_str()), "{note}");
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

    /// Returns what `git model blame` says of each line of each file at a revision, with the commit that it names.
    pub(crate) fn blamed(&self, revision: &str) -> Vec<(String, Said)> {
        let files = self.sandbox.ok(&["ls-tree", "-r", "--name-only", revision]);
        let mut said = Vec::new();
        for path in files.lines() {
            let arguments = ["model", "blame", "--format", "json", revision, "--", path];
            let text = self.sandbox.ok(&arguments);
            let blame = serde_json::from_str::<Value>(&text).expect("JSON");
            for line in blame["lines"].as_array().into_iter().flatten() {
                let origin = &line["origin"];
                let who = origin["name"].as_str().or(origin["kind"].as_str()).unwrap_or("?");
                let text = line["text"].as_str().unwrap_or_default();
                let commit = line["commit"].as_str().unwrap_or_default().to_owned();
                let place = format!("{path} at {revision}");
                let word = word_of(text).to_owned();
                said.push((commit, Said { place, word, who: who.to_owned() }));
            }
        }
        said
    }
}
