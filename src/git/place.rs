//! Where a path belongs, without opening the repository: an agent's hook asks for every edit.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// A worktree, found from a path in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worktree {
    /// The folder of its files, with symbolic links resolved.
    pub top: PathBuf,
    /// Its git directory.
    pub git_dir: PathBuf,
    /// The git directory that all worktrees share.
    pub common_dir: PathBuf,
}

impl Worktree {
    /// Finds the worktree that holds a path, which need not exist; `None` outside of any, and inside of a `.git`.
    ///
    /// As Git does it from a folder upwards, without its variables: an agent's process may carry those of another.
    pub fn of(path: &Path) -> Option<Self> {
        let real = real_path(path)?;
        if real.components().any(|part| part == Component::Normal(".git".as_ref())) {
            return None;
        }
        real.ancestors().find_map(Self::at)
    }

    fn at(folder: &Path) -> Option<Self> {
        let dot_git = folder.join(".git");
        let kind = fs::metadata(&dot_git).ok()?;
        let git_dir = if kind.is_dir() {
            dot_git.join("HEAD").exists().then_some(dot_git)?
        } else {
            let text = fs::read_to_string(&dot_git).ok()?;
            folder.join(text.strip_prefix("gitdir: ")?.trim_end())
        };
        let common_dir = match fs::read_to_string(git_dir.join("commondir")) {
            Ok(text) => git_dir.join(text.trim_end()),
            Err(_) => git_dir.clone(),
        };
        Some(Self {
            top: folder.to_path_buf(),
            git_dir: fs::canonicalize(git_dir).ok()?,
            common_dir: fs::canonicalize(common_dir).ok()?,
        })
    }

    /// Returns a path as Git writes it, from the top and with `/`; `None` for one outside, or not in UTF-8.
    pub fn relative(&self, path: &Path) -> Option<String> {
        let real = real_path(path)?;
        let parts = real.strip_prefix(&self.top).ok()?.iter().map(|part| part.to_str());
        Some(parts.collect::<Option<Vec<_>>>()?.join("/"))
    }
}

/// Resolves symbolic links in a path whose last parts may be missing; a link at its very end is kept.
fn real_path(path: &Path) -> Option<PathBuf> {
    let (folder, name) = (path.parent()?, path.file_name());
    let Some(name) = name else { return fs::canonicalize(path).ok() };
    if path.is_dir() {
        return fs::canonicalize(path).ok();
    }
    match fs::canonicalize(folder) {
        Ok(folder) => Some(folder.join(name)),
        Err(_) => Some(real_path(folder)?.join(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::test_repo::TestRepo;

    #[test]
    fn a_linked_worktree_has_its_own_folder_and_shares_the_rest() {
        let repo = TestRepo::new("sha1");
        repo.git(&["commit", "-q", "--allow-empty", "-m", "one"]);
        repo.git(&["worktree", "add", "-q", "wt"]);
        let main = Worktree::of(&repo.path().join("missing/new.rs")).unwrap();
        let linked = Worktree::of(&repo.path().join("wt/a.rs")).unwrap();
        assert_eq!(main.relative(&repo.path().join("missing/new.rs")).unwrap(), "missing/new.rs");
        assert_eq!(linked.relative(&repo.path().join("wt/a.rs")).unwrap(), "a.rs");
        assert_eq!((&main.common_dir, &main.git_dir), (&linked.common_dir, &main.common_dir));
        assert!(linked.git_dir.ends_with("worktrees/wt"));
        assert_eq!(Worktree::of(&repo.path().join(".git/config")), None);
    }
}
