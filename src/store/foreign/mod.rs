//! The notes of other tools, read as evidence: what they say is declared, by that tool.

mod agentblame;
mod agentnote;
mod blameprompt;
mod git_ai;
mod reader;
mod whogitit;

pub use reader::Reader;

use crate::provenance::ForeignNote;

/// The largest note that is read, in bytes; prompts make some of them long.
const READ_LIMIT: usize = 16 << 20;

/// All tools whose notes are read, the most common first.
pub static ALL: &[&dyn Reader] = &[
    &git_ai::GitAi,
    &agentnote::AgentNote,
    &agentblame::AgentBlame,
    &whogitit::Whogitit,
    &blameprompt::BlamePrompt,
];

/// Returns every reference that may hold such notes, with its reader.
pub fn references() -> impl Iterator<Item = (&'static str, &'static dyn Reader)> {
    ALL.iter()
        .flat_map(|reader| reader.references().iter().map(move |reference| (*reference, *reader)))
}

/// Reads one note; `None` where it proves nothing.
pub fn read(reference: &'static str, reader: &dyn Reader, note: &[u8]) -> Option<ForeignNote> {
    if note.len() > READ_LIMIT {
        return None;
    }
    let claims = reader.read(note);
    let files = reader.lines(note, &claims);
    (!claims.is_empty()).then_some(ForeignNote { reference, claims, files })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provenance::{AttributedRange, FileAttribution};

    fn claims(reference: &str, note: &[u8]) -> Vec<String> {
        let (reference, reader) = references().find(|(known, _)| *known == reference).unwrap();
        let note = read(reference, reader, note);
        let claims = note.into_iter().flat_map(|note| note.claims).map(|claim| {
            let model = claim.model.as_ref().map_or("-", |model| model.id());
            format!("{} {model}", claim.tool.as_deref().unwrap_or("-"))
        });
        claims.collect()
    }

    #[test]
    fn each_tool_is_read_as_it_writes() {
        for (reference, note, expected) in [
            (
                "refs/notes/ai",
                &include_bytes!("../../../tests/fixtures/notes/git-ai.txt")[..],
                &["cursor claude-opus-4-5", "claude-code claude-sonnet-4-6", "codex -"][..],
            ),
            (
                "refs/notes/agentnote",
                include_bytes!("../../../tests/fixtures/notes/agentnote.json"),
                &["codex gpt-5.4"],
            ),
            (
                "refs/notes/agentblame",
                include_bytes!("../../../tests/fixtures/notes/agentblame.json"),
                &["cursor -", "claude-code claude-opus-4-6"],
            ),
            (
                "refs/notes/whogitit",
                include_bytes!("../../../tests/fixtures/notes/whogitit.json"),
                &["claude-code claude-opus-4-5"],
            ),
            (
                "refs/notes/blameprompt",
                include_bytes!("../../../tests/fixtures/notes/blameprompt.json"),
                &["claude-code claude-opus-4-6"],
            ),
        ] {
            assert_eq!(claims(reference, note), expected, "{reference}");
        }
    }

    #[test]
    fn git_ai_tells_the_lines_of_each_claim() {
        let note = include_bytes!("../../../tests/fixtures/notes/git-ai.txt");
        let (reference, reader) = references().next().unwrap();
        let files = read(reference, reader, note).unwrap().files.unwrap();
        let drawn = files.iter().map(|file| {
            let ranges = file.ranges.iter().map(|one| (one.start, one.end, one.contribution));
            (file.path.as_str(), ranges.collect::<Vec<_>>())
        });
        assert_eq!(
            drawn.collect::<Vec<_>>(),
            [
                ("src/cache.rs", vec![(1, 4, 0), (6, 6, 1), (9, 9, 0)]),
                ("docs/cache.md", vec![(1, 12, 0)]),
            ]
        );
        // A session by its turn, a person, an unknown key, numbers that are none.
        let odd = b"\"a b\"\n  s_1::t_2 3\n  h_1 4\n  nope 5\n  s_1 x,7-6,0\nf\n  h_1 1\n---\n\
            {\"schema_version\":\"authorship/3.1.0\",\"sessions\":{\"s_1\":{\"agent_id\":{\"tool\":\"codex\"}}}}";
        let files = read(reference, reader, odd).unwrap().files.unwrap();
        let range = AttributedRange { start: 3, end: 3, contribution: 0 };
        let expected = FileAttribution { path: "a b".to_owned(), ranges: vec![range] };
        assert_eq!(files, [expected]);
    }

    #[test]
    fn what_names_nobody_proves_nothing() {
        let none = include_bytes!("../../../tests/fixtures/notes/git-ai-without-prompts.txt");
        assert_eq!(claims("refs/notes/ai", none), [""; 0]);
        for (reference, _) in references() {
            for note in
                [&b""[..], b"---\n{}", b"[]", b"null", b"\xff---\n", b"{\"model\":\"default\"}"]
            {
                assert_eq!(claims(reference, note), [""; 0], "{reference}");
            }
        }
    }
}
