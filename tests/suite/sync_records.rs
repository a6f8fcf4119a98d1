//! `git model sync`: what comes and goes, what is combined, and that nothing is lost.

use expect_test::expect;

use crate::sandbox::{Sandbox, check};
use crate::two_clones::Clones;

#[test]
fn records_are_given_to_a_remote_and_taken_from_it() {
    let clones = Clones::new();
    let given = clones.sync(&[]);
    let taken = clones.sync_at("other", &[]);
    let again = clones.sync_at("other", &[]);
    clones.commit_at("other", "claude-opus-5-5", "g.txt", "opus\n");
    let dry = clones.sync_at("other", &["--dry-run"]);
    let only_taken = clones.sync_at("other", &["--fetch-only"]);
    let more = clones.sync_at("other", &["--format", "json"]);
    let said = [given, taken, again, dry, only_taken, more];
    let said = said.map(|one| format!("{}{}", one.stdout, one.stderr)).concat();
    expect![[r#"
        origin: 1 record given
        origin: 1 record taken
        origin: nothing new on either side
        origin, dry run: 1 record given
        origin: nothing new on either side
        {"schema":"git-model/sync/1","remote":"origin","dry_run":false,"taken":0,"given":1,"combined":0,"foreign":0,"left_aside":0}
    "#]]
    .assert_eq(&said);
    assert_eq!(clones.notes_of("other"), clones.notes_of("host.git"));
}

#[test]
fn trailers_whose_records_were_never_asked_for_are_pointed_out() {
    let clones = Clones::new();
    clones.sandbox.commit_by("claude-opus-5-5", "g.txt", "opus\n", "g");
    clones.sandbox.ok(&["push", "-q"]);
    clones.sync(&[]);
    clones.at("other").ok(&["pull", "-q"]);
    let about_records = || {
        let said = ["log", "show"].map(|command| clones.at("other").ok(&["model", command]));
        let lines = said.iter().flat_map(|text| text.lines());
        let lines = lines.filter(|line| line.to_lowercase().contains("record"));
        lines.collect::<Vec<_>>().join("\n") + "\n"
    };
    expect![[r#"
          recorded    1   1 declared
        (records of 1 commit are not here; ask origin: git model sync --fetch-only)
        Record    not here, trailers tell; ask origin: git model sync --fetch-only
    "#]]
    .assert_eq(&about_records());
    clones.sync_at("other", &["--fetch-only"]);
    expect![[r#"
          recorded    1   1 declared
        Record    by a hook, at the commit
    "#]]
    .assert_eq(&about_records());
}

#[test]
fn a_remote_that_has_no_records_is_not_pointed_at_again() {
    let clones = Clones::new();
    clones.commit_at("other", "claude-opus-5-5", "g.txt", "opus\n");
    clones.at("other").ok(&["push", "-q"]);
    clones.clone_as("third", &[]);
    let points = || clones.at("third").ok(&["model", "log"]).contains("ask origin");
    assert!(points());
    assert_eq!(clones.sync_at("third", &["--fetch-only", "--dry-run"]).code, 0);
    assert!(points(), "a dry run changes nothing");
    assert_eq!(clones.sync_at("third", &["--fetch-only"]).stdout, "origin: no records there\n");
    assert!(!points());
    clones.sync_at("other", &[]);
    assert_eq!(clones.sync_at("third", &[]).stdout, "origin: 1 record taken\n");
}

#[test]
fn a_commit_recorded_on_two_machines_keeps_what_both_know() {
    let clones = Clones::new();
    clones.sync(&[]);
    clones.sync_at("other", &[]);
    let sandbox = &clones.sandbox;
    sandbox.ok(&["model", "record", "HEAD", "--model", "Opus 5.5", "--lines", "f.txt:1-2"]);
    clones.at("other").ok(&["model", "record", "HEAD", "--human", "--lines", "f.txt:2-3"]);
    clones.at("other").ok(&[
        "model",
        "record",
        "HEAD",
        "--model",
        "Fable 5.1",
        "--phase",
        "review",
    ]);
    clones.sync(&[]);
    let combined = clones.sync_at("other", &[]);
    check(
        &combined,
        &expect![[r#"
        origin: 1 record taken, 1 record given, 1 combined, as both sides had recorded
        exit 0
    "#]],
    );
    let back = clones.sync(&[]);
    check(
        &back,
        &expect![[r#"
        origin: 1 record taken
        exit 0
    "#]],
    );
    assert_eq!(clones.notes_of("other"), clones.notes_of("it's a repo"));
    expect![[r#"
        | base
        commit
        Opus 5.5 (implementation) declared +1 -0
        Fable 5.1 (review) declared +0 -0
        human declared +1 -0
        unknown +1 -0
        f.txt
          Opus 5.5: one
          unknown: two
          human: three
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn what_one_side_changed_is_changed_on_the_other() {
    let clones = Clones::new();
    clones.sync(&[]);
    clones.sync_at("other", &[]);
    clones.sandbox.ok(&["model", "record", "HEAD", "--model", "Opus 5.5"]);
    clones.sync(&[]);
    check(
        &clones.sync_at("other", &[]),
        &expect![[r#"
        origin: 1 record taken
        exit 0
    "#]],
    );
    assert_eq!(clones.notes_of("other"), clones.notes_of("it's a repo"));
}

#[test]
fn what_is_missing_on_one_side_comes_back_from_the_other() {
    let clones = Clones::new();
    clones.sandbox.commit_by("claude-opus-5-5", "g.txt", "opus\n", "x");
    clones.sync(&[]);
    let before = clones.notes_of("host.git");
    // The clone knows one commit of two, so that Git takes the note of the other for one of nothing.
    clones.sandbox.ok(&["push", "-q", "origin", "main"]);
    clones.clone_as("shallow", &["--depth", "1"]);
    clones.sync_at("shallow", &[]);
    clones.at("shallow").ok(&["notes", "--ref=model", "prune"]);
    assert_ne!(clones.notes_of("shallow"), before);
    check(
        &clones.sync_at("shallow", &[]),
        &expect![[r#"
        origin: 1 record taken
        exit 0
    "#]],
    );
    assert_eq!(clones.notes_of("shallow"), before);
    // All of them.
    clones.sandbox.ok(&["update-ref", "-d", "refs/notes/model"]);
    clones.sync(&[]);
    assert_eq!(clones.notes_of("it's a repo"), before);
    // And on the host.
    clones.at("host.git").ok(&["update-ref", "-d", "refs/notes/model"]);
    check(
        &clones.sync(&[]),
        &expect![[r#"
        origin: 2 records given
        exit 0
    "#]],
    );
    assert_eq!(clones.notes_of("host.git"), before);
}

#[test]
fn a_refspec_that_forces_notes_writes_nothing_over() {
    let clones = Clones::new();
    clones.sync(&[]);
    clones.at("other").ok(&[
        "config",
        "--add",
        "remote.origin.fetch",
        "+refs/notes/*:refs/notes/*",
    ]);
    clones.at("other").ok(&["config", "fetch.prune", "true"]);
    clones.commit_at("other", "claude-opus-5-5", "g.txt", "opus\n");
    check(
        &clones.sync_at("other", &[]),
        &expect![[r#"
        origin: 1 record taken, 1 record given
        exit 0
    "#]],
    );
    assert_eq!(clones.notes_of("other"), clones.notes_of("host.git"));
}

#[test]
fn a_remote_that_takes_no_notes_is_explained() {
    let clones = Clones::new();
    let hooks = clones.folder("host.git").join("hooks");
    let hook = hooks.join("pre-receive");
    std::fs::create_dir_all(&hooks).unwrap();
    std::fs::write(&hook, "#!/bin/sh\necho 'notes are not welcome here' >&2\nexit 1\n").unwrap();
    git_model::os::make_executable(&hook).unwrap();
    check(
        &clones.sync(&[]),
        &expect![[r#"
        error: `origin` does not take refs/notes/model: pre-receive hook declined; notes are not welcome here
        hint: records stay in this clone; only take those of others: git model sync --fetch-only
        hint: who runs the remote can allow refs/notes/model and, for plans, refs/model/plans/*
        exit 2
    "#]],
    );
    std::fs::remove_file(&hook).unwrap();
    clones.at("host.git").ok(&["config", "receive.hideRefs", "refs/notes"]);
    check(
        &clones.sync(&[]),
        &expect![[r#"
        error: `origin` does not take refs/notes/model: deny updating a hidden ref
        hint: records stay in this clone; only take those of others: git model sync --fetch-only
        hint: who runs the remote can allow refs/notes/model and, for plans, refs/model/plans/*
        exit 2
    "#]],
    );
    assert_eq!(clones.sync(&["--fetch-only"]).code, 0);
}

#[test]
fn without_a_remote_or_with_several_the_way_out_is_said() {
    let sandbox = Sandbox::with_base();
    check(
        &sandbox.model(&["sync"]),
        &expect![[r#"
        error: this repository has no remote
        hint: add one: git remote add origin ADDRESS; or name it: git model sync ADDRESS
        exit 2
    "#]],
    );
    sandbox.ok(&["remote", "add", "one", "/nowhere"]);
    sandbox.ok(&["remote", "add", "two", "/nowhere"]);
    check(
        &sandbox.model(&["sync"]),
        &expect![[r#"
        error: this repository has several remotes, and none is chosen
        hint: name one: git model sync REMOTE; list them: git remote -v
        exit 2
    "#]],
    );
    check(
        &sandbox.model(&["sync", "two"]),
        &expect![[r#"
        error: cannot read from `two`: '/nowhere' does not appear to be a git repository; Could not read from remote repository.
        hint: see what Git says: git ls-remote two
        exit 2
    "#]],
    );
    check(
        &sandbox.model(&["sync", "--upload-pack=touch x"]),
        &expect![[r#"
        error: unexpected argument '--upload-pack' found

          tip: to pass '--upload-pack' as a value, use '-- --upload-pack'

        Usage: git model sync [OPTIONS] [REMOTE]

        For more information, try '--help'.
        exit 2
    "#]],
    );
    let option = sandbox.model(&["sync", "--", "--upload-pack=touch pwned"]);
    assert_eq!((option.code, sandbox.path().join("pwned").exists()), (2, false));
}

#[test]
fn an_address_is_as_good_as_a_name() {
    let clones = Clones::new();
    check(
        &clones.sync(&[&clones.host()]),
        &expect![[r#"
        <beside>/host.git: 1 record given
        exit 0
    "#]],
    );
    check(
        &clones.sync_at("other", &["../host.git"]),
        &expect![[r#"
        ../host.git: 1 record taken
        exit 0
    "#]],
    );
}

#[test]
fn who_is_faster_costs_nobody_a_record() {
    let clones = Clones::new();
    clones.sync(&[]);
    clones.sync_at("other", &[]);
    clones.commit_at("other", "claude-opus-5-5", "g.txt", "opus\n");
    clones.sync_at("other", &[]);
    let theirs = clones.at("host.git").ok(&["rev-parse", "refs/notes/model"]);
    clones.at("host.git").ok(&["update-ref", "refs/notes/model", "refs/notes/model~1"]);
    // While the first clone pushes, the other one's push arrives.
    let hook = clones.folder("host.git").join("hooks/pre-receive");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    let text = format!(
        "#!/bin/sh\nunset GIT_QUARANTINE_PATH\n[ -e raced ] && exit 0\n: >raced\ngit update-ref refs/notes/model {theirs}\n"
    );
    std::fs::write(&hook, text).unwrap();
    git_model::os::make_executable(&hook).unwrap();
    clones.sandbox.commit_by("claude-haiku-4-5", "h.txt", "haiku\n", "x");
    check(
        &clones.sync(&[]),
        &expect![[r#"
        origin: 1 record taken, 1 record given
        exit 0
    "#]],
    );
    assert!(clones.folder("host.git").join("raced").exists());
    clones.sync_at("other", &[]);
    assert_eq!(clones.notes_of("other"), clones.notes_of("it's a repo"));
}

#[test]
fn what_is_given_is_signed_where_commits_are_signed() {
    let clones = Clones::new();
    let program = clones.sandbox.script(
        "sign",
        "cat >/dev/null; echo '[GNUPG:] SIG_CREATED ' >&2\n\
         printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n'",
    );
    clones.sandbox.ok(&["config", "commit.gpgSign", "true"]);
    clones.sandbox.ok(&["config", "gpg.program", program.trim_matches('\'')]);
    clones.sync(&[]);
    let signed = |name: &str| {
        clones.at(name).ok(&["cat-file", "-p", "refs/notes/model"]).contains("\ngpgsig ")
    };
    assert!(signed("host.git"));
    let tip = clones.at("host.git").ok(&["rev-parse", "refs/notes/model"]);
    clones.sync(&[]);
    assert_eq!(clones.at("host.git").ok(&["rev-parse", "refs/notes/model"]), tip);
    clones.sandbox.script("sign", "echo no key >&2; exit 1");
    clones.sandbox.ok(&["model", "record", "HEAD", "--human"]);
    check(
        &clones.sync(&[]),
        &expect![[r#"
            error: cannot sign the notes, as commit.gpgSign asks: gpg failed to sign the data:; no key
            hint: sign by hand to see why: git commit-tree -S -m x HEAD^{tree}
            hint: or sync without: git -c commit.gpgSign=false model sync
            exit 2
        "#]],
    );
    assert_eq!(clones.at("host.git").ok(&["rev-parse", "refs/notes/model"]), tip);
}
