//! What stands in `plan.json`, old and new, whole and damaged.

use super::{PlanHead, SCHEMA, message, wire};
use crate::provenance::{
    Actor, CommitId, Grade, ModelName, Plan, PlanAction, PlanEvent, PlanId, PlanState, Planner,
    Scope,
};

fn id() -> PlanId {
    "7f3a9c1b".parse().unwrap()
}

fn hash(byte: u8) -> CommitId {
    CommitId::from_bytes(&[byte; 20]).unwrap()
}

fn event(at: i64, version: u32, action: PlanAction) -> PlanEvent {
    let by = Actor::Person("A. Park".to_owned());
    PlanEvent { at, by, version, hash: hash(1), action }
}

fn plan() -> Plan {
    let planner = Planner {
        model: ModelName::parse("Opus 5.5").unwrap().with_effort("high"),
        requested: Some(ModelName::parse("Fable 5.2").unwrap()),
        agent: None,
        session: None,
        grade: Grade::Declared,
    };
    let steps = Scope::Part("1-2".parse().unwrap());
    let handed = PlanAction::HandedOff {
        from: Some(planner.model.clone()),
        to: ModelName::parse("Sonnet 5.5").unwrap(),
        scope: steps.clone(),
    };
    let back = PlanAction::Escalated {
        reason: "it leaks".to_owned(),
        to: Some(planner.clone()),
        commits: vec![hash(2)],
    };
    let automation = PlanEvent {
        by: Actor::Automation { agent: "claude-code".to_owned() },
        ..event(1_795_573_640, 1, PlanAction::Approved { scope: steps })
    };
    Plan {
        id: id(),
        title: "Redis cache layer".to_owned(),
        request: Some("Use Opus".to_owned()),
        state: PlanState::Draft,
        version: 2,
        text: "1. a\n2. b\n3. c\n".to_owned(),
        hash: hash(1),
        planner: Some(planner.clone()),
        events: vec![
            event(1_795_573_577, 1, PlanAction::Created { planner: Some(planner) }),
            automation,
            event(1_795_573_700, 1, handed),
            event(1_795_573_800, 2, back),
        ],
    }
}

#[test]
fn a_plan_is_read_as_it_was_written() {
    let json = wire::render(&plan());
    let (read, newer) = wire::parse(&id(), json.as_bytes(), plan().text, hash(1)).unwrap();
    assert_eq!((read, newer), (plan(), None));
    let expected = "plan: escalate\n\nPlan-Title: Redis cache layer\nPlan-State: draft\nPlan-Version: 2\n\
                    Plan-Model: claude-opus-5-5\nPlan-Changed: 2026-11-25T02:30:00Z\n";
    assert_eq!(message(&plan(), "escalate"), expected);
    let head = PlanHead::parse(&message(&plan(), "escalate")).unwrap();
    assert_eq!((head.title.as_str(), head.version), ("Redis cache layer", 2));
    assert_eq!(PlanHead::parse("plan: new\n\nPlan-Title: x\n"), None);
}

#[test]
fn a_newer_minor_version_is_read_and_a_newer_major_one_is_refused() {
    let json = wire::render(&plan());
    let minor = json
        .replace(&format!("\"schema\": \"{SCHEMA}\""), "\"schema\": \"1.7\", \"colour\": 3")
        .replace("handed-off", "lent");
    let (read, newer) = wire::parse(&id(), minor.as_bytes(), plan().text, hash(1)).unwrap();
    assert_eq!(newer.as_deref(), Some("1.7"));
    assert_eq!(read.events[2].action, PlanAction::Unknown);
    let major = json.replace("\"1.0\"", "\"2.0\"");
    let error = wire::parse(&id(), major.as_bytes(), String::new(), hash(1)).unwrap_err();
    assert_eq!(error.to_string(), "the plan 7f3a9c1b has format 2.0, newer than 1.0");
}

#[test]
fn damage_is_said_and_a_text_that_others_changed_is_not_approved() {
    let json = wire::render(&plan());
    for (broken, said) in [
        (String::new(), "plan.json: EOF while parsing a value at line 1 column 0"),
        (json[..200].to_owned(), "plan.json: "),
        (json.replace("7f3a9c1b", "00000bad"), "plan.json is that of 00000bad"),
        (
            json.replace("\"events\": [", "\"events\": [], \"others\": ["),
            "plan.json tells no events",
        ),
    ] {
        let error = wire::parse(&id(), broken.as_bytes(), String::new(), hash(1)).unwrap_err();
        let start = format!("the plan 7f3a9c1b is damaged: {said}");
        assert!(error.to_string().starts_with(&start), "{error}");
    }
    let approved = json.replace("\"draft\"", "\"approved\"");
    let (read, _) = wire::parse(&id(), approved.as_bytes(), "other".into(), hash(9)).unwrap();
    assert_eq!((read.state, read.approved()), (PlanState::Draft, None));
}
