//! Tools and models in the value of a trailer, in whatever order and punctuation people write them.

use crate::provenance::ModelName;

/// Names of tools in lower case, and their ids.
const TOOLS: &[(&str, &str)] = &[
    ("aider", "aider"),
    ("amp", "amp"),
    ("antigravity", "antigravity"),
    ("google antigravity", "antigravity"),
    ("chatgpt", "chatgpt"),
    ("claude", "claude"),
    ("claude code", "claude-code"),
    ("claude-code", "claude-code"),
    ("claude cli", "claude-code"),
    ("claude code cli", "claude-code"),
    ("anthropic claude code", "claude-code"),
    ("claude-flow", "claude-flow"),
    ("cline", "cline"),
    ("codebuff", "codebuff"),
    ("codex", "codex"),
    ("codex cli", "codex"),
    ("codex-cli", "codex"),
    ("openai codex", "codex"),
    ("openai codex cli", "codex"),
    ("continue", "continue"),
    ("copilot", "copilot"),
    ("copilot cli", "copilot"),
    ("github copilot", "copilot"),
    ("github copilot cli", "copilot"),
    ("copilot coding agent", "copilot"),
    ("crush", "crush"),
    ("charm crush", "crush"),
    ("cursor", "cursor"),
    ("cursor agent", "cursor"),
    ("devin", "devin"),
    ("devin ai", "devin"),
    ("eca", "eca"),
    ("droid", "factory-droid"),
    ("factory droid", "factory-droid"),
    ("firebender", "firebender"),
    ("gemini", "gemini"),
    ("google gemini", "gemini"),
    ("gemini cli", "gemini-cli"),
    ("gemini-cli", "gemini-cli"),
    ("gemini code assist", "gemini-code-assist"),
    ("grok", "grok"),
    ("hermes agent", "hermes"),
    ("ibm bob", "ibm-bob"),
    ("jules", "jules"),
    ("junie", "junie"),
    ("lovable", "lovable"),
    ("mistral vibe", "mistral-vibe"),
    ("nori", "nori"),
    ("opencode", "opencode"),
    ("openclaw", "openclaw"),
    ("openhands", "openhands"),
    ("oz", "oz"),
    ("pi", "pi"),
    ("qwen code", "qwen-code"),
    ("qwen-code", "qwen-code"),
    ("qwen-coder", "qwen-code"),
    ("roo code", "roo-code"),
    ("sisyphus", "sisyphus"),
    ("termai", "termai"),
    ("warp", "warp"),
    ("warp agent mode", "warp"),
    ("windsurf", "windsurf"),
    ("zed", "zed"),
];

/// Names that are the tool's when alone, and the model's beside another tool.
const BRANDS: [&str; 3] = ["claude", "gemini", "grok"];

/// Longer texts are prose, and would be cut at every blank in turn.
const LONGEST: usize = 400;

/// A tool and a model that belong together; one of them may be missing.
pub(super) type Pair = (Option<&'static str>, Option<ModelName>);

/// Returns the tools and models that a text names, in order; nothing where it names a person.
pub(super) fn read(text: &str) -> Vec<Pair> {
    if text.len() > LONGEST {
        return Vec::new();
    }
    let mut tools: Vec<(usize, &'static str)> = Vec::new();
    let mut brands: Vec<(usize, &'static str, String)> = Vec::new();
    let mut models: Vec<(usize, ModelName)> = Vec::new();
    for (place, piece) in pieces(text).into_iter().enumerate() {
        match classify(&piece) {
            (Some(tool), None) if BRANDS.contains(&tool) => brands.push((place, tool, piece)),
            (tool, model) => {
                tools.extend(tool.map(|tool| (place, tool)));
                models.extend(model.map(|model| (place, model)));
            }
        }
    }
    for (place, brand, word) in brands {
        if tools.is_empty() {
            tools.push((place, brand));
        } else if let (true, Ok(model)) =
            (models.is_empty(), ModelName::parse(word.rsplit(' ').next().unwrap_or(&word)))
        {
            models.push((place, model));
        }
    }
    let owner = |place: usize| {
        let before = tools.iter().rev().find(|(at, _)| *at <= place);
        before.or(tools.first()).map(|(_, tool)| *tool)
    };
    let mut pairs: Vec<Pair> =
        models.into_iter().map(|(place, model)| (owner(place), Some(model))).collect();
    for (_, tool) in &tools {
        if !pairs.iter().any(|(owner, _)| *owner == Some(*tool)) {
            pairs.push((Some(*tool), None));
        }
    }
    pairs
}

/// Returns the id of a tool from its name, a version behind it left aside (`Claude Code 2.1.133`).
pub(super) fn tool(name: &str) -> Option<&'static str> {
    let name = name.trim().to_ascii_lowercase();
    let name = match name.rsplit_once([' ', '/']) {
        Some((rest, version)) if is_version(version) => rest,
        _ => &name,
    };
    TOOLS.iter().find(|(one, _)| *one == name).map(|(_, id)| *id)
}

fn classify(piece: &str) -> Pair {
    if let Some(tool) = tool(piece) {
        return (Some(tool), None);
    }
    if let Some(model) = model(piece) {
        return (None, Some(model));
    }
    // A tool and its model without punctuation: `Codex GPT-5.5 xhigh`, `codex-cli 0.130.0 gpt-5.5`.
    for (at, _) in piece.match_indices([' ', '-', '/']) {
        if let (Some(tool), Some(model)) = (tool(&piece[..at]), model(&piece[at + 1..])) {
            return (Some(tool), Some(model));
        }
    }
    (None, None)
}

fn model(text: &str) -> Option<ModelName> {
    let text = text.trim();
    let text = ["AWS ", "Google ", "model ", "running "]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
        .unwrap_or(text);
    let is_effort = |word: &str| ["xhigh", "high", "medium", "low"].contains(&word);
    let text = match text.rsplit_once(' ') {
        Some((rest, word)) if is_effort(&word.to_ascii_lowercase()) => rest,
        _ => text,
    };
    ModelName::recognise(text)
}

fn is_version(word: &str) -> bool {
    let digits = word.strip_prefix('v').unwrap_or(word);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// Cuts a text at everything that people put between names.
fn pieces(text: &str) -> Vec<String> {
    let mut text = text.to_owned();
    for word in [" via ", " with ", " w/ ", " and ", " using ", " / ", " on "] {
        text = text.replace(word, "\n");
    }
    text.split(['\n', ',', '+', '(', ')', '[', ']', ';', '=', '|', '&'])
        .flat_map(|piece| match piece.split_once(':') {
            // `Claude:claude-opus-5`, `model: X`; but `qwen3:30b` is one name.
            Some((left, right)) if model(left).is_none() || tool(left).is_some() => {
                // Tools may follow without brackets: `Claude:claude-opus-4.6 coccinelle`.
                let first = right.split_whitespace().next().filter(|_| model(right).is_none());
                vec![left, first.filter(|first| model(first).is_some()).unwrap_or(right)]
            }
            _ => vec![piece],
        })
        .map(|piece| piece.trim().trim_end_matches('.').to_owned())
        .filter(|piece| !piece.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Vec<String> {
        let word =
            |model: &Option<ModelName>| model.as_ref().map_or("-".into(), |m| m.raw().to_owned());
        read(text)
            .iter()
            .map(|(tool, model)| format!("{} {}", tool.unwrap_or("-"), word(model)))
            .collect()
    }

    #[test]
    fn every_order_is_read() {
        assert_eq!(named("Codex:GPT-5.6"), ["codex GPT-5.6"]);
        assert_eq!(named("Claude:unspecified"), ["claude -"]);
        assert_eq!(named("Copilot (model: gpt-5.5, autonomous)"), ["copilot gpt-5.5"]);
        assert_eq!(named("GLM-5.1 via Crush"), ["crush GLM-5.1"]);
        assert_eq!(named("Claude via Crush"), ["crush Claude"]);
        assert_eq!(named("Opus 4.7"), ["- Opus 4.7"]);
        assert_eq!(
            named("Claude Code 2.1.133 / Claude Opus 4.7 (1M context)"),
            ["claude-code Claude Opus 4.7"]
        );
        assert_eq!(named("codex-cli 0.130.0 gpt-5.5 xhigh"), ["codex gpt-5.5"]);
        assert_eq!(
            named("Codex (GPT-5.3-Codex, GPT-5.4), Claude Code (Opus 4.8)"),
            ["codex GPT-5.3-Codex", "codex GPT-5.4", "claude-code Opus 4.8"]
        );
        assert_eq!(named("Claude Code, Codex"), ["claude-code -", "codex -"]);
    }

    #[test]
    fn people_are_no_tools() {
        assert_eq!(named("Claude Martin"), [""; 0]);
        assert_eq!(named("Ada Lovelace on github"), [""; 0]);
        assert_eq!(named("none"), [""; 0]);
        assert_eq!(named("Devin Hall"), [""; 0]);
    }
}
