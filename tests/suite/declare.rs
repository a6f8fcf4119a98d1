//! Who is declared: `git model use` and the environment.

use expect_test::expect;

use crate::sandbox::Sandbox;

#[test]
fn a_declaration_is_answered_in_words() {
    let sandbox = Sandbox::with_base();
    let mut shown = String::new();
    for words in [
        &["use", "claude-opus-5-5"][..],
        &["use", "Opus 5.5", "--phase", "planning"],
        &["use", "gpt-6.1-codex", "--phase", "tests"],
        &["use", "human"],
        &["use", "--clear"],
        &["use", "Opus 5.5", "--phase", "review"],
        &["use", "Opus 5.5", "--phase", "two words"],
        &["use", "human", "--phase", "planning"],
        &["use", ""],
    ] {
        let output = sandbox.model(words);
        let said = output.stdout + &output.stderr;
        shown += &format!("$ git model {}\n{said}{}\n", words.join(" "), output.code);
    }
    sandbox.ok(&["config", "model.useExpires", "never"]);
    shown += &sandbox.model(&["use", "claude-opus-5-5"]).stdout;
    expect![[r#"
        $ git model use claude-opus-5-5
        on branch main, until <time>: Opus 5.5 (implementation)
        0
        $ git model use Opus 5.5 --phase planning
        on branch main, until <time>: Opus 5.5 (architecture)
        0
        $ git model use gpt-6.1-codex --phase tests
        on branch main, until <time>: GPT-6.1 Codex (tests)
        0
        $ git model use human
        on branch main, until <time>: you, by hand
        0
        $ git model use --clear
        nobody is declared on branch main
        0
        $ git model use Opus 5.5 --phase review
        error: a review cannot be declared for commits that are still to come
        hint: after the commit: git model record COMMIT --model 'Opus 5.5' --phase review
        2
        $ git model use Opus 5.5 --phase two words
        error: `two words` is not the name of a phase
        hint: one word, such as implementation or architecture
        2
        $ git model use human --phase planning
        error: a person has no phase
        hint: git model use human
        2
        $ git model use 
        error: the name of a model is empty
        hint: for example: git model use claude-sonnet-5-5
        2
        on branch main, until you clear it: Opus 5.5 (implementation)
    "#]]
    .assert_eq(&shown);
}

#[test]
fn the_last_declaration_counts_until_it_is_cleared() {
    let sandbox = Sandbox::with_base();
    let mut shown = String::new();
    for (number, words) in [
        &["use", "claude-opus-5-5"][..],
        &["use", "claude-haiku-4-5", "--phase", "planning"],
        &["use", "gpt-6.1-codex", "--phase", "tests"],
        &["use", "human"],
        &["use", "--clear"],
    ]
    .iter()
    .enumerate()
    {
        sandbox.model(words);
        sandbox.commit("g.txt", format!("{number}\n"), "x");
        shown += &format!("{words:?}\n{}", sandbox.drawn("HEAD"));
    }
    expect![[r#"
        ["use", "claude-opus-5-5"]
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        g.txt
          Opus 5.5: 0
        ["use", "claude-haiku-4-5", "--phase", "planning"]
        | x
        |
        | Model: Haiku 4.5 (architecture)
        commit
        Haiku 4.5 (architecture) declared +1 -1
        g.txt
          Haiku 4.5: 1
        ["use", "gpt-6.1-codex", "--phase", "tests"]
        | x
        |
        | Model: GPT-6.1 Codex (tests)
        commit
        GPT-6.1 Codex (tests) declared +1 -1
        g.txt
          GPT-6.1 Codex: 2
        ["use", "human"]
        | x
        commit
        human declared +1 -1
        g.txt
          human: 3
        ["use", "--clear"]
        | x
        commit
        unknown +1 -1
        g.txt
          unknown: 4
    "#]]
    .assert_eq(&shown);
}

#[test]
fn the_environment_wins_over_a_declaration() {
    let sandbox = Sandbox::with_base();
    sandbox.declare("claude-haiku-4-5");
    let mut shown = String::new();
    for (number, variables) in [
        &[("GIT_MODEL", "claude-opus-5-5")][..],
        &[("GIT_MODEL", "claude-opus-5-5"), ("GIT_MODEL_PHASE", "architecture")],
        &[("GIT_MODEL_PHASE", "architecture")],
        &[("GIT_MODEL", "human")],
        &[("GIT_MODEL", "human"), ("GIT_MODEL_PHASE", "architecture")],
        &[("GIT_MODEL", ""), ("GIT_MODEL_PHASE", "")],
        &[("GIT_MODEL", "claude-opus-5-5"), ("GIT_MODEL_PHASE", "review")],
        &[("GIT_MODEL_PHASE", "two words")],
        &[("GIT_MODEL", "???")],
    ]
    .iter()
    .enumerate()
    {
        sandbox.stage("g.txt", format!("{number}\n"));
        let set = |one, (name, value): &(&str, &str)| {
            let one: crate::sandbox::Invocation<'_> = one;
            one.env(name, value)
        };
        let output = variables.iter().fold(sandbox.here(), set).git(&["commit", "-q", "-m", "x"]);
        shown += &format!("{variables:?}\n{}{}", output.stderr, sandbox.drawn("HEAD"));
    }
    expect![[r#"
        [("GIT_MODEL", "claude-opus-5-5")]
        | x
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        g.txt
          Opus 5.5: 0
        [("GIT_MODEL", "claude-opus-5-5"), ("GIT_MODEL_PHASE", "architecture")]
        | x
        |
        | Model: Opus 5.5 (architecture)
        commit
        Opus 5.5 (architecture) declared +1 -1
        g.txt
          Opus 5.5: 1
        [("GIT_MODEL_PHASE", "architecture")]
        | x
        |
        | Model: Haiku 4.5 (architecture)
        commit
        Haiku 4.5 (architecture) declared +1 -1
        g.txt
          Haiku 4.5: 2
        [("GIT_MODEL", "human")]
        | x
        commit
        human declared +1 -1
        g.txt
          human: 3
        [("GIT_MODEL", "human"), ("GIT_MODEL_PHASE", "architecture")]
        | x
        commit
        human declared +1 -1
        g.txt
          human: 4
        [("GIT_MODEL", ""), ("GIT_MODEL_PHASE", "")]
        | x
        |
        | Model: Haiku 4.5 (implementation)
        commit
        Haiku 4.5 (implementation) declared +1 -1
        g.txt
          Haiku 4.5: 5
        [("GIT_MODEL", "claude-opus-5-5"), ("GIT_MODEL_PHASE", "review")]
        warning: git-model: GIT_MODEL_PHASE cannot be `review`
        | x
        |
        | Model: Haiku 4.5 (implementation)
        commit
        Haiku 4.5 (implementation) declared +1 -1
        g.txt
          Haiku 4.5: 6
        [("GIT_MODEL_PHASE", "two words")]
        warning: git-model: GIT_MODEL_PHASE is not the name of a phase
        | x
        |
        | Model: Haiku 4.5 (implementation)
        commit
        Haiku 4.5 (implementation) declared +1 -1
        g.txt
          Haiku 4.5: 7
        [("GIT_MODEL", "???")]
        warning: git-model: GIT_MODEL cannot be used: the name of a model is empty
        | x
        |
        | Model: Haiku 4.5 (implementation)
        commit
        Haiku 4.5 (implementation) declared +1 -1
        g.txt
          Haiku 4.5: 8
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_declaration_sleeps_on_other_branches() {
    let sandbox = Sandbox::with_base();
    sandbox.declare("claude-opus-5-5");
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    sandbox.commit("g.txt", "topic\n", "topic");
    let asleep = sandbox.drawn("HEAD");
    sandbox.ok(&["checkout", "-q", "--detach"]);
    sandbox.commit("g.txt", "detached\n", "detached");
    let detached = sandbox.drawn("HEAD");
    sandbox.declare("claude-haiku-4-5");
    sandbox.commit("g.txt", "declared\n", "detached and declared");
    let declared = sandbox.drawn("HEAD");
    sandbox.ok(&["checkout", "-q", "main"]);
    sandbox.commit("g.txt", "main\n", "awake");
    expect![[r#"
        | topic
        commit
        unknown +1 -0
        g.txt
          unknown: topic
        | detached
        commit
        unknown +1 -1
        g.txt
          unknown: detached
        | detached and declared
        |
        | Model: Haiku 4.5 (implementation)
        commit
        Haiku 4.5 (implementation) declared +1 -1
        g.txt
          Haiku 4.5: declared
        | awake
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        g.txt
          Opus 5.5: main
    "#]]
    .assert_eq(&[asleep, detached, declared, sandbox.drawn("HEAD")].concat());
}

#[test]
fn a_declaration_ends_by_itself() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["config", "model.useExpires", "0m"]);
    sandbox.declare("claude-opus-5-5");
    sandbox.commit("g.txt", "x\n", "expired");
    let expired = sandbox.drawn("HEAD");
    sandbox.ok(&["config", "model.useExpires", "1m"]);
    sandbox.declare("claude-opus-5-5");
    sandbox.commit("g.txt", "y\n", "in time");
    expect![[r#"
        | expired
        commit
        unknown +1 -0
        g.txt
          unknown: x
        | in time
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -1
        g.txt
          Opus 5.5: y
    "#]]
    .assert_eq(&(expired + &sandbox.drawn("HEAD")));
}

#[test]
fn a_declaration_in_a_linked_worktree_does_not_reach_the_main_one() {
    let sandbox = Sandbox::with_base();
    let linked = sandbox.beside("linked");
    sandbox.ok(&["worktree", "add", "-q", &linked.display().to_string()]);
    sandbox.at(&linked).ok(&["model", "use", "claude-opus-5-5"]);
    sandbox.ok(&["checkout", "-q", "--ignore-other-worktrees", "linked"]);
    sandbox.commit("g.txt", "x\n", "x");
    assert_eq!(sandbox.trailers("HEAD"), [""; 0]);
    assert_eq!(sandbox.origins("HEAD", "g.txt"), ["unknown: x"]);
}

#[test]
fn a_declaration_on_a_branch_without_commits_holds_for_the_first() {
    let sandbox = Sandbox::new();
    sandbox.declare("claude-opus-5-5");
    sandbox.commit("f.txt", "x\n", "root");
    assert_eq!(sandbox.origins("HEAD", "f.txt"), ["Opus 5.5: x"]);
}

#[test]
fn two_phases_in_two_commits_are_counted_apart() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["model", "use", "claude-opus-5-5", "--phase", "planning"]);
    sandbox.commit("plan.md", "the plan\n", "plan");
    sandbox.declare("claude-sonnet-5-5");
    sandbox.commit("g.txt", "the code\n", "code");
    let opus = sandbox.here().env("GIT_MODEL", "claude-opus-5-5");
    sandbox.stage("plan.md", "the plan\nmore\n");
    opus.env("GIT_MODEL_PHASE", "planning").ok(&["commit", "-q", "--amend", "--no-edit"]);
    expect![[r#"
        | plan
        |
        | Model: Opus 5.5 (architecture)
        commit
        Opus 5.5 (architecture) declared +1 -0
        plan.md
          Opus 5.5: the plan
        | code
        |
        | Model: Opus 5.5 (architecture)
        | Model: Sonnet 5.5 (implementation)
        amend <3>
        Opus 5.5 (architecture) declared +1 -0
        Sonnet 5.5 (implementation) declared +1 -0
        g.txt
          Sonnet 5.5: the code
        plan.md
          Opus 5.5: more
    "#]]
    .assert_eq(&(sandbox.drawn("HEAD~1") + &sandbox.drawn("HEAD")));
}

#[test]
fn no_variable_of_an_agent_is_evidence() {
    let sandbox = Sandbox::with_base();
    sandbox.stage("g.txt", "x\n");
    let agent = sandbox.here().env("CLAUDECODE", "1").env("ANTHROPIC_MODEL", "claude-opus-5-5");
    agent.env("CODEX_SANDBOX", "1").ok(&["commit", "-q", "-m", "x"]);
    expect![[r#"
        | x
        commit
        unknown +1 -0
        g.txt
          unknown: x
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}
