//! Which session files of agents a repository knows, and how far each was read. All worktrees share it.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::store::Error;
use crate::store::framed::{FramedFile, Lock, write_replacing};

/// The format of the file; another version is not used.
const VERSION: u32 = 1;

/// A session file that was not touched for this long is put aside: 7 days, in milliseconds.
const IDLE_AFTER: i64 = 7 * 24 * 3600 * 1000;

/// A session file that is read as it grows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownSession {
    /// The id of the agent.
    pub agent: String,
    /// The file.
    pub path: PathBuf,
    /// The bytes that were read.
    pub offset: u64,
    /// What the adapter must remember of them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub memory: String,
    /// When it last grew, as far as we saw: milliseconds since 1970.
    pub grew: i64,
}

/// A folder of session files, as it was looked at last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownFolder {
    /// The folder.
    pub path: PathBuf,
    /// When a file was last made or removed in it: nanoseconds since 1970, as the system tells.
    pub modified: i64,
}

/// All that a repository knows of session files.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Sessions {
    version: u32,
    /// The folders that were looked at.
    #[serde(default)]
    pub folders: Vec<KnownFolder>,
    /// The files that are read as they grow.
    #[serde(default)]
    pub files: Vec<KnownSession>,
    /// When they were last looked at: milliseconds since 1970; 0 if never.
    #[serde(default)]
    pub swept: i64,
}

/// Where the knowledge is kept.
#[derive(Debug, Clone)]
pub struct SessionStore {
    folder: PathBuf,
}

/// The right to change it, until it is dropped.
#[derive(Debug)]
pub struct SessionLock {
    _lock: Lock,
}

impl SessionStore {
    /// Names it by the git directory that all worktrees share; nothing is opened or made.
    pub fn of(common_dir: &Path) -> Self {
        Self { folder: common_dir.join("model") }
    }

    /// Waits for the right to change it.
    pub fn lock(&self) -> Result<SessionLock, Error> {
        Ok(SessionLock { _lock: FramedFile::new(self.folder.join("sessions")).lock()? })
    }

    /// Reads it; what cannot be read is as nothing.
    pub fn read(&self) -> Sessions {
        let read = fs::read(self.folder.join("sessions")).ok();
        let sessions = read.and_then(|bytes| serde_json::from_slice::<Sessions>(&bytes).ok());
        sessions.filter(|sessions| sessions.version == VERSION).unwrap_or_default()
    }

    /// Writes it; files that have not grown for a week are put aside.
    pub fn write(
        &self,
        _lock: &SessionLock,
        mut sessions: Sessions,
        now: i64,
    ) -> Result<(), Error> {
        let (files, idle) = sessions
            .files
            .into_iter()
            .partition::<Vec<_>, _>(|file| now.saturating_sub(file.grew) < IDLE_AFTER);
        sessions.files = files;
        if !idle.is_empty() {
            self.put_aside(idle.iter().map(|file| (file.path.as_path(), file.offset)))?;
        }
        (sessions.version, sessions.swept) = (VERSION, now);
        let json = serde_json::to_vec(&sessions).expect("it has only text, numbers and lists");
        write_replacing(&self.folder.join("sessions"), &json)
    }

    /// Notes files that are not looked at unless somebody names them, and how far they count as read.
    pub fn put_aside<'p>(&self, files: impl Iterator<Item = (&'p Path, u64)>) -> Result<(), Error> {
        let path = self.aside_path();
        let mut text = fs::read_to_string(&path).unwrap_or_default();
        for (file, read) in files {
            if let Some(file) = file.to_str().filter(|file| !file.contains('\n')) {
                let _ = writeln!(text, "{read} {file}");
            }
        }
        write_replacing(&path, text.as_bytes())
    }

    fn aside_path(&self) -> PathBuf {
        self.folder.join("sessions-aside")
    }

    /// Returns how far a file that was put aside counts as read; `None` if it was not.
    pub fn aside(&self, file: &Path) -> Option<u64> {
        let text = fs::read_to_string(self.aside_path()).ok()?;
        let file = file.to_str()?;
        let rows = text.lines().rev().filter_map(|line| line.split_once(' '));
        rows.filter(|(_, path)| *path == file).find_map(|(read, _)| read.parse().ok())
    }

    /// Returns all files that were put aside.
    pub fn all_aside(&self) -> HashSet<PathBuf> {
        let text = fs::read_to_string(self.aside_path()).unwrap_or_default();
        text.lines().filter_map(|line| Some(PathBuf::from(line.split_once(' ')?.1))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_idle_file_is_put_aside_with_what_was_read_of_it() {
        let folder =
            std::env::temp_dir().join(format!("git-model-sessions-{}", std::process::id()));
        let store = SessionStore::of(&folder);
        let lock = store.lock().unwrap();
        let file = |name: &str, grew| KnownSession {
            agent: "a".into(),
            path: PathBuf::from(name),
            offset: 7,
            memory: String::new(),
            grew,
        };
        let files = vec![file("/s/old file.jsonl", 0), file("/s/new.jsonl", IDLE_AFTER)];
        store.write(&lock, Sessions { files, ..Sessions::default() }, IDLE_AFTER).unwrap();
        assert_eq!(store.read().files, [file("/s/new.jsonl", IDLE_AFTER)]);
        assert_eq!(store.aside(Path::new("/s/old file.jsonl")), Some(7));
        assert_eq!(store.aside(Path::new("/s/new.jsonl")), None);
        fs::remove_dir_all(folder).unwrap();
    }
}
