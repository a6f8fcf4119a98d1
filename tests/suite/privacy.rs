//! What is kept says nothing of prompts, of people's mail addresses or of their home folders: `docs/privacy.md`.

use std::fs;
use std::path::{Path, PathBuf};

use git_model::store::{ContentId, Evidence};

use crate::agent_session::{AgentSession, Tells};
use crate::sandbox::Sandbox;

const OPUS: &str = "claude-opus-5-5";

/// What may stand nowhere. Session files and their folder are the exception, in the files that name them.
const SECRETS: &[&str] =
    &["PROMPT-TEXT", "ANSWER-TEXT", "COMMAND-TEXT", "OUTPUT-TEXT", "@example.org"];

/// Lists all files below a folder.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() {
            files.extend(files_below(&entry.path()));
        } else {
            files.push(entry.path());
        }
    }
    files
}

fn check_text(name: &str, text: &[u8], secrets: &[&str]) {
    let text = String::from_utf8_lossy(text);
    for secret in secrets {
        assert!(!text.contains(secret), "{name} has `{secret}`: {text}");
    }
}

/// Says a line as a model does, and lets it run a command that says something.
fn talk(session: &AgentSession<'_>) {
    let text = serde_json::json!([{"type": "text", "text": "ANSWER-TEXT to ada@example.org"}]);
    session.line(serde_json::json!({
        "type": "assistant",
        "message": {"id": "msg_1", "role": "assistant", "model": OPUS, "content": text},
    }));
    let call = session.begin_shell("echo COMMAND-TEXT > /dev/null; echo made > shell.txt");
    session.in_shell("echo made > shell.txt");
    let result = serde_json::json!({"stdout": "OUTPUT-TEXT", "stderr": "", "interrupted": false});
    session.succeeded(&call, &result);
}

#[test]
fn prompts_mail_addresses_and_home_folders_are_kept_nowhere() {
    let sandbox = Sandbox::with_base();
    let home = sandbox.beside("home").display().to_string();
    for (number, tells) in [(1, Tells::Both), (2, Tells::HooksAlone), (3, Tells::FileAlone)] {
        let session = AgentSession::at(&sandbox, sandbox.path(), number, OPUS, tells);
        talk(&session);
        session.write(&format!("new-{number}.txt"), "alpha\n");
        session.prompt("PROMPT-TEXT again");
        session.edit(&format!("new-{number}.txt"), "alpha\n", "alpha\nbeta\n");
        sandbox.ok(&["add", "-A"]);
        sandbox.ok(&["commit", "-q", "-m", "work"]);
        session.edit(&format!("new-{number}.txt"), "beta\n", "gamma\n");
        session.begin_shell("echo COMMAND-TEXT");
    }
    for revision in sandbox.ok(&["rev-list", "HEAD"]).lines() {
        let with_home = [SECRETS, &[&home]].concat();
        check_text("a message", sandbox.message(revision).as_bytes(), &with_home);
        let note = sandbox.note(revision).to_string();
        check_text("a note", note.as_bytes(), &with_home);
    }
    let model = sandbox.path().join(".git/model");
    let files = files_below(&model);
    assert!(files.len() > 10, "{files:?}");
    for file in &files {
        let name = file.strip_prefix(&model).expect("a file of ours").display().to_string();
        let bytes = fs::read(file).expect("a file of ours");
        check_text(&name, &bytes, SECRETS);
        let names_sessions = name.starts_with("sessions") || name.starts_with("shell/");
        if !names_sessions {
            check_text(&name, &bytes, &[&home]);
        }
        if name.starts_with("contents/") {
            let id = file.file_name().and_then(|name| name.to_str()?.parse::<ContentId>().ok());
            let contents = Evidence::of(&sandbox.path().join(".git")).contents();
            let content = contents.read(id.expect("a content has an id")).expect("a content");
            check_text(&name, &content, &[SECRETS, &[&home]].concat());
        }
    }
}

#[test]
fn what_expired_and_what_nothing_names_is_removed_at_a_commit_of_the_next_day() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    sandbox.write("untracked.txt", "seen by a command\n");
    session.shell("true");
    session.edit("f.txt", "two", "2");
    sandbox.ok(&["commit", "-q", "-a", "-m", "one"]);
    let contents = sandbox.path().join(".git/model/contents");
    let count = || files_below(&contents).len();
    assert!(count() >= 3);
    sandbox.commit("other.txt", "by hand\n", "two");
    assert!(count() >= 3);
    for file in files_below(&sandbox.path().join(".git/model")) {
        let opened = fs::File::options().write(true).open(&file).unwrap();
        let written = opened.metadata().unwrap().modified().unwrap();
        opened.set_modified(written - std::time::Duration::from_secs(25 * 3600)).unwrap();
    }
    sandbox.commit("other.txt", "by hand again\n", "three");
    assert_eq!(count(), 0);
}

#[test]
fn deinit_removes_all_that_is_kept_but_the_records() {
    let sandbox = Sandbox::with_base();
    let session = AgentSession::new(&sandbox, OPUS, Tells::Both);
    session.edit("f.txt", "two", "2");
    session.begin_shell("true");
    sandbox.ok(&["model", "deinit"]);
    assert!(!sandbox.path().join(".git/model").exists());
    session.edit("f.txt", "three", "3");
    assert!(!sandbox.path().join(".git/model").exists());
}
