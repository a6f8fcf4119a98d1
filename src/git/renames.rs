//! Renames among the changed files of a commit, as `git diff -M` would find them.

use std::collections::HashMap;

use crate::git::tree_diff::FileChange;
use crate::git::{Error, Repo};

/// Git's own default: a file is renamed if at least half of it is the same.
const SIMILARITY_PERCENT: usize = 50;

/// The most pairs of a new and a deleted file that are compared by content.
const PAIR_LIMIT: usize = 1_000;

/// A larger file is not compared by content, in bytes.
const SIZE_LIMIT: usize = 1 << 20;

impl Repo {
    /// Joins a deleted and a new file into one change where one is the other renamed.
    ///
    /// Files that were only renamed keep equal versions on both sides.
    pub fn with_renames(&self, changes: Vec<FileChange>) -> Result<Vec<FileChange>, Error> {
        let is_added = |change: &FileChange| {
            change.old.is_none() && change.new.is_some_and(|new| !new.is_submodule())
        };
        let is_deleted = |change: &FileChange| {
            change.new.is_none() && change.old.is_some_and(|old| !old.is_submodule())
        };
        let (mut added, rest): (Vec<_>, Vec<_>) = changes.into_iter().partition(is_added);
        let (mut deleted, mut joined): (Vec<_>, Vec<_>) = rest.into_iter().partition(is_deleted);
        if !added.is_empty() && !deleted.is_empty() {
            join_identical(&mut added, &mut deleted);
            self.join_similar(&mut added, &mut deleted)?;
        }
        joined.extend(added);
        joined.extend(deleted);
        joined.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(joined)
    }

    fn join_similar(
        &self,
        added: &mut [FileChange],
        deleted: &mut Vec<FileChange>,
    ) -> Result<(), Error> {
        let open = added.iter().filter(|change| change.old.is_none()).count();
        if open * deleted.len() > PAIR_LIMIT {
            return Ok(());
        }
        let mut old_lines = Vec::new();
        for change in deleted.iter() {
            old_lines.push(self.weighed_lines(change.old)?);
        }
        for change in added.iter_mut().filter(|change| change.old.is_none()) {
            let Some(new) = self.weighed_lines(change.new)? else { continue };
            let best = old_lines
                .iter()
                .enumerate()
                .filter_map(|(index, old)| Some((similarity(old.as_ref()?, &new), index)))
                .max_by_key(|(percent, index)| (*percent, std::cmp::Reverse(*index)));
            if let Some((percent, index)) = best
                && percent >= SIMILARITY_PERCENT
            {
                let old = deleted.remove(index);
                old_lines.remove(index);
                change.old = old.old;
                change.old_path = Some(old.path);
            }
        }
        Ok(())
    }

    /// Returns how many bytes of a file each distinct line makes up; `None` for one that is not compared.
    fn weighed_lines(
        &self,
        version: Option<super::FileVersion>,
    ) -> Result<Option<HashMap<Vec<u8>, usize>>, Error> {
        let Some(version) = version else { return Ok(None) };
        if self.blob_size(version.id)? > SIZE_LIMIT {
            return Ok(None);
        }
        let mut lines = HashMap::new();
        for line in self.blob(version.id)?.split_inclusive(|byte| *byte == b'\n') {
            *lines.entry(line.to_vec()).or_default() += line.len();
        }
        Ok(Some(lines).filter(|lines| !lines.is_empty()))
    }
}

fn join_identical(added: &mut [FileChange], deleted: &mut Vec<FileChange>) {
    for change in added.iter_mut() {
        let same = |old: &FileChange| old.old.map(|old| old.id) == change.new.map(|new| new.id);
        if let Some(index) = deleted.iter().position(same) {
            let old = deleted.remove(index);
            change.old = old.old;
            change.old_path = Some(old.path);
        }
    }
}

/// Returns how much of the larger file both share, in percent.
fn similarity(old: &HashMap<Vec<u8>, usize>, new: &HashMap<Vec<u8>, usize>) -> usize {
    let shared = new
        .iter()
        .map(|(line, bytes)| old.get(line).map_or(0, |other| *bytes.min(other)))
        .sum::<usize>();
    let size = |lines: &HashMap<Vec<u8>, usize>| lines.values().sum::<usize>();
    shared * 100 / size(old).max(size(new)).max(1)
}
