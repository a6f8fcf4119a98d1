//! An append-only file that several processes may write at once.
//!
//! One entry a line: `1 CHECKSUM JSON`. The first word is the version of the frame, the second the CRC-32 of the
//! JSON in eight hexadecimal digits. JSON holds no line break, so a torn or damaged line costs itself only: the next
//! writer begins on a new line, and readers skip what does not match its checksum. An append is one write under a
//! lock that dies with its process; it survives `kill -9`, and is not synced to disk for a power failure.
//!
//! Chosen by measurement over `SQLite` in WAL mode: see `docs/performance.md`.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store::Error;

/// The version of the frame that is written.
const VERSION: &str = "1";

/// A larger file is not read further: a hook must not be made slow by a runaway file.
const READ_LIMIT: u64 = 64 << 20;

/// How often a lock is tried, 10 ms apart.
const LOCK_TRIES: u32 = 100;

/// What can stand in a framed file.
pub trait Framed: Serialize + DeserializeOwned {
    /// Says whether this version knows the entry, which a newer one may have written.
    fn is_known(&self) -> bool;
}

/// What a framed file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents<T> {
    /// The entries, oldest first.
    pub entries: Vec<T>,
    /// Lines that do not match their checksum.
    pub damaged: usize,
    /// Lines that only a newer version understands.
    pub newer: usize,
}

impl<T> Default for Contents<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), damaged: 0, newer: 0 }
    }
}

/// A framed file, by its place.
#[derive(Debug, Clone)]
pub(super) struct FramedFile {
    path: PathBuf,
}

/// The right to write a file, until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl FramedFile {
    /// Names a file; nothing is opened or made.
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Returns its place.
    #[cfg(test)]
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads all entries; an absent file is empty.
    pub(super) fn read<T: Framed>(&self) -> Result<Contents<T>, Error> {
        let failed = |source| Error::Read { path: self.path.clone(), source };
        let file = match File::open(&self.path) {
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

    /// Appends entries in one write and returns how long the file was before; the caller holds the lock.
    pub(super) fn append<T: Framed>(&self, _lock: &Lock, entries: &[T]) -> Result<u64, Error> {
        let failed = |source| Error::Write { path: self.path.clone(), source };
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .open(&self.path)
            .map_err(failed)?;
        let len = file.metadata().map_err(failed)?.len();
        let mut lines =
            if ends_torn(&mut file, len).map_err(failed)? { vec![b'\n'] } else { Vec::new() };
        lines.extend(entries.iter().flat_map(frame));
        file.write_all(&lines).map_err(failed)?;
        Ok(len)
    }

    /// Replaces the file; the caller holds the lock.
    pub(super) fn rewrite<'e, T: Framed + 'e>(
        &self,
        _lock: &Lock,
        entries: impl IntoIterator<Item = &'e T>,
    ) -> Result<(), Error> {
        let bytes = entries.into_iter().flat_map(frame).collect::<Vec<u8>>();
        write_replacing(&self.path, &bytes)
    }

    /// Waits for the right to write, for a second at most; makes the folder if it is not there.
    pub(super) fn lock(&self) -> Result<Lock, Error> {
        let path = self.path.with_extension("lock");
        let failed = |source| Error::Write { path: path.clone(), source };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(failed)?;
        for _ in 0..LOCK_TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(Lock { _file: file }),
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

fn frame<T: Framed>(entry: &T) -> Vec<u8> {
    let json = serde_json::to_vec(entry).expect("an entry has only text, numbers and lists");
    let mut line = format!("{VERSION} {:08x} ", crc32fast::hash(&json)).into_bytes();
    line.extend(json);
    line.push(b'\n');
    line
}

/// Reads the lines of a framed file; never fails, whatever stands there.
pub fn parse<T: Framed>(bytes: &[u8]) -> Contents<T> {
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

enum Line<T> {
    Entry(T),
    Damaged,
    Newer,
}

fn parse_line<T: Framed>(line: &[u8]) -> Line<T> {
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
    match serde_json::from_slice::<T>(json) {
        Ok(entry) if entry.is_known() => Line::Entry(entry),
        Ok(_) | Err(_) => Line::Newer,
    }
}
