//! Lines of a session file, as far as they are read.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::text::Text;
use crate::agents::shell_command::{brings_in_work, only_looks};
use crate::provenance::Action;

/// A line with what all lines of a conversation carry.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Line<'a> {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) subtype: Option<String>,
    pub(super) timestamp: Option<DateTime<Utc>>,
    pub(super) session_id: Option<String>,
    /// The first session of the process, since 2.1.330.
    #[serde(rename = "session_id")]
    pub(super) first_session: Option<String>,
    pub(super) cwd: Option<String>,
    pub(super) prompt_id: Option<String>,
    pub(super) entrypoint: Option<String>,
    pub(super) is_meta: Option<bool>,
    pub(super) is_compact_summary: Option<bool>,
    pub(super) plan_content: Option<Text>,
    // An answer.
    pub(super) requested_model: Option<String>,
    pub(super) effort: Option<String>,
    pub(super) advisor_model: Option<String>,
    pub(super) attribution_agent: Option<String>,
    pub(super) attribution_skill: Option<String>,
    #[serde(borrow)]
    pub(super) message: Option<&'a RawValue>,
    // The result of a call.
    #[serde(borrow)]
    pub(super) tool_use_result: Option<&'a RawValue>,
    pub(super) tool_denial_kind: Option<String>,
    pub(super) permission_decision: Option<Permission>,
    // Another model took over.
    pub(super) original_model: Option<String>,
    pub(super) fallback_model: Option<String>,
    pub(super) trigger: Option<String>,
    pub(super) attachment: Option<Attachment>,
}

/// Who decided on a call.
#[derive(Debug, Deserialize)]
pub(super) struct Permission {
    pub(super) decision: Option<String>,
    pub(super) source: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Attachment {
    #[serde(rename = "type")]
    pub(super) kind: String,
}

/// The message of an `assistant` line: one block of an answer.
#[derive(Debug, Deserialize)]
pub(super) struct Answer<'a> {
    pub(super) id: Option<String>,
    pub(super) model: Option<String>,
    #[serde(borrow, default)]
    pub(super) content: Vec<Block<'a>>,
    pub(super) stop_reason: Option<String>,
    #[serde(default)]
    pub(super) usage: Usage,
}

#[derive(Debug, Deserialize)]
pub(super) struct Block<'a> {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
    #[serde(borrow)]
    pub(super) input: Option<&'a RawValue>,
    pub(super) tool_use_id: Option<String>,
    #[serde(borrow)]
    pub(super) content: Option<&'a RawValue>,
}

/// The tokens of an answer, and of the parts that other models had in it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Usage {
    pub(super) input_tokens: Option<u64>,
    pub(super) output_tokens: Option<u64>,
    pub(super) cache_read_input_tokens: Option<u64>,
    pub(super) cache_creation_input_tokens: Option<u64>,
    pub(super) iterations: Option<Vec<Iteration>>,
}

/// A part of an answer that one model had.
#[derive(Debug, Deserialize)]
pub(super) struct Iteration {
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) model: Option<String>,
    pub(super) input_tokens: Option<u64>,
    pub(super) output_tokens: Option<u64>,
    pub(super) cache_read_input_tokens: Option<u64>,
    pub(super) cache_creation_input_tokens: Option<u64>,
}

/// The message of a `user` line.
#[derive(Debug, Deserialize)]
pub(super) struct Said<'a> {
    #[serde(borrow)]
    pub(super) content: &'a RawValue,
}

/// A block of a `user` line; only results of calls are read.
#[derive(Debug, Deserialize)]
pub(super) struct Part<'a> {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) tool_use_id: Option<String>,
    pub(super) is_error: Option<bool>,
    #[serde(borrow)]
    pub(super) content: Option<&'a RawValue>,
}

/// What a call was given, as far as it is read.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Input {
    pub(super) plan: Option<Text>,
    pub(super) subagent_type: Option<String>,
    pub(super) run_in_background: Option<bool>,
    /// The command, of a shell.
    pub(super) command: Option<Text>,
}

/// What a call gave back, as far as tools other than those for files are concerned.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Outcome {
    pub(super) plan: Option<Text>,
    pub(super) background_task_id: Option<String>,
    pub(super) agent_type: Option<String>,
    pub(super) is_async: Option<bool>,
}

impl Input {
    /// Reads an input; what is not one gives nothing.
    pub(super) fn read(raw: Option<&RawValue>) -> Self {
        raw.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default()
    }
}

impl Input {
    /// Returns the action of a shell's call that begins.
    pub(super) fn shell_starts(&self) -> Action {
        let command = self.command.as_ref().map_or("", |command| &command.0);
        Action::ShellStarted { brings_in: brings_in_work(command) || only_looks(command) }
    }
}

impl Outcome {
    /// Reads a result; a text, as errors are, gives nothing.
    pub(super) fn read(raw: Option<&RawValue>) -> Self {
        raw.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default()
    }
}
