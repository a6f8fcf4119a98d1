//! All commits of a story with their records and the lines that they add, read by one command of Git's.

use serde_json::Value;

use crate::sandbox::{added_in, whose};
use crate::story::{Story, word_of};
use crate::truth::Said;

/// One commit since the base.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) id: String,
    pub(crate) message: String,
    pub(crate) note: Option<Value>,
    /// The lines that it adds: of a merge, those that no parent has.
    pub(crate) added: Vec<(String, u64, String)>,
}

impl Told {
    /// Reads what `git log` prints of one commit: id, parents, message and note, and the patch.
    fn read(text: &str) -> Self {
        let mut parts = text.splitn(5, '\u{2}');
        let mut part = || parts.next().expect("a part of a commit");
        let (id, parents, message, note, diff) = (part(), part(), part(), part(), part());
        let note = note.trim();
        Self {
            id: id.to_owned(),
            message: message.trim_end_matches('\n').to_owned(),
            note: (!note.is_empty()).then(|| serde_json::from_str(note).expect("a note is JSON")),
            added: added_in(diff, parents.split_whitespace().count()),
        }
    }

    /// The first line of the message.
    pub(crate) fn subject(&self) -> &str {
        self.message.lines().next().unwrap_or_default()
    }

    /// Returns what its record says of each line that it adds; nothing without a record.
    pub(crate) fn said(&self) -> Vec<Said> {
        let Some(note) = &self.note else { return Vec::new() };
        let said = self.added.iter().map(|(path, number, text)| Said {
            place: format!("{} {path}", self.subject()),
            word: word_of(text).to_owned(),
            who: whose(note, path, *number),
        });
        said.collect()
    }

    /// Says whether it adds a line.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.added.iter().any(|(_, _, text)| word_of(text) == word)
    }

    /// Returns whose a line is by its record; `None` where it does not add the line or has no record.
    pub(crate) fn who(&self, word: &str) -> Option<String> {
        self.said().into_iter().find(|said| said.word == word).map(|said| said.who)
    }
}

impl Story {
    /// Reads the commits of all branches since the base, the oldest first.
    pub(crate) fn history(&self) -> Vec<Told> {
        const LOG: &[&str] = &[
            "-c",
            "core.quotePath=false",
            "log",
            "--reverse",
            "--topo-order",
            "--notes=model",
            "--format=%x01%H%x02%P%x02%B%x02%N%x02",
            "--cc",
            "-U1", // Without any context Git 2.47 counts lines of a combined diff wrongly.
            "-M",
            "--histogram",
            "--no-color",
            "--no-ext-diff",
            "--ignore-submodules=all",
            "--src-prefix=a/",
            "--dst-prefix=b/",
            "--branches",
            "HEAD",
            "^base",
        ];
        self.sandbox.ok(LOG).split('\u{1}').skip(1).map(Told::read).collect()
    }
}
