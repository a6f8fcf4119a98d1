//! Every coding agent that git-model can read: its hooks, its session files, and how its hooks are installed.

mod agent;
mod ambient;
mod claude_code;
mod hook_settings;
mod shell_command;

pub use agent::{Agent, Cursor, Scope, SessionPart, SettingsFile, Surroundings};
pub use ambient::{ambient_variables, running_agent};
pub use hook_settings::{HookState, Removal, SettingsError};

/// All agents, in the order in which they are listed.
pub static ALL: &[&dyn Agent] = &[&claude_code::ClaudeCode];
