//! Which commits follow a plan that was handed off by hand, and which do not.

use std::path::Path;

use expect_test::expect;
use git_model::store::{Entry, Following, Journal};

use crate::plan_way::{committed, drafted, ids, now, told};
use crate::sandbox::Sandbox;

const CACHE: &str = "# Cache\n\n1. Keys in cache.rs\n2. Expiry\n";
const MAIL: &str = "# Mail\n\n1. Queue in mail.rs\n2. Retry\n";

/// Hands a new plan off to a model, and returns its id.
fn handed_off(sandbox: &Sandbox, text: &str, to: &str) -> String {
    let before = ids(sandbox);
    drafted(sandbox, &["--model", "Opus 5.5"], text);
    let new = ids(sandbox).into_iter().find(|id| !before.contains(id)).expect("a new plan");
    sandbox.normal(&new);
    let git = now(sandbox);
    git.ok(&["model", "approve", &new, "--yes"]);
    git.ok(&["model", "handoff", &new, "--to", to]);
    new
}

/// Draws the message of a commit, and what its record says of plans.
fn drawn(sandbox: &Sandbox, revision: &str) -> String {
    let message = sandbox.ok(&["log", "-1", "--format=%B", revision]);
    let message = message.trim_end().lines().map(|line| format!("| {line}").trim_end().to_owned());
    let shown = sandbox.ok(&["model", "show", "--format", "json", revision]);
    let json = serde_json::from_str::<serde_json::Value>(&shown).expect("JSON");
    let mut text = message.map(|line| line + "\n").collect::<String>();
    for plan in json["plans"].as_array().into_iter().flatten() {
        let word = |key: &str| plan[key].as_str().unwrap_or("-").to_owned();
        text += &format!(
            "plan {} version {} steps {} approved by {} {}\n",
            word("id"),
            plan["version"],
            word("steps"),
            word("approved_by"),
            word("grade")
        );
    }
    for plan in json["unclear_plans"].as_array().into_iter().flatten() {
        text += &format!("unclear {}\n", plan.as_str().unwrap_or_default());
    }
    sandbox.normal(&text)
}

/// Makes one more commit of a file while a model is declared by the environment; draws it.
fn by(sandbox: &Sandbox, model: &str, path: &str, content: &str) -> String {
    sandbox.stage(path, content);
    now(sandbox).env("GIT_MODEL", model).ok(&["commit", "-q", "-m", path]);
    sandbox.learn("HEAD");
    drawn(sandbox, "HEAD")
}

#[test]
fn lines_of_persons_of_nobody_and_of_planners_follow_no_plan() {
    let sandbox = Sandbox::with_base();
    handed_off(&sandbox, CACHE, "Sonnet 5.5");
    let mut shown = by(&sandbox, "human", "cache.rs", "by hand\n");
    sandbox.stage("cache.rs", "nobody said\n");
    now(&sandbox).ok(&["commit", "-q", "-m", "unknown"]);
    shown += &drawn(&sandbox, "HEAD");
    sandbox.stage("notes.md", "a design\n");
    let planner = now(&sandbox).env("GIT_MODEL", "Opus 5.5").env("GIT_MODEL_PHASE", "planning");
    planner.ok(&["commit", "-q", "-m", "design"]);
    shown += &drawn(&sandbox, "HEAD");
    shown += &by(&sandbox, "Sonnet 5.5", "cache.rs", "keys\n");
    expect![[r#"
        | cache.rs
        | unknown
        | design
        |
        | Model: Opus 5.5 (architecture)
        | cache.rs
        |
        | Model: Opus 5.5 (architecture)
        | Model: Sonnet 5.5 (implementation)
        plan <2> version 1 steps - approved by person declared
    "#]]
    .assert_eq(&shown);
}

#[test]
fn merges_reverts_picks_and_bots_follow_no_plan() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["checkout", "-q", "-b", "side"]);
    sandbox.commit_by("Haiku 5.5", "side.txt", "side\n", "side");
    sandbox.ok(&["checkout", "-q", "main"]);
    handed_off(&sandbox, CACHE, "Sonnet 5.5");
    by(&sandbox, "Sonnet 5.5", "cache.rs", "keys\n");
    let sonnet = || now(&sandbox).env("GIT_MODEL", "Sonnet 5.5");
    sonnet().ok(&["merge", "-q", "--no-ff", "-m", "merge", "side"]);
    let mut shown = drawn(&sandbox, "HEAD");
    sonnet().ok(&["revert", "--no-edit", "HEAD~1"]);
    shown += &drawn(&sandbox, "HEAD").replace("| This reverts commit <5>.\n", "");
    sandbox.ok(&["checkout", "-q", "-b", "pick", "main~3"]);
    let picked = sandbox.ok(&["rev-parse", "main~2"]);
    now(&sandbox).ok(&["model", "handoff", "--to", "Sonnet 5.5"]);
    sonnet().ok(&["cherry-pick", picked.trim()]);
    shown += &drawn(&sandbox, "HEAD");
    sandbox.stage("deps.txt", "2.0\n");
    sonnet().env("GIT_AUTHOR_NAME", "dependabot[bot]").ok(&["commit", "-q", "-m", "Bump"]);
    shown += &drawn(&sandbox, "HEAD");
    expect![[r#"
        | merge
        | Revert "cache.rs"
        |
        | This reverts commit <4>.
        | cache.rs
        |
        | Model: Opus 5.5 (architecture)
        | Model: Sonnet 5.5 (implementation)
        | Bump
        |
        | Model: Sonnet 5.5 (implementation)
    "#]]
    .assert_eq(&shown);
}

#[test]
fn an_amended_and_a_rebased_commit_keep_the_plan_and_an_older_one_gets_none() {
    let sandbox = Sandbox::with_base();
    by(&sandbox, "Sonnet 5.5", "before.rs", "before\n");
    let id = handed_off(&sandbox, CACHE, "Sonnet 5.5");
    let sonnet = || now(&sandbox).env("GIT_MODEL", "Sonnet 5.5");
    sonnet().ok(&["commit", "-q", "--amend", "-m", "another text"]);
    let mut shown = drawn(&sandbox, "HEAD");
    by(&sandbox, "Sonnet 5.5", "cache.rs", "keys\n");
    now(&sandbox).ok(&["commit", "-q", "--amend", "-m", "Keys"]);
    shown += &drawn(&sandbox, "HEAD");
    sandbox.ok(&["checkout", "-q", "-b", "other", "HEAD~2"]);
    committed(&sandbox, "other.rs", "other\n", "other");
    sandbox.ok(&["checkout", "-q", "main"]);
    now(&sandbox).ok(&["rebase", "-q", "other"]);
    shown += &drawn(&sandbox, "HEAD");
    let told = sandbox.ok(&["model", "plan", "show", &id, "--format", "json"]);
    let json = serde_json::from_str::<serde_json::Value>(&told).unwrap();
    let commits = json["commits"].as_array().unwrap();
    let head = sandbox.ok(&["rev-parse", "HEAD"]);
    assert_eq!(commits.len(), 1);
    assert_eq!(commits[0]["commit"], head.trim());
    expect![[r#"
        | another text
        |
        | Model: Sonnet 5.5 (implementation)
        | Keys
        |
        | Model: Opus 5.5 (architecture)
        | Model: Sonnet 5.5 (implementation)
        plan <3> version 1 steps - approved by person declared
        | Keys
        |
        | Model: Opus 5.5 (architecture)
        | Model: Sonnet 5.5 (implementation)
        plan <3> version 1 steps - approved by person declared
    "#]]
    .assert_eq(&shown);
}

#[test]
fn plans_of_two_worktrees_stay_apart() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["worktree", "add", "-q", "-b", "mail", "../wt"]);
    handed_off(&sandbox, CACHE, "Sonnet 5.5");
    drafted(&sandbox, &["--model", "Opus 4.8"], MAIL);
    let wt = || sandbox.at("../wt").without("GIT_COMMITTER_DATE").env("GIT_MODEL", "Sonnet 5.5");
    wt().ok(&["model", "approve", "--yes"]);
    wt().ok(&["model", "handoff", "--to", "Sonnet 5.5"]);
    std::fs::write(sandbox.beside("wt/mail.rs"), "queue\n").unwrap();
    wt().ok(&["add", "mail.rs"]);
    wt().ok(&["commit", "-q", "-m", "mail"]);
    let shown = by(&sandbox, "Sonnet 5.5", "cache.rs", "keys\n") + &drawn(&sandbox, "mail");
    expect![[r#"
        | cache.rs
        |
        | Model: Opus 5.5 (architecture)
        | Model: Sonnet 5.5 (implementation)
        plan <2> version 1 steps - approved by person declared
        | mail
        |
        | Model: Opus 4.8 (architecture)
        | Model: Sonnet 5.5 (implementation)
        plan <3> version 1 steps - approved by person declared
    "#]]
    .assert_eq(&shown);
}

#[test]
fn of_two_plans_on_one_branch_the_model_decides_then_the_files_else_none_is_named() {
    let sandbox = Sandbox::with_base();
    handed_off(&sandbox, CACHE, "Sonnet 5.5");
    handed_off(&sandbox, MAIL, "Haiku 5.5");
    let mut shown = by(&sandbox, "Haiku 5.5", "cache.rs", "by Haiku\n");
    shown += &by(&sandbox, "GPT-6.1", "mail.rs", "by GPT\n");
    shown += &by(&sandbox, "GPT-6.1", "other.rs", "by GPT\n");
    shown += &told(&sandbox, &["show"]);
    expect![[r#"
        | cache.rs
        |
        | Model: Opus 5.5 (architecture)
        | Model: Haiku 5.5 (implementation)
        plan <3> version 1 steps - approved by person declared
        | mail.rs
        |
        | Model: Opus 5.5 (architecture)
        | Model: GPT-6.1 (implementation)
        plan <3> version 1 steps - approved by person declared
        | other.rs
        |
        | Model: GPT-6.1 (implementation)
        unclear <2>
        unclear <3>
        $ git model show
        <6> other.rs

        Author  Ada Author <ada@example.org>
        Date    <time>

        Who      Phase           Known as  added  deleted
        GPT-6.1  implementation  declared      1        -

        Record    by a hook, at the commit
        Plan      not clear: several were being implemented (<2>, <3>)
        Evidence  message, line 3: Model: GPT-6.1 (implementation)
        Lines     other.rs: 1 GPT-6.1
    "#]]
    .assert_eq(&sandbox.normal(&shown));
}

#[test]
fn on_another_branch_a_plan_sleeps_until_it_is_handed_off_there() {
    let sandbox = Sandbox::with_base();
    handed_off(&sandbox, CACHE, "Sonnet 5.5");
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    let mut shown = by(&sandbox, "Sonnet 5.5", "cache.rs", "asleep\n");
    let again = now(&sandbox).git(&["model", "handoff", "--to", "Sonnet 5.5"]);
    shown += &again.stderr;
    shown += &by(&sandbox, "Sonnet 5.5", "cache.rs", "awake\n");
    sandbox.ok(&["checkout", "-q", "main"]);
    shown += &by(&sandbox, "Sonnet 5.5", "cache.rs", "moved away\n");
    expect![[r#"
        | cache.rs
        |
        | Model: Sonnet 5.5 (implementation)
        plan <2>: all of it was handed off already, Opus 5.5 -> Sonnet 5.5 (on branch topic)
        hint: no agent that is recorded? declare it: git model use claude-sonnet-5-5
        | cache.rs
        |
        | Model: Opus 5.5 (architecture)
        | Model: Sonnet 5.5 (implementation)
        plan <2> version 1 steps - approved by person declared
        | cache.rs
        |
        | Model: Sonnet 5.5 (implementation)
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_plan_of_last_month_stamps_nothing() {
    let sandbox = Sandbox::with_base();
    let id = handed_off(&sandbox, CACHE, "Sonnet 5.5");
    age(&sandbox, &id);
    let mut shown = by(&sandbox, "Sonnet 5.5", "cache.rs", "keys\n");
    shown += &told(&sandbox, &["plan", "list"]);
    // Handed off once more, it is awake.
    now(&sandbox).ok(&["model", "handoff", &id, "--to", "Sonnet 5.5"]);
    shown += &by(&sandbox, "Sonnet 5.5", "cache.rs", "more keys\n");
    expect![[r#"
        | cache.rs
        |
        | Model: Sonnet 5.5 (implementation)
        $ git model plan list
          <2>  implementing, idle  <time>  Opus 5.5 -> Sonnet 5.5  Cache
        | cache.rs
        |
        | Model: Opus 5.5 (architecture)
        | Model: Sonnet 5.5 (implementation)
        plan <2> version 1 steps - approved by person declared
    "#]]
    .assert_eq(&sandbox.normal(&shown));
}

/// Sets everything that happened to a plan two months back, in its ledger and in the journal.
fn age(sandbox: &Sandbox, id: &str) {
    let name = format!("refs/model/plans/{id}");
    let today = git_model::clock::now();
    let old = (today - chrono::TimeDelta::days(60)).format("%Y-%m-%dT").to_string();
    let aged = |text: String| text.replace(&today.format("%Y-%m-%dT").to_string(), &old);
    let json = aged(sandbox.ok(&["show", &format!("{name}:plan.json")]));
    let blob = sandbox.here().input(json).ok(&["hash-object", "-w", "--stdin"]);
    let text = sandbox.ok(&["rev-parse", &format!("{name}:plan.md")]);
    let rows = [blob, text].map(|id| format!("100644 blob {}", id.trim()));
    let tree = format!("{}\tplan.json\n{}\tplan.md\n", rows[0], rows[1]);
    let tree = sandbox.here().input(tree).ok(&["mktree"]);
    let message = aged(sandbox.ok(&["log", "-1", "--format=%B", &name]));
    let commit = sandbox.here().input(message).ok(&["commit-tree", tree.trim(), "-p", &name]);
    sandbox.ok(&["update-ref", &name, commit.trim()]);
    let at = (today - chrono::TimeDelta::days(60)).timestamp();
    let following = Following { branch: Some("main".to_owned()), plan: id.to_owned(), at };
    Journal::of(&sandbox.path().join(".git")).append(&Entry::Follow(following)).expect("a journal");
}

#[test]
fn where_the_plan_is_not_here_its_id_stands_and_how_to_get_it() {
    let sandbox = Sandbox::with_base();
    handed_off(&sandbox, CACHE, "Sonnet 5.5");
    by(&sandbox, "Sonnet 5.5", "cache.rs", "keys\n");
    sandbox.ok(&["clone", "-q", ".", "../clone"]);
    let clone = sandbox.at(Path::new("../clone"));
    clone.ok(&["fetch", "-q", "origin", "refs/notes/*:refs/notes/*"]);
    let mut shown = clone.git(&["model", "show"]).stdout;
    let output = clone.git(&["model", "plan", "show", "--for", "HEAD"]);
    shown += &output.stderr;
    clone.ok(&["fetch", "-q", "origin", "refs/model/plans/*:refs/model/plans/*"]);
    shown += &clone.git(&["model", "show"]).stdout;
    let output = clone.git(&["model", "plan", "show", "--for", "HEAD~1"]);
    shown += &output.stderr;
    expect![[r#"
        <3> cache.rs

        Author  Ada Author <ada@example.org>
        Date    <time>

        Who         Phase           Known as  added  deleted
        Opus 5.5    architecture    declared      -        -
        Sonnet 5.5  implementation  declared      1        -

        Record    by a hook, at the commit
        Plan      <2>, version 1, all of it, approved by a person; declared; its
                  text is not here
                  if somebody shares it: git fetch REMOTE
                  'refs/model/plans/*:refs/model/plans/*'
        Evidence  message, line 3: Model: Opus 5.5 (architecture)
                  message, line 4: Model: Sonnet 5.5 (implementation)
        Lines     cache.rs: 1 Sonnet 5.5
        error: <3> followed the plan <2>, which is not here
        hint: if somebody shares it: git fetch REMOTE 'refs/model/plans/*:refs/model/plans/*'
        <3> cache.rs

        Author  Ada Author <ada@example.org>
        Date    <time>

        Who         Phase           Known as  added  deleted
        Opus 5.5    architecture    declared      -        -
        Sonnet 5.5  implementation  declared      1        -

        Record    by a hook, at the commit
        Plan      <2> "Cache", version 1, all of it; declared
                  approved by Cora Committer
        Evidence  message, line 3: Model: Opus 5.5 (architecture)
                  message, line 4: Model: Sonnet 5.5 (implementation)
        Lines     cache.rs: 1 Sonnet 5.5
        error: the record of <1> names no plan
        hint: all that is known of it: git model show <1>
    "#]]
    .assert_eq(&shown);
}

#[test]
fn where_plans_are_shared_the_message_names_the_plan() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["config", "model.plan.trailer", "true"]);
    let id = handed_off(&sandbox, CACHE, "Sonnet 5.5");
    sandbox.write("a.txt", "cache\n");
    sandbox.ok(&["add", "-A"]);
    now(&sandbox).env("GIT_MODEL", "Sonnet 5.5").ok(&["commit", "-q", "-m", "Cache"]);
    let message = |sandbox: &Sandbox| sandbox.ok(&["log", "-1", "--format=%(trailers)"]);
    let trailers = format!(
        "Model: Opus 5.5 (architecture)\nModel: Sonnet 5.5 (implementation)\nPlan: {id}\n\n"
    );
    assert_eq!(message(&sandbox), trailers);
    sandbox.ok(&["commit", "-q", "--amend", "--no-edit"]);
    assert_eq!(message(&sandbox), trailers, "an amend does not write it twice");
    sandbox.ok(&["config", "model.plan.trailer", "false"]);
    sandbox.ok(&["commit", "-q", "--amend", "--no-edit"]);
    assert!(!message(&sandbox).contains("Plan:"));
}

#[test]
fn blame_names_the_plan_behind_each_line() {
    let sandbox = Sandbox::with_base();
    let id = handed_off(&sandbox, CACHE, "Sonnet 5.5");
    sandbox.write("f.txt", "one\ncache\nthree\n");
    now(&sandbox).env("GIT_MODEL", "Sonnet 5.5").ok(&["commit", "-q", "-a", "-m", "Cache"]);
    let blame: serde_json::Value = serde_json::from_str(
        &sandbox.ok(&["model", "blame", "--plan", "--format", "json", "f.txt"]),
    )
    .expect("JSON");
    let plans = blame["lines"].as_array().expect("lines").iter().map(|line| line["plan"].clone());
    let id_json = serde_json::Value::from(id.clone());
    assert_eq!(
        plans.collect::<Vec<_>>(),
        [serde_json::Value::Null, id_json.clone(), serde_json::Value::Null]
    );
    assert_eq!(blame["plans"][0]["id"], id_json);
    let screen = sandbox.ok(&["model", "blame", "--plan", "f.txt"]);
    assert!(screen.contains(&format!("Plans  {id} \"")), "{screen}");
    sandbox.ok(&["update-ref", "-d", &format!("refs/model/plans/{id}")]);
    let screen = sandbox.ok(&["model", "blame", "--plan", "f.txt"]);
    let words = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("its text is not here"), "{screen}");
    assert!(!sandbox.ok(&["model", "blame", "f.txt"]).contains(&id));
}
