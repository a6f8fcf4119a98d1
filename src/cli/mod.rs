//! A file per command; the only room that joins rooms.

pub mod log;
mod selection;

pub use selection::SelectionArgs;
