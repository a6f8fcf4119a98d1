//! How provenance is written down: the journal of a worktree, drafts, verdicts, notes, plans; and the notes of other tools.

mod contents;
mod declaration;
mod draft;
mod entry;
mod error;
mod evidence;
pub mod foreign;
mod framed;
mod installation;
mod journal;
mod kept_review;
pub mod note;
pub mod plan;
mod remembered;
mod sessions;
mod shell_watch;
mod stashed;
pub mod sync;
mod told_hosts;
mod usage;
mod vain;
mod verdicts;

pub use contents::{ContentId, Contents as FileContents};
pub use declaration::{Declaration, Declared, Standing};
pub use draft::{CleanStep, Draft};
pub use entry::Entry;
pub use error::Error;
pub use evidence::{
    EXPIRES_AFTER, Evidence, EvidenceEntry, KeptAction, KeptEdit, KeptEvent, KeptState, KeptTurn,
};
pub use framed::{Contents, Framed, parse as parse_framed};
pub use installation::{AgentHooks, Installation};
pub use journal::Journal;
pub use kept_review::KeptReview;
pub use plan::{Following, KeptPlan, ListedPlan, PlanHead, Plans};
pub use remembered::{Memory, Remembered, Run, Writer};
pub use sessions::{KnownFolder, KnownSession, SessionLock, SessionStore, Sessions};
pub use shell_watch::{ShellWatch, ShellWatches};
pub use stashed::{Stashed, Stashes};
pub use told_hosts::is_first_time;
pub use usage::{KeptUsage, unbilled};
pub use vain::LookedInVain;
pub use verdicts::{KeptVerdict, VerdictKey, Verdicts};
