//! The hooks after a commit exists: `post-commit`, `post-merge`, `post-rewrite`, `post-applypatch`.

use std::collections::HashSet;

use crate::capture::change::Source;
use crate::capture::message_hooks::branch_of;
use crate::capture::moment::{Moment, Outcome};
use crate::capture::observed::Observed;
use crate::capture::pending::pending_calls;
use crate::capture::{Error, reviews, trailers};
use crate::git::{Commit, Head, HeadMove, HowMoved};
use crate::provenance::{
    CommitId, CommitRecord, Grade, Operation, Origin, Phase, model_trailers, parse_trailers,
};
use crate::store::{
    CleanStep, Draft, Evidence, EvidenceEntry, KeptUsage, Memory, Remembered, Standing,
};

/// What a commit used of what agents told.
#[derive(Debug, Default)]
pub(super) struct Used {
    /// The tree on which the work was done.
    pub(super) start: Option<CommitId>,
    /// What is to be remembered of its files.
    pub(super) remember: Vec<Remembered>,
    /// What it takes of the sessions' cost.
    pub(super) billed: Vec<KeptUsage>,
}

/// A record that was carried to another commit, and what it used of what agents told.
type Carried = (CommitRecord, Option<Used>);

impl Moment<'_> {
    /// Runs at `post-commit`: the draft becomes the note of the commit at `HEAD`.
    pub fn post_commit(&self) -> Result<Outcome, Error> {
        let mut outcome = Outcome::default();
        let draft = Draft::read(&self.journal);
        let is_clean_step = CleanStep::of(&self.journal).is_there()
            || draft.as_ref().is_some_and(Draft::is_clean_step);
        if is_clean_step && self.repo.sequence().rebasing {
            Draft::remove(&self.journal); // post-rewrite tells; opening the objects costs more than all the rest.
            return Ok(outcome);
        }
        let head = self.repo.head()?;
        let Some(id) = head.commit else { return Ok(outcome) };
        let commit = self.repo.commit(id)?;
        let draft = draft.filter(|draft| draft.parents == commit.parents);
        if !draft.as_ref().is_some_and(|draft| draft.operation == Operation::Amend) {
            Draft::remove(&self.journal); // After an amend post-rewrite looks at it once more.
        }
        if let Some(draft) = &draft
            && draft.by_sequence
            && draft.record().is_none()
            && !self.replaces_recorded(draft)?
        {
            return Ok(outcome); // post-rewrite knows which commits this one replaces.
        }
        let has_draft = draft.is_some();
        if !self.repo.sequence().rebasing {
            let tips = commit.parents.iter().chain(draft.iter().flat_map(|draft| &draft.sources));
            let tips = tips.copied().chain(self.left_by_switch()).collect::<Vec<_>>();
            self.catch_up(&tips, &mut outcome);
        }
        let (record, used) = self.record_made(&commit, draft)?;
        self.write_notes(&[(id, record.clone())], &mut outcome)?;
        if let Err(error) = self.settle(&commit, &used)
            && has_draft
        {
            // Without a draft the hook before could not write either, and said so.
            outcome
                .warnings
                .push(format!("what agents told of this commit is not put aside: {error}"));
        }
        // A plan that is taken for idle too early must not cost the record.
        let _ = self.keep_following(&record);
        if self.is_watched()? {
            outcome.line = self.said(&record, &head)?;
        }
        Ok(outcome)
    }

    /// Runs at `post-merge`: a merge commit for which Git runs no `post-commit`.
    pub fn post_merge(&self) -> Result<Outcome, Error> {
        let mut outcome = Outcome::default();
        let Some(id) = self.repo.head()?.commit else { return Ok(outcome) };
        let commit = self.repo.commit(id)?;
        let draft = Draft::read(&self.journal).filter(|draft| draft.parents == commit.parents);
        // Without a draft of ours this was a fast-forward to somebody else's commit.
        let Some(draft) = draft.filter(|_| commit.parents.len() > 1) else { return Ok(outcome) };
        Draft::remove(&self.journal);
        let tips = commit.parents.iter().copied().chain(self.left_by_switch());
        self.catch_up(&tips.collect::<Vec<_>>(), &mut outcome);
        let (record, used) = self.record_made(&commit, Some(draft))?;
        self.write_notes(&[(id, record)], &mut outcome)?;
        self.settle(&commit, &used)?;
        Ok(outcome)
    }

    /// Runs at `post-applypatch`: a commit that `git am` made of a patch from elsewhere.
    pub fn post_applypatch(&self) -> Result<Outcome, Error> {
        let mut outcome = Outcome::default();
        let Some(id) = self.repo.head()?.commit else { return Ok(outcome) };
        if self.repo.sequence().rebasing {
            return Ok(outcome); // post-rewrite follows.
        }
        let commit = self.repo.commit(id)?;
        let draft = match self.repo.sequence().applied_now {
            Some(applied) if self.is_same_author(applied, &commit) => {
                Draft::new(commit.parents.clone(), Operation::Apply, vec![applied])
            }
            _ => Draft::new(commit.parents.clone(), Operation::Apply, Vec::new()),
        };
        let (record, _) = self.record_made(&commit, Some(draft))?;
        self.write_notes(&[(id, record)], &mut outcome)?;
        Ok(outcome)
    }

    /// Says whether a commit that a patch names is here, and of the same author.
    fn is_same_author(&self, named: CommitId, commit: &Commit) -> bool {
        self.repo.commit(named).is_ok_and(|named| {
            named.author == commit.author && named.author_time == commit.author_time
        })
    }

    /// Runs at `post-rewrite COMMAND`, with the lines `OLD NEW` that Git writes to it.
    ///
    /// `rebase -i` with a fixup sends an `amend` first, in the middle of the rebase, then two old ids for one new id.
    pub fn post_rewrite(&self, command: &str, lines: &str) -> Result<Outcome, Error> {
        let mut outcome = Outcome::default();
        if command == "amend" && self.repo.sequence().rebasing {
            return Ok(outcome);
        }
        CleanStep::of(&self.journal).take_back();
        let groups = grouped(lines);
        self.catch_up_replaced(&groups, &mut outcome)?;
        let (mut records, mut all_used) = (Vec::new(), Vec::new());
        for (new, old) in groups {
            if self.is_built_upon(new) {
                continue; // Git names the commit before a skipped one for it.
            }
            let made = match command {
                "amend" => self.amended(new, &old)?,
                _ => self.carried(new, &old, command)?,
            };
            let Some((record, used)) = made else { continue };
            all_used.extend(used.map(|used| (new, used)));
            self.made.borrow_mut().insert(new, record.clone());
            records.push((new, record));
        }
        Draft::remove(&self.journal);
        self.write_notes(&records, &mut outcome)?;
        // What a later commit used, too, must not have been put aside before.
        for (new, used) in all_used {
            self.settle(&self.repo.commit(new)?, &used)?;
        }
        // Of a commit at which it stopped and on which others were made, Git names only the last of those.
        let made = records.iter().map(|(new, _)| *new).collect::<HashSet<_>>();
        let mut below = Vec::new();
        for new in &made {
            let parents = self.repo.commit(*new)?.parents;
            below.extend(parents.first().filter(|parent| !made.contains(parent)));
        }
        self.catch_up(&below, &mut outcome);
        Ok(outcome)
    }

    /// Catches up replaced commits that no hook saw, so that there is something to carry.
    fn catch_up_replaced(
        &self,
        groups: &[(CommitId, Vec<CommitId>)],
        outcome: &mut Outcome,
    ) -> Result<(), Error> {
        let mut unseen = Vec::new();
        for old in groups.iter().rev().flat_map(|(_, old)| old) {
            if !self.has_note(*old)? {
                unseen.push(*old);
            }
        }
        self.catch_up(&unseen, outcome);
        Ok(())
    }

    /// Says whether a rebase began on a commit: it stays as it is.
    fn is_built_upon(&self, commit: CommitId) -> bool {
        let is_start = |one: &HeadMove| one.how == HowMoved::RebaseStart && one.new == commit;
        self.head_moves().iter().any(is_start)
    }

    /// Says whether a squash replaces a commit that got its record at a stop; post-rewrite will not name that one.
    fn replaces_recorded(&self, draft: &Draft) -> Result<bool, Error> {
        match draft.sources.last() {
            Some(replaced) if draft.sources.len() > 1 => self.has_record(*replaced),
            _ => Ok(false),
        }
    }

    /// Makes the record of an amended commit again where Git copied the old note over it (`notes.rewriteRef`).
    fn amended(&self, new: CommitId, old: &[CommitId]) -> Result<Option<Carried>, Error> {
        if self.has_record(new)? {
            return Ok(None);
        }
        let Ok(commit) = self.repo.commit(new) else { return Ok(None) };
        match Draft::read(&self.journal).filter(|draft| draft.parents == commit.parents) {
            Some(draft) => Ok(Some((self.record_made(&commit, Some(draft))?.0, None))),
            None => self.carried(new, old, "amend"),
        }
    }

    /// Carries the records of old commits to the one that replaced them; `None` where a commit is missing.
    fn carried(
        &self,
        new: CommitId,
        old: &[CommitId],
        command: &str,
    ) -> Result<Option<Carried>, Error> {
        let Ok(commit) = self.repo.commit(new) else { return Ok(None) };
        let operation = if command == "amend" { Operation::Amend } else { Operation::Rebase };
        let draft = Draft::new(commit.parents.clone(), operation, old.to_vec());
        let mut sources = Vec::new();
        if self.has_record(new)? {
            // A person amended it at a stop of the rebase: what was recorded then comes first.
            sources.push(Source::itself(self.repo, new)?);
        }
        sources.extend(self.sources(&draft)?);
        let written = written_by(&sources);
        let mut record =
            self.attribute(&draft, commit.tree, sources.clone(), &Observed::default())?;
        let mut used = None;
        if record.unknown.added > 0 && self.has_pending()? {
            // An agent resolved a conflict, and no hook of ours ran at the commit.
            let start = self.worked_on(&draft)?;
            let observed = self.observed(draft.operation, start, commit.tree)?;
            record = self.attribute(&draft, commit.tree, sources, &observed)?;
            let billed = observed.bill(&record);
            let remember = observed.into_remembered(&Memory::of(self.repo.git_dir()))?;
            used = (!remember.is_empty()).then_some(Used { start, remember, billed });
        }
        let mut there = model_trailers(&commit.message);
        there.retain(|trailer| !reviews::is_unearned(trailer, &written, &record));
        trailers::add_typed(&mut record, &there);
        record.trailers = still_there(&written, &commit.message);
        Ok(Some((record, used)))
    }

    /// Says whether agents told of something that no commit used yet.
    fn has_pending(&self) -> Result<bool, Error> {
        if let Some(known) = self.has_pending.get() {
            return Ok(*known);
        }
        // Evidence that cannot be read must not cost the record.
        let _ = self.sweep();
        let evidence = Evidence::of(self.repo.git_dir());
        let is_there = !evidence.is_empty()
            && !pending_calls(&evidence.read()?.entries, self.milliseconds()).is_empty();
        Ok(*self.has_pending.get_or_init(|| is_there))
    }

    /// Makes the record of a commit out of the draft that its message hooks left, and says what that used.
    fn record_made(
        &self,
        commit: &Commit,
        draft: Option<Draft>,
    ) -> Result<(CommitRecord, Used), Error> {
        let mut draft = match draft {
            Some(draft) => draft,
            None => self.draft_of_unseen(commit)?,
        };
        let drafted = draft.record();
        let mut there = model_trailers(&commit.message);
        let (mut record, written) = match drafted {
            Some(record) if draft.tree == Some(commit.tree) => {
                let written = record.trailers.clone();
                (record, written)
            }
            drafted => {
                if draft.tree.is_some() {
                    // A hook changed the tree after it was attributed: only what was observed counts.
                    draft.declared = None;
                }
                self.add_taken_back(&mut draft, commit.tree)?;
                let sources = self.sources(&draft)?;
                let mut written = written_by(&sources);
                if let Some(drafted) = drafted {
                    // Our own trailers say what was declared, and that does not count any more.
                    there.retain(|trailer| !drafted.trailers.contains(&trailer.text));
                    written.extend(drafted.trailers);
                }
                let start = self.worked_on(&draft)?;
                // Evidence that cannot be read must not cost the record.
                let _ = self.sweep();
                let observed = self.observed(draft.operation, start, commit.tree)?;
                let record = self.attribute(&draft, commit.tree, sources, &observed)?;
                draft.billed = observed.bill(&record);
                draft.remember = observed.into_remembered(&Memory::of(self.repo.git_dir()))?;
                (record, written)
            }
        };
        there.retain(|trailer| !reviews::is_unearned(trailer, &written, &record));
        trailers::add_typed(&mut record, &there);
        record.trailers = still_there(&written, &commit.message);
        let start = self.worked_on(&draft)?;
        Ok((record, Used { start, remember: draft.remember, billed: draft.billed }))
    }

    /// Returns the tree on which the work for a commit was done: of an amend that of the commit which it replaces.
    pub(super) fn worked_on(&self, draft: &Draft) -> Result<Option<CommitId>, Error> {
        let before = match draft.operation {
            Operation::Amend => draft.sources.first().or(draft.parents.first()),
            _ => draft.parents.first(),
        };
        before.map(|commit| Ok(self.repo.commit(*commit)?.tree)).transpose()
    }

    /// Marks the evidence that a commit used, and remembers whose the lines of its files are.
    pub(super) fn settle(
        &self,
        commit: &Commit,
        Used { start, remember, billed: usage }: &Used,
    ) -> Result<(), Error> {
        if !usage.is_empty() {
            let shared = Evidence::of(self.repo.common_dir());
            shared.append(&[EvidenceEntry::Billed { usage: usage.clone() }])?;
        }
        let evidence = Evidence::of(self.repo.git_dir());
        let memory = Memory::of(self.repo.git_dir());
        if evidence.is_empty() && memory.is_empty() && remember.is_empty() {
            return Ok(());
        }
        let changed = self.repo.changed_files(*start, Some(commit.tree))?;
        let paths = changed.into_iter().filter_map(|change| String::from_utf8(change.path).ok());
        let paths = paths.collect::<Vec<_>>();
        for path in paths.iter().filter(|path| !remember.iter().any(|one| one.path == **path)) {
            memory.forget(path);
        }
        remember.iter().try_for_each(|one| memory.write(one))?;
        if evidence.is_empty() {
            return Ok(());
        }
        if evidence.commit(paths, self.milliseconds())? {
            memory.drop_old();
        }
        Ok(())
    }

    /// Says in one line what was recorded; `None` for a commit that changes no line of its own.
    fn said(&self, record: &CommitRecord, head: &Head) -> Result<Option<String>, Error> {
        let known = record.contributions.iter().map(|one| one.lines.changed()).sum::<u32>();
        let all = known + record.unknown.changed();
        if all == 0 && record.contributions.is_empty() {
            return Ok(None);
        }
        if record.contributions.is_empty() {
            return Ok(Some(format!(
                "recorded {} unknown: {}",
                lines(all),
                self.cause(record, head)?
            )));
        }
        let names = record
            .contributions
            .iter()
            .map(|one| name_of(&one.origin))
            .collect::<Vec<_>>()
            .join(", ");
        let grade = record
            .contributions
            .iter()
            .map(|one| grade_of(&one.origin))
            .max()
            .unwrap_or(Grade::Unknown);
        let share = if all == 0 { String::new() } else { format!(", {known} of {}", lines(all)) };
        let plan = match (&record.plans[..], &record.unclear_plans[..]) {
            ([], []) => String::new(),
            ([], unclear) => format!("; {} plans are open here, so none is named", unclear.len()),
            (plans, _) => {
                let ids = plans.iter().map(|plan| plan.id.as_str()).collect::<Vec<_>>();
                format!("; plan {}", ids.join(", "))
            }
        };
        Ok(Some(format!("recorded {names}, {}{share}{plan}", grade.as_str())))
    }

    /// Says why nothing is known, and the one remedy.
    fn cause(&self, record: &CommitRecord, head: &Head) -> Result<String, Error> {
        const REMEDY: &str = "(git model use MODEL|human)";
        if !matches!(record.operation, Operation::Commit | Operation::Amend) {
            return Ok("they come from commits without a record".to_owned());
        }
        let declared = self.declared(head)?.0;
        if declared.who.is_some() && record.sources.is_empty() {
            return Ok(
                "the files changed after our hook had seen them, or it did not run".to_owned()
            );
        }
        if declared.who.is_some() {
            return Ok("they come from a commit without a record".to_owned());
        }
        Ok(match declared.standing {
            Standing::Expired(_) => {
                format!("what was declared on {} has expired {REMEDY}", branch_of(head))
            }
            Standing::Sleeps(other) => {
                let branch = other.branch.as_deref().unwrap_or("a detached HEAD");
                format!("what was declared holds on {branch}, not on {} {REMEDY}", branch_of(head))
            }
            Standing::Holds(_) | Standing::Nothing => {
                format!("nobody was declared on {} {REMEDY}", branch_of(head))
            }
        })
    }
}

/// Returns the trailers that hooks of ours wrote into the messages of these commits.
pub(super) fn written_by(sources: &[Source]) -> Vec<String> {
    sources.iter().flat_map(|source| source.record.trailers.iter().cloned()).collect()
}

/// Returns those of our trailers that a message has, in its order, each once.
pub(super) fn still_there(written: &[String], message: &str) -> Vec<String> {
    let models = model_trailers(message).into_iter().map(|trailer| trailer.text);
    let all = parse_trailers(message).into_iter();
    let others = all.map(|trailer| format!("{}: {}", trailer.key, trailer.value));
    let mut left = Vec::new();
    for trailer in models.chain(others).filter(|trailer| written.contains(trailer)) {
        if !left.contains(&trailer) {
            left.push(trailer);
        }
    }
    left
}

fn lines(number: u32) -> String {
    if number == 1 { "1 line".to_owned() } else { format!("{number} lines") }
}

fn name_of(origin: &Origin) -> String {
    match origin {
        Origin::Model { model, phase: Some(Phase::Implementation) | None, .. } => {
            model.display().to_owned()
        }
        Origin::Model { model, phase: Some(phase), .. } => format!("{} ({phase})", model.display()),
        Origin::Human => "human".to_owned(),
        Origin::Unknown => "unknown".to_owned(),
    }
}

fn grade_of(origin: &Origin) -> Grade {
    match origin {
        Origin::Model { grade, .. } => *grade,
        Origin::Human => Grade::Declared,
        Origin::Unknown => Grade::Unknown,
    }
}

/// Groups `OLD NEW` lines by the new commit, in the order of their first line; the newest old commit first.
fn grouped(lines: &str) -> Vec<(CommitId, Vec<CommitId>)> {
    let mut groups = Vec::<(CommitId, Vec<CommitId>)>::new();
    for line in lines.lines() {
        let mut words = line.split(' ').map(str::parse::<CommitId>);
        let (Some(Ok(old)), Some(Ok(new))) = (words.next(), words.next()) else { continue };
        match groups.iter_mut().find(|(known, _)| *known == new) {
            Some((_, olds)) => olds.insert(0, old),
            None => groups.push((new, vec![old])),
        }
    }
    groups
}
