//! The patch of one commit, with the origin of each line that it adds.

use crate::git::{self, Error, PatchLineKind, PatchReader};
use crate::history::LineOrigins;
use crate::provenance::CommitId;

/// A patch that is read while Git makes it.
pub struct OriginPatch<'a> {
    reader: PatchReader,
    origins: &'a LineOrigins,
}

/// A line of the patch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginPatchLine {
    /// What it is.
    pub part: PatchPart,
    /// The line with its sign, decoded as the text of commits is.
    pub text: String,
}

/// What a line of the patch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatchPart {
    /// The head of a file or of a hunk, or a remark.
    Head,
    /// A line that both versions have.
    Context,
    /// An added line, with the place of its origin in [`LineOrigins::all`].
    Added(usize),
    /// A deleted line.
    Deleted,
}

impl<'a> OriginPatch<'a> {
    /// Asks Git for the change of a commit that has at most one parent.
    pub fn of(commit: CommitId, origins: &'a LineOrigins) -> Result<Self, Error> {
        Ok(Self { reader: PatchReader::of(commit)?, origins })
    }

    /// Reads the next line; `None` at the end.
    pub fn next_line(&mut self) -> Result<Option<OriginPatchLine>, Error> {
        let Some(line) = self.reader.next_line()? else { return Ok(None) };
        let part = match line.kind {
            PatchLineKind::Head => PatchPart::Head,
            PatchLineKind::Context => PatchPart::Context,
            PatchLineKind::Deleted => PatchPart::Deleted,
            PatchLineKind::Added(number) => {
                PatchPart::Added(self.origins.place(self.reader.path(), number))
            }
        };
        Ok(Some(OriginPatchLine { part, text: git::decode(&line.text, None).into_owned() }))
    }
}
