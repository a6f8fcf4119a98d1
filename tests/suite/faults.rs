//! What the machine may refuse: a git directory that cannot be written, a full disk, a damaged journal.

use std::fs;

use expect_test::expect;

use crate::sandbox::{Output, Sandbox, check};

/// Runs a shell script in a mount namespace of its own; `None` where the system allows none.
pub(crate) fn with_own_mounts(sandbox: &Sandbox, script: &str) -> Option<Output> {
    let options = [&["-m"][..], &["-rm"]];
    let usable = options
        .into_iter()
        .find(|options| sandbox.here().run("unshare", &[*options, &["true"]].concat()).code == 0)?;
    Some(sandbox.here().run("unshare", &[usable, &["sh", "-c", script]].concat()))
}

#[test]
fn an_unwritable_git_directory_costs_one_line_and_no_commit() {
    let sandbox = Sandbox::new();
    sandbox.declare("Opus 5.5");
    sandbox.stage("f", "one\n");
    let script = "mount --bind .git/model .git/model && mount -o remount,ro,bind .git/model && \
                  git commit -q -m first; echo commit $?; git model use human; echo use $?";
    let Some(output) = with_own_mounts(&sandbox, script) else { return };
    check(
        &output,
        &expect![[r#"
        commit 0
        use 2
        warning: git-model: the record of this commit will be incomplete: cannot write `<repo>/.git/model/draft`: Read-only file system (os error 30)
        error: cannot write `<repo>/.git/model/journal.lock`
        caused by: Read-only file system (os error 30)
        exit 0
    "#]],
    );
    sandbox.learn("HEAD");
    check(
        &sandbox.model(&["show"]),
        &expect![[r#"
            <1> first

            Author  Ada Author <ada@example.org>
            Date    <time>

            Who       Phase           Known as  added  deleted
            Opus 5.5  implementation  declared      -        -
            unknown   -               -             1        -

            Record    by a hook, at the commit
            Evidence  message, line 3: Model: Opus 5.5 (implementation)
            exit 0
        "#]],
    );
}

#[test]
fn unwritable_notes_cost_one_line_and_no_commit() {
    let sandbox = Sandbox::new();
    sandbox.commit_by("Opus 5.5", "f", "one\n", "first");
    sandbox.stage("f", "one\ntwo\n");
    let script = "mount --bind .git/refs/notes .git/refs/notes && mount -o remount,ro,bind .git/refs/notes && \
                  git commit -q -m second; echo commit $?";
    let Some(output) = with_own_mounts(&sandbox, script) else { return };
    check(
        &output,
        &expect![[r#"
        commit 0
        warning: git-model: this commit is not recorded: cannot update the reference `refs/notes/model`: failed to create locked file '<repo>/.git/refs/notes/model.lock': Read-only file system
        exit 0
    "#]],
    );
}

#[test]
fn a_full_disk_costs_one_line_and_no_commit() {
    let sandbox = Sandbox::new();
    sandbox.stage("f", "one\n");
    let script = "mount -t tmpfs -o size=8k none .git/model && head -c 8192 /dev/zero > .git/model/fill; \
                  git commit -q -m first; echo commit $?; git model use human; echo use $?; ls .git/model";
    fs::create_dir_all(sandbox.path().join(".git/model")).unwrap();
    let Some(output) = with_own_mounts(&sandbox, script) else { return };
    check(
        &output,
        &expect![[r#"
        commit 0
        use 2
        fill
        journal
        journal.lock
        warning: git-model: the record of this commit will be incomplete: cannot write `<repo>/.git/model/draft`: No space left on device (os error 28)
        error: cannot write `<repo>/.git/model/journal`
        caused by: No space left on device (os error 28)
        exit 0
    "#]],
    );
}

#[test]
fn a_journal_full_of_garbage_or_of_a_newer_version_is_told() {
    let sandbox = Sandbox::new();
    sandbox.declare("Opus 5.5");
    let journal = sandbox.path().join(".git/model/journal");
    let mut text = fs::read(&journal).unwrap();
    text.extend(b"\x00\xff garbage\n2 0 {}\n");
    fs::write(&journal, text).unwrap();
    check(
        &sandbox.model(&["status"]),
        &expect![[r#"
            On main

            Next commit  nothing is staged
            Declared     Opus 5.5 (implementation), until <time>
            Recording    Git hooks installed
            warning: 2 damaged lines of the journal were left aside
            exit 0
        "#]],
    );
    sandbox.commit("f", "one\n", "first");
    expect![[r#"
        first

        Model: Opus 5.5 (implementation)

    "#]]
    .assert_eq(&sandbox.ok(&["log", "-1", "--format=%B"]));
}
