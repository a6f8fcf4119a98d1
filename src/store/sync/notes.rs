//! The records of two repositories made into one.

use std::collections::BTreeMap;

use crate::git::{MergedNote, Repo};
use crate::provenance::{CommitId, Synced};
use crate::store::{Error, note};

/// What becomes of each commit that has other notes here than there; nothing is written yet.
#[derive(Debug)]
pub(super) struct Merge {
    ours: Option<CommitId>,
    theirs: CommitId,
    notes: BTreeMap<CommitId, MergedNote>,
    counts: Counts,
}

#[derive(Debug, Default)]
struct Counts {
    taken: usize,
    given: usize,
    combined: usize,
    foreign: usize,
    too_large: usize,
    strange: usize,
    missing: usize,
}

/// The notes of one commit in one history.
struct Side {
    blobs: Vec<CommitId>,
}

impl Merge {
    /// Compares what is here with what the other one has, commit by commit.
    ///
    /// A commit whose notes changed on one side only since both went apart takes the change; one that has notes on one
    /// side only keeps them; what changed on both is combined.
    pub(super) fn of(repo: &Repo, ours: Option<CommitId>, theirs: CommitId) -> Result<Self, Error> {
        let difference = repo.notes_difference(ours, theirs)?;
        let base = ours.and_then(|ours| repo.merge_base(ours, theirs));
        let mut merge = Self { ours, theirs, notes: BTreeMap::new(), counts: Counts::default() };
        merge.counts.strange = difference.strange;
        for commit in difference.commits {
            merge.decide(repo, commit, base)?;
        }
        Ok(merge)
    }

    fn decide(
        &mut self,
        repo: &Repo,
        commit: CommitId,
        base: Option<CommitId>,
    ) -> Result<(), Error> {
        let side = |tip: Option<CommitId>| match tip {
            Some(tip) => Ok::<_, Error>(Side { blobs: repo.note_blobs(tip, commit)? }),
            None => Ok(Side { blobs: Vec::new() }),
        };
        let (ours, theirs) = (side(self.ours)?, side(Some(self.theirs))?);
        if ours.blobs == theirs.blobs {
            // At another depth of the tree, as Git leaves it when it removes notes: it gets one place on both sides.
            if let [only] = ours.blobs[..] {
                self.notes.insert(commit, MergedNote::Kept(only));
            }
            return Ok(());
        }
        if theirs.blobs.is_empty() {
            self.counts.given += 1;
            return Ok(());
        }
        let (usable, too_large, missing) = theirs.usable(repo);
        self.counts.too_large += too_large;
        self.counts.missing += missing;
        if usable.is_empty() {
            self.counts.given += usize::from(!ours.blobs.is_empty());
            return Ok(());
        }
        let base = side(base)?;
        if !ours.blobs.is_empty() && !base.blobs.is_empty() {
            if base.blobs == theirs.blobs {
                self.counts.given += 1;
                return Ok(());
            }
            if base.blobs == ours.blobs && usable == theirs.blobs {
                return self.take(repo, commit, &usable);
            }
        }
        if ours.blobs.is_empty() {
            return self.take(repo, commit, &usable);
        }
        self.combine(repo, commit, &ours.blobs, &usable)
    }

    /// Takes the notes of the other one as they are; several of one commit become one.
    fn take(&mut self, repo: &Repo, commit: CommitId, blobs: &[CommitId]) -> Result<(), Error> {
        self.counts.taken += 1;
        let note = match blobs {
            [only] => MergedNote::Kept(*only),
            several => match joined(repo, commit, several)? {
                Some(joined) => MergedNote::New(joined.content),
                None => MergedNote::Kept(several[0]),
            },
        };
        self.notes.insert(commit, note);
        Ok(())
    }

    fn combine(
        &mut self,
        repo: &Repo,
        commit: CommitId,
        ours: &[CommitId],
        theirs: &[CommitId],
    ) -> Result<(), Error> {
        let blobs = [ours, theirs].concat();
        let Some(joined) = joined(repo, commit, &blobs)? else {
            self.counts.given += 1; // Nobody can read either; ours is as good.
            return Ok(());
        };
        self.counts.combined += usize::from(joined.is_combined);
        self.counts.foreign += usize::from(joined.keeps_foreign);
        let is =
            |blobs: &[CommitId]| matches!(blobs, [one] if repo.hash(&joined.content) == Some(*one));
        self.counts.taken += usize::from(!is(ours));
        self.counts.given += usize::from(!is(theirs));
        if !is(ours) {
            self.notes.insert(commit, MergedNote::New(joined.content));
        }
        Ok(())
    }

    /// Adds to what was done. Where it was tried before, what was taken then counts too.
    pub(super) fn count(&self, done: &mut Synced) {
        done.taken += self.counts.taken;
        done.combined += self.counts.combined;
        done.foreign += self.counts.foreign;
        done.too_large = self.counts.too_large;
        done.strange = self.counts.strange;
        done.missing = self.counts.missing;
    }

    /// Says how many commits the other one lacks, or has otherwise.
    pub(super) fn given(&self) -> usize {
        self.counts.given
    }

    /// Writes it; `None` where a hook wrote to our notes meanwhile.
    pub(super) fn write(&self, repo: &Repo) -> Result<Option<CommitId>, Error> {
        Ok(repo.merge_notes(note::REFERENCE, self.ours, self.theirs, &self.notes)?)
    }
}

impl Side {
    /// Returns the files that can be read, and how many are too large, and not here.
    fn usable(&self, repo: &Repo) -> (Vec<CommitId>, usize, usize) {
        let (mut usable, mut too_large, mut missing) = (Vec::new(), 0, 0);
        for blob in &self.blobs {
            match repo.blob_size(*blob) {
                Ok(size) if size <= note::READ_LIMIT => usable.push(*blob),
                Ok(_) => too_large += 1,
                Err(_) => missing += 1,
            }
        }
        (usable, too_large, missing)
    }
}

fn joined(
    repo: &Repo,
    commit: CommitId,
    blobs: &[CommitId],
) -> Result<Option<note::JoinedNote>, Error> {
    let read = |blob: &CommitId| Ok::<_, Error>(repo.blob(*blob)?);
    let contents = blobs.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    Ok(note::join(commit, contents.iter().map(Vec::as_slice)))
}

/// Counts the commits that have notes.
pub(super) fn count(repo: &Repo, tip: CommitId) -> Result<usize, Error> {
    Ok(repo.notes_difference(None, tip)?.commits.len())
}
