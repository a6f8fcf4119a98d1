//! Which session files of agents a repository knows, and how far each was read. All worktrees share it.
//!
//! It is read at each commit, and may name thousands of files with half a kilobyte to remember of each: lines with tabs
//! between their fields cost a quarter of what JSON did.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::store::Error;
use crate::store::framed::{FramedFile, Lock, write_replacing};

/// The first line begins so; a file of another version is not used.
const HEADER: &str = "git-model sessions 2";

/// A session file that was not touched for this long is put aside: 7 days, in milliseconds.
const IDLE_AFTER: i64 = 7 * 24 * 3600 * 1000;

/// About so many bytes does a session file take in ours.
const USUAL_LINE: usize = 640;

/// A session file that is read as it grows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownSession {
    /// The id of the agent.
    pub agent: String,
    /// The file.
    pub path: PathBuf,
    /// The bytes that were read.
    pub offset: u64,
    /// What the adapter must remember of them: one line.
    pub memory: String,
    /// When it last grew, as far as we saw: milliseconds since 1970.
    pub grew: i64,
}

impl KnownSession {
    fn is_idle(&self, now: i64) -> bool {
        now.saturating_sub(self.grew) >= IDLE_AFTER
    }
}

/// A folder of session files, as it was looked at last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFolder {
    /// The folder.
    pub path: PathBuf,
    /// When a file was last made or removed in it: nanoseconds since 1970, as the system tells.
    pub modified: i64,
}

/// All that a repository knows of session files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sessions {
    /// The folders that were looked at.
    pub folders: Vec<KnownFolder>,
    /// The files that are read as they grow.
    pub files: Vec<KnownSession>,
    /// When something new was last found: milliseconds since 1970; 0 if never.
    pub swept: i64,
    /// Set where this is not any more what was read.
    pub has_news: bool,
}

impl Sessions {
    /// Says whether a file was made or removed in a folder since this was last asked; not if there is no such folder.
    pub fn is_changed(&mut self, folder: &Path) -> bool {
        let Some(modified) = modified(folder) else { return false };
        let known = self.folders.iter_mut().find(|known| known.path == folder);
        let before = known.map(|known| std::mem::replace(&mut known.modified, modified));
        if before.is_none() {
            self.folders.push(KnownFolder { path: folder.to_path_buf(), modified });
        }
        self.has_news |= before != Some(modified);
        before != Some(modified)
    }
}

impl Sessions {
    /// Reads the form that [`Sessions::to_text`] writes; `None` if it is another.
    fn parse(text: &str) -> Option<Self> {
        let (first, lines) = text.split_once('\n')?;
        let swept = first.strip_prefix(HEADER)?.trim_start().parse().ok()?;
        let mut sessions = Self { swept, ..Self::default() };
        for line in lines.lines() {
            let mut fields = line.splitn(6, '\t');
            match fields.next()? {
                "folder" => sessions.folders.push(KnownFolder {
                    modified: fields.next()?.parse().ok()?,
                    path: PathBuf::from(fields.next()?),
                }),
                "file" => sessions.files.push(KnownSession {
                    offset: fields.next()?.parse().ok()?,
                    grew: fields.next()?.parse().ok()?,
                    agent: fields.next()?.to_owned(),
                    path: PathBuf::from(fields.next()?),
                    memory: fields.next()?.to_owned(),
                }),
                _ => return None,
            }
        }
        Some(sessions)
    }

    /// Writes a line for each folder and file. What would break its line is left out, and is as if it were not known.
    fn to_text(&self) -> String {
        let mut text = String::with_capacity(256 + self.files.len() * USUAL_LINE);
        let _ = writeln!(text, "{HEADER} {}", self.swept);
        for KnownFolder { path, modified } in &self.folders {
            if let Some(path) = plain(path) {
                let _ = writeln!(text, "folder\t{modified}\t{path}");
            }
        }
        for KnownSession { agent, path, offset, memory, grew } in &self.files {
            if let Some(path) = plain(path).filter(|_| !memory.contains('\n')) {
                let _ = writeln!(text, "file\t{offset}\t{grew}\t{agent}\t{path}\t{memory}");
            }
        }
        text
    }
}

/// Returns a path that can stand in a line.
fn plain(path: &Path) -> Option<&str> {
    path.to_str().filter(|path| !path.contains(['\t', '\n']))
}

/// Returns when a file was last made or removed in a folder; `None` if there is no such folder.
fn modified(folder: &Path) -> Option<i64> {
    let data = fs::metadata(folder).ok().filter(fs::Metadata::is_dir)?;
    let modified = chrono::DateTime::<chrono::Utc>::from(data.modified().ok()?);
    modified.timestamp_nanos_opt()
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
        let text = fs::read_to_string(self.folder.join("sessions")).ok();
        text.and_then(|text| Sessions::parse(&text)).unwrap_or_default()
    }

    /// Writes it if it has news, or if there is something to put aside.
    pub fn write_changes(
        &self,
        lock: &SessionLock,
        sessions: Sessions,
        now: i64,
    ) -> Result<(), Error> {
        if !sessions.has_news && !sessions.files.iter().any(|file| file.is_idle(now)) {
            return Ok(());
        }
        self.write(lock, sessions, now)
    }

    /// Writes it; files that have not grown for a week are put aside.
    pub fn write(
        &self,
        _lock: &SessionLock,
        mut sessions: Sessions,
        now: i64,
    ) -> Result<(), Error> {
        let (idle, files) =
            sessions.files.into_iter().partition::<Vec<_>, _>(|file| file.is_idle(now));
        sessions.files = files;
        if !idle.is_empty() {
            self.put_aside(idle.iter().map(|file| (file.path.as_path(), file.offset)))?;
        }
        sessions.swept = now;
        write_replacing(&self.folder.join("sessions"), sessions.to_text().as_bytes())
    }

    /// Notes files that are not looked at unless somebody names them, and how far they count as read.
    pub fn put_aside<'p>(&self, files: impl Iterator<Item = (&'p Path, u64)>) -> Result<(), Error> {
        let path = self.aside_path();
        let mut text = fs::read_to_string(&path).unwrap_or_default();
        for (file, read) in files {
            if let Some(file) = plain(file) {
                let _ = writeln!(text, "{read} {file}");
            }
        }
        write_replacing(&path, text.as_bytes())
    }

    fn aside_path(&self) -> PathBuf {
        self.folder.join("sessions-aside")
    }

    /// Returns all files that were put aside, and how far each counts as read.
    pub fn aside(&self) -> HashMap<PathBuf, u64> {
        let text = fs::read_to_string(self.aside_path()).unwrap_or_default();
        let rows = text.lines().filter_map(|line| line.split_once(' '));
        rows.filter_map(|(read, path)| Some((PathBuf::from(path), read.parse().ok()?))).collect()
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
            memory: "{\"of\":\tit}".into(),
            grew,
        };
        let folders = vec![KnownFolder { path: PathBuf::from("/s"), modified: -3 }];
        let files = vec![file("/s/old file.jsonl", 0), file("/s/new.jsonl", IDLE_AFTER)];
        store.write(&lock, Sessions { folders, files, ..Sessions::default() }, IDLE_AFTER).unwrap();
        assert_eq!(store.read().files, [file("/s/new.jsonl", IDLE_AFTER)]);
        let aside = HashMap::from([(PathBuf::from("/s/old file.jsonl"), 7)]);
        assert_eq!(store.aside(), aside);
        // Nothing changed: nothing is written, until one is idle.
        let read = store.read();
        store.write_changes(&lock, read.clone(), IDLE_AFTER + 1).unwrap();
        assert_eq!(store.read(), read);
        store.write_changes(&lock, read, 2 * IDLE_AFTER).unwrap();
        assert_eq!((store.read().files, store.aside().len()), (Vec::new(), 2));
        fs::remove_dir_all(folder).unwrap();
    }
}
