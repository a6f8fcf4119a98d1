//! The notes themselves: one per commit, none lost, whatever others do to their reference.

use expect_test::expect;

use crate::sandbox::Sandbox;

/// Lists the notes: where each stands in the tree, and how many there are of each commit.
fn layout(sandbox: &Sandbox) -> String {
    let tree = sandbox.ok(&["ls-tree", "-r", "--name-only", "refs/notes/model"]);
    let shape = |path: &str| path.split('/').map(|part| part.len().to_string()).collect::<Vec<_>>();
    let mut shapes = tree.lines().map(|path| shape(path).join("/")).collect::<Vec<_>>();
    shapes.sort();
    let mut ids = tree.lines().map(|path| path.replace('/', "")).collect::<Vec<_>>();
    ids.sort();
    let all = ids.len();
    ids.dedup();
    format!("{} of {} commits\n", shapes.join(" "), if ids.len() == all { all } else { 0 })
}

#[test]
fn a_note_is_an_agent_trace_with_our_part() {
    let sandbox = Sandbox::with_base();
    sandbox.commit_by("claude-opus-5-5", "f.txt", "one\n2\nthree\n}\n", "x");
    let mut note = sandbox.note("HEAD");
    note["id"] = "<id>".into();
    note["tool"]["version"] = "<version>".into();
    let text = serde_json::to_string_pretty(&note).expect("JSON");
    expect![[r#"
        {
          "files": [
            {
              "conversations": [
                {
                  "contributor": {
                    "model_id": "anthropic/claude-opus-5-5",
                    "type": "ai"
                  },
                  "ranges": [
                    {
                      "end_line": 2,
                      "start_line": 2
                    },
                    {
                      "end_line": 4,
                      "start_line": 4
                    }
                  ],
                  "url": "urn:git-model:contribution:0"
                }
              ],
              "path": "f.txt"
            }
          ],
          "id": "<id>",
          "metadata": {
            "git-model": {
              "contributions": [
                {
                  "grade": "declared",
                  "kind": "model",
                  "lines": {
                    "added": 2,
                    "deleted": 1,
                    "trivial": 1
                  },
                  "model": "claude-opus-5-5",
                  "name": "Opus 5.5",
                  "phase": "implementation"
                }
              ],
              "operation": "commit",
              "recorder": "hook",
              "schema": "1.1",
              "trailers": [
                "Model: Opus 5.5 (implementation)"
              ],
              "unknown": {
                "added": 0,
                "deleted": 0
              }
            }
          },
          "timestamp": "<time>",
          "tool": {
            "name": "git-model",
            "version": "<version>"
          },
          "vcs": {
            "revision": "<2>",
            "type": "git"
          },
          "version": "0.1.0"
        }"#]]
    .assert_eq(&sandbox.normal(&text));
    let first = sandbox.note("HEAD~1");
    let text = serde_json::to_string_pretty(&first["metadata"]).expect("JSON");
    expect![[r#"
        {
          "git-model": {
            "contributions": [],
            "operation": "commit",
            "recorder": "hook",
            "schema": "1.1",
            "unknown": {
              "added": 3,
              "deleted": 0
            }
          }
        }"#]]
    .assert_eq(&sandbox.normal(&text));
}

#[test]
fn sixteen_worktrees_at_once_lose_no_note() {
    let sandbox = Sandbox::with_base();
    let folders = (0..16).map(|number| sandbox.beside(&format!("tree-{number}")));
    let folders = folders.collect::<Vec<_>>();
    for folder in &folders {
        sandbox.ok(&["worktree", "add", "-q", "--detach", &folder.display().to_string()]);
    }
    std::thread::scope(|scope| {
        for (number, folder) in folders.iter().enumerate() {
            let sandbox = &sandbox;
            scope.spawn(move || {
                std::fs::write(folder.join("f.txt"), format!("{number}\n")).expect("a file");
                let opus = sandbox.at(folder).env("GIT_MODEL", "claude-opus-5-5");
                let output = opus.git(&["commit", "-q", "-a", "-m", "x"]);
                assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{number}");
            });
        }
    });
    for folder in &folders {
        let id = sandbox.at(folder).ok(&["rev-parse", "HEAD"]);
        assert_eq!(sandbox.origins(id.trim(), "f.txt").len(), 1, "{}", folder.display());
    }
    assert_eq!(sandbox.ok(&["notes", "--ref=model", "list"]).lines().count(), 17);
}

#[test]
fn a_locked_reference_makes_the_note_wait_for_the_next_commit() {
    let sandbox = Sandbox::with_base();
    sandbox.write(".git/refs/notes/model.lock", "");
    sandbox.stage("f.txt", "one\ntwo\nthree\nfour\n");
    let output = sandbox.today().git(&["commit", "-q", "-m", "x"]);
    expect![[r#"
        warning: git-model: the notes stay locked by another process; the record waits for the next commit
        | x
        |
        | Model: Sonnet 5.5 (implementation)
        no note
    "#]].assert_eq(&(output.stderr + &sandbox.drawn("HEAD")));
    expect![[r#"
        On main

        Next commit  nothing is staged
        Declared     nothing (git model use MODEL, or: use human)
        Recording    Git hooks installed
        Look at      1 record waits for the lock of refs/notes/model, until the next
                     commit
    "#]]
    .assert_eq(&sandbox.model(&["status"]).stdout);
    std::fs::remove_file(sandbox.path().join(".git/refs/notes/model.lock")).expect("the lock");
    sandbox.commit("f.txt", "one\ntwo\nthree\nfour\nfive\n", "y");
    expect![[r#"
        | x
        |
        | Model: Sonnet 5.5 (implementation)
        commit
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: four
        | y
        commit
        unknown +1 -0
        f.txt
          unknown: five
    "#]]
    .assert_eq(&(sandbox.drawn("HEAD~1") + &sandbox.drawn("HEAD")));
    assert_eq!(layout(&sandbox), "2/2/36 2/2/36 2/2/36 of 3 commits\n");
}

#[test]
fn a_tree_that_others_flattened_is_read_and_mended_where_we_write() {
    let sandbox = Sandbox::with_base();
    sandbox.commit_by("claude-opus-5-5", "f.txt", "one\ntwo\nthree\nopus\n", "x");
    sandbox.commit("g.txt", "x\n", "y");
    sandbox.ok(&["notes", "--ref=model", "remove", "HEAD"]);
    let mut shown = layout(&sandbox);
    shown += &sandbox.drawn("HEAD~1");
    sandbox.ok(&["reset", "-q", "--hard", "HEAD~1"]);
    sandbox.today().ok(&["commit", "-q", "--amend", "-m", "amended"]);
    shown += &layout(&sandbox);
    shown += &sandbox.drawn("HEAD");
    expect![[r#"
        40 40 of 2 commits
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
        2/2/36 40 40 of 3 commits
        | amended
        |
        | Model: Opus 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_commit_at_two_depths_is_mended_when_it_is_written() {
    let sandbox = Sandbox::with_base();
    sandbox.commit_by("claude-opus-5-5", "f.txt", "one\ntwo\nthree\nopus\n", "x");
    let id = sandbox.id("HEAD");
    let blob = sandbox
        .ok(&["rev-parse", &format!("refs/notes/model:{}/{}/{}", &id[..2], &id[2..4], &id[4..])]);
    let mut rows = sandbox.ok(&["ls-tree", "refs/notes/model"]);
    rows += &format!("100644 blob {}\t{id}\n", blob.trim());
    let tree = sandbox.here().input(&rows).ok(&["mktree"]);
    let commit = sandbox.ok(&["commit-tree", tree.trim(), "-p", "refs/notes/model", "-m", "x"]);
    sandbox.ok(&["update-ref", "refs/notes/model", commit.trim()]);
    let before = layout(&sandbox);
    sandbox.model(&["record", "HEAD", "--model", "claude-haiku-4-5", "--phase", "review"]);
    expect![[r#"
        2/2/36 2/2/36 40 of 0 commits
        2/2/36 2/2/36 of 2 commits
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        Haiku 4.5 (review) declared +0 -0
        f.txt
          Opus 5.5: opus
    "#]]
    .assert_eq(&(before + &layout(&sandbox) + &sandbox.drawn("HEAD")));
}

const BOTH: &str = "who,phase,grade,added,deleted\r\n\
                    Opus 5.5,implementation,declared,1,0\r\nSonnet 5.5,implementation,declared,1,0\r\n";

#[test]
fn notes_that_git_copies_by_itself_do_not_double_the_record() {
    for mode in ["concatenate", "overwrite", "cat_sort_uniq", "ignore"] {
        let sandbox = Sandbox::with_base();
        sandbox.ok(&["config", "notes.rewriteRef", "refs/notes/model"]);
        sandbox.ok(&["config", "notes.rewriteMode", mode]);
        sandbox.commit_by("claude-opus-5-5", "f.txt", "one\ntwo\nthree\nopus\n", "x");
        sandbox.stage("f.txt", "sonnet\none\ntwo\nthree\nopus\n");
        sandbox.today().ok(&["commit", "-q", "--amend", "--no-edit"]);
        let shown = sandbox.model(&["show", "HEAD", "--format", "csv"]).stdout;
        assert_eq!(shown, BOTH, "{mode}");
    }
}

#[test]
fn notes_that_git_copies_in_a_rebase_do_not_bring_old_line_numbers() {
    for mode in ["concatenate", "overwrite", "cat_sort_uniq", "ignore"] {
        let sandbox = Sandbox::with_base();
        sandbox.ok(&["config", "notes.rewriteRef", "refs/notes/model"]);
        sandbox.ok(&["config", "notes.rewriteMode", mode]);
        sandbox.ok(&["checkout", "-q", "-b", "topic"]);
        sandbox.commit_by("claude-opus-5-5", "f.txt", "one\nopus\ntwo\nthree\n", "x");
        sandbox.stage("f.txt", "one\nopus\nhaiku\ntwo\nthree\n");
        let haiku = sandbox.here().env("GIT_MODEL", "claude-haiku-4-5");
        haiku.ok(&["commit", "-q", "--amend", "--no-edit"]);
        sandbox.ok(&["checkout", "-q", "main"]);
        sandbox.commit("f.txt", "zero\none\ntwo\nthree\n", "main");
        sandbox.ok(&["checkout", "-q", "topic"]);
        sandbox.today().ok(&["rebase", "-q", "main"]);
        let expected = ["Opus 5.5: opus", "Haiku 4.5: haiku"];
        assert_eq!(sandbox.origins("HEAD", "f.txt"), expected, "{mode}");
    }
}

#[test]
fn a_damaged_note_is_as_none_and_stays() {
    let sandbox = Sandbox::with_base();
    sandbox.commit_by("claude-opus-5-5", "f.txt", "one\ntwo\nthree\nopus\n", "x");
    sandbox.ok(&["notes", "--ref=model", "add", "-f", "-m", "no JSON", "HEAD"]);
    let old = sandbox.id("HEAD");
    sandbox.today().ok(&["commit", "-q", "--amend", "--no-edit"]);
    expect![[r#"
        | x
        |
        | Model: Opus 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) declared +0 -0
        unknown +1 -0
        typed Opus 5.5 (implementation)
        f.txt
          unknown: opus
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
    assert_eq!(sandbox.ok(&["notes", "--ref=model", "show", &old]), "no JSON\n");
}

#[test]
fn notes_are_committed_by_the_committer() {
    let sandbox = Sandbox::with_base();
    let mut shown = String::new();
    let format = "--format=%an <%ae>, %cn <%ce>: %s";
    shown += &sandbox.ok(&["log", "-1", format, "refs/notes/model"]);
    let by_config = sandbox.here().without("GIT_COMMITTER_NAME").without("GIT_COMMITTER_EMAIL");
    sandbox.ok(&["config", "user.name", "Uma User"]);
    sandbox.ok(&["config", "committer.email", "uma@example.org"]);
    by_config.ok(&["commit", "-q", "--allow-empty", "-m", "x"]);
    let who = shown + &sandbox.ok(&["log", "-1", format, "refs/notes/model"]);
    expect![[r#"
        Cora Committer <cora@example.org>, Cora Committer <cora@example.org>: git-model: record
        Uma User <uma@example.org>, Uma User <uma@example.org>: git-model: record
    "#]]
    .assert_eq(&who);
}

#[test]
fn packed_references_are_written_too() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["pack-refs", "--all", "--prune"]);
    sandbox.commit("f.txt", "one\ntwo\nthree\nfour\n", "x");
    sandbox.ok(&["gc", "-q", "--prune=now"]);
    sandbox.commit("f.txt", "one\ntwo\nthree\nfour\nfive\n", "y");
    assert_eq!(layout(&sandbox), "2/2/36 2/2/36 2/2/36 of 3 commits\n");
}
