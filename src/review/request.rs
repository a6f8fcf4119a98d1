//! What a review is asked for: the change, what it is held against, who reads it, and the limits.

use std::hash::{BuildHasher as _, Hasher as _};

use crate::provenance::{ModelName, Plan, Severity};
use crate::review::{Change, Outcome};

/// A review to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// What is read.
    pub change: Change,
    /// The approved plan that the change follows.
    pub plan: Option<Plan>,
    /// The review notes of the repository, as its last commit has them. They may ask for more, never for less.
    pub notes: Option<String>,
    /// The message of the commit, where there is one already.
    pub message: Option<String>,
    /// The earlier rounds on the same work, oldest first; those that were not completed do not count.
    pub earlier: Vec<Outcome>,
    /// What the user dismissed in earlier rounds.
    pub dismissed: Vec<Dismissal>,
    /// The model that reads.
    pub reviewer: ModelName,
    /// The backend that asks it, by its name.
    pub by: String,
    /// The models that wrote the change, as far as they are known.
    pub authors: Vec<ModelName>,
    /// What is demanded of the reviewer.
    pub demand: Demand,
    /// The limits.
    pub limits: Limits,
    /// The user allows that what looks like a secret is sent.
    pub may_send_secrets: bool,
    /// What fences the data in the prompt.
    pub boundary: Boundary,
}

/// What is demanded of a reviewer, compared with the authors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Demand {
    /// Any will do; one that is not stronger is warned about.
    Any,
    /// One that is known to be weaker is refused, unless the author is of the highest tier itself.
    #[default]
    NotWeaker,
    /// One that is not known to be stronger is refused; beside an author of the highest tier, another model will do.
    Stronger,
}

/// A finding that the user dismissed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dismissal {
    /// The path that it was about.
    pub path: String,
    /// The code that it was about.
    pub quote: String,
    /// Its title.
    pub title: String,
    /// Why, if the user said.
    pub why: Option<String>,
}

/// The limits of a review. Only the user's own settings may loosen them; a repository's may make them stricter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// After so many rounds on the same work nothing blocks any more.
    pub max_rounds: u32,
    /// So many findings are checked and shown at most.
    pub max_findings: usize,
    /// Findings at least as bad as this may block.
    pub blocks_from: Severity,
    /// Findings at least as sure as this may block.
    pub least_confidence: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_rounds: 3, max_findings: 10, blocks_from: Severity::High, least_confidence: 0.8 }
    }
}

/// A text that nobody can foresee. What stands between two of it in a prompt is data, whatever it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boundary(String);

impl Boundary {
    /// Makes a new one, of 128 random bits.
    pub fn random() -> Self {
        // The keys of the standard hash tables come from the system's source of randomness.
        let part = || std::hash::RandomState::new().build_hasher().finish();
        Self(format!("{:016x}{:016x}", part(), part()))
    }

    /// Makes one of a text that was chosen before, so that a test can be repeated.
    pub fn chosen(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a review is at, told while it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// The reviewer reads the change.
    Reading {
        /// The number of files.
        files: usize,
        /// The number of changed lines.
        lines: usize,
    },
    /// A finding is being checked.
    Checking {
        /// Which, from 1.
        number: usize,
        /// How many there are.
        of: usize,
        /// Its title.
        title: String,
    },
    /// An answer came; these are all tokens so far.
    Answered {
        /// Read by the model.
        input: u64,
        /// Written by it.
        output: u64,
    },
}
