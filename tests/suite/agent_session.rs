//! Does what Claude Code does beside the hooks of Git: edits files for real, writes its session file, and calls
//! `git-model agent-hook` with payloads of the shapes in `tests/fixtures/agents/claude-code`.

use std::cell::{Cell, RefCell};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::sandbox::{Output, Sandbox};

/// How many lines around a change a patch shows.
const CONTEXT: usize = 3;

/// What tells of an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tells {
    /// The hooks and the session file, as a rule.
    Both,
    /// The hooks alone: `--no-session-persistence`.
    HooksAlone,
    /// The session file alone: `--bare`, or no hooks are installed.
    FileAlone,
}

/// A session of Claude Code in a sandbox.
pub(crate) struct AgentSession<'s> {
    sandbox: &'s Sandbox,
    id: String,
    /// The folder in which it works.
    folder: PathBuf,
    file: PathBuf,
    model: Cell<&'static str>,
    tells: Tells,
    prompt: Cell<u32>,
    calls: Cell<u32>,
    /// What its hooks said.
    pub(crate) said: RefCell<String>,
}

/// A call that has begun.
pub(crate) struct Call {
    id: String,
    tool: &'static str,
    input: Value,
}

impl<'s> AgentSession<'s> {
    /// Starts a session in the repository.
    pub(crate) fn new(sandbox: &'s Sandbox, model: &'static str, tells: Tells) -> Self {
        Self::at(sandbox, sandbox.path(), 1, model, tells)
    }

    /// Starts a session in a folder; `number` tells sessions apart.
    pub(crate) fn at(
        sandbox: &'s Sandbox,
        folder: &Path,
        number: u32,
        model: &'static str,
        tells: Tells,
    ) -> Self {
        let id = format!("{number:08}-aaaa-4aaa-8aaa-bbbbbbbbbbbb");
        let is_plain = |c: char| c.is_ascii_alphanumeric();
        let slug = folder.display().to_string();
        let slug = slug.chars().map(|c| if is_plain(c) { c } else { '-' }).collect::<String>();
        let file = sandbox.beside("home/.claude/projects").join(slug).join(format!("{id}.jsonl"));
        let session = Self {
            sandbox,
            id,
            folder: folder.to_path_buf(),
            file,
            model: Cell::new(model),
            tells,
            prompt: Cell::new(0),
            calls: Cell::new(0),
            said: RefCell::default(),
        };
        session.prompt("PROMPT-TEXT: write the code, and mail ada@example.org about it");
        session
    }

    /// The session file.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// The id.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Lets another model answer from now on.
    pub(crate) fn switch(&self, model: &'static str) {
        self.model.set(model);
    }

    /// A person types something.
    pub(crate) fn prompt(&self, text: &str) {
        self.prompt.set(self.prompt.get() + 1);
        self.line(json!({"type": "user", "message": {"role": "user", "content": text}}));
    }

    fn prompt_id(&self) -> String {
        format!("cccccccc-0000-4000-8000-{:012}", self.prompt.get())
    }

    /// Appends a line to the session file.
    pub(crate) fn line(&self, mut line: Value) {
        if self.tells == Tells::HooksAlone {
            return;
        }
        let all = json!({
            "isSidechain": false,
            "promptId": self.prompt_id(),
            "timestamp": git_model::clock::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
            "cwd": self.folder,
            "sessionId": self.id,
            "entrypoint": "cli",
            "version": "2.1.330",
        });
        if let (Some(line), Some(all)) = (line.as_object_mut(), all.as_object()) {
            line.extend(all.clone());
        }
        self.append(&format!("{line}\n"));
    }

    /// Appends a text to the session file, as it is.
    pub(crate) fn append(&self, text: &str) {
        let folder = self.file.parent().expect("a file has a folder");
        fs::create_dir_all(folder).expect("the folder of the session");
        let file = fs::OpenOptions::new().create(true).append(true).open(&self.file);
        let mut file = file.expect("the session file");
        file.write_all(text.as_bytes()).expect("a line of the session file");
    }

    /// The model calls a tool.
    pub(crate) fn call(&self, tool: &'static str, input: Value) -> Call {
        self.calls.set(self.calls.get() + 1);
        let id = format!("toolu_{}{:06}", &self.id[..8], self.calls.get());
        let answer = format!("msg_{}{:06}", &self.id[..8], self.calls.get());
        self.line(json!({
            "type": "assistant",
            "effort": "medium",
            "requestedModel": self.model.get(),
            "message": {
                "id": answer, "role": "assistant", "model": self.model.get(), "stop_reason": "tool_use",
                "content": [{"type": "tool_use", "id": id, "name": tool, "input": input}],
                "usage": {"input_tokens": 100, "output_tokens": 25},
            },
        }));
        Call { id, tool, input }
    }

    /// The call succeeded.
    pub(crate) fn succeeded(&self, call: &Call, result: &Value) {
        self.hook(&self.payload("PostToolUse", call, Some(result)));
        self.result(call, result);
    }

    /// Writes the result of a call into the session file.
    pub(crate) fn result(&self, call: &Call, result: &Value) {
        let content = json!([{"type": "tool_result", "tool_use_id": call.id, "content": "done"}]);
        self.line(json!({
            "type": "user",
            "message": {"role": "user", "content": content},
            "toolUseResult": result,
        }));
    }

    /// Makes the payload of a hook.
    pub(crate) fn payload(&self, event: &str, call: &Call, result: Option<&Value>) -> Value {
        let mut payload = json!({
            "session_id": self.id,
            "transcript_path": self.file,
            "cwd": self.folder,
            "prompt_id": self.prompt_id(),
            "permission_mode": "acceptEdits",
            "hook_event_name": event,
            "tool_name": call.tool,
            "tool_input": call.input,
            "tool_use_id": call.id,
        });
        if let Some(result) = result {
            payload["tool_response"] = result.clone();
        }
        payload
    }

    /// Calls our hook, which must not disturb the agent; what it says on standard error is kept.
    pub(crate) fn hook(&self, payload: &Value) {
        if self.tells == Tells::FileAlone {
            return;
        }
        let output = self.hook_output(payload);
        assert_eq!((output.code, output.stdout.as_str()), (0, ""), "{}", output.stderr);
        self.said.borrow_mut().push_str(&output.stderr);
    }

    fn hook_output(&self, payload: &Value) -> Output {
        let call = self.sandbox.at(&self.folder).input(payload.to_string());
        call.env("CLAUDE_CODE_ENTRYPOINT", "cli").run("git-model", &["agent-hook", "claude-code"])
    }

    /// Writes a whole file.
    pub(crate) fn write(&self, path: &str, content: &str) {
        let (call, result) = self.begin_write(path, content);
        self.succeeded(&call, &result);
    }

    /// Writes a whole file; nobody has told of it yet.
    pub(crate) fn begin_write(&self, path: &str, content: &str) -> (Call, Value) {
        let full = self.folder.join(path);
        let call = self.call("Write", json!({"file_path": full, "content": content}));
        let before = fs::read(&full).ok();
        let original = before.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        fs::create_dir_all(full.parent().expect("a file has a folder")).expect("a folder");
        fs::write(&full, content).expect("a file of the repository");
        let hunks = original.as_ref().map_or_else(|| json!([]), |old| patch(old, content));
        let kind = if original.is_some() { "update" } else { "create" };
        let result = json!({
            "type": kind, "filePath": full, "content": content, "structuredPatch": hunks,
            "originalFile": original, "userModified": false,
        });
        (call, result)
    }

    /// Puts one text in place of another, once.
    pub(crate) fn edit(&self, path: &str, old: &str, new: &str) {
        let full = self.folder.join(path);
        let input =
            json!({"file_path": full, "old_string": old, "new_string": new, "replace_all": false});
        let call = self.call("Edit", input);
        let before = fs::read_to_string(&full).expect("a file to edit");
        assert!(before.contains(old), "{path} has `{old}`");
        let after = before.replacen(old, new, 1);
        fs::write(&full, &after).expect("a file of the repository");
        let result = json!({
            "filePath": full, "oldString": old, "newString": new, "originalFile": before,
            "structuredPatch": patch(&before, &after), "userModified": false, "replaceAll": false,
        });
        self.succeeded(&call, &result);
    }

    /// Begins a command of the shell.
    pub(crate) fn begin_shell(&self, command: &str) -> Call {
        let call = self.call("Bash", json!({"command": command, "description": "Run it"}));
        self.hook(&self.payload("PreToolUse", &call, None));
        call
    }

    /// Runs what a command does, in the environment that the agent gives it.
    pub(crate) fn in_shell(&self, command: &str) -> Output {
        let shell = self.sandbox.at(&self.folder).env("CLAUDE_CODE_SESSION_ID", &self.id);
        shell.env("CLAUDECODE", "1").run("sh", &["-c", command])
    }

    /// Ends a command of the shell.
    pub(crate) fn end_shell(&self, call: &Call) {
        let result = json!({"stdout": "", "stderr": "", "interrupted": false, "isImage": false});
        self.succeeded(call, &result);
    }

    /// Runs a command of the shell from begin to end.
    pub(crate) fn shell(&self, command: &str) {
        let call = self.begin_shell(command);
        let output = self.in_shell(command);
        assert_eq!(output.code, 0, "{command}: {}{}", output.stdout, output.stderr);
        self.end_shell(&call);
    }
}

/// Makes a patch as Claude Code does: one hunk, whose lines end without their breaks.
fn patch(old: &str, new: &str) -> Value {
    let split = |text: &str| {
        let text = text.replace("\r\n", "\n");
        text.split_inclusive('\n').map(str::to_owned).collect::<Vec<_>>()
    };
    let (old, new) = (split(old), split(new));
    let same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let ends = old[same..].iter().rev().zip(new[same..].iter().rev());
    let same_end = ends.take_while(|(old, new)| old == new).count();
    if same == old.len() && same == new.len() {
        return json!([]);
    }
    let start = same.saturating_sub(CONTEXT);
    let (old_end, new_end) = (old.len() - same_end, new.len() - same_end);
    let after = same_end.min(CONTEXT);
    let mut lines = Vec::new();
    let mut push = |sign: &str, part: &[String]| {
        for line in part {
            lines.push(format!("{sign}{}", line.trim_end_matches('\n')));
            if !line.ends_with('\n') {
                lines.push("\\ No newline at end of file".to_owned());
            }
        }
    };
    push(" ", &old[start..same]);
    push("-", &old[same..old_end]);
    push("+", &new[same..new_end]);
    push(" ", &old[old_end..old_end + after]);
    json!([{
        "oldStart": start + 1, "oldLines": old_end + after - start,
        "newStart": start + 1, "newLines": new_end + after - start, "lines": lines,
    }])
}

/// Returns a text of lines with numbers, from 1.
pub(crate) fn numbered(count: u32) -> String {
    let lines = (1..=count).map(|number| format!("line {number}\n"));
    lines.collect::<Vec<_>>().concat()
}
