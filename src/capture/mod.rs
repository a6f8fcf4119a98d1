//! What happens at each hook moment: the message gets its trailers, the commit gets its note.

mod agent_hook;
mod agent_trailers;
mod begin;
mod by_hand;
mod change;
mod commit_hooks;
mod declared;
mod error;
mod followed;
mod message_hooks;
mod moment;
mod observed;
mod operation;
mod overlap;
mod pending;
mod preview;
mod sweep;
mod taken_back;
mod trailers;

pub use agent_hook::keep_hook_event;
pub use begin::Begun;
pub use by_hand::Amendment;
pub use change::record_of;
pub use declared::{DeclaredNow, declared_now, declared_origin};
pub use error::Error;
pub use moment::{Moment, Outcome};
pub use pending::Pending;
pub use preview::Preview;
pub use trailers::{Style, add_typed, earned};
