//! The gate: a change is reviewed before its commit, refused where something stands against it, and recorded.

use std::time::Duration;

use expect_test::expect;

use crate::agent_session::{AgentSession, Tells};
use crate::reviewer::{Reviewer, finding, hidden, nothing, stands};
use crate::sandbox::{Output, Sandbox, check};

const WRONG: &str = "one\ntwo\nthree\nfor i in 0..n - 1 {}\n";
const RIGHT: &str = "one\ntwo\nthree\nfor i in 0..n {}\n";

fn off_by_one() -> serde_json::Value {
    finding("f.txt", 4, "for i in 0..n - 1 {}", "The loop ends one too early")
}

/// A repository with one commit, in which a review is due before each.
fn gated() -> Sandbox {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["model", "review", "--gate", "commit"]);
    sandbox
}

/// Commits while Sonnet 5.5 is declared.
fn commit(sandbox: &Sandbox) -> Output {
    sandbox.today().git(&["commit", "-q", "-m", "loop"])
}

fn trailers(sandbox: &Sandbox, revision: &str) -> String {
    sandbox.ok(&["log", "-1", "--format=%(trailers)", revision]).trim().to_owned()
}

#[test]
fn a_plan_its_work_a_refusal_a_fix_and_a_pass_make_one_commit_with_three_trailers() {
    let sandbox = gated();
    let plan = "# Read all\n\n1. Visit every one\n";
    sandbox.here().input(plan).ok(&["model", "plan", "new", "--model", "claude-opus-5-5", "-"]);
    sandbox.ok(&["model", "approve", "--yes"]);
    sandbox.ok(&["model", "handoff", "--to", "claude-sonnet-5-5", "--use"]);
    let done = |mut answer: serde_json::Value, quote: &str| {
        answer["plan"] = serde_json::json!([{"item": "1. Visit every one", "status": "done", "why": null,
            "path": "f.txt", "quote": quote}]);
        answer
    };
    let reviewer = Reviewer::answering([
        done(off_by_one(), "for i in 0..n - 1 {}"),
        stands(),
        done(nothing(), "for i in 0..n {}"),
    ])
    .in_home_of(&sandbox);
    sandbox.stage("f.txt", WRONG);
    check(
        &sandbox.git(&["commit", "-q", "-m", "loop"]),
        &expect![[r#"
            blocked by Opus 5.5: 1 finding stands against the change

            f.txt:4: high, blocks: The loop ends one too early

              4   for i in 0..n - 1 {}

              Why  The last one is never read.
              Try  Count to the end.

            Reviewer  Opus 5.5, openai-compatible, stronger than the author
            Plan      <2>: 1 done
            Tree      <3>
            Tokens    2400 read, 160 written
            hint: mend it and try again; what did not change since is not held against it anew
            hint: where a finding is wrong: git model review --dismiss PATH:LINE --because REASON
            hint: to go on without a review, this once: GIT_MODEL_SKIP=review before the command; the record says so
            exit 1
        "#]],
    );
    sandbox.stage("f.txt", RIGHT);
    check(
        &sandbox.git(&["commit", "-q", "-m", "loop"]),
        &expect![[r#"
        exit 0
    "#]],
    );
    assert_eq!(reviewer.asked(), 3);
    sandbox.learn("HEAD");
    expect![[r#"
        Model: Opus 5.5 (architecture)
        Model: Sonnet 5.5 (implementation)
        Model: Opus 5.5 (review)"#]]
    .assert_eq(&trailers(&sandbox, "HEAD"));
    let shown = sandbox.model(&["show", "--no-pager"]).stdout;
    let shown = shown.lines().filter(|line| !line.contains("Plan")).collect::<Vec<_>>().join("\n");
    let hide = regex::Regex::new("(plan )?[0-9a-f]{8}( |,|:)").expect("a pattern");
    let said = Output {
        code: 0,
        stdout: hide.replace_all(&shown, "<plan>$2").into_owned(),
        stderr: String::new(),
    };
    check(
        &said,
        &expect![[r#"
        <4> loop

        Author  Ada Author <ada@example.org>
        Date    <time>

        Who         Phase           Known as  added  deleted
        Opus 5.5    architecture    declared      -        -
        Sonnet 5.5  implementation  declared      1        -
        Opus 5.5    review          observed      -        -

        Record    by a hook, at the commit
                  approved by Cora Committer
        Evidence  message, line 3: Model: Opus 5.5 (architecture)
                  message, line 4: Model: Sonnet 5.5 (implementation)
                  message, line 5: Model: Opus 5.5 (review)
        Review    pass by Opus 5.5 (openai-compatible, observed), stronger than the
                  author
                  2 rounds; fixed before the commit: 1 high
        Lines     f.txt: 4 Sonnet 5.5exit 0
    "#]],
    );
    let full = sandbox.ok(&["model", "log", "--full", "--no-pager"]);
    let full = full.lines().skip_while(|line| !line.starts_with("Reviews")).collect::<Vec<_>>();
    expect![[r#"
        Reviews  1: 1 pass
                 found and fixed before the commit: 1 high, in 1 commit"#]]
    .assert_eq(&full.join("\n"));
}

#[test]
fn a_refused_change_is_refused_again_and_a_passed_one_passes_again_without_a_question() {
    let sandbox = gated();
    let reviewer = Reviewer::answering([off_by_one(), stands(), nothing()]).in_home_of(&sandbox);
    sandbox.stage("f.txt", WRONG);
    let first = commit(&sandbox);
    let second = commit(&sandbox);
    assert_eq!((first.code, second.code, reviewer.asked()), (1, 1, 2));
    sandbox.stage("f.txt", RIGHT);
    assert_eq!(sandbox.model(&["review"]).code, 0);
    assert_eq!((commit(&sandbox).code, reviewer.asked()), (0, 3));
    assert_eq!(
        trailers(&sandbox, "HEAD"),
        "Model: Sonnet 5.5 (implementation)\nModel: Opus 5.5 (review)"
    );
}

#[test]
fn what_is_committed_is_what_was_reviewed_however_it_was_chosen() {
    let sandbox = gated();
    sandbox.write("g.txt", "first\n");
    sandbox.ok(&["add", "g.txt"]);
    for (number, arguments) in
        [&["-a"][..], &["--only", "f.txt"], &["-i", "g.txt"], &["f.txt"], &["--amend"]]
            .iter()
            .enumerate()
    {
        let reviewer = Reviewer::answering([nothing()]).in_home_of(&sandbox);
        sandbox.write("f.txt", format!("one\ntwo\nthree\nturn {number}\n"));
        sandbox.write("g.txt", format!("turn {number}\n"));
        if arguments[0] == "--amend" {
            sandbox.ok(&["add", "."]);
        }
        let all = [&["commit", "-q", "-m", "some of it"][..], arguments].concat();
        sandbox.today().ok(&all);
        assert_eq!(reviewer.asked(), 1, "{arguments:?}");
        let found = trailers(&sandbox, "HEAD");
        assert!(found.ends_with("Model: Opus 5.5 (review)"), "{arguments:?}: {found}");
    }
}

#[test]
fn nothing_is_asked_where_nothing_is_to_be_reviewed() {
    let sandbox = gated();
    let reviewer = Reviewer::answering([]).in_home_of(&sandbox);
    sandbox.ok(&["commit", "-q", "--allow-empty", "-m", "empty"]);
    sandbox.stage("f.txt", RIGHT);
    let said =
        sandbox.today().env("GIT_MODEL_SKIP", "review").git(&["commit", "-q", "-m", "in a hurry"]);
    check(
        &said,
        &expect![[r#"
        git-model: not reviewed (GIT_MODEL_SKIP=review), and recorded so
        exit 0
    "#]],
    );
    sandbox.stage("f.txt", "one\n");
    sandbox.today().env("GIT_MODEL_REVIEWING", "1").ok(&["commit", "-q", "-m", "by a reviewer"]);
    sandbox.ok(&["checkout", "-q", "-b", "other", "HEAD~1"]);
    let skipping = || sandbox.here().env("GIT_MODEL_SKIP", "review");
    sandbox.stage("f.txt", "other\n");
    skipping().ok(&["commit", "-q", "-m", "other"]);
    for (way, go_on) in [
        (&["merge", "main"][..], &["commit", "-q", "--no-edit"][..]),
        (&["cherry-pick", "main"], &["cherry-pick", "--continue"]),
        (&["rebase", "main"], &["rebase", "--continue"]),
        (&["revert", "--no-edit", "HEAD~1"], &["revert", "--continue"]),
    ] {
        sandbox.ok(&["checkout", "-q", "-B", "turn", "other"]);
        let _ = sandbox.git(way);
        sandbox.stage("f.txt", format!("resolved {}\n", way[0]));
        let done = sandbox.here().editor(":").git(go_on);
        assert_eq!(done.code, 0, "{way:?}: {}", done.stderr);
    }
    sandbox.ok(&["config", "model.review.gate", "off"]);
    sandbox.stage("f.txt", "off\n");
    sandbox.ok(&["commit", "-q", "-m", "off"]);
    assert_eq!(reviewer.asked(), 0);
}

#[test]
fn a_formatter_that_stages_again_after_the_review_has_its_result_reviewed() {
    let sandbox = gated();
    let reviewer = Reviewer::answering([nothing(), nothing()]).in_home_of(&sandbox);
    let hooks = sandbox.path().join(".git/hooks");
    std::fs::rename(hooks.join("pre-commit"), hooks.join("pre-commit.legacy")).expect("a hook");
    sandbox.hook(
        "pre-commit",
        ".git/hooks/pre-commit.legacy || exit 1\nsed -i 's/two/TWO/' f.txt && git add f.txt",
    );
    sandbox.stage("f.txt", "one\ntwo\nthree\nfour\n");
    check(
        &hidden(&commit(&sandbox)),
        &expect![[r#"
        git-model: the change is another one than at pre-commit, so it is reviewed again
        exit 0
    "#]],
    );
    assert_eq!(reviewer.asked(), 2);
    assert_eq!(sandbox.ok(&["show", "HEAD:f.txt"]), "one\nTWO\nthree\nfour\n");
    assert_eq!(
        trailers(&sandbox, "HEAD"),
        "Model: Sonnet 5.5 (implementation)\nModel: Opus 5.5 (review)"
    );
}

#[test]
fn a_formatter_before_the_review_is_a_part_of_what_is_reviewed() {
    let sandbox = Sandbox::with_base();
    sandbox.hook("pre-commit", "sed -i 's/two/TWO/' f.txt && git add f.txt");
    sandbox.ok(&["model", "review", "--gate", "commit"]);
    let reviewer = Reviewer::answering([nothing()]).in_home_of(&sandbox);
    sandbox.stage("f.txt", "one\ntwo\nthree\nfour\n");
    assert_eq!((commit(&sandbox).code, reviewer.asked()), (0, 1));
    assert!(trailers(&sandbox, "HEAD").ends_with("Model: Opus 5.5 (review)"));
}

#[test]
fn a_review_that_fails_warns_or_blocks_as_the_user_says() {
    let sandbox = gated();
    let reviewer = Reviewer::answering([]).in_home_of(&sandbox);
    sandbox.stage("f.txt", RIGHT);
    check(
        &hidden(&commit(&sandbox)),
        &expect![[r#"
        warning: git-model: not reviewed: the review was not completed: 127.0.0.1:<port> does not accept the request: 400: no more answers
        exit 0
    "#]],
    );
    assert_eq!(reviewer.asked(), 1);
    assert_eq!(trailers(&sandbox, "HEAD"), "Model: Sonnet 5.5 (implementation)");
    sandbox.ok(&["config", "--global", "model.review.onError", "block"]);
    sandbox.ok(&["config", "model.review.onError", "warn"]);
    sandbox.stage("f.txt", WRONG);
    check(
        &hidden(&commit(&sandbox)),
        &expect![[r#"
        error: not reviewed: the review was not completed: 127.0.0.1:<port> does not accept the request: 400: no more answers
        hint: model.review.onError is `block`
        hint: to go on without a review, this once: GIT_MODEL_SKIP=review before the command; the record says so
        exit 1
    "#]],
    );
}

#[test]
fn without_anybody_to_ask_the_commit_says_how_to_set_one_up() {
    let sandbox = gated();
    sandbox.stage("f.txt", RIGHT);
    check(
        &hidden(&commit(&sandbox)),
        &expect![[r#"
        git-model: this commit is not reviewed:
        warning: no model is set to be asked (model.reviewer)
        hint: set one up:
        hint:   export ANTHROPIC_API_KEY=...
        hint:   git config --global model.reviewer anthropic:claude-opus-5-5
        hint: or:
        hint:   npm install -g @anthropic-ai/claude-code && claude auth login
        hint:   git config --global model.reviewer claude:opus
        hint: or go on without: only a review and what is run with --run ask a model
        exit 0
    "#]],
    );
}

#[test]
fn a_repository_does_not_loosen_what_the_user_wants() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["config", "--global", "model.review.gate", "commit"]);
    check(
        &sandbox.model(&["init"]),
        &expect![[r#"
        it's a repo: the Git hooks are in place already
        it's a repo: pre-commit installed: a review before each commit
        say who works where no agent tells: git model use MODEL, or: git model use human
        undo: git model deinit
        exit 0
    "#]],
    );
    check(
        &sandbox.model(&["review", "--gate", "off"]),
        &expect![[r#"
        error: model.review.gate stays `commit`: your own configuration says so, and a repository does not loosen it
        hint: see where: git config --show-origin --get-all model.review.gate
        exit 1
    "#]],
    );
    sandbox.ok(&["config", "--global", "--unset", "model.review.gate"]);
    check(
        &sandbox.model(&["review", "--gate", "off"]),
        &expect![[r#"
        it's a repo: pre-commit removed, no setting wants it
        exit 0
    "#]],
    );
    check(
        &sandbox.model(&["review", "--gate", "push"]),
        &expect![[r#"
        it's a repo: pre-push installed: a review before each push
        exit 0
    "#]],
    );
    sandbox.ok(&["config", "model.review.gate", "commit"]);
    let status = sandbox.ok(&["model", "status"]);
    let line = status.lines().find(|line| line.contains("model.review.gate"));
    expect!["             model.review.gate is `commit` and its hook pre-commit is not"]
        .assert_eq(line.unwrap_or_default());
}

#[test]
fn a_commit_waits_for_the_review_in_the_background() {
    let sandbox = gated();
    let reviewer =
        Reviewer::answering([nothing()]).slowly(Duration::from_secs(2)).in_home_of(&sandbox);
    sandbox.stage("f.txt", RIGHT);
    assert_eq!(sandbox.model(&["review", "--background"]).code, 0);
    let lock = sandbox.path().join(".git/model/reviewing");
    while !lock.exists() {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(commit(&sandbox).code, 0);
    assert_eq!(reviewer.asked(), 1);
    assert!(trailers(&sandbox, "HEAD").ends_with("Model: Opus 5.5 (review)"));
}

#[test]
fn where_the_user_wants_it_an_agent_that_stops_has_its_work_reviewed() {
    let sandbox = gated();
    let reviewer = Reviewer::answering([nothing()]).in_home_of(&sandbox);
    let session = AgentSession::new(&sandbox, "claude-sonnet-5-5", Tells::Both);
    let stop = serde_json::json!({
        "session_id": session.id(), "transcript_path": session.file(),
        "cwd": sandbox.path(), "hook_event_name": "Stop",
    });
    session.write("f.txt", RIGHT);
    let lock = sandbox.path().join(".git/model/reviewing");
    sandbox.ok(&["config", "--global", "model.review.background", "true"]);
    session.hook(&stop);
    while !lock.exists() {
        std::thread::sleep(Duration::from_millis(20));
    }
    sandbox.ok(&["add", "f.txt"]);
    assert_eq!(commit(&sandbox).code, 0);
    assert_eq!(reviewer.asked(), 1);
    assert!(trailers(&sandbox, "HEAD").ends_with("Model: Opus 5.5 (review)"));
}

#[test]
fn a_push_is_reviewed_once_as_one_change() {
    let sandbox = Sandbox::with_base();
    let remote = sandbox.beside("remote.git");
    sandbox.ok(&["init", "-q", "--bare", &remote.display().to_string()]);
    sandbox.ok(&["remote", "add", "origin", &remote.display().to_string()]);
    sandbox.ok(&["push", "-q", "origin", "main"]);
    sandbox.hook("pre-push", "cat > ../lines");
    sandbox.ok(&["model", "review", "--gate", "push"]);
    let reviewer = Reviewer::answering([off_by_one(), stands(), nothing()]).in_home_of(&sandbox);
    sandbox.commit("f.txt", "one\ntwo\nthree\nfour\n", "on the way");
    sandbox.commit("f.txt", WRONG, "wrong");
    assert_eq!(reviewer.asked(), 0);
    let refused = sandbox.git(&["push", "-q", "origin", "main"]);
    assert_eq!((refused.code, reviewer.asked()), (1, 2), "{}", refused.stderr);
    assert_eq!(sandbox.git(&["push", "-q", "origin", "main"]).code, 1);
    assert_eq!(reviewer.asked(), 2);
    sandbox.commit("f.txt", RIGHT, "right");
    sandbox.ok(&["push", "-q", "origin", "main", "HEAD:refs/heads/topic", "refs/notes/model"]);
    assert_eq!(reviewer.asked(), 3);
    let lines = std::fs::read_to_string(sandbox.beside("lines")).expect("what Git told");
    assert_eq!(lines.lines().count(), 3);
    assert!(!reviewer.questions()[2].contains("on the way"), "the messages are not sent");
}

#[test]
fn a_push_that_nobody_reviewed_on_purpose_is_recorded_at_its_last_commit() {
    let sandbox = Sandbox::with_base();
    let remote = sandbox.beside("remote.git").display().to_string();
    sandbox.ok(&["init", "-q", "--bare", &remote]);
    sandbox.ok(&["remote", "add", "origin", &remote]);
    sandbox.ok(&["push", "-q", "origin", "main"]);
    sandbox.ok(&["model", "review", "--gate", "push"]);
    let reviewer = Reviewer::answering([]).in_home_of(&sandbox);
    sandbox.commit_by("claude-sonnet-5-5", "f.txt", WRONG, "wrong");
    let push =
        || sandbox.here().env("GIT_MODEL_SKIP", "review").git(&["push", "-q", "origin", "main"]);
    check(
        &push(),
        &expect![[r#"
        git-model: not reviewed (GIT_MODEL_SKIP=review), and recorded so
        exit 0
    "#]],
    );
    assert_eq!(reviewer.asked(), 0);
    let shown = sandbox.ok(&["model", "show"]);
    assert!(shown.contains("left out on purpose (GIT_MODEL_SKIP=review)"), "{shown}");
    assert!(shown.contains("Sonnet 5.5  implementation"), "{shown}");
    // The same again brings nothing that is due.
    let note = sandbox.note("HEAD").to_string();
    push();
    assert_eq!(sandbox.note("HEAD").to_string(), note);
}

#[test]
fn an_amend_of_the_message_alone_needs_no_review() {
    let sandbox = gated();
    let reviewer = Reviewer::answering([nothing()]).in_home_of(&sandbox);
    sandbox.declare("claude-sonnet-5-5");
    sandbox.stage("f.txt", RIGHT);
    let skipping = sandbox.today().env("GIT_MODEL_SKIP", "review");
    assert_eq!(skipping.git(&["commit", "-q", "-m", "in a hurry"]).code, 0);
    assert_eq!(sandbox.today().git(&["commit", "-q", "--amend", "-m", "said better"]).code, 0);
    assert_eq!((reviewer.asked(), trailers(&sandbox, "HEAD").contains("(review)")), (0, false));
    // With more in it the whole commit is read.
    sandbox.stage("g.txt", "more\n");
    assert_eq!(sandbox.today().git(&["commit", "-q", "--amend", "--no-edit"]).code, 0);
    assert_eq!((reviewer.asked(), trailers(&sandbox, "HEAD").contains("(review)")), (1, true));
}
