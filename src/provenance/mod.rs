//! The words of the subject: models, phases, evidence, origins, records. No I/O.

mod agent_plan;
pub mod catalog;
mod combine;
mod commit_id;
mod evidence;
mod foreign_note;
mod grade;
mod identity;
mod mark;
mod message;
mod message_edit;
mod mistake;
mod model_name;
mod model_trailer;
mod origin;
mod phase;
mod plan;
mod record;
mod review;
mod steps;
mod strength;
mod synced;
mod trailer;
mod usage;

pub use agent_plan::AgentPlan;
pub use catalog::{CatalogRow, Price, Tier};
pub use combine::{combine, combine_either};
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
pub use mistake::{LARGE_CHANGE, Mistake, MistakeKind, Team, Work};
pub use model_name::{ModelName, ModelNameError};
pub use model_trailer::{
    ModelTrailer, is_commit_header, lift_squashed, model_trailers, parse_model_trailer,
    render_model_trailer,
};
pub use origin::Origin;
pub use phase::Phase;
pub use plan::{
    Actor, FollowedPlan, ParsePlanIdError, Plan, PlanAction, PlanEvent, PlanId, PlanState, Planner,
    clean_title, title_of,
};
pub use record::{
    AttributedRange, CommitRecord, Contribution, FileAttribution, LineCounts, Operation, ReadBy,
    Recorder,
};
pub use review::{Drift, FindingCounts, Review, Severity, Verdict};
pub use steps::{ParseStepsError, Scope, Step, Steps, steps};
pub use strength::{Strength, compare_strength, has_tier, is_of_highest_tier};
pub use synced::{PlanFate, Synced, SyncedPlan};
pub use trailer::{Trailer, parse_trailers};
pub use usage::Usage;
