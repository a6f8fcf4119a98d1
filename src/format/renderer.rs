//! The format trait, and the page that a format prints on.

use std::io::{self, Write};

use crate::format::{Block, ListHead, ListItem, Table};

/// What a command says, in all the ways a format may need.
pub trait Report {
    /// Returns it for people.
    fn blocks(&self) -> Vec<Block>;

    /// Returns it as one JSON document, without a line end.
    fn json(&self) -> String;

    /// Returns its rows for a spreadsheet.
    fn table(&self) -> Table;
}

/// The page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Canvas {
    /// How many columns fit.
    pub width: usize,
    /// Whether colour may be used.
    pub colour: bool,
}

/// A form of output. An implementer must not print anything itself, nor look at the environment.
pub trait Format: Sync {
    /// Returns the word for it after `--format`.
    fn name(&self) -> &'static str;

    /// Says whether people read it, so that a pager is welcome.
    fn is_for_people(&self) -> bool {
        false
    }

    /// Writes a report.
    fn report(&self, report: &dyn Report, canvas: &Canvas, out: &mut dyn Write) -> io::Result<()>;

    /// Begins a list that is written in blocks.
    fn begin(&self, head: &ListHead, out: &mut dyn Write) -> io::Result<()>;

    /// Writes a block of a list; the second part of `page` tells how many items came before.
    fn items(
        &self,
        head: &ListHead,
        items: &[&dyn ListItem],
        page: (&Canvas, u64),
        out: &mut dyn Write,
    ) -> io::Result<()>;

    /// Ends a list of so many items.
    fn end(&self, head: &ListHead, written: u64, out: &mut dyn Write) -> io::Result<()>;
}
