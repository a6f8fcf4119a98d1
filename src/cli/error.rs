//! Failures as people see them: what failed, why, and which command helps.

use std::error::Error;
use std::process::ExitCode;

use crate::cli::log::LogError;
use crate::provenance::PlanState;
use crate::terminal::Terminal;
use crate::{capture, git, review, store, workflow};

/// A failure of a command, which ends with exit code 2, or the answer no, which ends with 1.
#[derive(Debug)]
pub struct CommandError {
    source: Box<dyn Error>,
    hint: Option<String>,
    is_answer: bool,
}

/// A failure that has no error type below: what the user asked for cannot be done.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

impl CommandError {
    /// Makes an error of what the user asked for.
    pub fn refusal(text: impl Into<String>) -> Self {
        Self { source: Box::new(Refusal(text.into())), hint: None, is_answer: false }
    }

    /// Makes the answer no.
    pub fn answer(text: impl Into<String>) -> Self {
        Self { is_answer: true, ..Self::refusal(text) }
    }

    /// Says whether it is the answer no, and no failure.
    pub fn is_answer(&self) -> bool {
        self.is_answer
    }

    /// Adds the way out.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Prints it as a warning: the command goes on without what failed.
    pub fn warn(&self, terminal: &Terminal) {
        terminal.warning(&self.source.to_string());
        for line in self.hint.iter().flat_map(|hint| hint.lines()) {
            terminal.hint(line);
        }
    }

    /// Prints the failure, its causes and the hint.
    pub fn print(&self, terminal: &Terminal) -> ExitCode {
        terminal.error(&self.source.to_string());
        let mut cause = self.source.source();
        while let Some(error) = cause {
            terminal.line("caused by", &error.to_string());
            cause = error.source();
        }
        for line in self.hint.iter().flat_map(|hint| hint.lines()) {
            terminal.hint(line);
        }
        ExitCode::from(if self.is_answer { 1 } else { 2 })
    }
}

/// The way out of a failure of Git; flags and commands are known here, not where it failed.
fn hint_of_git(error: &git::Error) -> Option<String> {
    Some(match error {
        git::Error::NotARepository { .. } => {
            "go to a repository, or name one: git -C PATH model ...".to_owned()
        }
        git::Error::ForeignOwner { path } => {
            format!(
                "if you trust it: git config --global --add safe.directory '{}'",
                path.display()
            )
        }
        git::Error::Open { source, .. } if source.is_of_format() => {
            "only `git model log` reads repositories with SHA-256 ids or reftable; nothing is recorded in them yet"
                .to_owned()
        }
        git::Error::MissingObject { .. } => {
            "leave out --lines, or get what a partial clone left out: git fetch --refetch --no-filter"
                .to_owned()
        }
        git::Error::Unborn { .. } => "make a commit first".to_owned(),
        git::Error::UnknownRevision { revision } if revision.starts_with('-') => {
            "options stand before the revision; see git model -h".to_owned()
        }
        git::Error::UnknownRevision { .. } => {
            "list what there is: git log --oneline --all".to_owned()
        }
        git::Error::Sign { .. } => {
            "sign by hand to see why: git commit-tree -S -m x HEAD^{tree}\n\
             or sync without: git -c commit.gpgSign=false model sync"
                .to_owned()
        }
        git::Error::ReferenceBusy { .. } => {
            "try again; if no other git is running, remove the `.lock` file beside the reference"
                .to_owned()
        }
        _ => return None,
    })
}

fn hint_of_remote(error: &git::RemoteError) -> String {
    use git::RemoteError;
    match error {
        RemoteError::Read { remote, .. } => format!("see what Git says: git ls-remote {remote}"),
        RemoteError::Write { .. } | RemoteError::Refused { .. } => {
            "records stay in this clone; only take those of others: git model sync --fetch-only\n\
             who runs the remote can allow refs/notes/model and, for plans, refs/model/plans/*"
                .to_owned()
        }
        RemoteError::Slow { .. } | RemoteError::Busy { .. } => {
            "nothing is lost: git model sync, later".to_owned()
        }
        RemoteError::TooMany { remote } => {
            format!("look at them: git ls-remote {remote} 'refs/model/*'")
        }
    }
}

fn hint_of_store(error: &store::Error) -> Option<String> {
    Some(match error {
        store::Error::Git(error) => return hint_of_git(error),
        store::Error::Remote(error) => hint_of_remote(error),
        store::Error::NoHistory { remote, reference, .. } => {
            format!("look at it: git ls-remote {remote} {reference}")
        }
        store::Error::UnknownPlan { .. } => "list them: git model plan list --all".to_owned(),
        store::Error::AmbiguousPlan { .. } => "write one more digit".to_owned(),
        store::Error::DamagedPlan { id, .. } => {
            let name = store::plan::reference(id);
            format!(
                "its commits hold all that it was: git log -p {name}\nto go back by one: git update-ref {name} {name}~1"
            )
        }
        store::Error::NewerNote { .. } | store::Error::NewerPlan { .. } => {
            "update git-model".to_owned()
        }
        store::Error::DamagedNote { commit, .. } => format!(
            "look at it: git notes --ref=model show {0}\nand, if it is lost, remove it: git notes --ref=model remove {0}",
            commit.short()
        ),
        _ => return None,
    })
}

fn hint_of_workflow(error: &workflow::Error) -> Option<String> {
    use workflow::Error;
    Some(match error {
        Error::EmptyText => "write what is to be done, with numbered steps".to_owned(),
        Error::NotText { .. } => {
            "save it as UTF-8, for example: iconv -f latin1 -t utf-8".to_owned()
        }
        Error::TooLarge { .. } => "keep what is to be done, and leave out the logs".to_owned(),
        Error::NotApproved { id, state: PlanState::Rejected }
        | Error::Over { id, state: PlanState::Rejected } => {
            format!("write it anew: git model plan edit {id}")
        }
        Error::NotApproved { id, .. } => {
            format!("read and approve it first: git model approve {id}")
        }
        Error::StepsNotApproved { id, steps } => {
            format!("read and approve them first: git model approve {id} --steps {steps}")
        }
        Error::SameText { id, .. } => format!(
            "change it: git model plan edit {id}\nor approve it as it is: git model approve {id} --same-text"
        ),
        Error::NothingToCorrect { id, .. } => format!("change it: git model plan edit {id}"),
        Error::NoSuchStep { id, .. } | Error::NoSteps { id } => {
            format!("its steps: git model plan show {id}")
        }
        Error::TextChanged { id } => format!("look at it: git model plan show {id}"),
        Error::KeepsChanging { .. } => "try again".to_owned(),
        Error::Over { .. } => "begin another: git model plan new".to_owned(),
        Error::Store(_) | Error::Git(_) => return None,
    })
}

impl From<git::Error> for CommandError {
    fn from(error: git::Error) -> Self {
        Self { hint: hint_of_git(&error), source: Box::new(error), is_answer: false }
    }
}

impl From<git::BlameError> for CommandError {
    fn from(error: git::BlameError) -> Self {
        let hint = match &error {
            git::BlameError::Missing { revision, .. } if revision == "HEAD" => {
                Some("list the files: git ls-files".to_owned())
            }
            git::BlameError::Missing { revision, .. } => {
                Some(format!("list the files: git ls-tree -r --name-only {revision}"))
            }
            git::BlameError::Untracked { .. } => Some("add and commit it first".to_owned()),
            git::BlameError::Folder { path } => Some(format!(
                "name a file in it; for the whole folder: git model log -- {}",
                path.display()
            )),
            git::BlameError::Outside { .. } => {
                Some("go to its repository, or name it: git -C PATH model blame FILE".to_owned())
            }
            git::BlameError::Binary { path } => {
                Some(format!("its commits: git model log --commits -- {}", path.display()))
            }
            git::BlameError::Refused { reason, .. } if reason.contains("-L ") => Some(
                "ranges are START,END, START,+N, /REGEX/ or :FUNCTION; see git help blame"
                    .to_owned(),
            ),
            git::BlameError::Git(_) | git::BlameError::Refused { .. } => None,
        };
        match error {
            git::BlameError::Git(error) => error.into(),
            other => Self { hint, source: Box::new(other), is_answer: false },
        }
    }
}

impl From<store::Error> for CommandError {
    fn from(error: store::Error) -> Self {
        Self { hint: hint_of_store(&error), source: Box::new(error), is_answer: false }
    }
}

impl From<workflow::Error> for CommandError {
    fn from(error: workflow::Error) -> Self {
        let is_answer = error.is_answer();
        let hint = hint_of_workflow(&error);
        match error {
            workflow::Error::Git(error) => error.into(),
            workflow::Error::Store(error) => error.into(),
            other => Self { hint, source: Box::new(other), is_answer },
        }
    }
}

impl From<capture::Error> for CommandError {
    fn from(error: capture::Error) -> Self {
        match error {
            capture::Error::Git(error) => error.into(),
            capture::Error::Store(error) => error.into(),
            other => Self { hint: None, source: Box::new(other), is_answer: false },
        }
    }
}

impl From<review::DismissError> for CommandError {
    fn from(error: review::DismissError) -> Self {
        let (review::DismissError::NotThere { places, .. }
        | review::DismissError::Several { places, .. }) = &error;
        let hint = match places.as_slice() {
            [] => "nothing of it stands".to_owned(),
            places => format!("name one of: {}", places.join(", ")),
        };
        Self::refusal(error.to_string()).with_hint(hint)
    }
}

impl From<review::ImportError> for CommandError {
    fn from(error: review::ImportError) -> Self {
        let hint = match &error {
            review::ImportError::AnotherTree { .. } => {
                "the verdict must be about what is named here"
            }
            review::ImportError::NotCompleted { .. } => "let that review come to its end first",
            review::ImportError::BlocksForNothing { .. } => {
                "each finding needs `path`, `start_line` and a `quote` of changed lines"
            }
            _ => "take what `git model review --format json` or a writer of SARIF 2.1.0 prints",
        };
        let hint = Some(hint.to_owned());
        Self { hint, source: Box::new(error), is_answer: false }
    }
}

impl From<LogError> for CommandError {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Git(error) => error.into(),
            other @ (LogError::Write { .. } | LogError::List { .. }) => {
                Self { hint: None, source: Box::new(other), is_answer: false }
            }
        }
    }
}

impl From<git::InstallError> for CommandError {
    fn from(error: git::InstallError) -> Self {
        let hint = match &error {
            git::InstallError::SharedFolder { .. } => Some(
                "let your own hooks call us: in each of prepare-commit-msg, commit-msg, post-commit, post-merge,\n\
                 post-rewrite and post-applypatch there: git model hook NAME \"$@\"\n\
                 or give this repository a folder of its own: git config core.hooksPath .git/hooks"
                    .to_owned(),
            ),
            git::InstallError::KeptAlready { path } => {
                Some(format!("look at both, remove the one you do not want, and run it again: {}", path.display()))
            }
            git::InstallError::Write { .. } => None,
        };
        Self { source: Box::new(error), hint, is_answer: false }
    }
}
