//! Commits read back with their provenance.

mod audit;
mod filter;
mod reading;
mod tally;

pub use audit::{Audit, ListedCommit, NoteProblem, Sources};
pub use filter::{Filter, Glob};
pub use reading::{Class, CommitReading, Part};
pub use tally::{Cell, Coverage, ModelRow, Summary, Tally};
