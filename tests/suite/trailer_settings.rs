//! Trailers among others', under settings of Git's and ours.

use expect_test::expect;

use crate::sandbox::Sandbox;

/// Commits one more line by a model with this message and configuration.
fn committed(model: &str, message: &str, settings: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::with_base();
    for (key, value) in settings {
        sandbox.ok(&["config", key, value]);
    }
    sandbox.stage("f.txt", "one\ntwo\nthree\nfour\n");
    let output = sandbox.here().env("GIT_MODEL", model).git(&["commit", "-q", "-m", message]);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    sandbox
}

const OPUS: &str = "claude-opus-5-5";

#[test]
fn settings_of_trailers_do_not_disturb_ours() {
    let message = "x\n\nSigned-off-by: Ada <ada@example.org>\nAcked-by: Cora";
    let expected = committed(OPUS, message, &[]).message("HEAD");
    expect![[r#"
        x

        Signed-off-by: Ada <ada@example.org>
        Acked-by: Cora
        Model: Opus 5.5 (implementation)
    "#]]
    .assert_eq(&expected);
    for settings in [
        &[("trailer.separators", "=:")][..],
        &[("trailer.separators", "=")],
        &[("trailer.model.where", "start")],
        &[("trailer.where", "start")],
        &[("trailer.ifexists", "add"), ("trailer.ifmissing", "doNothing")],
        &[("trailer.ifexists", "replace")],
        &[("trailer.model.key", "Model= ")],
        &[("trailer.model.ifexists", "doNothing"), ("trailer.model.ifmissing", "doNothing")],
        &[("trailer.model.command", "echo other")],
    ] {
        assert_eq!(committed(OPUS, message, settings).message("HEAD"), expected, "{settings:?}");
    }
}

#[test]
fn a_block_of_other_trailers_is_continued() {
    let mut drawn = String::new();
    for message in [
        "x\n\nSigned-off-by: Ada <ada@example.org>",
        "x\n\nCo-authored-by: Claude <noreply@anthropic.com>",
        "x\n\nbody\n\nFixes: 12\nReviewed-by: Cora\n  on a line of its own",
        "x\n\nbody with one\nSigned-off-by: Ada <ada@example.org>",
        "x\n\nnote: this is text\nand more",
        "x: y",
        "x\n\nModel: Opus 5.5 (implementation)",
        "x\n\nModel: opus 5.5 (implementation)",
        "x\n\nModel: Opus 5.5 (implementation)\nSigned-off-by: Ada <ada@example.org>",
        "x\n\nModel: Fable 5.1 (architecture)",
        "x\n\nModel: Power Macintosh",
    ] {
        let sandbox = committed(OPUS, message, &[]);
        drawn +=
            &format!("{}Git reads {:?}\n\n", sandbox.message("HEAD"), sandbox.trailers("HEAD"));
    }
    expect![[r#"
        x

        Signed-off-by: Ada <ada@example.org>
        Model: Opus 5.5 (implementation)
        Git reads ["Opus 5.5 (implementation)"]

        x

        Co-authored-by: Claude <noreply@anthropic.com>
        Model: Opus 5.5 (implementation)
        Git reads ["Opus 5.5 (implementation)"]

        x

        body

        Fixes: 12
        Reviewed-by: Cora
          on a line of its own
        Model: Opus 5.5 (implementation)
        Git reads ["Opus 5.5 (implementation)"]

        x

        body with one
        Signed-off-by: Ada <ada@example.org>
        Model: Opus 5.5 (implementation)
        Git reads ["Opus 5.5 (implementation)"]

        x

        note: this is text
        and more

        Model: Opus 5.5 (implementation)
        Git reads ["Opus 5.5 (implementation)"]

        x: y

        Model: Opus 5.5 (implementation)
        Git reads ["Opus 5.5 (implementation)"]

        x

        Model: Opus 5.5 (implementation)
        Git reads ["Opus 5.5 (implementation)"]

        x

        Model: opus 5.5 (implementation)
        Git reads ["opus 5.5 (implementation)"]

        x

        Model: Opus 5.5 (implementation)
        Signed-off-by: Ada <ada@example.org>
        Git reads ["Opus 5.5 (implementation)"]

        x

        Model: Fable 5.1 (architecture)
        Model: Opus 5.5 (implementation)
        Git reads ["Fable 5.1 (architecture)", "Opus 5.5 (implementation)"]

        x

        Model: Power Macintosh
        Model: Opus 5.5 (implementation)
        Git reads ["Power Macintosh", "Opus 5.5 (implementation)"]

    "#]]
    .assert_eq(&drawn);
}

#[test]
fn shortlog_counts_models_and_phases() {
    let sandbox = Sandbox::with_base();
    for (number, model) in ["claude-opus-5-5", "claude-sonnet-5-5", "opus 5.5"].iter().enumerate() {
        sandbox.commit_by(model, &format!("{number}.txt"), "x\n", "x");
    }
    sandbox.ok(&["model", "use", "claude-opus-5-5", "--phase", "planning"]);
    sandbox.commit("plan.txt", "x\n", "plan");
    let counts = sandbox.ok(&["shortlog", "-sn", "--group=trailer:model", "HEAD"]);
    let mut counts = counts.split_inclusive('\n').map(str::trim_start).collect::<Vec<_>>();
    counts.sort_unstable(); // Git's order among equal ones differs by version.
    expect![[r#"
             1	Opus 5.5 (architecture)
             1	Sonnet 5.5 (implementation)
             2	Opus 5.5 (implementation)
    "#]]
    .assert_eq(&counts.concat());
    let format = "--format=%s: %(trailers:key=Model,valueonly,separator=%x2C)";
    expect![[r#"
        plan: Opus 5.5 (architecture)
        x: Opus 5.5 (implementation)
        x: Sonnet 5.5 (implementation)
        x: Opus 5.5 (implementation)
        base: 
    "#]]
    .assert_eq(&sandbox.ok(&["log", format]));
}

#[test]
fn the_name_in_the_trailer_is_the_one_asked_for() {
    let mut shown = String::new();
    for settings in [
        &[][..],
        &[("model.trailerName", "display")],
        &[("model.trailerName", "family")],
        &[("model.trailerName", "id")],
        &[("model.trailerName", "other")],
        &[("model.trailerEffort", "true")],
        &[("model.trailerEffort", "true"), ("model.trailerName", "id")],
    ] {
        for model in ["claude-opus-5-5", "Opus", "gpt-6.1-codex high", "somebody/new-model-1"] {
            let sandbox = committed(model, "x", settings);
            shown += &format!("{settings:?} {model}: {:?}\n", sandbox.trailers("HEAD"));
        }
    }
    expect![[r#"
        [] claude-opus-5-5: ["Opus 5.5 (implementation)"]
        [] Opus: ["Opus (implementation)"]
        [] gpt-6.1-codex high: ["GPT-6.1 Codex (implementation)"]
        [] somebody/new-model-1: ["new-model-1 (implementation)"]
        [("model.trailerName", "display")] claude-opus-5-5: ["Opus 5.5 (implementation)"]
        [("model.trailerName", "display")] Opus: ["Opus (implementation)"]
        [("model.trailerName", "display")] gpt-6.1-codex high: ["GPT-6.1 Codex (implementation)"]
        [("model.trailerName", "display")] somebody/new-model-1: ["new-model-1 (implementation)"]
        [("model.trailerName", "family")] claude-opus-5-5: ["Opus (implementation)"]
        [("model.trailerName", "family")] Opus: ["Opus (implementation)"]
        [("model.trailerName", "family")] gpt-6.1-codex high: ["GPT (implementation)"]
        [("model.trailerName", "family")] somebody/new-model-1: ["new-model-1 (implementation)"]
        [("model.trailerName", "id")] claude-opus-5-5: ["claude-opus-5-5 (implementation)"]
        [("model.trailerName", "id")] Opus: ["claude-opus (implementation)"]
        [("model.trailerName", "id")] gpt-6.1-codex high: ["gpt-6.1-codex (implementation)"]
        [("model.trailerName", "id")] somebody/new-model-1: ["new-model-1 (implementation)"]
        [("model.trailerName", "other")] claude-opus-5-5: ["Opus 5.5 (implementation)"]
        [("model.trailerName", "other")] Opus: ["Opus (implementation)"]
        [("model.trailerName", "other")] gpt-6.1-codex high: ["GPT-6.1 Codex (implementation)"]
        [("model.trailerName", "other")] somebody/new-model-1: ["new-model-1 (implementation)"]
        [("model.trailerEffort", "true")] claude-opus-5-5: ["Opus 5.5 (implementation)"]
        [("model.trailerEffort", "true")] Opus: ["Opus (implementation)"]
        [("model.trailerEffort", "true")] gpt-6.1-codex high: ["GPT-6.1 Codex high (implementation)"]
        [("model.trailerEffort", "true")] somebody/new-model-1: ["new-model-1 (implementation)"]
        [("model.trailerEffort", "true"), ("model.trailerName", "id")] claude-opus-5-5: ["claude-opus-5-5 (implementation)"]
        [("model.trailerEffort", "true"), ("model.trailerName", "id")] Opus: ["claude-opus (implementation)"]
        [("model.trailerEffort", "true"), ("model.trailerName", "id")] gpt-6.1-codex high: ["gpt-6.1-codex high (implementation)"]
        [("model.trailerEffort", "true"), ("model.trailerName", "id")] somebody/new-model-1: ["new-model-1 (implementation)"]
    "#]].assert_eq(&shown);
}

#[test]
fn a_family_name_stays_one_trailer_over_amends() {
    let sandbox = committed(OPUS, "x", &[("model.trailerName", "family")]);
    for _ in 0..2 {
        sandbox.today().ok(&["commit", "-q", "--amend", "--no-edit"]);
    }
    expect![[r#"
        | x
        |
        | Model: Opus (implementation)
        amend <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
    sandbox.ok(&["config", "model.trailerName", "display"]);
    sandbox.today().ok(&["commit", "-q", "--amend", "--no-edit"]);
    expect![[r#"
        | x
        |
        | Model: Opus 5.5 (implementation)
        amend <3>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_convention_of_none_writes_the_note_alone() {
    let sandbox = committed(OPUS, "x", &[("model.convention", "none")]);
    expect![[r#"
        | x
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
    sandbox.today().ok(&["commit", "-q", "--amend", "-m", "y"]);
    expect![[r#"
        | y
        amend <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn an_unknown_convention_writes_nothing_and_says_so() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["config", "model.convention", "of-tomorrow"]);
    sandbox.stage("f.txt", "one\ntwo\nthree\nfour\n");
    let output = sandbox.today().git(&["commit", "-q", "-m", "x"]);
    expect![[r#"
        warning: git-model: model.convention `of-tomorrow` is not known to this version: the message gets no trailer, the note is written
        | x
        commit
        Sonnet 5.5 (implementation) declared +1 -0
        f.txt
          Sonnet 5.5: four
    "#]].assert_eq(&(output.stderr + &sandbox.drawn("HEAD")));
}
