//! `git model repair` where hooks did not run, where it cannot know, and what it prints for a message.

use expect_test::expect;

use crate::sandbox::{Sandbox, check};

#[test]
fn a_rebase_without_hooks_is_repaired_from_the_commits_before() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    sandbox.commit_by("claude-opus-5-5", "g.txt", "opus\n", "A");
    sandbox.commit_by("claude-haiku-4-5", "h.txt", "haiku\n", "B");
    sandbox.ok(&["checkout", "-q", "main"]);
    sandbox.commit("f.txt", "zero\none\ntwo\nthree\n", "main");
    sandbox.ok(&["checkout", "-q", "topic"]);
    sandbox.ok(&["-c", "core.hooksPath=/dev/null", "rebase", "-q", "main"]);
    assert!(sandbox.find_note("HEAD").is_none());
    check(
        &sandbox.model(&["repair", "main.."]),
        &expect![[r#"
        main..: 2 records rebuilt

        <5>  A
                 from 1 commit (same change): 1 of 1 lines known; Opus 5.5
                 (implementation) declared
        <6>  B
                 from 1 commit (same change): 1 of 1 lines known; Haiku 4.5
                 (implementation) declared
        exit 0
    "#]],
    );
    check(
        &sandbox.model(&["repair", "main..", "--format", "json"]),
        &expect![[r#"
        {"schema":"git-model/repair/1","range":"main..","dry_run":false,"commits":[{"commit":"<5>","subject":"A","result":"recorded"},{"commit":"<6>","subject":"B","result":"recorded"}]}
        exit 0
    "#]],
    );
    expect![[r#"
        | A
        |
        | Model: Opus 5.5 (implementation)
        rebase <2>
        Opus 5.5 (implementation) declared +1 -0
        g.txt
          Opus 5.5: opus
        | B
        |
        | Model: Haiku 4.5 (implementation)
        rebase <3>
        Haiku 4.5 (implementation) declared +1 -0
        h.txt
          Haiku 4.5: haiku
    "#]]
    .assert_eq(&(sandbox.drawn("HEAD~1") + &sandbox.drawn("HEAD")));
}

#[test]
fn a_commit_that_may_come_from_two_is_of_neither_where_they_differ() {
    let sandbox = Sandbox::with_base();
    let base = sandbox.id("HEAD");
    for (branch, model) in [("one", "claude-opus-5-5"), ("two", "claude-haiku-4-5")] {
        sandbox.ok(&["checkout", "-q", "-b", branch, &base]);
        sandbox.commit_by(model, "g.txt", "the same\n", branch);
    }
    sandbox.ok(&["checkout", "-q", "main"]);
    sandbox.stage("g.txt", "the same\n");
    sandbox.ok(&["-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "again"]);
    check(
        &sandbox.model(&["repair"]),
        &expect![[r#"
        HEAD: 1 record rebuilt

        <4>  again
                 from 2 commits (same files): 0 of 1 lines known; Haiku 4.5
                 (implementation) declared, Opus 5.5 (implementation) declared
                 2 ways it may have been made: what they differ in is unknown
        exit 0
    "#]],
    );
    expect![[r#"
        | again
        squash <2> <3>
        Haiku 4.5 (implementation) declared +0 -0
        Opus 5.5 (implementation) declared +0 -0
        unknown +1 -0
        g.txt
          unknown: the same
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_line_of_an_unrecorded_commit_is_not_that_of_an_older_one() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    sandbox.commit_by("claude-opus-5-5", "g.txt", "a()\nb()\n", "A");
    sandbox.stage("g.txt", "b()\n");
    sandbox.ok(&["-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "take it away"]);
    sandbox.stage("g.txt", "a()\nb()\nc()\n");
    sandbox.ok(&["-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "write it anew"]);
    sandbox.ok(&["checkout", "-q", "main"]);
    sandbox.ok(&["merge", "-q", "--squash", "topic"]);
    sandbox.ok(&["-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "squashed"]);
    check(
        &sandbox.model(&["repair"]),
        &expect![[r#"
        HEAD: 1 record rebuilt

        <3>  squashed
                 from 3 commits (same files): 1 of 3 lines known; Opus 5.5
                 (implementation) declared
                 2 of them have no record here: inferred from the message, else unknown
        exit 0
    "#]],
    );
    expect![[r#"
        | squashed
        squash <4> <5> <2>
        Opus 5.5 (implementation) declared +1 -0
        unknown +2 -0
        g.txt
          unknown: a()
          Opus 5.5: b()
          unknown: c()
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn what_nothing_is_known_of_stays_so_and_records_are_kept() {
    let sandbox = Sandbox::with_base();
    sandbox.stage("g.txt", "new\n");
    sandbox.ok(&["-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "from nowhere"]);
    let before = sandbox.ok(&["notes", "--ref=model", "list"]);
    check(
        &sandbox.model(&["repair", "HEAD"]),
        &expect![[r#"
        HEAD: 0 records rebuilt, 1 made of nothing that is here

        <2>  from nowhere
                 no commit found that it was made of; its message counts
        exit 0
    "#]],
    );
    check(
        &sandbox.model(&["repair", "HEAD~1"]),
        &expect![[r#"
        HEAD~1: 0 records rebuilt, 1 recorded before
        exit 0
    "#]],
    );
    assert_eq!(sandbox.ok(&["notes", "--ref=model", "list"]), before);
    check(
        &sandbox.model(&["repair", "HEAD", "--from", "nobody"]),
        &expect![[r#"
        error: there is no commit `nobody` here
        hint: list what there is: git log --oneline --all
        exit 2
    "#]],
    );
    check(
        &sandbox.model(&["repair", "HEAD", "--notes", "fork"]),
        &expect![[r#"
        error: there are no notes `refs/notes/fork` here
        hint: fetch them: git fetch ADDRESS +refs/notes/model:refs/notes/fork
        exit 2
    "#]],
    );
    check(
        &sandbox.model(&["repair", "--message"]),
        &expect![[r#"
        error: nothing says which branch it will be merged into
        hint: name it: git model repair --message --onto main
        exit 2
    "#]],
    );
}

#[test]
fn the_trailers_of_a_squash_are_printed_before_it_is_made() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    let plan = "A\n\nModel: Fable 5.1 (architecture)";
    sandbox.commit_by("claude-opus-5-5", "g.txt", "opus\nmore\n", plan);
    sandbox.commit_by("claude-haiku-4-5", "h.txt", "haiku\n", "B");
    sandbox.commit_by("claude-sonnet-5-5", "i.txt", "gone\n", "C");
    sandbox.ok(&["rm", "-q", "i.txt"]);
    sandbox.ok(&["commit", "-q", "-m", "D"]);
    check(
        &sandbox.model(&["repair", "--message", "--onto", "main"]),
        &expect![[r#"
        Model: Fable 5.1 (architecture)
        Model: Opus 5.5 (implementation)
        Model: Haiku 4.5 (implementation)
        exit 0
    "#]],
    );
    check(
        &sandbox.model(&["repair", "--message", "main..topic~2"]),
        &expect![[r#"
        Model: Fable 5.1 (architecture)
        Model: Opus 5.5 (implementation)
        Model: Haiku 4.5 (implementation)
        exit 0
    "#]],
    );
    assert!(sandbox.find_note("HEAD").is_some());
}

#[test]
fn a_dry_run_and_a_bare_repository() {
    let sandbox = Sandbox::with_base();
    sandbox.commit_by("claude-opus-5-5", "g.txt", "opus\n", "A");
    sandbox.ok(&["branch", "old"]);
    sandbox.ok(&["-c", "core.hooksPath=/dev/null", "commit", "-q", "--amend", "-m", "B"]);
    let bare = sandbox.beside("bare.git").display().to_string();
    sandbox.ok(&["clone", "-q", "--mirror", ".", &bare]);
    let at_bare = |arguments: &[&str]| sandbox.at(&bare).git(&[&["model"], arguments].concat());
    check(
        &at_bare(&["repair", "main", "--dry-run"]),
        &expect![[r#"
        main: 1 record to be rebuilt

        <3>  B
                 from 1 commit (same files): 1 of 1 lines known; Opus 5.5
                 (implementation) declared
        exit 0
    "#]],
    );
    assert_eq!(at_bare(&["repair", "main"]).code, 0);
    check(
        &at_bare(&["show", "main"]),
        &expect![[r#"
        <3> B

        Author  Ada Author <ada@example.org>
        Date    <time>

        Who       Phase           Known as  added  deleted
        Opus 5.5  implementation  declared      1        -

        Record  by a repair, from the commits it was made of
        From    squashed from <2>
        Lines   g.txt: 1 Opus 5.5
        exit 0
    "#]],
    );
}
