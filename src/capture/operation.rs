//! Which Git operation makes the commit that a hook is about.
//!
//! Measured with Git 2.47: a `prepare-commit-msg` that believes its arguments stamps old work with today's model on
//! rebase, cherry-pick and revert, and `--amend -m` looks like a new commit. So: state files first, then the
//! arguments of the calling `git`, then what it exports.

use crate::git::{GitCommand, Sequence};
use crate::provenance::{CommitId, Operation};

/// What a hook can see.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    /// The second argument of `prepare-commit-msg`; empty for an editor commit.
    pub(super) source: String,
    /// Its third argument, as typed.
    pub(super) argument: String,
    /// The calling `git`, where the system shows it.
    pub(super) command: Option<GitCommand>,
    /// The state files.
    pub(super) sequence: Sequence,
    /// The author's date as `git commit` exports it.
    pub(super) author_date: Option<String>,
    /// What a running sequence calls its steps.
    pub(super) reflog_action: Option<String>,
    /// `HEAD`; `None` on an unborn branch.
    pub(super) head: Option<CommitId>,
    /// The author's time of `HEAD` in seconds; only where the arguments do not tell an amend.
    pub(super) head_seconds: Option<i64>,
    /// The message file as Git made it.
    pub(super) message: String,
}

/// What is being made, and out of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Making {
    /// The operation.
    pub(super) operation: Operation,
    /// Revisions whose lines come into the commit, newest first.
    pub(super) sources: Vec<String>,
    /// The commit that is reverted.
    pub(super) reverted: Option<CommitId>,
    /// Whether the commit replaces `HEAD`.
    pub(super) replaces_head: bool,
    /// Whether somebody may be declared for what is new in it.
    pub(super) takes_declared: bool,
    /// Whether a running sequence makes it, so that `post-rewrite` will tell more.
    pub(super) by_sequence: bool,
}

impl Making {
    fn new(operation: Operation, sources: Vec<String>) -> Self {
        Self {
            operation,
            sources,
            reverted: None,
            replaces_head: false,
            takes_declared: true,
            by_sequence: false,
        }
    }

    /// Decides from the facts.
    pub(super) fn from_facts(facts: &Facts) -> Self {
        let sequence = &facts.sequence;
        if sequence.rebasing && facts.is_step_of_sequence() {
            return facts.rebase_step();
        }
        if facts.is_amend() {
            let replaced = facts.head.iter().map(ToString::to_string).collect();
            return Self { replaces_head: true, ..Self::new(Operation::Amend, replaced) };
        }
        if !sequence.merge_heads.is_empty() {
            return Self::new(Operation::Merge, Vec::new());
        }
        if let Some(picked) = sequence.cherry_pick_head {
            return Self::new(Operation::CherryPick, vec![picked.to_string()]);
        }
        if let Some(reverted) = sequence.revert_head {
            let sources = vec![format!("{reverted}^")];
            return Self { reverted: Some(reverted), ..Self::new(Operation::Revert, sources) };
        }
        if let Some(squashed) = &sequence.squash_message {
            return Self::new(Operation::Squash, squashed_commits(squashed));
        }
        if sequence.rebasing {
            // A commit that a person makes at a stop of the rebase: out of the step's commit, perhaps.
            return Self::new(Operation::Commit, vec!["REBASE_HEAD".to_owned()]);
        }
        if facts.is_called("revert") || facts.looks_reverted() {
            let reverted = reverted_commit(&facts.message);
            let sources = reverted.iter().map(|id| format!("{id}^")).collect();
            return Self {
                takes_declared: false,
                reverted,
                ..Self::new(Operation::Revert, sources)
            };
        }
        if sequence.has_merge_message {
            // `cherry-pick -n` and `revert -n` leave MERGE_MSG and no name of the commit that the lines come from.
            return Self { takes_declared: false, ..Self::new(Operation::CherryPick, Vec::new()) };
        }
        Self::new(Operation::Commit, Vec::new())
    }
}

impl Facts {
    fn is_called(&self, name: &str) -> bool {
        self.command.as_ref().is_some_and(|command| command.name == name)
    }

    /// A step that the sequence makes itself: not a person's `git commit` at one of its stops.
    fn is_step_of_sequence(&self) -> bool {
        match &self.command {
            Some(command) if command.name == "commit" => {
                self.reflog_action.as_deref().is_some_and(|action| action.starts_with("rebase"))
            }
            _ => true,
        }
    }

    fn rebase_step(&self) -> Making {
        let head = self.head.iter().map(ToString::to_string);
        let squashed = self.sequence.squashed_now.clone();
        let replaces_head = squashed.is_some() || self.source == "commit";
        let sources = if replaces_head {
            squashed.into_iter().chain(head).collect()
        } else {
            vec!["REBASE_HEAD".to_owned()]
        };
        Making {
            replaces_head,
            takes_declared: false,
            by_sequence: true,
            ..Making::new(Operation::Rebase, sources)
        }
    }

    fn is_amend(&self) -> bool {
        if let Some(command) = &self.command {
            return command.name == "commit" && command.amend;
        }
        if self.source == "commit" {
            return matches!(self.argument.as_str(), "HEAD" | "@");
        }
        // Without the arguments: `--amend -m` exports the date of the commit it replaces.
        let same_date = match (&self.author_date, self.head_seconds) {
            (Some(date), Some(seconds)) => {
                date.trim_start_matches('@').split(' ').next() == Some(&seconds.to_string())
            }
            _ => false,
        };
        self.source == "message" && same_date && !self.sequence.has_merge_message
    }

    /// `revert` leaves a `MERGE_MSG` and no name of the commit; with an editor it calls `git commit`.
    fn looks_reverted(&self) -> bool {
        self.sequence.has_merge_message && reverted_commit(&self.message).is_some()
    }
}

/// Reads the commits out of `SQUASH_MSG`, which quotes them as `git log` does, newest first.
fn squashed_commits(message: &str) -> Vec<String> {
    let ids = message.lines().filter_map(|line| line.strip_prefix("commit "));
    ids.filter_map(|rest| rest.split(' ').next()?.parse::<CommitId>().ok())
        .map(|id| id.to_string())
        .collect()
}

/// Reads the commit out of the sentence that `git revert` writes.
pub(super) fn reverted_commit(message: &str) -> Option<CommitId> {
    let rest = message.lines().find_map(|line| line.strip_prefix("This reverts commit "))?;
    rest.split(['.', ',', ' ']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(digit: char) -> CommitId {
        digit.to_string().repeat(40).parse().unwrap()
    }

    fn facts(command: Option<&str>, source: &str) -> Facts {
        let arguments = command.map(|line| line.split(' ').map(str::to_owned).collect::<Vec<_>>());
        Facts {
            source: source.to_owned(),
            command: arguments.and_then(|arguments| GitCommand::parse(&arguments)),
            head: Some(id('a')),
            head_seconds: Some(1000),
            ..Facts::default()
        }
    }

    fn operation(facts: &Facts) -> Operation {
        Making::from_facts(facts).operation
    }

    #[test]
    fn the_arguments_tell_an_amend_from_a_new_commit() {
        assert_eq!(operation(&facts(Some("git commit --amend -m x"), "message")), Operation::Amend);
        let same_second = Facts {
            author_date: Some("@1000 +0000".into()),
            ..facts(Some("git commit -m x"), "message")
        };
        assert_eq!(operation(&same_second), Operation::Commit);
        assert_eq!(operation(&facts(Some("git commit -C HEAD"), "commit")), Operation::Commit);
    }

    #[test]
    fn without_the_arguments_the_exported_date_tells() {
        let amend = Facts { author_date: Some("@1000 +0100".into()), ..facts(None, "message") };
        assert_eq!(operation(&amend), Operation::Amend);
        let new = Facts { author_date: Some("@1001 +0100".into()), ..facts(None, "message") };
        assert_eq!(operation(&new), Operation::Commit);
        let edited = Facts { argument: "HEAD".into(), ..facts(None, "commit") };
        assert_eq!(operation(&edited), Operation::Amend);
    }

    #[test]
    fn a_step_of_a_rebase_takes_nobody_declared() {
        let mut step = facts(Some("git rebase main"), "message");
        step.sequence.rebasing = true;
        let making = Making::from_facts(&step);
        assert_eq!(
            (making.operation, making.takes_declared, making.by_sequence),
            (Operation::Rebase, false, true)
        );
        step.command = facts(Some("git commit -m x"), "").command;
        assert_eq!(operation(&step), Operation::Commit);
    }

    #[test]
    fn picks_reverts_and_squashes_name_their_sources() {
        let mut pick = facts(Some("git cherry-pick x"), "message");
        pick.sequence.cherry_pick_head = Some(id('b'));
        assert_eq!(Making::from_facts(&pick).sources, [id('b').to_string()]);
        let message = format!("Revert \"x\"\n\nThis reverts commit {}.\n", id('c'));
        let revert = Facts { message, ..facts(Some("git revert x"), "message") };
        let making = Making::from_facts(&revert);
        assert_eq!((making.sources, making.takes_declared), (vec![format!("{}^", id('c'))], false));
        let mut squash = facts(Some("git commit"), "squash");
        squash.sequence.squash_message =
            Some(format!("Squashed commit of the following:\n\ncommit {}\nAuthor: x\n", id('d')));
        assert_eq!(Making::from_facts(&squash).sources, [id('d').to_string()]);
    }
}
