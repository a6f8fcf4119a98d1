//! The review of a change by a stronger model: what is asked, what of the answer counts, and the verdict.
//!
//! A model only finds and refutes. Whether a finding lies in the change, whether it blocks, and what the verdict is,
//! our own code says. Whatever was not completed is `not-run`, never a pass.

mod change;
mod finding;
mod outcome;
mod request;
mod suitability;
mod wire;

pub use change::{Change, ChangedFile, ChangedLine, FileKind, LeftOut, LineKind, Section};
pub use finding::{Finding, FindingState, PlanItem, PlanStatus};
pub use outcome::{Outcome, PROMPT_VERSION};
pub use request::{Boundary, Demand, Dismissal, Limits, Progress, Request};
pub use suitability::{Suitability, suitable};
