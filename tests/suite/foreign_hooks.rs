//! Other programs' hooks beside ours: they run first, may change or refuse, and lose nothing.

use expect_test::expect;

use crate::sandbox::Sandbox;

/// A repository with one more line staged, in which these hooks stood before ours.
fn beside(hooks: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::without_hooks();
    sandbox.commit("f.txt", "one\n", "base");
    for (name, text) in hooks {
        sandbox.hook(name, text);
    }
    sandbox.ok(&["model", "init"]);
    sandbox.stage("f.txt", "one\ntwo\n");
    sandbox
}

#[test]
fn a_formatter_in_pre_commit_is_part_of_the_change() {
    let sandbox = beside(&[("pre-commit", "echo formatted >> f.txt; git add f.txt")]);
    sandbox.today().ok(&["commit", "-q", "-m", "x"]);
    let index = sandbox.drawn("HEAD");
    sandbox.write("f.txt", "one\ntwo\nformatted\nthree\n");
    sandbox.today().ok(&["commit", "-q", "-a", "-m", "y"]);
    expect![[r#"
        | x
        |
        | Model: Sonnet 5.5 (implementation)
        commit
        Sonnet 5.5 (implementation) declared +2 -0
        f.txt
          Sonnet 5.5: two
          Sonnet 5.5: formatted
        | y
        |
        | Model: Sonnet 5.5 (implementation)
        commit
        Sonnet 5.5 (implementation) declared +2 -0
        f.txt
          Sonnet 5.5: three
          Sonnet 5.5: formatted
    "#]]
    .assert_eq(&(index + &sandbox.drawn("HEAD")));
}

#[test]
fn a_formatter_beside_a_commit_of_one_path_is_part_of_the_change() {
    let sandbox = beside(&[("pre-commit", "echo formatted >> f.txt; git add f.txt")]);
    sandbox.today().ok(&["commit", "-q", "-m", "x", "f.txt"]);
    expect![[r#"
        | x
        |
        | Model: Sonnet 5.5 (implementation)
        commit
        Sonnet 5.5 (implementation) declared +2 -0
        f.txt
          Sonnet 5.5: two
          Sonnet 5.5: formatted
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_file_added_by_commit_msg_makes_the_declaration_void() {
    let sandbox = beside(&[("commit-msg", "echo late > late.txt; git add late.txt")]);
    sandbox.today().ok(&["commit", "-q", "-m", "x"]);
    expect![[r#"
        | x
        |
        | Model: Sonnet 5.5 (implementation)
        commit
        unknown +1 -0
        f.txt
          unknown: two
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_refusal_of_another_hook_counts_and_records_nothing() {
    for (hook, way) in [
        ("pre-commit", &["commit", "-q", "-m", "x"][..]),
        ("prepare-commit-msg", &["commit", "-q", "-m", "x"]),
        ("commit-msg", &["commit", "-q", "-m", "x"]),
        ("commit-msg", &["commit", "-q", "--amend", "--no-edit"]),
    ] {
        let sandbox = beside(&[(hook, "echo no >&2; exit 3")]);
        let output = sandbox.today().git(way);
        assert_eq!((output.code, output.stderr.as_str()), (1, "no\n"), "{hook}");
        assert_eq!(sandbox.ok(&["rev-list", "--count", "HEAD"]), "1\n", "{hook}");
        assert_eq!(sandbox.ok(&["notes", "--ref=model", "list"]), "", "{hook}");
    }
}

#[test]
fn what_a_refused_commit_left_does_not_disturb_the_next() {
    let sandbox = beside(&[("commit-msg", "test ! -e refuse")]);
    sandbox.write("refuse", "");
    assert_eq!(sandbox.today().git(&["commit", "-q", "-m", "x"]).code, 1);
    std::fs::remove_file(sandbox.path().join("refuse")).expect("the file is there");
    sandbox.stage("f.txt", "one\nthree\n");
    let opus = sandbox.here().env("GIT_MODEL", "claude-opus-5-5");
    opus.ok(&["commit", "-q", "-m", "y"]);
    expect![[r#"
        | y
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: three
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_trailer_of_another_hook_stands_beside_ours() {
    let sandbox = beside(&[(
        "commit-msg",
        "grep -q Change-Id \"$1\" || printf '\\nChange-Id: I123\\n' >> \"$1\"",
    )]);
    sandbox.today().ok(&["commit", "-q", "-m", "x"]);
    let new = sandbox.drawn("HEAD");
    sandbox.today().ok(&["commit", "-q", "--amend", "--no-edit"]);
    expect![[r#"
        | x
        |
        | Change-Id: I123
        | Model: Sonnet 5.5 (implementation)
        commit
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: two
        | x
        |
        | Change-Id: I123
        | Model: Sonnet 5.5 (implementation)
        amend <2>
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: two
    "#]]
    .assert_eq(&(new + &sandbox.drawn("HEAD")));
}

#[test]
fn every_kept_hook_gets_what_git_gave() {
    let log = "{ basename \"$0\"; for a in \"$@\"; do echo \"  $a\"; done; cat; } >> ../log";
    let hooks = ["prepare-commit-msg", "commit-msg", "post-commit", "post-rewrite", "post-merge"];
    let sandbox = beside(&hooks.map(|hook| (hook, log)));
    sandbox.today().ok(&["commit", "-q", "-m", "x"]);
    sandbox.today().ok(&["commit", "-q", "--amend", "--no-edit"]);
    sandbox.ok(&["checkout", "-q", "-b", "topic", "HEAD~1"]);
    sandbox.commit("g.txt", "x\n", "topic");
    sandbox.ok(&["merge", "-q", "--no-edit", "main"]);
    let text = std::fs::read_to_string(sandbox.beside("log")).expect("the hooks ran");
    expect![[r#"
        prepare-commit-msg
          .git/COMMIT_EDITMSG
          message
        commit-msg
          .git/COMMIT_EDITMSG
        post-commit
        prepare-commit-msg
          .git/COMMIT_EDITMSG
          commit
          HEAD
        commit-msg
          .git/COMMIT_EDITMSG
        post-commit
        post-rewrite
          amend
        <3> <4>
        prepare-commit-msg
          .git/COMMIT_EDITMSG
          message
        commit-msg
          .git/COMMIT_EDITMSG
        post-commit
        prepare-commit-msg
          .git/MERGE_MSG
          merge
        commit-msg
          .git/MERGE_MSG
        post-merge
          0
    "#]]
    .assert_eq(&sandbox.normal(&text));
}

#[test]
fn a_hook_that_reads_no_input_does_not_cost_the_record() {
    let sandbox = beside(&[("post-rewrite", "exit 0")]);
    sandbox.today().ok(&["commit", "-q", "-m", "x"]);
    sandbox.ok(&["commit", "-q", "--allow-empty", "-m", "y"]);
    sandbox.today().ok(&["rebase", "-q", "--force-rebase", "HEAD~2"]);
    expect![[r#"
        | x
        |
        | Model: Sonnet 5.5 (implementation)
        rebase <2>
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: two
    "#]]
    .assert_eq(&sandbox.drawn("HEAD~1"));
}
