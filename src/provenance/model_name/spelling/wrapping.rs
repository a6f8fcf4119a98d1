//! What stands around a name: quotes, routes, regions, vendors, brackets.

use super::Extras;
use super::suffix::{is_context, is_effort};
use crate::provenance::model_name::brand;

/// Vendors and hosts, as words before a name and as `anthropic.` in the ids of Bedrock.
const ORIGINS: [&str; 31] = [
    "ai21",
    "alibaba",
    "amazon",
    "anthropic",
    "aws",
    "azure",
    "bedrock",
    "cohere",
    "deepseek",
    "google",
    "groq",
    "meta",
    "microsoft",
    "minimax",
    "mistral",
    "moonshot",
    "moonshotai",
    "nvidia",
    "ollama",
    "openai",
    "openrouter",
    "qwen",
    "vertex",
    "vertexai",
    "vertex_ai",
    "xai",
    "xiaomi",
    "z.ai",
    "zai",
    "zhipu",
    "litellm",
];

/// Where Bedrock runs a model: `us.anthropic.`.
const REGIONS: [&str; 8] = ["us", "eu", "apac", "global", "us-gov", "jp", "au", "ca"];

/// What may follow a colon, by price and mode and not by model.
const COLON_WORDS: [&str; 12] = [
    "free", "extended", "thinking", "beta", "nitro", "floor", "online", "exacto", "cloud",
    "latest", "default", "batch",
];

/// What brackets hold that is no part of a name.
const BRACKET_WORDS: [&str; 12] = [
    "preview",
    "thinking",
    "thinking mode",
    "autonomous",
    "supervised",
    "free",
    "beta",
    "extended thinking",
    "latest",
    "fast",
    "fast mode",
    "experimental",
];

/// Tells whether a word names a vendor, a host or a region before a name.
pub(in crate::provenance::model_name) fn is_origin(word: &str) -> bool {
    let is = |known: &str| known.eq_ignore_ascii_case(word);
    ORIGINS.iter().any(|known| is(known))
        || REGIONS.iter().any(|known| is(known))
        || matches!(word.to_ascii_lowercase().as_str(), "codex" | "cursor")
}

/// Frees a name of everything around it that is not made of its words.
pub(super) fn unwrap(text: &str, extras: &mut Extras) -> String {
    let mut text = text.to_owned();
    loop {
        let before = text.clone();
        text = drop_brackets(drop_routes(trim(&text), extras), extras);
        text = drop_dotted(&drop_colons(trim(&text), extras));
        if text == before {
            return text;
        }
    }
}

/// Drops the words of vendors before a name (`AWS Claude Opus 4.5`), if a known brand follows.
pub(super) fn drop_origins(words: &mut Vec<String>) {
    let known = |word: &String| brand::find(word).is_some() || brand::claude_line(word).is_some();
    let Some(at) = words.iter().position(|word| !is_origin(word) && known(word)) else {
        return;
    };
    let fits = words[..at].iter().all(|word| match word.as_str() {
        // A tool, and not a vendor: only before what is plainly its model.
        "codex" => words[at].starts_with("gpt"),
        "cursor" => words[at].starts_with("composer"),
        word => ORIGINS.contains(&word) && brand::find(word).is_none(),
    });
    if fits {
        words.drain(..at);
    }
}

fn trim(text: &str) -> &str {
    let around = |c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '*' | '-' | '_' | '/' | ',' | ';' | ':')
    };
    text.trim_start_matches(around)
        .trim_end_matches(|c: char| around(c) || matches!(c, '.' | '!' | '?' | '='))
}

fn drop_routes<'a>(text: &'a str, extras: &mut Extras) -> &'a str {
    match text.rsplit_once('/') {
        // `gpt-5.5/xhigh`
        Some((name, effort)) if is_effort(effort) && starts_complete(name) => {
            extras.effort.get_or_insert_with(|| effort.to_ascii_lowercase());
            drop_routes(name, extras)
        }
        Some((_, name)) => name,
        None => text,
    }
}

/// Tells whether a text begins like a model of a known brand, with a version or one of Claude's lines.
fn starts_complete(text: &str) -> bool {
    let name = text.rsplit('/').next().unwrap_or(text);
    let word = name.split([' ', '-', '_']).next().unwrap_or(name);
    brand::claude_line(word).is_some()
        || (brand::find(word).is_some() && name.contains(|c: char| c.is_ascii_digit()))
}

/// Takes brackets out: what is known in them is dropped or kept aside, the rest becomes words.
fn drop_brackets(text: &str, extras: &mut Extras) -> String {
    let mut rest = text;
    let mut out = String::with_capacity(text.len());
    while let Some((before, inside)) = rest.split_once(['(', '[', '{', ')', ']', '}']) {
        out.push_str(before);
        let Some((content, after)) = inside.split_once([')', ']', '}']) else {
            out.push(' ');
            rest = inside;
            continue;
        };
        for part in content.split(',').map(str::trim) {
            if out.trim().eq_ignore_ascii_case("claude") && is_model_word(part) {
                // `Claude (MiniMax-M2.1)` is the tool with another vendor's model.
                out.clear();
            }
            if !take_bracketed(part, extras) {
                out.push(' ');
                out.push_str(part);
            }
        }
        out.push(' ');
        rest = after;
    }
    out.push_str(rest);
    out
}

fn is_model_word(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
        && crate::provenance::ModelName::recognise(text).is_some()
}

/// Takes what a pair of brackets says beside the name; `false` if it is not known.
fn take_bracketed(part: &str, extras: &mut Extras) -> bool {
    let lower = part.to_ascii_lowercase();
    let word = lower.trim_start_matches("effort").trim_start_matches(':').trim();
    let word = word.trim_end_matches("effort").trim_end_matches("reasoning").trim();
    if is_effort(word) {
        extras.effort.get_or_insert_with(|| word.to_owned());
        return true;
    }
    let size = lower.trim_end_matches("window").trim_end().trim_end_matches("context").trim();
    if is_context(size) {
        extras.context.get_or_insert_with(|| size.to_owned());
        return true;
    }
    lower.is_empty() || BRACKET_WORDS.contains(&lower.as_str())
}

/// Drops `anthropic:` before a name, and `:free`, `-v1:0`, `:200k`, `@20250514` after it.
fn drop_colons(text: &str, extras: &mut Extras) -> String {
    let mut text = text;
    if let Some((origin, name)) = text.split_once(':')
        && !name.is_empty()
        && ORIGINS.iter().any(|known| known.eq_ignore_ascii_case(origin))
    {
        text = name;
    }
    if let Some((name, tag)) = text.rsplit_once(':')
        && !name.is_empty()
    {
        let tag_lower = tag.to_ascii_lowercase();
        if COLON_WORDS.contains(&tag_lower.as_str()) {
            text = name;
        } else if is_context(tag) {
            extras.context.get_or_insert(tag_lower);
            text = name;
        } else if brand::is_digits(tag)
            && let Some((name, revision)) = name.rsplit_once('-')
            && revision.strip_prefix('v').is_some_and(brand::is_digits)
        {
            text = name;
        }
    }
    if let Some((name, revision)) = text.rsplit_once('@')
        && !name.is_empty()
        && (brand::is_digits(revision) || matches!(revision, "default" | "latest"))
    {
        text = name;
    }
    text.to_owned()
}

/// Drops `us.anthropic.` before a name.
fn drop_dotted(text: &str) -> String {
    let is_vendor = |head: &str| ORIGINS.iter().any(|known| known.eq_ignore_ascii_case(head));
    let Some((head, name)) = text.split_once('.').filter(|(_, name)| !name.is_empty()) else {
        return text.to_owned();
    };
    let region = REGIONS.iter().any(|known| known.eq_ignore_ascii_case(head));
    if region && name.split_once('.').is_some_and(|(vendor, _)| is_vendor(vendor)) {
        return name.to_owned();
    }
    if !is_vendor(head) {
        return text.to_owned();
    }
    // `deepseek.r1` is all that Bedrock says of it.
    if brand::find(head).is_some()
        && !name.to_ascii_lowercase().starts_with(&head.to_ascii_lowercase())
    {
        return format!("{head}-{name}");
    }
    name.to_owned()
}
