//! The adapters of agents, each by its fixtures: what hooks tell, what session files tell, and that both agree.
//!
//! `tests/fixtures/agents/AGENT/CASE/` holds `hooks.jsonl` (the environment and the payload of each hook), the
//! session files as they lie in the agent's folder, and in `events.txt` all events that they become.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use git_model::agents::{ALL, Agent, Cursor, Surroundings};
use git_model::provenance::{Action, AgentEvent, FileState};
use serde_json::value::RawValue;

#[path = "agents/render.rs"]
mod render;

/// A case of an agent.
struct Case {
    agent: &'static dyn Agent,
    folder: PathBuf,
}

#[derive(serde::Deserialize)]
struct Hook {
    env: std::collections::BTreeMap<String, String>,
    payload: Box<RawValue>,
}

impl Case {
    fn hook_events(&self) -> Vec<AgentEvent> {
        let text = fs::read_to_string(self.folder.join("hooks.jsonl")).expect("a case has hooks");
        let events = text.lines().filter_map(|line| {
            let hook: Hook = serde_json::from_str(line).expect("a hook is JSON");
            let around = Surroundings { home: None, variables: hook.env.into_iter().collect() };
            self.agent.read_hook(
                &around,
                DateTime::<Utc>::UNIX_EPOCH,
                hook.payload.get().as_bytes(),
            )
        });
        events.collect()
    }

    fn session_files(&self) -> Vec<PathBuf> {
        let projects = fs::read_dir(self.folder.join("projects")).expect("a case has sessions");
        let mut folders = projects.flatten().map(|entry| entry.path()).collect::<Vec<_>>();
        folders.sort();
        let files = folders
            .iter()
            .flat_map(|folder| self.agent.files_in(folder).expect("a folder can be read"));
        files.collect()
    }

    fn session_events(&self, file: &Path) -> Vec<AgentEvent> {
        let part = self.agent.read_session(file, &Cursor::default());
        let part = part.expect("a session file can be read");
        assert_eq!(part.broken_lines, 0, "{}", file.display());
        let length = fs::metadata(file).expect("the file is there").len();
        assert_eq!(part.cursor.offset, length);
        part.events
    }
}

fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/agents");
    let mut cases = Vec::new();
    for agent in ALL {
        let folders = fs::read_dir(root.join(agent.id())).into_iter().flatten().flatten();
        let before = cases.len();
        cases.extend(folders.map(|entry| Case { agent: *agent, folder: entry.path() }));
        assert!(cases.len() > before, "{} has no fixtures", agent.id());
    }
    cases.sort_by(|one, other| one.folder.cmp(&other.folder));
    cases
}

#[test]
fn every_case_becomes_the_events_beside_it() {
    for case in cases() {
        let mut text = String::from("# hooks\n");
        for event in case.hook_events() {
            text += &render::event(&event, &case.folder);
        }
        for file in case.session_files() {
            let name = file.strip_prefix(&case.folder).unwrap().display().to_string();
            text.extend(["\n# ", &name, "\n"]);
            for event in case.session_events(&file) {
                text += &render::event(&event, &case.folder);
            }
        }
        expect_test::expect_file![case.folder.join("events.txt")].assert_eq(&text);
    }
}

#[test]
fn hooks_and_session_files_tell_the_same_of_a_call() {
    let mut compared = 0;
    for case in cases() {
        let files = case.session_files();
        let told = files.iter().flat_map(|file| case.session_events(file)).collect::<Vec<_>>();
        for hook in case.hook_events().iter().filter(|event| event.call.is_some()) {
            // A person was asked and said no: the hook before the call is all there is of it.
            let same = |event: &&AgentEvent| {
                event.call == hook.call
                    && event.session == hook.session
                    && (agree(&hook.action, &event.action)
                        || matches!(hook.action, Action::ShellStarted { .. })
                            && event.action == Action::CallRefused)
            };
            // A helper that read is told by the session files of that helper.
            if matches!(hook.action, Action::Hint) {
                continue;
            }
            let found = told.iter().find(same);
            let found = found.unwrap_or_else(|| panic!("{}: {hook:#?}", case.folder.display()));
            // The payloads of 2.1.110 name no prompt.
            if hook.prompt.is_some() {
                assert_eq!(found.prompt, hook.prompt, "{}: {hook:#?}", case.folder.display());
            }
            assert_eq!(found.subagent, hook.subagent, "{}", case.folder.display());
            assert_eq!(found.folder, hook.folder, "{}", case.folder.display());
            assert_eq!(
                found.in_plan_mode,
                hook.in_plan_mode,
                "{}: {hook:#?}",
                case.folder.display()
            );
            let call = hook.call.as_ref().unwrap();
            let subagent = hook.subagent.as_ref();
            let turn = case.agent.find_turn(found.session_file.as_ref().unwrap(), subagent, call);
            assert!(turn.is_some(), "{}: {call:?}", case.folder.display());
            assert_eq!(turn, found.turn, "{}", case.folder.display());
            compared += 1;
        }
        // And the other way round: what a session file tells of a change, a hook told.
        let hooks = case.hook_events();
        for event in told.iter().filter(|event| matches!(event.action, Action::Edited(_))) {
            let same =
                |hook: &AgentEvent| hook.call == event.call && agree(&hook.action, &event.action);
            assert!(hooks.iter().any(same), "{}: {event:#?}", case.folder.display());
        }
    }
    assert!(compared > 100, "{compared}");
}

/// Says whether a hook and a session file tell the same; a session file may leave out the text of a large file.
fn agree(hook: &Action, session: &Action) -> bool {
    match (hook, session) {
        (Action::Edited(hook), Action::Edited(session)) => {
            let same_state = |hook: &FileState, session: &FileState| {
                hook == session || *session == FileState::Unknown
            };
            hook.len() == session.len()
                && hook.iter().zip(session).all(|(hook, session)| {
                    // A helper's file has what the tool was given, and not where it went.
                    let is_placed = session.hunks.iter().all(|hunk| hunk.old_start > 0);
                    hook.path == session.path
                        && (hook.hunks == session.hunks || !is_placed)
                        && same_state(&hook.before, &session.before)
                        && same_state(&hook.after, &session.after)
                })
        }
        // The text that the model had written is in the session file alone, since 2.1.330.
        (
            Action::PlanApproved { text, by, .. },
            Action::PlanApproved { text: told, by: told_by, .. },
        ) => text == told && by == told_by,
        _ => hook == session,
    }
}

/// Where a test may write.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("it is ours");
    }
    fs::create_dir_all(&folder).expect("it can be made");
    folder
}

#[test]
fn a_session_file_read_in_two_parts_tells_the_same() {
    let scratch = scratch("agents-in-parts");
    let mut tried = 0;
    for case in cases() {
        for file in case.session_files() {
            let whole = case.session_events(&file);
            let bytes = fs::read(&file).unwrap();
            let relative = file.strip_prefix(&case.folder).unwrap();
            let copy = scratch.join(case.folder.file_name().unwrap()).join(relative);
            fs::create_dir_all(copy.parent().unwrap()).unwrap();
            if let Ok(meta) = fs::read(file.with_extension("meta.json")) {
                fs::write(copy.with_extension("meta.json"), meta).unwrap();
            }
            let mut start = 0_usize;
            for end in memchr::memchr_iter(b'\n', &bytes) {
                for cut in [end + 1, start.midpoint(end)] {
                    fs::write(&copy, &bytes[..cut]).unwrap();
                    let mut first = case.agent.read_session(&copy, &Cursor::default()).unwrap();
                    let expected = if cut == end + 1 { cut } else { start };
                    assert_eq!(first.cursor.offset, expected as u64);
                    fs::write(&copy, &bytes).unwrap();
                    let kept = serde_json::to_string(&first.cursor).unwrap();
                    let cursor = serde_json::from_str(&kept).unwrap();
                    let second = case.agent.read_session(&copy, &cursor).unwrap();
                    first.events.extend(second.events);
                    for event in &mut first.events {
                        let told = event.session_file.take().unwrap();
                        let relative = told.strip_prefix(&scratch).unwrap();
                        let relative = relative.strip_prefix(case.folder.file_name().unwrap());
                        event.session_file = Some(case.folder.join(relative.unwrap()));
                    }
                    assert_eq!(first.events, whole, "{} cut at {cut}", file.display());
                    assert_eq!(first.broken_lines + second.broken_lines, 0);
                    tried += 1;
                }
                start = end + 1;
            }
        }
    }
    assert!(tried > 1000, "{tried}");
}
