//! What a reader of marks is, and the line of a message that it is shown.

use crate::provenance::{CommitText, Mark, MarkKind};

/// Reads one form of mark.
pub trait Reader: Sync {
    /// The name of the form; no two readers share one.
    fn kind(&self) -> MarkKind;

    /// Lower-case ASCII texts of which every message with this form holds at least one.
    ///
    /// A reader with none is asked about every commit, with no lines; it must then be cheap.
    fn needles(&self) -> &'static [&'static str];

    /// Whether its marks count without a mark of another reader.
    fn stands_alone(&self) -> bool {
        true
    }

    /// Adds the marks of a commit to `found`.
    ///
    /// `lines` are those that are the message's own words. An implementer must not read
    /// `text.message` around them, or it takes quotations for marks.
    fn read(&self, text: &CommitText<'_>, lines: &[Line<'_>], found: &mut Vec<Mark>);
}

/// A line of a message, without indentation, list bullet and blanks at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Its number in the message, from 1.
    pub number: usize,
    /// Its text; never empty.
    pub text: &'a str,
    /// Whether it is an item of a list.
    pub is_item: bool,
}
