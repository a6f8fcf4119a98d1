//! Every form of mark that is read out of existing commits.

mod accounts;
mod ai_trailer;
mod aider_chat;
mod assisted_by;
mod bare_name;
mod branch;
mod capture;
#[cfg(test)]
mod cases;
mod checkbox;
mod claude_plan;
mod co_author;
mod disclosure;
mod generated_with;
mod identity;
mod lines;
mod model_trailer;
mod names;
mod prose;
mod reader;
mod role_trailer;
mod roles;
mod session;
mod share_link;
mod sign_off;
mod suggestion;
mod tag;
mod tools;

use std::collections::HashSet;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind};

pub use identity::is_bot;
pub use reader::{Line, Reader};

use crate::provenance::{CommitText, Mark};

/// All readers, in the order in which their marks are returned; those that do not stand alone come last.
pub static ALL: &[&dyn Reader] = &[
    &model_trailer::ModelTrailer,
    &role_trailer::RoleTrailer,
    &co_author::CoAuthor,
    &assisted_by::AssistedBy,
    &ai_trailer::AiTrailer,
    &sign_off::SignOff,
    &generated_with::GeneratedWith,
    &session::Session,
    &capture::Capture,
    &claude_plan::ClaudePlan,
    &checkbox::Checkbox,
    &aider_chat::AiderChat,
    &tag::Tag,
    &suggestion::Suggestion,
    &disclosure::Disclosure,
    &prose::Prose,
    &branch::Branch,
    &identity::AgentIdentity,
    &share_link::ShareLink,
    &bare_name::BareName,
];

/// One scan for the needles of all readers; `owners` says whose needle it is.
struct Needles {
    automaton: Option<AhoCorasick>,
    owners: Vec<usize>,
}

static NEEDLES: LazyLock<Needles> = LazyLock::new(|| {
    let all = || {
        ALL.iter()
            .enumerate()
            .flat_map(|(owner, reader)| reader.needles().iter().map(move |needle| (owner, *needle)))
    };
    let automaton = AhoCorasickBuilder::new()
        .ascii_case_insensitive(true)
        // Twice as fast as the default for so many needles, at a few hundred kilobytes.
        .kind(Some(AhoCorasickKind::DFA))
        .build(all().map(|(_, needle)| needle))
        .ok();
    Needles { automaton, owners: all().map(|(owner, _)| owner).collect() }
});

/// Returns the marks of a commit, equal ones (kind, tool, model, phase) once.
///
/// A message without any needle costs one scan of it, and a look at author and committer.
pub fn read(text: &CommitText<'_>) -> Vec<Mark> {
    let called = called(text.message);
    let lines = if called.contains(&true) { lines::readable(text.message) } else { Vec::new() };
    let mut found = Vec::new();
    for (reader, called) in ALL.iter().zip(&called) {
        let counts = reader.stands_alone() || !found.is_empty();
        if counts && (*called || reader.needles().is_empty()) {
            reader.read(text, &lines, &mut found);
        }
    }
    if found.len() < 2 {
        return found;
    }
    let mut seen = HashSet::new();
    found.retain(|mark| {
        let model = mark.model.as_ref().map(|model| model.id().to_owned());
        seen.insert((mark.kind, mark.tool, model, mark.phase.clone()))
    });
    found
}

/// Returns for each reader whether the message holds one of its needles.
fn called(message: &str) -> Vec<bool> {
    let mut called = vec![false; ALL.len()];
    match &NEEDLES.automaton {
        Some(automaton) => {
            for hit in automaton.find_overlapping_iter(message) {
                called[NEEDLES.owners[hit.pattern().as_usize()]] = true;
            }
        }
        // The scan only saves time; without it every reader looks.
        None => called.fill(true),
    }
    called
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provenance::Identity;

    fn marks(author: &str, message: &str) -> Vec<String> {
        let author = Identity::parse(author);
        read(&CommitText { author, committer: author, message })
            .iter()
            .map(|mark| {
                let model = mark.model.as_ref().map_or("-", |model| model.raw());
                let phase = mark.phase.as_ref().map_or("-", |phase| phase.as_str());
                format!("{} {} {} {model} {phase}", mark.line, mark.kind, mark.tool.unwrap_or("-"))
            })
            .collect()
    }

    #[test]
    fn each_phase_has_its_model() {
        let message = "s\n\nModel: Opus 5.5 (architecture)\nModel: Sonnet 5.5 (implementation)\n";
        assert_eq!(
            marks("Ada <a@b>", message),
            [
                "3 model-trailer - Opus 5.5 architecture",
                "4 model-trailer - Sonnet 5.5 implementation"
            ]
        );
    }

    #[test]
    fn marks_of_a_squash_merge_are_read_wherever_they_stand_and_once() {
        let message = "s (#1)\n\n* one\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n\n* two\n\n  \
                       Co-authored-by: Claude <noreply@anthropic.com>\n* Assisted-by: Codex:gpt-5.5\n\n\
                       Model: Opus 5.5 (review)\n\n---------\n\nCo-authored-by: Ada <a@b>\n";
        assert_eq!(
            marks("Ada <a@b>", message),
            [
                "12 model-trailer - Opus 5.5 review",
                "5 co-author claude-code - -",
                "10 assisted-by codex gpt-5.5 -"
            ]
        );
    }

    #[test]
    fn quoted_marks_are_no_marks() {
        let message = "s\n\nWe now write\n\n    Assisted-by: Crush:kimi-k2.6\n\n```\nCo-authored-by: \
                       Claude <noreply@anthropic.com>\n```\n> Generated with Crush\n\nas said.\n";
        assert_eq!(marks("Ada <a@b>", message), [""; 0]);
    }

    #[test]
    fn people_and_machines_leave_no_marks() {
        for message in [
            "s\n\nAssisted-by: Ada Byron on github\n",
            "s\n\nAssisted-by: none\n",
            "s\n\nModel: Power Macintosh\n",
            "feat: support Claude Opus 4.7\n",
        ] {
            assert_eq!(marks("Claude Martin <claude@example.com>", message), [""; 0], "{message}");
        }
        assert_eq!(marks("Ada <a@b>", "s\n\nAssisted-by: LLM [sparse]\n"), ["3 assisted-by - - -"]);
    }

    #[test]
    fn an_agent_may_be_the_author() {
        assert_eq!(marks("Ada (aider) <a@b>", "s\n"), ["0 identity aider - -"]);
        assert_eq!(marks("GPT 5.5 <codex@openai.com>", "s\n"), ["0 identity codex GPT 5.5 -"]);
        assert_eq!(marks("Codex Maker <someone@openai.com>", "s\n"), [""; 0]);
    }
}
