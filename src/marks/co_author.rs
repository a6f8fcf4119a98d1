//! `Co-authored-by:` trailers of agents.

use std::borrow::Cow;

use super::accounts::tool_of;
use super::lines::trailer;
use super::names;
use super::reader::{Line, Reader};
use crate::provenance::{CommitText, Identity, Mark, MarkKind};

/// Names that are the maker's brand rather than another tool, beside an agent's address.
const BRANDS: [&str; 4] = ["claude", "gemini", "grok", "pi"];

/// Reads `Co-authored-by: NAME <MAIL>`, the address being an agent's, or the name a model's.
pub(super) struct CoAuthor;

impl Reader for CoAuthor {
    fn kind(&self) -> MarkKind {
        "co-author"
    }

    fn needles(&self) -> &'static [&'static str] {
        &["co-authored-by", "coauthored-by", "co authored by"]
    }

    fn read(&self, _: &CommitText<'_>, lines: &[Line<'_>], found: &mut Vec<Mark>) {
        for (index, line) in lines.iter().enumerate() {
            let Some(value) = value(lines, index) else { continue };
            for (tool, model) in read_person(&value) {
                found.push(Mark::inferred(self.kind(), line.text, line.number).naming(tool, model));
            }
        }
    }
}

/// Returns the co-author that a line names, as written.
pub(super) fn value<'a>(lines: &[Line<'a>], index: usize) -> Option<Cow<'a, str>> {
    if let Some((key, value)) = trailer(lines, index) {
        let is_key =
            ["co-authored-by", "coauthored-by"].iter().any(|one| key.eq_ignore_ascii_case(one));
        return is_key.then_some(value);
    }
    let text = lines[index].text;
    let prefix = text.get(.."co authored by ".len())?;
    prefix.eq_ignore_ascii_case("co authored by ").then(|| Cow::Borrowed(&text[prefix.len()..]))
}

/// Returns what a name with an address says of tools and models; nothing for a person.
///
/// Where the address is an agent's, it is the tool, unless the name gives another one. Elsewhere a
/// name counts only as that of a model, or of a tool if there is no address at all.
pub(super) fn read_person(text: &str) -> Vec<names::Pair> {
    let identity = identity(text);
    let pairs = names::read(identity.name);
    if let Some(agent) = tool_of(identity) {
        let mut pairs: Vec<names::Pair> = pairs
            .into_iter()
            .map(|(tool, model)| {
                (tool.filter(|tool| !BRANDS.contains(tool)).or(Some(agent)), model)
            })
            .collect();
        if pairs.is_empty() {
            pairs.push((Some(agent), None));
        }
        return pairs;
    }
    let has_mail = identity.mail.contains('@');
    let counts = |(_, model): &names::Pair| {
        !has_mail
            || model
                .as_ref()
                .is_some_and(|model| model.raw().contains(|c: char| c.is_ascii_digit()))
    };
    pairs.into_iter().filter(counts).collect()
}

/// Reads `NAME <MAIL>`, and the forms that Markdown and bare addresses leave: `NAME [MAIL](mailto:MAIL)`.
fn identity(text: &str) -> Identity<'_> {
    if text.contains('<') {
        return Identity::parse(text);
    }
    let is_outside = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']');
    match text.split(is_outside).find(|word| is_mail(word)) {
        Some(mail) => {
            let name = text.split(mail).next().unwrap_or_default();
            Identity { name: name.trim_end_matches(is_outside), mail }
        }
        None => Identity { name: text.trim(), mail: "" },
    }
}

/// Whether a word is an address, and not `MODEL@TOOL`.
fn is_mail(word: &str) -> bool {
    let domain = word.split_once('@').filter(|(local, _)| !local.is_empty());
    domain.is_some_and(|(_, domain)| domain.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(text: &str) -> Vec<String> {
        read_person(text)
            .iter()
            .map(|(tool, model)| {
                let model = model.as_ref().map_or("-", |model| model.raw());
                format!("{} {model}", tool.unwrap_or("-"))
            })
            .collect()
    }

    #[test]
    fn agents_are_known_by_their_address() {
        assert_eq!(
            person("Claude Opus 4.6 <noreply@anthropic.com>"),
            ["claude-code Claude Opus 4.6"]
        );
        assert_eq!(
            person("Claude Opus 4.8 (1M context) <noreply@anthropic.com>"),
            ["claude-code Claude Opus 4.8"]
        );
        assert_eq!(person("Claude <noreply@anthropic.com>"), ["claude-code -"]);
        assert_eq!(
            person("Claude (MiniMax-M2.1) <noreply@anthropic.com>"),
            ["claude-code MiniMax-M2.1"]
        );
        assert_eq!(
            person("Claude Opus 4.8 via OpenCode <noreply@anthropic.com>"),
            ["opencode Claude Opus 4.8"]
        );
        assert_eq!(person("GPT 5.6 <codex@openai.com>"), ["codex GPT 5.6"]);
        assert_eq!(
            person("aider (vertex_ai/gemini-2.5-pro) <aider@aider.chat>"),
            ["aider vertex_ai/gemini-2.5-pro"]
        );
        assert_eq!(person("OpenHands-GPT-5 <openhands@all-hands.dev>"), ["openhands GPT-5"]);
        assert_eq!(person("Oz [oz-agent@warp.dev](mailto:oz-agent@warp.dev)"), ["oz -"]);
        assert_eq!(person("Any <175728472+Any@users.noreply.github.com>"), ["copilot -"]);
    }

    #[test]
    fn a_model_is_known_by_its_name() {
        assert_eq!(person("Claude Fable 5"), ["- Claude Fable 5"]);
        assert_eq!(person("GPT-5.6 Terra"), ["- GPT-5.6 Terra"]);
    }

    #[test]
    fn people_are_people() {
        assert_eq!(person("Claude Martin <claude@example.com>"), [""; 0]);
        assert_eq!(person("Claude <claude@example.com>"), [""; 0]);
        assert_eq!(person("Devin Hall <devin@anthropic.com>"), [""; 0]);
        assert_eq!(person("Ada <ada@example.com>"), [""; 0]);
    }
}
