//! Names of tools and models in running text, and which of them belong together.

use super::sentence::Token;
use crate::marks::names::{self, Pair};
use crate::marks::tools;
use crate::provenance::ModelName;

/// The most words of one name: `Claude Opus 4.8 1M context`, `GitHub Copilot coding agent`.
const LONGEST: usize = 4;

/// The most names of one party that are kept.
const MOST_NAMES: usize = 12;

/// Words that stand between the names of one party: `Sonnet 4.5 (via Claude Code)`.
const BETWEEN: [&str; 26] = [
    "(", ")", "via", "with", "w/", "using", "in", "+", "and", "&", "/", ",", "or", "running",
    "model", "the", "on", "from", "through", "as", "well", "an", "agent", "cli", "under", "inside",
];

/// Words that make a model of a brand without a version: `Claude Opus`, `Gemini Pro`.
const LINES: [&str; 16] = [
    "haiku", "sonnet", "opus", "fable", "mythos", "pro", "flash", "ultra", "lite", "max", "fast",
    "oss", "large", "medium", "small", "coder",
];

/// What stands behind a name in one word with it.
const DEEDS: [&str; 8] = [
    "generated",
    "written",
    "assisted",
    "authored",
    "driven",
    "coded",
    "implemented",
    "supervised",
];

/// One name, as tokens `start..end`.
#[derive(Debug, Clone)]
pub(in crate::marks) struct Mention<'a> {
    pub(in crate::marks) start: usize,
    pub(in crate::marks) end: usize,
    written: &'a str,
    pair: Pair,
    /// Whether the word says the deed too: `AI-generated`, `Codex-driven`.
    is_compound: bool,
}

/// Names that stand together and did the same.
#[derive(Debug, Clone)]
pub(in crate::marks) struct Party<'a> {
    pub(in crate::marks) start: usize,
    pub(in crate::marks) end: usize,
    mentions: Vec<Mention<'a>>,
}

impl Party<'_> {
    /// Returns the tools and models, paired; one pair of nothing where only `AI` is named.
    pub(in crate::marks) fn pairs(&self) -> Vec<Pair> {
        let named = self.mentions.iter().filter(|one| one.pair.0.is_some() || one.pair.1.is_some());
        let pairs = names::pair_up(named.map(|one| (one.written, one.pair.clone())));
        if pairs.is_empty() { vec![(None, None)] } else { pairs }
    }

    /// Whether it is one word with a deed: `AI-generated`, `Codex-driven`.
    pub(in crate::marks) fn is_compound(&self) -> bool {
        self.mentions.len() == 1 && self.mentions[0].is_compound
    }

    /// Whether all that is named is `AI`.
    pub(in crate::marks) fn is_generic(&self) -> bool {
        self.mentions.iter().all(|one| one.pair.0.is_none() && one.pair.1.is_none())
    }
}

/// Finds the parties of a sentence, in order.
pub(in crate::marks) fn parties<'a>(tokens: &[Token<'a>]) -> Vec<Party<'a>> {
    let mut parties: Vec<Party<'a>> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(mention) = mention_at(tokens, at) else {
            at += 1;
            continue;
        };
        at = mention.end;
        let joins = parties.last().is_some_and(|party| {
            let between = &tokens[party.end..mention.start];
            between.len() <= LONGEST && between.iter().all(|token| token.is_any(&BETWEEN))
        });
        match parties.last_mut().filter(|_| joins) {
            Some(party) => {
                party.end = mention.end;
                if party.mentions.len() < MOST_NAMES {
                    party.mentions.push(mention);
                }
            }
            None => parties.push(Party {
                start: mention.start,
                end: mention.end,
                mentions: vec![mention],
            }),
        }
    }
    parties
}

fn mention_at<'a>(tokens: &[Token<'a>], start: usize) -> Option<Mention<'a>> {
    let first = tokens[start].text;
    if !first.starts_with(|c: char| c.is_ascii_alphanumeric()) || first.contains("://") {
        return None;
    }
    if let Some((name, deed)) = first.rsplit_once('-')
        && DEEDS.iter().any(|one| deed.eq_ignore_ascii_case(one))
    {
        let tool = tools::find_in_prose(name);
        let is_named = tool.is_some() || is_ai(name);
        return is_named.then_some(Mention {
            start,
            end: start + 1,
            written: name,
            pair: (tool, None),
            is_compound: true,
        });
    }
    if is_ai(first) {
        let pair = (None, None);
        return Some(Mention { start, end: start + 1, written: first, pair, is_compound: false });
    }
    let longest =
        tokens[start..].iter().take(LONGEST).take_while(|token| !token.is_break()).count();
    let mut text = String::new();
    let mut best: Option<(usize, Pair)> = None;
    for length in 1..=longest {
        if length > 1 {
            text.push(' ');
        }
        text.push_str(tokens[start + length - 1].text);
        if length == 1 && !may_start(first) {
            return None;
        }
        if let Some(tool) = tools::find_in_prose(&text) {
            best = Some((length, (Some(tool), None)));
        } else if let (true, Some(model)) = (may_extend(best.as_ref()), model(&text, length)) {
            best = Some((length, (None, Some(model))));
        }
    }
    let (length, pair) = best?;
    Some(Mention { start, end: start + length, written: first, pair, is_compound: false })
}

/// Whether what was found so far can be the first part of the name of a model: `Codex GPT-5.5` is two names.
fn may_extend(best: Option<&(usize, Pair)>) -> bool {
    !best.is_some_and(|(_, (tool, _))| {
        tool.is_some_and(|tool| !["claude", "gemini", "grok"].contains(&tool))
    })
}

/// Whether a word may begin the name of a tool or model; most do not.
fn may_start(word: &str) -> bool {
    const STARTS: [&str; 68] = [
        "aider",
        "amp",
        "antigravity",
        "anthropic",
        "aws",
        "charm",
        "chatgpt",
        "claude",
        "cline",
        "code",
        "codex",
        "composer",
        "copilot",
        "crush",
        "cursor",
        "deepseek",
        "devin",
        "devstral",
        "eca",
        "fable",
        "factory",
        "firebender",
        "gemini",
        "gemma",
        "gh",
        "github",
        "glm",
        "google",
        "gpt",
        "grok",
        "haiku",
        "hermes",
        "ibm",
        "jules",
        "junie",
        "karigor",
        "kimi",
        "llama",
        "lovable",
        "luna",
        "mai",
        "mimo",
        "minimax",
        "mistral",
        "mythos",
        "nori",
        "o1",
        "o3",
        "o4",
        "open",
        "opus",
        "oz",
        "pi",
        "pr",
        "qwen",
        "replit",
        "roo",
        "sageox",
        "sisyphus",
        "sol",
        "sonnet",
        "sweep",
        "termai",
        "terra",
        "vs",
        "warp",
        "windsurf",
        "zed",
    ];
    let Some(first) = word.bytes().next().map(|byte| byte.to_ascii_lowercase()) else {
        return false;
    };
    first.is_ascii_digit()
        || STARTS.iter().any(|start| {
            start.as_bytes()[0] == first
                && word.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
        })
}

fn model(text: &str, words: usize) -> Option<ModelName> {
    let is_number = text.starts_with(|c: char| c.is_ascii_digit());
    if is_number && words == 1 {
        return None;
    }
    // Without a version only a few words can follow a brand; most texts end here.
    let last = text.rsplit(' ').next().unwrap_or(text);
    let has_digit = text.contains(|c: char| c.is_ascii_digit());
    if words > 1 && !has_digit && !LINES.iter().any(|line| line.eq_ignore_ascii_case(last)) {
        return None;
    }
    ModelName::recognise(text).or_else(|| names::nickname(text))
}

/// Whether a word means an AI and names none.
fn is_ai(word: &str) -> bool {
    matches!(word, "AI" | "A.I" | "LLM" | "LLMs" | "AIs" | "GenAI" | "ai" | "llm" | "llms")
}
