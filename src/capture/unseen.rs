//! Commits that no hook of ours saw: hooks were switched off, or Git runs none. What they were made of is found out by
//! the reflog, by authorship and by the patch, and their records are caught up at the next hook.
//!
//! Only what is found is written: a commit of which nothing is known gets no note, since none of our hooks looked at it.

use std::collections::HashSet;

use crate::attribute::{LineDiff, lines};
use crate::capture::change::{Source, record_of, text};
use crate::capture::commit_hooks::{Used, still_there, written_by};
use crate::capture::moment::{Moment, Outcome};
use crate::capture::observed::Observed;
use crate::capture::{Error, trailers};
use crate::git::{Commit, HeadMove, HowMoved};
use crate::provenance::{CommitId, CommitRecord, Operation, model_trailers};
use crate::store::{Draft, LookedInVain, Memory};

/// So many commits in a row are caught up at most.
const COMMITS_LIMIT: usize = 64;

/// Over so many amends in a row is a record looked for.
const AMENDS_LIMIT: usize = 16;

/// So many commits are looked at in all for one from which another may have been made.
const CANDIDATES_LIMIT: usize = 256;

/// What is read of files to compare two patches, in bytes.
const READ_LIMIT: usize = 8 << 20;

/// What a patch takes away and adds, by path.
type Patch = Vec<(Vec<u8>, Vec<Vec<u8>>, Vec<Vec<u8>>)>;

/// Says whether a patch adds all lines that another one adds, and that one adds some.
fn has_all(all: &Patch, part: &Patch) -> bool {
    let added = |patch: &Patch| {
        let lines = patch.iter().flat_map(|(path, _, added)| {
            added.iter().map(move |line| (path.clone(), line.clone()))
        });
        lines.collect::<HashSet<_>>()
    };
    let part = added(part);
    !part.is_empty() && part.is_subset(&added(all))
}

impl Moment<'_> {
    /// Returns the record of a commit; of one that no hook saw, what the commits that it replaces tell.
    ///
    /// `None` where nothing is known. Writes nothing.
    pub(super) fn found_record(&self, id: CommitId) -> Result<Option<CommitRecord>, Error> {
        self.found(id, AMENDS_LIMIT)
    }

    fn found(&self, id: CommitId, amends: usize) -> Result<Option<CommitRecord>, Error> {
        let known = record_of(self.repo, id)?;
        if known.is_some() || amends == 0 {
            return Ok(known);
        }
        let commit = self.repo.commit(id)?;
        let draft = self.draft_of_unseen(&commit)?;
        if draft.sources.is_empty() {
            return Ok(None);
        }
        let sources = draft.sources.iter().map(|source| {
            let record = self.found(*source, amends - 1)?.unwrap_or_default();
            Ok(Source::new(self.repo.commit(*source)?, record))
        });
        let sources = sources.collect::<Result<Vec<_>, Error>>()?;
        let record = self.record_of_unseen(&commit, &draft, sources, &Observed::default())?;
        Ok(Some(record))
    }

    fn record_of_unseen(
        &self,
        commit: &Commit,
        draft: &Draft,
        sources: Vec<Source>,
        observed: &Observed,
    ) -> Result<CommitRecord, Error> {
        let written = written_by(&sources);
        let mut record = self.attribute(draft, commit.tree, sources, observed)?;
        trailers::add_typed(&mut record, &model_trailers(&commit.message));
        record.trailers = still_there(&written, &commit.message);
        Ok(record)
    }

    /// Begins the draft of a commit for which the message hooks left none.
    pub(super) fn draft_of_unseen(&self, commit: &Commit) -> Result<Draft, Error> {
        let made = self.made_by(commit.id);
        let (operation, sources) = match made.map(|one| one.how) {
            Some(HowMoved::Amend) => (Operation::Amend, self.amended_by(made)?),
            _ if commit.parents.len() > 1 => (Operation::Merge, Vec::new()),
            Some(HowMoved::Commit) => (Operation::Commit, Vec::new()),
            Some(HowMoved::Revert) => (Operation::Revert, Vec::new()),
            Some(HowMoved::Pick) => (Operation::CherryPick, self.candidates(commit)?),
            Some(HowMoved::Apply) => (Operation::Apply, self.candidates(commit)?),
            _ => (Operation::Rebase, self.candidates(commit)?),
        };
        let is_plain = operation == Operation::Rebase && sources.is_empty() && made.is_none();
        let operation = if is_plain { Operation::Commit } else { operation };
        Ok(Draft::new(commit.parents.clone(), operation, sources))
    }

    /// Returns the commit that an amend replaced; of several amends in a row, the last one that has a record.
    fn amended_by(&self, amend: Option<HeadMove>) -> Result<Vec<CommitId>, Error> {
        let Some(amend) = amend else { return Ok(Vec::new()) };
        let mut old = amend.old;
        for _ in 0..AMENDS_LIMIT {
            let earlier = self.made_by(old).filter(|one| one.how == HowMoved::Amend);
            let Some(earlier) = earlier else { break };
            if self.has_note(old)? {
                break;
            }
            old = earlier.old;
        }
        Ok(vec![old])
    }

    /// Returns how a commit was made in this worktree, as the reflog tells; `None` where it does not.
    fn made_by(&self, id: CommitId) -> Option<HeadMove> {
        let goes_there = |how| {
            use HowMoved::{Merge, RebaseStart, Reset, Switch};
            matches!(how, Reset | Switch | RebaseStart | Merge)
        };
        let is_maker = |one: &&HeadMove| one.new == id && one.old != id && !goes_there(one.how);
        self.head_moves().iter().find(is_maker).copied()
    }

    /// Finds the commits with a record from which one was made: of the same author and time, with the same patch if
    /// one of them has it; else those with the same message and patch, and those left behind by a rewriting of which
    /// all lines are in this one, as after a squash. Where several are left, none is the nearer.
    fn candidates(&self, commit: &Commit) -> Result<Vec<CommitId>, Error> {
        let text = |commit: &Commit| {
            let is_ours = |line: &&str| !line.starts_with("Model: ") && !line.trim().is_empty();
            commit.message.lines().filter(is_ours).map(str::to_owned).collect::<Vec<_>>()
        };
        let mut own = vec![commit.id];
        while own.len() < COMMITS_LIMIT {
            let last = self.repo.commit(own[own.len() - 1])?;
            let Some(parent) = last.parents.first() else { break };
            own.push(*parent);
        }
        // What a commit stands on, it was not made from.
        let others = self.recorded_lately()?.iter().filter(|other| !own.contains(&other.id));
        let (by_author, by_text) = others.partition::<Vec<_>, _>(|other| {
            other.author == commit.author && other.author_time == commit.author_time
        });
        let patch = self.patch_of(commit)?;
        let has_patch =
            |other: &Commit| Ok::<_, Error>(patch.is_some() && self.patch_of(other)? == patch);
        let mut same = Vec::new();
        for other in &by_author {
            if has_patch(other)? {
                same.push(other.id);
            }
        }
        if same.is_empty() && by_author.is_empty() {
            for other in by_text.iter().filter(|other| text(other) == text(commit)) {
                if has_patch(other)? {
                    same.push(other.id);
                }
            }
        }
        if !same.is_empty() {
            return Ok(same);
        }
        let mut sources = by_author.iter().map(|other| other.id).collect::<Vec<_>>();
        for other in &by_text {
            if self.is_left_behind(other.id)
                && let (Some(all), Some(part)) = (&patch, self.patch_of(other)?)
                && has_all(all, &part)
            {
                sources.push(other.id);
            }
        }
        Ok(sources)
    }

    /// Says whether a commit was one of those that a rewriting of `HEAD`'s branch replaced.
    fn is_left_behind(&self, id: CommitId) -> bool {
        self.left_behind().contains(&id)
    }

    /// Lists the commits with a record that `HEAD` was at lately, and those that a rewriting left behind.
    fn recorded_lately(&self) -> Result<&[Commit], Error> {
        if let Some(known) = self.lately.get() {
            return Ok(known);
        }
        let mut ids = Vec::<CommitId>::new();
        for one in self.head_moves() {
            for id in [one.new, one.old] {
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
        for id in self.left_behind() {
            if !ids.contains(id) {
                ids.push(*id);
            }
        }
        let mut commits = Vec::new();
        for id in ids {
            if let Ok(commit) = self.repo.commit(id)
                && record_of(self.repo, id)?.is_some()
            {
                commits.push(commit);
            }
        }
        Ok(self.lately.get_or_init(|| commits))
    }

    /// Lists the commits that rewritings of `HEAD`'s branch replaced, and some before them.
    fn left_behind(&self) -> &[CommitId] {
        self.left.get_or_init(|| {
            let is_left =
                |one: &&HeadMove| matches!(one.how, HowMoved::RebaseStart | HowMoved::Other);
            let mut ids = Vec::new();
            for one in self.head_moves().iter().filter(is_left) {
                let mut at = one.old;
                while ids.len() < CANDIDATES_LIMIT && at != one.new && !ids.contains(&at) {
                    let Ok(commit) = self.repo.commit(at) else { break };
                    ids.push(at);
                    let Some(parent) = commit.parents.first() else { break };
                    at = *parent;
                }
            }
            ids
        })
    }

    /// Returns what a commit changes, without places; `None` for a merge, or for too much.
    fn patch_of(&self, commit: &Commit) -> Result<Option<Patch>, Error> {
        let [parent] = commit.parents[..] else { return Ok(None) };
        let before = self.repo.commit(parent)?.tree;
        let mut budget = READ_LIMIT;
        let mut patch = Patch::new();
        for change in self.repo.changed_files(Some(before), Some(commit.tree))? {
            let old = text(self.repo, change.old, &mut budget)?;
            let new = text(self.repo, change.new, &mut budget)?;
            let (Some(old), Some(new)) = (old, new) else { return Ok(None) };
            let diff = LineDiff::between(&old, &new);
            let of = |content: &[u8], places: &mut dyn Iterator<Item = u32>| {
                let all = lines(content).collect::<Vec<_>>();
                places
                    .filter_map(|place| all.get(place as usize).map(|line| line.to_vec()))
                    .collect()
            };
            patch.push((change.path, of(&old, &mut diff.deleted()), of(&new, &mut diff.added())));
        }
        patch.sort();
        Ok(Some(patch))
    }

    /// Catches up the records of commits without one that were made in this worktree, from these back.
    pub(super) fn catch_up(&self, tips: &[CommitId], outcome: &mut Outcome) {
        if let Err(error) = self.try_catch_up(tips, outcome) {
            outcome.warnings.push(format!("commits that no hook saw are not recorded: {error}"));
        }
    }

    fn try_catch_up(&self, tips: &[CommitId], outcome: &mut Outcome) -> Result<(), Error> {
        let vain = LookedInVain::of(self.repo.git_dir());
        let known = vain.read();
        let (mut unseen, mut ends) = (Vec::<Commit>::new(), Vec::new());
        for tip in tips {
            let mut at = *tip;
            let mut is_rewritten = false;
            let begin = unseen.len();
            while unseen.len() < COMMITS_LIMIT
                && !known.contains(&at)
                && !unseen.iter().any(|known| known.id == at)
                && !self.has_note(at)?
            {
                let made = self.made_by(at);
                if made.is_none() && !is_rewritten {
                    break;
                }
                is_rewritten = made.is_none_or(|one| one.how != HowMoved::Commit);
                let commit = self.repo.commit(at)?;
                let parent = commit.parents.first().copied();
                unseen.push(commit);
                self.add_amended(made, &mut unseen)?;
                let Some(parent) = parent else { break };
                at = parent;
            }
            ends.push(begin..unseen.len());
        }
        if unseen.is_empty() {
            return Ok(());
        }
        // Evidence that cannot be read must not cost the records.
        let _ = self.sweep();
        self.notice_stashes()?;
        let mut may_be_found = vec![false; unseen.len()];
        for (place, commit) in unseen.iter().enumerate().rev() {
            // The stash may have had it caught up.
            if self.has_note(commit.id)? {
                continue;
            }
            may_be_found[place] = !self.catch_up_one(commit, outcome)? && !self.is_own(commit.id);
        }
        let in_vain = ends.into_iter().filter(|end| !may_be_found[end.clone()].contains(&true));
        let in_vain = in_vain.filter_map(|end| unseen[end].first()).map(|commit| commit.id);
        vain.add(&in_vain.collect::<Vec<_>>());
        Ok(())
    }

    /// Adds the commits without a record that an amend replaced: what they were made of is theirs first.
    fn add_amended(
        &self,
        mut made: Option<HeadMove>,
        unseen: &mut Vec<Commit>,
    ) -> Result<(), Error> {
        for _ in 0..AMENDS_LIMIT {
            let Some(amend) = made.filter(|one| one.how == HowMoved::Amend) else { break };
            let is_known = unseen.iter().any(|known| known.id == amend.old);
            if is_known || self.has_note(amend.old)? {
                break;
            }
            unseen.push(self.repo.commit(amend.old)?);
            made = self.made_by(amend.old);
        }
        Ok(())
    }

    /// Says whether a commit was made here out of nothing but work: what is not known of it by now will never be. What
    /// was picked or rebased may come from another clone whose records are still to come.
    fn is_own(&self, id: CommitId) -> bool {
        let made = self.made_by(id);
        made.is_some_and(|one| matches!(one.how, HowMoved::Commit | HowMoved::Amend))
    }

    /// Catches up one commit; says whether anything was found.
    fn catch_up_one(&self, commit: &Commit, outcome: &mut Outcome) -> Result<bool, Error> {
        let draft = self.draft_of_unseen(commit)?;
        let sources = self.sources(&draft)?;
        let start = self.worked_on(&draft)?;
        let observed = self.observed(draft.operation, start, commit.tree)?;
        let record = self.record_of_unseen(commit, &draft, sources, &observed)?;
        if record.contributions.iter().all(|one| one.lines.changed() == 0) {
            return Ok(false);
        }
        self.write_notes(&[(commit.id, record.clone())], outcome)?;
        let billed = observed.bill(&record);
        let remember = observed.into_remembered(&Memory::of(self.repo.git_dir()))?;
        if !remember.is_empty() {
            self.settle(commit, &Used { start, remember, billed })?;
        }
        Ok(true)
    }

    /// Returns the commit that `HEAD` left when another branch was checked out; a hook that runs here may be the first
    /// that could have seen it.
    pub(super) fn left_by_switch(&self) -> Option<CommitId> {
        let moves = self.head_moves().iter();
        let is_left = |one: &&HeadMove| one.how == HowMoved::Switch && one.old != one.new;
        moves.clone().find(is_left).map(|one| one.old)
    }

    pub(super) fn has_note(&self, id: CommitId) -> Result<bool, Error> {
        Ok(!self.repo.notes_of(crate::store::note::REFERENCE, id)?.is_empty())
    }
}
