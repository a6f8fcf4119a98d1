//! Plans under bad input: texts, ids and files that are none, and what cannot be done with a plan.

use std::fmt::Write as _;

use expect_test::expect;

use crate::plan_way::{committed, drafted, draw, ids, now, told};
use crate::sandbox::{Output, Sandbox};

pub(crate) const CACHE: &str = "# Cache\n\n1. Keys\n2. Expiry\n";

/// Makes a draft and returns its id.
pub(crate) fn draft(sandbox: &Sandbox) -> String {
    let before = ids(sandbox);
    drafted(sandbox, &["--model", "Opus 5.5"], CACHE);
    ids(sandbox).into_iter().find(|id| !before.contains(id)).expect("a new plan")
}

/// Runs `git model plan new -` with bytes; only what it says on standard error counts.
fn refused(sandbox: &Sandbox, bytes: &[u8]) -> Output {
    now(sandbox).input(bytes).git(&["model", "plan", "new", "-"])
}

#[test]
fn texts_that_are_no_plan_are_refused_and_a_large_one_is_kept() {
    let sandbox = Sandbox::with_base();
    let mut shown = String::new();
    let utf16 = "1. a\n".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    for bytes in [&b""[..], b" \n\t\n", b"1. a\n2. caf\xe9\n", &utf16, &vec![b'a'; (8 << 20) + 1]] {
        let output = refused(&sandbox, bytes);
        let _ = writeln!(shown, "{}exit {}", output.stderr, output.code);
    }
    shown += &told(&sandbox, &["plan", "new", "missing.md"]);
    shown += &told(&sandbox, &["plan", "new", "--model", "", "missing.md"]);
    let large = "1. a step that is said at length\n".repeat(5 * 1024 * 1024 / 32);
    shown += &drafted(&sandbox, &["--title", "Five MiB"], &large);
    shown += &told(&sandbox, &["approve", "--yes"]);
    let text = now(&sandbox).ok(&["model", "plan", "show", "--text"]);
    assert_eq!(text.len(), large.len());
    expect![[r#"
        error: the plan is empty
        hint: write what is to be done, with numbered steps
        exit 2
        error: the plan is empty
        hint: write what is to be done, with numbered steps
        exit 2
        error: the plan is not UTF-8 text (line 2)
        hint: save it as UTF-8, for example: iconv -f latin1 -t utf-8
        exit 2
        error: the plan is not UTF-8 text (line 1)
        hint: save it as UTF-8, for example: iconv -f latin1 -t utf-8
        exit 2
        error: the plan has 8388609 bytes, more than 8388608
        hint: keep what is to be done, and leave out the logs
        exit 2
        $ git model plan new missing.md
        error: cannot read the plan from `missing.md`: No such file or directory (os error 2)
        exit 2
        $ git model plan new --model "" missing.md
        error: the name of a model is empty
        exit 2
        $ git model plan new --title "Five MiB" -
        plan <2> "Five MiB": draft, 999 steps, nobody said who planned it (--model)
        hint: read and approve it: git model approve <2>
        $ git model approve --yes
        Plan approved. Now implement this exactly as designed.
        hint: hand it off: git model handoff <2> --to MODEL --use
    "#]]
    .assert_eq(&sandbox.normal(&shown));
}

#[test]
fn ids_that_name_no_plan_or_several_are_told() {
    let sandbox = Sandbox::with_base();
    let mut shown = told(&sandbox, &["plan", "show"]);
    shown += &told(&sandbox, &["approve", "--yes"]);
    shown += &told(&sandbox, &["handoff", "--to", "Sonnet 5.5"]);
    shown += &told(&sandbox, &["escalate", "--reason", "x"]);
    draft(&sandbox);
    let name = format!("refs/model/plans/{}", ids(&sandbox)[0]);
    sandbox.ok(&["update-ref", "refs/model/plans/abcd1234", &name]);
    sandbox.ok(&["update-ref", "refs/model/plans/abcd5678", &name]);
    sandbox.ok(&["update-ref", "-d", &name]);
    sandbox.ok(&["update-ref", "refs/model/plans/abcd9999", "HEAD^{tree}"]);
    sandbox.ok(&["update-ref", "refs/model/plans/no-id", "HEAD"]);
    for word in ["abcd", "abcd1", "abcd9", "0000beef", "abc", "", "--x", "x'y"] {
        shown += &told(&sandbox, &["plan", "abandon", "--", word]);
    }
    shown += &told(&sandbox, &["approve", "--yes"]);
    expect![[r#"
        $ git model plan show
        error: no plan here is implementing, approved or a draft
        hint: list them: git model plan list --all
        hint: begin one: git model plan new
        exit 1
        $ git model approve --yes
        error: no plan here is a draft
        hint: list them: git model plan list --all
        hint: begin one: git model plan new
        exit 1
        $ git model handoff --to "Sonnet 5.5"
        error: no plan here is approved
        hint: list them: git model plan list --all
        hint: begin one: git model plan new
        exit 1
        $ git model escalate --reason x
        error: no plan here is implementing or approved
        hint: list them: git model plan list --all
        hint: begin one: git model plan new
        exit 1
        $ git model plan abandon -- abcd
        error: `abcd` names 3 plans: <3>, <4>, <5>
        hint: write one more digit
        exit 2
        $ git model plan abandon -- abcd1
        error: the plan <3> is damaged: plan.json is that of <2>
        hint: its commits hold all that it was: git log -p refs/model/plans/<3>
        hint: to go back by one: git update-ref refs/model/plans/<3> refs/model/plans/<3>~1
        exit 2
        $ git model plan abandon -- abcd9
        error: the plan <5> is damaged: cannot read the object <6>
        hint: its commits hold all that it was: git log -p refs/model/plans/<5>
        hint: to go back by one: git update-ref refs/model/plans/<5> refs/model/plans/<5>~1
        exit 2
        $ git model plan abandon -- <7>
        error: there is no plan `<7>` here
        hint: list them: git model plan list --all
        exit 2
        $ git model plan abandon -- abc
        error: there is no plan `abc` here
        hint: list them: git model plan list --all
        exit 2
        $ git model plan abandon -- ""
        error: there is no plan `` here
        hint: list them: git model plan list --all
        exit 2
        $ git model plan abandon -- --x
        error: there is no plan `--x` here
        hint: list them: git model plan list --all
        exit 2
        $ git model plan abandon -- "x'y"
        error: there is no plan `x\'y` here
        hint: list them: git model plan list --all
        exit 2
        $ git model approve --yes
        error: 2 plans may be meant: <3>, <4>
        hint: name one of them; git model plan list shows their titles
        exit 2
    "#]]
    .assert_eq(&sandbox.normal(&shown));
}

#[test]
fn what_is_so_already_is_said_and_what_cannot_be_is_refused() {
    let sandbox = Sandbox::with_base();
    let id = draft(&sandbox);
    let mut shown = String::new();
    for words in [
        &["plan", "done", &id][..],
        &["escalate", &id, "--reason", "x"],
        &["approve", &id],
        &["approve", &id, "--yes", "--steps", "3"],
        &["approve", &id, "--yes", "--steps", "two"],
        &["approve", &id, "--yes"],
        &["approve", &id, "--yes"],
        &["handoff", &id],
        &["handoff", &id, "--to", "foo-9"],
        &["handoff", &id, "--to", "Fable 5.2"],
        &["escalate", &id, "--reason", " "],
        &["plan", "done", &id],
        &["plan", "done", &id],
        &["approve", &id, "--yes"],
        &["plan", "abandon", &id],
        &["plan", "edit", &id, "--title", "x"],
    ] {
        let output = now(&sandbox).git(&[&["model"], words].concat());
        // The text for the next model is told elsewhere.
        let first = output.stdout.lines().next().map(|line| format!("{line}\n"));
        shown += &draw(words, &Output { stdout: first.unwrap_or_default(), ..output });
    }
    expect![[r#"
        $ git model plan done <2>
        error: the plan <2> is not approved: it is a draft
        hint: read and approve it first: git model approve <2>
        exit 1
        $ git model escalate <2> --reason x
        error: the plan <2> is a draft: there is nothing to send back
        hint: change it: git model plan edit <2>
        exit 1
        $ git model approve <2>
        error: nobody can be asked here: this is no terminal
        hint: read it: git model plan show <2>
        hint: then: git model approve <2> --yes
        exit 2
        $ git model approve <2> --yes --steps 3
        error: the plan <2> has 2 steps, and no step 3
        hint: its steps: git model plan show <2>
        exit 2
        $ git model approve <2> --yes --steps two
        error: invalid value 'two' for '--steps <A-B>': `two` does not name steps

        For more information, try '--help'.
        exit 2
        $ git model approve <2> --yes
        Plan approved. Now implement this exactly as designed.
        hint: hand it off: git model handoff <2> --to MODEL --use
        $ git model approve <2> --yes
        Plan approved. Now implement this exactly as designed.
        plan <2>: was approved already, by Cora Committer
        $ git model handoff <2>
        error: it is not said to which model
        hint: say it: git model handoff --to MODEL
        hint: or once for all: git config --global model.implementer MODEL
        exit 2
        $ git model handoff <2> --to foo-9
        Planning phase complete (Opus 5.5). HANDOFF: Switching to foo-9 for implementation. Approved plan attached. Execute steps 1-2 following this plan exactly.
        warning: the tier of foo-9 is unknown: nothing tells whether it is weaker or stronger than Opus 5.5
        plan <2>: all of it handed off, Opus 5.5 -> foo-9 (on branch main)
        hint: no agent that is recorded? declare it: git model use foo-9
        $ git model handoff <2> --to "Fable 5.2"
        Planning phase complete (Opus 5.5). HANDOFF: Switching to Fable 5.2 for implementation. Approved plan attached. Execute steps 1-2 following this plan exactly.
        warning: Fable 5.2 is stronger than Opus 5.5, which planned this
        plan <2>: all of it handed off, Opus 5.5 -> Fable 5.2 (on branch main)
        hint: no agent that is recorded? declare it: git model use claude-fable-5-2
        $ git model escalate <2> --reason " "
        error: the reason is empty
        exit 2
        $ git model plan done <2>
        plan <2> "Cache": done
        $ git model plan done <2>
        plan <2> "Cache": done already
        $ git model approve <2> --yes
        error: the plan <2> is done already
        hint: begin another: git model plan new
        exit 1
        $ git model plan abandon <2>
        error: the plan <2> is done already
        hint: begin another: git model plan new
        exit 1
        $ git model plan edit <2> --title x
        error: the plan <2> is done already
        hint: begin another: git model plan new
        exit 1
    "#]].assert_eq(&sandbox.normal(&shown));
}

#[test]
fn a_text_that_changed_is_not_approved_any_more() {
    let sandbox = Sandbox::with_base();
    let id = draft(&sandbox);
    let mut shown = told(&sandbox, &["approve", "--yes"]);
    let words = ["plan", "edit", &id, "-"];
    let git = now(&sandbox).input("# Cache\n\n1. Keys\n2. No expiry\n");
    shown += &draw(&words, &git.git(&[&["model"], &words[..]].concat()));
    shown += &told(&sandbox, &["handoff", &id, "--to", "Sonnet 5.5"]);
    shown += &told(&sandbox, &["plan", "reject", "--reason", "too much at once"]);
    shown += &told(&sandbox, &["handoff", &id, "--to", "Sonnet 5.5"]);
    let script = "printf '# Cache\\n\\n1. Keys\\n' > \"$1\"";
    let words = ["plan", "edit", &id];
    shown += &draw(&words, &now(&sandbox).editor(script).git(&[&["model"], &words[..]].concat()));
    shown += &told(&sandbox, &["plan", "show"]);
    expect![[r#"
        $ git model approve --yes
        Plan approved. Now implement this exactly as designed.
        hint: hand it off: git model handoff <2> --to MODEL --use
        $ git model plan edit <2> -
        plan <2> "Cache": changed, version 2, draft
        warning: it was approved, and is not approved any more
        hint: read and approve it: git model approve <2>
        $ git model handoff <2> --to "Sonnet 5.5"
        error: the plan <2> is not approved: it is a draft
        hint: read and approve it first: git model approve <2>
        exit 1
        $ git model plan reject --reason "too much at once"
        plan <2> "Cache": rejected
        hint: write it anew: git model plan edit <2>
        $ git model handoff <2> --to "Sonnet 5.5"
        error: the plan <2> is not approved: it is rejected
        hint: write it anew: git model plan edit <2>
        exit 1
        $ git model plan edit <2>
        plan <2> "Cache": changed, version 3, draft
        hint: read and approve it: git model approve <2>
        $ git model plan show
        Plan <2> "Cache", version 3: draft

        Planned by  Opus 5.5; declared
        Approved    not any more: the text changed, or was sent back
        Commits     none; no course correction

        Step    Approved  Handed off
        1 Keys  -         -

        Story

        <time>  drafted, planned by Opus 5.5; by Cora Committer (version 1)
        <time>  approved; by Cora Committer
        <time>  edited, planned by Opus 5.5; by Cora Committer (version 2)
        <time>  rejected: too much at once; by Cora Committer
        <time>  edited, planned by Opus 5.5; by Cora Committer (version 3)

        Text

        # Cache

        1. Keys
    "#]]
    .assert_eq(&sandbox.normal(&shown));
}

#[test]
fn an_editor_opens_with_a_template_and_nothing_written_makes_no_plan() {
    let sandbox = Sandbox::with_base();
    let words = ["plan", "new", "--model", "Opus 5.5"];
    let mut shown = String::new();
    for script in
        ["cat \"$1\"", "exit 3", ": > \"$1\"", "echo '1. Keys' > \"$1\"; echo '# Cache' >> \"$1\""]
    {
        let output = now(&sandbox).editor(script).git(&[&["model"], &words[..]].concat());
        shown += &draw(&words, &output);
    }
    shown += &told(&sandbox, &["plan", "show", "--text"]);
    assert!(!sandbox.path().join(".git/model/PLAN_EDIT.md").exists());
    expect![[r#"
        $ git model plan new --model "Opus 5.5"
        <!-- A plan: what is to be done and why, then its steps as a numbered list. The first heading is its title.
             Leave this file as it is, or empty, and no plan is made. This comment is left out. -->
        # 


        ## Steps

        1. 
        2. 
        error: nothing was written, so no plan is made
        exit 1
        $ git model plan new --model "Opus 5.5"
        error: the editor `sh -c 'exit 3' editor` failed
        hint: name a file, or - for standard input
        exit 2
        $ git model plan new --model "Opus 5.5"
        error: the plan is empty
        hint: write what is to be done, with numbered steps
        exit 2
        $ git model plan new --model "Opus 5.5"
        plan <2> "Cache": draft, 1 step, planned by Opus 5.5
        hint: read and approve it: git model approve <2>
        $ git model plan show --text
        1. Keys
        # Cache
    "#]].assert_eq(&sandbox.normal(&shown));
}

#[test]
fn a_damaged_plan_is_told_and_the_others_work() {
    let sandbox = Sandbox::with_base();
    let (broken, blank) = (draft(&sandbox), draft(&sandbox));
    for (id, json, message) in [(&broken, "{", "plan: new"), (&blank, "{}", "")] {
        let name = format!("refs/model/plans/{id}");
        let message = match message {
            "" => "no trailers\n".to_owned(),
            _ => sandbox.ok(&["log", "-1", "--format=%B", &name]),
        };
        let blob = sandbox.here().input(json).ok(&["hash-object", "-w", "--stdin"]);
        let text = sandbox.ok(&["rev-parse", &format!("{name}:plan.md")]);
        let rows = format!(
            "100644 blob {}\tplan.json\n100644 blob {}\tplan.md\n",
            blob.trim(),
            text.trim()
        );
        let tree = sandbox.here().input(rows).ok(&["mktree"]);
        let commit = sandbox.here().input(message).ok(&["commit-tree", tree.trim(), "-p", &name]);
        sandbox.ok(&["update-ref", &name, commit.trim()]);
    }
    let mut shown = told(&sandbox, &["plan", "show", &broken]);
    shown += &told(&sandbox, &["plan", "show", &blank]);
    shown += &told(&sandbox, &["approve", &broken, "--yes"]);
    let good = draft(&sandbox);
    shown += &told(&sandbox, &["approve", &good, "--yes"]);
    let list = now(&sandbox).git(&["model", "plan", "list"]);
    let mut lines = list.stdout.lines().collect::<Vec<_>>();
    lines.sort_unstable();
    let _ = writeln!(shown, "{}\n{}", lines.join("\n"), list.stderr);
    let words = ["handoff", &good, "--to", "Sonnet 5.5", "--use"];
    now(&sandbox).ok(&[&["model"], &words[..]].concat());
    shown += &committed(&sandbox, "cache.rs", "keys\n", "Keys");
    let name = format!("refs/model/plans/{broken}");
    sandbox.ok(&["update-ref", &name, &format!("{name}~1")]);
    shown += &told(&sandbox, &["approve", &broken, "--yes"]);
    expect![[r#"
        $ git model plan show <2>
        error: the plan <2> is damaged: plan.json: EOF while parsing an object at line 1 column 1
        hint: its commits hold all that it was: git log -p refs/model/plans/<2>
        hint: to go back by one: git update-ref refs/model/plans/<2> refs/model/plans/<2>~1
        exit 2
        $ git model plan show <3>
        error: the plan <3> is damaged: plan.json: missing field `schema` at line 1 column 2
        hint: its commits hold all that it was: git log -p refs/model/plans/<3>
        hint: to go back by one: git update-ref refs/model/plans/<3> refs/model/plans/<3>~1
        exit 2
        $ git model approve <2> --yes
        error: the plan <2> is damaged: plan.json: EOF while parsing an object at line 1 column 1
        hint: its commits hold all that it was: git log -p refs/model/plans/<2>
        hint: to go back by one: git update-ref refs/model/plans/<2> refs/model/plans/<2>~1
        exit 2
        $ git model approve <4> --yes
        Plan approved. Now implement this exactly as designed.
        hint: hand it off: git model handoff <4> --to MODEL --use
          <2>  draft     <time>  Opus 5.5  Cache
          <4>  approved  <time>  Opus 5.5  Cache
        warning: the plan <3> is damaged: its last commit does not say what it is
        hint: look at it: git log -p refs/model/plans/<3>

        | Keys
        |
        | Model: Opus 5.5 (architecture)
        | Model: Sonnet 5.5 (implementation)
        $ git model approve <2> --yes
        Plan approved. Now implement this exactly as designed.
        hint: hand it off: git model handoff <2> --to MODEL --use
    "#]]
    .assert_eq(&sandbox.normal(&shown));
}
