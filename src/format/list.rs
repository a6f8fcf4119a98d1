//! Long lists, which are written in blocks and never held as a whole.

use crate::format::{Cell, Column};

/// What a list has in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListHead {
    /// The columns of a table; the last one is cut where space is short, the one before it where it takes too much.
    pub columns: Vec<Column>,
    /// Fields of the JSON document beside the list: names, and values that are JSON already.
    pub fields: Vec<(&'static str, String)>,
    /// The name of the field that holds the number of items.
    pub count_field: &'static str,
}

/// An item of a list.
pub trait ListItem {
    /// Returns its cells.
    fn cells(&self) -> Vec<Cell>;

    /// Returns it as a JSON document of one line.
    fn json(&self) -> String;
}
