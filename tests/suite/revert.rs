//! `revert`: what comes back is nobody's of today.

use expect_test::expect;

use crate::sandbox::Sandbox;

/// Opus replaced a line of the base; somebody went on in another file.
fn replaced_by_opus() -> Sandbox {
    let sandbox = Sandbox::with_base();
    sandbox.commit_by("claude-opus-5-5", "f.txt", "one\nopus\nthree\n", "of Opus");
    sandbox.commit("g.txt", "later\n", "later");
    sandbox
}

#[test]
fn a_revert_names_no_model_of_today() {
    let mut drawn = String::new();
    for way in [
        &["revert", "--no-edit", "HEAD~1"][..],
        &["revert", "HEAD~1"],
        &["revert", "--edit", "HEAD~1"],
        &["revert", "--no-edit", "-s", "HEAD~1"],
    ] {
        let sandbox = replaced_by_opus();
        sandbox.today().editor(":").ok(way);
        drawn += &format!("$ git {}\n{}", way.join(" "), sandbox.drawn("HEAD"));
    }
    expect![[r#"
        $ git revert --no-edit HEAD~1
        | Revert "of Opus"
        |
        | This reverts commit <2>.
        revert <1>
        unknown +1 -1
        f.txt
          unknown: two
        $ git revert HEAD~1
        | Revert "of Opus"
        |
        | This reverts commit <2>.
        revert <1>
        unknown +1 -1
        f.txt
          unknown: two
        $ git revert --edit HEAD~1
        | Revert "of Opus"
        |
        | This reverts commit <2>.
        revert <1>
        unknown +1 -1
        f.txt
          unknown: two
        $ git revert --no-edit -s HEAD~1
        | Revert "of Opus"
        |
        | This reverts commit <2>.
        |
        | Signed-off-by: Cora Committer <cora@example.org>
        revert <1>
        unknown +1 -1
        f.txt
          unknown: two
    "#]]
    .assert_eq(&drawn);
}

#[test]
fn a_revert_without_a_commit_names_no_model_of_today() {
    let sandbox = replaced_by_opus();
    sandbox.today().ok(&["revert", "-n", "HEAD~1"]);
    sandbox.today().ok(&["commit", "-q", "-m", "undone"]);
    expect![[r#"
        | undone
        revert <1>
        unknown +1 -1
        f.txt
          unknown: two
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn of_a_resolved_revert_only_the_resolution_is_declared() {
    let mut drawn = String::new();
    for way in [
        &["revert", "--continue"][..],
        &["commit", "-q", "--no-edit"],
        &["commit", "-q", "--no-edit", "--no-verify"],
    ] {
        let sandbox = replaced_by_opus();
        sandbox.commit("f.txt", "one\nchanged\nthree\n", "changed");
        let output = sandbox.today().git(&["revert", "--no-edit", "HEAD~2"]);
        assert_eq!(output.code, 1);
        sandbox.stage("f.txt", "one\ntwo\nresolved\nthree\n");
        sandbox.today().editor(":").ok(way);
        drawn += &format!("$ git {}\n{}", way.join(" "), sandbox.drawn("HEAD"));
    }
    expect![[r#"
        $ git revert --continue
        | Revert "of Opus"
        |
        | This reverts commit <2>.
        |
        | Model: Sonnet 5.5 (implementation)
        revert <1>
        Sonnet 5.5 (implementation) declared +1 -0
        unknown +1 -1
        f.txt
          unknown: two
          Sonnet 5.5: resolved
        $ git commit -q --no-edit
        | Revert "of Opus"
        |
        | This reverts commit <2>.
        |
        | # Conflicts:
        | #	f.txt
        |
        | Model: Sonnet 5.5 (implementation)
        revert <1>
        Sonnet 5.5 (implementation) declared +1 -0
        unknown +1 -1
        f.txt
          unknown: two
          Sonnet 5.5: resolved
        $ git commit -q --no-edit --no-verify
        | Revert "of Opus"
        |
        | This reverts commit <2>.
        |
        | # Conflicts:
        | #	f.txt
        |
        | Model: Sonnet 5.5 (implementation)
        revert <1>
        Sonnet 5.5 (implementation) declared +1 -0
        unknown +1 -1
        f.txt
          unknown: two
          Sonnet 5.5: resolved
    "#]]
    .assert_eq(&drawn);
}

#[test]
fn two_reverts_in_one_command_are_two_records() {
    let sandbox = replaced_by_opus();
    sandbox.commit_by("claude-haiku-4-5", "h.txt", "haiku\n", "of Haiku");
    sandbox.today().ok(&["revert", "--no-edit", "HEAD", "HEAD~2"]);
    expect![[r#"
        | Revert "of Haiku"
        |
        | This reverts commit <4>.
        revert <3>
        unknown +0 -1
        | Revert "of Opus"
        |
        | This reverts commit <2>.
        revert <1>
        unknown +1 -1
        f.txt
          unknown: two
    "#]]
    .assert_eq(&(sandbox.drawn("HEAD~1") + &sandbox.drawn("HEAD")));
}
