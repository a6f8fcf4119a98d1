//! Reading what session files tell since they were last read: for what no hook of the agent told.

use std::fs;
use std::path::{Path, PathBuf};

use crate::agents::{self, Agent, Cursor};
use crate::capture::Error;
use crate::capture::agent_hook::Told;
use crate::capture::moment::Moment;
use crate::git::Worktree;
use crate::store::{Installation, KnownFolder, KnownSession, SessionStore, Sessions};

/// Of a file that was never seen before, or grew by too much, no more than this is read, in bytes, from its end.
const NEW_FILE_LIMIT: u64 = 8 << 20;

/// What is read of session files at one commit in all, in bytes; the rest is read at the next.
const READ_LIMIT: u64 = 128 << 20;

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
        for agent in agents::ALL {
            self.find_new(*agent, &worktree, &store, &mut sessions);
        }
        let mut told = Told::default();
        let mut budget = READ_LIMIT;
        let mut grown = Vec::new();
        for file in std::mem::take(&mut sessions.files) {
            grown.extend(self.read_growth(file, &mut told, &mut budget)?);
        }
        sessions.files = grown;
        told.keep()?;
        Ok(store.write(&lock, sessions, self.milliseconds())?)
    }

    /// Adds the files that nobody knew: of open sessions, and new ones in the folders of the worktree.
    fn find_new(
        &self,
        agent: &dyn Agent,
        worktree: &Worktree,
        store: &SessionStore,
        sessions: &mut Sessions,
    ) {
        for file in agent.open_sessions(&self.around, &worktree.top) {
            self.add_file(agent, file, store, sessions);
        }
        for folder in agent.session_folders(&self.around, &worktree.top) {
            let Some(modified) = modified(&folder) else { continue };
            let known = sessions.folders.iter_mut().find(|known| known.path == folder);
            match known {
                Some(known) if known.modified == modified => continue,
                Some(known) => known.modified = modified,
                None => sessions.folders.push(KnownFolder { path: folder.clone(), modified }),
            }
            let aside = store.all_aside();
            for file in agent.files_in(&folder).unwrap_or_default() {
                if !aside.contains(&file) {
                    self.add_file(agent, file, store, sessions);
                }
            }
        }
        let helpers = sessions
            .files
            .iter()
            .filter(|file| file.agent == agent.id())
            .flat_map(|file| agent.helper_files(&file.path))
            .collect::<Vec<_>>();
        for file in helpers {
            self.add_file(agent, file, store, sessions);
        }
    }

    fn add_file(
        &self,
        agent: &dyn Agent,
        path: PathBuf,
        store: &SessionStore,
        sessions: &mut Sessions,
    ) {
        if sessions.files.iter().any(|file| file.path == path) {
            return;
        }
        let Ok(data) = fs::metadata(&path) else { return };
        let offset = store.aside(&path).unwrap_or(0);
        let offset = offset.max(data.len().saturating_sub(NEW_FILE_LIMIT));
        sessions.files.push(KnownSession {
            agent: agent.id().to_owned(),
            path,
            offset,
            memory: String::new(),
            grew: self.milliseconds(),
        });
    }

    /// Reads what a file grew by; `None` if it is gone.
    fn read_growth(
        &self,
        mut file: KnownSession,
        told: &mut Told,
        budget: &mut u64,
    ) -> Result<Option<KnownSession>, Error> {
        let agent = agents::ALL.iter().find(|agent| agent.id() == file.agent);
        let (Some(agent), Ok(data)) = (agent, fs::metadata(&file.path)) else { return Ok(None) };
        let mut grown = data.len().saturating_sub(file.offset);
        if grown > READ_LIMIT {
            // No commit would ever read that much: the end is read, and what is passed over stays unknown.
            (file.offset, grown) = (data.len() - NEW_FILE_LIMIT, NEW_FILE_LIMIT);
        }
        if grown == 0 || grown > *budget {
            return Ok(Some(file));
        }
        *budget -= grown;
        let cursor = Cursor { offset: file.offset, memory: std::mem::take(&mut file.memory) };
        let Ok(part) = agent.read_session(&file.path, &cursor) else {
            file.memory = cursor.memory;
            return Ok(Some(file));
        };
        for event in &part.events {
            told.add(*agent, event, event.at.timestamp_millis())?;
        }
        if part.cursor.offset > file.offset {
            file.grew = self.milliseconds();
        }
        (file.offset, file.memory) = (part.cursor.offset, part.cursor.memory);
        Ok(Some(file))
    }
}

/// Returns when a file was last made or removed in a folder; `None` if there is no such folder.
fn modified(folder: &Path) -> Option<i64> {
    let data = fs::metadata(folder).ok().filter(fs::Metadata::is_dir)?;
    let modified = chrono::DateTime::<chrono::Utc>::from(data.modified().ok()?);
    modified.timestamp_nanos_opt()
}
