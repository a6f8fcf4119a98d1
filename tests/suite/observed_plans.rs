//! Plans that were made and approved in an agent: they become plans here, with nothing typed.

use std::fs;

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::agent_session::{AgentSession, Tells, numbered};
use crate::sandbox::Sandbox;

const OPUS: &str = "claude-opus-5-5";
const SONNET: &str = "claude-sonnet-5-5";

const PLAN: &str = "# Cache lookups\n\n1. Add the cache in a.txt, behind the lookup of users\n2. Expire its entries after five minutes\n";

fn commit(sandbox: &Sandbox, message: &str) {
    sandbox.ok(&["add", "-A"]);
    // The plan was approved now, and not when the sandbox says that it is.
    let now = format!("@{} +0000", git_model::clock::now().timestamp());
    let call = sandbox.at(sandbox.path()).env("GIT_COMMITTER_DATE", &now);
    let output = call.run("git", &["commit", "-q", "-m", message]);
    assert_eq!(output.code, 0, "{}", output.stderr);
}

/// Lets a model write a plan and a person approve it, perhaps after changing it.
fn plan(session: &AgentSession<'_>, text: &str, approved: &str) {
    session.line(json!({"type": "attachment", "attachment": {"type": "plan_mode"}}));
    let call = session.call("ExitPlanMode", json!({"plan": text, "planFilePath": "/p.md"}));
    let result = json!({"plan": approved, "isAgent": false, "filePath": "/p.md"});
    session.approved(&call, &result);
    session.line(json!({"type": "attachment", "attachment": {"type": "plan_mode_exit"}}));
}

/// Returns the plans as a list says them, without ids and times.
fn plans(sandbox: &Sandbox) -> Vec<Value> {
    let list: Value =
        serde_json::from_str(&sandbox.ok(&["model", "plan", "list", "--format", "json"]))
            .expect("JSON");
    list["plans"].as_array().cloned().unwrap_or_default()
}

/// Returns the story of the only plan: what happened, who did it, which version.
fn story(sandbox: &Sandbox) -> String {
    let all = plans(sandbox);
    assert_eq!(all.len(), 1, "{all:?}");
    let id = all[0]["id"].as_str().expect("an id");
    let shown: Value =
        serde_json::from_str(&sandbox.ok(&["model", "plan", "show", "--format", "json", id]))
            .expect("JSON");
    let plan = &shown["plan"];
    let mut lines = format!("{} v{}: {}\n", plan["state"], plan["version"], plan["title"]);
    for event in shown["history"].as_array().into_iter().flatten() {
        let mut event = event.clone();
        let fields = event.as_object_mut().expect("an object");
        fields.retain(|key, _| !matches!(key.as_str(), "at" | "hash" | "time" | "commits"));
        lines += &format!("{event}\n").replace(id, "<id>");
    }
    for one in shown["commits"].as_array().into_iter().flatten() {
        lines += &format!("commit: {} version {}\n", one["subject"], one["version"]);
    }
    lines
}

#[test]
fn an_approved_plan_is_here_at_once_and_its_commit_follows_it() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    plan(&session, PLAN, PLAN);
    assert_eq!(plans(&sandbox)[0]["state"], "approved", "before any commit");
    session.switch(SONNET);
    session.write("a.txt", "cache\n");
    commit(&sandbox, "Cache lookups");
    expect![[r#"
        "implementing" v1: "Cache lookups"
        {"by":{"agent":"claude-code","kind":"automation"},"planner":{"agent":"claude-code","effort":"medium","grade":"observed","kind":"model","model":"claude-opus-5-5","name":"Opus 5.5"},"version":1,"what":"created"}
        {"by":{"kind":"person","name":"Cora Committer"},"version":1,"what":"approved"}
        {"by":{"agent":"claude-code","kind":"automation"},"from":{"effort":"medium","kind":"model","model":"claude-opus-5-5","name":"Opus 5.5"},"to":{"effort":"medium","kind":"model","model":"claude-sonnet-5-5","name":"Sonnet 5.5"},"version":1,"what":"handed-off"}
        commit: "Cache lookups" version 1
    "#]].assert_eq(&story(&sandbox));
    expect![[r#"
        | Cache lookups
        |
        | Model: Opus 5.5 (architecture)
        | Model: Sonnet 5.5 (implementation)
        commit
        Opus 5.5 (architecture) observed +0 -0
        Sonnet 5.5 (implementation) observed +1 -0
        a.txt
          Sonnet 5.5: cache
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
    let shown = sandbox.ok(&["model", "show"]);
    assert!(shown.contains("Cache lookups"), "{shown}");
    sandbox.write("b.txt", "by hand\n");
    commit(&sandbox, "Something else");
    assert!(!sandbox.ok(&["log", "-1", "--format=%B"]).contains("Model:"));
}

#[test]
fn a_session_file_alone_tells_it_too() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::FileAlone);
    plan(&session, PLAN, PLAN);
    session.switch(SONNET);
    session.write("a.txt", "cache\n");
    commit(&sandbox, "Cache lookups");
    expect![[r#"
        "implementing" v1: "Cache lookups"
        {"by":{"agent":"claude-code","kind":"automation"},"planner":{"agent":"claude-code","effort":"medium","grade":"observed","kind":"model","model":"claude-opus-5-5","name":"Opus 5.5"},"version":1,"what":"created"}
        {"by":{"kind":"person","name":"Cora Committer"},"version":1,"what":"approved"}
        {"by":{"agent":"claude-code","kind":"automation"},"from":{"effort":"medium","kind":"model","model":"claude-opus-5-5","name":"Opus 5.5"},"to":{"effort":"medium","kind":"model","model":"claude-sonnet-5-5","name":"Sonnet 5.5"},"version":1,"what":"handed-off"}
        commit: "Cache lookups" version 1
    "#]].assert_eq(&story(&sandbox));
}

#[test]
fn a_change_of_the_plan_by_hand_is_told() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    plan(&session, PLAN, &PLAN.replace("five", "ten"));
    session.write("a.txt", "cache\n");
    commit(&sandbox, "Cache lookups");
    expect![[r#"
        "implementing" v1: "Cache lookups"
        {"by":{"agent":"claude-code","kind":"automation"},"planner":{"agent":"claude-code","effort":"medium","grade":"observed","kind":"model","model":"claude-opus-5-5","name":"Opus 5.5"},"version":1,"what":"created"}
        {"by":{"kind":"person","name":"Cora Committer"},"planner":{"agent":"claude-code","effort":"medium","grade":"observed","kind":"model","model":"claude-opus-5-5","name":"Opus 5.5"},"version":1,"what":"edited"}
        {"by":{"kind":"person","name":"Cora Committer"},"version":1,"what":"approved"}
        commit: "Cache lookups" version 1
    "#]].assert_eq(&story(&sandbox));
}

#[test]
fn back_to_plan_mode_in_the_middle_is_a_course_correction() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    plan(&session, PLAN, PLAN);
    session.switch(SONNET);
    session.write("a.txt", "cache\n");
    session.prompt("That does not work, plan again");
    session.switch(OPUS);
    let second = PLAN.replace("five minutes", "one hour");
    plan(&session, &second, &second);
    session.switch(SONNET);
    session.write("a.txt", "cache for an hour\n");
    commit(&sandbox, "Cache lookups");
    expect![[r#"
        "implementing" v2: "Cache lookups"
        {"by":{"agent":"claude-code","kind":"automation"},"planner":{"agent":"claude-code","effort":"medium","grade":"observed","kind":"model","model":"claude-opus-5-5","name":"Opus 5.5"},"version":1,"what":"created"}
        {"by":{"kind":"person","name":"Cora Committer"},"version":1,"what":"approved"}
        {"by":{"agent":"claude-code","kind":"automation"},"from":{"effort":"medium","kind":"model","model":"claude-opus-5-5","name":"Opus 5.5"},"to":{"effort":"medium","kind":"model","model":"claude-sonnet-5-5","name":"Sonnet 5.5"},"version":1,"what":"handed-off"}
        {"by":{"agent":"claude-code","kind":"automation"},"reason":"back to plan mode while implementing","to":{"agent":"claude-code","effort":"medium","grade":"observed","kind":"model","model":"claude-opus-5-5","name":"Opus 5.5"},"version":2,"what":"escalated"}
        {"by":{"agent":"claude-code","kind":"automation"},"planner":{"agent":"claude-code","effort":"medium","grade":"observed","kind":"model","model":"claude-opus-5-5","name":"Opus 5.5"},"version":2,"what":"edited"}
        {"by":{"kind":"person","name":"Cora Committer"},"version":2,"what":"approved"}
        {"by":{"agent":"claude-code","kind":"automation"},"from":{"effort":"medium","kind":"model","model":"claude-opus-5-5","name":"Opus 5.5"},"to":{"effort":"medium","kind":"model","model":"claude-sonnet-5-5","name":"Sonnet 5.5"},"version":2,"what":"handed-off"}
        commit: "Cache lookups" version 2
    "#]].assert_eq(&story(&sandbox));
}

#[test]
fn the_next_plan_of_a_session_is_another_one() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    plan(&session, PLAN, PLAN);
    session.write("a.txt", "cache\n");
    commit(&sandbox, "Cache lookups");
    session.prompt("And now the next thing");
    let second = "# Write it down\n\nSay in b.txt how long entries live, and why it is so long\n";
    plan(&session, second, second);
    session.write("b.txt", "five minutes\n");
    commit(&sandbox, "Write it down");
    let titles = plans(&sandbox).iter().map(|plan| plan["title"].clone()).collect::<Vec<_>>();
    assert_eq!(titles.len(), 2, "{titles:?}");
    assert!(titles.contains(&json!("Write it down")), "{titles:?}");
}

#[test]
fn a_second_session_that_is_given_the_plan_follows_it() {
    let sandbox = Sandbox::with_base();
    let first = AgentSession::new(&sandbox, OPUS, Tells::Both);
    plan(&first, PLAN, PLAN);
    let second = AgentSession::at(&sandbox, sandbox.path(), 2, SONNET, Tells::Both);
    second.prompt(&format!("Carry this out:\n\n{PLAN}"));
    second.write("a.txt", "cache\n");
    commit(&sandbox, "Cache lookups");
    expect![[r#"
        | Cache lookups
        |
        | Model: Opus 5.5 (architecture)
        | Model: Sonnet 5.5 (implementation)
        commit
        Opus 5.5 (architecture) observed +0 -0
        Sonnet 5.5 (implementation) observed +1 -0
        a.txt
          Sonnet 5.5: cache
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

fn handed_off(sandbox: &Sandbox, expected: &Expect) {
    fs::write(sandbox.beside("plan.md"), PLAN).expect("a plan");
    let file = sandbox.beside("plan.md");
    let file = file.to_str().expect("a path");
    sandbox.ok(&["model", "plan", "new", "--model", "Opus 5.5", file]);
    sandbox.ok(&["model", "approve", "--yes"]);
    let text = sandbox.ok(&["model", "handoff", "--to", "Sonnet 5.5"]);
    let session = AgentSession::new(sandbox, SONNET, Tells::Both);
    session.prompt(&text);
    session.write("a.txt", "cache\n");
    commit(sandbox, "Cache lookups");
    expected.assert_eq(&(story(sandbox) + &sandbox.drawn("HEAD")));
}

#[test]
fn a_session_that_is_given_the_text_of_a_handoff_follows_that_plan() {
    handed_off(
        &Sandbox::with_base(),
        &expect![[r#"
            "implementing" v1: "Cache lookups"
            {"by":{"kind":"person","name":"Cora Committer"},"planner":{"grade":"declared","kind":"model","model":"claude-opus-5-5","name":"Opus 5.5"},"version":1,"what":"created"}
            {"by":{"kind":"person","name":"Cora Committer"},"version":1,"what":"approved"}
            {"by":{"kind":"person","name":"Cora Committer"},"from":{"kind":"model","model":"claude-opus-5-5","name":"Opus 5.5"},"to":{"kind":"model","model":"claude-sonnet-5-5","name":"Sonnet 5.5"},"version":1,"what":"handed-off"}
            commit: "Cache lookups" version 1
            | Cache lookups
            |
            | Model: Opus 5.5 (architecture)
            | Model: Sonnet 5.5 (implementation)
            commit
            Opus 5.5 (architecture) declared +0 -0
            Sonnet 5.5 (implementation) observed +1 -0
            a.txt
              Sonnet 5.5: cache
        "#]],
    );
}

#[test]
fn a_plan_that_was_given_up_is_not_followed() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    plan(&session, PLAN, PLAN);
    session.write("a.txt", "cache\n");
    let id = plans(&sandbox)[0]["id"].as_str().expect("an id").to_owned();
    sandbox.ok(&["model", "plan", "abandon", &id]);
    commit(&sandbox, "Cache lookups");
    expect![[r#"
        | Cache lookups
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +1 -0
        a.txt
          Opus 5.5: cache
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_full_log_tells_what_became_of_plans_and_how_work_was_shared() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    plan(&session, PLAN, PLAN);
    session.switch(SONNET);
    session.write("a.txt", "cache\n");
    commit(&sandbox, "Cache lookups");
    session.prompt("Now something large, without a plan");
    session.switch(OPUS);
    session.write("large.txt", &numbered(250));
    commit(&sandbox, "Large");
    let log: Value =
        serde_json::from_str(&sandbox.ok(&["model", "log", "--full", "--format", "json"]))
            .expect("JSON");
    let plans = json!({
        "followed": 1, "approved_before_first_commit": 1, "approved_after": 0, "never_approved": 0,
        "not_here": 0, "without_commits": 0, "course_corrections": 0, "handoffs_missing": 0,
    });
    let mut told = log["plans"].clone();
    let times = told.as_object_mut().and_then(|plans| plans.remove("times")).expect("times");
    assert_eq!(told, plans);
    assert_eq!((&times[0]["implementer"], &times[0]["plans"]), (&json!("Sonnet 5.5"), &json!(1)));
    let mistakes = log["mistakes"].as_array().expect("mistakes");
    let counted = mistakes.iter().map(|one| (one["kind"].clone(), one["commits"].clone()));
    let expected = [("weak-planner", 0), ("no-plan", 1), ("costly-implementer", 0)];
    let expected = expected.map(|(kind, commits)| (json!(kind), json!(commits)));
    assert_eq!(counted.collect::<Vec<_>>(), expected);
    let screen = sandbox.ok(&["model", "log", "--full"]);
    let part = screen.split("Plans ").nth(1).expect("what became of plans");
    expect![[r#"
            1 followed by commits: 1 approved before the first commit
        Time      Sonnet 5.5: 0 min from approval to the last commit, 1 plan
        Mistakes  1 commit of 200 lines or more without an approved plan

    "#]]
    .assert_eq(part.split("Cost").next().unwrap_or(""));
    sandbox.ok(&["config", "model.mistake.noPlan", "false"]);
    assert!(!sandbox.ok(&["model", "log", "--full"]).contains("without an approved plan"));
}
