//! The arguments that choose commits, shared by the commands that read histories.

use std::ffi::OsString;

use crate::git::Selection;

/// Which commits a command is about, as `git log` takes them.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of `git log`")]
#[derive(Debug, Clone, Default, clap::Args)]
pub struct SelectionArgs {
    /// Commits, as `git log` takes them: a branch, a tag, A..B, ^A; also paths where no `--` is needed
    #[arg(value_name = "RANGE")]
    revisions: Vec<String>,

    /// Only commits that change these paths
    #[arg(last = true, value_name = "PATH")]
    paths: Vec<OsString>,

    /// At most so many commits
    #[arg(short = 'n', long, value_name = "NUMBER")]
    max_count: Option<u64>,

    /// Only commits more recent than a date
    #[arg(long, visible_alias = "after", value_name = "DATE")]
    since: Option<String>,

    /// Only commits older than a date
    #[arg(long, visible_alias = "before", value_name = "DATE")]
    until: Option<String>,

    /// Only commits whose author matches a pattern
    #[arg(long, value_name = "PATTERN")]
    author: Vec<String>,

    /// Only commits whose message matches a pattern
    #[arg(long, value_name = "PATTERN")]
    grep: Vec<String>,

    /// Match authors and messages without regard to case
    #[arg(short = 'i', long)]
    regexp_ignore_case: bool,

    /// Follow only the first parent of merges
    #[arg(long)]
    first_parent: bool,

    /// Leave merges out
    #[arg(long)]
    no_merges: bool,

    /// All branches and tags, but neither notes nor plans
    #[arg(long)]
    all: bool,
}

impl SelectionArgs {
    /// Returns the choice of commits.
    pub fn selection(&self) -> Selection {
        Selection {
            revisions: self.revisions.clone(),
            paths: self.paths.clone(),
            all: self.all,
            since: self.since.clone(),
            until: self.until.clone(),
            authors: self.author.clone(),
            greps: self.grep.clone(),
            ignore_case: self.regexp_ignore_case,
            max_count: self.max_count,
            first_parent: self.first_parent,
            no_merges: self.no_merges,
        }
    }

    /// Says in words which commits these are, as near to what was typed as can be; `branch` is that of `HEAD`.
    pub fn words(&self, branch: &str) -> String {
        let mut range = Vec::new();
        if self.all {
            range.push("all branches".to_owned());
        }
        range.extend(self.revisions.iter().cloned());
        if range.is_empty() {
            range.push(branch.to_owned());
        }
        range.extend(self.since.iter().map(|date| format!("since {date}")));
        range.extend(self.until.iter().map(|date| format!("until {date}")));
        range.extend(self.author.iter().map(|author| format!("author {author}")));
        range.extend(self.grep.iter().map(|pattern| format!("message matches {pattern}")));
        range.extend(self.max_count.map(|count| format!("-n {count}")));
        range.extend(self.first_parent.then(|| "--first-parent".to_owned()));
        range.extend(self.no_merges.then(|| "--no-merges".to_owned()));
        if !self.paths.is_empty() {
            range.push("--".to_owned());
            range.extend(self.paths.iter().map(|path| path.to_string_lossy().into_owned()));
        }
        range.join(" ")
    }
}
