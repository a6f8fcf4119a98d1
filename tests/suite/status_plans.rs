//! What `git model status` says of plans: where they stand, whose turn it is, and the three mistakes.

use std::fs;

use expect_test::expect;
use serde_json::Value;

use crate::agent_session::numbered;
use crate::sandbox::Sandbox;

const PLAN: &str = "# Cache lookups\n\n1. Add the cache\n2. Expire its entries\n";

fn draft(sandbox: &Sandbox, model: &str) {
    let file = sandbox.beside("plan.md");
    fs::write(&file, PLAN).expect("a plan");
    sandbox.ok(&["model", "plan", "new", "--model", model, file.to_str().expect("a path")]);
}

/// Keeps a plan by one model that another carries out.
fn hand_off(sandbox: &Sandbox, planner: &str, implementer: &str) {
    draft(sandbox, planner);
    sandbox.ok(&["model", "approve", "--yes"]);
    sandbox.ok(&["model", "handoff", "--to", implementer, "--use"]);
}

fn status(sandbox: &Sandbox) -> Value {
    serde_json::from_str(&sandbox.ok(&["model", "status", "--format", "json"])).expect("JSON")
}

/// Returns whose turn it is, in words of one line.
fn due(sandbox: &Sandbox) -> String {
    let due = &status(sandbox)["due"];
    format!("{} {}", due["role"].as_str().unwrap_or("nobody"), due["name"].as_str().unwrap_or("-"))
}

/// Returns the mistakes: kind and sentence.
fn mistakes(sandbox: &Sandbox) -> Vec<String> {
    let status = status(sandbox);
    let told = status["mistakes"].as_array().cloned().unwrap_or_default();
    let words = |one: &Value| {
        format!("{}: {}", one["kind"].as_str().unwrap_or(""), one["text"].as_str().unwrap_or(""))
    };
    told.iter().map(words).collect()
}

fn stage(sandbox: &Sandbox, lines: u32) {
    sandbox.write("big.txt", numbered(lines));
    sandbox.ok(&["add", "-A"]);
}

#[test]
fn it_says_in_each_state_whose_turn_it_is() {
    let sandbox = Sandbox::with_base();
    let short = || sandbox.ok(&["model", "status", "--short"]);
    assert_eq!((due(&sandbox).as_str(), short().as_str()), ("nobody -", "\n"));
    draft(&sandbox, "Opus 5.5");
    assert_eq!(due(&sandbox), "planner Opus 5.5");
    assert_eq!(short(), "architecture Opus 5.5\n");
    sandbox.ok(&["model", "approve", "--yes"]);
    assert_eq!(due(&sandbox), "implementer -");
    sandbox.ok(&["config", "--global", "model.implementer", "Haiku 5.5"]);
    assert_eq!(due(&sandbox), "implementer Haiku 5.5");
    sandbox.ok(&["model", "handoff", "--to", "Sonnet 5.5"]);
    assert_eq!(due(&sandbox), "implementer Sonnet 5.5");
    assert_eq!(short(), "implementation Sonnet 5.5\n");
    sandbox.ok(&["config", "--global", "model.reviewer", "Opus 5.5"]);
    assert_eq!(due(&sandbox), "implementer Sonnet 5.5");
    stage(&sandbox, 3);
    assert_eq!(due(&sandbox), "reviewer Opus 5.5");
    sandbox.ok(&["model", "escalate", "--reason", "no memory for it"]);
    sandbox.ok(&["rm", "-q", "-f", "big.txt"]);
    assert_eq!(due(&sandbox), "planner Opus 5.5");
    let id = status(&sandbox)["plan"]["id"].as_str().expect("an id").to_owned();
    sandbox.ok(&["model", "plan", "abandon", &id]);
    assert_eq!(due(&sandbox), "nobody -");
}

#[test]
fn the_screen_shows_the_plan() {
    let sandbox = Sandbox::with_base();
    hand_off(&sandbox, "Opus 5.5", "Sonnet 5.5");
    stage(&sandbox, 3);
    let screen = sandbox.ok(&["model", "status"]);
    let told = screen.lines().take_while(|line| !line.starts_with("Declared"));
    let told = told.map(|line| line.split("; approved by").next().unwrap_or(line));
    let told = told.map(|line| line.split(" 2026-").next().unwrap_or(line));
    let told = told.collect::<Vec<_>>().join("\n");
    let id = status(&sandbox)["plan"]["id"].as_str().expect("an id").to_owned();
    expect![[r#"
        On main: implementation; due now: Sonnet 5.5 (implementer)

        Plan         <id> "Cache lookups", version 1, implementing
                     planned by Opus 5.5
                     handed off to Sonnet 5.5
        Next commit  staged: 1 file, +3 -0
                     Model: Opus 5.5 (architecture)
                     Model: Sonnet 5.5 (implementation)
                     Sonnet 5.5: +3 -0, declared"#]]
    .assert_eq(&told.replace(&id, "<id>"));
}

#[test]
fn a_weak_planner_is_told_of() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["config", "--global", "model.planner", "Fable 5.2"]);
    draft(&sandbox, "Opus 5.5");
    assert_eq!(
        mistakes(&sandbox),
        ["weak-planner: planned by Opus 5.5, where Fable 5.2 is stronger"]
    );
    sandbox.ok(&["config", "model.mistake.weakPlanner", "false"]);
    assert_eq!(mistakes(&sandbox), [""; 0]);
    sandbox.ok(&["config", "model.mistake.weakPlanner", "true"]);
    sandbox.ok(&["config", "--global", "model.planner", "Opus 5.5"]);
    assert_eq!(mistakes(&sandbox), [""; 0]);
}

#[test]
fn the_last_planners_say_who_plans_where_nobody_set_it() {
    let sandbox = Sandbox::with_base();
    draft(&sandbox, "Fable 5.2");
    sandbox.ok(&["model", "approve", "--yes"]);
    sandbox.ok(&["model", "plan", "done"]);
    draft(&sandbox, "Sonnet 5.5");
    assert_eq!(
        mistakes(&sandbox),
        ["weak-planner: planned by Sonnet 5.5, where Fable 5.2 is stronger"]
    );
}

#[test]
fn a_large_change_without_a_plan_is_told_of() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["model", "use", "Opus 5.5"]);
    stage(&sandbox, 199);
    assert_eq!(mistakes(&sandbox), [""; 0]);
    stage(&sandbox, 200);
    assert_eq!(mistakes(&sandbox), ["no-plan: 200 lines by Opus 5.5 without an approved plan"]);
    sandbox.ok(&["model", "use", "human"]);
    assert_eq!(mistakes(&sandbox), [""; 0], "a person needs no plan");
}

#[test]
fn a_large_change_that_follows_a_plan_is_none() {
    let sandbox = Sandbox::with_base();
    hand_off(&sandbox, "Opus 5.5", "Sonnet 5.5");
    stage(&sandbox, 300);
    assert_eq!(mistakes(&sandbox), [""; 0]);
}

#[test]
fn a_plan_that_its_planner_carries_out_is_told_of_where_a_lower_tier_is_in_use() {
    let sandbox = Sandbox::with_base();
    hand_off(&sandbox, "Opus 5.5", "Opus 5.5");
    stage(&sandbox, 30);
    assert_eq!(mistakes(&sandbox), [""; 0], "a team of one model");
    sandbox.ok(&["model", "plan", "done"]);
    hand_off(&sandbox, "Opus 5.5", "Sonnet 5.5");
    sandbox.ok(&["model", "plan", "done"]);
    hand_off(&sandbox, "Opus 5.5", "Opus 5.5");
    let told = ["costly-implementer: carried out by Opus 5.5, where Sonnet 5.5 is in use"];
    assert_eq!(mistakes(&sandbox), told);
    sandbox.ok(&["config", "--global", "model.implementer", "Opus 5.5"]);
    assert_eq!(mistakes(&sandbox), [""; 0], "it was set to carry plans out");
}

#[test]
fn a_planner_that_is_the_cheaper_model_on_purpose_is_none() {
    let sandbox = Sandbox::with_base();
    hand_off(&sandbox, "Sonnet 5.5", "Opus 5.5");
    stage(&sandbox, 30);
    assert_eq!(
        mistakes(&sandbox),
        ["weak-planner: planned by Sonnet 5.5, where Opus 5.5 is stronger"]
    );
    sandbox.ok(&["config", "--global", "model.planner", "Sonnet 5.5"]);
    sandbox.ok(&["config", "--global", "model.implementer", "Opus 5.5"]);
    assert_eq!(mistakes(&sandbox), [""; 0]);
}
