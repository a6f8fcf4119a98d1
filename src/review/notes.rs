//! The review notes of a repository: what a reviewer shall look at, as the commit before the change has it.
//!
//! They stand in `.git-model.toml` at the top of the tree, as text: `notes` in the table `review`. Whoever wrote the change
//! could write them, too, so they are read from the tree that the change is made to, are data to the reviewer, and say
//! nothing of thresholds or of who reviews.

use toml::Value;

use crate::git::{self, Repo};
use crate::provenance::CommitId;

/// The file.
const FILE: &str = ".git-model.toml";

/// A larger file is not read, in bytes.
const FILE_LIMIT: usize = 64 << 10;

/// Longer notes are cut, in characters: they go with each question.
const NOTES_LIMIT: usize = 8_000;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes {
    /// The text.
    pub text: Option<String>,
    /// What is to be said of the file: one sentence each, without a full stop.
    pub warnings: Vec<String>,
}

impl Notes {
    /// Reads the notes of a tree; of none where there is no commit yet.
    pub fn of_tree(repo: &Repo, tree: Option<CommitId>) -> Result<Self, git::Error> {
        let Some(tree) = tree else { return Ok(Self::default()) };
        let Some(file) = repo.file_in_tree(tree, FILE.as_bytes())? else {
            return Ok(Self::default());
        };
        if !file.is_regular() {
            return Ok(Self::warning("is no file"));
        }
        if repo.blob_size(file.id)? > FILE_LIMIT {
            return Ok(Self::warning("is larger than 64 KiB"));
        }
        Ok(Self::parse(&repo.blob(file.id)?))
    }

    fn warning(problem: &str) -> Self {
        Self {
            text: None,
            warnings: vec![format!("{FILE} of the last commit {problem}: no review notes")],
        }
    }

    fn parse(bytes: &[u8]) -> Self {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Self::warning("is no UTF-8");
        };
        let table = match text.parse::<toml::Table>() {
            Ok(table) => table,
            Err(error) => {
                let line = error.span().map_or(1, |span| text[..span.start].lines().count().max(1));
                return Self::warning(&format!("is no TOML (line {line}: {})", error.message()));
            }
        };
        match table.get("review") {
            None => Self::default(),
            Some(Value::Table(review)) => Self::of_table(review),
            Some(_) => Self::warning("has a `review` that is no table"),
        }
    }

    fn of_table(review: &toml::Table) -> Self {
        let mut found = Self::default();
        for (key, value) in review {
            match (key.as_str(), value) {
                ("notes", Value::String(text)) => found.take(text.trim()),
                ("notes", _) => found.warn("`review.notes` is no text"),
                _ => found.warn(&format!("`review.{key}` is unknown and has no effect")),
            }
        }
        found
    }

    fn take(&mut self, text: &str) {
        let end = text.char_indices().nth(NOTES_LIMIT).map(|(end, _)| end);
        if end.is_some() {
            self.warn("`review.notes` is longer than 8,000 characters: the rest is left out");
        }
        let text = &text[..end.unwrap_or(text.len())];
        self.text = Some(text.to_owned()).filter(|text| !text.is_empty());
    }

    fn warn(&mut self, problem: &str) {
        self.warnings.push(format!("{FILE} of the last commit: {problem}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warnings(text: &str) -> Vec<String> {
        Notes::parse(text.as_bytes()).warnings
    }

    #[test]
    fn notes_are_text_and_what_belongs_to_others_is_left_alone() {
        let file = "[rules]\nunknown = 'deny'\n[review]\nnotes = \"\"\"\nLook at locks.\n\"\"\"\n";
        let notes = Notes::parse(file.as_bytes());
        assert_eq!(notes, Notes { text: Some("Look at locks.".to_owned()), warnings: Vec::new() });
        assert_eq!(Notes::parse(b""), Notes::default());
        assert_eq!(Notes::parse(b"[review]\nnotes = ' '\n"), Notes::default());
    }

    #[test]
    fn what_has_no_effect_is_said() {
        assert_eq!(
            warnings("[review]\nmaxRounds = 0\nnotes = 3\n"),
            [
                ".git-model.toml of the last commit: `review.maxRounds` is unknown and has no effect",
                ".git-model.toml of the last commit: `review.notes` is no text",
            ]
        );
        assert_eq!(
            warnings("review = 1\n"),
            [".git-model.toml of the last commit has a `review` that is no table: no review notes"]
        );
        let bad = warnings("[review]\nnotes = \"\n");
        assert!(
            bad[0].starts_with(".git-model.toml of the last commit is no TOML (line 2: "),
            "{bad:?}"
        );
        assert_eq!(Notes::parse(b"\xff").warnings.len(), 1);
    }

    #[test]
    fn long_notes_are_cut_between_characters() {
        let notes = Notes::parse(format!("review.notes = '{}'", "é".repeat(9_000)).as_bytes());
        assert_eq!(notes.text.unwrap().chars().count(), NOTES_LIMIT);
        assert_eq!(notes.warnings.len(), 1);
    }
}
