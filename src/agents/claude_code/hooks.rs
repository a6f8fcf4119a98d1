//! The hooks that are registered with Claude Code.

use crate::agents::hook_settings::{HookEntry, HookSet};

/// The hooks. Simple forms only: an unknown kind of hook makes 2.1.200 and older run none at all.
///
/// A matcher of plain names is compared whole; one with other characters is a regular expression. A file tool that
/// failed did nothing, a command that failed may have: so a failure counts for commands alone.
pub(super) static SET: HookSet = HookSet {
    marker: "agent-hook claude-code",
    timeout_seconds: 10,
    entries: &[
        HookEntry { event: "SessionStart", matchers: &[None] },
        HookEntry { event: "UserPromptExpansion", matchers: &[None] },
        HookEntry { event: "PreToolUse", matchers: &[Some("Bash"), Some(MCP)] },
        HookEntry {
            event: "PostToolUse",
            matchers: &[
                Some(
                    "Write|Edit|MultiEdit|NotebookEdit|Bash|ExitPlanMode|EnterPlanMode|Agent|Task",
                ),
                Some(MCP),
            ],
        },
        HookEntry { event: "PostToolUseFailure", matchers: &[Some("Bash"), Some(MCP)] },
        HookEntry { event: "PostModelSwitch", matchers: &[None] },
        HookEntry { event: "SubagentStop", matchers: &[None] },
        HookEntry { event: "Stop", matchers: &[None] },
        HookEntry { event: "SessionEnd", matchers: &[None] },
    ],
};

/// The tools of all MCP servers.
const MCP: &str = "mcp__.*";
