//! A stand-in for the program `claude`: it notes how it was called and prints what a test wants.

use std::fs;
use std::path::{Path, PathBuf};

use crate::plan_way::{draw, now};
use crate::sandbox::{Invocation, Sandbox, search_path};

/// A plan of two steps.
pub(crate) const PLAN: &str = "# Cache\n\nReads repeat.\n\n1. Keys in cache.rs\n2. Expiry\n";

/// A stand-in for `claude`, and what it noted.
pub(crate) struct StandIn<'s> {
    sandbox: &'s Sandbox,
    /// The folder of the programs.
    pub(crate) folder: PathBuf,
}

impl<'s> StandIn<'s> {
    /// Puts it into a folder of programs, and has the user choose it.
    pub(crate) fn new(sandbox: &'s Sandbox) -> Self {
        let folder = sandbox.beside("programs");
        fs::create_dir_all(&folder).expect("a folder");
        let note = folder.display();
        let script = format!(
            "printf '%s\\n' \"$@\" > '{note}/args'; cat > '{note}/stdin'; env | sort > '{note}/env'; pwd > '{note}/pwd'\n. '{note}/does'"
        );
        sandbox.script("programs/claude", &script);
        let stand_in = Self { sandbox, folder };
        sandbox.ok(&["config", "--global", "model.planner", "claude:claude-opus-5-5"]);
        stand_in.answers("claude-opus-5-5", PLAN);
        stand_in
    }

    /// Has it do something once it has read the question.
    pub(crate) fn does(&self, script: &str) {
        fs::write(self.folder.join("does"), script).expect("a script");
    }

    /// Has it print lines.
    pub(crate) fn prints(&self, lines: &[serde_json::Value], exit_code: i32) {
        let lines = lines.iter().map(|line| line.to_string() + "\n");
        let text = lines.collect::<String>();
        fs::write(self.folder.join("answer"), text).expect("an answer");
        self.does(&format!("cat '{}/answer'; exit {exit_code}", self.folder.display()));
    }

    /// Has a model answer with a text.
    pub(crate) fn answers(&self, model: &str, text: &str) {
        let message =
            serde_json::json!({"model": model, "content": [{"type": "text", "text": text}]});
        let usage = serde_json::json!({"input_tokens": 12000, "output_tokens": 800});
        let result = serde_json::json!({
            "type": "result", "subtype": "success", "is_error": false, "stop_reason": "end_turn",
            "result": text, "usage": usage,
        });
        self.prints(&[serde_json::json!({"type": "assistant", "message": message}), result], 0);
    }

    /// Returns a command that finds it first.
    pub(crate) fn here(&self) -> Invocation<'s> {
        now(self.sandbox).env("PATH", &format!("{}:{}", self.folder.display(), path()))
    }

    /// Runs `git model` and draws it.
    pub(crate) fn told(&self, words: &[&str]) -> String {
        self.steady(&draw(words, &self.here().git(&[&["model"], words].concat())))
    }

    /// Returns what it noted; empty where it was not called.
    pub(crate) fn noted(&self, what: &str) -> String {
        self.steady(&fs::read_to_string(self.folder.join(what)).unwrap_or_default())
    }

    /// Forgets what it noted.
    pub(crate) fn forget(&self) {
        for what in ["args", "stdin", "env", "pwd"] {
            let _ = fs::remove_file(self.folder.join(what));
        }
    }

    /// Replaces what is another at each run: ids, paths, seconds, and the text that nobody can foresee.
    pub(crate) fn steady(&self, text: &str) -> String {
        let text = text.replace(&self.folder.display().to_string(), "PROGRAMS");
        let text = text.replace(&self.sandbox.path().display().to_string(), "REPO");
        let own = std::env::temp_dir().join("git-model-").display().to_string();
        let lines = text.lines().map(|line| {
            let line = match line.split_once(" s, ") {
                Some((seconds, rest)) if seconds.parse::<u32>().is_ok() => format!("N s, {rest}"),
                _ => line.to_owned(),
            };
            let words = line.split(' ').map(|word| match word {
                _ if word.len() == 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                    "BOUNDARY"
                }
                _ if word.starts_with(&own) && !word.ends_with(':') => "OWN-FOLDER",
                _ => word,
            });
            words.collect::<Vec<_>>().join(" ") + "\n"
        });
        self.sandbox.normal(&lines.collect::<String>())
    }
}

/// Returns where programs are looked for, without folders that hold a real agent's program.
pub(crate) fn path() -> String {
    let path = search_path();
    let holds = |folder: &&str, name: &str| Path::new(folder).join(name).exists();
    let agents = ["claude", "codex", "gemini", "opencode"];
    let kept = path.split(':').filter(|folder| !agents.iter().any(|name| holds(folder, name)));
    kept.collect::<Vec<_>>().join(":")
}
