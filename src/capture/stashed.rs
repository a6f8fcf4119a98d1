//! Work in a stash: whose its lines are is kept when the entry is first seen, and given back when they are popped.

use std::collections::HashMap;

use chrono::DateTime;

use crate::attribute::{Owner, ReplayedFile, lines, replay, same_lines};
use crate::capture::Error;
use crate::capture::candidate::{Candidate, Writers, remembered};
use crate::capture::change::text;
use crate::capture::moment::{Moment, Outcome};
use crate::capture::observed::{steps, without_discarded};
use crate::capture::overlap::Shells;
use crate::capture::pending::pending_calls;
use crate::git::{FileVersion, Repo, Worktree};
use crate::provenance::CommitId;
use crate::store::{Evidence, Memory, Run, ShellWatches, Stashed, Stashes, Writer};

/// What is read of files to find whose the lines of one entry are, in bytes.
const READ_LIMIT: usize = 64 << 20;

/// Git's mode of a file: of those that are remembered it matters no more.
const FILE_MODE: u32 = 0o100_644;

/// Looks for entries of the stash that no hook has seen, before an agent's next edit is told.
///
/// `now` is in milliseconds since 1970.
pub(super) fn notice_in(worktree: &Worktree, now: i64) -> Result<(), Error> {
    let stashes = Stashes::of(&worktree.git_dir);
    let entries = worktree.stash_entries();
    if entries.iter().all(|entry| stashes.is_known(*entry)) {
        return Ok(());
    }
    let repo = Repo::open_for_hook(&worktree.top)?;
    Moment::new(&repo, DateTime::from_timestamp_millis(now).unwrap_or_default()).notice_stashes()
}

impl Moment<'_> {
    /// Keeps whose the lines are of entries that no hook has seen, and puts aside what agents told of their files: it is
    /// in the work tree no more.
    pub(super) fn notice_stashes(&self) -> Result<(), Error> {
        let stashes = Stashes::of(self.repo.git_dir());
        let entries = self.repo.stash_entries();
        let new = entries.iter().filter(|entry| !stashes.is_known(**entry)).collect::<Vec<_>>();
        let mut paths = Vec::new();
        for entry in &new {
            let files = self.stashed_work(**entry)?;
            stashes.write(**entry, &files)?;
            paths.extend(files.into_iter().map(|one| one.file.path));
        }
        let evidence = Evidence::of(self.repo.git_dir());
        if !paths.is_empty() && !evidence.is_empty() {
            // A commit that no hook saw may have the same files, and be made of what is about to be put aside.
            let head = self.repo.head()?.commit.into_iter();
            let tips = head.chain(self.left_by_switch()).collect::<Vec<_>>();
            self.catch_up(&tips, &mut Outcome::default());
            evidence.commit(paths, self.milliseconds())?;
        }
        if !new.is_empty() {
            stashes.drop_old(&entries);
        }
        Ok(())
    }

    /// Replays what agents told up to now for the files of an entry.
    fn stashed_work(&self, entry: CommitId) -> Result<Vec<Stashed>, Error> {
        let evidence = Evidence::of(self.repo.git_dir());
        let memory = Memory::of(self.repo.git_dir());
        let entries = evidence.read()?.entries;
        let pending = pending_calls(&entries, self.milliseconds());
        if pending.is_empty() && memory.is_empty() {
            return Ok(Vec::new());
        }
        let mut writers = Writers::default();
        let mut budget = READ_LIMIT;
        let mut candidates = Vec::new();
        for (path, versions) in self.repo.stashed_files(entry)? {
            let candidate =
                self.stashed_file(path, versions, &memory, &mut writers, &mut budget)?;
            candidates.extend(candidate);
        }
        let open = ShellWatches::of(self.repo.git_dir()).open(self.milliseconds());
        let shells = Shells::gather(&pending, &open, self.milliseconds());
        let steps = steps(&pending, &shells, &evidence.contents(), &candidates, &mut writers);
        let files = candidates.iter().map(|one| one.file.clone()).collect::<Vec<_>>();
        let replayed = replay(&files, &steps);
        let files = candidates.iter().zip(replayed).enumerate();
        let files = files.filter_map(|(place, (file, mut whose))| {
            whose.deleted = without_discarded(&whose, place, &steps);
            stashed(file, &whose, &writers.list)
        });
        Ok(files.collect())
    }

    fn stashed_file(
        &self,
        path: String,
        (start, stashed): (Option<FileVersion>, Option<FileVersion>),
        memory: &Memory,
        writers: &mut Writers,
        budget: &mut usize,
    ) -> Result<Option<Candidate>, Error> {
        let Some(top) = self.repo.work_tree() else { return Ok(None) };
        let known = memory.read(&path);
        let place = (path, top.to_path_buf());
        let candidate = self.candidate(place, (start, stashed), known, writers, budget)?;
        Ok(candidate.map(|mut candidate| {
            // The work tree was this by then.
            candidate.file.worktree.clone_from(&candidate.file.staged);
            candidate
        }))
    }

    /// Gives lines of nobody known back to who had written them when they went into the stash, and deletions likewise.
    ///
    /// More than half of an entry's lines in the file must be there: somebody else may write the like of one.
    pub(super) fn give_back_stashed(
        &self,
        candidate: &Candidate,
        replayed: &mut ReplayedFile,
        stashed: &[Stashed],
        writers: &mut Writers,
    ) -> Result<(), Error> {
        let mut budget = READ_LIMIT;
        for one in stashed.iter().filter(|one| one.file.path == candidate.path) {
            let Some(content) = self.stashed_content(one.file.committed, &mut budget)? else {
                continue;
            };
            let owners = owners(&one.file.runs, &one.file.writers, writers);
            let (staged, worktree) = (&candidate.file.staged, &candidate.file.worktree);
            let is_back = |now: &Option<Vec<u8>>| {
                let now = now.as_deref().unwrap_or_default();
                let all = (0..).take(lines(now).count()).collect::<Vec<_>>();
                let found = same_lines(&content, now, &all);
                found.iter().filter(|(_, place)| owners.contains_key(place)).count() * 2
                    > owners.len()
            };
            if !is_back(staged) && !is_back(worktree) {
                continue;
            }
            for (now, whose) in [(staged, &mut replayed.staged), (worktree, &mut replayed.worktree)]
            {
                let open = whose.iter().zip(0..).filter(|(owner, _)| **owner == Owner::Nobody);
                let open = open.map(|(_, line)| line).collect::<Vec<u32>>();
                let now = now.as_deref().unwrap_or_default();
                for (line, place) in same_lines(&content, now, &open) {
                    if let Some(owner) = owners.get(&place) {
                        whose[line as usize] = *owner;
                    }
                }
            }
            let base = one.base.map(|base| self.stashed_content(base, &mut budget)).transpose()?;
            let base = base.flatten().unwrap_or_default();
            let deleters = self::owners(&one.deleted, &one.file.writers, writers);
            let open = replayed.deleted.iter().filter(|(_, owner)| *owner == Owner::Nobody);
            let open = open.map(|(line, _)| *line).collect::<Vec<_>>();
            for (line, place) in same_lines(&base, &candidate.file.start, &open) {
                let known = replayed.deleted.iter_mut().find(|(known, _)| *known == line);
                if let (Some((_, owner)), Some(deleter)) = (known, deleters.get(&place)) {
                    *owner = *deleter;
                }
            }
        }
        Ok(())
    }

    /// Reads a file of an entry; `None` where Git has dropped it since.
    fn stashed_content(
        &self,
        blob: CommitId,
        budget: &mut usize,
    ) -> Result<Option<Vec<u8>>, Error> {
        if self.repo.blob_size(blob).is_err() {
            return Ok(None);
        }
        text(self.repo, Some(FileVersion { mode: FILE_MODE, id: blob }), budget)
    }
}

/// Returns what is to be kept of a file of an entry; `None` where nothing is known of it.
fn stashed(candidate: &Candidate, whose: &ReplayedFile, writers: &[Writer]) -> Option<Stashed> {
    let (mut file, _) = remembered(candidate, &whose.staged, writers)?;
    let deleted = whose.deleted.iter().copied().collect::<HashMap<_, _>>();
    let mut runs = Vec::new();
    for line in (0_u32..).take(lines(&candidate.file.start).count()) {
        let writer = match deleted.get(&line) {
            Some(Owner::Writer(number)) => writers.get(*number as usize),
            _ => None,
        };
        let place = writer.map(|writer| place_in(&mut file.writers, writer));
        runs.push(Run { lines: 1, writer: place });
    }
    Some(Stashed { file, base: candidate.start.map(|version| version.id), deleted: runs })
}

fn place_in(writers: &mut Vec<Writer>, writer: &Writer) -> u32 {
    let place = writers.iter().position(|known| known == writer).unwrap_or_else(|| {
        writers.push(writer.clone());
        writers.len() - 1
    });
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// Returns the lines that runs give to somebody known, by their numbers from 0.
fn owners(runs: &[Run], known: &[Writer], writers: &mut Writers) -> HashMap<u32, Owner> {
    let numbers = known.iter().map(|one| writers.number(one.clone())).collect::<Vec<_>>();
    let mut owners = HashMap::new();
    let mut line = 0;
    for Run { lines, writer } in runs {
        let number = writer.and_then(|place| numbers.get(place as usize));
        if let Some(number) = number {
            owners.extend((line..line + lines).map(|line| (line, Owner::Writer(*number))));
        }
        line += lines;
    }
    owners
}
