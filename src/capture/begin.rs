//! What `init` does once: work that is not committed yet is matched to the sessions on disk.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::agents::{self, Agent, Cursor};
use crate::attribute::{LineDiff, is_binary, lines};
use crate::capture::agent_hook::Told;
use crate::capture::moment::Moment;
use crate::capture::{Error, change};
use crate::git::{FileChange, Worktree};
use crate::provenance::{Action, AgentEvent, CommitId, FileState};
use crate::store::{EXPIRES_AFTER, KnownSession, SessionStore, Sessions};

/// What is read of old session files in all, in bytes, the newest files first.
const READ_LIMIT: u64 = 1 << 30;

/// The most commits that are compared with the sessions.
const COMMITS_LIMIT: usize = 2000;

/// What the sessions on disk have to do with a repository.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Begun {
    /// Files of the worktree with uncommitted work that sessions tell of.
    pub files: usize,
    /// Commits with lines that sessions tell of.
    pub commits: usize,
}

/// An edit of a session on disk: where, when, and what lines it brought.
struct PastEdit {
    path: String,
    seconds: i64,
    lines: HashSet<u64>,
}

impl Moment<'_> {
    /// Reads the sessions on disk once, keeps what they tell of uncommitted work, and begins to follow them.
    pub fn begin(&self) -> Result<Begun, Error> {
        let Some(worktree) = self.repo.work_tree().and_then(Worktree::of) else {
            return Ok(Begun::default());
        };
        let store = SessionStore::of(&worktree.common_dir);
        let lock = store.lock()?;
        let mut sessions = store.read();
        let followed = sessions.files.iter().map(|file| file.path.clone()).collect::<HashSet<_>>();
        let dirty = dirty_since(&worktree)?;
        let mut told = Told::default();
        let mut open = HashSet::new();
        let mut edits = Vec::new();
        let mut aside = Vec::new();
        for (agent, path, len, changed) in self.session_files(&worktree, &mut sessions) {
            if followed.contains(&path) {
                continue;
            }
            let Some(len) = len else {
                let len = fs::metadata(&path).map_or(0, |data| data.len());
                aside.push((path, len));
                continue;
            };
            let mut cursor = Cursor::default();
            // What cannot be read now is tried again at a commit.
            while let Ok(part) = agent.read_session(&path, &cursor) {
                for event in &part.events {
                    edits.extend(past_edits(&worktree, event));
                    if let Some(paths) = about_uncommitted(&worktree, event, &dirty) {
                        open.extend(paths);
                        told.add(agent, event, event.at.timestamp_millis())?;
                    }
                }
                let before = std::mem::replace(&mut cursor, part.cursor);
                if cursor.offset <= before.offset || cursor.offset >= len {
                    break;
                }
            }
            sessions.files.push(KnownSession {
                agent: agent.id().to_owned(),
                path,
                offset: cursor.offset,
                memory: cursor.memory,
                grew: changed.min(self.milliseconds()),
            });
        }
        told.keep()?;
        store.put_aside(aside.iter().map(|(path, len)| (path.as_path(), *len)))?;
        store.write(&lock, sessions, self.milliseconds())?;
        Ok(Begun { files: open.len(), commits: self.matching_commits(&edits)? })
    }

    /// Lists the session files of all worktrees of this folder, the newest first, with how much of each is to be read.
    ///
    /// The last is when a file was last written, in milliseconds since 1970.
    fn session_files(
        &self,
        worktree: &Worktree,
        sessions: &mut Sessions,
    ) -> Vec<(&'static dyn Agent, PathBuf, Option<u64>, i64)> {
        let mut found = Vec::new();
        for agent in agents::ALL {
            let folders = agent.session_folders(&self.around, &worktree.top);
            for folder in &folders {
                // Noted before its files are listed, so that the first commit need not list them again.
                sessions.is_changed(folder);
            }
            let files =
                folders.iter().flat_map(|folder| agent.files_in(folder).unwrap_or_default());
            for file in files {
                let Ok(data) = fs::metadata(&file) else { continue };
                let changed = data.modified().map(chrono::DateTime::<chrono::Utc>::from);
                let changed = changed.map_or(0, |at| at.timestamp_millis());
                found.push((*agent, file, data.len(), changed));
            }
        }
        found.sort_by_key(|(_, _, _, changed)| std::cmp::Reverse(*changed));
        let mut budget = READ_LIMIT;
        let now = self.milliseconds();
        let chosen = found.into_iter().map(|(agent, file, len, changed)| {
            let is_read = now.saturating_sub(changed) < EXPIRES_AFTER && len <= budget;
            budget -= if is_read { len } else { 0 };
            (agent, file, is_read.then_some(len), changed)
        });
        chosen.collect()
    }

    /// Counts the commits that add lines which an edit of a session had brought before.
    fn matching_commits(&self, past: &[PastEdit]) -> Result<usize, Error> {
        let mut of_path = BTreeMap::<&str, Vec<&PastEdit>>::new();
        for edit in past {
            of_path.entry(&edit.path).or_default().push(edit);
        }
        let Some(first) = past.iter().map(|edit| edit.seconds).min() else { return Ok(0) };
        let mut open = self.repo.head()?.commit.into_iter().collect::<Vec<_>>();
        let mut seen = open.iter().copied().collect::<HashSet<_>>();
        let mut count = 0;
        while let Some(id) = open.pop().filter(|_| seen.len() < COMMITS_LIMIT) {
            let commit = self.repo.commit(id)?;
            if commit.commit_seconds < first {
                continue;
            }
            if let [parent] = commit.parents[..] {
                count += usize::from(self.has_lines_of(parent, id, &of_path)?);
            }
            open.extend(commit.parents.into_iter().filter(|parent| seen.insert(*parent)));
        }
        Ok(count)
    }

    fn has_lines_of(
        &self,
        parent: CommitId,
        commit: CommitId,
        past: &BTreeMap<&str, Vec<&PastEdit>>,
    ) -> Result<bool, Error> {
        let commit = self.repo.commit(commit)?;
        let before = self.repo.commit(parent)?.tree;
        for change in self.repo.changed_files(Some(before), Some(commit.tree))? {
            let path = String::from_utf8_lossy(&change.path);
            let Some(edits) = past.get(path.as_ref()) else { continue };
            let added = self.lines_added_by(&change)?;
            let is_told = |edit: &&PastEdit| {
                edit.seconds <= commit.commit_seconds && !edit.lines.is_disjoint(&added)
            };
            if edits.iter().any(is_told) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn lines_added_by(&self, change: &FileChange) -> Result<HashSet<u64>, Error> {
        let mut budget = 8 << 20;
        let old = change::text(self.repo, change.old, &mut budget)?;
        let new = change::text(self.repo, change.new, &mut budget)?;
        let (Some(old), Some(new)) = (old, new) else { return Ok(HashSet::new()) };
        Ok(added(&old, &new))
    }
}

/// Returns the files that are not committed, and since when each is open: seconds since 1970.
fn dirty_since(worktree: &Worktree) -> Result<HashMap<String, i64>, Error> {
    let mut dirty = HashMap::new();
    for path in worktree.dirty()?.files {
        let since = worktree.last_commit_of(&path)?.unwrap_or(0);
        dirty.insert(path, since);
    }
    Ok(dirty)
}

/// Returns the hashes of the lines that a version adds, those with little in them left out.
fn added(old: &[u8], new: &[u8]) -> HashSet<u64> {
    let all = lines(new).collect::<Vec<_>>();
    let added = LineDiff::between(old, new).added().collect::<Vec<_>>();
    let texts = added.iter().filter_map(|line| all.get(*line as usize));
    texts.filter_map(|text| hash(text)).collect()
}

/// Hashes a line without its surrounding blanks; `None` for one that could stand anywhere.
fn hash(line: &[u8]) -> Option<u64> {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let text = line.trim_ascii();
    let letters = text.iter().filter(|byte| byte.is_ascii_alphanumeric()).count();
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    (letters >= 8).then(|| hasher.finish())
}

fn past_edits(worktree: &Worktree, event: &AgentEvent) -> Vec<PastEdit> {
    let Action::Edited(edits) = &event.action else { return Vec::new() };
    let past = |edit: &crate::provenance::FileEdit| {
        let path = inside(worktree, &edit.path)?;
        let lines = if edit.hunks.is_empty() {
            match (&edit.before, &edit.after) {
                (FileState::Content(old), FileState::Content(new)) if !is_binary(new) => {
                    added(old, new)
                }
                (_, FileState::Content(new)) if !is_binary(new) => added(b"", new),
                _ => HashSet::new(),
            }
        } else {
            let lines = edit.hunks.iter().flat_map(|hunk| &hunk.lines);
            lines.filter_map(|line| hash(line.strip_prefix('+')?.as_bytes())).collect()
        };
        Some(PastEdit { path, seconds: event.at.timestamp(), lines })
    };
    edits.iter().filter_map(past).collect()
}

/// Says whether an event is worth keeping: one about a session, or an edit of a file since it was last committed.
///
/// Returns the files it is about; `None` to leave it.
fn about_uncommitted(
    worktree: &Worktree,
    event: &AgentEvent,
    dirty: &HashMap<String, i64>,
) -> Option<Vec<String>> {
    match &event.action {
        Action::Edited(edits) => {
            let is_open =
                |path: &String| dirty.get(path).is_some_and(|since| event.at.timestamp() > *since);
            let paths = edits.iter().filter_map(|edit| inside(worktree, &edit.path));
            let paths = paths.filter(is_open).collect::<Vec<_>>();
            (!paths.is_empty()).then_some(paths)
        }
        Action::OpenedWithPlan { .. }
        | Action::PlanShown { .. }
        | Action::PlanApproved { .. }
        | Action::PlanRefused
        | Action::PlanModeEntered => Some(Vec::new()),
        _ => None,
    }
}

/// Returns a path from the top of the worktree; a session on disk may name folders that are gone.
fn inside(worktree: &Worktree, path: &Path) -> Option<String> {
    let path = path.strip_prefix(&worktree.top).ok()?.to_str()?;
    Some(path.to_owned()).filter(|path| !path.is_empty())
}
