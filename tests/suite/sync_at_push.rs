//! Records that are synced before each push, where `model.sync` says so.

use expect_test::expect;

use crate::sandbox::check;
use crate::two_clones::Clones;

#[test]
fn a_push_syncs_only_where_that_was_chosen() {
    let clones = Clones::new();
    clones.commit_at("other", "claude-opus-5-5", "g.txt", "opus\n");
    clones.at("other").ok(&["push", "-q"]);
    assert_eq!(clones.at("host.git").ok(&["for-each-ref", "refs/notes"]), "");
    clones.at("other").ok(&["config", "model.sync", "push"]);
    check(
        &clones.at("other").git(&["model", "init", "--no-agents"]),
        &expect![[r#"
            other: the Git hooks are in place already
            other: pre-push installed: records are synced at each push
            say who works where no agent tells: git model use MODEL, or: git model use human
            undo: git model deinit
            exit 0
        "#]],
    );
    clones.commit_at("other", "claude-opus-5-5", "h.txt", "opus\n");
    clones.at("other").ok(&["push", "-q"]);
    assert_eq!(clones.notes_of("other"), clones.notes_of("host.git"));
    clones.at("other").ok(&["model", "deinit"]);
    assert!(!clones.folder("other").join(".git/hooks/pre-push").exists());
}

#[test]
fn a_sync_that_fails_stops_no_push_and_the_own_hook_still_decides() {
    let clones = Clones::new();
    clones.at("other").ok(&["config", "model.sync", "push"]);
    let hook = clones.folder("other").join(".git/hooks/pre-push");
    std::fs::write(&hook, "#!/bin/sh\ncat >pushed\n[ ! -e refuse ]\n").unwrap();
    git_model::os::make_executable(&hook).unwrap();
    clones.at("other").ok(&["model", "init", "--no-agents"]);
    clones.at("host.git").ok(&["config", "receive.hideRefs", "refs/notes"]);
    clones.commit_at("other", "claude-opus-5-5", "g.txt", "opus\n");
    check(
        &clones.at("other").git(&["push", "-q"]),
        &expect![[r#"
        warning: git-model: records stay here: `origin` does not take refs/notes/model: deny updating a hidden ref
        exit 0
    "#]],
    );
    let pushed = std::fs::read_to_string(clones.folder("other").join("pushed")).unwrap();
    assert!(pushed.starts_with("refs/heads/main "), "{pushed}");
    clones.commit_at("other", "claude-opus-5-5", "h.txt", "opus\n");
    std::fs::write(clones.folder("other").join("refuse"), "").unwrap();
    assert_eq!(clones.at("other").git(&["push", "-q"]).code, 1);
    clones.at("other").ok(&["model", "deinit"]);
    let text = std::fs::read_to_string(&hook).unwrap();
    assert_eq!(text, "#!/bin/sh\ncat >pushed\n[ ! -e refuse ]\n");
}
