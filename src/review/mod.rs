//! The review of a change by a stronger model: what is asked, what of the answer counts, and the verdict.
//!
//! A model only finds and refutes. Whether a finding lies in the change, whether it blocks, and what the verdict is,
//! our own code says. Whatever was not completed is `not-run`, never a pass.

mod answer;
mod change;
mod dismiss;
mod filter;
mod finding;
mod import;
#[cfg(test)]
mod import_tests;
mod left_out;
mod limit;
mod outcome;
mod place;
#[cfg(test)]
mod place_tests;
mod prompt;
mod read;
mod request;
mod rounds;
mod run;
mod sarif;
mod secrets;
mod shapes;
mod suitability;
mod text;
mod verdict;
mod wire;

pub use change::{Change, ChangedFile, ChangedLine, FileKind, LeftOut, LineKind, Section};
pub use dismiss::DismissError;
pub use finding::{Finding, FindingState, PlanItem, PlanStatus};
pub use import::{Import, ImportError, import};
pub use outcome::{Outcome, PROMPT_VERSION};
pub use request::{Boundary, Demand, Dismissal, Limits, Progress, Request};
pub use run::{prepare, run};
pub use secrets::{Secret, scan};
pub use suitability::{Suitability, suitable};
