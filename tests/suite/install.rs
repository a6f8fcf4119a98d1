//! Hooks installed, kept, replaced by others, and taken away again.

use std::fs;

use expect_test::expect;

use crate::sandbox::Sandbox;

/// Lists the folder of hooks, samples aside, with the first words of each file.
fn listed(sandbox: &Sandbox) -> String {
    let folder = sandbox.path().join(".git/hooks");
    let mut names = fs::read_dir(&folder).expect("the folder of hooks").flatten();
    let mut rows = Vec::new();
    for entry in names.by_ref() {
        let name = entry.file_name().into_string().expect("a name");
        if !name.ends_with(".sample") {
            let text = fs::read_to_string(entry.path()).expect("a hook");
            let ours = if text.contains("# git-model hook ") { "ours" } else { "another's" };
            rows.push(format!("{name}: {ours}\n"));
        }
    }
    rows.sort();
    rows.concat()
}

/// Everything below the folder of hooks: names, modes and content.
fn snapshot(sandbox: &Sandbox) -> String {
    let script = "cd .git && find hooks model info -type f -exec ls -l --time-style=+ {} + | sort -k6; cat hooks/*";
    sandbox.here().run("sh", &["-c", script]).stdout
}

#[test]
fn hooks_come_beside_others_and_go_again() {
    let sandbox = Sandbox::without_hooks();
    sandbox.hook("commit-msg", "echo theirs");
    sandbox.hook("pre-push", "echo theirs");
    let before = snapshot(&sandbox);
    let mut shown = sandbox.model(&["init", "--dry-run"]).stdout;
    assert_eq!(snapshot(&sandbox), before);
    shown += &sandbox.model(&["init"]).stdout;
    shown += &listed(&sandbox);
    shown += &sandbox.model(&["init"]).stdout;
    sandbox.declare("claude-opus-5-5");
    shown += &sandbox.model(&["deinit"]).stdout;
    shown += &sandbox.model(&["deinit"]).stdout;
    assert_eq!(snapshot(&sandbox), before);
    expect![[r#"
        hooks in <repo>/.git/hooks:
          prepare-commit-msg: new
          commit-msg: beside the hook that is there, which still runs
          post-commit: new
          post-merge: new
          post-rewrite: new
          post-applypatch: new
        it's a repo: Git hooks installed beside yours, which still run first (commit-msg)
        say who works where no agent tells: git model use MODEL, or: git model use human
        undo: git model deinit
        commit-msg.before-git-model: another's
        commit-msg: ours
        post-applypatch: ours
        post-commit: ours
        post-merge: ours
        post-rewrite: ours
        pre-push: another's
        prepare-commit-msg: ours
        it's a repo: the Git hooks are in place already
        say who works where no agent tells: git model use MODEL, or: git model use human
        undo: git model deinit
        it's a repo: hooks removed, what stood there before is back
        it's a repo: no hooks of ours were there
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_folder_of_hooks_that_others_share_is_refused() {
    let sandbox = Sandbox::without_hooks();
    let folder = sandbox.beside("shared hooks").display().to_string();
    sandbox.ok(&["config", "--global", "core.hooksPath", &folder]);
    let output = sandbox.model(&["init"]);
    assert!(!sandbox.beside("shared hooks").exists());
    expect![[r#"
        error: core.hooksPath is `<beside>/shared hooks`, a folder that is not this repository's alone
        hint: let your own hooks call us: in each of prepare-commit-msg, commit-msg, post-commit, post-merge,
        hint: post-rewrite and post-applypatch there: git model hook NAME "$@"
        hint: or give this repository a folder of its own: git config core.hooksPath .git/hooks
        2"#]].assert_eq(&format!("{}{}", output.stderr, output.code));
}

#[test]
fn a_folder_of_hooks_in_the_tree_is_used_if_git_ignores_it() {
    let sandbox = Sandbox::without_hooks();
    sandbox.ok(&["config", "core.hooksPath", "own/hooks"]);
    let refused = sandbox.model(&["init"]);
    sandbox.write(".gitignore", "own\n");
    let accepted = sandbox.model(&["init"]);
    sandbox.declare("claude-opus-5-5");
    sandbox.commit("f.txt", "x\n", "x");
    let shown = format!("{}{}{}", refused.stderr, accepted.stdout, sandbox.drawn("HEAD"));
    expect![[r#"
        error: core.hooksPath is `own/hooks`, a folder that is not this repository's alone
        hint: let your own hooks call us: in each of prepare-commit-msg, commit-msg, post-commit, post-merge,
        hint: post-rewrite and post-applypatch there: git model hook NAME "$@"
        hint: or give this repository a folder of its own: git config core.hooksPath .git/hooks
        it's a repo: Git hooks installed
        say who works where no agent tells: git model use MODEL, or: git model use human
        undo: git model deinit
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: x
    "#]].assert_eq(&shown);
}

#[test]
fn a_hook_that_another_program_moved_behind_its_own_still_records() {
    // As pre-commit and prek do: the hook they find becomes NAME.legacy and runs first.
    let sandbox = Sandbox::new();
    let folder = sandbox.path().join(".git/hooks");
    for hook in ["commit-msg", "prepare-commit-msg", "post-commit"] {
        let legacy = format!("{hook}.legacy");
        fs::rename(folder.join(hook), folder.join(legacy)).expect("our hook");
        sandbox.hook(hook, "here=$(dirname \"$0\"); \"$0.legacy\" \"$@\" || exit 1; exit 0");
    }
    sandbox.declare("claude-opus-5-5");
    sandbox.commit("f.txt", "x\n", "x");
    let mut shown = sandbox.drawn("HEAD");
    shown += &sandbox.model(&["init"]).stdout;
    shown += &sandbox.model(&["deinit"]).stdout;
    shown += &listed(&sandbox);
    expect![[r#"
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: x
        it's a repo: the Git hooks are in place already
        say who works where no agent tells: git model use MODEL, or: git model use human
        undo: git model deinit
        it's a repo: hooks removed, what stood there before is back
        records stay in refs/notes/model (remove them too: git update-ref -d refs/notes/model)
        commit-msg: another's
        post-commit: another's
        prepare-commit-msg: another's
    "#]]
    .assert_eq(&shown);
}

#[test]
fn hooks_that_others_replaced_are_told_and_come_back() {
    // As lefthook does: ours is renamed .old and never runs.
    let sandbox = Sandbox::new();
    let folder = sandbox.path().join(".git/hooks");
    fs::rename(folder.join("commit-msg"), folder.join("commit-msg.old")).expect("our hook");
    sandbox.hook("commit-msg", "exit 0");
    let mut shown = sandbox.model(&["status"]).stdout;
    shown += &sandbox.model(&["init"]).stdout;
    shown += &listed(&sandbox);
    expect![[r#"
        On main

        Next commit  nothing is staged
        Declared     nothing (git model use MODEL, or: use human)
        Recording    some Git hooks are missing or replaced: commit-msg (git model init)
        it's a repo: Git hooks installed beside yours, which still run first (commit-msg)
        say who works where no agent tells: git model use MODEL, or: git model use human
        undo: git model deinit
        commit-msg.before-git-model: another's
        commit-msg.old: ours
        commit-msg: ours
        post-applypatch: ours
        post-commit: ours
        post-merge: ours
        post-rewrite: ours
        prepare-commit-msg: ours
    "#]]
    .assert_eq(&shown);
}

#[test]
fn hooks_that_a_changed_folder_silenced_are_told() {
    // As husky does: core.hooksPath moves Git elsewhere.
    let sandbox = Sandbox::new();
    sandbox.ok(&["config", "core.hooksPath", ".husky/_"]);
    expect![[r#"
        On main

        Next commit  nothing is staged
        Declared     nothing (git model use MODEL, or: use human)
        Recording    no Git hooks here: nothing is recorded (git model init)
                     core.hooksPath was not set at git model init and is `.husky/_` now
    "#]]
    .assert_eq(&sandbox.model(&["status"]).stdout);
}

#[test]
fn a_commit_without_hooks_has_no_note_and_does_not_disturb_the_next() {
    // As Gemini CLI does with every shell command.
    let sandbox = Sandbox::with_base();
    sandbox.stage("f.txt", "one\ntwo\nthree\nfour\n");
    sandbox.today().ok(&["-c", "core.hooksPath=", "commit", "-q", "-m", "x"]);
    let unseen = sandbox.drawn("HEAD");
    sandbox.stage("f.txt", "one\ntwo\nthree\nfour\nfive\n");
    sandbox.today().ok(&["commit", "-q", "-m", "y"]);
    expect![[r#"
        | x
        no note
        | y
        |
        | Model: Sonnet 5.5 (implementation)
        commit
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: five
    "#]]
    .assert_eq(&(unseen + &sandbox.drawn("HEAD")));
}

#[test]
fn hooks_find_the_program_without_a_path_and_after_a_move() {
    let sandbox = Sandbox::with_base();
    let moved = sandbox.beside("moved");
    fs::rename(sandbox.path(), &moved).expect("the repository");
    fs::write(moved.join("f.txt"), "moved\n").expect("a file");
    let git = crate::sandbox::path_without_program();
    let without = sandbox.at(&moved).env("PATH", &git).env("GIT_MODEL", "claude-opus-5-5");
    without.ok(&["commit", "-q", "-a", "-m", "x"]);
    let format = "--format=%(trailers:key=Model,valueonly)";
    let trailer = sandbox.at(&moved).ok(&["log", "-1", format]);
    assert_eq!(trailer.trim(), "Opus 5.5 (implementation)");
    fs::rename(&moved, sandbox.path()).expect("the repository");
}

#[test]
fn a_program_that_is_gone_is_told_and_stops_no_commit() {
    let sandbox = Sandbox::with_base();
    let folder = sandbox.path().join(".git/hooks");
    for hook in ["prepare-commit-msg", "commit-msg", "post-commit", "post-rewrite"] {
        let text = sandbox.read(&format!(".git/hooks/{hook}"));
        let program = text.lines().find(|line| line.starts_with("bin=")).expect("a program");
        fs::write(folder.join(hook), text.replace(program, "bin='/no/such/program'"))
            .expect("hook");
    }
    sandbox.stage("f.txt", "one\ntwo\nthree\nfour\n");
    let fallback = sandbox.today().git(&["commit", "-q", "-m", "found in PATH"]);
    assert_eq!((fallback.code, fallback.stderr.as_str()), (0, ""));
    sandbox.stage("f.txt", "one\ntwo\nthree\nfour\nfive\n");
    let git = crate::sandbox::path_without_program();
    let gone = sandbox.today().env("PATH", &git).git(&["commit", "-q", "-m", "gone"]);
    expect![[r#"
        0git-model: the program is gone, this commit is not recorded (install it, or: rm .git/hooks/post-commit)
        | found in PATH
        |
        | Model: Sonnet 5.5 (implementation)
        commit
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: four
    "#]].assert_eq(&format!("{}{}{}", gone.code, gone.stderr, sandbox.drawn("HEAD~1")));
}

#[test]
fn a_linked_worktree_records_through_the_same_hooks() {
    let sandbox = Sandbox::with_base();
    let linked = sandbox.beside("linked");
    sandbox.ok(&["worktree", "add", "-q", &linked.display().to_string()]);
    let shown = sandbox.at(&linked).git(&["model", "status"]).stdout;
    expect![[r#"
        On linked

        Next commit  nothing is staged
        Declared     nothing (git model use MODEL, or: use human)
        Recording    Git hooks installed
    "#]]
    .assert_eq(&shown);
}
