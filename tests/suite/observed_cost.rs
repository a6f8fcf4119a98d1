//! What the sessions cost goes to the commits that use their work, once.

use expect_test::expect;
use serde_json::{Value, json};

use crate::agent_session::{AgentSession, Tells};
use crate::sandbox::Sandbox;

const OPUS: &str = "claude-opus-5-5";
const SONNET: &str = "claude-sonnet-5-5";

fn commit(sandbox: &Sandbox, message: &str) {
    sandbox.ok(&["add", "-A"]);
    sandbox.ok(&["commit", "-q", "--allow-empty", "-m", message]);
}

/// Returns the cost that the record of a commit holds: session, model, phase, answers, tokens written.
fn cost(sandbox: &Sandbox, revision: &str) -> Vec<String> {
    let shown: Value =
        serde_json::from_str(&sandbox.ok(&["model", "show", "--format", "json", revision]))
            .expect("JSON");
    let rows = shown["usage"].as_array().cloned().unwrap_or_default();
    rows.iter()
        .map(|row| {
            format!(
                "{} {} {} {} {}",
                &row["session"].as_str().expect("a session")[..8],
                row["name"].as_str().expect("a name"),
                row["phase"].as_str().expect("a phase"),
                row["answers"],
                row["tokens"]["output"],
            )
        })
        .collect()
}

#[test]
fn a_commit_takes_what_came_since_the_one_before() {
    for tells in [Tells::Both, Tells::FileAlone] {
        let sandbox = Sandbox::with_base();
        let session = AgentSession::new(&sandbox, OPUS, tells);
        session.write("a.txt", "one of opus\n");
        session.switch(SONNET);
        session.write("b.txt", "one of sonnet\n");
        session.edit("b.txt", "one", "two");
        commit(&sandbox, "first");
        let first =
            ["00000001 Opus 5.5 implementation 1 25", "00000001 Sonnet 5.5 implementation 2 50"];
        assert_eq!(cost(&sandbox, "HEAD"), first);
        session.edit("b.txt", "two", "three");
        commit(&sandbox, "second");
        assert_eq!(cost(&sandbox, "HEAD"), ["00000001 Sonnet 5.5 implementation 1 25"]);
        assert_eq!(cost(&sandbox, "HEAD~1"), first);
    }
}

#[test]
fn a_session_pays_for_nothing_that_another_wrote() {
    let sandbox = Sandbox::with_base();
    let talks = AgentSession::at(&sandbox, sandbox.path(), 2, OPUS, Tells::FileAlone);
    talks.call("Read", json!({"file_path": "f.txt"}));
    let writes = AgentSession::new(&sandbox, SONNET, Tells::Both);
    writes.write("a.txt", "one of sonnet\n");
    commit(&sandbox, "first");
    assert_eq!(cost(&sandbox, "HEAD"), ["00000001 Sonnet 5.5 implementation 1 25"]);
    sandbox.write("by hand.txt", "nobody's\n");
    commit(&sandbox, "second");
    assert_eq!(cost(&sandbox, "HEAD"), [""; 0]);
    talks.write("c.txt", "one of opus\n");
    commit(&sandbox, "third");
    assert_eq!(cost(&sandbox, "HEAD"), ["00000002 Opus 5.5 implementation 2 50"]);
}

#[test]
fn an_answer_of_several_lines_counts_once_also_over_two_commits() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, SONNET, Tells::Both);
    let line = |block: &Value| {
        session.line(json!({
            "type": "assistant",
            "effort": "medium",
            "message": {
                "id": "msg_one", "role": "assistant", "model": SONNET, "content": [block],
                "usage": {"input_tokens": 7, "output_tokens": 1000},
            },
        }));
    };
    session.write("a.txt", "one\n");
    line(&json!({"type": "text", "text": "Now"}));
    commit(&sandbox, "first");
    line(&json!({"type": "text", "text": "I"}));
    line(&json!({"type": "text", "text": "write"}));
    session.write("a.txt", "two\n");
    commit(&sandbox, "second");
    assert_eq!(cost(&sandbox, "HEAD~1"), ["00000001 Sonnet 5.5 implementation 2 1025"]);
    assert_eq!(cost(&sandbox, "HEAD"), ["00000001 Sonnet 5.5 implementation 1 25"]);
}

#[test]
fn what_a_fork_copies_is_not_counted_again() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, SONNET, Tells::Both);
    session.write("a.txt", "one\n");
    session.edit("a.txt", "one", "two");
    commit(&sandbox, "first");
    assert_eq!(cost(&sandbox, "HEAD"), ["00000001 Sonnet 5.5 implementation 2 50"]);
    let fork = AgentSession::at(&sandbox, sandbox.path(), 2, SONNET, Tells::Both);
    let lines = std::fs::read_to_string(session.file()).expect("a session file");
    let own = std::fs::read_to_string(fork.file()).expect("a session file");
    let copied = lines.replace(session.id(), fork.id()) + &own;
    std::fs::write(fork.file(), copied).expect("a session file");
    fork.edit("a.txt", "two", "three");
    commit(&sandbox, "second");
    assert_eq!(cost(&sandbox, "HEAD"), ["00000002 Sonnet 5.5 implementation 1 25"]);
}

#[test]
fn an_amended_and_a_rebased_commit_keep_theirs_and_a_pick_costs_nothing() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, SONNET, Tells::Both);
    session.write("a.txt", "one\n");
    commit(&sandbox, "first");
    session.write("b.txt", "one\n");
    sandbox.ok(&["add", "-A"]);
    sandbox.ok(&["commit", "-q", "--amend", "--no-edit"]);
    assert_eq!(cost(&sandbox, "HEAD"), ["00000001 Sonnet 5.5 implementation 2 50"]);
    session.write("c.txt", "one\n");
    commit(&sandbox, "second");
    sandbox.ok(&["checkout", "-q", "-b", "other", "HEAD~2"]);
    sandbox.write("d.txt", "by hand\n");
    commit(&sandbox, "other");
    sandbox.ok(&["rebase", "-q", "other", "main"]);
    assert_eq!(cost(&sandbox, "HEAD~1"), ["00000001 Sonnet 5.5 implementation 2 50"]);
    assert_eq!(cost(&sandbox, "HEAD"), ["00000001 Sonnet 5.5 implementation 1 25"]);
    sandbox.ok(&["checkout", "-q", "-b", "picks", "other"]);
    sandbox.ok(&["cherry-pick", "main~1"]);
    assert_eq!(cost(&sandbox, "HEAD"), [""; 0]);
}

#[test]
fn a_commit_in_a_linked_worktree_takes_its_session_s_cost() {
    let sandbox = Sandbox::with_base();
    let linked = sandbox.beside("linked");
    sandbox.ok(&["worktree", "add", "-q", linked.to_str().expect("a path")]);
    let session = AgentSession::at(&sandbox, &linked, 1, OPUS, Tells::Both);
    session.write("a.txt", "one\n");
    for count in [1, 2] {
        let git = |arguments: &[&str]| {
            let output = sandbox.at(&linked).run("git", arguments);
            assert_eq!(output.code, 0, "{}", output.stderr);
        };
        git(&["add", "-A"]);
        git(&["commit", "-q", "-m", "linked"]);
        let expected = format!("00000001 Opus 5.5 implementation {count} {}", count * 25);
        assert_eq!(cost(&sandbox, "linked"), [expected]);
        session.write("a.txt", "two\n");
        session.edit("a.txt", "two", "three");
    }
}

#[test]
fn the_screen_says_it_in_words() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.write("a.txt", "one\n");
    commit(&sandbox, "first");
    let shown = sandbox.ok(&["model", "show"]);
    let line = shown.lines().find(|line| line.starts_with("Tokens")).expect("a line with tokens");
    assert!(
        line.ends_with("Opus 5.5 at medium (implementation): 100 in, 25 out; 1 answer"),
        "{line}"
    );
}

#[test]
fn the_log_sums_it_up_and_leaves_nothing_of_the_sessions_out() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.write("a.txt", "one\n");
    session.switch(SONNET);
    session.write("b.txt", "one\n");
    commit(&sandbox, "first");
    session.edit("b.txt", "one", "two");
    commit(&sandbox, "second");
    // Nobody will commit these; what was read by then is told.
    session.call("Read", json!({"file_path": "a.txt"}));
    let other = AgentSession::at(&sandbox, sandbox.path(), 2, OPUS, Tells::FileAlone);
    other.call("Read", json!({"file_path": "a.txt"}));
    sandbox.write("c.txt", "by hand\n");
    commit(&sandbox, "third");
    let log: Value =
        serde_json::from_str(&sandbox.ok(&["model", "log", "--cost", "--format", "json"]))
            .expect("JSON");
    let rows = |key: &str| log["cost"][key].as_array().cloned().unwrap_or_default();
    let told = |row: &Value| {
        format!("{} {} {}", row["name"].as_str().unwrap_or(""), row["commits"], row["answers"])
    };
    assert_eq!(
        rows("rows").iter().map(told).collect::<Vec<_>>(),
        ["Sonnet 5.5 2 2", "Opus 5.5 1 1"]
    );
    let files = [session.file(), other.file()];
    let texts = files.map(|file| std::fs::read_to_string(file).expect("a session file"));
    let answers = texts.iter().flat_map(|text| text.lines());
    let answers = answers.filter(|line| line.contains(r#""type":"assistant""#)).count() as u64;
    let all = [rows("rows"), rows("not_committed")].concat();
    let sum =
        |pointer: &str| all.iter().filter_map(|row| row.pointer(pointer)?.as_u64()).sum::<u64>();
    assert_eq!(sum("/answers"), answers);
    assert_eq!((sum("/tokens/input"), sum("/tokens/output")), (100 * answers, 25 * answers));
    assert_eq!((&log["cost"]["recorded"], &log["cost"]["known"]), (&json!(2), &json!(2)));
    expect![[r#"
        it's a repo, main: 4 commits; since the first AI mark 2 of 4 known, 50 %

          recorded    2   2 observed
          marks only  0
          human       0
          unknown     2   2 since the first mark (2026-01-01)

        Model       planned  wrote  reviewed  phase not said
        Sonnet 5.5        -      2         -               -
        Opus 5.5          -      1         -               -
        (a commit counts in every cell that applies; more: git model log --full)

        Model       phase           commits  answers   in  out  cached   list price
        Sonnet 5.5  implementation        2        2  200   50       -  under $0.01
        Opus 5.5    implementation        1        1  100   25       -  under $0.01
        (list prices of input and output; what caches save or cost is not counted)

        Cost  under $0.01 at list prices of 2026-11; tokens known of 2 of 2 commits with
              a record
              not committed: under $0.01, 2 answers
    "#]]
    .assert_eq(&sandbox.ok(&["model", "log", "--cost"]));
    expect![[r#"
        model,name,phase,commits,answers,input,output,cache_read,cache_write,usd
        claude-sonnet-5-5,Sonnet 5.5,implementation,2,2,200,50,0,0,0.000900
        claude-opus-5-5,Opus 5.5,implementation,1,1,100,25,0,0,0.000900
    "#]]
    .assert_eq(&sandbox.ok(&["model", "log", "--cost", "--format", "csv"]).replace("\r\n", "\n"));
}
