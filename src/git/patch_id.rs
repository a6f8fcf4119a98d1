//! Whether two changes are the same one: Git's patch id, made by the library.
#![expect(clippy::disallowed_types, reason = "git/ is the only room that knows git2")]

use crate::git::Error;
use crate::git::repo::{Repo, oid};
use crate::provenance::CommitId;

impl Repo {
    /// Returns the id of the change between two trees, as `git patch-id` makes it: without line numbers and blanks.
    ///
    /// `None` on the left is no file at all. Costs a diff of the whole trees.
    pub fn patch_id(&self, old: Option<CommitId>, new: CommitId) -> Result<String, Error> {
        let failed = |source: git2::Error| Error::ReadObject { id: new, source: source.into() };
        let tree = |id: CommitId| self.inner.find_tree(oid(id)).map_err(failed);
        let (old, new) = (old.map(tree).transpose()?, tree(new)?);
        let diff = self.inner.diff_tree_to_tree(old.as_ref(), Some(&new), None).map_err(failed)?;
        diff.patchid(None).map(|id| id.to_string()).map_err(failed)
    }
}
