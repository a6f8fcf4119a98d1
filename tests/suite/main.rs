//! The program and real Git together: one test binary, a file per topic.
#![allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
#![allow(clippy::too_many_lines, reason = "what is expected stands beside its test, whole")]
#![allow(clippy::format_push_string, reason = "a drawing is short")]

#[allow(dead_code, reason = "each topic uses its part of it")]
mod sandbox;

mod agent_faults;
mod agent_kills;
mod agent_session;
mod amend;
mod apply;
mod bad_input;
mod blame;
mod blame_input;
mod change;
mod classify;
mod commit;
mod declare;
mod empty_message;
mod faults;
mod foreign_hooks;
mod hooks_beside_others;
mod http_host;
mod index;
mod install;
mod install_agents;
mod merge;
mod message_bytes;
mod message_text;
mod notes;
mod observed;
mod observed_cost;
mod observed_files;
mod observed_helpers;
mod observed_later;
mod observed_plans;
mod observed_shell;
mod observed_uncommitted;
mod pick;
mod plan_follow;
mod plan_input;
mod plan_place;
mod plan_run;
mod plan_run_on;
mod plan_way;
mod privacy;
mod rebase;
mod repair_host;
mod repair_ways;
mod revert;
mod review_command;
mod review_dismiss;
mod review_gate;
mod review_hostile;
mod review_record;
mod reviewer;
mod show;
mod squash;
mod stand_in;
mod status_plans;
mod sync_at_push;
mod sync_hostile;
mod sync_records;
mod sync_ways;
mod terminal;
mod trailer_settings;
mod two_clones;
mod unusual;
mod workflow_document;
