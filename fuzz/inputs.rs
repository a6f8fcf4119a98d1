//! What the fuzzer feeds with bytes, and `tests/fuzz_replay.rs` with the files under `corpus/`.

use git_model::marks;
use git_model::provenance::{
    Cleanup, CleanupRules, CommitId, CommitText, Identity, MessageFile, lift_squashed,
    model_trailers, parse_trailers,
};
use git_model::store::note;

/// The readers of marks: the first line is the author, the rest the message.
pub(crate) fn marks(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (author, message) = text.split_once('\n').unwrap_or(("", &text));
    let author = Identity::parse(author);
    let found = marks::read(&CommitText { author, committer: author, message });
    let lines = message.lines().count();
    for mark in found {
        assert!(mark.line <= lines.max(1));
        assert!(mark.text.len() <= 500);
    }
}

/// What reads a message as Git does, and our own trailers.
pub(crate) fn message(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    parse_trailers(&text);
    model_trailers(&text);
    lift_squashed(&text);
    for mode in [Cleanup::Strip, Cleanup::Whitespace, Cleanup::Verbatim, Cleanup::Scissors] {
        let rules = CleanupRules { mode, comment: "#".to_owned() };
        let file = MessageFile::new(&text, &rules);
        file.cleaned();
        file.is_empty();
    }
}

/// The reader of notes.
pub(crate) fn note(bytes: &[u8]) {
    if let Ok(id) = "0123456789012345678901234567890123456789".parse::<CommitId>() {
        let _ = note::parse(id, bytes);
    }
}
