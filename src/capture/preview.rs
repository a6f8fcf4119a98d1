//! What the next commit would be recorded as, as things are staged now.

use crate::capture::moment::Moment;
use crate::capture::{Error, trailers};
use crate::provenance::{CommitId, CommitRecord, Operation};
use crate::settings::Convention;
use crate::store::{Declared, Draft};

/// The coming commit, if it were made now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// How many files differ from `HEAD`.
    pub files: usize,
    /// The attribution of their lines.
    pub record: CommitRecord,
    /// The trailers that the message would get.
    pub trailers: Vec<String>,
}

impl Moment<'_> {
    /// Attributes what is staged now; `None` where nothing is.
    pub fn preview(&self, declared: Option<Declared>) -> Result<Option<Preview>, Error> {
        let head = self.repo.head()?;
        let base = head.commit.map(|id| self.repo.commit(id)).transpose()?;
        let base_tree = base.as_ref().map(|commit| commit.tree);
        let tree = self.repo.staged_tree(base_tree)?;
        let files = self.repo.changed_files(base_tree, Some(tree))?.len();
        if files == 0 {
            return Ok(None);
        }
        let merging = self.repo.sequence().merge_heads;
        let operation = if merging.is_empty() { Operation::Commit } else { Operation::Merge };
        let draft =
            Draft::new(head.commit.into_iter().chain(merging).collect(), operation, Vec::new());
        let record = self.coming(draft, declared, base_tree, tree)?;
        let trailers = match self.settings().convention()? {
            Convention::Model => trailers::earned(&record, self.style()?),
            Convention::None | Convention::Unsupported(_) => Vec::new(),
        };
        Ok(Some(Preview { files, record, trailers }))
    }

    /// Attributes a tree as the commit that would come next, or in place of `HEAD`; writes nothing.
    pub fn record_of_tree(
        &self,
        coming: Coming,
        base: Option<CommitId>,
        tree: CommitId,
        declared: Option<Declared>,
    ) -> Result<CommitRecord, Error> {
        let head = self.repo.head()?.commit;
        let draft = match (coming, head) {
            (Coming::Amend, Some(id)) => {
                Draft::new(self.repo.commit(id)?.parents, Operation::Amend, vec![id])
            }
            _ => Draft::new(head.into_iter().collect(), Operation::Commit, Vec::new()),
        };
        self.coming(draft, declared, base, tree)
    }

    /// Reads what agents' sessions tell by now, as a commit would.
    pub fn read_sessions(&self) -> Result<(), Error> {
        self.sweep()
    }

    fn coming(
        &self,
        mut draft: Draft,
        declared: Option<Declared>,
        base: Option<CommitId>,
        tree: CommitId,
    ) -> Result<CommitRecord, Error> {
        draft.declared = declared;
        self.add_taken_back(&mut draft, tree)?;
        let sources = self.sources(&draft)?;
        let observed = self.observed(draft.operation, base, tree)?;
        self.attribute(&draft, tree, sources, &observed)
    }
}

/// Which commit a tree is to become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coming {
    /// The next one.
    Next,
    /// One in place of `HEAD`.
    Amend,
}
