//! Hooks of other programs: kept, still run, and back in their place when ours go.

use std::fs;

use expect_test::expect;

use crate::sandbox::{Sandbox, check};

#[test]
fn two_inits_in_a_row_change_nothing() {
    let sandbox = Sandbox::without_hooks();
    check(
        &sandbox.model(&["init"]),
        &expect![[r#"
            it's a repo: Git hooks installed
            say who works where no agent tells: git model use MODEL, or: git model use human
            undo: git model deinit
            exit 0
        "#]],
    );
    let hooks = listing(&sandbox);
    check(
        &sandbox.model(&["init"]),
        &expect![[r#"
            it's a repo: the Git hooks are in place already
            say who works where no agent tells: git model use MODEL, or: git model use human
            undo: git model deinit
            exit 0
        "#]],
    );
    assert_eq!(listing(&sandbox), hooks);
}

/// Lists the hooks folder with what stands in each file; a dangling link has nothing.
fn listing(sandbox: &Sandbox) -> Vec<(String, Option<String>)> {
    let folder = sandbox.path().join(".git/hooks");
    let entries = fs::read_dir(folder).expect("a folder of hooks").flatten();
    let mut files = entries
        .map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                fs::read_to_string(entry.path()).ok(),
            )
        })
        .filter(|(name, _)| !name.ends_with(".sample"))
        .collect::<Vec<_>>();
    files.sort();
    files
}

#[test]
fn another_programs_hook_is_kept_runs_first_and_comes_back() {
    let sandbox = Sandbox::without_hooks();
    sandbox
        .hook("commit-msg", "echo \"theirs: $(basename \"$0\") $#\" >&2\n! grep -q refuse \"$1\"");
    sandbox.hook("post-rewrite", "echo \"theirs: $(wc -l) lines\" >&2");
    let before = listing(&sandbox);
    check(
        &sandbox.model(&["init", "--dry-run"]),
        &expect![[r#"
            hooks in <repo>/.git/hooks:
              prepare-commit-msg: new
              commit-msg: beside the hook that is there, which still runs
              post-commit: new
              post-merge: new
              post-rewrite: beside the hook that is there, which still runs
              post-applypatch: new
            exit 0
        "#]],
    );
    check(
        &sandbox.model(&["init"]),
        &expect![[r#"
            it's a repo: Git hooks installed beside yours, which still run first (commit-msg, post-rewrite)
            say who works where no agent tells: git model use MODEL, or: git model use human
            undo: git model deinit
            exit 0
        "#]],
    );
    sandbox.declare("Opus 5.5");
    sandbox.stage("f", "one\n");
    check(
        &sandbox.git(&["commit", "-q", "-m", "refuse this"]),
        &expect![[r#"
            theirs: commit-msg 1
            exit 1
        "#]],
    );
    check(
        &sandbox.git(&["commit", "-q", "-m", "take this"]),
        &expect![[r#"
            theirs: commit-msg 1
            exit 0
        "#]],
    );
    check(
        &sandbox.git(&["commit", "-q", "--amend", "-m", "amended"]),
        &expect![[r#"
            theirs: commit-msg 1
            theirs: 1 lines
            exit 0
        "#]],
    );
    expect![[r#"
        amended

        Model: Opus 5.5 (implementation)

    "#]]
    .assert_eq(&sandbox.ok(&["log", "-1", "--format=%B"]));
    check(
        &sandbox.model(&["deinit"]),
        &expect![[r#"
        it's a repo: hooks removed, what stood there before is back
        records stay in refs/notes/model (remove them too: git update-ref -d refs/notes/model)
        exit 0
    "#]],
    );
    assert_eq!(listing(&sandbox), before);
    assert!(!sandbox.path().join(".git/model").exists());
}

#[cfg(unix)]
#[test]
fn a_hook_that_is_a_dangling_link_is_kept_and_comes_back() {
    let sandbox = Sandbox::without_hooks();
    let hook = sandbox.path().join(".git/hooks/commit-msg");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink("/nowhere/at/all", &hook).unwrap();
    check(
        &sandbox.model(&["init"]),
        &expect![[r#"
            it's a repo: Git hooks installed beside yours, which still run first (commit-msg)
            say who works where no agent tells: git model use MODEL, or: git model use human
            undo: git model deinit
            exit 0
        "#]],
    );
    sandbox.commit_by("Opus 5.5", "f", "one\n", "first");
    expect![[r#"
        first

        Model: Opus 5.5 (implementation)

    "#]]
    .assert_eq(&sandbox.ok(&["log", "-1", "--format=%B"]));
    check(
        &sandbox.model(&["deinit"]),
        &expect![[r#"
        it's a repo: hooks removed, what stood there before is back
        records stay in refs/notes/model (remove them too: git update-ref -d refs/notes/model)
        exit 0
    "#]],
    );
    assert_eq!(fs::read_link(&hook).unwrap().to_str(), Some("/nowhere/at/all"));
}

#[test]
fn a_hook_of_another_program_that_came_later_is_not_lost() {
    let sandbox = Sandbox::without_hooks();
    sandbox.hook("commit-msg", "exit 0 # first");
    sandbox.ok(&["model", "init"]);
    sandbox.hook("commit-msg", "exit 0 # second");
    let before = listing(&sandbox);
    check(
        &sandbox.model(&["init"]),
        &expect![[r#"
        error: `<repo>/.git/hooks/commit-msg.before-git-model` stands in the way: it was kept before, and there is a new hook of another program
        hint: look at both, remove the one you do not want, and run it again: <repo>/.git/hooks/commit-msg.before-git-model
        exit 2
    "#]],
    );
    assert_eq!(listing(&sandbox), before);
    check(
        &sandbox.model(&["status"]),
        &expect![[r#"
        On main

        Next commit  nothing is staged
        Declared     nothing (git model use MODEL, or: use human)
        Recording    some Git hooks are missing or replaced: commit-msg (git model init)
        exit 0
    "#]],
    );
}

#[test]
fn a_folder_of_hooks_that_others_share_is_refused_with_the_way_out() {
    let sandbox = Sandbox::without_hooks();
    fs::create_dir_all(sandbox.beside("team-hooks")).unwrap();
    sandbox.ok(&["config", "core.hooksPath", "../team-hooks"]);
    check(
        &sandbox.model(&["init"]),
        &expect![[r#"
        error: core.hooksPath is `../team-hooks`, a folder that is not this repository's alone
        hint: let your own hooks call us: in each of prepare-commit-msg, commit-msg, post-commit, post-merge,
        hint: post-rewrite and post-applypatch there: git model hook NAME "$@"
        hint: or give this repository a folder of its own: git config core.hooksPath .git/hooks
        exit 2
    "#]],
    );
    sandbox.ok(&["config", "core.hooksPath", ".githooks"]);
    check(
        &sandbox.model(&["init"]),
        &expect![[r#"
        error: core.hooksPath is `.githooks`, a folder that is not this repository's alone
        hint: let your own hooks call us: in each of prepare-commit-msg, commit-msg, post-commit, post-merge,
        hint: post-rewrite and post-applypatch there: git model hook NAME "$@"
        hint: or give this repository a folder of its own: git config core.hooksPath .git/hooks
        exit 2
    "#]],
    );
    sandbox.ok(&["config", "core.hooksPath", ".git/hooks"]);
    check(
        &sandbox.model(&["init"]),
        &expect![[r#"
            it's a repo: Git hooks installed
            say who works where no agent tells: git model use MODEL, or: git model use human
            undo: git model deinit
            exit 0
        "#]],
    );
}

#[test]
fn husky_stays_in_charge_of_its_folder_and_both_run() {
    let sandbox = Sandbox::without_hooks();
    // As husky 9 lays them out: a stub for each hook, which sources `h` by its own folder and name.
    sandbox.write(".husky/_/.gitignore", "*");
    sandbox.write(".husky/_/h", "n=$(basename \"$0\")\ns=$(dirname \"$(dirname \"$0\")\")/$n\n[ ! -f \"$s\" ] && exit 0\nsh -e \"$s\" \"$@\"\nexit $?\n");
    sandbox.write(".husky/commit-msg", "echo \"theirs: $1\" >&2\n! grep -q refuse \"$1\"\n");
    sandbox.script("stub", ". \"$(dirname \"$0\")/h\"");
    fs::copy(sandbox.beside("stub"), sandbox.path().join(".husky/_/commit-msg")).unwrap();
    sandbox.ok(&["config", "core.hooksPath", ".husky/_"]);
    check(
        &sandbox.model(&["init"]),
        &expect![[r#"
            it's a repo: Git hooks installed beside yours, which still run first (commit-msg)
            say who works where no agent tells: git model use MODEL, or: git model use human
            undo: git model deinit
            exit 0
        "#]],
    );
    sandbox.declare("Opus 5.5");
    sandbox.stage("f", "one\n");
    check(
        &sandbox.git(&["commit", "-q", "-m", "refuse this"]),
        &expect![[r#"
        theirs: .git/COMMIT_EDITMSG
        exit 1
    "#]],
    );
    check(
        &sandbox.git(&["commit", "-q", "-m", "take this"]),
        &expect![[r#"
        theirs: .git/COMMIT_EDITMSG
        exit 0
    "#]],
    );
    expect![[r#"
        take this

        Model: Opus 5.5 (implementation)

    "#]]
    .assert_eq(&sandbox.ok(&["log", "-1", "--format=%B"]));
}
