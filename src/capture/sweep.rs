//! Reading what session files tell since they were last read: for what no hook of the agent told.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::PathBuf;

use crate::agents::{self, Agent, Cursor};
use crate::capture::Error;
use crate::capture::agent_hook::Told;
use crate::capture::moment::Moment;
use crate::git::Worktree;
use crate::os::OpenFolders;
use crate::store::{Installation, KnownSession, SessionStore, Sessions};

/// Of a file that was never seen before, or grew by too much, no more than this is read, in bytes, from its end.
const NEW_FILE_LIMIT: u64 = 8 << 20;

/// What is read of session files at one commit in all, in bytes; the rest is read at the next.
const READ_LIMIT: u64 = 128 << 20;

/// So long after a session last grew its helpers may begin: an hour, in milliseconds.
const STARTS_HELPERS_WITHIN: i64 = 3_600_000;

/// What a sweep has found so far, and may still read.
struct Sweep {
    told: Told,
    /// In bytes.
    budget: u64,
    folders: OpenFolders,
}

impl Moment<'_> {
    /// Reads the session files that belong to this worktree and grew, and keeps what they tell.
    ///
    /// A file that cannot be read is left for the next time. Costs what was appended, whatever lies beside it.
    pub(super) fn sweep(&self) -> Result<(), Error> {
        let Some(worktree) = self.repo.work_tree().and_then(Worktree::of) else { return Ok(()) };
        if !Installation::is_there(&worktree.common_dir) {
            return Ok(());
        }
        let store = SessionStore::of(&worktree.common_dir);
        let lock = store.lock()?;
        let mut sessions = store.read();
        let count = sessions.files.len();
        for agent in agents::ALL {
            self.find_new(*agent, &worktree, &store, &mut sessions);
        }
        // What a new file tells of a time when others were read is a copy of another: a fork.
        let new = sessions.files.split_off(count);
        let mut sweep =
            Sweep { told: Told::default(), budget: READ_LIMIT, folders: OpenFolders::default() };
        let swept = sessions.swept;
        let known = std::mem::take(&mut sessions.files);
        self.read_all(known, 0, &mut sweep, &mut sessions)?;
        self.read_all(new, swept, &mut sweep, &mut sessions)?;
        let place = sessions.files.len();
        for agent in agents::ALL {
            self.find_helpers(*agent, &store, &mut sessions, &mut sweep.folders);
        }
        let helpers = sessions.files.split_off(place);
        self.read_all(helpers, swept, &mut sweep, &mut sessions)?;
        sweep.told.keep()?;
        Ok(store.write_changes(&lock, sessions, self.milliseconds())?)
    }

    /// Reads what files grew by, and keeps those that are still there.
    ///
    /// Answers before `counts_from`, in milliseconds since 1970, do not count for the cost.
    fn read_all(
        &self,
        files: Vec<KnownSession>,
        counts_from: i64,
        sweep: &mut Sweep,
        sessions: &mut Sessions,
    ) -> Result<(), Error> {
        for file in files {
            let offset = file.offset;
            let file = self.read_growth(file, counts_from, sweep)?;
            sessions.has_news |= file.as_ref().is_none_or(|file| file.offset != offset);
            sessions.files.extend(file);
        }
        Ok(())
    }

    /// Adds the files that nobody knew: of open sessions, and new ones in the folders of the worktree.
    fn find_new(
        &self,
        agent: &dyn Agent,
        worktree: &Worktree,
        store: &SessionStore,
        sessions: &mut Sessions,
    ) {
        let open = agent.open_sessions(&self.around, &worktree.top);
        let mut lying = Vec::new();
        for folder in agent.session_folders(&self.around, &worktree.top) {
            if sessions.is_changed(&folder) {
                lying.extend(agent.files_in(&folder).unwrap_or_default());
            }
        }
        self.add_new(agent, (open, lying), store, sessions);
    }

    /// Adds the new files of helpers, which a session does not start without growing.
    fn find_helpers(
        &self,
        agent: &dyn Agent,
        store: &SessionStore,
        sessions: &mut Sessions,
        folders: &mut OpenFolders,
    ) {
        let is_busy = |file: &&KnownSession| {
            file.agent == agent.id()
                && self.milliseconds().saturating_sub(file.grew) < STARTS_HELPERS_WITHIN
        };
        let busy = sessions.files.iter().filter(is_busy);
        let helpers = busy.flat_map(|file| agent.helper_files(&file.path, folders)).collect();
        self.add_new(agent, (helpers, Vec::new()), store, sessions);
    }

    /// Adds those that nobody knew of the files that are in use, and of others that were not put aside.
    fn add_new(
        &self,
        agent: &dyn Agent,
        (in_use, others): (Vec<PathBuf>, Vec<PathBuf>),
        store: &SessionStore,
        sessions: &mut Sessions,
    ) {
        if in_use.is_empty() && others.is_empty() {
            return;
        }
        let known = sessions.files.iter().map(|file| file.path.as_path()).collect::<HashSet<_>>();
        let is_new = |path: &PathBuf| !known.contains(path.as_path());
        let in_use = in_use.into_iter().filter(is_new).collect::<BTreeSet<_>>();
        let others = others.into_iter().filter(is_new).collect::<Vec<_>>();
        if in_use.is_empty() && others.is_empty() {
            return; // As at most commits.
        }
        let aside = store.aside();
        let others = others.into_iter().filter(|path| !aside.contains_key(path));
        for path in in_use.into_iter().chain(others).collect::<BTreeSet<_>>() {
            let Ok(data) = fs::metadata(&path) else { continue };
            let offset = aside.get(&path).copied().unwrap_or(0);
            let offset = offset.max(data.len().saturating_sub(NEW_FILE_LIMIT));
            sessions.has_news = true;
            sessions.files.push(KnownSession {
                agent: agent.id().to_owned(),
                path,
                offset,
                memory: String::new(),
                grew: self.milliseconds(),
            });
        }
    }

    /// Reads what a file grew by; `None` if it is gone.
    fn read_growth(
        &self,
        mut file: KnownSession,
        counts_from: i64,
        sweep: &mut Sweep,
    ) -> Result<Option<KnownSession>, Error> {
        let agent = agents::ALL.iter().find(|agent| agent.id() == file.agent);
        let (Some(agent), Some(len)) = (agent, sweep.folders.size_of(&file.path)) else {
            return Ok(None);
        };
        let mut grown = len.saturating_sub(file.offset);
        if grown > READ_LIMIT {
            // No commit would ever read that much: the end is read, and what is passed over stays unknown.
            (file.offset, grown) = (len - NEW_FILE_LIMIT, NEW_FILE_LIMIT);
        }
        if grown == 0 || grown > sweep.budget {
            return Ok(Some(file));
        }
        sweep.budget -= grown;
        while file.offset < len {
            let cursor = Cursor { offset: file.offset, memory: std::mem::take(&mut file.memory) };
            let Ok(part) = agent.read_session(&file.path, &cursor) else {
                file.memory = cursor.memory;
                break;
            };
            for event in &part.events {
                let at = event.at.timestamp_millis();
                sweep.told.add(*agent, event, at)?;
                sweep.told.close_watch(event, at, self.milliseconds());
                if at >= counts_from {
                    sweep.told.add_cost(*agent, event, at);
                }
            }
            (file.offset, file.memory) = (part.cursor.offset, part.cursor.memory);
            if file.offset <= cursor.offset {
                break; // The last line is still being written.
            }
            file.grew = self.milliseconds();
        }
        Ok(Some(file))
    }
}
