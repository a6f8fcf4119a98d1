//! git-model keeps model provenance in Git: which AI model planned, wrote and reviewed each change.
//!
//! The library exists for the program and for its tests; it promises no API to anybody else.

pub mod agents;
pub mod attribute;
pub mod backends;
pub mod capture;
pub mod cli;
pub mod clock;
pub mod format;
pub mod git;
pub mod history;
pub mod marks;
pub mod os;
pub mod provenance;
pub mod report;
pub mod review;
pub mod settings;
pub mod store;
pub mod terminal;
pub mod workflow;
