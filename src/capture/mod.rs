//! What happens at each hook moment: the message gets its trailers, the commit gets its note.

mod change;
mod commit_hooks;
mod declared;
mod error;
mod message_hooks;
mod moment;
mod operation;
mod trailers;

pub use change::record_of;
pub use declared::{DeclaredNow, declared_now, declared_origin};
pub use error::Error;
pub use moment::{Moment, Outcome};
pub use trailers::{Style, add_typed, earned};
