//! Agents that leave a variable in the environment of the commands they run, also those without an adapter.
//!
//! It tells that a command was typed by a program. It is no evidence that a model wrote any line.

use crate::agents::Surroundings;

/// A variable that names its program in its value, as `claude-code_2-1-330_agent`.
const NAMING: &str = "AI_AGENT";

/// Variables, and the ids of the agents that set them.
const VARIABLES: [(&str, &str); 8] = [
    ("CLAUDECODE", "claude-code"),
    ("GEMINI_CLI", "gemini-cli"),
    ("OPENCODE", "opencode"),
    ("CURSOR_AGENT", "cursor"),
    ("CODEX_THREAD_ID", "codex"),
    ("CODEX_SANDBOX", "codex"),
    ("CODEX_SANDBOX_NETWORK_DISABLED", "codex"),
    ("COPILOT_CLI", "copilot"),
];

/// Names the variables that are read.
pub fn ambient_variables() -> impl Iterator<Item = &'static str> {
    VARIABLES.iter().map(|(name, _)| *name).chain([NAMING])
}

/// Returns the id of the agent that runs us; `None` outside of any that is known.
pub fn running_agent(around: &Surroundings) -> Option<String> {
    let known = VARIABLES.iter().find(|(name, _)| around.variable(name).is_some());
    let known = known.map(|(_, agent)| (*agent).to_owned());
    known.or_else(|| {
        let value = around.variable(NAMING)?;
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let word = value.chars().take_while(|c| is_word(*c)).take(40).collect::<String>();
        Some(if word.is_empty() { "an agent".to_owned() } else { word })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(name: &str, value: &str) -> Surroundings {
        Surroundings { home: None, variables: vec![(name.to_owned(), value.to_owned())] }
    }

    #[test]
    fn an_agent_is_known_by_its_variable() {
        for (name, value, agent) in [
            ("CLAUDECODE", "1", Some("claude-code")),
            ("AI_AGENT", "claude-code_2-1-330_agent", Some("claude-code")),
            ("AI_AGENT", "/!", Some("an agent")),
            ("CLAUDECODE", "", None),
            ("SHELL", "1", None),
        ] {
            assert_eq!(running_agent(&around(name, value)).as_deref(), agent, "{name}={value}");
        }
    }
}
