//! Whose a line is that a commit has from other ones without being their own: a conflict's sides show lines that older
//! commits brought, and who resolves moves lines about. They are followed back to the commit that added them.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use crate::attribute::{LineDiff, Traces, same_lines};
use crate::capture::Error;
use crate::capture::change::{record_of, text};
use crate::capture::moment::Moment;
use crate::git::Repo;
use crate::provenance::{CommitId, CommitRecord, Contribution, Operation, Origin};
use crate::store::Draft;

/// So many commits are looked at for the lines of one file on one side; what was not found by then is unknown.
const COMMITS_LIMIT: usize = 1000;

/// What is read of one file's versions on one side, in bytes.
const READ_LIMIT: usize = 32 << 20;

/// A commit's version of a file from which lines may come.
pub(super) struct Side<'f> {
    pub(super) commit: CommitId,
    /// The path there.
    pub(super) path: String,
    pub(super) content: &'f [u8],
}

/// Follows lines back to the commits that added them.
pub(super) struct Tracer<'m> {
    repo: &'m Repo,
    /// Records that no note has yet.
    made: &'m RefCell<HashMap<CommitId, CommitRecord>>,
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
        is_mixed.then_some(Tracer { repo: self.repo, made: &self.made })
    }
}

impl Tracer<'_> {
    /// Finds whose lines of a file are, by their numbers from 0; nothing of those that stand on no side.
    ///
    /// What cannot be read tells nothing.
    pub(super) fn trace(&self, sides: &[Side<'_>], new: &[u8], wanted: &[u32]) -> Traces {
        let mut traces = Traces::new();
        for side in sides {
            let lines = same_lines(side.content, new, wanted);
            if lines.is_empty() {
                continue;
            }
            let lines = lines.into_iter().map(|(new, there)| (there, new)).collect();
            let found = self.follow(side, lines).unwrap_or_default();
            for (line, part) in found {
                let known = traces.entry(line).or_insert_with(|| part.clone());
                if origin(known.as_ref()) != origin(part.as_ref()) {
                    *known = None; // Either side may have given it.
                }
            }
        }
        traces
    }

    fn follow(&self, side: &Side<'_>, lines: BTreeMap<u32, u32>) -> Result<Traces, Error> {
        let mut traces = lines.values().map(|line| (*line, None)).collect::<Traces>();
        let mut open = vec![Open { commit: side.commit, lines }];
        let mut budget = READ_LIMIT;
        for _ in 0..COMMITS_LIMIT {
            let Some(version) = open.pop() else { break };
            self.go_back(version, &side.path, &mut open, &mut traces, &mut budget)?;
        }
        Ok(traces)
    }

    /// Finds the lines that a commit added itself, and leaves the others to its parents.
    fn go_back(
        &self,
        Open { commit, mut lines }: Open,
        path: &str,
        open: &mut Vec<Open>,
        traces: &mut Traces,
        budget: &mut usize,
    ) -> Result<(), Error> {
        let at = |tree| self.repo.file_in_tree(tree, path.as_bytes());
        let commit = self.repo.commit(commit)?;
        let version = at(commit.tree)?;
        let mut parents = Vec::new();
        for parent in &commit.parents {
            let theirs = at(self.repo.commit(*parent)?.tree)?;
            if theirs == version {
                open.push(Open { commit: *parent, lines });
                return Ok(());
            }
            parents.push((*parent, theirs));
        }
        if let Some(record) = self.record(commit.id)? {
            lines.retain(|there, line| {
                let part = record.part_of_line(path, there + 1);
                if let Some(part) = part {
                    traces.insert(*line, Some(part.clone()));
                }
                part.is_none()
            });
        }
        let Some(content) = text(self.repo, version, budget)? else { return Ok(()) };
        for (parent, theirs) in parents.into_iter().filter(|(_, theirs)| theirs.is_some()) {
            let Some(older) = text(self.repo, theirs, budget)? else { continue };
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
        Ok(())
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
