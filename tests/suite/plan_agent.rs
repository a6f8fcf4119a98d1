//! Plans that an agent's own plan mode made, as the workflow takes them over.

use expect_test::expect;
use git_model::clock;
use git_model::git::Repo;
use git_model::provenance::{Actor, Grade, ModelName, Plan, Planner};
use git_model::workflow::{AgentPlan, Workflow};

use crate::sandbox::Sandbox;

fn model(name: &str) -> ModelName {
    ModelName::parse(name).expect("a name")
}

fn told(text: &str, at: i64) -> AgentPlan {
    AgentPlan {
        agent: "claude-code".to_owned(),
        session: "5f0d".to_owned(),
        text: text.to_owned(),
        written: None,
        planner: Some(Planner {
            model: model("claude-opus-5-5").with_effort("high"),
            requested: None,
            agent: Some("claude-code".to_owned()),
            session: Some("5f0d".to_owned()),
            grade: Grade::Observed,
        }),
        shown_at: at,
        approved: Some((Actor::Person("A. Park".to_owned()), at + 60)),
    }
}

fn story(sandbox: &Sandbox, plan: &Plan) -> String {
    let shown = sandbox.ok(&["model", "plan", "show", plan.id.as_str()]);
    sandbox.normal(shown.split("\nText").next().unwrap_or_default())
}

/// Works on the plans of a sandbox as a hook would.
fn workflow(repo: &Repo) -> Workflow<'_> {
    Workflow::new(repo, Actor::Automation { agent: "claude-code".to_owned() }, clock::now())
}

#[test]
fn a_plan_of_an_agent_is_taken_once_and_its_implementer_is_a_handoff() {
    let sandbox = Sandbox::with_base();
    let repo = Repo::open_for_hook(sandbox.path()).expect("a repository");
    let workflow = workflow(&repo);
    let at = clock::now().timestamp() - 3600;
    let mut first = told("# Cache\n\n1. Keys\n2. Expiry of 1 minute\n", at);
    first.written = Some("# Cache\n\n1. Keys\n2. Expiry\n".to_owned());
    let unapproved = AgentPlan { approved: None, ..first.clone() };
    let draft = workflow.take_from_agent(&unapproved, None).expect("a draft");
    let plan = workflow.take_from_agent(&first, None).expect("a plan");
    let again = workflow.take_from_agent(&first, None).expect("the same plan");
    assert_eq!((&draft.id, &again), (&plan.id, &plan));
    let same = model("claude-opus-5-5").with_effort("high");
    let begun =
        workflow.take_implementer(&plan.id, ("claude-code", &same), at + 90).expect("begun");
    assert_eq!(begun.events.len(), plan.events.len(), "the planner goes on: no handoff");
    let sonnet = model("claude-sonnet-5-5");
    for _ in 0..2 {
        workflow
            .take_implementer(&plan.id, ("claude-code", &sonnet), at + 120)
            .expect("handed off");
    }
    expect![[r#"
        Plan <2> "Cache", version 1: implementing

        Planned by  Opus 5.5 (effort high); observed, in claude-code
        Approved    all by A. Park, <time>
        Handed off  all to Sonnet 5.5, <time>
        Commits     none; no course correction

        Step                  Approved  Handed off
        1 Keys                yes       yes
        2 Expiry of 1 minute  yes       yes

        Story

        <time>  drafted, planned by Opus 5.5 (effort high); by automation
                          (claude-code)
        <time>  edited, planned by Opus 5.5 (effort high); by A. Park
        <time>  approved; by A. Park
        <time>  handed off, Opus 5.5 (effort high) -> Sonnet 5.5; by
                          automation (claude-code)
    "#]]
    .assert_eq(&story(&sandbox, &plan));
}

#[test]
fn back_to_plan_mode_in_the_middle_is_a_course_correction() {
    let sandbox = Sandbox::with_base();
    let repo = Repo::open_for_hook(sandbox.path()).expect("a repository");
    let workflow = workflow(&repo);
    let at = clock::now().timestamp() - 3600;
    let plan = workflow.take_from_agent(&told("1. Keys\n", at), None).expect("a plan");
    let low = model("claude-opus-5-5").with_effort("low");
    workflow.take_implementer(&plan.id, ("claude-code", &low), at + 120).expect("another effort");
    let second = told("1. Keys\n2. Expiry\n", at + 600);
    for _ in 0..2 {
        let corrects = Some((&plan.id, "went back to plan mode"));
        workflow.take_from_agent(&second, corrects).expect("a second version");
    }
    workflow.take_implementer(&plan.id, ("claude-code", &low), at + 900).expect("handed off");
    expect![[r#"
        Plan <2> "1. Keys", version 2: implementing

        Planned by  Opus 5.5 (effort high); observed, in claude-code
        Approved    all by A. Park, <time>
        Handed off  all to Opus 5.5 (effort low), <time>
        Commits     none; 1 course correction

        Step      Approved  Handed off
        1 Keys    yes       yes
        2 Expiry  yes       yes

        Story

        <time>  drafted, planned by Opus 5.5 (effort high); by automation
                          (claude-code) (version 1)
        <time>  approved; by A. Park
        <time>  handed off, Opus 5.5 (effort high) -> Opus 5.5 (effort low);
                          by automation (claude-code)
        <time>  course correction: sent back to Opus 5.5 (effort high): went
                          back to plan mode; by automation (claude-code) (version 2)
        <time>  edited, planned by Opus 5.5 (effort high); by automation
                          (claude-code)
        <time>  approved; by A. Park
        <time>  handed off, Opus 5.5 (effort high) -> Opus 5.5 (effort low);
                          by automation (claude-code)
    "#]]
    .assert_eq(&story(&sandbox, &plan));
}
