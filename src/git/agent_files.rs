//! When coding agents came to a repository: the first commit that added a file which configures one.

use crate::git::history_reader::git_at;
use crate::git::{Error, HistoryReader, Selection};

/// Files and folders at the top of a repository that configure coding agents and nothing else.
const AGENT_FILES: &[&str] = &[
    "CLAUDE.md",
    ".claude",
    "AGENTS.md",
    ".agents",
    ".cursorrules",
    ".cursor/rules",
    ".github/copilot-instructions.md",
    "GEMINI.md",
    ".gemini",
    ".windsurfrules",
    ".windsurf",
    ".clinerules",
    ".roorules",
    ".roo",
    ".aider.conf.yml",
    ".junie/guidelines.md",
    ".goosehints",
    ".kiro",
    ".codex",
];

/// A file that configures a coding agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentFile {
    /// Its path.
    pub path: String,
    /// The committer's time of the commit that added it, in seconds since 1970.
    pub seconds: i64,
}

impl HistoryReader {
    /// Finds the agent configuration file that was added first, by the committer's time; `None` without any.
    pub fn first_agent_file(&self, selection: &Selection) -> Result<Option<AgentFile>, Error> {
        let mut arguments =
            vec!["log", "--no-renames", "--diff-filter=A", "--format=%x01%ct", "--name-only"];
        let mut revisions = selection.revision_arguments();
        if self.has_paths(selection) {
            revisions = vec!["HEAD"];
        }
        arguments.extend(revisions);
        arguments.push("--");
        let paths: Vec<String> = AGENT_FILES.iter().map(|path| format!(":(top){path}")).collect();
        arguments.extend(paths.iter().map(String::as_str));
        let said = git_at(&self.place, &arguments)?;
        let mut first: Option<AgentFile> = None;
        let mut seconds = 0;
        for line in String::from_utf8_lossy(&said).lines() {
            if let Some(time) = line.strip_prefix('\u{1}') {
                seconds = time.parse().unwrap_or(0);
            } else if !line.is_empty() && first.as_ref().is_none_or(|file| seconds < file.seconds) {
                first = Some(AgentFile { path: line.to_owned(), seconds });
            }
        }
        Ok(first)
    }
}
