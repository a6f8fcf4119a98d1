//! Body lines that tools put under a message: `🤖 Generated with [Claude Code](https://...)`.

use super::names;
use super::reader::{Line, Reader};
use super::tools;
use crate::provenance::{CommitText, Mark, MarkKind};

/// How such a line starts, emoji and emphasis left aside.
const OPENINGS: [&str; 7] = [
    "generated with ",
    "made with ",
    "made-with: ",
    "ultraworked with ",
    "this pr was generated with ",
    "this pr was created by ",
    "this commit was generated with ",
];

/// Reads `Generated with TOOL` and `Made with TOOL`, with a link or without.
pub(super) struct GeneratedWith;

impl Reader for GeneratedWith {
    fn kind(&self) -> MarkKind {
        "generated-with"
    }

    fn needles(&self) -> &'static [&'static str] {
        &["generated with", "made with", "made-with", "ultraworked with", "this pr was created by"]
    }

    fn read(&self, _: &CommitText<'_>, lines: &[Line<'_>], found: &mut Vec<Mark>) {
        for line in lines {
            found.extend(read_line(line.text).into_iter().map(|(tool, model)| {
                Mark::inferred(self.kind(), line.text, line.number).naming(tool, model)
            }));
        }
    }
}

fn read_line(text: &str) -> Vec<names::Pair> {
    // An emoji or emphasis may stand before the words; a quotation mark may not.
    let is_ornament =
        |c: char| !c.is_alphanumeric() && (!c.is_ascii_punctuation() || "_*-(#".contains(c));
    let text = text.trim_start_matches(is_ornament);
    let opening = OPENINGS.iter().find_map(|opening| {
        text.get(..opening.len()).filter(|start| start.eq_ignore_ascii_case(opening))
    });
    let Some(opening) = opening else { return Vec::new() };
    let rest = &text[opening.len()..];
    let linked = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    match linked {
        Some((name, after)) if tools::find(name).is_some() => {
            let after = match after.strip_prefix('(').and_then(|link| link.split_once(')')) {
                Some((_, after)) => after,
                None => after,
            };
            names::read(&format!("{name}, {after}"))
        }
        Some(_) => Vec::new(),
        None => {
            let is_end = |c: char| c.is_whitespace() || matches!(c, '.' | '_' | '*' | ')');
            let name = rest.split(['<', '(']).next().unwrap_or_default().trim_end_matches(is_end);
            tools::find(name).map(|tool| (Some(tool), None)).into_iter().collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provenance::ModelName;

    fn tools(text: &str) -> Vec<&'static str> {
        read_line(text).into_iter().filter_map(|(tool, _)| tool).collect()
    }

    #[test]
    fn emoji_and_links_are_optional() {
        assert_eq!(
            tools("\u{1f916} Generated with [Claude Code](https://claude.ai/code)"),
            ["claude-code"]
        );
        assert_eq!(tools("\u{1f916} Generated with Claude Code"), ["claude-code"]);
        assert_eq!(tools("\u{1f498} Generated with Crush"), ["crush"]);
        assert_eq!(tools("Made-with: Cursor"), ["cursor"]);
        assert_eq!(tools("Made with [Cursor](https://cursor.com)"), ["cursor"]);
        assert_eq!(tools("_This PR was generated with [Oz](https://warp.dev/oz)._"), ["oz"]);
        let eca = read_line("Generated with [ECA](https://eca.dev) (zai-coding-plan/glm-5.1)");
        assert_eq!(eca.len(), 1);
        assert_eq!(eca[0].1.as_ref().map(ModelName::raw), Some("zai-coding-plan/glm-5.1"));
    }

    #[test]
    fn talk_about_the_line_is_no_mark() {
        assert_eq!(tools("Remove the \"Generated with Claude Code\" footer"), [""; 0]);
        assert_eq!(tools("\"Generated with Claude Code\" is gone"), [""; 0]);
        assert_eq!(tools("`Generated with Crush` is gone"), [""; 0]);
        assert_eq!(tools("Generated with bindgen 0.69"), [""; 0]);
        assert_eq!(tools("Generated with Crush in mind, but by hand"), [""; 0]);
    }
}
