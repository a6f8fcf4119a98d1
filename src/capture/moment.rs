//! A hook moment: the repository, what is declared, and what the hooks share.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::io::IsTerminal as _;
use std::path::Path;

use chrono::{DateTime, Utc};

use crate::agents::Surroundings;
use crate::capture::Error;
use crate::capture::change::{Change, Source};
use crate::capture::declared::{DeclaredNow, declared_now, declared_origin};
use crate::capture::followed::ReadPlan;
use crate::capture::observed::Observed;
use crate::capture::operation::{Facts, Making, reverted_commit};
use crate::capture::trailers::Style;
use crate::git::{Commit, Head, HeadMove, NewNote, Repo, calling_git, environment};
use crate::provenance::{AgentPlan, CommitId, CommitRecord, Operation, PlanId, Usage};
use crate::settings::{Convention, Settings};
use crate::store::{Contents, Draft, Entry, Journal, note};

/// What a hook left to be said.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// One line for a terminal, if there is something to say.
    pub line: Option<String>,
    /// What the user should know although recording went on.
    pub warnings: Vec<String>,
}

/// One moment at which Git runs a hook.
pub struct Moment<'r> {
    pub(super) repo: &'r Repo,
    pub(super) journal: Journal,
    pub(super) now: DateTime<Utc>,
    /// What the environment tells the adapters of agents.
    pub(super) around: Surroundings,
    /// Who takes over the plans that agents made; `None` where nothing may be written.
    pub(super) take_plans: Option<TakePlans<'r>>,
    /// What `HEAD` did lately, once it was asked for.
    moves: OnceCell<Vec<HeadMove>>,
    /// The commits with a record among those, once they were asked for.
    pub(super) lately: OnceCell<Vec<Commit>>,
    /// The commits that rewritings left behind, once they were asked for.
    pub(super) left: OnceCell<Vec<CommitId>>,
    /// Whether agents told of something that no commit used yet, once that was asked for.
    pub(super) has_pending: OnceCell<bool>,
    /// Records that were made just now and that no note has yet.
    pub(super) made: RefCell<HashMap<CommitId, CommitRecord>>,
}

/// Takes over plans that agents made: the capture finds them, and knows nothing of the workflow.
pub type TakePlans<'t> = &'t dyn Fn(&[AgentPlan]);

impl<'r> Moment<'r> {
    /// Begins at a time; nothing is read yet.
    pub fn new(repo: &'r Repo, now: DateTime<Utc>) -> Self {
        let around = Surroundings::default();
        Self {
            repo,
            journal: Journal::of(repo.git_dir()),
            now,
            around,
            take_plans: None,
            moves: OnceCell::new(),
            lately: OnceCell::new(),
            left: OnceCell::new(),
            has_pending: OnceCell::new(),
            made: RefCell::default(),
        }
    }

    /// Adds what the environment tells, so that sessions of agents are found.
    #[must_use]
    pub fn within(self, around: Surroundings) -> Self {
        Self { around, ..self }
    }

    /// Adds who takes over plans that agents made.
    #[must_use]
    pub fn taking_plans(self, take: TakePlans<'r>) -> Self {
        Self { take_plans: Some(take), ..self }
    }

    /// Returns the time in milliseconds since 1970, as evidence has it.
    pub(super) fn milliseconds(&self) -> i64 {
        self.now.timestamp_millis()
    }

    /// Returns what `HEAD` of this worktree did lately, the latest first.
    pub(super) fn head_moves(&self) -> &[HeadMove] {
        self.moves.get_or_init(|| self.repo.head_moves())
    }

    pub(super) fn settings(&self) -> Settings<'r> {
        Settings::of(self.repo)
    }

    pub(super) fn style(&self) -> Result<Style, Error> {
        let settings = self.settings();
        Ok(Style { name: settings.trailer_name()?, effort: settings.trailer_effort()? })
    }

    /// Says whether trailers are written, and warns about a convention that this version cannot write.
    pub(super) fn writes_trailers(&self, outcome: &mut Outcome) -> Result<bool, Error> {
        Ok(match self.settings().convention()? {
            Convention::Model => true,
            Convention::None => false,
            Convention::Unsupported(name) => {
                outcome.warnings.push(format!(
                    "model.convention `{name}` is not known to this version: the message gets no trailer, the note is written"
                ));
                false
            }
        })
    }

    /// Gathers what this hook can see; the message file is the one Git handed over.
    pub(super) fn facts(
        &self,
        head: &Head,
        source: &str,
        argument: &str,
        message: &str,
    ) -> Result<Facts, Error> {
        let command = calling_git();
        // Reading a commit opens the object store: every pack of it.
        let head_seconds = match head.commit.filter(|_| command.is_none()) {
            Some(id) => Some(self.repo.commit(id)?.author_time.0),
            None => None,
        };
        Ok(Facts {
            source: source.to_owned(),
            argument: argument.to_owned(),
            command,
            sequence: self.repo.sequence(),
            author_date: environment::author_date(),
            reflog_action: environment::reflog_action(),
            head: head.commit,
            head_seconds,
            message: message.to_owned(),
        })
    }

    /// Begins the draft of a commit.
    pub(super) fn draft(
        &self,
        facts: &Facts,
        making: &Making,
        head: &Head,
    ) -> Result<Draft, Error> {
        let parents = match (head.commit, making.replaces_head) {
            (Some(id), true) => self.repo.commit(id)?.parents,
            (Some(id), false) => {
                std::iter::once(id).chain(facts.sequence.merge_heads.iter().copied()).collect()
            }
            (None, _) => Vec::new(),
        };
        let resolve = |revision: &String| match revision.as_str() {
            // As a rule it is not there, and Git would look for it everywhere.
            "REBASE_HEAD" => self.repo.reference(revision).ok().flatten(),
            _ => self.repo.resolve(revision).ok(),
        };
        let sources = making.sources.iter().filter_map(resolve).collect();
        let mut draft = Draft::new(parents, making.operation, sources);
        if let Some(first) = making.reverted.and_then(|reverted| self.reverted_by(reverted)) {
            draft.sources = vec![first];
            draft.again = true;
        }
        draft.by_sequence = making.by_sequence;
        draft.source.clone_from(&facts.source);
        draft.argument.clone_from(&facts.argument);
        Ok(draft)
    }

    /// Returns the commit that a commit reverts, if it is a revert.
    fn reverted_by(&self, revert: CommitId) -> Option<CommitId> {
        let first = reverted_commit(&self.repo.commit(revert).ok()?.message)?;
        self.repo.commit(first).ok().map(|commit| commit.id)
    }

    /// Reads the journal and finds who is declared on the branch of `HEAD`, or on the one that is rebased.
    pub(super) fn declared(&self, head: &Head) -> Result<(DeclaredNow, Contents<Entry>), Error> {
        let contents = self.journal.read()?;
        let branch = match &head.branch {
            Some(branch) => Some(branch.clone()),
            None => self.repo.sequence().rebased_branch,
        };
        Ok((declared_now(&contents.entries, branch.as_deref(), self.now), contents))
    }

    /// Reads the sources that a draft names.
    ///
    /// A revert brings back lines whose authors nobody recorded here: they stay unknown. The revert of a revert brings
    /// back those of the commit that was reverted first.
    pub(super) fn sources(&self, draft: &Draft) -> Result<Vec<Source>, Error> {
        let read = |id: &CommitId| match draft.operation {
            Operation::Revert if !draft.again => Source::without_record(self.repo, *id),
            _ => {
                let record = self.found_record(*id)?.unwrap_or_default();
                Ok(Source::new(self.repo.commit(*id)?, record))
            }
        };
        draft.sources.iter().map(read).collect()
    }

    /// Attributes a change on top of the parents that a draft names.
    pub(super) fn attribute(
        &self,
        draft: &Draft,
        tree: CommitId,
        sources: Vec<Source>,
        observed: &Observed,
    ) -> Result<CommitRecord, Error> {
        let parents = draft
            .parents
            .iter()
            .map(|id| Ok((*id, self.repo.commit(*id)?.tree)))
            .collect::<Result<Vec<_>, Error>>()?;
        let declared = draft.declared.as_ref().and_then(declared_origin);
        let usage = carried_usage(draft.operation, &sources);
        let mut sources = sources;
        let base = parents.first().map(|(_, tree)| *tree);
        let reviews = self.settle_reviews(draft, (base, tree), &mut sources)?;
        let tracer = self.tracer(draft);
        let change = Change { parents, tree, sources, observed, declared, tracer };
        let (mut record, used) = change.attribute(self.repo)?;
        let sources = change.sources;
        record.operation = draft.operation;
        record.sources.clone_from(&draft.sources);
        let plans = |id: &PlanId| self.plan(id);
        let told = (&plans as ReadPlan<'_>, self.milliseconds());
        let followed = observed.sessions.add_to(&mut record, &used, &observed.known, told);
        self.add_plans(&mut record, draft, &sources)?;
        self.add_observed_plans(&mut record, &followed, &observed.sessions);
        self.add_reviews(&mut record, reviews, &sources)?;
        record.usage = usage;
        for new in observed.sessions.bill(&record) {
            new.add_to(&mut record.usage);
        }
        Ok(record)
    }

    /// Writes notes; those whose reference stays locked wait in the journal and are written at a later moment.
    pub(super) fn write_notes(
        &self,
        records: &[(CommitId, CommitRecord)],
        outcome: &mut Outcome,
    ) -> Result<(), Error> {
        let new = |(commit, record): &(CommitId, CommitRecord)| NewNote {
            commit: *commit,
            content: note::render(*commit, record, self.now),
        };
        let mut notes = records.iter().map(new).collect::<Vec<_>>();
        let waiting = Entry::waiting_notes(&self.journal.read()?.entries);
        let fresh = notes.iter().map(|note| note.commit).collect::<Vec<_>>();
        let late = waiting.iter().filter(|(commit, _)| !fresh.contains(commit));
        notes.extend(late.map(|(commit, content)| NewNote {
            commit: *commit,
            content: content.clone().into_bytes(),
        }));
        if notes.is_empty() {
            return Ok(());
        }
        match self.repo.write_notes(note::REFERENCE, &notes, "git-model: record") {
            Ok(()) => {
                for (commit, _) in waiting {
                    self.journal.append(&Entry::NoteWritten { commit })?;
                }
                Ok(())
            }
            Err(crate::git::Error::ReferenceBusy { .. }) => {
                for note in notes.iter().filter(|note| fresh.contains(&note.commit)) {
                    let content = String::from_utf8_lossy(&note.content).into_owned();
                    self.journal.append(&Entry::NoteWaiting { commit: note.commit, content })?;
                }
                outcome.warnings.push(
                    "the notes stay locked by another process; the record waits for the next commit".to_owned(),
                );
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Says whether a commit has a record already, one that was made for it and not copied by Git.
    pub(super) fn has_record(&self, commit: CommitId) -> Result<bool, Error> {
        let notes = self.repo.notes_of(note::REFERENCE, commit)?;
        Ok(matches!(&notes[..], [one] if note::is_made_for(commit, one)))
    }

    /// Says whether the line after a commit is wanted: on a terminal, unless `model.quiet`.
    pub(super) fn is_watched(&self) -> Result<bool, Error> {
        Ok(std::io::stderr().is_terminal() && !self.settings().quiet()?)
    }
}

/// Says whether an editor is open for the message: `git commit` exports `GIT_EDITOR=:` where none is.
pub(super) fn has_editor() -> bool {
    environment::editor().as_deref() != Some(":")
}

/// Reads a message file without losing a byte: what is not UTF-8 becomes one character for each byte.
pub(super) fn read_message(path: &Path) -> Result<(String, bool), Error> {
    let bytes = std::fs::read(path)
        .map_err(|source| Error::ReadMessage { path: path.to_path_buf(), source })?;
    Ok(match String::from_utf8(bytes) {
        Ok(text) => (text, true),
        Err(error) => (error.into_bytes().into_iter().map(char::from).collect(), false),
    })
}

/// Writes a message file as it was read.
pub(super) fn write_message(path: &Path, text: &str, is_utf8: bool) -> Result<(), Error> {
    let bytes = if is_utf8 {
        text.as_bytes().to_vec()
    } else {
        text.chars().map(|character| u8::try_from(u32::from(character)).unwrap_or(b'?')).collect()
    };
    std::fs::write(path, bytes)
        .map_err(|source| Error::WriteMessage { path: path.to_path_buf(), source })
}

/// Returns what the commits cost that another replaces; where they stay, as after a pick, theirs is counted there.
fn carried_usage(operation: Operation, sources: &[Source]) -> Vec<Usage> {
    let replaced = match operation {
        Operation::Amend => &sources[..sources.len().min(1)],
        Operation::Rebase | Operation::Squash => sources,
        _ => &[],
    };
    let mut carried = Vec::new();
    for usage in replaced.iter().flat_map(|source| source.record.usage.iter().cloned()) {
        usage.add_to(&mut carried);
    }
    carried
}
