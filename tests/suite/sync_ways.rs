//! `git model sync` over every kind of way, and in every kind of repository.

use std::process::Stdio;

use expect_test::expect;

use crate::http_host;
use crate::sandbox::check;
use crate::two_clones::Clones;

#[test]
fn records_travel_by_ssh() {
    let clones = Clones::new();
    let ssh = clones.sandbox.script("ssh", "shift; exec sh -c \"$*\"");
    let address = format!("there:{}", clones.host());
    let by_ssh = |name: &str| {
        let name =
            if name == "." { clones.sandbox.path().to_path_buf() } else { clones.folder(name) };
        let ssh =
            clones.sandbox.at(name).env("GIT_SSH_COMMAND", &ssh).env("GIT_SSH_VARIANT", "simple");
        ssh.git(&["model", "sync", &address])
    };
    check(
        &by_ssh("."),
        &expect![[r#"
        there:<beside>/host.git: 1 record given
        exit 0
    "#]],
    );
    check(
        &by_ssh("other"),
        &expect![[r#"
        there:<beside>/host.git: 1 record taken
        exit 0
    "#]],
    );
    clones.sandbox.script(
        "ssh",
        "echo 'ssh: connect to host there port 22: Connection refused' >&2; exit 255",
    );
    check(
        &by_ssh("."),
        &expect![[r#"
        error: cannot read from `there:<beside>/host.git`: ssh: connect to host there port 22: Connection refused; Could not read from remote repository.
        hint: see what Git says: git ls-remote there:<beside>/host.git
        exit 2
    "#]],
    );
}

#[test]
fn records_travel_by_http() {
    let clones = Clones::new();
    let address = format!("{}/host.git", http_host::serve(&clones.folder(".")));
    clones.sandbox.ok(&["remote", "set-url", "origin", &address]);
    clones.at("other").ok(&["remote", "set-url", "origin", &address]);
    check(
        &clones.sync(&[]),
        &expect![[r#"
        origin: 1 record given
        exit 0
    "#]],
    );
    check(
        &clones.sync_at("other", &[]),
        &expect![[r#"
        origin: 1 record taken
        exit 0
    "#]],
    );
    clones.at("host.git").ok(&["config", "http.receivepack", "false"]);
    clones.commit_at("other", "claude-opus-5-5", "g.txt", "opus\n");
    let said = clones.sync_at("other", &[]);
    let port = address.trim_end_matches("/host.git");
    let stderr = said.stderr.replace(port, "http://127.0.0.1:PORT");
    expect![[r#"
        error: cannot push to `origin`: unable to access 'http://127.0.0.1:PORT/host.git/': The requested URL returned error: 403
        hint: records stay in this clone; only take those of others: git model sync --fetch-only
        hint: who runs the remote can allow refs/notes/model and, for plans, refs/model/plans/*
    "#]]
    .assert_eq(&stderr);
}

#[test]
fn bare_shallow_and_partial_clones_sync() {
    let clones = Clones::new();
    clones.at("host.git").ok(&["config", "uploadpack.allowFilter", "true"]);
    clones.sandbox.commit_by("claude-opus-5-5", "g.txt", "opus\n", "x");
    clones.sandbox.ok(&["push", "-q"]);
    clones.sync(&[]);
    let address = format!("file://{}", clones.host());
    let bare = clones.folder("bare.git").display().to_string();
    clones.sandbox.ok(&["clone", "-q", "--bare", &address, &bare]);
    clones.clone_as("shallow", &["--depth=1"]);
    clones.clone_as("partial", &["--filter=blob:none"]);
    for name in ["bare.git", "shallow", "partial"] {
        assert_eq!(clones.sync_at(name, &[]).stdout, "origin: 2 records taken\n", "{name}");
        clones.at(name).ok(&[
            "model",
            "record",
            "HEAD",
            "--model",
            "Fable 5.1",
            "--phase",
            "review",
        ]);
        let again = clones.at(name).ok(&[
            "model",
            "record",
            "HEAD",
            "--model",
            name.trim_end_matches(".git"),
            "--phase",
            "x",
        ]);
        assert!(again.contains("known now"), "{name}: {again}");
        assert_eq!(clones.sync_at(name, &[]).stdout.lines().count(), 1, "{name}");
        assert_eq!(clones.notes_of(name), clones.notes_of("host.git"), "{name}");
    }
}

#[test]
fn shallow_and_partial_clones_record_and_rewrite() {
    let clones = Clones::new();
    clones.at("host.git").ok(&["config", "uploadpack.allowFilter", "true"]);
    clones.sandbox.commit_by("claude-opus-5-5", "f.txt", "one\nopus\nthree\n", "x");
    clones.sandbox.ok(&["push", "-q"]);
    for (name, option) in [("shallow", "--depth=1"), ("partial", "--filter=blob:none")] {
        clones.clone_as(name, &[option]);
        let git = |arguments: &[&str]| clones.at(name).ok(arguments);
        git(&["switch", "-q", "-c", "topic"]);
        clones.commit_at(name, "claude-haiku-4-5", "f.txt", "one\nopus\nthree\nhaiku\n");
        git(&["switch", "-q", "main"]);
        clones.commit_at(name, "claude-sonnet-5-5", "f.txt", "sonnet\none\nopus\nthree\n");
        git(&["commit", "-q", "--amend", "-m", "again"]);
        git(&["switch", "-q", "topic"]);
        git(&["rebase", "-q", "main"]);
        assert_eq!(
            git(&["log", "-2", "--format=%s: %(trailers:key=Model,valueonly,separator=%x2C)"]),
            "f.txt by claude-haiku-4-5: Haiku 4.5 (implementation)\n\
             again: Sonnet 5.5 (implementation)\n",
            "{name}"
        );
        let blamed = git(&["model", "blame", "f.txt"]);
        let names =
            blamed.lines().take(5).map(|line| line.split_whitespace().nth(1).unwrap_or_default());
        // The records of what was cloned are not here, but the trailer of the line's own commit is.
        let first = if name == "shallow" { ["unknown", "unknown"] } else { ["unknown", "Opus"] };
        let expected = ["Sonnet", first[0], first[1], "unknown", "Haiku"];
        assert_eq!(names.collect::<Vec<_>>(), expected, "{name}: {blamed}");
    }
}

#[test]
fn notes_that_a_partial_clone_left_out_are_got_before_they_are_combined() {
    let clones = Clones::new();
    clones.at("host.git").ok(&["config", "uploadpack.allowFilter", "true"]);
    clones.sync(&[]);
    clones.clone_as("partial", &["--filter=blob:none"]);
    // As a person would who follows Git's own manual: only names come, no notes.
    clones.at("partial").ok(&["fetch", "-q", "origin", "refs/notes/model:refs/notes/model"]);
    clones.sandbox.ok(&["model", "record", "HEAD", "--human"]);
    clones.sync(&[]);
    check(
        &clones.sync_at("partial", &[]),
        &expect![[r#"
        origin: 1 record taken
        exit 0
    "#]],
    );
    assert_eq!(clones.notes_of("partial"), clones.notes_of("host.git"));
}

#[test]
fn linked_worktrees_and_submodules_sync() {
    let clones = Clones::new();
    let linked = clones.folder("linked").display().to_string();
    clones.sandbox.ok(&["worktree", "add", "-q", "-b", "linked", &linked]);
    clones.commit_at("linked", "claude-opus-5-5", "g.txt", "opus\n");
    assert_eq!(clones.sync_at("linked", &["origin"]).stdout, "origin: 2 records given\n");
    let outer = clones.folder("outer").display().to_string();
    clones.sandbox.ok(&["init", "-q", &outer]);
    let address = format!("file://{}", clones.host());
    clones.at("outer").ok(&["submodule", "add", "-q", &address, "inner"]);
    assert_eq!(clones.sync_at("outer/inner", &[]).stdout, "origin: 2 records taken\n");
    assert_eq!(clones.notes_of("outer/inner"), clones.notes_of("host.git"));
}

#[test]
fn repositories_that_cannot_record_are_refused_with_the_reason() {
    let clones = Clones::new();
    let sha256 = clones.folder("sha256").display().to_string();
    clones.sandbox.ok(&["init", "-q", "--object-format=sha256", &sha256]);
    let address = clones.host();
    clones.at("sha256").ok(&["remote", "add", "origin", &address]);
    check(
        &clones.sync_at("sha256", &[]),
        &expect![[r#"
        error: cannot open the Git repository at `<beside>/sha256`
        caused by: unknown object format 'sha256'
        hint: only `git model log` reads repositories with SHA-256 ids or reftable; nothing is recorded in them yet
        exit 2
    "#]],
    );
    check(
        &clones.sync(&[&sha256]),
        &expect![[r#"
        error: cannot push to `<beside>/sha256`: the receiving end does not support this repository's hash algorithm; the remote end hung up unexpectedly
        hint: records stay in this clone; only take those of others: git model sync --fetch-only
        hint: who runs the remote can allow refs/notes/model and, for plans, refs/model/plans/*
        exit 2
    "#]],
    );
    if clones.sandbox.git_version() >= (2, 45) {
        let reftable = clones.folder("reftable").display().to_string();
        clones.sandbox.ok(&["init", "-q", "--ref-format=reftable", &reftable]);
        let said = clones.sync_at("reftable", &[]);
        assert_eq!(said.code, 2);
        assert!(said.stderr.contains("hint: only `git model log` reads"), "{}", said.stderr);
        // As a remote it is as good as any.
        assert_eq!(clones.sync(&[&reftable]).code, 0);
    }
}

/// How often two clones race.
#[expect(clippy::disallowed_methods, reason = "the long suite asks for more")]
fn rounds() -> u32 {
    std::env::var("SYNC_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(6)
}

/// Two clones commit, amend, rebase and sync at the same time, over and over; `SYNC_ROUNDS` says how often.
#[test]
fn two_clones_that_race_lose_nothing() {
    let rounds = rounds();
    let clones = Clones::new();
    let first = clones.sandbox.path().to_path_buf();
    let other = clones.folder("other");
    for round in 0..rounds {
        for (name, folder) in [("one", &first), ("two", &other)] {
            let file = format!("{name}-{}.txt", round % 5);
            std::fs::write(folder.join(&file), format!("{name} {round}\n")).unwrap();
            let at = || clones.sandbox.at(folder).env("GIT_MODEL", "claude-opus-5-5");
            at().ok(&["add", &file]);
            at().ok(&["commit", "-q", "-m", &format!("{name} {round}")]);
            if round % 3 == 1 {
                at().ok(&["commit", "-q", "--amend", "-m", &format!("{name} {round} again")]);
            }
            at().ok(&["pull", "-q", "--rebase", "origin", "main"]);
            at().ok(&["push", "-q", "origin", "HEAD:main"]);
        }
        let racing = [&first, &other].map(|folder| {
            let mut command = clones.sandbox.at(folder).command("git", &["model", "sync"]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        });
        for child in racing {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
    }
    for folder in [&first, &other, &first] {
        clones.sandbox.at(folder).ok(&["pull", "-q", "--rebase", "origin", "main"]);
        clones.sandbox.at(folder).ok(&["model", "sync"]);
    }
    for folder in [&first, &other] {
        let at = || clones.sandbox.at(folder);
        let noted = at().ok(&["notes", "--ref=model", "list"]);
        for commit in at().ok(&["rev-list", "main"]).lines() {
            assert!(noted.contains(commit), "{commit} has no note in {}", folder.display());
        }
        at().ok(&["fsck", "--no-dangling", "--no-progress"]);
    }
    // All that was recorded anywhere, of commits that were rebased or amended away, too.
    assert_eq!(clones.notes_of("other"), clones.notes_of("host.git"));
    assert_eq!(clones.notes_of("it's a repo"), clones.notes_of("host.git"));
}
