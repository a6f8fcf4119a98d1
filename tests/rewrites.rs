//! Provenance through everything that Git does to a commit: a table of stories, and random sequences of operations.
//!
//! Each row of the table is a story in a small language of steps (`rewrites/story.rs`) and, for each way of telling it,
//! the commits that come of it. Whatever the row expects, all rows hold: a line is never anybody's but its writer's, a
//! line that is lost was said to be, `git model blame` agrees, and the repository is sound.
#![allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
#![allow(clippy::too_many_lines, reason = "what is expected stands beside its story, whole")]

#[path = "suite"]
mod suite {
    #[allow(dead_code, reason = "each suite uses its part of it")]
    pub(crate) mod agent_session;
    #[allow(dead_code, reason = "each suite uses its part of it")]
    pub(crate) mod sandbox;
}
use suite::{agent_session, sandbox};

#[path = "rewrites/history.rs"]
mod history;
#[path = "rewrites/losses.rs"]
mod losses;
#[path = "rewrites/operations.rs"]
mod operations;
#[path = "ground_truth/random.rs"]
#[allow(dead_code, reason = "each suite uses its part of it")]
mod random;
#[path = "rewrites/sequences.rs"]
mod sequences;
#[path = "rewrites/story.rs"]
mod story;
#[path = "rewrites/table.rs"]
mod table;
#[path = "rewrites/truth.rs"]
mod truth;

#[path = "rewrites/amend.rs"]
mod amend;
#[path = "rewrites/doubt.rs"]
mod doubt;
#[path = "rewrites/merge.rs"]
mod merge;
#[path = "rewrites/pick.rs"]
mod pick;
#[path = "rewrites/rebase.rs"]
mod rebase;
#[path = "rewrites/rebase_conflict.rs"]
mod rebase_conflict;
#[path = "rewrites/rebase_steps.rs"]
mod rebase_steps;
#[path = "rewrites/revert.rs"]
mod revert;
#[path = "rewrites/unseen.rs"]
mod unseen;
#[path = "rewrites/work.rs"]
mod work;
