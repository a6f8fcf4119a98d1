//! The moment at which an agent says what it does: its event goes into the evidence of the worktree it is about.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::agents::Agent;
use crate::capture::prompts::{ShownPlans, plan_in};
use crate::capture::{Error, stashed};
use crate::git::{Repo, Worktree};
use crate::provenance::{
    Action, AgentEvent, CallId, CommitId, FileEdit, FileState, Phase, Turn, Usage,
};
use crate::store::{
    ContentId, Evidence, EvidenceEntry, Installation, KeptAction, KeptEdit, KeptEvent, KeptState,
    KeptTurn, KeptUsage, ShellWatch, ShellWatches,
};

/// How long a hook waits for the session file to name the model: agents write it up to 100 ms late.
const WAIT: Duration = Duration::from_millis(200);

/// A hook that did not come so long after the end of its command does not come any more: a minute, in milliseconds.
const HOOK_LATE: i64 = 60_000;

/// The pause between two looks.
const PAUSE: Duration = Duration::from_millis(10);

/// A file larger than this is not looked at around shell commands, in bytes.
const FILE_LIMIT: u64 = 4 << 20;

/// Up to this size what an edit leaves is kept, in bytes; of a larger file only what it found, once.
const KEPT_ALWAYS: usize = 256 << 10;

/// What is read around one shell command in all, in bytes.
const SHELL_LIMIT: u64 = 64 << 20;

/// What agents told, by the git directory whose evidence it is, before it is written.
#[derive(Debug, Default)]
pub(super) struct Told {
    entries: BTreeMap<PathBuf, Vec<EvidenceEntry>>,
    /// What answers cost, and when the last came.
    costs: BTreeMap<PathBuf, Vec<(Usage, i64)>>,
    /// The plans that sessions showed, by the git directory that all worktrees share.
    shown: HashMap<PathBuf, ShownPlans>,
    worktrees: HashMap<PathBuf, Option<Worktree>>,
}

impl Told {
    /// Adds an event at a time, in milliseconds since 1970; nothing is kept where `init` was not run.
    pub(super) fn add(
        &mut self,
        agent: &dyn Agent,
        event: &AgentEvent,
        at: i64,
    ) -> Result<(), Error> {
        match &event.action {
            Action::Edited(edits) => self.add_edits(agent, event, edits, at),
            _ => self.add_of_session(agent, event, at),
        }
    }

    /// Adds changes of files, each where its worktree is.
    fn add_edits(
        &mut self,
        agent: &dyn Agent,
        event: &AgentEvent,
        edits: &[FileEdit],
        at: i64,
    ) -> Result<(), Error> {
        let mut of_worktree = BTreeMap::<PathBuf, Vec<KeptEdit>>::new();
        for edit in edits {
            let Some(worktree) = self.worktree(&edit.path) else { continue };
            let Some(path) = worktree.relative(&edit.path) else { continue };
            let evidence = Evidence::of(&worktree.git_dir);
            let kept = keep_edit(&evidence, path, edit)?;
            of_worktree.entry(worktree.git_dir).or_default().push(kept);
        }
        for (git_dir, files) in of_worktree {
            let kept = kept_event(agent, event, KeptAction::Edited { files }, at);
            self.push(git_dir, EvidenceEntry::Event(Box::new(kept)));
        }
        Ok(())
    }

    /// Adds what is about a session and not about a file.
    fn add_of_session(
        &mut self,
        agent: &dyn Agent,
        event: &AgentEvent,
        at: i64,
    ) -> Result<(), Error> {
        let Some(worktree) = event.folder.as_deref().and_then(|folder| self.worktree(folder))
        else {
            return Ok(());
        };
        // A plan may be followed in any worktree; a change is read in its own.
        let git_dir = match event.action {
            Action::Ran { .. } => worktree.git_dir.clone(),
            _ => worktree.common_dir.clone(),
        };
        let what = match &event.action {
            Action::Prompted { text, by } => {
                let evidence = Evidence::of(&worktree.common_dir);
                let shown = self.shown.entry(worktree.common_dir.clone());
                let shown = shown.or_insert_with(|| ShownPlans::read(&worktree));
                // What this very reading told is not written yet.
                let told = self.entries.get(&worktree.common_dir);
                told.into_iter().flatten().for_each(|entry| shown.add(entry, &evidence));
                plan_in(text, *by, &worktree, shown)
            }
            action => session_action(&Evidence::of(&git_dir), action)?,
        };
        if let Some(what) = what {
            let kept = kept_event(agent, event, what, at);
            self.push(git_dir, EvidenceEntry::Event(Box::new(kept)));
        }
        Ok(())
    }

    /// Looks for work in the stash that was in the work tree until just now, where a file was changed.
    fn notice_stashes(&mut self, event: &AgentEvent, now: i64) -> Result<(), Error> {
        let places = match &event.action {
            Action::Edited(edits) => edits.iter().map(|edit| edit.path.clone()).collect(),
            Action::ShellEnded { .. } => event.folder.iter().cloned().collect(),
            _ => Vec::new(),
        };
        let worktrees = places.iter().filter_map(|place| self.worktree(place)).collect::<Vec<_>>();
        worktrees.iter().try_for_each(|worktree| stashed::notice_in(worktree, now))
    }

    /// Ends the watch over a command that was refused, or whose end no hook told.
    ///
    /// Times are in milliseconds since 1970. A hook may still be on its way just after the end.
    pub(super) fn close_watch(&mut self, event: &AgentEvent, at: i64, now: i64) {
        let is_over = match event.action {
            Action::CallRefused => true,
            Action::ShellEnded { .. } => now.saturating_sub(at) > HOOK_LATE,
            _ => return,
        };
        let worktree = event.folder.as_deref().and_then(|folder| self.worktree(folder));
        if let (true, Some(call), Some(worktree)) = (is_over, &event.call, worktree) {
            ShellWatches::of(&worktree.git_dir).remove(call);
        }
    }

    /// Adds what an answer or an advice cost, which any worktree's commit may take.
    pub(super) fn add_cost(&mut self, agent: &dyn Agent, event: &AgentEvent, at: i64) {
        let (model, phase, tokens) = match (&event.action, &event.turn) {
            (Action::Advised { model, tokens }, _) => (model.clone(), Phase::Advice, *tokens),
            (Action::Answered, Some(turn)) => {
                let phase =
                    if event.in_plan_mode { Phase::Architecture } else { Phase::Implementation };
                (turn.model.clone(), phase, turn.tokens)
            }
            _ => return,
        };
        let Some(worktree) = event.folder.as_deref().and_then(|folder| self.worktree(folder))
        else {
            return;
        };
        let session = event.session.to_string();
        let usage =
            Usage { agent: agent.id().to_owned(), session, model, phase, answers: 1, tokens };
        let costs = self.costs.entry(worktree.common_dir).or_default();
        match costs.iter_mut().find(|(known, _)| known.is_like(&usage)) {
            Some((known, last)) => {
                known.answers += 1;
                known.tokens.add(tokens);
                *last = at.max(*last);
            }
            None => costs.push((usage, at)),
        }
    }

    /// Returns the worktree of a path, if git-model was set up in its repository.
    fn worktree(&mut self, path: &Path) -> Option<Worktree> {
        let folder = if path.is_dir() { path } else { path.parent()? };
        let found = self.worktrees.entry(folder.to_path_buf());
        found.or_insert_with(|| recorded_worktree(path)).clone()
    }

    fn push(&mut self, git_dir: PathBuf, entry: EvidenceEntry) {
        self.entries.entry(git_dir).or_default().push(entry);
    }

    /// Writes everything; returns the evidence in which an event still waits for its model.
    pub(super) fn keep(mut self) -> Result<Vec<Evidence>, Error> {
        let mut waits = Vec::new();
        for (common_dir, costs) in std::mem::take(&mut self.costs) {
            for (usage, at) in costs {
                let usage = KeptUsage::of(&usage);
                self.push(common_dir.clone(), EvidenceEntry::Spent { at, usage });
            }
        }
        for (git_dir, entries) in self.entries {
            let evidence = Evidence::of(&git_dir);
            evidence.append(&entries)?;
            let is_open = |entry: &EvidenceEntry| match entry {
                EvidenceEntry::Event(event) => event.turn.is_none() && event.call.is_some(),
                _ => false,
            };
            if entries.iter().any(is_open) {
                waits.push(evidence);
            }
        }
        Ok(waits)
    }
}

/// Keeps an event that an agent's hook told; `now` is in milliseconds since 1970.
pub fn keep_hook_event(agent: &dyn Agent, event: &AgentEvent, now: i64) -> Result<(), Error> {
    let mut told = Told::default();
    told.notice_stashes(event, now)?;
    match &event.action {
        Action::ShellStarted { .. } => return watch_shell(agent, event, now),
        Action::ShellEnded { in_background } => {
            end_shell(agent, event, *in_background, now, &mut told)?;
        }
        _ => told.add(agent, event, now)?,
    }
    await_turn(agent, event, &told.keep()?)
}

fn recorded_worktree(path: &Path) -> Option<Worktree> {
    Worktree::of(path).filter(|worktree| Installation::is_there(&worktree.common_dir))
}

fn keep_edit(evidence: &Evidence, path: String, edit: &FileEdit) -> Result<KeptEdit, Error> {
    let contents = evidence.contents();
    let before = match &edit.before {
        FileState::Absent => KeptState::Absent,
        FileState::Unknown => KeptState::Unknown,
        // The edit before this one left it.
        FileState::Content(content)
            if is_large(content) && evidence.last_left(&path) == Some(ContentId::of(content)) =>
        {
            KeptState::Content(ContentId::of(content))
        }
        FileState::Content(content) => KeptState::Content(contents.keep(content)?),
    };
    let after = match &edit.after {
        FileState::Absent => KeptState::Absent,
        FileState::Unknown => KeptState::Unknown,
        // What was before and the hunks give it again.
        FileState::Content(content) if is_large(content) && !edit.hunks.is_empty() => {
            let id = ContentId::of(content);
            evidence.note_left(&path, id)?;
            KeptState::Content(id)
        }
        FileState::Content(content) => KeptState::Content(contents.keep(content)?),
    };
    Ok(KeptEdit { path, before, after, hunks: edit.hunks.clone() })
}

fn is_large(content: &[u8]) -> bool {
    content.len() > KEPT_ALWAYS
}

/// Makes the kept form of an event.
fn kept_event(agent: &dyn Agent, event: &AgentEvent, what: KeptAction, at: i64) -> KeptEvent {
    let turn = event.turn.clone().or_else(|| find_turn(agent, event));
    KeptEvent {
        agent: agent.id().to_owned(),
        session: event.session.clone(),
        at,
        began: None,
        prompt: event.prompt.clone(),
        subagent: event.subagent.clone(),
        call: event.call.clone(),
        turn: turn.as_ref().map(KeptTurn::of),
        in_plan_mode: event.in_plan_mode,
        what,
    }
}

fn find_turn(agent: &dyn Agent, event: &AgentEvent) -> Option<Turn> {
    let (file, call) = (event.session_file.as_ref()?, event.call.as_ref()?);
    agent.find_turn(file, event.subagent.as_ref(), call)
}

/// Waits a moment for the session file to name the model of a call; it is looked for again at the commit.
fn await_turn(agent: &dyn Agent, event: &AgentEvent, waits: &[Evidence]) -> Result<(), Error> {
    let is_there = event.session_file.as_ref().is_some_and(|file| file.exists());
    let Some(call) = event.call.as_ref().filter(|_| is_there && !waits.is_empty()) else {
        return Ok(());
    };
    match wait_for(WAIT, || find_turn(agent, event)) {
        Some(turn) => waits.iter().try_for_each(|evidence| answer(evidence, call, &turn)),
        None => Ok(()),
    }
}

/// Looks again and again for what an agent is about to write; `None` if it did not within the time.
pub(super) fn wait_for<T>(limit: Duration, look: impl Fn() -> Option<T>) -> Option<T> {
    let mut waited = Duration::ZERO;
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if waited >= limit {
            return None;
        }
        std::thread::sleep(PAUSE);
        waited += PAUSE;
    }
}

fn answer(evidence: &Evidence, call: &CallId, turn: &Turn) -> Result<(), Error> {
    let turn = KeptTurn::of(turn);
    Ok(evidence.append(&[EvidenceEntry::Answered { call: call.clone(), turn }])?)
}

/// Returns the kept form of what happened in a session; `None` for what is not kept.
fn session_action(evidence: &Evidence, action: &Action) -> Result<Option<KeptAction>, Error> {
    let keep = |text: &str| evidence.contents().keep(text.as_bytes());
    Ok(Some(match action {
        Action::OpenedWithPlan { text, from, by } => {
            KeptAction::OpenedWithPlan { text: keep(text)?, from: from.clone(), by: *by }
        }
        Action::PlanShown { text } => KeptAction::PlanShown { text: keep(text)? },
        Action::PlanApproved { text, written, by } => KeptAction::PlanApproved {
            text: keep(text)?,
            written: written.as_deref().map(keep).transpose()?,
            by: *by,
        },
        Action::PlanRefused => KeptAction::PlanRefused,
        Action::PlanModeEntered => KeptAction::PlanModeEntered,
        Action::Ran { what } => KeptAction::Ran { name: what.clone() },
        Action::Advised { model, tokens } => {
            KeptAction::Advised { model: model.raw().to_owned(), tokens: *tokens }
        }
        _ => return Ok(None),
    }))
}

// --- shell commands ---------------------------------------------------------------------------------------------------

/// Notes what the files are that a command may change.
fn watch_shell(agent: &dyn Agent, event: &AgentEvent, now: i64) -> Result<(), Error> {
    let Some(worktree) = event.folder.as_deref().and_then(recorded_worktree) else {
        return Ok(());
    };
    let dirty = worktree.dirty()?;
    let Some(mut watch) = ShellWatch::new(agent.id(), event, now, dirty.head) else {
        return Ok(());
    };
    watch.files = states(&worktree, dirty.files)?;
    Ok(ShellWatches::of(&worktree.git_dir).write(&watch)?)
}

/// Reads files of the work tree and keeps what is in them; what is too large is unknown.
fn states(worktree: &Worktree, paths: Vec<String>) -> Result<Vec<(String, KeptState)>, Error> {
    let contents = Evidence::of(&worktree.git_dir).contents();
    let mut budget = SHELL_LIMIT;
    let mut states = Vec::with_capacity(paths.len());
    for path in paths {
        let state = match read_file(&worktree.top.join(&path), &mut budget) {
            FileState::Absent => KeptState::Absent,
            FileState::Unknown => KeptState::Unknown,
            FileState::Content(content) => KeptState::Content(contents.keep(&content)?),
        };
        states.push((path, state));
    }
    Ok(states)
}

/// Reads a file of the work tree, within limits.
pub(super) fn read_file(path: &Path, budget: &mut u64) -> FileState {
    let Ok(data) = std::fs::symlink_metadata(path) else { return FileState::Absent };
    if !data.is_file() || data.len() > FILE_LIMIT || data.len() > *budget {
        return FileState::Unknown;
    }
    *budget -= data.len();
    std::fs::read(path).map_or(FileState::Unknown, FileState::Content)
}

/// Compares the files with what they were when the command began.
fn end_shell(
    agent: &dyn Agent,
    event: &AgentEvent,
    in_background: bool,
    now: i64,
    told: &mut Told,
) -> Result<(), Error> {
    let (Some(call), Some(worktree)) =
        (&event.call, event.folder.as_deref().and_then(recorded_worktree))
    else {
        return Ok(());
    };
    let watches = ShellWatches::of(&worktree.git_dir);
    let Some(watch) = watches.read(call) else { return Ok(()) };
    watches.remove(call);
    if in_background || watch.others_work {
        return Ok(()); // What it will change, or whose work it brought, nobody can tell.
    }
    let files = changed_since(&worktree, &watch)?;
    if files.is_empty() {
        return Ok(());
    }
    let mut kept = kept_event(agent, event, KeptAction::Edited { files }, now);
    kept.began = Some(watch.began);
    told.push(worktree.git_dir, EvidenceEntry::Event(Box::new(kept)));
    Ok(())
}

/// Returns the files that are not what they were when a command began.
fn changed_since(worktree: &Worktree, watch: &ShellWatch) -> Result<Vec<KeptEdit>, Error> {
    let mut paths = worktree.dirty()?.files;
    paths.extend(watch.files.iter().map(|(path, _)| path.clone()));
    paths.sort();
    paths.dedup();
    let is_new = |path: &String| watch.file(path).is_none();
    let head =
        if paths.iter().any(is_new) { Some(HeadFiles::open(worktree, watch)?) } else { None };
    let evidence = Evidence::of(&worktree.git_dir);
    let mut edits = Vec::new();
    for (path, after) in states(worktree, paths)? {
        let before = match (watch.file(&path), &head) {
            (Some(before), _) => before,
            (None, Some(head)) => head.state(&path, &evidence)?,
            (None, None) => KeptState::Unknown,
        };
        if before != after && before != KeptState::Unknown {
            edits.push(KeptEdit { path, before, after, hunks: Vec::new() });
        }
    }
    Ok(edits)
}

/// The files of the commit at which a command began.
struct HeadFiles {
    repo: Repo,
    tree: Option<CommitId>,
}

impl HeadFiles {
    fn open(worktree: &Worktree, watch: &ShellWatch) -> Result<Self, Error> {
        let repo = Repo::open_for_hook(&worktree.top)?;
        let tree = watch.head.map(|head| repo.commit(head)).transpose()?.map(|commit| commit.tree);
        Ok(Self { repo, tree })
    }

    fn state(&self, path: &str, evidence: &Evidence) -> Result<KeptState, Error> {
        let version = match self.tree {
            Some(tree) => self.repo.file_in_tree(tree, path.as_bytes())?,
            None => None,
        };
        let Some(version) = version else { return Ok(KeptState::Absent) };
        if version.is_submodule() || self.repo.blob_size(version.id)? as u64 > FILE_LIMIT {
            return Ok(KeptState::Unknown);
        }
        Ok(KeptState::Content(evidence.contents().keep(&self.repo.blob(version.id)?)?))
    }
}
