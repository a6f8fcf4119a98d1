//! Every coding agent that git-model can read: its hooks, its session files, and how its hooks are installed.

mod agent;

pub use agent::{Agent, Cursor, SessionPart, Surroundings};

/// All agents, in the order in which they are listed.
pub static ALL: &[&dyn Agent] = &[];
