//! What the next commit would be recorded as, as things are staged now.

use crate::capture::moment::Moment;
use crate::capture::{Error, trailers};
use crate::provenance::{CommitRecord, Operation};
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
        let mut draft =
            Draft::new(head.commit.into_iter().chain(merging).collect(), operation, Vec::new());
        draft.declared = declared;
        self.add_taken_back(&mut draft, tree)?;
        let sources = self.sources(&draft)?;
        let observed = self.observed(draft.operation, base_tree, tree)?;
        let record = self.attribute(&draft, tree, sources, &observed)?;
        let trailers = match self.settings().convention()? {
            Convention::Model => trailers::earned(&record, self.style()?),
            Convention::None | Convention::Unsupported(_) => Vec::new(),
        };
        Ok(Some(Preview { files, record, trailers }))
    }
}
