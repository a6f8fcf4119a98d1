//! What several commits did together: whose each line is at their head that they added.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;

use crate::attribute::LineDiff;
use crate::capture::Error;
use crate::capture::change::text;
use crate::capture::moment::Moment;
use crate::capture::repair::Records;
use crate::git::{BlameError, BlameRequest, FileChange, HistoryReader};
use crate::provenance::{
    AttributedRange, CommitId, CommitRecord, Contribution, FileAttribution, LineCounts,
};
use crate::store::note;

/// What is read of files to count deleted lines, in bytes.
const READ_LIMIT: usize = 128 << 20;

impl Moment<'_> {
    /// Makes one record of the change from a base to a head out of the records of the commits between, newest first.
    ///
    /// `git blame` says which of them added a line. A line of a commit whose record gives it to nobody is unknown, also
    /// where an older commit once had the like.
    pub(super) fn net_record(
        &self,
        base: Option<CommitId>,
        head: CommitId,
        commits: &[CommitId],
        records: &mut Records<'_>,
    ) -> Result<CommitRecord, Error> {
        let tree = self.repo.commit(head)?.tree;
        let start = base.map(|base| Ok::<_, Error>(self.repo.commit(base)?.tree)).transpose()?;
        let changes = self.repo.changed_files(start, Some(tree))?;
        let changes = self.repo.with_renames(changes)?;
        let mut sources = HashMap::new();
        for commit in commits {
            sources.insert(*commit, self.source_record(*commit, records)?.0);
        }
        let mut net = Net { sources: &sources, record: CommitRecord::default() };
        let place = self.repo.work_tree().unwrap_or_else(|| self.repo.common_dir());
        let reader = HistoryReader::open_named(place, note::REFERENCE)?;
        let range = base.map_or_else(|| head.to_string(), |base| format!("{base}..{head}"));
        let mut budget = READ_LIMIT;
        let mut deleted = 0;
        for change in changes.iter().filter(|change| change.old != change.new) {
            deleted += self.deleted_lines(change, &mut budget)?;
            if change.new.is_some_and(|new| !new.is_submodule()) {
                net.add_file(&reader, change, &range)?;
            }
        }
        for commit in commits {
            net.add_parts(&sources[commit]);
        }
        net.give_deleted(commits, deleted);
        net.record.sort_contributions();
        Ok(net.record)
    }

    fn deleted_lines(&self, change: &FileChange, budget: &mut usize) -> Result<u32, Error> {
        let (Some(old), Some(new)) =
            (text(self.repo, change.old, budget)?, text(self.repo, change.new, budget)?)
        else {
            return Ok(0);
        };
        let deleted = LineDiff::between(&old, &new).deleted().count();
        Ok(u32::try_from(deleted).unwrap_or(u32::MAX))
    }
}

struct Net<'s> {
    sources: &'s HashMap<CommitId, CommitRecord>,
    record: CommitRecord,
}

impl Net<'_> {
    fn add_file(
        &mut self,
        reader: &HistoryReader,
        change: &FileChange,
        range: &str,
    ) -> Result<(), Error> {
        let path = String::from_utf8_lossy(&change.path).into_owned();
        let request = BlameRequest {
            path: OsString::from(&path),
            revisions: vec![range.to_owned()],
            ..BlameRequest::default()
        };
        let blamed = match reader.blame(&request) {
            Ok(blamed) => blamed,
            Err(BlameError::Git(error)) => return Err(error.into()),
            // A binary, or a name that is no text: nothing is known of its lines.
            Err(_) => return Ok(()),
        };
        let mut owners = BTreeMap::new();
        for line in &blamed.lines {
            let commit = line.commit.filter(|_| !line.is_boundary || !range.contains(".."));
            let Some(source) = commit.and_then(|commit| self.sources.get(&commit)) else {
                continue;
            };
            let there = blamed.paths.get(line.path).map_or("", String::as_str);
            if let Some(part) = source.part_of_line(there, line.original_number) {
                owners.insert(line.number, part.clone());
            }
        }
        let mut ranges = Vec::<AttributedRange>::new();
        for (line, part) in owners {
            let contribution = self.place(&part);
            self.record.contributions[contribution].lines.added += 1;
            match ranges.last_mut() {
                Some(last) if last.contribution == contribution && last.end + 1 == line => {
                    last.end = line;
                }
                _ => ranges.push(AttributedRange { start: line, end: line, contribution }),
            }
        }
        if !ranges.is_empty() {
            self.record.files.push(FileAttribution { path, ranges });
        }
        Ok(())
    }

    /// Adds what is known of a commit beside its lines: plans, reviews, cost.
    fn add_parts(&mut self, source: &CommitRecord) {
        for part in source.contributions.iter().filter(|part| part.lines.changed() == 0) {
            self.place(part);
        }
        for usage in &source.usage {
            usage.clone().add_to(&mut self.record.usage);
        }
        for plan in &source.plans {
            if !self.record.plans.iter().any(|known| known.id == plan.id) {
                self.record.plans.push(plan.clone());
            }
        }
        for read in &source.read_by {
            if !self.record.read_by.contains(read) {
                self.record.read_by.push(read.clone());
            }
        }
        for id in &source.unclear_plans {
            if !self.record.unclear_plans.contains(id) {
                self.record.unclear_plans.push(id.clone());
            }
        }
    }

    /// Gives deleted lines to whom the commits give them, where these are all that are gone in the end.
    fn give_deleted(&mut self, commits: &[CommitId], deleted: u32) {
        let parts = commits.iter().flat_map(|commit| {
            let source = &self.sources[commit];
            let unknown = (None, source.unknown.deleted);
            let known = source.contributions.iter().map(|one| (Some(one), one.lines.deleted));
            known.chain([unknown])
        });
        let parts = parts.filter(|(_, lines)| *lines > 0).collect::<Vec<_>>();
        let all = parts.iter().fold(0_u32, |sum, (_, lines)| sum.saturating_add(*lines));
        if all != deleted {
            self.record.unknown.deleted = deleted;
            return;
        }
        for (part, lines) in parts {
            match part {
                Some(part) => {
                    let place = self.place(part);
                    self.record.contributions[place].lines.deleted += lines;
                }
                None => self.record.unknown.deleted += lines,
            }
        }
    }

    fn place(&mut self, part: &Contribution) -> usize {
        let parts = &mut self.record.contributions;
        let same = |known: &Contribution| {
            known.origin == part.origin
                && known.requested == part.requested
                && known.session == part.session
        };
        parts.iter().position(same).unwrap_or_else(|| {
            parts.push(Contribution { lines: LineCounts::default(), ..part.clone() });
            parts.len() - 1
        })
    }
}
