//! Commits read back with their provenance.

mod audit;
mod blame;
mod cost;
mod facts;
mod filter;
mod group_by;
mod groups;
mod line_origins;
mod measure;
mod notes;
mod outcomes;
mod patch;
mod plan_commits;
mod plan_counts;
mod reading;
mod review_counts;
mod tally;

pub use audit::{Audit, ListedCommit, Measures, NoteProblem, Sources};
pub use blame::{Blame, FileLine, blame};
pub use cost::{Amount, Cost, CostRow};
pub use facts::{CommitFacts, LineSums};
pub use filter::{Filter, Glob};
pub use group_by::GroupBy;
pub use groups::{GroupRow, GroupTable, Share};
pub use line_origins::{Basis, LineOrigin, LineOrigins};
pub use outcomes::{Full, Made, Outcome, Outcomes};
pub use patch::{OriginPatch, OriginPatchLine, PatchPart};
pub use plan_commits::{PlanCommit, plan_commits};
pub use plan_counts::{PlanCounts, PlanSpan};
pub use reading::{Class, CommitReading, Noted, Part};
pub use review_counts::ReviewCounts;
pub use tally::{Cell, ClassLines, Coverage, ModelRow, Summary, Tally};
