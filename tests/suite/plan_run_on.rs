//! A plan's further way with models: sent back to one that is asked, and handed to one whose program is started.

use expect_test::expect;

use crate::plan_way::{committed, drafted, now};
use crate::sandbox::Sandbox;
use crate::stand_in::{PLAN, StandIn};

#[test]
fn a_plan_is_sent_back_when_there_is_an_answer_and_not_before() {
    let sandbox = Sandbox::with_base();
    let program = StandIn::new(&sandbox);
    drafted(&sandbox, &["--model", "Opus 5.5"], PLAN);
    let git = now(&sandbox);
    git.ok(&["model", "approve", "--yes"]);
    git.ok(&["model", "handoff", "--to", "Sonnet 5.5", "--use"]);
    committed(&sandbox, "cache.rs", "keys\n", "Keys");
    sandbox.stage("cache.rs", "keys\nexpiry\n");
    let words = ["escalate", "--run", "--reason", "Keys collide"];
    program.does("exit 1");
    let mut shown = program.told(&words) + &program.told(&["plan", "list"]);
    program.forget();
    sandbox
        .stage("key.txt", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU\n");
    shown += &program.told(&words);
    assert_eq!(program.noted("args"), "");
    sandbox.ok(&["rm", "-q", "-f", "key.txt"]);
    program.answers("claude-opus-5-5", "```markdown\n# Cache\n\n1. Longer keys in cache.rs\n```");
    shown += &program.told(&words);
    shown += &program.noted("stdin");
    shown += &program.told(&["plan", "show"]);
    expect![[r#"
        $ git model escalate --run --reason "Keys collide"
        note: text of this repository goes to the program `claude`, and where that sends it (this is said once)
        error: claude failed (exit code 1)
        hint: try again in a minute, or ask another model: --model
        exit 2
        $ git model plan list
        * <2>  implementing  <time>  Opus 5.5 -> Sonnet 5.5  Cache
        $ git model escalate --run --reason "Keys collide"
        error: `what was changed so far` line 23 looks like a private key: nothing is sent
        hint: leave it out, or, if it is none, send it all the same: --allow-secrets
        exit 2
        $ git model escalate --run --reason "Keys collide"
        plan <2> "Cache": sent back, version 2 is a draft, planned by Opus 5.5
        N s, 12000 tokens read and 800 written, about $0.07 at list prices of 2026-11
        hint: read and approve it: git model approve <2>
        COURSE CORRECTION: implementation by Sonnet 5.5 stopped, the plan turned out wrong. Back to Opus 5.5 for planning.

        Reason: Keys collide

        Write version 2 of the plan: keep what still holds, say what changes and why, and what becomes of what was
        done so far. Do not implement it: it will be approved first (git model plan edit <2> FILE).

        Done so far:
        <3> Keys

         cache.rs | 1 +
         1 file changed, 1 insertion(+)

        Not committed:
         cache.rs | 1 +
         1 file changed, 1 insertion(+)

        ---- Plan <2>, version 1: Cache ----

        # Cache

        Reads repeat.

        1. Keys in cache.rs
        2. Expiry

        BOUNDARY what was done so far
        <3> Keys

        diff --git a/cache.rs b/cache.rs
        new file mode 100644
        index 0000000..<4>
        --- /dev/null
        +++ b/cache.rs
        @@ -0,0 +1 @@
        +keys
        diff --git a/cache.rs b/cache.rs
        index <4>..<5> 100644
        --- a/cache.rs
        +++ b/cache.rs
        @@ -1 +1,2 @@
         keys
        +expiry
        BOUNDARY end
        $ git model plan show
        Plan <2> "Cache", version 2: draft

        Planned by  Opus 5.5; observed, in claude-code
        Approved    not any more: the text changed, or was sent back
        Commits     1; 1 course correction

        Step                       Approved  Handed off
        1 Longer keys in cache.rs  -         -

        Story

        <time>  drafted, planned by Opus 5.5; by Cora Committer (version 1)
        <time>  approved; by Cora Committer
        <time>  handed off, Opus 5.5 -> Sonnet 5.5; by Cora Committer
        <time>  commit <3>: Keys (Sonnet 5.5)
        <time>  course correction: sent back to Opus 5.5 after 1 commit: Keys
                          collide; by Cora Committer (version 2)
        <time>  edited, planned by Opus 5.5; by Cora Committer

        Text

        # Cache

        1. Longer keys in cache.rs
    "#]].assert_eq(&shown);
}

#[test]
fn a_handoff_starts_the_program_of_the_model_at_the_terminal() {
    let sandbox = Sandbox::with_base();
    let program = StandIn::new(&sandbox);
    program.does("echo 'here I work'; exit 3");
    drafted(&sandbox, &["--model", "Opus 5.5"], PLAN);
    now(&sandbox).ok(&["model", "approve", "--yes"]);
    let mut shown = program.told(&["handoff", "--run", "--to", "claude:claude-sonnet-5-5"]);
    assert_eq!(program.noted("args"), "");
    let on_terminal = |to: &str| {
        let command = format!("git model handoff --run --to {to}");
        let output = program.here().run("script", &["-qec", &command, "/dev/null"]);
        format!(
            "$ {command}\n{}exit {}\n",
            program.steady(&output.stdout.replace("\r\n", "\n")),
            output.code
        )
    };
    shown += &on_terminal("llama3:8b");
    shown += &on_terminal("codex:gpt-6-astra");
    shown += &on_terminal("claude-sonnet-5-5");
    shown += &program.noted("args");
    shown += &program.noted("pwd");
    assert!(!program.noted("env").contains("GIT_MODEL_REVIEWING"));
    expect![[r#"
        $ git model handoff --run --to claude:claude-sonnet-5-5
        error: there is no terminal here to start an agent in
        hint: start it by hand with the text: git model handoff
        exit 2
        $ git model handoff --run --to llama3:8b
        error: it is not known which program works with Llama 3:8b
        hint: name one: git model handoff --run --to PROGRAM:llama3:8b; there are claude, codex, gemini-cli, opencode
        exit 2
        $ git model handoff --run --to codex:gpt-6-astra
        error: the program `codex` is not installed, or stands inside of the repository
        hint: start it by hand with the text: git model handoff
        exit 2
        $ git model handoff --run --to claude-sonnet-5-5
        plan <2>: all of it handed off, Opus 5.5 -> Sonnet 5.5 (on branch main)
        starting `claude` with Sonnet 5.5
        here I work
        exit 3
        --model
        claude-sonnet-5-5
        Planning phase complete (Opus 5.5). HANDOFF: Switching to Sonnet 5.5 for implementation. Approved plan attached. Execute steps 1-2 following this plan exactly.

        Small adaptations are yours to make where scope, interfaces and acceptance stay as they are; say which you made.
        Where the plan is wrong or leaves something open, do not redesign it: stop and ask for a course correction
        (git model escalate <2> --reason "...").

        ---- Plan <2>, version 1: Cache ----

        # Cache

        Reads repeat.

        1. Keys in cache.rs
        2. Expiry

        REPO
    "#]].assert_eq(&shown);
}

#[test]
fn a_long_plan_is_handed_over_as_a_file() {
    let sandbox = Sandbox::with_base();
    let program = StandIn::new(&sandbox);
    program.does("true");
    let text = format!("# Long\n\n1. {}\n", "a step that is said at length ".repeat(3000));
    drafted(&sandbox, &["--model", "Opus 5.5"], &text);
    now(&sandbox).ok(&["model", "approve", "--yes"]);
    let command = "git model handoff --run --to claude-sonnet-5-5";
    let output = program.here().run("script", &["-qec", command, "/dev/null"]);
    assert_eq!(output.code, 0, "{}", output.stdout);
    let kept =
        std::fs::read_to_string(sandbox.path().join(".git/model/HANDOFF.md")).expect("a file");
    assert!(
        kept.starts_with("Planning phase complete (Opus 5.5).") && kept.ends_with(&text),
        "{}",
        kept.len()
    );
    expect![[r#"
        --model
        claude-sonnet-5-5
        Read the file REPO/.git/model/HANDOFF.md and do what it says.
    "#]]
    .assert_eq(&program.noted("args"));
}

#[test]
fn a_plan_is_sent_back_to_its_own_planner_where_none_is_set() {
    let sandbox = Sandbox::with_base();
    let program = StandIn::new(&sandbox);
    sandbox.ok(&["config", "--global", "--unset", "model.planner"]);
    drafted(&sandbox, &["--model", "Opus 5.5"], PLAN);
    now(&sandbox).ok(&["model", "approve", "--yes"]);
    program.answers("claude-opus-5-5", "# Cache\n\n1. Longer keys\n");
    expect![[r#"
        $ git model escalate --run --reason "Keys collide"
        plan <2> "Cache": sent back, version 2 is a draft, planned by Opus 5.5
        note: text of this repository goes to the program `claude`, and where that sends it (this is said once)
        N s, 12000 tokens read and 800 written, about $0.07 at list prices of 2026-11
        hint: read and approve it: git model approve <2>
    "#]].assert_eq(&program.told(&["escalate", "--run", "--reason", "Keys collide"]));
    let asked = program.noted("args");
    assert!(asked.contains("--model\nclaude-opus-5-5\n"), "{asked}");
}
