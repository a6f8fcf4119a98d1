//! An event in a few lines that people can read.

use std::fmt::Write as _;
use std::path::Path;

use git_model::provenance::{Action, AgentEvent, FileState, Tokens, Turn};

/// Draws an event with all that it says; the paths of a case without its folder.
pub(crate) fn event(event: &AgentEvent, folder: &Path) -> String {
    let mut text = event.at.format("%H:%M:%S%.3f").to_string();
    let short = |id: &str| id.chars().take(8).collect::<String>();
    let _ = write!(text, " {}", short(&event.session.0));
    if let Some(file) = &event.session_file {
        let file = file.strip_prefix(folder).or_else(|_| file.strip_prefix("/home/dev/.claude"));
        let file = file.expect("it is below the case, or the agent's folder").with_extension("");
        let name = file.file_name().expect("a file has a name").to_string_lossy();
        assert_eq!(name, event.session.0, "the session's own file");
    }
    match &event.prompt {
        Some(prompt) => write!(text, " prompt {}", short(&prompt.0)).expect("a text takes all"),
        None => text += " no prompt",
    }
    if let Some(subagent) = &event.subagent {
        let _ = write!(text, " {} `{}`", subagent.id, subagent.kind);
    }
    if event.in_plan_mode {
        text += " planning";
    }
    if let Some(folder) = &event.folder {
        let _ = write!(text, " in {}", folder.display());
    }
    if let Some(call) = &event.call {
        let _ = write!(text, "\n    call {}", call.0);
    }
    if let Some(turn) = &event.turn {
        text += "\n    ";
        text += &self::turn(turn);
    }
    text += "\n    ";
    text += &action(&event.action);
    text += "\n";
    text
}

fn turn(turn: &Turn) -> String {
    let mut text = format!("by {} ({})", turn.model.id(), turn.model.raw());
    if let Some(effort) = turn.model.effort() {
        let _ = write!(text, " {effort}");
    }
    if let Some(requested) = &turn.requested {
        let _ = write!(text, " in place of {}", requested.id());
    }
    if let Some(trigger) = &turn.trigger {
        let _ = write!(text, " since {trigger}");
    }
    let _ = write!(text, ", {}, {}", turn.answer, tokens(turn.tokens));
    text
}

fn tokens(tokens: Tokens) -> String {
    let Tokens { input, output, cache_read, cache_write } = tokens;
    format!("tokens {input} {output} {cache_read} {cache_write}")
}

fn action(action: &Action) -> String {
    let Action::Edited(edits) = action else { return format!("{action:?}") };
    let mut text = String::from("Edited");
    for edit in edits {
        let _ = write!(text, " {}", edit.path.display());
        let _ = write!(text, "\n        before {}", state(&edit.before));
        let _ = write!(text, "\n        after  {}", state(&edit.after));
        for hunk in &edit.hunks {
            let (old, new) = (hunk.old_start, hunk.new_start);
            let _ = write!(text, "\n        @@ {old} {new} {:?}", hunk.lines);
        }
    }
    text
}

fn state(state: &FileState) -> String {
    match state {
        FileState::Content(content) => format!("{:?}", String::from_utf8_lossy(content)),
        other => format!("{other:?}"),
    }
}
