//! Whose the lines of the work tree are that no commit has yet.

use crate::attribute::Owner;
use crate::capture::Error;
use crate::capture::declared::declared_origin;
use crate::capture::moment::Moment;
use crate::provenance::{Operation, Origin};
use crate::store::Declared;

/// The lines of one file in the work tree, as far as they are not committed.
#[derive(Debug, Clone, Default)]
pub struct Uncommitted {
    /// Whose each line is; `None` for those that nobody told of.
    lines: Vec<Option<Origin>>,
    /// Whose those are.
    declared: Option<Origin>,
}

impl Uncommitted {
    /// Returns whose a line is, by its number in the file, from 1.
    pub fn origin(&self, number: u32) -> Origin {
        let place = usize::try_from(number).unwrap_or(usize::MAX).wrapping_sub(1);
        let observed = self.lines.get(place).and_then(Option::as_ref);
        observed.or(self.declared.as_ref()).cloned().unwrap_or(Origin::Unknown)
    }
}

impl Moment<'_> {
    /// Tells whose the lines of a file are if all of it were committed now, as far as agents told or as was declared.
    ///
    /// `path` is from the top of the worktree. Reads what hooks have told, not what session files will tell at the
    /// commit; writes nothing.
    pub fn uncommitted(
        &self,
        path: &str,
        declared: Option<&Declared>,
    ) -> Result<Uncommitted, Error> {
        let head = self.repo.head()?;
        let base = head.commit.map(|id| self.repo.commit(id)).transpose()?;
        let base = base.map(|commit| commit.tree);
        let tree = self.repo.staged_tree(base)?;
        let observed = self.observed(Operation::Commit, base, tree)?;
        let origin = |owner: &Owner| match owner {
            Owner::Writer(number) => observed.writers.get(*number as usize),
            Owner::Start | Owner::Nobody => None,
        };
        let owners = observed.worktree.get(path).into_iter().flatten();
        let lines = owners.map(|owner| origin(owner).map(|part| part.origin.clone()));
        Ok(Uncommitted { lines: lines.collect(), declared: declared.and_then(declared_origin) })
    }
}
