//! Which commits another one was made of: by its files, its change, its message, its author, its lines.

use std::collections::{BTreeMap, HashMap};

use crate::attribute::{LineDiff, lines};
use crate::capture::Error;
use crate::capture::change::text;
use crate::capture::repair::{RepairWish, Way};
use crate::git::{Commit, LineageHead, Repo};
use crate::provenance::CommitId;
use crate::store::note;

/// The most commits that a head may have beyond the branch it was merged into.
pub(super) const MOST_COMMITS: usize = 2_000;

/// The most recorded commits that are compared with one that has no record.
const MOST_RECORDED: usize = 50_000;

/// The most branches that are looked at where nobody named one.
const MOST_HEADS: usize = 300;

/// What is read of files to compare their lines, in bytes.
const READ_LIMIT: usize = 32 << 20;

/// One way in which a commit may have been made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Made {
    /// Of one commit, on another parent.
    One(CommitId),
    /// Of all that a head has beyond a base, newest first.
    All { base: Option<CommitId>, head: CommitId, commits: Vec<CommitId> },
}

impl Made {
    /// Returns the commits, newest first.
    pub(super) fn commits(&self) -> &[CommitId] {
        match self {
            Self::One(commit) => std::slice::from_ref(commit),
            Self::All { commits, .. } => commits,
        }
    }
}

/// Where commits are looked for.
pub(super) struct Lineage<'r> {
    repo: &'r Repo,
    heads: Vec<LineageHead>,
    /// The heads were named: whatever they have is compared.
    is_named: bool,
    /// Commits that have records, by author and second; they may be on no branch any more.
    recorded: HashMap<(String, i64), Vec<CommitId>>,
    patches: HashMap<(Option<CommitId>, CommitId), Option<String>>,
}

/// What a head has beyond the parent of a commit.
struct Beyond {
    number: Option<u64>,
    base: Option<CommitId>,
    head: Commit,
    commits: Vec<CommitId>,
}

impl<'r> Lineage<'r> {
    /// Lists what there is; the commits that are to be repaired are made of none of each other.
    pub(super) fn new(
        repo: &'r Repo,
        wish: &RepairWish,
        targets: &[CommitId],
    ) -> Result<Self, Error> {
        let is_named = !wish.from.is_empty();
        let mut heads = wish.from.clone();
        let mut recorded = HashMap::<_, Vec<CommitId>>::new();
        if !is_named {
            heads = repo.heads()?;
            // Pull requests first: where there are too many branches these tell most.
            heads.sort_by_key(|head| head.number.is_none());
            heads.truncate(MOST_HEADS);
            if let Some(tip) = repo.reference(note::REFERENCE)? {
                let noted = repo.notes_difference(None, tip)?.commits;
                let noted = noted.into_iter().filter(|id| !targets.contains(id));
                for commit in noted.filter_map(|id| repo.commit(id).ok()).take(MOST_RECORDED) {
                    recorded.entry(key(&commit)).or_default().push(commit.id);
                }
            }
        }
        Ok(Self { repo, heads, is_named, recorded, patches: HashMap::new() })
    }

    /// Finds what a commit was made of, by the most certain way; several where that leaves a choice.
    pub(super) fn find(&mut self, commit: &Commit) -> Result<Option<(Way, Vec<Made>)>, Error> {
        let parent = commit.parents.first().copied();
        let before =
            parent.map(|parent| Ok::<_, Error>(self.repo.commit(parent)?.tree)).transpose()?;
        let own = (before, commit.tree);
        let heads = self.beyond(commit)?;
        let mut found = BTreeMap::<Way, Vec<Made>>::new();
        for head in &heads {
            self.compare_head(commit, own, head, &mut found)?;
        }
        for candidate in self.recorded.get(&key(commit)).cloned().unwrap_or_default() {
            let is_known = heads.iter().any(|head| head.commits.contains(&candidate));
            let is_before = parent.is_some_and(|parent| self.repo.is_before(candidate, parent));
            if !is_known && !is_before {
                self.compare_one(commit, own, candidate, &mut found)?;
            }
        }
        if found.is_empty() {
            self.compare_lines(own, &heads, &mut found)?;
        }
        Ok(found.into_iter().next().map(|(way, mut made)| {
            made.dedup();
            (way, made)
        }))
    }

    /// Returns what each head has beyond the parent of a commit, but for heads that the commit itself belongs to.
    fn beyond(&self, commit: &Commit) -> Result<Vec<Beyond>, Error> {
        let parent = commit.parents.first().copied();
        let mut all = Vec::<Beyond>::new();
        for head in &self.heads {
            let is_own = self.repo.is_before(commit.id, head.commit);
            if is_own || all.iter().any(|known| known.head.id == head.commit) {
                continue;
            }
            let base = match parent {
                Some(parent) => self.repo.merge_base(parent, head.commit)?,
                None => None,
            };
            if base == Some(head.commit) || (base.is_none() && parent.is_some()) {
                continue;
            }
            let commits = self.repo.commits_beyond(parent, head.commit, MOST_COMMITS + 1)?;
            if commits.is_empty() || commits.len() > MOST_COMMITS {
                continue;
            }
            let head = (head.number, self.repo.commit(head.commit)?);
            all.push(Beyond { number: head.0, base, head: head.1, commits });
        }
        Ok(all)
    }

    fn compare_head(
        &mut self,
        commit: &Commit,
        own: (Option<CommitId>, CommitId),
        head: &Beyond,
        found: &mut BTreeMap<Way, Vec<Made>>,
    ) -> Result<(), Error> {
        let base =
            head.base.map(|base| Ok::<_, Error>(self.repo.commit(base)?.tree)).transpose()?;
        let all =
            || Made::All { base: head.base, head: head.head.id, commits: head.commits.clone() };
        let whole = (base, head.head.tree);
        if whole == own {
            add(found, Way::Tree, all());
        } else if self.is_same_patch(own, whole)? {
            add(found, Way::Patch, all());
        } else if head.number.is_some() && head.number == number_in(&commit.message) {
            add(found, Way::Number, all());
        }
        if head.commits.len() > 1 {
            for candidate in &head.commits {
                self.compare_one(commit, own, *candidate, found)?;
            }
        }
        Ok(())
    }

    fn compare_one(
        &mut self,
        commit: &Commit,
        own: (Option<CommitId>, CommitId),
        candidate: CommitId,
        found: &mut BTreeMap<Way, Vec<Made>>,
    ) -> Result<(), Error> {
        let Ok(other) = self.repo.commit(candidate) else { return Ok(()) };
        if other.parents.len() > 1 {
            return Ok(());
        }
        let is_alike = key(&other) == key(commit);
        let is_titled = other.message.lines().next() == commit.message.lines().next();
        if !self.is_named && !is_alike && !is_titled {
            return Ok(());
        }
        let before = match other.parents.first() {
            Some(parent) => match self.repo.commit(*parent) {
                Ok(parent) => Some(parent.tree),
                Err(_) => return Ok(()), // Beyond the end of a shallow clone.
            },
            None => None,
        };
        let its = (before, other.tree);
        if its == own {
            add(found, Way::Tree, Made::One(candidate));
        } else if self.is_same_patch(own, its)? {
            add(found, Way::Patch, Made::One(candidate));
        } else if is_alike {
            add(found, Way::Author, Made::One(candidate));
        }
        Ok(())
    }

    fn is_same_patch(
        &mut self,
        one: (Option<CommitId>, CommitId),
        other: (Option<CommitId>, CommitId),
    ) -> Result<bool, Error> {
        let one = self.patch(one)?;
        Ok(one.is_some() && one == self.patch(other)?)
    }

    fn patch(&mut self, trees: (Option<CommitId>, CommitId)) -> Result<Option<String>, Error> {
        if let Some(known) = self.patches.get(&trees) {
            return Ok(known.clone());
        }
        // What changes nothing is the same as no other change.
        let is_empty = trees.0 == Some(trees.1);
        let patch = if is_empty { None } else { Some(self.repo.patch_id(trees.0, trees.1)?) };
        self.patches.insert(trees, patch.clone());
        Ok(patch)
    }

    /// Takes the one head whose lines are more than half of those that a commit adds, where no other has any of them.
    fn compare_lines(
        &self,
        own: (Option<CommitId>, CommitId),
        heads: &[Beyond],
        found: &mut BTreeMap<Way, Vec<Made>>,
    ) -> Result<(), Error> {
        if !self.is_named {
            return Ok(());
        }
        let mut budget = READ_LIMIT;
        let changes = self.repo.changed_files(own.0, Some(own.1))?;
        let (mut all, mut shared) = (0, vec![0; heads.len()]);
        for change in changes {
            let (Some(old), Some(new)) = (
                text(self.repo, change.old, &mut budget)?,
                text(self.repo, change.new, &mut budget)?,
            ) else {
                continue;
            };
            let texts = lines(&new).collect::<Vec<_>>();
            let is_telling = |line: &u32| {
                let text = texts.get(*line as usize);
                text.is_some_and(|text| text.iter().any(u8::is_ascii_alphanumeric))
            };
            let diff = LineDiff::between(&old, &new);
            let added = diff.added().filter(is_telling).collect::<Vec<_>>();
            all += added.len();
            for (head, count) in heads.iter().zip(&mut shared) {
                let version = self.repo.file_in_tree(head.head.tree, &change.path)?;
                let Some(there) = text(self.repo, version, &mut budget)? else { continue };
                let kept = LineDiff::between(&there, &new).kept();
                let is_kept = |line: &&u32| kept.get(**line as usize).is_some_and(Option::is_some);
                *count += added.iter().filter(is_kept).count();
            }
        }
        let with_any = shared.iter().filter(|count| **count > 0).count();
        let Some(place) = shared.iter().position(|count| count * 2 > all) else { return Ok(()) };
        if with_any == 1 {
            let Beyond { base, head, commits, .. } = &heads[place];
            let made = Made::All { base: *base, head: head.id, commits: commits.clone() };
            add(found, Way::Lines, made);
        }
        Ok(())
    }
}

fn add(found: &mut BTreeMap<Way, Vec<Made>>, way: Way, made: Made) {
    let known = found.entry(way).or_default();
    if !known.contains(&made) {
        known.push(made);
    }
}

/// Returns what a rebase keeps of a commit: who wrote it, and when.
fn key(commit: &Commit) -> (String, i64) {
    (commit.author.clone(), commit.author_time.0)
}

/// Reads the number of the pull request that hosts write into the message: `Title (#7)`, or `See merge request a/b!7`.
fn number_in(message: &str) -> Option<u64> {
    let subject = message.lines().next()?.trim_end();
    let in_brackets = subject.strip_suffix(')').and_then(|text| text.rsplit_once("(#"));
    let number = |text: &str| text.trim().parse().ok();
    in_brackets.and_then(|(_, text)| number(text)).or_else(|| {
        let mut lines = message.lines();
        let line = lines.find_map(|line| line.trim().strip_prefix("See merge request "))?;
        number(line.rsplit_once('!')?.1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_write_the_number_of_the_pull_request_into_the_message() {
        assert_eq!(number_in("Cache users (#12)\n\n* a\n"), Some(12));
        assert_eq!(number_in("Cache users\n\nSee merge request team/aurora!7\n"), Some(7));
        assert_eq!(number_in("Fix #12, at last\n"), None);
        assert_eq!(number_in(""), None);
    }
}
