//! The names of tools, their ids, and how surely a word of running text means the tool.

use std::collections::HashMap;
use std::sync::LazyLock;

/// How a name has to be written in running text to mean the tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InProse {
    /// In any case of letters: it is no other word.
    AnyCase,
    /// With a capital: in lower case it is a word of the language.
    Capital,
    /// Not at all; it counts only where a name is expected.
    Never,
}

use InProse::{AnyCase, Capital, Never};

/// Names in lower case, and their ids.
const TOOLS: &[(&str, &str, InProse)] = &[
    ("aider", "aider", AnyCase),
    ("amp", "amp", Capital),
    ("amp code", "amp", Capital),
    ("ampcode", "amp", AnyCase),
    ("antigravity", "antigravity", Capital),
    ("google antigravity", "antigravity", AnyCase),
    ("chatgpt", "chatgpt", AnyCase),
    ("claude", "claude", AnyCase),
    ("claude chat", "claude", AnyCase),
    ("claude code", "claude-code", AnyCase),
    ("claude-code", "claude-code", AnyCase),
    ("claude code agent", "claude-code", AnyCase),
    ("claudecode", "claude-code", AnyCase),
    ("claude cli", "claude-code", AnyCase),
    ("claude code cli", "claude-code", AnyCase),
    ("anthropic claude code", "claude-code", AnyCase),
    ("claude code web", "claude-code", AnyCase),
    ("claude-flow", "claude-flow", AnyCase),
    ("cline", "cline", Capital),
    ("codebuff", "codebuff", AnyCase),
    ("codex", "codex", AnyCase),
    ("codex cli", "codex", AnyCase),
    ("codex-cli", "codex", AnyCase),
    ("codex app", "codex", AnyCase),
    ("codex agent", "codex", AnyCase),
    ("openai codex", "codex", AnyCase),
    ("openai codex cli", "codex", AnyCase),
    ("chatgpt codex", "codex", AnyCase),
    ("codex-rescue", "codex", Never),
    ("continue", "continue", Never),
    ("continue agent", "continue", AnyCase),
    ("copilot", "copilot", AnyCase),
    ("copilot cli", "copilot", AnyCase),
    ("copilot agent", "copilot", AnyCase),
    ("copilot chat", "copilot", AnyCase),
    ("copilot app", "copilot", AnyCase),
    ("copilot autofix", "copilot", AnyCase),
    ("copilot coding agent", "copilot", AnyCase),
    ("github copilot", "copilot", AnyCase),
    ("gh copilot", "copilot", AnyCase),
    ("github copilot agent", "copilot", AnyCase),
    ("github copilot chat", "copilot", AnyCase),
    ("github copilot cli", "copilot", AnyCase),
    ("vs code copilot", "copilot", AnyCase),
    ("coderabbit", "coderabbit", AnyCase),
    ("coderabbitai", "coderabbit", AnyCase),
    ("crush", "crush", Capital),
    ("charm crush", "crush", AnyCase),
    ("cursor", "cursor", Capital),
    ("cursor agent", "cursor", AnyCase),
    ("cursor ai", "cursor", AnyCase),
    ("cursor ide", "cursor", AnyCase),
    ("devin", "devin", Capital),
    ("devin ai", "devin", AnyCase),
    ("eca", "eca", Capital),
    ("droid", "factory-droid", Never),
    ("factory droid", "factory-droid", AnyCase),
    ("firebender", "firebender", AnyCase),
    ("gemini", "gemini", Capital),
    ("google gemini", "gemini", AnyCase),
    ("gemini cli", "gemini-cli", AnyCase),
    ("gemini-cli", "gemini-cli", AnyCase),
    ("google gemini cli", "gemini-cli", AnyCase),
    ("gemini code assist", "gemini-code-assist", AnyCase),
    ("gemini-code-assist", "gemini-code-assist", AnyCase),
    ("grok", "grok", Capital),
    ("hermes", "hermes", Never),
    ("hermes agent", "hermes", AnyCase),
    ("ibm bob", "ibm-bob", AnyCase),
    ("jules", "jules", Capital),
    ("google jules", "jules", AnyCase),
    ("junie", "junie", Capital),
    ("karigor", "karigor", AnyCase),
    ("lovable", "lovable", Capital),
    ("mistral vibe", "mistral-vibe", AnyCase),
    ("nori", "nori", Capital),
    ("opencode", "opencode", AnyCase),
    ("open code", "opencode", Never),
    ("openclaw", "openclaw", AnyCase),
    ("openclaw ai", "openclaw", AnyCase),
    ("openhands", "openhands", AnyCase),
    ("oz", "oz", Capital),
    ("pi", "pi", Capital),
    ("pr-pilot", "pr-pilot", AnyCase),
    ("qwen code", "qwen-code", AnyCase),
    ("qwen-code", "qwen-code", AnyCase),
    ("qwen-coder", "qwen-code", AnyCase),
    ("replit agent", "replit", AnyCase),
    ("roo", "roo-code", Never),
    ("roo code", "roo-code", AnyCase),
    ("sageox", "sageox", AnyCase),
    ("sisyphus", "sisyphus", Capital),
    ("sweep ai", "sweep", AnyCase),
    ("termai", "termai", AnyCase),
    ("warp", "warp", Capital),
    ("warp agent", "warp", AnyCase),
    ("warp agent mode", "warp", AnyCase),
    ("warp ai", "warp", AnyCase),
    ("windsurf", "windsurf", Capital),
    ("zed", "zed", Capital),
    ("zed ai", "zed", AnyCase),
    ("zed agent", "zed", AnyCase),
];

static BY_NAME: LazyLock<HashMap<&'static str, (&'static str, InProse)>> =
    LazyLock::new(|| TOOLS.iter().map(|(name, id, prose)| (*name, (*id, *prose))).collect());

/// The longest name, in bytes.
const LONGEST: usize = 24;

/// Returns the id of a tool from its name, a version behind it left aside (`Claude Code 2.1.133`).
pub(super) fn find(name: &str) -> Option<&'static str> {
    let name = name.trim();
    if name.len() > 2 * LONGEST {
        return None;
    }
    let name = name.to_ascii_lowercase();
    let name = match name.rsplit_once([' ', '/', '@']) {
        Some((rest, version)) if is_version(version) => rest,
        _ => &name,
    };
    BY_NAME.get(name).map(|(id, _)| *id)
}

/// Returns the id of a tool from a name as it stands in running text.
pub(super) fn find_in_prose(name: &str) -> Option<&'static str> {
    if name.len() > LONGEST {
        return None;
    }
    let (id, prose) = BY_NAME.get(name.to_ascii_lowercase().as_str())?;
    let has_capital = name.starts_with(|c: char| c.is_ascii_uppercase());
    match prose {
        AnyCase => Some(id),
        Capital => has_capital.then_some(id),
        Never => None,
    }
}

/// Tells whether a word is a version: `2.1.133`, `v1`.
pub(super) fn is_version(word: &str) -> bool {
    let digits = word.strip_prefix('v').unwrap_or(word);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_in_any_case_where_a_name_is_expected() {
        assert_eq!(find("CLAUDE CODE 2.1.133"), Some("claude-code"));
        assert_eq!(find("crush/0.9"), Some("crush"));
        assert_eq!(find("Claude Martin"), None);
    }

    #[test]
    fn in_prose_words_of_the_language_need_a_capital() {
        assert_eq!(find_in_prose("claude code"), Some("claude-code"));
        assert_eq!(find_in_prose("Cursor"), Some("cursor"));
        assert_eq!(find_in_prose("cursor"), None);
        assert_eq!(find_in_prose("Continue"), None);
    }
}
