//! What each command says, as blocks and tables.

mod blame_report;
mod commit_files;
mod commit_report;
mod line_words;
mod log_cost;
mod log_full;
mod log_groups;
mod log_json;
mod log_list;
mod log_plans;
mod log_report;
#[cfg(test)]
mod log_report_tests;
mod logs_report;
mod origin;
mod patch_report;
mod plan_list_report;
mod plan_report;
mod plan_words;
mod status_plan;
mod status_report;
mod sync_report;
mod usage;

pub use blame_report::{BlameReport, BlameView, BlamedPlans};
pub use commit_files::FileLines;
pub use commit_report::CommitReport;
pub use log_cost::dollars;
pub use log_list::{LogItem, log_list_head};
pub use log_plans::PlanFacts;
pub use log_report::{LogDetail, LogReport, LogScope};
pub use logs_report::LogsReport;
pub use origin::OriginJson;
pub use patch_report::PatchReport;
pub use plan_list_report::{PlanListReport, PlanRow};
pub use plan_report::PlanReport;
pub use plan_words::{action_words, followed_words, how_to_get_plans};
pub use status_plan::{Due, MistakeLine, PlanStatus, phase_of, short};
pub use status_report::{NextCommit, StatusReport};
pub use sync_report::SyncReport;
