//! What may go wrong while agents' edits are kept: a disk that takes nothing, damaged evidence, session files that are
//! huge, half written or broken. A commit goes through, with one warning line at most.

use std::fs::{self, OpenOptions};
use std::io::Write as _;

use expect_test::{Expect, expect};

use crate::agent_session::{AgentSession, Tells};
use crate::faults::with_own_mounts;
use crate::sandbox::{Sandbox, check};

const OPUS: &str = "claude-opus-5-5";

fn drawn(sandbox: &Sandbox, expected: &Expect) {
    expected.assert_eq(&sandbox.drawn("HEAD"));
}

/// Commits all that is there; nobody says a word.
fn commit_silently(sandbox: &Sandbox) {
    sandbox.ok(&["add", "-A"]);
    let output = sandbox.git(&["commit", "-q", "-m", "work"]);
    assert_eq!((output.code, output.stdout + &output.stderr), (0, String::new()));
    sandbox.learn("HEAD");
}

/// Writes payloads for three hooks of one call of the shell and one of a file, beside the repository.
fn payloads(sandbox: &Sandbox) {
    let session = AgentSession::new(sandbox, OPUS, Tells::Both);
    session.write("before.txt", "told before\n");
    let shell = session.call("Bash", serde_json::json!({"command": "true"}));
    let (call, result) = session.begin_write("new.txt", "alpha\n");
    let done = serde_json::json!({"stdout": "", "stderr": ""});
    for (name, payload) in [
        ("before", session.payload("PreToolUse", &shell, None)),
        ("after", session.payload("PostToolUse", &shell, Some(&done))),
        ("write", session.payload("PostToolUse", &call, Some(&result))),
    ] {
        fs::write(sandbox.beside(name), payload.to_string()).expect("a payload");
    }
}

const ALL_HOOKS: &str = "for one in before write after; do \
    git-model agent-hook claude-code < ../$one; echo $one $?; done; \
    git add -A; git commit -q -m work; echo commit $?";

#[test]
fn a_git_directory_that_cannot_be_written_stops_no_agent_and_no_commit() {
    let sandbox = Sandbox::with_base();
    payloads(&sandbox);
    let script = format!(
        "mount --bind .git/model .git/model && mount -o remount,ro,bind .git/model && {ALL_HOOKS}"
    );
    let Some(output) = with_own_mounts(&sandbox, &script) else { return };
    check(
        &output,
        &expect![[r#"
            before 0
            write 0
            after 0
            commit 0
            warning: git-model: an edit is not recorded: cannot write `<repo>/.git/model/contents/<2>`: Read-only file system (os error 30)
            warning: git-model: an edit is not recorded: cannot write `<repo>/.git/model/contents/<2>`: Read-only file system (os error 30)
            warning: git-model: the record of this commit will be incomplete: cannot write `<repo>/.git/model/draft`: Read-only file system (os error 30)
            exit 0
        "#]],
    );
}

#[test]
fn evidence_that_cannot_be_written_is_told_and_the_rest_is_recorded() {
    let sandbox = Sandbox::with_base();
    AgentSession::new(&sandbox, OPUS, Tells::Both).write("one.txt", "alpha\n");
    sandbox.ok(&["add", "-A"]);
    let script = "mount --bind .git/model/evidence .git/model/evidence && \
                  mount -o remount,ro,bind .git/model/evidence && git commit -q -m work; echo commit $?";
    let Some(output) = with_own_mounts(&sandbox, script) else { return };
    check(
        &output,
        &expect![[r#"
        commit 0
        warning: git-model: what agents' sessions tell was not read: cannot write `<repo>/.git/model/evidence`
        warning: git-model: what agents told of this commit is not put aside: cannot write `<repo>/.git/model/evidence`
        exit 0
    "#]],
    );
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +1 -0
        one.txt
          Opus 5.5: alpha
    "#]],
    );
}

#[test]
fn a_full_disk_stops_no_agent_and_no_commit() {
    let sandbox = Sandbox::with_base();
    payloads(&sandbox);
    let script = format!(
        "mount -t tmpfs -o size=8k none .git/model && echo '{{}}' > .git/model/installation && \
         head -c 8192 /dev/zero > .git/model/fill 2> /dev/null; {ALL_HOOKS}"
    );
    let Some(output) = with_own_mounts(&sandbox, &script) else { return };
    check(
        &output,
        &expect![[r#"
            before 0
            write 0
            after 0
            commit 0
            warning: git-model: an edit is not recorded: cannot write `<repo>/.git/model/contents/<2>`: No space left on device (os error 28)
            warning: git-model: an edit is not recorded: cannot write `<repo>/.git/model/contents/<3>`: No space left on device (os error 28)
            warning: git-model: the record of this commit will be incomplete: cannot write `<repo>/.git/model/draft`: No space left on device (os error 28)
            exit 0
        "#]],
    );
}

#[test]
fn damaged_torn_and_newer_evidence_costs_only_itself() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.write("one.txt", "alpha\n");
    session.write("two.txt", "beta\n");
    fs::remove_file(session.file()).unwrap();
    let evidence = sandbox.path().join(".git/model/evidence");
    let text = fs::read_to_string(&evidence).unwrap();
    let lines = text.lines().collect::<Vec<_>>();
    let (last, first) = (lines.last().unwrap(), lines.first().unwrap());
    let newer = r#"{"type":"of tomorrow"}"#;
    let newer = format!("1 {:08x} {newer}", crc32fast::hash(newer.as_bytes()));
    let torn = &last[..last.len() / 2];
    fs::write(&evidence, format!("{first}\n\0\u{ff} garbage\n{newer}\n9 00000000 x\n{torn}"))
        .unwrap();
    commit_silently(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +1 -0
        unknown +1 -0
        one.txt
          Opus 5.5: alpha
        two.txt
          unknown: beta
    "#]],
    );
    // The next edit stands behind the torn line, and on its own.
    let session = AgentSession::at(&sandbox, sandbox.path(), 2, OPUS, Tells::Both);
    session.write("three.txt", "gamma\n");
    commit_silently(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +1 -0
        three.txt
          Opus 5.5: gamma
    "#]],
    );
}

#[test]
fn contents_memory_and_cursors_that_are_damaged_are_as_nothing() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.write("one.txt", "alpha\n");
    commit_silently(&sandbox);
    session.edit("one.txt", "alpha\n", "alpha\nbeta\n");
    let model = sandbox.path().join(".git/model");
    let mut damaged = 0;
    for folder in ["contents", "remembered", "shell", "left", "."] {
        for entry in fs::read_dir(model.join(folder)).into_iter().flatten().flatten() {
            let is_kept = entry.file_name() == "installation" || entry.file_name() == "evidence";
            if entry.path().is_file() && !is_kept {
                fs::write(entry.path(), "\0 garbage {").unwrap();
                damaged += 1;
            }
        }
    }
    assert!(damaged >= 4, "{damaged}");
    commit_silently(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +1 -0
        one.txt
          Opus 5.5: beta
    "#]],
    );
}

/// Makes a session file longer by a hole, which is one line without sense.
fn add_hole(session: &AgentSession<'_>, bytes: u64) {
    let mut file = OpenOptions::new().append(true).open(session.file()).expect("a session file");
    let len = file.metadata().expect("its length").len();
    file.set_len(len + bytes).expect("a hole");
    file.write_all(b"\n").expect("the end of the hole");
}

#[test]
fn of_a_huge_session_file_only_the_end_is_read() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::FileAlone);
    session.write("early.txt", "told half a gigabyte ago\n");
    add_hole(&session, 500 << 20);
    session.write("late.txt", "told just now\n");
    commit_silently(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +1 -0
        unknown +1 -0
        early.txt
          unknown: told half a gigabyte ago
        late.txt
          Opus 5.5: told just now
    "#]],
    );
    let len = fs::metadata(session.file()).unwrap().len();
    let known = sandbox.read(".git/model/sessions");
    assert!(known.contains(&format!("\nfile\t{len}\t")), "{known}");
}

#[test]
fn a_session_file_that_grew_by_too_much_is_not_given_up() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::FileAlone);
    session.write("one.txt", "alpha\n");
    commit_silently(&sandbox);
    add_hole(&session, 200 << 20);
    session.write("two.txt", "beta\n");
    commit_silently(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +1 -0
        two.txt
          Opus 5.5: beta
    "#]],
    );
}

#[test]
fn a_line_that_is_being_written_waits_and_a_broken_one_is_passed_over() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::FileAlone);
    session.write("one.txt", "alpha\n");
    session.append("{\"type\":\"assistant\",\"broken\n\u{0}\n[1]\n");
    session.write("two.txt", "beta\n");
    session.write("three.txt", "gamma\n");
    let text = fs::read_to_string(session.file()).unwrap();
    let cut = text.len() - 40;
    fs::write(session.file(), &text[..cut]).unwrap();
    commit_silently(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +2 -0
        unknown +1 -0
        one.txt
          Opus 5.5: alpha
        three.txt
          unknown: gamma
        two.txt
          Opus 5.5: beta
    "#]],
    );
    // The rest comes when the file is committed already: it is told late, and a person's line below stays.
    session.append(&text[cut..]);
    sandbox.write("three.txt", "gamma\nby hand\n");
    session.write("four.txt", "delta\n");
    commit_silently(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +1 -0
        unknown +1 -0
        four.txt
          Opus 5.5: delta
        three.txt
          unknown: by hand
    "#]],
    );
}

#[test]
fn a_session_file_that_cannot_be_read_costs_nothing_else() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.write("one.txt", "alpha\n");
    fs::remove_file(session.file()).unwrap();
    fs::create_dir(session.file()).unwrap();
    commit_silently(&sandbox);
    drawn(
        &sandbox,
        &expect![[r#"
        | work
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) observed +1 -0
        one.txt
          Opus 5.5: alpha
    "#]],
    );
}
