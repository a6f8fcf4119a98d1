//! What each command says, as blocks and tables.

mod log_list;
mod log_report;
#[cfg(test)]
mod log_report_tests;
mod origin;

pub use log_list::{LogItem, log_list_head};
pub use log_report::{LogReport, LogScope};
pub use origin::OriginJson;
