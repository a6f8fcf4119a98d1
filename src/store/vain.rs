//! Commits of which nothing was found, and of which nothing will be: no hook looks for them again.

use std::fs;
use std::path::{Path, PathBuf};

use crate::provenance::CommitId;

/// So many commits are remembered, the latest first: the ends of as many branches.
const LIMIT: usize = 16;

/// The commits of a worktree from which back hooks looked in vain; a file with an id a line.
#[derive(Debug)]
pub struct LookedInVain {
    path: PathBuf,
}

impl LookedInVain {
    /// Names the file of a worktree's Git directory.
    pub fn of(git_dir: &Path) -> Self {
        Self { path: git_dir.join("model/vain") }
    }

    /// Returns the commits; none where the file cannot be read.
    pub fn read(&self) -> Vec<CommitId> {
        let text = fs::read_to_string(&self.path).unwrap_or_default();
        text.lines().filter_map(|line| line.parse().ok()).take(LIMIT).collect()
    }

    /// Adds commits. What cannot be written is looked for once more, which only costs time.
    pub fn add(&self, commits: &[CommitId]) {
        let mut all = commits.to_vec();
        all.extend(self.read().into_iter().filter(|known| !commits.contains(known)));
        let lines = all.iter().take(LIMIT).map(CommitId::to_string).collect::<Vec<_>>();
        let _ = fs::write(&self.path, lines.join("\n"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vain(name: &str) -> LookedInVain {
        let name = format!("git-model-vain-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("model")).unwrap();
        LookedInVain::of(&folder)
    }

    #[test]
    fn the_latest_are_remembered_once_each() {
        let vain = vain("latest");
        assert!(vain.read().is_empty());
        let ids = (1..=20_u8).map(|number| CommitId::from_bytes(&[number; 20]).unwrap());
        let ids = ids.collect::<Vec<_>>();
        for id in &ids {
            vain.add(&[*id]);
        }
        vain.add(&[ids[10], ids[19]]);
        let read = vain.read();
        assert_eq!(read.len(), LIMIT);
        assert_eq!(read[..3], [ids[10], ids[19], ids[18]]);
        assert_eq!(read.iter().filter(|id| **id == ids[10]).count(), 1);
        fs::remove_dir_all(vain.path.ancestors().nth(2).unwrap()).unwrap();
    }

    #[test]
    fn a_file_that_is_no_list_is_none() {
        let vain = vain("strange");
        fs::write(&vain.path, b"\xff\xfe").unwrap();
        assert!(vain.read().is_empty());
        fs::write(&vain.path, "not an id\n").unwrap();
        assert!(vain.read().is_empty());
        fs::remove_dir_all(vain.path.ancestors().nth(2).unwrap()).unwrap();
    }
}
