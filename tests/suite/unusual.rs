//! Less usual ways to a commit, in which lines of other commits must keep their models.

use expect_test::expect;

use crate::sandbox::Sandbox;

/// A commit by Opus and one by Haiku on the base.
fn two_commits() -> Sandbox {
    let sandbox = Sandbox::with_base();
    let message = "A\n\nModel: Fable 5.1 (architecture)";
    sandbox.commit_by("claude-opus-5-5", "f.txt", "one\nopus\nthree\n", message);
    sandbox.commit_by("claude-haiku-4-5", "g.txt", "haiku\nmore\n", "B");
    sandbox
}

#[test]
fn commits_joined_by_a_reset_keep_their_models() {
    let mut drawn = Vec::new();
    for way in ["--soft", "--mixed"] {
        let sandbox = two_commits();
        sandbox.ok(&["reset", "-q", way, "HEAD~2"]);
        sandbox.stage("f.txt", "one\nopus\nthree\nsonnet\n");
        sandbox.ok(&["add", "-A"]);
        sandbox.today().ok(&["commit", "-q", "-m", "joined"]);
        drawn.push(sandbox.drawn("HEAD"));
    }
    assert_eq!(drawn[0], drawn[1]);
    expect![[r#"
        | joined
        |
        | Model: Fable 5.1 (architecture)
        | Model: Haiku 4.5 (implementation)
        | Model: Opus 5.5 (implementation)
        | Model: Sonnet 5.5 (implementation)
        commit <3> <2>
        Fable 5.1 (architecture) declared +0 -0
        Haiku 4.5 (implementation) declared +2 -0
        Opus 5.5 (implementation) declared +1 -1
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: opus
          Sonnet 5.5: sonnet
        g.txt
          Haiku 4.5: haiku
          Haiku 4.5: more
    "#]]
    .assert_eq(&drawn[0]);
}

#[test]
fn work_thrown_away_and_done_otherwise_is_of_whom_is_declared() {
    let sandbox = two_commits();
    sandbox.ok(&["reset", "-q", "--hard", "HEAD~2"]);
    sandbox.stage("f.txt", "one\nsonnet\nsonnet\nthree\n");
    sandbox.stage("g.txt", "more\nother\n");
    sandbox.today().ok(&["commit", "-q", "-m", "anew"]);
    expect![[r#"
        | anew
        |
        | Model: Sonnet 5.5 (implementation)
        commit
        Sonnet 5.5 (implementation) declared +4 -1
        f.txt
          Sonnet 5.5: sonnet
          Sonnet 5.5: sonnet
        g.txt
          Sonnet 5.5: more
          Sonnet 5.5: other
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_reset_before_a_new_branch_keeps_the_models() {
    let sandbox = two_commits();
    sandbox.ok(&["reset", "-q", "--soft", "HEAD~1"]);
    sandbox.ok(&["reset", "-q", "--soft", "HEAD~1"]);
    sandbox.ok(&["checkout", "-q", "-b", "feature"]);
    sandbox.today().editor("echo joined > \"$1\"").ok(&["commit", "-q", "--no-verify"]);
    expect![[r#"
        | joined
        commit <3> <2>
        Fable 5.1 (architecture) declared +0 -0
        Haiku 4.5 (implementation) declared +2 -0
        Opus 5.5 (implementation) declared +1 -1
        f.txt
          Opus 5.5: opus
        g.txt
          Haiku 4.5: haiku
          Haiku 4.5: more
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_commit_taken_back_and_made_again_in_two_keeps_its_models() {
    let sandbox = two_commits();
    sandbox.ok(&["reset", "-q", "HEAD~2"]);
    sandbox.today().ok(&["commit", "-q", "-m", "one half", "f.txt"]);
    sandbox.ok(&["add", "g.txt"]);
    sandbox.today().ok(&["commit", "-q", "-m", "other half"]);
    expect![[r#"
        | one half
        |
        | Model: Fable 5.1 (architecture)
        | Model: Opus 5.5 (implementation)
        commit <2>
        Fable 5.1 (architecture) declared +0 -0
        Opus 5.5 (implementation) declared +1 -1
        f.txt
          Opus 5.5: opus
        | other half
        |
        | Model: Haiku 4.5 (implementation)
        commit <3>
        Haiku 4.5 (implementation) declared +2 -0
        g.txt
          Haiku 4.5: haiku
          Haiku 4.5: more
    "#]]
    .assert_eq(&(sandbox.drawn("HEAD~1") + &sandbox.drawn("HEAD")));
}

#[test]
fn a_reset_to_another_branch_brings_no_model() {
    let sandbox = two_commits();
    sandbox.ok(&["branch", "topic"]);
    sandbox.ok(&["checkout", "-q", "-b", "other", "HEAD~2"]);
    sandbox.ok(&["reset", "-q", "--hard", "topic"]);
    sandbox.stage("h.txt", "sonnet\n");
    sandbox.today().ok(&["commit", "-q", "-m", "on top"]);
    expect![[r#"
        | on top
        |
        | Model: Sonnet 5.5 (implementation)
        commit
        Sonnet 5.5 (implementation) declared +1 -0
        h.txt
          Sonnet 5.5: sonnet
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_merge_undone_on_its_main_line_is_nobodys_of_today() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    sandbox.commit_by("claude-opus-5-5", "f.txt", "one\nopus\nthree\n", "topic");
    sandbox.ok(&["checkout", "-q", "main"]);
    sandbox.commit("g.txt", "main\n", "main");
    sandbox.ok(&["merge", "-q", "--no-edit", "topic"]);
    sandbox.today().ok(&["revert", "--no-edit", "-m", "1", "HEAD"]);
    let reverted = sandbox.drawn("HEAD");
    sandbox.today().ok(&["revert", "--no-edit", "HEAD"]);
    // Before Git 2.43 the subject was `Revert "Revert ..."`.
    let old = "Revert \"Revert \"Merge branch 'topic'\"\"";
    let again = sandbox.drawn("HEAD").replace(old, "Reapply \"Merge branch 'topic'\"");
    expect![[r#"
        | Revert "Merge branch 'topic'"
        |
        | This reverts commit <4>, reversing
        | changes made to <3>.
        revert <3>
        unknown +1 -1
        f.txt
          unknown: two
        | Reapply "Merge branch 'topic'"
        |
        | This reverts commit <5>.
        revert <4>
        unknown +1 -1
        f.txt
          unknown: opus
    "#]]
    .assert_eq(&(reverted + &again));
}

#[test]
fn a_picked_merge_keeps_its_models_and_gets_nobody_of_today() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    sandbox.commit_by("claude-opus-5-5", "f.txt", "one\nopus\nthree\n", "topic");
    sandbox.ok(&["checkout", "-q", "-b", "merging", "main"]);
    sandbox.commit("g.txt", "x\n", "other");
    sandbox.ok(&["merge", "-q", "--no-edit", "topic"]);
    sandbox.ok(&["checkout", "-q", "main"]);
    sandbox.today().ok(&["cherry-pick", "-m", "1", "merging"]);
    expect![[r#"
        | Merge branch 'topic' into merging
        cherry-pick <4>
        Opus 5.5 (implementation) declared +1 -0
        unknown +0 -1
        f.txt
          Opus 5.5: opus
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_rebase_with_merges_makes_them_anew() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["checkout", "-q", "-b", "side"]);
    sandbox.commit_by("claude-opus-5-5", "f.txt", "one\nside\nthree\n", "side");
    sandbox.ok(&["checkout", "-q", "-b", "topic", "main"]);
    sandbox.commit_by("claude-haiku-4-5", "g.txt", "topic\n", "topic");
    sandbox.ok(&["merge", "-q", "--no-commit", "--no-ff", "side"]);
    sandbox.stage("h.txt", "of the merge\n");
    sandbox.here().env("GIT_MODEL", "claude-opus-5-5").ok(&["commit", "-q", "-m", "merged"]);
    let before = sandbox.drawn("HEAD");
    sandbox.ok(&["checkout", "-q", "main"]);
    sandbox.commit("i.txt", "main\n", "main");
    sandbox.ok(&["checkout", "-q", "topic"]);
    sandbox.today().todo(":").ok(&["rebase", "-q", "--rebase-merges", "main"]);
    let all = ["HEAD^1", "HEAD^2", "HEAD"].map(|revision| sandbox.drawn(revision)).concat();
    expect![[r#"
        | merged
        |
        | Model: Opus 5.5 (implementation)
        merge
        Opus 5.5 (implementation) declared +1 -0
        h.txt
          Opus 5.5: of the merge
        | topic
        |
        | Model: Haiku 4.5 (implementation)
        rebase <3>
        Haiku 4.5 (implementation) declared +1 -0
        g.txt
          Haiku 4.5: topic
        | side
        |
        | Model: Opus 5.5 (implementation)
        rebase <2>
        Opus 5.5 (implementation) declared +1 -1
        f.txt
          Opus 5.5: side
        | merged
        |
        | Model: Opus 5.5 (implementation)
        rebase <5>
        Opus 5.5 (implementation) declared +0 -0
    "#]]
    .assert_eq(&(before + &all));
}

#[test]
fn a_date_of_the_users_own_changes_nothing() {
    let sandbox = two_commits();
    let date = sandbox.ok(&["log", "-1", "--format=%ad", "--date=raw"]);
    let dated = sandbox.today().env("GIT_AUTHOR_DATE", &format!("@{}", date.trim()));
    sandbox.stage("h.txt", "sonnet\n");
    dated.ok(&["commit", "-q", "-m", "new"]);
    let new = sandbox.drawn("HEAD");
    dated.ok(&["commit", "-q", "--amend", "-m", "amended"]);
    let amended = sandbox.drawn("HEAD");
    dated.ok(&["revert", "--no-edit", "HEAD"]);
    expect![[r#"
        | new
        |
        | Model: Sonnet 5.5 (implementation)
        commit
        Sonnet 5.5 (implementation) declared +1 -0
        h.txt
          Sonnet 5.5: sonnet
        | amended
        |
        | Model: Sonnet 5.5 (implementation)
        amend <4>
        Sonnet 5.5 (implementation) declared +1 -0
        h.txt
          Sonnet 5.5: sonnet
        | Revert "amended"
        |
        | This reverts commit <5>.
        revert <3>
        unknown +0 -1
    "#]]
    .assert_eq(&[new, amended, sandbox.drawn("HEAD")].concat());
}

#[test]
fn a_commit_of_which_only_the_last_hook_knows_is_unknown() {
    let sandbox = Sandbox::with_base();
    for hook in ["prepare-commit-msg", "commit-msg"] {
        std::fs::remove_file(sandbox.path().join(".git/hooks").join(hook)).expect("our hook");
    }
    sandbox.stage("f.txt", "one\ntwo\nthree\nfour\n");
    sandbox.today().ok(&["commit", "-q", "-m", "x\n\nModel: Opus 5.5 (implementation)"]);
    expect![[r#"
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +0 -0
        unknown +1 -0
        typed Opus 5.5 (implementation)
        f.txt
          unknown: four
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_stop_of_a_rebase_takes_a_new_commit_as_any_other() {
    let sandbox = two_commits();
    sandbox.today().todo("sed -i '1s/$/\\nbreak/' \"$1\"").ok(&["rebase", "-q", "-i", "HEAD~2"]);
    sandbox.stage("h.txt", "sonnet\n");
    sandbox.today().ok(&["commit", "-q", "-m", "between"]);
    sandbox.today().ok(&["rebase", "--continue"]);
    let all = ["HEAD~2", "HEAD~1", "HEAD"].map(|revision| sandbox.drawn(revision)).concat();
    expect![[r#"
        | A
        |
        | Model: Fable 5.1 (architecture)
        | Model: Opus 5.5 (implementation)
        commit
        Fable 5.1 (architecture) declared +0 -0
        Opus 5.5 (implementation) declared +1 -1
        typed Fable 5.1 (architecture)
        f.txt
          Opus 5.5: opus
        | between
        |
        | Model: Sonnet 5.5 (implementation)
        commit
        Sonnet 5.5 (implementation) declared +1 -0
        h.txt
          Sonnet 5.5: sonnet
        | B
        |
        | Model: Haiku 4.5 (implementation)
        rebase <3>
        Haiku 4.5 (implementation) declared +2 -0
        g.txt
          Haiku 4.5: haiku
          Haiku 4.5: more
    "#]]
    .assert_eq(&all);
}
