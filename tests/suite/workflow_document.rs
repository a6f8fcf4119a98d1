//! `docs/workflow.md` runs as it stands there: its commands are run, and its output is theirs.

use std::fs;

use expect_test::expect_file;
use regex::Regex;

use crate::plan_way::ids;
use crate::sandbox::Sandbox;

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/workflow.md");

/// The id of the plan in the document.
const ID: &str = "7f3a9c1b";

const PLAN: &str = "# Redis cache layer\n\n1. Cache keys from user id and path\n2. Time to live of 5 minutes\n3. Invalidate on user updates\n";

const BETTER: &str = "# Redis cache layer\n\n1. Cache keys from user id and path\n2. End it at logout\n3. Invalidate on user updates\n";

#[test]
fn the_way_in_the_document_is_the_way_of_the_program() {
    let sandbox = Sandbox::with_base();
    sandbox.write("plan.md", PLAN);
    sandbox.write("better.md", BETTER);
    let text = fs::read_to_string(DOCUMENT).expect("the document");
    let (mut rendered, mut inside) = (String::new(), false);
    for line in text.lines() {
        let command = line.strip_prefix("$ ").filter(|_| inside);
        if line.starts_with("```") {
            inside = line == "```console";
        }
        if line.starts_with("```") || !inside || command.is_some() {
            rendered += &format!("{line}\n");
        }
        if let Some(command) = command {
            rendered += &run(&sandbox, command);
        }
    }
    expect_file![DOCUMENT].assert_eq(&rendered);
}

/// Runs a command of the document; what differs from run to run is as it stands there.
fn run(sandbox: &Sandbox, command: &str) -> String {
    if command.starts_with("git commit") {
        let number = sandbox.ok(&["rev-list", "--count", "HEAD"]);
        sandbox.stage("cache.rs", format!("work {number}"));
    }
    let real = ids(sandbox).pop().unwrap_or_else(|| "none".to_owned());
    let command = format!("{{ {}; }} 2>&1", command.replace(ID, &real));
    let git = sandbox.here().without("GIT_COMMITTER_DATE").env("GIT_COMMITTER_NAME", "A. Park");
    let output = git.raw("sh", &["-c", &command]);
    let real = ids(sandbox).pop().expect("a plan");
    let mut said = output.replace(&real, ID);
    for (number, id) in sandbox.ok(&["rev-list", "--reverse", "HEAD"]).lines().enumerate() {
        said = said.replace(&id[..7], ["", "4be1f02", "9e8d7c6"].get(number).unwrap_or(&"d0c5a11"));
    }
    let time = Regex::new(r"\d{4}-\d\d-\d\d \d\d:\d\d").expect("a pattern");
    let said = time.replace_all(&said, "2026-11-25 14:02").trim_end().to_owned();
    if said.is_empty() { said } else { said + "\n" }
}
