//! Bad input: each gets a clear error that names the thing and the way out, and nothing is lost.

use std::fs;

use expect_test::expect;

use crate::sandbox::{Invocation, Sandbox, check};

fn note(sandbox: &Sandbox, text: &str) {
    sandbox.here().input(text).ok(&["notes", "--ref=model", "add", "-f", "-F", "-", "HEAD"]);
}

#[test]
fn outside_a_repository_every_command_says_so() {
    let sandbox = Sandbox::without_hooks();
    let nowhere = sandbox.beside("nowhere");
    fs::create_dir_all(&nowhere).unwrap();
    let said = |arguments: &[&str]| sandbox.at(&nowhere).git(&[&["model"], arguments].concat());
    let first = said(&["log"]);
    check(
        &first,
        &expect![[r#"
        error: not a Git repository (or any of the folders above): `<beside>/nowhere`
        hint: go to a repository, or name one: git -C PATH model ...
        exit 2
    "#]],
    );
    for command in [
        &["log", "--commits"][..],
        &["show"],
        &["status"],
        &["init"],
        &["deinit"],
        &["use", "human"],
        &["record", "HEAD", "--human"],
    ] {
        assert_eq!(said(command), first, "{command:?}");
    }
}

#[test]
fn a_branch_without_commits_is_named() {
    let sandbox = Sandbox::without_hooks();
    let first = sandbox.model(&["log"]);
    check(
        &first,
        &expect![[r#"
        error: the branch `main` has no commits yet
        hint: make a commit first
        exit 2
    "#]],
    );
    for command in [&["log", "--commits"][..], &["show"], &["record", "HEAD", "--human"]] {
        assert_eq!(sandbox.model(command), first, "{command:?}");
    }
    check(
        &sandbox.model(&["status"]),
        &expect![[r#"
        On main

        Next commit  nothing is staged
        Declared     nothing (git model use MODEL, or: use human)
        Recording    no Git hooks here: nothing is recorded (git model init)
        exit 0
    "#]],
    );
    check(
        &sandbox.model(&["log", "--all"]),
        &expect![[r#"
        it's a repo, all branches: 0 commits
        exit 0
    "#]],
    );
}

#[test]
fn a_bare_repository_is_audited_and_not_recorded() {
    let sandbox = Sandbox::new();
    sandbox.commit_by("Opus 5.5", "f", "one\n", "first");
    sandbox.ok(&["clone", "-q", "--bare", ".", "../bare.git"]);
    let bare = sandbox.beside("bare.git");
    let said = |arguments: &[&str]| sandbox.at(&bare).git(arguments);
    check(
        &said(&["model", "log"]),
        &expect![[r#"
        bare, main: 1 commit; since the first AI mark 1 of 1 known, 100 %

          recorded    1   1 declared
          marks only  0
          human       0
          unknown     0

        Model     planned  wrote  reviewed  phase not said
        Opus 5.5        -      1         -               -
        (a commit counts in every cell that applies; more: git model log --full)
        (records of 1 commit are not here; ask origin: git model sync --fetch-only)
        exit 0
    "#]],
    );
    check(
        &said(&["model", "init"]),
        &expect![[r#"
        error: a bare repository makes no commits of its own
        hint: install into a clone, or run this in one of its worktrees
        exit 2
    "#]],
    );
    check(
        &said(&["model", "use", "human"]),
        &expect![[r#"
        error: a bare repository has no commits to be made
        hint: declare in a clone or a worktree
        exit 2
    "#]],
    );
    check(
        &said(&["model", "status"]),
        &expect![[r#"
        error: a bare repository has no next commit
        hint: its history: git model log
        exit 2
    "#]],
    );
}

#[test]
fn an_unknown_revision_is_named() {
    let sandbox = Sandbox::new();
    sandbox.commit("f", "one\n", "first");
    check(
        &sandbox.model(&["log", "nope"]),
        &expect![[r#"
        error: there is no commit `nope` here
        hint: list what there is: git log --oneline --all
        exit 2
    "#]],
    );
    check(
        &sandbox.model(&["log", "nope..HEAD"]),
        &expect![[r#"
        error: there is no commit `nope..HEAD` here
        hint: list what there is: git log --oneline --all
        exit 2
    "#]],
    );
    check(
        &sandbox.model(&["log", "--output=x"]),
        &expect![[r#"
        error: unexpected argument '--output' found

          tip: to pass '--output' as a value, use '-- --output'

        Usage: git model log [OPTIONS] [RANGE]... [-- <PATH>...]

        For more information, try '--help'.
        exit 2
    "#]],
    );
    check(
        &sandbox.model(&["show", "nope"]),
        &expect![[r#"
        error: there is no commit `nope` here
        hint: list what there is: git log --oneline --all
        exit 2
    "#]],
    );
    check(
        &sandbox.model(&["show", "HEAD:f"]),
        &expect![[r#"
        error: there is no commit `HEAD:f` here
        hint: list what there is: git log --oneline --all
        exit 2
    "#]],
    );
    check(
        &sandbox.model(&["record", "nope", "--human"]),
        &expect![[r#"
        error: there is no commit `nope` here
        hint: list what there is: git log --oneline --all
        exit 2
    "#]],
    );
    assert!(!sandbox.path().join("x").exists(), "no option reaches git through a revision");
}

#[test]
fn a_name_that_is_none_is_refused() {
    let sandbox = Sandbox::new();
    check(
        &sandbox.model(&["use", ""]),
        &expect![[r#"
        error: the name of a model is empty
        hint: for example: git model use claude-sonnet-5-5
        exit 2
    "#]],
    );
    check(
        &sandbox.model(&["use", "  "]),
        &expect![[r#"
        error: the name of a model is empty
        hint: for example: git model use claude-sonnet-5-5
        exit 2
    "#]],
    );
    check(
        &sandbox.model(&["use", "Opus\u{1b}[31m"]),
        &expect![[r#"
        error: the name of a model holds a control character
        hint: for example: git model use claude-sonnet-5-5
        exit 2
    "#]],
    );
    check(
        &sandbox.model(&["use", "Opus\n(review)"]),
        &expect![[r#"
        error: the name of a model holds a control character
        hint: for example: git model use claude-sonnet-5-5
        exit 2
    "#]],
    );
    check(
        &sandbox.model(&["use", "Opus\u{202e}"]),
        &expect![[r#"
        error: the name of a model holds a control character
        hint: for example: git model use claude-sonnet-5-5
        exit 2
    "#]],
    );
    check(
        &sandbox.model(&["use", &"x".repeat(300)]),
        &expect![[r#"
        error: the name of a model is longer than 200 bytes
        hint: for example: git model use claude-sonnet-5-5
        exit 2
    "#]],
    );
    check(
        &sandbox.model(&["use", "Opus", "--phase", "review"]),
        &expect![[r#"
        error: a review cannot be declared for commits that are still to come
        hint: after the commit: git model record COMMIT --model 'Opus' --phase review
        exit 2
    "#]],
    );
    check(
        &sandbox.model(&["use", "Opus", "--phase", "a b"]),
        &expect![[r#"
        error: `a b` is not the name of a phase
        hint: one word, such as implementation or architecture
        exit 2
    "#]],
    );
    check(
        &sandbox.model(&["use", "human", "--phase", "tests"]),
        &expect![[r#"
        error: a person has no phase
        hint: git model use human
        exit 2
    "#]],
    );
    check(
        &sandbox.model(&["use"]),
        &expect![[r#"
        error: the following required arguments were not provided:
          <MODEL>

        Usage: git model use <MODEL>

        For more information, try '--help'.
        exit 2
    "#]],
    );
    check(
        &sandbox.model(&["status"]),
        &expect![[r#"
        On main

        Next commit  nothing is staged
        Declared     nothing (git model use MODEL, or: use human)
        Recording    Git hooks installed
        exit 0
    "#]],
    );
}

#[test]
fn variables_that_cannot_be_used_are_told_and_the_commit_goes_through() {
    let sandbox = Sandbox::new();
    sandbox.stage("f", "one\n");
    let said = |invocation: Invocation<'_>, message: &str| {
        invocation.git(&["commit", "-q", "--allow-empty", "-m", message])
    };
    check(
        &said(sandbox.here().env("GIT_MODEL", "a\tb"), "first"),
        &expect![[r#"
        warning: git-model: GIT_MODEL cannot be used: the name of a model holds a control character
        exit 0
    "#]],
    );
    check(
        &said(sandbox.here().env("GIT_MODEL_PHASE", "review"), "second"),
        &expect![[r#"
        warning: git-model: GIT_MODEL_PHASE cannot be `review`
        exit 0
    "#]],
    );
    check(
        &said(sandbox.here().env("GIT_MODEL", ""), "third"),
        &expect![[r#"
        exit 0
    "#]],
    );
}

#[test]
fn a_damaged_note_is_named_and_never_overwritten_by_hand() {
    let sandbox = Sandbox::new();
    sandbox.commit("f", "one\n", "first");
    note(&sandbox, "no JSON at all");
    check(
        &sandbox.model(&["show"]),
        &expect![[r#"
            <1> first

            Author  Ada Author <ada@example.org>
            Date    <time>

            Record  none, and no mark: unknown (git model record <1> --model M)
            warning: the note of commit <1> is damaged: expected ident at line 1 column 2
            hint: look at it: git notes --ref=model show <1>
            hint: and, if it is lost, remove it: git notes --ref=model remove <1>
            exit 0
        "#]],
    );
    check(
        &sandbox.model(&["log"]),
        &expect![[r#"
        it's a repo, main: 1 commit; nothing says who wrote it

          recorded    0
          marks only  0
          human       0
          unknown     1
        (no evidence is "unknown", never "human"; record from now on: git model init)
        warning: 1 note in refs/notes/model left aside: not readable
        exit 0
    "#]],
    );
    check(
        &sandbox.model(&["record", "HEAD", "--human"]),
        &expect![[r#"
        error: the note of commit <1> is damaged: expected ident at line 1 column 2
        hint: look at it: git notes --ref=model show <1>
        hint: and, if it is lost, remove it: git notes --ref=model remove <1>
        exit 2
    "#]],
    );
    assert_eq!(sandbox.ok(&["notes", "--ref=model", "show", "HEAD"]), "no JSON at all\n");
}

#[test]
fn a_note_of_a_newer_version_is_named_and_never_overwritten_by_hand() {
    let sandbox = Sandbox::new();
    sandbox.commit("f", "one\n", "first");
    let newer = r#"{"version":"0.1.0","id":"x","timestamp":"t","files":[],"metadata":{"git-model":{"schema":"2.0"}}}"#;
    note(&sandbox, newer);
    check(
        &sandbox.model(&["show"]),
        &expect![[r#"
            <1> first

            Author  Ada Author <ada@example.org>
            Date    <time>

            Record  none, and no mark: unknown (git model record <1> --model M)
            warning: the note of commit <1> has format 2.0, newer than 1.1
            hint: update git-model
            exit 0
        "#]],
    );
    check(
        &sandbox.model(&["log"]),
        &expect![[r#"
        it's a repo, main: 1 commit; nothing says who wrote it

          recorded    0
          marks only  0
          human       0
          unknown     1
        (no evidence is "unknown", never "human"; record from now on: git model init)
        warning: 1 note in refs/notes/model left aside: in a format newer than this git-model
        exit 0
    "#]],
    );
    check(
        &sandbox.model(&["record", "HEAD", "--human"]),
        &expect![[r#"
            error: the note of commit <1> has format 2.0, newer than 1.1
            hint: update git-model
            exit 2
        "#]],
    );
    assert_eq!(sandbox.ok(&["notes", "--ref=model", "show", "HEAD"]), format!("{newer}\n"));
}

#[test]
fn lines_that_are_none_are_refused() {
    let sandbox = Sandbox::new();
    sandbox.commit("f", "one\n", "first");
    for lines in ["f", "f:", "f:0", "f:2-1", ":1", "f:x-y"] {
        let output = sandbox.model(&["record", "HEAD", "--human", "--lines", lines]);
        assert_eq!(output.code, 2, "{lines}");
    }
    check(
        &sandbox.model(&["record", "HEAD", "--human", "--lines", "f:2-1"]),
        &expect![[r#"
        error: `f:2-1` does not name lines of a file
        hint: write --lines src/cache.rs:12-40
        exit 2
    "#]],
    );
    check(
        &sandbox.model(&["record", "HEAD", "--human", "--lines", "g:1-2"]),
        &expect![[r#"
            <1>: human added; 0 of 1 changed lines are known now
            exit 0
        "#]],
    );
    check(
        &sandbox.model(&["record", "HEAD", "--human", "--model", "Opus"]),
        &expect![[r#"
        error: the argument '--human' cannot be used with '--model <MODEL>'

        Usage: git model record --human <COMMIT>

        For more information, try '--help'.
        exit 2
    "#]],
    );
}

#[test]
fn a_repository_of_a_format_that_is_not_recorded_is_audited() {
    let sandbox = Sandbox::without_hooks();
    sandbox.ok(&["init", "-q", "--object-format=sha256", "../sha256"]);
    let folder = sandbox.beside("sha256");
    let message = "one\n\nCo-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>";
    sandbox.at(&folder).ok(&["commit", "-q", "--allow-empty", "-m", message]);
    check(
        &sandbox.at(&folder).git(&["model", "log"]),
        &expect![[r#"
        sha256, main: 1 commit; since the first AI mark 1 of 1 known, 100 %

          recorded    0
          marks only  1   inferred from messages, may name the wrong model
          human       0
          unknown     0

        Model     planned  wrote  reviewed  phase not said
        Opus 4.6        -      -         -               1
        (a commit counts in every cell that applies; more: git model log --full)
        exit 0
    "#]],
    );
    check(
        &sandbox.at(&folder).git(&["model", "init"]),
        &expect![[r#"
        error: cannot open the Git repository at `<beside>/sha256`
        caused by: unknown object format 'sha256'
        hint: only `git model log` reads repositories with SHA-256 ids or reftable; nothing is recorded in them yet
        exit 2
    "#]],
    );
}
