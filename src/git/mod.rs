//! The only room that knows git2 or gix, or starts `git`. What leaves it is ours.

mod ancestor;
pub mod environment;
mod error;
mod hooks;
mod notes;
mod process;
mod renames;
mod repo;
mod sequence;
mod staged;
mod text;
mod tree_diff;

pub use ancestor::{GitCommand, calling_git};
pub use error::Error;
pub use hooks::{HookState, HooksFolder, InstallError, Installed, RECORDING};
pub use notes::NewNote;
pub use repo::{Commit, Head, Repo};
pub use sequence::Sequence;
pub use text::decode;
pub use tree_diff::{FileChange, FileVersion};
