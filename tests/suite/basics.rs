//! A plain commit, from the declaration to the note.

use expect_test::expect;

use crate::sandbox::Sandbox;

#[test]
fn a_declared_model_gets_the_lines_of_its_commit() {
    let sandbox = Sandbox::new();
    sandbox.commit("f.txt", "one\n", "first");
    sandbox.declare("claude-opus-5-5");
    sandbox.commit("f.txt", "one\ntwo\n", "second");
    expect![[r#"
        | second
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: two
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
    expect![[r#"
        | first
        commit
        unknown +1 -0
        f.txt
          unknown: one
    "#]]
    .assert_eq(&sandbox.drawn("HEAD~1"));
}
