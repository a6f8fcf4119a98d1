//! The journal of a worktree: an append-only file that several processes may write at once.
//!
//! One entry a line: `1 CHECKSUM JSON`. The first word is the version of the frame, the second the CRC-32 of the
//! JSON in eight hexadecimal digits. JSON holds no line break, so a torn or damaged line costs itself only: the next
//! writer begins on a new line, and readers skip what does not match its checksum. An append is one write under a
//! lock that dies with its process; it survives `kill -9`, and is not synced to disk for a power failure.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::store::{Entry, Error};

/// The version of the frame that is written.
const VERSION: &str = "1";

/// When the file is larger than this, what is no longer needed is dropped at the next append.
///
/// Hooks read it whole: 75 KiB of declarations cost each of them half a millisecond, a quarter of its time.
const COMPACT_ABOVE: u64 = 32 << 10;

/// A journal larger than this is not read further: a hook must not be made slow by a runaway file.
const READ_LIMIT: u64 = 64 << 20;

/// How often a lock is tried, 10 ms apart.
const LOCK_TRIES: u32 = 100;

/// The journal of one worktree.
#[derive(Debug, Clone)]
pub struct Journal {
    folder: PathBuf,
}

/// What a journal holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// The entries, oldest first.
    pub entries: Vec<Entry>,
    /// Lines that do not match their checksum.
    pub damaged: usize,
    /// Lines that only a newer version understands.
    pub newer: usize,
}

impl Journal {
    /// Names the journal of a worktree by its git directory; nothing is opened or made.
    pub fn of(git_dir: &Path) -> Self {
        Self { folder: git_dir.join("model") }
    }

    /// Returns the folder that holds the journal and the draft.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn path(&self) -> PathBuf {
        self.folder.join("journal")
    }

    /// Reads all entries; an absent journal is empty.
    pub fn read(&self) -> Result<Contents, Error> {
        let path = self.path();
        let failed = |source| Error::Read { path: path.clone(), source };
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Contents::default());
            }
            Err(source) => return Err(failed(source)),
        };
        let mut bytes = Vec::new();
        file.take(READ_LIMIT).read_to_end(&mut bytes).map_err(failed)?;
        Ok(parse(&bytes))
    }

    /// Appends an entry.
    pub fn append(&self, entry: &Entry) -> Result<(), Error> {
        let path = self.path();
        let failed = |source| Error::Write { path: path.clone(), source };
        fs::create_dir_all(&self.folder).map_err(failed)?;
        let _lock = self.lock()?;
        let mut file =
            OpenOptions::new().create(true).read(true).append(true).open(&path).map_err(failed)?;
        let len = file.metadata().map_err(failed)?.len();
        let mut line =
            if ends_torn(&mut file, len).map_err(failed)? { vec![b'\n'] } else { Vec::new() };
        line.extend(frame(entry));
        file.write_all(&line).map_err(failed)?;
        if len > COMPACT_ABOVE {
            self.compact()?;
        }
        Ok(())
    }

    /// Rewrites the file with what is still needed. The caller holds the lock.
    fn compact(&self) -> Result<(), Error> {
        let contents = self.read()?;
        if contents.newer > 0 {
            return Ok(()); // A newer version keeps something here that we could not judge.
        }
        let kept =
            Entry::still_needed(&contents.entries).into_iter().flat_map(frame).collect::<Vec<u8>>();
        write_replacing(&self.path(), &kept)
    }

    fn lock(&self) -> Result<File, Error> {
        let path = self.folder.join("journal.lock");
        let failed = |source| Error::Write { path: path.clone(), source };
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(failed)?;
        for _ in 0..LOCK_TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(10)),
                Err(TryLockError::Error(source)) => return Err(failed(source)),
            }
        }
        Err(Error::Busy { path })
    }
}

/// Writes a file so that a reader sees the old or the new content, never a part.
pub(super) fn write_replacing(path: &Path, content: &[u8]) -> Result<(), Error> {
    let failed = |source| Error::Write { path: path.to_path_buf(), source };
    let temporary = path.with_extension(format!("new-{}", std::process::id()));
    fs::write(&temporary, content).and_then(|()| fs::rename(&temporary, path)).map_err(|source| {
        // A full disk must not leave a half-written file behind.
        let _ = fs::remove_file(&temporary);
        failed(source)
    })
}

fn ends_torn(file: &mut File, len: u64) -> std::io::Result<bool> {
    if len == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::Start(len - 1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

fn frame(entry: &Entry) -> Vec<u8> {
    let json = serde_json::to_vec(entry).expect("an entry has only text, numbers and lists");
    let mut line = format!("{VERSION} {:08x} ", crc32fast::hash(&json)).into_bytes();
    line.extend(json);
    line.push(b'\n');
    line
}

fn parse(bytes: &[u8]) -> Contents {
    let mut contents = Contents::default();
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        match parse_line(line) {
            Line::Entry(entry) => contents.entries.push(entry),
            Line::Damaged => contents.damaged += 1,
            Line::Newer => contents.newer += 1,
        }
    }
    contents
}

enum Line {
    Entry(Entry),
    Damaged,
    Newer,
}

fn parse_line(line: &[u8]) -> Line {
    let mut words = line.splitn(3, |byte| *byte == b' ');
    let (Some(version), Some(sum), Some(json)) = (words.next(), words.next(), words.next()) else {
        return Line::Damaged;
    };
    let sum = std::str::from_utf8(sum).ok().and_then(|sum| u32::from_str_radix(sum, 16).ok());
    if sum != Some(crc32fast::hash(json)) {
        return Line::Damaged;
    }
    if version != VERSION.as_bytes() {
        return Line::Newer;
    }
    match serde_json::from_slice(json) {
        Ok(Entry::Unknown) | Err(_) => Line::Newer,
        Ok(entry) => Line::Entry(entry),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Declaration, Declared};

    fn entry(branch: &str) -> Entry {
        Entry::Use(Declaration {
            branch: Some(branch.to_owned()),
            who: Some(Declared::Human),
            at: 1,
            expires: None,
        })
    }

    fn temporary() -> Journal {
        static NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let folder =
            std::env::temp_dir().join(format!("git-model-journal-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        Journal::of(&folder)
    }

    #[test]
    fn a_torn_line_costs_only_itself() {
        let journal = temporary();
        journal.append(&entry("a")).unwrap();
        let whole = fs::read(journal.path()).unwrap();
        for cut in 1..whole.len() {
            fs::write(journal.path(), &whole[..whole.len() - cut]).unwrap();
            journal.append(&entry("b")).unwrap();
            let contents = journal.read().unwrap();
            assert_eq!(contents.entries.last(), Some(&entry("b")), "cut {cut}");
        }
    }

    #[test]
    fn damaged_and_newer_lines_are_counted_and_skipped() {
        let journal = temporary();
        journal.append(&entry("a")).unwrap();
        let mut bytes = fs::read(journal.path()).unwrap();
        bytes.extend(b"garbage\n1 00000000 {}\n2 a505df1b {\"type\":\"x\"}\n\xff\xfe\n");
        let json = br#"{"type":"of tomorrow"}"#;
        bytes.extend(format!("1 {:08x} ", crc32fast::hash(json)).bytes());
        bytes.extend(json);
        fs::write(journal.path(), bytes).unwrap();
        let contents = journal.read().unwrap();
        assert_eq!(contents.entries, [entry("a")]);
        assert_eq!((contents.damaged, contents.newer), (4, 1));
    }

    #[test]
    fn eight_writers_lose_nothing() {
        let journal = temporary();
        std::thread::scope(|scope| {
            for writer in 0..8 {
                let journal = &journal;
                scope.spawn(move || {
                    for number in 0..50 {
                        journal.append(&entry(&format!("{writer}-{number}"))).unwrap();
                    }
                });
            }
        });
        let contents = journal.read().unwrap();
        assert_eq!((contents.entries.len(), contents.damaged), (400, 0));
    }
}
