//! Feeds the files of `fuzz/corpus` to what the fuzzer feeds, so that a finding stays found.

use std::path::Path;

#[path = "../fuzz/inputs.rs"]
mod inputs;

fn replay(target: &str, feed: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let files: Vec<_> = std::fs::read_dir(folder)
        .expect("the corpus is in the repository")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    assert!(files.len() >= 3, "{target} has a corpus");
    for file in files {
        let bytes = std::fs::read(file).expect("a file of the corpus can be read");
        feed(&bytes);
        // Cut anywhere, an input is another one.
        for end in 0..bytes.len() {
            feed(&bytes[..end]);
        }
    }
}

#[test]
fn edits_of_anything_are_replayed() {
    replay("replay", inputs::replay);
}

#[test]
fn what_is_kept_is_read_of_anything() {
    replay("journal", inputs::journal);
}

#[test]
fn marks_are_read_of_anything() {
    replay("marks", inputs::marks);
}

#[test]
fn messages_are_read_of_anything() {
    replay("message", inputs::message);
}

#[test]
fn notes_are_read_of_anything() {
    replay("note", inputs::note);
}

#[test]
fn payloads_of_hooks_are_read_of_anything() {
    replay("payload", inputs::payload);
}

#[test]
fn answers_of_reviewers_are_read_of_anything() {
    replay("review", inputs::review);
}

#[test]
fn session_files_are_read_of_anything() {
    replay("session", inputs::session);
}

#[test]
fn lines_of_classify_are_answered_whatever_they_are() {
    replay("classify", inputs::classify);
}

#[test]
fn notes_of_other_tools_are_read_of_anything() {
    replay("foreign", inputs::foreign);
}
