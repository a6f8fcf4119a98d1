//! Tools and models in the value of a trailer, in whatever order and punctuation people write them.

use std::cell::RefCell;
use std::collections::HashMap;

use super::tools::{find as tool, is_version};
use crate::provenance::ModelName;

/// Names that are the tool's when alone, and the model's beside another tool.
const BRANDS: [&str; 3] = ["claude", "gemini", "grok"];

/// Longer texts are prose, and would be cut at every blank in turn.
const LONGEST: usize = 400;

/// How many texts are remembered, and how long one may be: a history has few authors and models, and names them
/// in thousands of commits.
const MOST_REMEMBERED: usize = 512;
const LONGEST_REMEMBERED: usize = 80;

/// A tool and a model that belong together; one of them may be missing.
pub(super) type Pair = (Option<&'static str>, Option<ModelName>);

thread_local! {
    static REMEMBERED: RefCell<HashMap<Box<str>, Vec<Pair>>> = RefCell::default();
}

/// Returns the tools and models that a text names, in order; nothing where it names a person.
pub(super) fn read(text: &str) -> Vec<Pair> {
    if text.len() > LONGEST_REMEMBERED {
        return read_anew(text);
    }
    let known = REMEMBERED.with_borrow(|remembered| remembered.get(text).cloned());
    known.unwrap_or_else(|| {
        let pairs = read_anew(text);
        REMEMBERED.with_borrow_mut(|remembered| {
            if remembered.len() >= MOST_REMEMBERED {
                remembered.clear();
            }
            remembered.insert(text.into(), pairs.clone());
        });
        pairs
    })
}

fn read_anew(text: &str) -> Vec<Pair> {
    if text.len() > LONGEST {
        return Vec::new();
    }
    let pieces = with_versions(&pieces(text));
    pair_up(pieces.iter().map(|piece| (piece.as_str(), classify(piece))))
}

/// Gives each version in a list the name before it: `Opus 4.6, 4.7`, `Opus 4.6/4.7`, and the ends of `Opus 4.6-4.8`.
fn with_versions(pieces: &[String]) -> Vec<String> {
    let mut named: Vec<String> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let mut first = piece.as_str();
        let mut others = Vec::new();
        while let Some((rest, version)) = first.rsplit_once(['-', '/']) {
            if !is_decimal(version) || before_version(rest).is_none() {
                break;
            }
            first = rest;
            others.push(version);
        }
        others.push(first);
        for piece in others.into_iter().rev() {
            let before = named.last().filter(|_| is_decimal(piece));
            let before =
                before.and_then(|last| before_version(last).filter(|_| model(last).is_some()));
            let full = before.map_or_else(|| piece.to_owned(), |before| format!("{before}{piece}"));
            named.push(full);
        }
    }
    named
}

/// Whether a word is `4.6`: a whole number may count something else.
fn is_decimal(word: &str) -> bool {
    let is_number = |part: &str| {
        (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    word.split_once('.').is_some_and(|(major, minor)| is_number(major) && is_number(minor))
}

/// Returns what stands before the version at the end of a name.
fn before_version(name: &str) -> Option<&str> {
    let before = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    is_decimal(&name[before.len()..]).then_some(before)
}

/// Tells which of the named tools ran which of the named models, in order.
///
/// Each item is a name as written with what it names. `Claude` alone is a tool, and beside another
/// tool the model. A model belongs to the tool before it, else to the first.
pub(super) fn pair_up<'a>(named: impl Iterator<Item = (&'a str, Pair)>) -> Vec<Pair> {
    let mut tools: Vec<(usize, &'static str)> = Vec::new();
    let mut brands: Vec<(usize, &'static str, &str)> = Vec::new();
    let mut models: Vec<(usize, ModelName)> = Vec::new();
    for (place, (written, pair)) in named.enumerate() {
        match pair {
            (Some(tool), None) if BRANDS.contains(&tool) => brands.push((place, tool, written)),
            (tool, model) => {
                tools.extend(tool.map(|tool| (place, tool)));
                models.extend(model.map(|model| (place, model)));
            }
        }
    }
    for (place, brand, word) in brands {
        if tools.is_empty() {
            tools.push((place, brand));
        } else if tools.iter().all(|(_, tool)| tool.starts_with(brand)) {
            // `Claude` beside Claude Code says nothing more.
        } else if let (true, Ok(model)) =
            (models.is_empty(), ModelName::parse(word.rsplit(' ').next().unwrap_or(word)))
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

fn classify(piece: &str) -> Pair {
    if let Some(tool) = tool(piece) {
        return (Some(tool), None);
    }
    // A tool and its model without punctuation: `Codex GPT-5.5 xhigh`, `codex-cli 0.130.0 gpt-5.5`.
    for (at, _) in piece.match_indices([' ', '-', '/']) {
        let tool = tool(&piece[..at]).filter(|tool| !BRANDS.contains(tool));
        if let (Some(tool), Some(model)) = (tool, model(&piece[at + 1..])) {
            return (Some(tool), Some(model));
        }
    }
    (None, model(piece))
}

/// Reads the name of a model with words that people put before and behind it.
pub(super) fn model(text: &str) -> Option<ModelName> {
    let text = text.trim();
    let text = ["AWS ", "Google ", "model ", "running "]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
        .unwrap_or(text);
    let text = text.replace('#', " ");
    ModelName::recognise(&text).or_else(|| nickname(&text))
}

/// Reads `Sol 5.6` and `5.6 Sol`: of these variants there is one brand only.
pub(super) fn nickname(text: &str) -> Option<ModelName> {
    let mut words = text.split([' ', '-']);
    let (one, two, effort) = (words.next()?, words.next()?, words.next().unwrap_or_default());
    let (variant, version) = if is_version(one) { (two, one) } else { (one, two) };
    let is_known = ["sol", "terra", "luna"].iter().any(|word| word.eq_ignore_ascii_case(variant));
    if !is_known || !is_version(version) || words.next().is_some() {
        return None;
    }
    ModelName::recognise(format!("GPT-{version} {variant} {effort}").trim())
}

/// Cuts a text at everything that people put between names.
fn pieces(text: &str) -> Vec<String> {
    let mut text = text.to_owned();
    for word in [" via ", " with ", " w/ ", " and ", " using ", " / ", " on ", " in "] {
        text = text.replace(word, "\n");
    }
    text.split(['\n', ',', '+', '(', ')', '[', ']', ';', '=', '|', '&', '@'])
        .flat_map(|piece| match piece.split_once(':') {
            // `Claude:claude-opus-5`, `model: X`; but `qwen3:30b` is one name.
            Some((left, right)) if model(left).is_none() || tool(left).is_some() => {
                // Tools may follow without brackets: `Claude:claude-opus-4.6 coccinelle`.
                let first = right.split_whitespace().next().filter(|_| model(right).is_none());
                vec![left, first.filter(|first| model(first).is_some()).unwrap_or(right)]
            }
            _ => vec![piece],
        })
        .map(|piece| {
            let piece = piece.trim().trim_end_matches('.');
            piece.strip_prefix("running ").unwrap_or(piece).to_owned()
        })
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
        assert_eq!(named("codex-cli 0.130.0 gpt-5.5 xhigh"), ["codex gpt-5.5 xhigh"]);
        assert_eq!(
            named("Codex (GPT-5.3-Codex, GPT-5.4), Claude Code (Opus 4.8)"),
            ["codex GPT-5.3-Codex", "codex GPT-5.4", "claude-code Opus 4.8"]
        );
        assert_eq!(named("Claude Code, Codex"), ["claude-code -", "codex -"]);
    }

    #[test]
    fn a_list_of_versions_names_each() {
        let both = ["- Claude Opus 4.7", "- Claude Opus 4.8"];
        for text in [
            "Claude Opus 4.7-4.8",
            "Claude Opus 4.7/4.8",
            "Claude Opus 4.7, 4.8",
            "Claude Opus 4.7 and 4.8",
        ] {
            assert_eq!(named(text), both, "{text}");
        }
        assert_eq!(
            named("Claude Opus 4.6-4.8 and related models"),
            ["- Claude Opus 4.6", "- Claude Opus 4.8"]
        );
        assert_eq!(named("Codex (GPT-5.4-5.5)"), ["codex GPT-5.4", "codex GPT-5.5"]);
        assert_eq!(named("claude-opus-4-6"), ["- claude-opus-4-6"]);
        assert_eq!(named("Claude Code 2.1, 2.2"), ["claude-code -"]);
    }

    #[test]
    fn what_is_remembered_is_the_same_and_has_a_bound() {
        let once = named("Claude Code (Opus 4.8)");
        for number in 0..2 * MOST_REMEMBERED {
            assert_eq!(named(&format!("Ada Byron {number}")), [""; 0]);
            assert_eq!(named("Claude Code (Opus 4.8)"), once);
        }
        assert_eq!(once, ["claude-code Opus 4.8"]);
        assert!(REMEMBERED.with_borrow(HashMap::len) <= MOST_REMEMBERED);
    }

    #[test]
    fn people_are_no_tools() {
        assert_eq!(named("Claude Martin"), [""; 0]);
        assert_eq!(named("Ada Lovelace on github"), [""; 0]);
        assert_eq!(named("none"), [""; 0]);
        assert_eq!(named("Devin Hall"), [""; 0]);
    }
}
