//! `git model init` and `git model deinit` where Claude Code is on the machine: what its settings become, and that
//! they become again what they were, byte for byte.

use std::fs;
use std::path::PathBuf;

use expect_test::expect;

use crate::agent_session::{AgentSession, Tells};
use crate::sandbox::{Output, Sandbox, check};

const LOCAL: &str = ".claude/settings.local.json";
const OPUS: &str = "claude-opus-5-5";

/// Settings as somebody may have typed them.
const ODD: &str = "{\n\t\"permissions\" : {\"allow\":[\"Bash(ls)\" ],},\n\n  // what we run\n  \"hooks\": {\n      \
                   \"Stop\": [ { \"hooks\": [{\"type\":\"command\",\"command\":\"true\"}] } ],\n \"PostToolUse\": []\n\t}\r\n}";

/// Makes a repository without hooks where Claude Code was used before.
fn with_claude() -> Sandbox {
    let sandbox = Sandbox::without_hooks();
    fs::create_dir(sandbox.beside("home/.claude")).expect("the folder of Claude Code");
    sandbox
}

fn succeeds(output: &Output) {
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{}", output.stdout);
}

fn exclude(sandbox: &Sandbox) -> String {
    sandbox.read(".git/info/exclude")
}

#[test]
fn settings_of_this_repository_are_merged_and_restored() {
    let sandbox = with_claude();
    let before = exclude(&sandbox);
    check(
        &sandbox.model(&["init"]),
        &expect![[r#"
        it's a repo: Git hooks installed
        it's a repo: Claude Code hooked, for this repository only
        say who works where no agent tells: git model use MODEL, or: git model use human
        undo: git model deinit
        exit 0
    "#]],
    );
    check(
        &sandbox.git(&["status", "--short"]),
        &expect![[r#"
        exit 0
    "#]],
    );
    let made = sandbox.read(LOCAL);
    check(
        &sandbox.model(&["init"]),
        &expect![[r#"
        it's a repo: the Git hooks are in place already
        it's a repo: Claude Code is hooked already
        say who works where no agent tells: git model use MODEL, or: git model use human
        undo: git model deinit
        exit 0
    "#]],
    );
    assert_eq!(sandbox.read(LOCAL), made);
    check(
        &sandbox.model(&["deinit"]),
        &expect![[r#"
        it's a repo: hooks removed, what stood there before is back
        exit 0
    "#]],
    );
    assert!(!sandbox.path().join(".claude").exists());
    assert_eq!(exclude(&sandbox), before);
}

#[test]
fn odd_settings_come_back_to_the_byte() {
    let texts = [ODD, "{}", " \n{ }\n\n", "{\"hooks\":{}}", "\u{feff}{\r\n\"a\":1\r\n}\r\n"];
    for text in texts {
        let sandbox = with_claude();
        sandbox.write(LOCAL, text);
        succeeds(&sandbox.model(&["init"]));
        assert!(sandbox.read(LOCAL).contains("agent-hook claude-code"), "{text:?}");
        succeeds(&sandbox.model(&["init"]));
        succeeds(&sandbox.model(&["deinit"]));
        assert_eq!(fs::read_to_string(sandbox.path().join(LOCAL)).ok().as_deref(), Some(text));
    }
}

#[test]
fn settings_that_are_broken_are_left_and_told() {
    let sandbox = with_claude();
    sandbox.write(LOCAL, "{\"hooks\": [\n");
    check(
        &sandbox.model(&["init"]),
        &expect![[r#"
        it's a repo: Git hooks installed
        say who works where no agent tells: git model use MODEL, or: git model use human
        undo: git model deinit
        warning: Claude Code is not hooked: `<repo>/.claude/settings.local.json` is not valid JSON at line 1, column 11: Unterminated array
        exit 0
    "#]],
    );
    assert_eq!(sandbox.read(LOCAL), "{\"hooks\": [\n");
    sandbox.write(LOCAL, "{\"hooks\": 7}");
    check(
        &sandbox.model(&["init"]),
        &expect![[r#"
        it's a repo: the Git hooks are in place already
        say who works where no agent tells: git model use MODEL, or: git model use human
        undo: git model deinit
        warning: Claude Code is not hooked: `hooks` in `<repo>/.claude/settings.local.json` is not an object at line 1, column 11
        exit 0
    "#]],
    );
    assert_eq!(sandbox.read(LOCAL), "{\"hooks\": 7}");
    // Git's hooks record all the same.
    sandbox.declare(OPUS);
    sandbox.commit("f", "one\n", "first");
    assert_eq!(sandbox.origins("HEAD", "f"), ["Opus 5.5: one"]);
    check(
        &sandbox.model(&["deinit"]),
        &expect![[r#"
        it's a repo: hooks removed, what stood there before is back
        records stay in refs/notes/model (remove them too: git update-ref -d refs/notes/model)
        exit 0
    "#]],
    );
    assert_eq!(sandbox.read(LOCAL), "{\"hooks\": 7}");
}

#[test]
fn settings_that_became_broken_keep_our_hooks_and_that_is_told() {
    let sandbox = with_claude();
    succeeds(&sandbox.model(&["init"]));
    let broken = sandbox.read(LOCAL) + "}";
    sandbox.write(LOCAL, &broken);
    check(
        &sandbox.model(&["deinit"]),
        &expect![[r#"
        it's a repo: hooks removed, what stood there before is back
        warning: Claude Code keeps hooks of ours: `<repo>/.claude/settings.local.json` is not valid JSON at line 137, column 1: Text cannot contain more than one JSON value
        exit 0
    "#]],
    );
    assert_eq!(sandbox.read(LOCAL), broken);
}

#[test]
fn shared_settings_are_to_be_committed() {
    let sandbox = with_claude();
    let text = "{\n  \"model\": \"opus\"\n}\n";
    sandbox.write(".claude/settings.json", text);
    check(
        &sandbox.model(&["init", "--shared", "--dry-run"]),
        &expect![[r#"
        hooks in <repo>/.git/hooks:
          prepare-commit-msg: new
          commit-msg: new
          post-commit: new
          post-merge: new
          post-rewrite: new
          post-applypatch: new
        hooks of Claude Code in <repo>/.claude/settings.json: new
        exit 0
    "#]],
    );
    assert_eq!(sandbox.read(".claude/settings.json"), text);
    check(
        &sandbox.model(&["init", "--shared"]),
        &expect![[r#"
        it's a repo: Git hooks installed
        it's a repo: Claude Code hooked in .claude/settings.json (commit it)
        say who works where no agent tells: git model use MODEL, or: git model use human
        undo: git model deinit
        exit 0
    "#]],
    );
    check(
        &sandbox.git(&["status", "--short"]),
        &expect![[r#"
        ?? .claude/
        exit 0
    "#]],
    );
    assert!(!sandbox.path().join(LOCAL).exists());
    succeeds(&sandbox.model(&["deinit"]));
    assert_eq!(sandbox.read(".claude/settings.json"), text);
}

#[test]
fn tracked_settings_of_one_person_are_not_touched() {
    let sandbox = with_claude();
    sandbox.stage(LOCAL, "{}\n");
    check(
        &sandbox.model(&["init"]),
        &expect![[r#"
        it's a repo: Git hooks installed
        say who works where no agent tells: git model use MODEL, or: git model use human
        undo: git model deinit
        warning: Claude Code is not hooked: `.claude/settings.local.json` is tracked here (git model init --shared)
        exit 0
    "#]],
    );
    assert_eq!(sandbox.read(LOCAL), "{}\n");
}

#[test]
fn without_agents_and_dry_nothing_is_written() {
    let sandbox = with_claude();
    check(
        &sandbox.model(&["init", "--dry-run"]),
        &expect![[r#"
        hooks in <repo>/.git/hooks:
          prepare-commit-msg: new
          commit-msg: new
          post-commit: new
          post-merge: new
          post-rewrite: new
          post-applypatch: new
        hooks of Claude Code in <repo>/.claude/settings.local.json: new
        exit 0
    "#]],
    );
    assert!(!sandbox.path().join(".claude").exists());
    assert!(!sandbox.path().join(".git/model").exists());
    check(
        &sandbox.model(&["init", "--no-agents"]),
        &expect![[r#"
        it's a repo: Git hooks installed
        say who works where no agent tells: git model use MODEL, or: git model use human
        undo: git model deinit
        exit 0
    "#]],
    );
    assert!(!sandbox.path().join(".claude").exists());
    check(
        &sandbox.model(&["init", "--no-agents", "--shared"]),
        &expect![[r#"
        error: the argument '--no-agents' cannot be used with '--shared'

        Usage: git model init --no-agents

        For more information, try '--help'.
        exit 2
    "#]],
    );
}

/// Makes a second repository beside the first.
fn second(sandbox: &Sandbox) -> PathBuf {
    let folder = sandbox.beside("second");
    fs::create_dir(&folder).expect("a folder");
    sandbox.at(&folder).ok(&["init", "-q"]);
    folder
}

#[test]
fn settings_of_one_s_own_serve_every_repository_where_init_was_run() {
    let sandbox = with_claude();
    let own = sandbox.beside("home/.claude/settings.json");
    fs::write(&own, ODD).unwrap();
    let other = second(&sandbox);
    check(
        &sandbox.model(&["init", "--global"]),
        &expect![[r#"
        it's a repo: Git hooks installed
        Claude Code hooked for every repository where git model init was run
        say who works where no agent tells: git model use MODEL, or: git model use human
        undo: git model deinit
        exit 0
    "#]],
    );
    succeeds(&sandbox.at(&other).git(&["model", "init", "--global"]));
    check(
        &sandbox.model(&["deinit"]),
        &expect![[r#"
        Claude Code stays hooked by your own settings, for other repositories (git model deinit --global)
        it's a repo: hooks removed, what stood there before is back
        exit 0
    "#]],
    );
    assert_ne!(fs::read_to_string(&own).unwrap(), ODD);
    let session = AgentSession::at(&sandbox, &other, 3, OPUS, Tells::Both);
    session.write("f", "one\n");
    assert!(other.join(".git/model/evidence").exists());
    check(
        &sandbox.at(&other).git(&["model", "deinit", "--global"]),
        &expect![[r#"
        second: hooks removed, what stood there before is back
        exit 0
    "#]],
    );
    assert_eq!(fs::read_to_string(&own).unwrap(), ODD);
}

#[test]
fn one_repository_can_go_while_the_other_stays() {
    let sandbox = with_claude();
    let other = second(&sandbox);
    succeeds(&sandbox.model(&["init"]));
    succeeds(&sandbox.at(&other).git(&["model", "init"]));
    let made = fs::read_to_string(other.join(LOCAL)).unwrap();
    succeeds(&sandbox.model(&["deinit"]));
    assert!(!sandbox.path().join(LOCAL).exists());
    assert_eq!(fs::read_to_string(other.join(LOCAL)).unwrap(), made);
}

#[test]
fn local_and_shared_settings_are_both_taken_back() {
    let sandbox = with_claude();
    succeeds(&sandbox.model(&["init"]));
    succeeds(&sandbox.model(&["init", "--shared"]));
    succeeds(&sandbox.model(&["deinit"]));
    assert!(!sandbox.path().join(".claude").exists());
}

#[test]
fn a_linked_worktree_is_set_up_and_cleaned_from_either() {
    let sandbox = with_claude();
    sandbox.ok(&["commit", "-q", "--allow-empty", "-m", "base"]);
    let linked = sandbox.beside("linked");
    sandbox.ok(&["worktree", "add", "-q", linked.to_str().unwrap()]);
    let before = exclude(&sandbox);
    succeeds(&sandbox.at(&linked).git(&["model", "init"]));
    succeeds(&sandbox.model(&["init"]));
    assert!(linked.join(LOCAL).exists() && sandbox.path().join(LOCAL).exists());
    let session = AgentSession::at(&sandbox, &linked, 3, OPUS, Tells::Both);
    session.write("f", "one\n");
    sandbox.at(&linked).ok(&["add", "f"]);
    sandbox.at(&linked).ok(&["commit", "-q", "-m", "in the worktree"]);
    assert_eq!(sandbox.origins("linked", "f"), ["Opus 5.5: one"]);
    succeeds(&sandbox.at(&linked).git(&["model", "deinit"]));
    assert!(!linked.join(".claude").exists() && !sandbox.path().join(".claude").exists());
    assert!(!sandbox.path().join(".git/worktrees/linked/model").exists());
    assert_eq!(exclude(&sandbox), before);
}

#[cfg(unix)]
#[test]
fn a_linked_file_of_settings_stays_a_link_and_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = with_claude();
    let real = sandbox.beside("dotfiles.json");
    fs::write(&real, ODD).unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o600)).unwrap();
    fs::create_dir(sandbox.path().join(".claude")).unwrap();
    std::os::unix::fs::symlink(&real, sandbox.path().join(LOCAL)).unwrap();
    succeeds(&sandbox.model(&["init"]));
    assert_ne!(fs::read_to_string(&real).unwrap(), ODD);
    succeeds(&sandbox.model(&["deinit"]));
    assert_eq!(fs::read_to_string(&real).unwrap(), ODD);
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(fs::symlink_metadata(sandbox.path().join(LOCAL)).unwrap().is_symlink());
}

#[test]
fn hooks_whose_folder_claude_code_names_anew_go_on_recording() {
    let sandbox = with_claude();
    sandbox.ok(&["config", "core.hooksPath", ".git/hooks"]);
    succeeds(&sandbox.model(&["init"]));
    // What it does when it makes a worktree.
    let folder = sandbox.path().join(".git/hooks");
    sandbox.ok(&["config", "core.hooksPath", folder.to_str().unwrap()]);
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.write("f", "one\n");
    sandbox.ok(&["add", "f"]);
    sandbox.ok(&["commit", "-q", "-m", "work"]);
    assert_eq!(sandbox.origins("HEAD", "f"), ["Opus 5.5: one"]);
    succeeds(&sandbox.model(&["deinit"]));
    assert!(!folder.join("post-commit").exists());
    assert!(!sandbox.path().join(LOCAL).exists());
}

#[test]
fn init_finds_what_sessions_tell_of_uncommitted_work() {
    let sandbox = with_claude();
    sandbox.ok(&["commit", "-q", "--allow-empty", "-m", "base"]);
    let session = AgentSession::new(&sandbox, OPUS, Tells::FileAlone);
    session.write("f", "one of the agent\n");
    check(
        &sandbox.model(&["init"]),
        &expect![[r#"
        it's a repo: Git hooks installed
        it's a repo: Claude Code hooked, for this repository only
        it's a repo: sessions on disk tell of 1 file not committed yet
        say who works where no agent tells: git model use MODEL, or: git model use human
        undo: git model deinit
        exit 0
    "#]],
    );
    sandbox.write("f", "one of the agent\nby hand\n");
    sandbox.ok(&["add", "f"]);
    sandbox.ok(&["commit", "-q", "-m", "work"]);
    assert_eq!(sandbox.origins("HEAD", "f"), ["Opus 5.5: one of the agent", "unknown: by hand"]);
}
