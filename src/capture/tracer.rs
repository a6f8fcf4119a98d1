//! Whose a line is that a commit has from other ones without being their own: a conflict's sides show lines that older
//! commits brought, and who resolves moves lines about. They are followed back to the commit that added them.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};

use crate::attribute::{LineDiff, Traces, same_lines};
use crate::capture::Error;
use crate::capture::change::{record_of, text};
use crate::capture::moment::Moment;
use crate::git::{FileVersion, Repo};
use crate::provenance::{CommitId, CommitRecord, Contribution, Operation, Origin};
use crate::store::Draft;

/// So many commits are looked at for one change; what was not found by then is unknown. Each costs some 50 µs.
const COMMITS_LIMIT: usize = 5000;

/// What is read of a file's versions for one change, in bytes.
const READ_LIMIT: usize = 64 << 20;

/// A commit's version of a file from which lines may come.
pub(super) struct Side<'f> {
    pub(super) commit: CommitId,
    /// The path there.
    pub(super) path: String,
    pub(super) content: &'f [u8],
    /// It is a commit that this one is made of: what it added itself is as its record says, known or not.
    pub(super) is_source: bool,
}

/// Follows lines back to the commits that added them.
pub(super) struct Tracer<'m> {
    repo: &'m Repo,
    /// Records that no note has yet.
    made: &'m RefCell<HashMap<CommitId, CommitRecord>>,
    commits_left: Cell<usize>,
    bytes_left: Cell<usize>,
}

/// What a side tells of a line.
#[derive(Debug, Clone, PartialEq)]
enum Told {
    Of(Box<Contribution>),
    /// An older commit added it, and nobody is known to have written it.
    Nobodys,
    /// The side's own commit added it, and nobody is known to have written it.
    NobodysThere,
}

/// A version of the file that is still to be looked at, with lines: their numbers there, and those in the new version.
struct Open {
    commit: CommitId,
    lines: BTreeMap<u32, u32>,
}

impl Moment<'_> {
    /// Returns who follows the lines of a commit back, if it can have other commits' lines.
    pub(super) fn tracer(&self, draft: &Draft) -> Option<Tracer<'_>> {
        let is_mixed = match draft.operation {
            Operation::Merge | Operation::CherryPick | Operation::Rebase | Operation::Squash => {
                true
            }
            // What `git reset` took back comes again.
            Operation::Commit => !draft.sources.is_empty(),
            _ => false,
        };
        is_mixed.then_some(Tracer {
            repo: self.repo,
            made: &self.made,
            commits_left: Cell::new(COMMITS_LIMIT),
            bytes_left: Cell::new(READ_LIMIT),
        })
    }
}

impl Tracer<'_> {
    /// Finds whose lines of a file are, by their numbers from 0; nothing of those that stand on no side.
    ///
    /// Sources come first. What cannot be read tells nothing.
    pub(super) fn trace(&self, sides: &[Side<'_>], new: &[u8], wanted: &[u32]) -> Traces {
        let mut traces = Traces::new();
        let mut wanted = wanted.to_vec();
        for side in sides {
            let lines = same_lines(side.content, new, &wanted);
            if lines.is_empty() {
                continue;
            }
            let lines = lines.into_iter().map(|(new, there)| (there, new)).collect();
            for (line, told) in self.follow(side, lines).unwrap_or_default() {
                if side.is_source && told == Told::NobodysThere {
                    // Whoever rewrites that commit does not know more than was known when it was made.
                    wanted.retain(|open| *open != line);
                }
                let part = match told {
                    Told::Of(part) => Some(*part),
                    Told::Nobodys | Told::NobodysThere => None,
                };
                let known = traces.entry(line).or_insert_with(|| part.clone());
                if origin(known.as_ref()) != origin(part.as_ref()) {
                    *known = None; // Either side may have given it.
                }
            }
        }
        traces
    }

    fn follow(
        &self,
        side: &Side<'_>,
        lines: BTreeMap<u32, u32>,
    ) -> Result<HashMap<u32, Told>, Error> {
        let mut told = lines.values().map(|line| (*line, Told::Nobodys)).collect::<HashMap<_, _>>();
        let mut open = vec![Open { commit: side.commit, lines }];
        while let Some(version) = open.pop() {
            let Some(left) = self.commits_left.get().checked_sub(1) else { break };
            self.commits_left.set(left);
            let is_first = version.commit == side.commit;
            let own = self.go_back(version, &side.path, &mut open, &mut told)?;
            if is_first {
                told.extend(own.into_iter().map(|line| (line, Told::NobodysThere)));
            }
        }
        Ok(told)
    }

    /// Finds the lines that a commit added itself, and leaves the others to its parents; returns those of its own that
    /// are nobody's.
    fn go_back(
        &self,
        Open { commit, mut lines }: Open,
        path: &str,
        open: &mut Vec<Open>,
        told: &mut HashMap<u32, Told>,
    ) -> Result<Vec<u32>, Error> {
        let at = |tree| self.repo.file_in_tree(tree, path.as_bytes());
        let commit = self.repo.commit(commit)?;
        let version = at(commit.tree)?;
        let mut parents = Vec::new();
        for parent in &commit.parents {
            let theirs = at(self.repo.commit(*parent)?.tree)?;
            if theirs == version {
                open.push(Open { commit: *parent, lines });
                return Ok(Vec::new());
            }
            parents.push((*parent, theirs));
        }
        if let Some(record) = self.record(commit.id)? {
            lines.retain(|there, line| {
                let part = record.part_of_line(path, there + 1);
                if let Some(part) = part {
                    told.insert(*line, Told::Of(Box::new(part.clone())));
                }
                part.is_none()
            });
        }
        let Some(content) = self.text(version)? else { return Ok(Vec::new()) };
        for (parent, theirs) in parents.into_iter().filter(|(_, theirs)| theirs.is_some()) {
            let Some(older) = self.text(theirs)? else { continue };
            let kept = LineDiff::between(&older, &content).kept();
            let mut passed = BTreeMap::new();
            lines.retain(|there, line| {
                let older = kept.get(*there as usize).copied().flatten();
                passed.extend(older.map(|older| (older, *line)));
                older.is_none()
            });
            if !passed.is_empty() {
                open.push(Open { commit: parent, lines: passed });
            }
        }
        Ok(lines.into_values().collect())
    }

    fn text(&self, version: Option<FileVersion>) -> Result<Option<Vec<u8>>, Error> {
        let mut budget = self.bytes_left.get();
        let content = text(self.repo, version, &mut budget)?;
        self.bytes_left.set(budget);
        Ok(content)
    }

    fn record(&self, commit: CommitId) -> Result<Option<CommitRecord>, Error> {
        match self.made.borrow().get(&commit) {
            Some(record) => Ok(Some(record.clone())),
            None => record_of(self.repo, commit),
        }
    }
}

fn origin(part: Option<&Contribution>) -> Option<&Origin> {
    part.map(|part| &part.origin)
}
