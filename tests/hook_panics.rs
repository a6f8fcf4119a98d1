//! A mistake in the program that panics inside a hook: one warning line, and the commit goes on.
#![expect(clippy::disallowed_types, reason = "a panic that ends a process needs one of its own")]

use git_model::cli::hook::survive_panics;

#[test]
#[ignore = "ends its process; the test below runs it in one of its own"]
fn panics_as_a_hook_might() {
    survive_panics();
    panic!("broken\nin two lines");
}

#[test]
fn a_panic_becomes_one_warning_line_and_success() {
    let program = std::env::current_exe().unwrap();
    let output = std::process::Command::new(program)
        .args(["--exact", "panics_as_a_hook_might", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let (start, end) = said.split_once("tests/hook_panics.rs:").unwrap();
    assert_eq!(
        start,
        "warning: git-model: this commit is not recorded, a mistake in git-model: panicked at "
    );
    assert!(end.ends_with(": broken in two lines\n") && said.lines().count() == 1, "{said}");
    assert!(output.status.success());
}
