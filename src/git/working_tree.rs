//! The tree that would be committed if all of the work tree were staged, without writing the index.
#![expect(clippy::disallowed_types, reason = "git/ is the only room that knows git2")]

use std::fs;
use std::path::Path;

use crate::git::Error;
use crate::git::place::Worktree;
use crate::git::repo::{Repo, id, oid};
use crate::os;
use crate::provenance::CommitId;

impl Repo {
    /// Returns the tree of a commit with all files of the work tree that differ, new ones too, ignored ones not.
    ///
    /// Writes objects, as `git add` would, and nothing that names them.
    pub fn working_tree_of(&self, base: Option<CommitId>) -> Result<CommitId, Error> {
        let failed = |source: git2::Error| Error::WriteObject { source: source.into() };
        let Some(worktree) = self.work_tree().and_then(Worktree::of) else {
            return self.staged_tree(base);
        };
        let base = match base {
            Some(base) => oid(base),
            None => self.inner.treebuilder(None).and_then(|empty| empty.write()).map_err(failed)?,
        };
        let mut update = git2::build::TreeUpdateBuilder::new();
        let tree = self.inner.find_tree(base).map_err(failed)?;
        for path in worktree.dirty()?.files {
            let file = worktree.top.join(&path);
            match fs::symlink_metadata(&file) {
                Ok(data) if data.is_file() || data.is_symlink() => {
                    let blob = self.inner.blob_path(&file).map_err(failed)?;
                    update.upsert(path, blob, mode(&file, data.is_symlink()));
                }
                _ if tree.get_path(Path::new(&path)).is_ok() => drop(update.remove(path)),
                _ => {}
            }
        }
        update.create_updated(&self.inner, &tree).map(id).map_err(failed)
    }
}

fn mode(file: &Path, is_link: bool) -> git2::FileMode {
    match (is_link, os::is_executable(file)) {
        (true, _) => git2::FileMode::Link,
        (false, true) => git2::FileMode::BlobExecutable,
        (false, false) => git2::FileMode::Blob,
    }
}
