//! The table of rewrites in `docs/rewrites.md`, and how many rows ours has.

use std::fs;
use std::path::Path;

/// So many rows the table has at least.
const ROWS: usize = 120;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the sources of the stories, each with the name of its module.
fn stories() -> Vec<(String, String)> {
    let entries = fs::read_dir(root().join("tests/rewrites")).expect("the stories");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let stories = paths.map(|path| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        (name, fs::read_to_string(&path).expect("a source"))
    });
    stories.collect()
}

#[test]
fn there_are_enough_rows() {
    let is_row = |line: &&str| line.trim_start().starts_with("$ ");
    let rows = stories().iter().map(|(_, text)| text.lines().filter(is_row).count()).sum::<usize>();
    assert!(rows >= ROWS, "{rows} rows, fewer than {ROWS}");
}

#[test]
fn what_the_document_promises_is_held_by_rows() {
    let text = fs::read_to_string(root().join("docs/rewrites.md")).expect("the document");
    let stories = stories();
    let is_row = |line: &&str| line.starts_with("| ") && line.contains("::");
    let rows = text.lines().filter(is_row).collect::<Vec<_>>();
    assert!(rows.len() > 15, "{} rows", rows.len());
    for row in rows {
        let held = row.trim_end_matches(" |").rsplit("| ").next().expect("the last cell");
        for test in held.split(", ") {
            let (module, name) = test.trim_matches('`').split_once("::").expect("MODULE::TEST");
            let is_there = stories
                .iter()
                .any(|(story, text)| story == module && text.contains(&format!("fn {name}()")));
            assert!(is_there, "no row `{test}`: {row}");
        }
    }
}
