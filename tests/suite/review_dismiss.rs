//! What a reviewer found is dismissed by a person, with a reason, and stays so while its code does.

use expect_test::expect;

use crate::reviewer::{Reviewer, finding, hidden, nothing, stands};
use crate::sandbox::{Sandbox, check};

const WRONG: &str = "one\ntwo\nthree\nfor i in 0..n - 1 {}\n";

fn off_by_one() -> serde_json::Value {
    finding("f.txt", 4, "for i in 0..n - 1 {}", "The loop ends one too early")
}

/// A repository with the gate, in which a commit was refused for a finding.
fn refused(answers: impl IntoIterator<Item = serde_json::Value>) -> (Sandbox, Reviewer) {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["model", "review", "--gate", "commit"]);
    let first = [off_by_one(), stands()];
    let reviewer = Reviewer::answering(first.into_iter().chain(answers)).in_home_of(&sandbox);
    sandbox.declare("claude-sonnet-5-5");
    sandbox.stage("f.txt", WRONG);
    assert_eq!(sandbox.today().git(&["commit", "-q", "-m", "loop"]).code, 1);
    (sandbox, reviewer)
}

fn dismiss(sandbox: &Sandbox, place: &str) -> crate::sandbox::Output {
    let because = "the last one is a sentinel";
    hidden(&sandbox.model(&["review", "--dismiss", place, "--because", because]))
}

#[test]
fn a_dismissed_finding_lets_the_change_pass_and_the_record_says_so() {
    let (sandbox, reviewer) = refused([]);
    check(
        &dismiss(&sandbox, "f.txt:4"),
        &expect![[r#"
        pass: Opus 5.5 has nothing against the staged change

        Reviewer   Opus 5.5, openai-compatible, stronger than the author
                   answered before; nobody was asked now
        Set aside  f.txt:4: The loop ends one too early (dismissed: the last one is a
                   sentinel)
        Tree       <2>
        Tokens     2400 read, 160 written
        exit 0
    "#]],
    );
    check(
        &sandbox.today().git(&["commit", "-q", "-m", "loop"]),
        &expect![[r#"
        exit 0
    "#]],
    );
    assert_eq!(reviewer.asked(), 2);
    check(
        &sandbox.model(&["show"]),
        &expect![[r#"
        <3> loop

        Author  Ada Author <ada@example.org>
        Date    <time>

        Who         Phase           Known as  added  deleted
        Sonnet 5.5  implementation  declared      1        -
        Opus 5.5    review          observed      -        -

        Record    by a hook, at the commit
        Evidence  message, line 3: Model: Sonnet 5.5 (implementation)
                  message, line 4: Model: Opus 5.5 (review)
        Review    pass by Opus 5.5 (openai-compatible, observed), stronger than the
                  author
                  dismissed by a person: 1 high
        Lines     f.txt: 4 Sonnet 5.5
        exit 0
    "#]],
    );
    let log = sandbox.ok(&["model", "log", "--full"]);
    assert!(log.contains("dismissed by a person: 1 high"), "{log}");
}

#[test]
fn what_was_dismissed_is_not_held_against_the_next_round() {
    let (sandbox, reviewer) = refused([off_by_one()]);
    dismiss(&sandbox, "f.txt");
    sandbox.stage("f.txt", format!("zero\n{WRONG}"));
    check(
        &hidden(&sandbox.model(&["review"])),
        &expect![[r#"
        pass: Opus 5.5 has nothing against the staged change

        Reviewer   Opus 5.5, openai-compatible, stronger than the author
        Round      2
        Set aside  f.txt:5: The loop ends one too early (dismissed: the last one is a
                   sentinel)
        Tree       <3>
        Tokens     1200 read, 80 written
        exit 0
    "#]],
    );
    assert_eq!(reviewer.asked(), 3);
}

#[test]
fn code_that_changed_is_looked_at_anew() {
    let changed = "for i in 0..(n - 1) {}";
    let again = finding("f.txt", 4, changed, "The loop ends one too early");
    let (sandbox, _reviewer) = refused([again, stands()]);
    dismiss(&sandbox, "f.txt:4");
    sandbox.stage("f.txt", format!("one\ntwo\nthree\n{changed}\n"));
    assert_eq!(sandbox.model(&["review"]).code, 1);
}

#[test]
fn what_cannot_be_dismissed_is_said_with_what_can() {
    let (sandbox, _reviewer) = refused([nothing()]);
    check(
        &dismiss(&sandbox, "f.txt:7"),
        &expect![[r#"
        error: the review found nothing at `f.txt:7`
        hint: name one of: f.txt:4
        exit 2
    "#]],
    );
    check(
        &sandbox.model(&["review", "--dismiss", "f.txt:4", "--because", " "]),
        &expect![[r#"
        error: --because is empty
        hint: say why in a few words
        exit 2
    "#]],
    );
    let inside = sandbox.here().env("CLAUDECODE", "1").git(&[
        "model",
        "review",
        "--dismiss",
        "f.txt:4",
        "--because",
        "it is fine",
    ]);
    check(
        &inside,
        &expect![[r#"
        error: this is claude-code's shell, and only a person dismisses what a reviewer found
        hint: run it in a terminal of your own
        exit 2
    "#]],
    );
    sandbox.stage("f.txt", "one\n");
    check(
        &dismiss(&sandbox, "f.txt:1"),
        &expect![[r#"
        error: the staged change was not reviewed, so there is nothing to dismiss
        hint: git model review
        exit 2
    "#]],
    );
}
