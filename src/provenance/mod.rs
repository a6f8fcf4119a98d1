//! The words of the subject: models, phases, evidence, origins, records. No I/O.

pub mod catalog;
mod commit_id;
mod grade;
mod identity;
mod mark;
mod model_name;
mod origin;
mod phase;
mod record;
mod strength;

pub use catalog::{CatalogRow, Price, Tier};
pub use commit_id::{CommitId, ParseCommitIdError};
pub use grade::Grade;
pub use identity::Identity;
pub use mark::{CommitText, Mark, MarkKind};
pub use model_name::{ModelName, ModelNameError};
pub use origin::Origin;
pub use phase::Phase;
pub use record::{
    AttributedRange, CommitRecord, Contribution, FileAttribution, LineCounts, Operation, Recorder,
};
pub use strength::{Strength, compare_strength};
