//! Records and plans taken from another repository and given to it, so that both have all.
//!
//! What is missing on one side is never removed on the other: `git notes prune` in a shallow clone must not cost
//! everybody their records. So a removal does not travel.

mod notes;
mod plans;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use crate::git::{Error as GitError, Pushed, Remote, RemoteError, Repo};
use crate::provenance::{CommitId, PlanId, Synced};
use crate::store::{Error, note};

use notes::Merge;

/// How often a push is tried where others are faster.
const TRIES: u32 = 20;

/// The first pause before another try; each later one is twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(10);

/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Whether a text stays here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeldBack {
    /// It may go.
    No,
    /// It stays here, for this reason.
    Yes(String),
}

/// Looks for what must not leave this machine, such as a secret, in a text of a plan.
pub type HoldBack<'h> = &'h dyn Fn(&str) -> HeldBack;

/// What is to be done.
#[derive(Clone, Copy)]
pub struct SyncWish<'h> {
    /// Records are given to the remote, too.
    pub pushes: bool,
    /// Nothing is changed here nor there.
    pub is_dry: bool,
    /// Plans travel, too, but for those that are held back.
    pub plans: Option<HoldBack<'h>>,
}

/// One repository and another.
pub struct Sync<'r> {
    repo: &'r Repo,
    remote: Remote,
}

/// Returns where the records of a remote are kept as it had them when it was last asked.
pub fn tracking(remote: &Remote) -> String {
    format!("{}-remote/{}", note::REFERENCE, remote.key)
}

/// Says whether the records of a remote were ever asked for.
pub fn was_asked(repo: &Repo, remote: &Remote) -> Result<bool, Error> {
    let had_none = || fs::read_to_string(empty_remotes(repo)).unwrap_or_default();
    Ok(repo.reference(&tracking(remote))?.is_some()
        || had_none().lines().any(|key| key == remote.key))
}

/// Remembers that a remote had no records: no reference of its own can tell. What cannot be written is asked once more.
fn remember_empty(repo: &Repo, remote: &Remote) {
    let path = empty_remotes(repo);
    let known = fs::read_to_string(&path).unwrap_or_default();
    if !known.lines().any(|key| key == remote.key) {
        let _ = path.parent().map(fs::create_dir_all);
        let _ = fs::write(&path, format!("{known}{}\n", remote.key));
    }
}

fn empty_remotes(repo: &Repo) -> PathBuf {
    repo.common_dir().join("model/empty-remotes")
}

impl<'r> Sync<'r> {
    /// Names both; nothing is read yet.
    pub fn new(repo: &'r Repo, remote: Remote) -> Self {
        Self { repo, remote }
    }

    /// Takes what the other one has, combines it with what is here, and gives it back.
    pub fn run(&self, wish: SyncWish<'_>) -> Result<Synced, Error> {
        let mut done = Synced::default();
        let mut pause = FIRST_PAUSE;
        loop {
            let there = self.listed(wish.plans.is_some())?;
            let is_settled = self.notes(wish, there.notes, &mut done)?;
            if is_settled {
                if let Some(hold_back) = wish.plans {
                    done.plans = Some(self.plans(wish, &there.plans, hold_back)?);
                }
                return Ok(done);
            }
            done.races += 1;
            if done.races >= TRIES {
                return Err(Error::Remote(RemoteError::Busy {
                    remote: self.remote.name.clone(),
                    reference: note::REFERENCE.to_owned(),
                    tries: TRIES,
                }));
            }
            pause = wait(pause);
        }
    }

    fn listed(&self, with_plans: bool) -> Result<Listed, Error> {
        let mut wanted = vec![note::REFERENCE];
        wanted.extend(with_plans.then_some(crate::store::plan::FOLDER));
        let mut listed = Listed::default();
        for (name, tip) in self.remote.list(&wanted)? {
            if name == note::REFERENCE {
                listed.notes = Some(tip);
            } else if let Some(name) = name.strip_prefix(crate::store::plan::FOLDER) {
                match name.parse() {
                    Ok(id) => listed.plans.known.push((id, tip)),
                    Err(_) => listed.plans.strange += 1,
                }
            }
        }
        Ok(listed)
    }

    /// Says whether it is done; `false` where somebody else was faster.
    fn notes(
        &self,
        wish: SyncWish<'_>,
        theirs: Option<CommitId>,
        done: &mut Synced,
    ) -> Result<bool, Error> {
        let merged = if let Some(theirs) = theirs {
            self.fetch_notes(theirs, wish.is_dry)?;
            let merge = Merge::of(self.repo, self.repo.reference(note::REFERENCE)?, theirs);
            let merge = merge.map_err(|source| self.unreadable(source))?;
            merge.count(done);
            if wish.is_dry {
                done.given = if wish.pushes { merge.given() } else { 0 };
                return Ok(true);
            }
            let Some(tip) = merge.write(self.repo)? else { return Ok(false) };
            done.given = if wish.pushes { merge.given() } else { 0 };
            Some(tip)
        } else {
            let ours = self.repo.reference(note::REFERENCE)?;
            if !wish.is_dry {
                // What it had once is no base for anything any more.
                self.repo.forget_reference(&tracking(&self.remote))?;
                remember_empty(self.repo, &self.remote);
            }
            if let Some(ours) = ours.filter(|_| wish.pushes) {
                done.given = notes::count(self.repo, ours)?;
            }
            done.is_empty = done.given == 0;
            ours.filter(|_| !wish.is_dry)
        };
        let Some(tip) = merged.filter(|_| wish.pushes) else { return Ok(true) };
        if let Some(theirs) = theirs
            && self.repo.has_same_notes(tip, theirs)?
        {
            return Ok(true);
        }
        self.push_notes(tip, theirs)
    }

    fn push_notes(&self, tip: CommitId, theirs: Option<CommitId>) -> Result<bool, Error> {
        let Some(tip) = self.signed(tip)? else { return Ok(false) };
        let pushed = self.remote.push(&[(tip, note::REFERENCE)])?.pop();
        match pushed.unwrap_or(Pushed::Raced) {
            Pushed::Done => {
                let tracking = tracking(&self.remote);
                // It was fetched by another process since: then the next time tells.
                let seen = self.repo.reference(&tracking)?;
                if seen == theirs {
                    self.repo.advance(&tracking, seen, tip)?;
                }
                Ok(true)
            }
            Pushed::Raced => Ok(false),
            Pushed::Refused(reason) => Err(Error::Remote(RemoteError::Refused {
                remote: self.remote.name.clone(),
                reference: note::REFERENCE.to_owned(),
                reason,
            })),
        }
    }

    /// Signs what is to be pushed, where commits are signed here; `None` where the notes moved on meanwhile.
    fn signed(&self, tip: CommitId) -> Result<Option<CommitId>, Error> {
        if !self.repo.signs_commits()? || self.repo.is_signed(tip) {
            return Ok(Some(tip));
        }
        let tree = self.repo.tree_of(tip)?;
        let signed = self.repo.signed_commit(tip, tree, "git-model: sync")?;
        let is_moved = self.repo.advance(note::REFERENCE, Some(tip), signed)?;
        Ok(is_moved.then_some(signed))
    }

    fn fetch_notes(&self, theirs: CommitId, is_dry: bool) -> Result<(), Error> {
        let tracking = tracking(&self.remote);
        if self.repo.reference(&tracking)? == Some(theirs) {
            return Ok(());
        }
        let to = (!is_dry).then_some(tracking);
        Ok(self.remote.fetch(&[(note::REFERENCE.to_owned(), to)])?)
    }

    fn unreadable(&self, source: Error) -> Error {
        match source {
            Error::Git(
                source @ (GitError::ReadObject { .. }
                | GitError::TooManyNotes { .. }
                | GitError::RepeatedFolder { .. }),
            ) => Error::NoHistory {
                remote: self.remote.name.clone(),
                reference: note::REFERENCE.to_owned(),
                source,
            },
            other => other,
        }
    }
}

/// What a remote has.
#[derive(Debug, Default)]
struct Listed {
    notes: Option<CommitId>,
    plans: ListedPlans,
}

#[derive(Debug, Default)]
struct ListedPlans {
    known: Vec<(PlanId, CommitId)>,
    /// References among the plans whose name is no id.
    strange: usize,
}

/// Waits before the next try and returns the pause after it; two that collided must not collide again.
fn wait(pause: Duration) -> Duration {
    let own_share = pause / 16 * (std::process::id() % 17);
    std::thread::sleep(pause + own_share);
    (pause * 2).min(LONGEST_PAUSE)
}
