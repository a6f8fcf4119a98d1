//! What a hook of Claude Code is told on its standard input.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::edit;
use super::line::{Input, Outcome};
use super::tool::Tool;
use crate::agents::Surroundings;
use crate::provenance::{Action, AgentEvent, ApprovedBy, CallId, PromptId, SessionId, Subagent};

#[cfg(test)]
mod tests;

/// How the program was started: `cli` in a terminal, `sdk-cli` by another program or with `-p`.
pub(super) const ENTRYPOINT: &str = "CLAUDE_CODE_ENTRYPOINT";
/// Whether somebody sits at the terminal: `1` or `0`; not set by 2.1.110.
pub(super) const IS_ATTENDED: &str = "CLAUDE_CODE_SESSION_ATTENDED";

/// How much of a session file is looked at to see whose it is.
const HEAD_BYTES: u64 = 1024;

#[derive(Debug, Deserialize)]
struct Payload<'a> {
    session_id: String,
    transcript_path: PathBuf,
    cwd: Option<PathBuf>,
    hook_event_name: String,
    prompt_id: Option<String>,
    permission_mode: Option<String>,
    agent_id: Option<String>,
    agent_type: Option<String>,
    tool_name: Option<String>,
    tool_use_id: Option<String>,
    #[serde(borrow)]
    tool_input: Option<&'a RawValue>,
    #[serde(borrow)]
    tool_response: Option<&'a RawValue>,
    command_name: Option<String>,
}

/// Reads a payload; `None` if it tells nothing, or if it is another program's.
pub(super) fn read(
    around: &Surroundings,
    now: DateTime<Utc>,
    payload: &[u8],
) -> Option<AgentEvent> {
    let text = std::str::from_utf8(payload).ok()?;
    let payload: Payload<'_> = serde_json::from_str(text).ok()?;
    if !is_ours(&payload.transcript_path, &payload.session_id) {
        return None;
    }
    let action = payload.action(around)?;
    // The mode in the payload is that after the call.
    let plans = matches!(action, Action::PlanApproved { .. } | Action::PlanModeEntered);
    let kind = payload.agent_type.unwrap_or_default();
    Some(AgentEvent {
        session: SessionId(payload.session_id),
        session_file: Some(payload.transcript_path),
        at: now,
        folder: payload.cwd,
        prompt: payload.prompt_id.map(PromptId),
        // A kind without an id is that of the main thread, started as `claude --agent`.
        subagent: payload.agent_id.map(|id| Subagent { id, kind }),
        call: payload.tool_use_id.map(CallId),
        turn: None,
        in_plan_mode: plans || payload.permission_mode.as_deref() == Some("plan"),
        action,
    })
}

impl Payload<'_> {
    fn action(&self, around: &Surroundings) -> Option<Action> {
        match self.hook_event_name.as_str() {
            "SessionStart" => Some(Action::Started),
            "Stop" => Some(Action::Stopped),
            "UserPromptSubmit" | "StopFailure" | "SessionEnd" | "PostModelSwitch" => {
                Some(Action::Hint)
            }
            "UserPromptExpansion" => {
                let what = self.command_name.as_deref()?.trim_start_matches('/').to_owned();
                Some(Action::Ran { what })
            }
            // `/compact` sends one of no kind, whose session file does not exist.
            "SubagentStop" => {
                let kind = self.agent_type.as_deref().filter(|kind| !kind.is_empty())?;
                Some(Action::Ran { what: kind.to_owned() })
            }
            "PreToolUse" => {
                let tool = Tool::named(self.tool_name.as_deref()?)?;
                (tool == Tool::Shell).then(|| Input::read(self.tool_input).shell_starts())
            }
            "PostToolUse" => self.succeeded(around),
            "PostToolUseFailure" => {
                let tool = Tool::named(self.tool_name.as_deref()?)?;
                // A command that failed may have changed files before it did; a file tool did nothing.
                (tool == Tool::Shell).then_some(Action::ShellEnded { in_background: false })
            }
            _ => None,
        }
    }

    fn succeeded(&self, around: &Surroundings) -> Option<Action> {
        match Tool::named(self.tool_name.as_deref()?)? {
            Tool::Editor => Some(Action::Edited(vec![edit::read(self.tool_response?)?])),
            Tool::Shell => Some(Action::ShellEnded {
                in_background: self.tool_response.is_some_and(in_background),
            }),
            Tool::ExitPlanMode => {
                let text = Outcome::read(self.tool_response).plan?.0;
                // Empty since 2.1.330, so that a change by hand shows in the session file alone.
                let written = Input::read(self.tool_input).plan.map(|plan| plan.0);
                let written = written.filter(|written| *written != text);
                Some(Action::PlanApproved { text, written, by: self.approved_by(around) })
            }
            Tool::EnterPlanMode => Some(Action::PlanModeEntered),
            Tool::Agent => {
                let outcome = Outcome::read(self.tool_response);
                // A helper in the background has not read anything yet.
                if outcome.is_async == Some(true) {
                    return Some(Action::Hint);
                }
                let kind = outcome.agent_type;
                let kind = kind.or_else(|| Input::read(self.tool_input).subagent_type)?;
                Some(Action::Ran { what: kind })
            }
        }
    }

    /// Says who approved a plan: a person only where a dialog in an attended terminal is the one way.
    fn approved_by(&self, around: &Surroundings) -> ApprovedBy {
        let is_dialog = around.variable(ENTRYPOINT) == Some("cli")
            && around.variable(IS_ATTENDED) == Some("1")
            && self.agent_id.is_none();
        match self.permission_mode.as_deref() {
            None | Some("bypassPermissions" | "dontAsk") => ApprovedBy::Automation,
            Some(_) if is_dialog => ApprovedBy::Person,
            Some(_) => ApprovedBy::Automation,
        }
    }
}

/// Says whether a result is that of a command that goes on in the background.
pub(super) fn in_background(result: &RawValue) -> bool {
    // Most results are large and say nothing of it.
    let name = b"\"backgroundTaskId\"";
    memchr::memmem::find(result.get().as_bytes(), name).is_some()
        && Outcome::read(Some(result)).background_task_id.is_some()
}

/// Says whether a session file is Claude Code's.
///
/// Copilot CLI, Cursor and others run the same hooks; their session files lie and look otherwise.
fn is_ours(path: &Path, session: &str) -> bool {
    let in_projects = path
        .parent()
        .and_then(Path::parent)
        .and_then(Path::file_name)
        .is_some_and(|name| name == "projects");
    let is_named = path.file_stem().is_some_and(|stem| stem == session)
        && path.extension().is_some_and(|extension| extension == "jsonl");
    // Not there before the first prompt, and never there without persistence.
    let Ok(file) = File::open(path) else { return in_projects && is_named };
    let mut head = Vec::new();
    let is_read = file.take(HEAD_BYTES).read_to_end(&mut head).is_ok();
    in_projects && is_named && is_read && (head.is_empty() || starts_session(&head))
}

/// Says whether the first bytes are those of a session file: every line names its session or its place in it.
pub(super) fn starts_session(head: &[u8]) -> bool {
    let names = [&b"\"sessionId\""[..], b"\"parentUuid\"", b"\"leafUuid\"", b"\"messageId\""];
    head.starts_with(b"{\"") && names.iter().any(|name| memchr::memmem::find(head, name).is_some())
}
