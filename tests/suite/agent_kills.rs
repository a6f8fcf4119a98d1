//! Processes that die at any moment, and many at once: what a hook had taken is not lost, and no commit is stopped.

use std::collections::BTreeSet;
use std::fs;

use expect_test::expect;
use git_model::provenance::{CallId, SessionId};
use git_model::store::{Evidence, EvidenceEntry, KeptAction, KeptEdit, KeptEvent, KeptState};

use crate::agent_session::{AgentSession, Tells, numbered};
use crate::sandbox::{Sandbox, check};

const OPUS: &str = "claude-opus-5-5";

/// Returns the calls that the evidence of the repository knows, and how many of its lines are damaged.
fn known_calls(sandbox: &Sandbox) -> (BTreeSet<String>, usize) {
    let contents = Evidence::of(&sandbox.path().join(".git")).read().expect("the evidence");
    let call = |entry: &EvidenceEntry| match entry {
        EvidenceEntry::Event(event) => event.call.clone().map(|call| call.0),
        _ => None,
    };
    (contents.entries.iter().filter_map(call).collect(), contents.damaged)
}

/// Writes the payloads of edits of files of their own beside the repository; returns their calls.
fn payloads(sandbox: &Sandbox, count: usize, content: &str) -> Vec<String> {
    let session = AgentSession::new(sandbox, OPUS, Tells::Both);
    let payload = |number: usize| {
        let (call, result) = session.begin_write(&format!("f{number}.txt"), content);
        let payload = session.payload("PostToolUse", &call, Some(&result));
        fs::write(sandbox.beside(&format!("payload-{number}")), payload.to_string())
            .expect("a payload");
        payload["tool_use_id"].as_str().expect("a call has an id").to_owned()
    };
    (0..count).map(payload).collect()
}

#[test]
fn what_a_hook_took_before_it_was_killed_is_not_lost() {
    const COUNT: usize = 120;
    let sandbox = Sandbox::with_base();
    let calls = payloads(&sandbox, COUNT, &numbered(2000));
    // From before it starts to after it ended, a third of a millisecond apart.
    let script = format!(
        "for one in $(seq 0 {}); do time=$(printf '%05d' $((one * 333 + 100))); \
         timeout -s KILL 0.0$time git-model agent-hook claude-code < ../payload-$one; echo $one $?; done",
        COUNT - 1
    );
    let output = sandbox.here().run("sh", &["-c", &script]);
    let acknowledged = output.stdout.lines().filter_map(|line| line.strip_suffix(" 0"));
    let acknowledged = acknowledged.collect::<Vec<_>>();
    assert!((5..COUNT).contains(&acknowledged.len()), "{}", acknowledged.len());
    let (known, _) = known_calls(&sandbox);
    for number in &acknowledged {
        assert!(known.contains(&calls[number.parse::<usize>().unwrap()]), "{number}");
    }
    sandbox.ok(&["add", "-A"]);
    check(
        &sandbox.git(&["commit", "-q", "-m", "after kills"]),
        &expect![[r#"
            exit 0
        "#]],
    );
    // The session file has no results, so that only the hooks tell.
    let record = &sandbox.note("HEAD")["metadata"]["git-model"];
    let added = record["contributions"][0]["lines"]["added"].as_u64().unwrap();
    assert_eq!(added, 2000 * known.len() as u64);
}

#[test]
fn commits_that_are_killed_stop_no_later_one() {
    const COUNT: usize = 60;
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    // Large enough that commits drop what is not needed any more.
    session.write("large.txt", &numbered(30_000));
    session.edit("large.txt", "line 7\n", "line 7 by the agent\n");
    for number in 0..COUNT {
        session.edit("f.txt", "one\n", &format!("one\nline {number} of the agent\n"));
        sandbox.ok(&["add", "-A"]);
        let script = format!(
            "timeout -s KILL 0.{:04} git commit -q -m {number}; \
             find .git -name '*.lock' -not -path '.git/model/*' -delete",
            number * 20 + 10
        );
        sandbox.here().run("sh", &["-c", &script]);
    }
    sandbox.ok(&["reset", "-q"]); // A commit killed in between may have left the index behind.
    sandbox.ok(&["add", "-A"]);
    check(
        &sandbox.git(&["commit", "-q", "--allow-empty", "-m", "at last"]),
        &expect![[r#"
            exit 0
        "#]],
    );
    sandbox.ok(&["fsck", "--strict"]);
    session.edit("f.txt", "three\n", "three\nthe agent's last line\n");
    sandbox.ok(&["commit", "-q", "-a", "-m", "after kills"]);
    let text = sandbox.drawn("HEAD");
    expect![[r#"
        | after kills
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +1 -0
        f.txt
          Opus 5.5: the agent's last line
    "#]]
    .assert_eq(&text);
    // Whatever was killed: no line of the agent counts as another's, and none of the first commit as the agent's.
    let blame = sandbox.model(&["blame", "f.txt"]).stdout;
    for line in blame.lines() {
        let is_agents = line.contains("agent");
        let is_known = line.contains("Opus 5.5");
        assert!(!is_known || is_agents, "{line}");
    }
    let count = blame.lines().filter(|line| line.contains("Opus 5.5")).count();
    assert!(count > COUNT / 4, "{count} of {COUNT}: {blame}");
}

#[test]
fn eight_writers_of_a_thousand_events_lose_none() {
    let sandbox = Sandbox::with_base();
    let git_dir = sandbox.path().join(".git");
    let event = |writer: usize, number: usize| KeptEvent {
        agent: "claude-code".to_owned(),
        session: SessionId(format!("session-{writer}")),
        at: 0,
        began: None,
        prompt: None,
        subagent: None,
        call: Some(CallId(format!("{writer}-{number}"))),
        turn: None,
        in_plan_mode: false,
        what: KeptAction::Edited {
            files: vec![KeptEdit {
                path: format!("f{number}"),
                before: KeptState::Absent,
                after: KeptState::Unknown,
                hunks: Vec::new(),
            }],
        },
    };
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let (git_dir, event) = (&git_dir, &event);
            scope.spawn(move || {
                for number in 0..1000 {
                    let entry = EvidenceEntry::Event(Box::new(event(writer, number)));
                    Evidence::of(git_dir).append(&[entry]).unwrap();
                }
            });
        }
    });
    let (known, damaged) = known_calls(&sandbox);
    assert_eq!((known.len(), damaged), (8000, 0));
}

#[test]
fn eight_processes_at_once_lose_no_event_while_commits_are_made() {
    let sandbox = Sandbox::with_base();
    let calls = payloads(&sandbox, 160, "alpha\n");
    let script = "for writer in 0 1 2 3 4 5 6 7; do ( for one in $(seq $((writer * 20)) $((writer * 20 + 19))); do \
                  git-model agent-hook claude-code < ../payload-$one || echo failed; done ) & done; \
                  for one in 1 2 3 4 5; do echo $one > by-hand; git add by-hand; git commit -q -m $one || echo failed; \
                  done; wait";
    check(
        &sandbox.here().run("sh", &["-c", script]),
        &expect![[r#"
            exit 0
        "#]],
    );
    let (known, damaged) = known_calls(&sandbox);
    assert_eq!((known, damaged), (calls.into_iter().collect(), 0));
}
