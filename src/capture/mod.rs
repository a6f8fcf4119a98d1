//! What happens at each hook moment: the message gets its trailers, the commit gets its note.

mod agent_hook;
mod agent_trailers;
mod approvals;
mod begin;
mod by_hand;
mod candidate;
mod change;
mod commit_hooks;
mod declared;
mod error;
mod followed;
mod helpers;
mod message_hooks;
mod moment;
mod observed;
mod operation;
mod overlap;
mod pending;
mod plans;
mod preview;
mod prompts;
mod sweep;
mod taken_back;
mod trailers;
mod uncommitted;

pub use agent_hook::keep_hook_event;
pub use begin::Begun;
pub use by_hand::Amendment;
pub use change::record_of;
pub use declared::{DeclaredNow, declared_now, declared_origin};
pub use error::Error;
pub use moment::{Moment, Outcome, TakePlans};
pub use pending::Pending;
pub use preview::Preview;
pub use trailers::{Style, add_typed, earned};
pub use uncommitted::Uncommitted;
