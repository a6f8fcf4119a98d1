//! The way of a plan: drafted, approved, handed off, implemented; sent back when it turns out wrong.
//!
//! ```text
//!  draft --approve--> approved --hand off--> implementing --finish--> done
//!    ^                                            |
//!    +----------------- escalate -----------------+   a new version, to be approved again
//! ```

mod error;
mod from_agent;
mod planning;
mod text;
mod transitions;

pub use error::Error;
pub use planning::{Attachment, correction_request, plan_in, planning_request, planning_task};
pub use text::{approval_answer, check_text, correction_text, handoff_text};
pub use transitions::{Changed, NewPlan, Workflow};
