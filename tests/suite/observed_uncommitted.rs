//! Whose the lines are that are not committed yet: `git model blame` of the work tree.

use expect_test::expect;

use crate::agent_session::{AgentSession, Tells};
use crate::sandbox::Sandbox;

const OPUS: &str = "claude-opus-5-5";

/// Lets Opus change a line, stages that, and adds another by hand.
fn prepare(sandbox: &Sandbox) {
    let session = AgentSession::new(sandbox, OPUS, Tells::Both);
    session.edit("f.txt", "two", "2 of opus");
    sandbox.ok(&["add", "f.txt"]);
    session.edit("f.txt", "three", "3 of opus");
    sandbox.write("f.txt", sandbox.read("f.txt") + "by hand\n");
}

/// Returns who wrote each line, how that is known, and the line.
fn blamed(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let arguments = [&["model", "blame", "--format", "csv"], arguments].concat();
    let printed = sandbox.ok(&arguments);
    let rows = printed.lines().skip(1).map(|row| {
        let cells = row.split(',').collect::<Vec<_>>();
        format!("{}\n", cells[1..].join(" | "))
    });
    rows.collect()
}

#[test]
fn what_agents_told_is_known_before_the_commit() {
    let sandbox = Sandbox::with_base();
    prepare(&sandbox);
    let before = sandbox.ok(&["status", "--porcelain=v2"]);
    expect![[r#"
        unknown |  |  | none | 1 | one
        Opus 5.5 | implementation | observed | not-committed | 2 | 2 of opus
        Opus 5.5 | implementation | observed | not-committed | 3 | 3 of opus
        not committed |  |  | not-committed | 4 | by hand
    "#]]
    .assert_eq(&blamed(&sandbox, &["f.txt"]));
    expect![[r#"
        unknown |  |  | none | 1 | one
        unknown |  |  | none | 2 | two
        unknown |  |  | none | 3 | three
    "#]]
    .assert_eq(&blamed(&sandbox, &["HEAD", "f.txt"]));
    assert_eq!(sandbox.ok(&["status", "--porcelain=v2"]), before);
}

#[test]
fn what_was_declared_speaks_for_the_rest() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["model", "use", "human"]);
    prepare(&sandbox);
    expect![[r#"
        unknown |  |  | none | 1 | one
        Opus 5.5 | implementation | observed | not-committed | 2 | 2 of opus
        Opus 5.5 | implementation | observed | not-committed | 3 | 3 of opus
        human |  | declared | not-committed | 4 | by hand
    "#]]
    .assert_eq(&blamed(&sandbox, &["f.txt"]));
}

#[test]
fn where_nobody_told_a_line_is_unknown() {
    let sandbox = Sandbox::with_base();
    sandbox.write("f.txt", "one\nby hand\nthree\n");
    expect![[r#"
        unknown |  |  | none | 1 | one
        not committed |  |  | not-committed | 2 | by hand
        unknown |  |  | none | 3 | three
    "#]]
    .assert_eq(&blamed(&sandbox, &["f.txt"]));
}
