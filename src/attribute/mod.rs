//! Pure thinking: evidence and changes in, attribution out. No repository, no clock, no environment.

mod attribution;
mod carried;
mod line_diff;
mod replay;

pub use attribution::{Attribution, ChangedFile, ObservedFile, SourceFile, Traces};
pub use carried::same_lines;
pub use line_diff::{LineDiff, is_binary, lines};
pub use replay::{Owner, ReplayEdit, ReplayFile, ReplayStep, ReplayedFile, replay};
