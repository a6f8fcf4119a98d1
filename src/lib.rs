//! git-model keeps model provenance in Git: which AI model planned, wrote and reviewed each change.
//!
//! The library exists for the program and for its tests; it promises no API to anybody else.

pub mod marks;
pub mod provenance;
