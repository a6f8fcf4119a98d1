//! The tools whose calls matter.

/// What a tool does, as far as changes are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) enum Tool {
    /// Changes one file and says how: `Write`, `Edit`, `MultiEdit`, `NotebookEdit`.
    Editor,
    /// May change any file: `Bash`, or a tool of an MCP server.
    Shell,
    /// Shows a plan.
    ExitPlanMode,
    /// Begins to plan.
    EnterPlanMode,
    /// Starts a helper.
    Agent,
}

impl Tool {
    /// Returns what a name stands for; `None` for tools that only read.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "Write" | "Edit" | "MultiEdit" | "NotebookEdit" => Some(Self::Editor),
            "Bash" => Some(Self::Shell),
            _ if name.starts_with("mcp__") => Some(Self::Shell),
            "ExitPlanMode" => Some(Self::ExitPlanMode),
            "EnterPlanMode" => Some(Self::EnterPlanMode),
            // `Task` in older versions.
            "Agent" | "Task" => Some(Self::Agent),
            _ => None,
        }
    }
}
