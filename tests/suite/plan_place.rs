//! Plans beside others who change them, inside of agents, and in repositories of every kind.

use std::path::Path;

use expect_test::expect;

use crate::plan_input::{CACHE, draft};
use crate::plan_way::{committed, drafted, draw, ids, now, told};
use crate::sandbox::{Output, Sandbox, path_without_program};

#[test]
fn concurrent_approvals_lose_nothing() {
    let sandbox = Sandbox::with_base();
    drafted(&sandbox, &[], "1. a\n2. b\n3. c\n4. d\n5. e\n6. f\n7. g\n8. h\n");
    let id = ids(&sandbox).remove(0);
    let codes = std::thread::scope(|scope| {
        let approve = |step: u32| {
            let (sandbox, id) = (&sandbox, &id);
            scope.spawn(move || {
                let step = step.to_string();
                now(sandbox).git(&["model", "approve", id, "--yes", "--steps", &step]).code
            })
        };
        let running = (1..=8).map(approve).collect::<Vec<_>>();
        running.into_iter().map(|one| one.join().expect("no panic")).collect::<Vec<_>>()
    });
    assert_eq!(codes, [0; 8]);
    let json = sandbox.ok(&["model", "plan", "show", &id, "--format", "json"]);
    let json = serde_json::from_str::<serde_json::Value>(&json).expect("JSON");
    let approved = json["plan"]["steps"].as_array().expect("steps").iter();
    assert!(approved.clone().all(|step| step["approved"] == true) && approved.count() == 8);
    assert_eq!(json["history"].as_array().expect("events").len(), 9);
}

#[test]
fn a_change_on_another_machine_is_told_by_git_and_neither_side_is_lost() {
    let sandbox = Sandbox::with_base();
    let id = draft(&sandbox);
    let spec = "refs/model/plans/*:refs/model/plans/*";
    sandbox.ok(&["clone", "-q", ".", "../clone"]);
    let clone = || sandbox.at("../clone").without("GIT_COMMITTER_DATE");
    clone().ok(&["fetch", "-q", "origin", spec]);
    clone().ok(&["model", "approve", &id, "--yes"]);
    now(&sandbox).ok(&["model", "plan", "reject", &id, "--reason", "not now"]);
    let push = clone().git(&["push", "-q", "origin", spec]);
    let fetch = clone().git(&["fetch", "-q", "origin", spec]);
    assert_eq!((push.code, fetch.code), (1, 1), "{}{}", push.stderr, fetch.stderr);
    let state = |json: String| {
        let json = serde_json::from_str::<serde_json::Value>(&json).expect("JSON");
        json["plan"]["state"].as_str().map(str::to_owned)
    };
    let show = ["model", "plan", "show", &id, "--format", "json"];
    assert_eq!(state(sandbox.ok(&show)).as_deref(), Some("rejected"));
    assert_eq!(state(clone().ok(&show)).as_deref(), Some("approved"));
}

#[test]
fn in_a_bare_repository_plans_go_their_way_without_a_work_tree() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["init", "-q", "--bare", "../bare"]);
    let bare = || sandbox.at("../bare").without("GIT_COMMITTER_DATE");
    let mut shown = String::new();
    for words in [
        &["plan", "new", "--model", "Opus 5.5", "-"][..],
        &["approve", "--yes"],
        &["handoff", "--to", "Sonnet 5.5", "--use"],
        &["escalate", "--reason", "no"],
        &["plan", "list"],
        &["plan", "show"],
    ] {
        let output = bare().input(CACHE).git(&[&["model"], words].concat());
        let lines = output.stdout.lines().take(9).map(|line| format!("{line}\n"));
        shown += &draw(words, &Output { stdout: lines.collect(), ..output });
    }
    expect![[r#"
        $ git model plan new --model "Opus 5.5" -
        plan <2> "Cache": draft, 2 steps, planned by Opus 5.5
        hint: read and approve it: git model approve <2>
        $ git model approve --yes
        Plan approved. Now implement this exactly as designed.
        hint: hand it off: git model handoff <2> --to MODEL --use
        $ git model handoff --to "Sonnet 5.5" --use
        Planning phase complete (Opus 5.5). HANDOFF: Switching to Sonnet 5.5 for implementation. Approved plan attached. Execute steps 1-2 following this plan exactly.

        Small adaptations are yours to make where scope, interfaces and acceptance stay as they are; say which you made.
        Where the plan is wrong or leaves something open, do not redesign it: stop and ask for a course correction
        (git model escalate <2> --reason "...").

        ---- Plan <2>, version 1: Cache ----

        # Cache
        plan <2>: all of it handed off, Opus 5.5 -> Sonnet 5.5
        warning: nobody is declared: a bare repository has no commits to be made
        $ git model escalate --reason no
        COURSE CORRECTION: implementation by Sonnet 5.5 stopped, the plan turned out wrong. Back to Opus 5.5 for planning.

        Reason: no

        Write version 2 of the plan: keep what still holds, say what changes and why, and what becomes of what was
        done so far. Do not implement it: it will be approved first (git model plan edit <2> FILE).

        Done so far:
        nothing
        plan <2>: sent back, version 2 is a draft, with Opus 5.5
        hint: the new text: git model plan edit <2> FILE
        hint: then: git model approve <2>
        $ git model plan list
          <2>  draft  <time>  Opus 5.5  Cache
        $ git model plan show
        Plan <2> "Cache", version 2: draft

        Planned by  Opus 5.5; declared
        Approved    not any more: the text changed, or was sent back
        Commits     none; 1 course correction

        Step      Approved  Handed off
        1 Keys    -         -
        2 Expiry  -         -
    "#]].assert_eq(&sandbox.normal(&shown));
}

#[test]
fn before_the_first_commit_a_plan_can_be_followed() {
    let sandbox = Sandbox::new();
    let mut shown = drafted(&sandbox, &["--model", "Opus 5.5"], CACHE);
    shown += &told(&sandbox, &["approve", "--yes"]);
    now(&sandbox).ok(&["model", "handoff", "--to", "Sonnet 5.5", "--use"]);
    shown += &told(&sandbox, &["plan", "list"]);
    shown += &committed(&sandbox, "cache.rs", "keys\n", "Keys");
    expect![[r#"
        $ git model plan new --model "Opus 5.5" -
        plan <1> "Cache": draft, 2 steps, planned by Opus 5.5
        hint: read and approve it: git model approve <1>
        $ git model approve --yes
        Plan approved. Now implement this exactly as designed.
        hint: hand it off: git model handoff <1> --to MODEL --use
        $ git model plan list
        * <1>  implementing  <time>  Opus 5.5 -> Sonnet 5.5  Cache
        | Keys
        |
        | Model: Opus 5.5 (architecture)
        | Model: Sonnet 5.5 (implementation)
    "#]]
    .assert_eq(&sandbox.normal(&shown));
}

#[test]
fn inside_of_an_agent_nobody_is_named_who_may_not_have_been_there() {
    let sandbox = Sandbox::with_base();
    let id = draft(&sandbox);
    let words = ["approve", "--yes"];
    let agent = now(&sandbox).env("CLAUDECODE", "1");
    let mut shown = draw(&words, &agent.git(&[&["model"], &words[..]].concat()));
    shown += told(&sandbox, &["plan", "show"]).split("\nStep").next().unwrap_or_default();
    shown += "\n";
    // A person's word counts for more.
    shown += &told(&sandbox, &["approve", &id, "--yes"]);
    shown += told(&sandbox, &["plan", "show"]).split("\nStep").next().unwrap_or_default();
    expect![[r#"
        $ git model approve --yes
        Plan approved. Now implement this exactly as designed.
        warning: recorded as approved by automation (claude-code), not by a person; a person runs this outside of the agent
        hint: hand it off: git model handoff <2> --to MODEL --use
        $ git model plan show
        Plan <2> "Cache", version 1: approved

        Planned by  Opus 5.5; declared
        Approved    all by automation (claude-code), <time>
        Commits     none; no course correction

        $ git model approve <2> --yes
        Plan approved. Now implement this exactly as designed.
        hint: hand it off: git model handoff <2> --to MODEL --use
        $ git model plan show
        Plan <2> "Cache", version 1: approved

        Planned by  Opus 5.5; declared
        Approved    all by automation (claude-code), <time>
                    all by Cora Committer, <time>
        Commits     none; no course correction
    "#]].assert_eq(&sandbox.normal(&shown));
}

#[test]
fn who_has_no_name_approves_nothing() {
    let sandbox = Sandbox::with_base();
    draft(&sandbox);
    let words = ["approve", "--yes"];
    let nameless = now(&sandbox).without("GIT_COMMITTER_NAME");
    let output = nameless.git(&[&["model"], &words[..]].concat());
    expect![[r#"
        $ git model approve --yes
        error: Git does not know your name, so nobody could tell who approved
        hint: git config --global user.name "Your Name"
        exit 2
    "#]]
    .assert_eq(&sandbox.normal(&draw(&words, &output)));
}

#[test]
fn roles_come_from_the_users_own_configuration_alone() {
    let sandbox = Sandbox::with_base();
    draft(&sandbox);
    now(&sandbox).ok(&["model", "approve", "--yes"]);
    sandbox.ok(&["config", "model.implementer", "Haiku 5.5"]);
    let mut shown = told(&sandbox, &["handoff"]);
    sandbox.ok(&["config", "--global", "model.implementer", "claude:Sonnet 5.5"]);
    shown += &now(&sandbox).git(&["model", "handoff", "--use"]).stderr;
    let once = ["-c", "model.implementer=Opus 5.5", "model", "handoff"];
    shown += &now(&sandbox).git(&once).stderr;
    expect![[r#"
        $ git model handoff
        error: it is not said to which model
        hint: say it: git model handoff --to MODEL
        hint: or once for all: git config --global model.implementer MODEL
        exit 2
        plan <2>: all of it handed off, Opus 5.5 -> Sonnet 5.5 (on branch main)
        on branch main, until <time>: Sonnet 5.5 (implementation)
        plan <2>: all of it handed off, Opus 5.5 -> Opus 5.5 (on branch main)
        hint: no agent that is recorded? declare it: git model use claude-opus-5-5
    "#]]
    .assert_eq(&sandbox.normal(&shown));
}

#[test]
fn the_text_for_the_next_model_goes_into_the_clipboard() {
    let sandbox = Sandbox::with_base();
    draft(&sandbox);
    now(&sandbox).ok(&["model", "approve", "--yes"]);
    std::fs::create_dir_all(sandbox.beside("bin")).expect("a folder");
    sandbox.script("bin/wl-copy", "cat > \"$HOME/clipboard\"");
    let program = Path::new(env!("CARGO_BIN_EXE_git-model")).parent().expect("a folder").display();
    let path = format!("{}:{program}:{}", sandbox.beside("bin").display(), path_without_program());
    let copied = now(&sandbox).env("PATH", &path);
    let output = copied.git(&["model", "handoff", "--to", "Sonnet 5.5", "--copy"]);
    let clipboard = std::fs::read_to_string(sandbox.beside("home/clipboard")).expect("a text");
    assert_eq!(sandbox.normal(&clipboard), output.stdout);
    expect![[r#"
        copied, by wl-copy
        plan <2>: all of it handed off, Opus 5.5 -> Sonnet 5.5 (on branch main)
        hint: no agent that is recorded? declare it: git model use claude-sonnet-5-5
    "#]]
    .assert_eq(&output.stderr);
}

#[test]
fn commands_that_read_write_nothing() {
    let sandbox = Sandbox::with_base();
    draft(&sandbox);
    let state = || {
        let refs = sandbox.ok(&["for-each-ref"]);
        let folder = std::fs::read_dir(sandbox.path().join(".git/model")).map(Iterator::count);
        (refs, folder.unwrap_or(0), sandbox.ok(&["count-objects"]))
    };
    let before = state();
    for words in
        [&["plan", "list"][..], &["plan", "show"], &["show"], &["status"], &["log", "--full"]]
    {
        now(&sandbox).ok(&[&["model"], words].concat());
    }
    assert_eq!(state(), before);
}

/// Runs a command on a terminal, with what is typed there; returns what stands there afterwards.
fn on_terminal(sandbox: &Sandbox, command: &str, typed: &str) -> String {
    let git = now(sandbox).env("GIT_PAGER", "cat").env("TERM", "dumb").input(typed);
    let output = git.run("script", &["-qec", command, "/dev/null"]);
    // The terminal shows what is typed when it comes, which may be before the question.
    let shown = output.stdout.replace("\r\n", "\n").replace(&format!("[y/N] {typed}"), "[y/N] ");
    let lines = shown.split_inclusive('\n').filter(|line| *line != typed);
    format!("{}exit {}\n", lines.collect::<String>(), output.code)
}

#[test]
fn on_a_terminal_the_plan_is_shown_and_a_person_is_asked() {
    let sandbox = Sandbox::with_base();
    draft(&sandbox);
    let no = on_terminal(&sandbox, "git model approve", "n\n");
    let yes = on_terminal(&sandbox, "git model approve --steps 1", "y\n");
    let stronger = on_terminal(&sandbox, "git model handoff --to 'Fable 5.2'", "n\n");
    // Of the plan itself only the first line.
    let plan = |text: String| {
        let lines = text.lines().filter(|line| !line.is_empty()).map(str::to_owned);
        let is_plan = |line: &String| !line.starts_with("Approve ") && !line.starts_with("Plan ");
        let (first, rest) = (lines.clone().take(1), lines.skip(1));
        first.chain(rest.skip_while(is_plan)).map(|line| line + "\n").collect::<String>()
    };
    expect![[r#"
        Plan <2> "Cache", version 1: draft
        Approve plan <2>, version 1? [y/N] error: not approved
        hint: change it: git model plan edit <2>
        hint: or turn it down: git model plan reject <2> --reason TEXT
        exit 1
        Plan <2> "Cache", version 1: draft
        Approve step 1 of plan <2>, version 1? [y/N] Plan approved: step 1 of 2. Now implement this exactly as designed.
        hint: hand it off: git model handoff <2> --to MODEL --use
        exit 0
        warning: Fable 5.2 is stronger than Opus 5.5, which planned this
        Hand it off all the same? [y/N] error: not handed off
        hint: let the stronger one plan: git model escalate <2> --to 'Fable 5.2' --reason TEXT
        exit 1
    "#]].assert_eq(&(plan(no) + &plan(yes) + &stronger));
}

#[test]
fn what_was_written_in_an_editor_is_kept_where_somebody_else_was_faster() {
    let sandbox = Sandbox::with_base();
    let id = draft(&sandbox);
    let script = format!("echo '1. theirs' | git model plan edit {id} -; echo '1. mine' > \"$1\"");
    let words = ["plan", "edit"];
    let output = now(&sandbox).editor(&script).git(&[&["model"], &words[..]].concat());
    let kept = std::fs::read_to_string(sandbox.path().join(".git/model/PLAN_EDIT.md"));
    assert_eq!(kept.expect("a file"), "1. mine\n");
    let text = sandbox.ok(&["model", "plan", "show", "--text"]);
    expect![[r#"
        $ git model plan edit
        plan <2> "theirs": changed, version 1, draft
        hint: read and approve it: git model approve <2>
        error: the text of the plan <2> was changed by somebody else in the meantime
        hint: what you wrote is kept: <repo>/.git/model/PLAN_EDIT.md
        exit 1
        1. theirs
    "#]]
    .assert_eq(&(draw(&words, &output) + &text));
}
