//! The words of the subject: models, phases, evidence, origins, records. No I/O.

pub mod catalog;
mod commit_id;
mod evidence;
mod foreign_note;
mod grade;
mod identity;
mod mark;
mod message;
mod message_edit;
mod model_name;
mod model_trailer;
mod origin;
mod phase;
mod record;
mod strength;
mod trailer;

pub use catalog::{CatalogRow, Price, Tier};
pub use commit_id::{CommitId, ParseCommitIdError};
pub use evidence::{
    Action, AgentEvent, ApprovedBy, CallId, FileEdit, FileState, Hunk, PromptId, SessionId,
    Subagent, Tokens, Turn,
};
pub use foreign_note::{Claim, ForeignNote};
pub use grade::Grade;
pub use identity::Identity;
pub use mark::{CommitText, Mark, MarkKind};
pub use message::{Cleanup, CleanupRules, MessageFile, detect_comment};
pub use model_name::{ModelName, ModelNameError};
pub use model_trailer::{
    ModelTrailer, is_commit_header, lift_squashed, model_trailers, parse_model_trailer,
    render_model_trailer,
};
pub use origin::Origin;
pub use phase::Phase;
pub use record::{
    AttributedRange, CommitRecord, Contribution, FileAttribution, LineCounts, Operation, ReadBy,
    Recorder,
};
pub use strength::{Strength, compare_strength};
pub use trailer::{Trailer, parse_trailers};
