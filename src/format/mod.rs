//! Every form in which a report can be printed.

mod block;
mod csv;
mod json;
mod list;
mod listing;
mod markdown;
mod renderer;
mod text;

pub use block::{
    Align, Block, Cell, Column, Fact, Table, ValueLine, clean as printable, thousands,
};
pub use json::to_json;
pub use list::{ListHead, ListItem};
pub use listing::{ListedLine, Listing, Tint, code, tinted};
pub use renderer::{Canvas, Format, Report};

/// All formats, the one for people first.
pub static ALL: &[&dyn Format] = &[&text::Text, &json::Json, &csv::Csv, &markdown::Markdown];

/// Writes a number of things: `1 file`, `2 files`.
pub fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Finds a format by its name.
pub fn find(name: &str) -> Option<&'static dyn Format> {
    ALL.iter().copied().find(|format| format.name() == name)
}
