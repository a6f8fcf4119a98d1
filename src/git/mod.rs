//! The only room that knows git2 or gix, or starts `git`. What leaves it is ours.

mod agent_files;
mod ancestor;
mod blame;
mod changes;
mod changes_of_git;
#[cfg(test)]
mod changes_tests;
mod command_config;
mod commit_list;
mod diff_stat;
mod dirty;
pub mod environment;
mod error;
mod exclude;
mod history_reader;
mod hooks;
mod ledger;
mod line_count;
mod mailmap;
mod notes;
mod notes_finder;
mod notes_reader;
mod patch;
mod place;
mod process;
mod quoted_path;
mod raw_commit;
mod releases;
mod renames;
mod repo;
mod sequence;
mod staged;
mod taken_back;
#[cfg(test)]
mod test_repo;
mod text;
mod tree_diff;
mod visited;
mod walk;
mod walk_listed;
#[cfg(test)]
mod walk_tests;

pub use agent_files::AgentFile;
pub use ancestor::{GitCommand, calling_git};
pub use blame::{BlameError, BlameOutput, BlameRequest, BlamedLine};
pub use changes::{ChangeReader, Detail, FolderChange};
pub use changes_of_git::ChangesOfGit;
pub use commit_list::{CommitIds, Pace, Selection};
pub use diff_stat::{editor, stat_of, stat_of_work};
pub use error::Error;
pub use history_reader::{HistoryReader, ObjectReader};
pub use hooks::{HookState, HooksFolder, InstallError, Installed, RECORDING};
pub use ledger::{Appended, LedgerEntry, LedgerTip};
pub use notes::NewNote;
pub use notes_finder::NoteFinder;
pub use notes_reader::NoteIndex;
pub use patch::{PatchLine, PatchLineKind, PatchReader, pager};
pub use place::Worktree;
pub use raw_commit::{DecodedCommit, RawCommit, RawIdentity};
pub use releases::Releases;
pub use repo::{Commit, Head, Repo};
pub use sequence::Sequence;
pub use text::decode;
pub use tree_diff::{FileChange, FileVersion};
pub use walk::{Visitor, walk_all};
pub use walk_listed::{walk_in_order, walk_listed};
