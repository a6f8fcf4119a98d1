//! The whole way of a plan, in the words of four real requests: planned, approved, handed off, followed, corrected.

use expect_test::expect;

use crate::sandbox::{Invocation, Output, Sandbox};

/// A plan that begins with a request, as the scenarios give it.
const STRATEGY: &str = "\
Use Opus 4: We're hitting database performance limits. Analyze our schema and query patterns (attached). Should we: \
1) Add read replicas, 2) Implement caching, 3) Denormalize tables, or 4) Move to a different database? Consider cost, \
complexity, and long-term maintainability.";

const CACHE: &str = "\
Use Sonnet 3.5: We've decided to implement Redis caching (plan attached). Build the cache layer with: cache keys based \
on user ID and request path, 5-minute TTL, invalidation on user updates. Follow the implementation plan exactly.";

const MIGRATION: &str = "\
Phase 1 (Opus): Plan a migration from REST to GraphQL. Phase 2 (Sonnet): Once approved, implement the GraphQL schema \
and resolvers following the plan. I'll explicitly tell you when to switch models.";

const FAILURES: &str = "\
Use Opus 4: Users report intermittent auth failures. I've attached logs from 3 failures. The pattern is unclear. \
Analyze the logs, our auth flow, and propose a debugging strategy to isolate the root cause.";

/// Draws a command with all that it says.
pub(crate) fn draw(words: &[&str], output: &Output) -> String {
    let quoted = |word: &&str| {
        let is_plain = !word.is_empty() && !word.contains([' ', '(', '\'', ';', '*']);
        if is_plain { (*word).to_owned() } else { format!("\"{word}\"") }
    };
    let words = words.iter().map(quoted).collect::<Vec<_>>().join(" ");
    let exit = if output.code == 0 { String::new() } else { format!("exit {}\n", output.code) };
    format!("$ git model {words}\n{}{}{exit}", output.stdout, output.stderr)
}

/// Begins a command by today's clock, as plans have it.
pub(crate) fn now(sandbox: &Sandbox) -> Invocation<'_> {
    sandbox.here().without("GIT_COMMITTER_DATE")
}

/// Runs `git model` and draws it.
pub(crate) fn told(sandbox: &Sandbox, words: &[&str]) -> String {
    draw(words, &now(sandbox).git(&[&["model"], words].concat()))
}

/// Runs `git model plan new -` with a text and draws it.
pub(crate) fn drafted(sandbox: &Sandbox, options: &[&str], text: &str) -> String {
    let words = [&["plan", "new"], options, &["-"]].concat();
    draw(&words, &now(sandbox).input(text).git(&[&["model"], &words[..]].concat()))
}

/// Writes one file and commits it by today's clock; draws the message.
pub(crate) fn committed(sandbox: &Sandbox, path: &str, content: &str, message: &str) -> String {
    sandbox.stage(path, content);
    now(sandbox).ok(&["commit", "-q", "-m", message]);
    sandbox.learn("HEAD");
    let text = sandbox.ok(&["log", "-1", "--format=%B"]);
    text.trim_end().lines().map(|line| format!("| {line}").trim_end().to_owned() + "\n").collect()
}

/// Returns the ids of all plans.
pub(crate) fn ids(sandbox: &Sandbox) -> Vec<String> {
    let said = sandbox.ok(&["for-each-ref", "--format=%(refname:lstrip=3)", "refs/model/plans"]);
    said.lines().map(str::to_owned).collect()
}

#[test]
fn a_question_is_answered_by_a_plan_that_is_done_without_a_commit() {
    let sandbox = Sandbox::with_base();
    let text = "# Database performance\n\nReads are 95 % of the load, and most of them repeat.\n\n\
                1. Implement caching first: cheap, and reversible\n2. Add read replicas when writes grow\n\n\
                Denormalized tables and another database cost more than they bring.\n";
    let mut shown = drafted(&sandbox, &["--model", "Opus 4", "--request", STRATEGY], text);
    shown += &told(&sandbox, &["approve", "--yes"]);
    shown += &told(&sandbox, &["plan", "done"]);
    shown += &told(&sandbox, &["plan", "show", &ids(&sandbox)[0]]);
    expect![[r#"
        $ git model plan new --model "Opus 4" --request "Use Opus 4: We're hitting database performance limits. Analyze our schema and query patterns (attached). Should we: 1) Add read replicas, 2) Implement caching, 3) Denormalize tables, or 4) Move to a different database? Consider cost, complexity, and long-term maintainability." -
        plan <2> "Database performance": draft, 2 steps, planned by Opus 4
        hint: read and approve it: git model approve <2>
        $ git model approve --yes
        Plan approved. Now implement this exactly as designed.
        hint: hand it off: git model handoff <2> --to MODEL --use
        $ git model plan done
        plan <2> "Database performance": done
        $ git model plan show <2>
        Plan <2> "Database performance", version 1: done

        Request     Use Opus 4: We're hitting database performance limits. Analyze our
                    schema and query patterns (attached). Should we: 1) Add read
                    replicas, 2) Implement caching, 3) Denormalize tables, or 4) Move to
                    a different database? Consider cost, complexity, and long-term
                    maintainability.
        Planned by  Opus 4; declared
        Approved    all by Cora Committer, <time>
        Commits     none; no course correction

        Step                                              Approved  Handed off
        1 Implement caching first: cheap, and reversible  yes       -
        2 Add read replicas when writes grow              yes       -

        Story

        <time>  drafted, planned by Opus 4; by Cora Committer
        <time>  approved; by Cora Committer
        <time>  done; by Cora Committer

        Text

        # Database performance

        Reads are 95 % of the load, and most of them repeat.

        1. Implement caching first: cheap, and reversible
        2. Add read replicas when writes grow

        Denormalized tables and another database cost more than they bring.
    "#]].assert_eq(&sandbox.normal(&shown));
}

#[test]
fn a_plan_from_a_file_is_followed_by_three_commits_of_the_faster_model() {
    let sandbox = Sandbox::with_base();
    let text = "# Redis cache layer\n\n1. Cache keys from user ID and request path\n2. TTL of 5 minutes\n\
                3. Invalidate on user updates\n";
    std::fs::write(sandbox.beside("plan.md"), text).unwrap();
    let mut shown =
        told(&sandbox, &["plan", "new", "--model", "Opus 4", "--request", CACHE, "../plan.md"]);
    shown += &told(&sandbox, &["approve", "--yes"]);
    shown += &told(&sandbox, &["handoff", "--to", "Sonnet 3.5", "--use"]);
    for (number, step) in ["Cache keys", "Expire after 5 minutes", "Invalidate"].iter().enumerate()
    {
        shown += &committed(&sandbox, "cache.rs", &"line\n".repeat(number + 1), step);
    }
    shown += &told(&sandbox, &["plan", "done"]);
    let short = &ids(&sandbox)[0][..7];
    shown += &told(&sandbox, &["plan", "show", short]);
    shown += &told(&sandbox, &["show", "HEAD~1"]);
    expect![[r#"
        $ git model plan new --model "Opus 4" --request "Use Sonnet 3.5: We've decided to implement Redis caching (plan attached). Build the cache layer with: cache keys based on user ID and request path, 5-minute TTL, invalidation on user updates. Follow the implementation plan exactly." ../plan.md
        plan <2> "Redis cache layer": draft, 3 steps, planned by Opus 4
        hint: read and approve it: git model approve <2>
        $ git model approve --yes
        Plan approved. Now implement this exactly as designed.
        hint: hand it off: git model handoff <2> --to MODEL --use
        $ git model handoff --to "Sonnet 3.5" --use
        Planning phase complete (Opus 4). HANDOFF: Switching to Sonnet 3.5 for implementation. Approved plan attached. Execute steps 1-3 following this plan exactly.

        Small adaptations are yours to make where scope, interfaces and acceptance stay as they are; say which you made.
        Where the plan is wrong or leaves something open, do not redesign it: stop and ask for a course correction
        (git model escalate <2> --reason "...").

        ---- Plan <2>, version 1: Redis cache layer ----

        Request: Use Sonnet 3.5: We've decided to implement Redis caching (plan attached). Build the cache layer with: cache keys based on user ID and request path, 5-minute TTL, invalidation on user updates. Follow the implementation plan exactly.

        # Redis cache layer

        1. Cache keys from user ID and request path
        2. TTL of 5 minutes
        3. Invalidate on user updates
        plan <2>: all of it handed off, Opus 4 -> Sonnet 3.5 (on branch main)
        on branch main, until <time>: Sonnet 3.5 (implementation)
        | Cache keys
        |
        | Model: Opus 4 (architecture)
        | Model: Sonnet 3.5 (implementation)
        | Expire after 5 minutes
        |
        | Model: Opus 4 (architecture)
        | Model: Sonnet 3.5 (implementation)
        | Invalidate
        |
        | Model: Opus 4 (architecture)
        | Model: Sonnet 3.5 (implementation)
        $ git model plan done
        plan <2> "Redis cache layer": done
        $ git model plan show <2>
        Plan <2> "Redis cache layer", version 1: done

        Request     Use Sonnet 3.5: We've decided to implement Redis caching (plan
                    attached). Build the cache layer with: cache keys based on user ID
                    and request path, 5-minute TTL, invalidation on user updates. Follow
                    the implementation plan exactly.
        Planned by  Opus 4; declared
        Approved    all by Cora Committer, <time>
        Handed off  all to Sonnet 3.5, <time>
        Commits     3; no course correction

        Step                                        Approved  Handed off
        1 Cache keys from user ID and request path  yes       yes
        2 TTL of 5 minutes                          yes       yes
        3 Invalidate on user updates                yes       yes

        Story

        <time>  drafted, planned by Opus 4; by Cora Committer
        <time>  approved; by Cora Committer
        <time>  handed off, Opus 4 -> Sonnet 3.5; by Cora Committer
        <time>  commit <3>: Cache keys (Sonnet 3.5)
        <time>  commit <4>: Expire after 5 minutes (Sonnet 3.5)
        <time>  commit <5>: Invalidate (Sonnet 3.5)
        <time>  done; by Cora Committer

        Text

        # Redis cache layer

        1. Cache keys from user ID and request path
        2. TTL of 5 minutes
        3. Invalidate on user updates
        $ git model show HEAD~1
        <4> Expire after 5 minutes

        Author  Ada Author <ada@example.org>
        Date    <time>

        Who         Phase           Known as  added  deleted
        Opus 4      architecture    declared      -        -
        Sonnet 3.5  implementation  declared      1        -

        Record    by a hook, at the commit
        Plan      <2> "Redis cache layer", version 1, all of it; declared
                  approved by Cora Committer
        Evidence  message, line 3: Model: Opus 4 (architecture)
                  message, line 4: Model: Sonnet 3.5 (implementation)
        Lines     cache.rs: 2 Sonnet 3.5
    "#]].assert_eq(&sandbox.normal(&shown));
}

#[test]
fn a_handoff_waits_for_the_approval_and_goes_step_by_step() {
    let sandbox = Sandbox::with_base();
    let text = "# From REST to GraphQL\n\n## Step 1: Schema\nTypes for users and orders.\n\n\
                ## Step 2: Resolvers\nOver the services that are there.\n\n## Step 3: Remove REST\nAfter a release.\n";
    let mut shown = drafted(&sandbox, &["--model", "Opus", "--request", MIGRATION], text);
    shown += &told(&sandbox, &["handoff", "--to", "Sonnet"]);
    shown += &told(&sandbox, &["approve", "--yes", "--steps", "1"]);
    shown += &told(&sandbox, &["handoff", "--to", "Sonnet", "--steps", "1-2"]);
    shown += &told(&sandbox, &["handoff", "--to", "Sonnet", "--use"]);
    shown += &committed(&sandbox, "schema.graphql", "type User\n", "GraphQL schema");
    shown += &told(&sandbox, &["approve", "--yes", "--steps", "2"]);
    shown += &told(&sandbox, &["plan", "list"]);
    shown += &told(&sandbox, &["handoff", "--to", "Sonnet"]);
    shown += &committed(&sandbox, "resolvers.rs", "fn user() {}\n", "Resolvers");
    shown += &told(&sandbox, &["plan", "show"]);
    expect![[r#"
        $ git model plan new --model Opus --request "Phase 1 (Opus): Plan a migration from REST to GraphQL. Phase 2 (Sonnet): Once approved, implement the GraphQL schema and resolvers following the plan. I'll explicitly tell you when to switch models." -
        plan <2> "From REST to GraphQL": draft, 3 steps, planned by Opus
        hint: read and approve it: git model approve <2>
        $ git model handoff --to Sonnet
        error: the plan <2> is not approved: it is a draft
        hint: read and approve it first: git model approve <2>
        exit 1
        $ git model approve --yes --steps 1
        Plan approved: step 1 of 3. Now implement this exactly as designed.
        hint: hand it off: git model handoff <2> --to MODEL --use
        $ git model handoff --to Sonnet --steps 1-2
        error: step 2 of the plan <2> is not approved
        hint: read and approve them first: git model approve <2> --steps 2
        exit 1
        $ git model handoff --to Sonnet --use
        Planning phase complete (Opus). HANDOFF: Switching to Sonnet for implementation. Approved plan attached. Execute step 1 following this plan exactly.

        Small adaptations are yours to make where scope, interfaces and acceptance stay as they are; say which you made.
        Where the plan is wrong or leaves something open, do not redesign it: stop and ask for a course correction
        (git model escalate <2> --reason "...").
        Leave steps 2-3 alone: not handed to you.

        ---- Plan <2>, version 1: From REST to GraphQL ----

        Request: Phase 1 (Opus): Plan a migration from REST to GraphQL. Phase 2 (Sonnet): Once approved, implement the GraphQL schema and resolvers following the plan. I'll explicitly tell you when to switch models.

        # From REST to GraphQL

        ## Step 1: Schema
        Types for users and orders.

        ## Step 2: Resolvers
        Over the services that are there.

        ## Step 3: Remove REST
        After a release.
        plan <2>: step 1 handed off, Opus -> Sonnet (on branch main)
        on branch main, until <time>: Sonnet (implementation)
        | GraphQL schema
        |
        | Model: Opus (architecture)
        | Model: Sonnet (implementation)
        $ git model approve --yes --steps 2
        Plan approved: steps 1-2 of 3. Now implement this exactly as designed.
        hint: hand it off: git model handoff <2> --to MODEL --use
        $ git model plan list
        * <2>  implementing 1  <time>  Opus -> Sonnet  From REST to GraphQL
        $ git model handoff --to Sonnet
        Planning phase complete (Opus). HANDOFF: Switching to Sonnet for implementation. Approved plan attached. Execute step 2 following this plan exactly.

        Small adaptations are yours to make where scope, interfaces and acceptance stay as they are; say which you made.
        Where the plan is wrong or leaves something open, do not redesign it: stop and ask for a course correction
        (git model escalate <2> --reason "...").
        Leave step 3 alone: not handed to you.

        ---- Plan <2>, version 1: From REST to GraphQL ----

        Request: Phase 1 (Opus): Plan a migration from REST to GraphQL. Phase 2 (Sonnet): Once approved, implement the GraphQL schema and resolvers following the plan. I'll explicitly tell you when to switch models.

        # From REST to GraphQL

        ## Step 1: Schema
        Types for users and orders.

        ## Step 2: Resolvers
        Over the services that are there.

        ## Step 3: Remove REST
        After a release.
        plan <2>: step 2 handed off, Opus -> Sonnet (on branch main)
        hint: no agent that is recorded? declare it: git model use claude-sonnet
        | Resolvers
        |
        | Model: Opus (architecture)
        | Model: Sonnet (implementation)
        $ git model plan show
        Plan <2> "From REST to GraphQL", version 1: implementing

        Request     Phase 1 (Opus): Plan a migration from REST to GraphQL. Phase 2
                    (Sonnet): Once approved, implement the GraphQL schema and resolvers
                    following the plan. I'll explicitly tell you when to switch models.
        Planned by  Opus; declared
        Approved    step 1 by Cora Committer, <time>
                    step 2 by Cora Committer, <time>
        Handed off  step 1 to Sonnet, <time>
                    step 2 to Sonnet, <time>
                    followed here, on branch main
        Commits     2; no course correction

        Step           Approved  Handed off
        1 Schema       yes       yes
        2 Resolvers    yes       yes
        3 Remove REST  -         -

        Story

        <time>  drafted, planned by Opus; by Cora Committer
        <time>  approved, step 1; by Cora Committer
        <time>  handed off, step 1, Opus -> Sonnet; by Cora Committer
        <time>  commit <3>: GraphQL schema (Sonnet)
        <time>  approved, step 2; by Cora Committer
        <time>  handed off, step 2, Opus -> Sonnet; by Cora Committer
        <time>  commit <4>: Resolvers (Sonnet)

        Text

        # From REST to GraphQL

        ## Step 1: Schema
        Types for users and orders.

        ## Step 2: Resolvers
        Over the services that are there.

        ## Step 3: Remove REST
        After a release.
    "#]].assert_eq(&sandbox.normal(&shown));
}

#[test]
fn evidence_against_the_plan_sends_it_back_and_the_second_version_is_followed() {
    let sandbox = Sandbox::with_base();
    let first =
        "# Auth failures\n\n1. Log the clock of each node\n2. Compare token expiry with it\n";
    let second = "# Auth failures\n\nThe clocks agree; the failures follow the deploys.\n\n\
                  1. Log which key signed a token\n2. Keep the old key for an hour\n";
    let mut shown = drafted(&sandbox, &["--model", "Opus 4", "--request", FAILURES], first);
    shown += &told(&sandbox, &["approve", "--yes"]);
    told(&sandbox, &["handoff", "--to", "Sonnet 3.5", "--use"]);
    shown += &committed(&sandbox, "auth.rs", "log(clock)\n", "Log clocks");
    sandbox.stage("auth.rs", "log(clock)\nlog(expiry)\n");
    shown += &told(&sandbox, &["escalate", "--reason", "all clocks agree to 3 ms"]);
    shown += &committed(&sandbox, "auth.rs", "log(clock)\nlog(expiry)\n", "Log expiry");
    shown += &told(&sandbox, &["approve", "--yes"]);
    let id = ids(&sandbox).remove(0);
    let edit = ["plan", "edit", &id, "-"];
    shown += &draw(&edit, &now(&sandbox).input(second).git(&[&["model"], &edit[..]].concat()));
    shown += &told(&sandbox, &["approve", "--yes"]);
    told(&sandbox, &["handoff", "--to", "Sonnet 3.5"]);
    shown += &committed(&sandbox, "auth.rs", "log(key)\n", "Log keys");
    shown += &told(&sandbox, &["plan", "done"]);
    shown += &told(&sandbox, &["plan", "show", &id]);
    shown += &told(&sandbox, &["plan", "show", &id, "--text", "--version", "1"]);
    expect![[r#"
        $ git model plan new --model "Opus 4" --request "Use Opus 4: Users report intermittent auth failures. I've attached logs from 3 failures. The pattern is unclear. Analyze the logs, our auth flow, and propose a debugging strategy to isolate the root cause." -
        plan <2> "Auth failures": draft, 2 steps, planned by Opus 4
        hint: read and approve it: git model approve <2>
        $ git model approve --yes
        Plan approved. Now implement this exactly as designed.
        hint: hand it off: git model handoff <2> --to MODEL --use
        | Log clocks
        |
        | Model: Opus 4 (architecture)
        | Model: Sonnet 3.5 (implementation)
        $ git model escalate --reason "all clocks agree to 3 ms"
        COURSE CORRECTION: implementation by Sonnet 3.5 stopped, the plan turned out wrong. Back to Opus 4 for planning.

        Reason: all clocks agree to 3 ms

        Write version 2 of the plan: keep what still holds, say what changes and why, and what becomes of what was
        done so far. Do not implement it: it will be approved first (git model plan edit <2> FILE).

        Done so far:
        <3> Log clocks

         auth.rs | 1 +
         1 file changed, 1 insertion(+)

        Not committed:
         auth.rs | 1 +
         1 file changed, 1 insertion(+)

        ---- Plan <2>, version 1: Auth failures ----

        Request: Use Opus 4: Users report intermittent auth failures. I've attached logs from 3 failures. The pattern is unclear. Analyze the logs, our auth flow, and propose a debugging strategy to isolate the root cause.

        # Auth failures

        1. Log the clock of each node
        2. Compare token expiry with it
        plan <2>: sent back, version 2 is a draft, with Opus 4
        hint: the new text: git model plan edit <2> FILE
        hint: then: git model approve <2>
        | Log expiry
        |
        | Model: Sonnet 3.5 (implementation)
        $ git model approve --yes
        error: the text of the plan <2> is the one that was sent back: all clocks agree to 3 ms
        hint: change it: git model plan edit <2>
        hint: or approve it as it is: git model approve <2> --same-text
        exit 1
        $ git model plan edit <2> -
        plan <2> "Auth failures": changed, version 2, draft
        hint: read and approve it: git model approve <2>
        $ git model approve --yes
        Plan approved. Now implement this exactly as designed.
        hint: hand it off: git model handoff <2> --to MODEL --use
        | Log keys
        |
        | Model: Opus 4 (architecture)
        | Model: Sonnet 3.5 (implementation)
        $ git model plan done
        plan <2> "Auth failures": done
        $ git model plan show <2>
        Plan <2> "Auth failures", version 2: done

        Request     Use Opus 4: Users report intermittent auth failures. I've attached
                    logs from 3 failures. The pattern is unclear. Analyze the logs, our
                    auth flow, and propose a debugging strategy to isolate the root
                    cause.
        Planned by  Opus 4; declared
        Approved    all by Cora Committer, <time>
        Handed off  all to Sonnet 3.5, <time>
        Commits     2; 1 course correction

        Step                            Approved  Handed off
        1 Log which key signed a token  yes       yes
        2 Keep the old key for an hour  yes       yes

        Story

        <time>  drafted, planned by Opus 4; by Cora Committer (version 1)
        <time>  approved; by Cora Committer
        <time>  handed off, Opus 4 -> Sonnet 3.5; by Cora Committer
        <time>  commit <3>: Log clocks (Sonnet 3.5)
        <time>  course correction: sent back to Opus 4 after 1 commit: all
                          clocks agree to 3 ms; by Cora Committer (version 2)
        <time>  edited, planned by Opus 4; by Cora Committer
        <time>  approved; by Cora Committer
        <time>  handed off, Opus 4 -> Sonnet 3.5; by Cora Committer
        <time>  commit <5>: Log keys (Sonnet 3.5)
        <time>  done; by Cora Committer

        Text

        # Auth failures

        The clocks agree; the failures follow the deploys.

        1. Log which key signed a token
        2. Keep the old key for an hour
        $ git model plan show <2> --text --version 1
        # Auth failures

        1. Log the clock of each node
        2. Compare token expiry with it
    "#]].assert_eq(&sandbox.normal(&shown));
}
