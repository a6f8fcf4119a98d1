//! What the record of a commit keeps of its review, and when a verdict holds for it.

use expect_test::expect;
use git_model::provenance::{CommitId, Drift, FindingCounts, Grade, Strength, Verdict};
use git_model::store::{KeptReview, KeptVerdict, Verdicts};

use crate::sandbox::{Sandbox, check};

impl Sandbox {
    /// Keeps a verdict of Opus 5.5 on what is staged, as a review would.
    fn keep_verdict(&self, verdict: Verdict, by: &str) {
        let tree = |revision: &str| -> CommitId {
            self.ok(&["rev-parse", revision]).trim().parse().expect("an id")
        };
        let staged = self.ok(&["write-tree"]).trim().parse().expect("an id");
        let review = KeptReview {
            reviewer: "claude-opus-5-5".to_owned(),
            requested: None,
            by: by.to_owned(),
            grade: if by == "codex" { Grade::Declared } else { Grade::Observed },
            tree: staged,
            verdict,
            drift: Drift::None,
            findings: FindingCounts { low: 1, ..FindingCounts::default() },
            fixed: FindingCounts { high: 1, ..FindingCounts::default() },
            dismissed: FindingCounts::default(),
            rounds: 2,
            partial: false,
            plan_hash: None,
            prompt_version: 1,
            strength: Strength::Stronger,
            carried: false,
        };
        let base = Some(tree("HEAD^{tree}"));
        let kept = KeptVerdict { at: 0, base, review, said: String::new() };
        Verdicts::of(&self.path().join(".git")).append(kept).expect("a file of verdicts");
    }

    /// A commit by Sonnet that Opus has passed.
    fn with_reviewed() -> Self {
        let sandbox = Self::with_base();
        sandbox.stage("f.txt", "one\ntwo\nthree\nsonnet\n");
        sandbox.keep_verdict(Verdict::Pass, "anthropic");
        sandbox.today().ok(&["commit", "-q", "-m", "reviewed"]);
        sandbox.learn("HEAD");
        sandbox
    }

    /// Writes the last block of a message, and what the record says of its reviews.
    fn reviews(&self, revision: &str) -> String {
        let message = self.ok(&["log", "-1", "--format=%(trailers)", revision]);
        let shown = self.ok(&["model", "show", "--no-pager", revision]);
        let lines = shown.lines().skip_while(|line| !line.starts_with("Review"));
        let is_more = |line: &&str| line.starts_with("Review") || line.starts_with(' ');
        let review = lines.take_while(is_more).collect::<Vec<_>>().join("\n");
        self.normal(&format!("{}\n{review}\n", message.trim()))
    }
}

#[test]
fn a_pass_on_exactly_the_committed_tree_is_a_trailer_and_stands_in_the_record() {
    let sandbox = Sandbox::with_reviewed();
    expect![[r#"
        Model: Sonnet 5.5 (implementation)
        Model: Opus 5.5 (review)
        Review    pass by Opus 5.5 (anthropic, observed), stronger than the author
                  2 rounds; fixed before the commit: 1 high; left: 1 low
    "#]]
    .assert_eq(&sandbox.reviews("HEAD"));
    expect![[r#"
        | reviewed
        |
        | Model: Sonnet 5.5 (implementation)
        | Model: Opus 5.5 (review)
        commit
        Sonnet 5.5 (implementation) declared +1 -0
        Opus 5.5 (review) observed +0 -0
        f.txt
          Sonnet 5.5: sonnet
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_verdict_on_another_tree_says_nothing() {
    let sandbox = Sandbox::with_base();
    sandbox.stage("f.txt", "one\ntwo\nthree\nsonnet\n");
    sandbox.keep_verdict(Verdict::Pass, "anthropic");
    sandbox.stage("f.txt", "one\ntwo\nthree\nsonnet!\n");
    sandbox.today().ok(&["commit", "-q", "-m", "changed since"]);
    expect![[r#"
        Model: Sonnet 5.5 (implementation)

    "#]]
    .assert_eq(&sandbox.reviews("HEAD"));
}

#[test]
fn a_verdict_on_the_same_tree_and_another_base_says_nothing() {
    let sandbox = Sandbox::with_base();
    sandbox.stage("g.txt", "more\n");
    sandbox.keep_verdict(Verdict::Pass, "anthropic");
    sandbox.ok(&["commit", "-q", "--amend", "-m", "both at once"]);
    assert_eq!(sandbox.reviews("HEAD"), "\n\n");
}

#[test]
fn what_blocked_or_did_not_end_is_in_the_record_and_no_trailer() {
    for (verdict, expected) in [
        (
            Verdict::Block,
            expect![[r#"
                Model: Sonnet 5.5 (implementation)
                Review    blocked by Opus 5.5 (anthropic, observed), stronger than the author
                          committed nevertheless
                          2 rounds; fixed before the commit: 1 high; left: 1 low
            "#]],
        ),
        (
            Verdict::NotRun,
            expect![[r#"
            Model: Sonnet 5.5 (implementation)
            Review    not completed by Opus 5.5 (anthropic, observed), stronger than the
                      author
                      2 rounds; fixed before the commit: 1 high; left: 1 low
        "#]],
        ),
    ] {
        let sandbox = Sandbox::with_base();
        sandbox.stage("f.txt", "one\ntwo\nthree\nsonnet\n");
        sandbox.keep_verdict(verdict, "anthropic");
        sandbox.today().ok(&["commit", "-q", "-m", "nevertheless"]);
        expected.assert_eq(&sandbox.reviews("HEAD"));
    }
}

#[test]
fn the_last_verdict_of_a_reviewer_counts_and_an_imported_one_is_declared() {
    let sandbox = Sandbox::with_base();
    sandbox.stage("f.txt", "one\ntwo\nthree\nsonnet\n");
    sandbox.keep_verdict(Verdict::Block, "anthropic");
    sandbox.keep_verdict(Verdict::Pass, "anthropic");
    sandbox.keep_verdict(Verdict::Pass, "codex");
    sandbox.today().ok(&["commit", "-q", "-m", "twice"]);
    expect![[r#"
        Model: Sonnet 5.5 (implementation)
        Model: Opus 5.5 (review)
        Review    pass by Opus 5.5 (anthropic, observed), stronger than the author
                  2 rounds; fixed before the commit: 1 high; left: 1 low
                  pass by Opus 5.5 (codex, declared), stronger than the author
                  2 rounds; fixed before the commit: 1 high; left: 1 low
    "#]]
    .assert_eq(&sandbox.reviews("HEAD"));
}

#[test]
fn a_new_message_keeps_the_verdict_and_a_new_tree_loses_it() {
    let sandbox = Sandbox::with_reviewed();
    sandbox.ok(&["commit", "-q", "--amend", "-m", "said better"]);
    expect![[r#"
        Model: Sonnet 5.5 (implementation)
        Model: Opus 5.5 (review)
        Review    pass by Opus 5.5 (anthropic, observed), stronger than the author
                  2 rounds; fixed before the commit: 1 high; left: 1 low
    "#]]
    .assert_eq(&sandbox.reviews("HEAD"));
    sandbox.stage("f.txt", "one\ntwo\nthree\nsonnet\nhaiku\n");
    sandbox.ok(&["commit", "-q", "--amend", "--no-edit"]);
    expect![[r#"
        Model: Sonnet 5.5 (implementation)

    "#]]
    .assert_eq(&sandbox.reviews("HEAD"));
}

#[test]
fn a_rebase_of_the_same_change_carries_the_verdict() {
    let sandbox = Sandbox::with_reviewed();
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    sandbox.ok(&["checkout", "-q", "-b", "other", "HEAD~1"]);
    sandbox.commit("g.txt", "another file\n", "on the way");
    sandbox.ok(&["checkout", "-q", "topic"]);
    sandbox.ok(&["rebase", "-q", "other"]);
    expect![[r#"
        Model: Sonnet 5.5 (implementation)
        Model: Opus 5.5 (review)
        Review    pass by Opus 5.5 (anthropic, observed), stronger than the author
                  2 rounds; fixed before the commit: 1 high; left: 1 low
                  read as tree <4>; this commit makes the same change
    "#]]
    .assert_eq(&sandbox.reviews("HEAD"));
    sandbox.ok(&["checkout", "-q", "main"]);
    sandbox.ok(&["reset", "-q", "--hard", "other"]);
    sandbox.ok(&["cherry-pick", "topic"]);
    assert_eq!(sandbox.reviews("HEAD"), sandbox.reviews("topic"));
}

#[test]
fn a_rebase_that_changes_the_change_takes_the_trailer_out() {
    for way in [&["rebase", "-q", "other"][..], &["cherry-pick", "topic"]] {
        let sandbox = Sandbox::with_reviewed();
        sandbox.ok(&["branch", "topic"]);
        sandbox.ok(&["checkout", "-q", "-b", "other", "HEAD~1"]);
        sandbox.commit("f.txt", "one\ntwo\nthree\nhaiku\n", "in the same place");
        if way[0] == "rebase" {
            sandbox.ok(&["checkout", "-q", "topic"]);
        }
        assert_eq!(sandbox.git(way).code, 1);
        sandbox.stage("f.txt", "one\ntwo\nthree\nhaiku\nsonnet\n");
        sandbox.here().editor(":").ok(&[way[0], "--continue"]);
        assert_eq!(sandbox.reviews("HEAD"), "Model: Sonnet 5.5 (implementation)\n\n", "{way:?}");
    }
}

#[test]
fn two_reviewed_commits_squashed_are_not_reviewed() {
    let sandbox = Sandbox::with_reviewed();
    sandbox.stage("f.txt", "one\ntwo\nthree\nsonnet\nmore\n");
    sandbox.keep_verdict(Verdict::Pass, "anthropic");
    sandbox.today().ok(&["commit", "-q", "-m", "reviewed too"]);
    let invocation = sandbox.here().todo("sed -i '2s/^pick/squash/' \"$1\"");
    invocation.editor(":").ok(&["rebase", "-q", "-i", "HEAD~2"]);
    expect![[r#"
        Model: Sonnet 5.5 (implementation)

    "#]]
    .assert_eq(&sandbox.reviews("HEAD"));
}

#[test]
fn a_review_that_is_left_out_on_purpose_is_recorded_where_one_is_due() {
    let sandbox = Sandbox::with_base();
    let skipping = || sandbox.here().env("GIT_MODEL_SKIP", "review");
    sandbox.stage("g.txt", "no gate\n");
    skipping().ok(&["commit", "-q", "-m", "no gate"]);
    assert_eq!(sandbox.reviews("HEAD"), "\n\n");
    sandbox.ok(&["config", "model.review.gate", "commit"]);
    sandbox.stage("g.txt", "in a hurry\n");
    skipping().ok(&["commit", "-q", "-m", "in a hurry"]);
    expect![[r#"

        Review  left out on purpose (GIT_MODEL_SKIP=review)
    "#]]
    .assert_eq(&sandbox.reviews("HEAD"));
}

#[test]
fn a_full_log_sums_reviews_up() {
    let sandbox = Sandbox::with_reviewed();
    sandbox.stage("f.txt", "one\ntwo\nthree\nsonnet\nmore\n");
    sandbox.keep_verdict(Verdict::Block, "anthropic");
    sandbox.today().ok(&["commit", "-q", "-m", "nevertheless"]);
    check(
        &sandbox.model(&["log", "--full", "--no-pager"]),
        &expect![[r#"
            it's a repo, main: 3 commits; since the first AI mark 2 of 3 known, 67 %

              recorded    2   2 declared
              marks only  0
              human       0
              unknown     1   1 since the first mark (<time>)

            Model       planned  wrote  reviewed  phase not said
            Sonnet 5.5        -      2         -               -
            Opus 5.5          -      -         1               -
            (a commit counts in every cell that applies)

            With a part of  commits  30 days old  reverted in 30 days
            Sonnet 5.5            2            -                    -
            Opus 5.5              1            -                    -
            no AI named           1            -                    -

            First  mark <time>, 0 commits before

            Reviews  2: 1 pass, 1 blocked, overridden
                     found and fixed before the commit: 2 high, in 2 commits
            exit 0
        "#]],
    );
    let json = sandbox.ok(&["model", "log", "--full", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    expect![[r#"{"dismissed":{"critical":0,"high":0,"low":0,"medium":0},"fixed":{"critical":0,"high":2,"low":0,"medium":0},"fixed_in_commits":2,"not_run":0,"not_stronger":0,"overridden":1,"passed":1,"read_only":0,"skipped":0}"#]].assert_eq(&json["reviews"].to_string());
    let json = sandbox.ok(&["model", "show", "--format", "json", "HEAD~1"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    expect![[r#"
        [
          {
            "carried": false,
            "coverage": "full",
            "dismissed": {
              "critical": 0,
              "high": 0,
              "low": 0,
              "medium": 0
            },
            "drift": "none",
            "findings": {
              "critical": 0,
              "high": 0,
              "low": 1,
              "medium": 0
            },
            "fixed": {
              "critical": 0,
              "high": 1,
              "low": 0,
              "medium": 0
            },
            "prompt_version": 1,
            "reviewer": {
              "by": "anthropic",
              "grade": "observed",
              "model": "claude-opus-5-5",
              "name": "Opus 5.5",
              "strength": "stronger"
            },
            "rounds": 2,
            "tree": "<3>",
            "verdict": "pass"
          }
        ]"#]]
    .assert_eq(&sandbox.normal(&format!("{:#}", json["reviews"])));
}
