//! The journal of a worktree: what was declared there, and notes that wait.

use std::path::{Path, PathBuf};

use crate::store::framed::{Contents, Framed, FramedFile, Lock};
use crate::store::{Entry, Error};

/// When the file is larger than this, what is no longer needed is dropped at the next append.
///
/// Hooks read it whole: 75 KiB of declarations cost each of them half a millisecond, a quarter of its time.
const COMPACT_ABOVE: u64 = 32 << 10;

impl Framed for Entry {
    fn is_known(&self) -> bool {
        *self != Self::Unknown
    }
}

/// The journal of one worktree.
#[derive(Debug, Clone)]
pub struct Journal {
    folder: PathBuf,
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

    fn file(&self) -> FramedFile {
        FramedFile::new(self.folder.join("journal"))
    }

    /// Reads all entries; an absent journal is empty.
    pub fn read(&self) -> Result<Contents<Entry>, Error> {
        self.file().read()
    }

    /// Appends an entry.
    pub fn append(&self, entry: &Entry) -> Result<(), Error> {
        let file = self.file();
        let lock = file.lock()?;
        if file.append(&lock, std::slice::from_ref(entry))? > COMPACT_ABOVE {
            compact(&file, &lock)?;
        }
        Ok(())
    }
}

/// Rewrites the file with what is still needed.
fn compact(file: &FramedFile, lock: &Lock) -> Result<(), Error> {
    let contents = file.read()?;
    if contents.newer > 0 {
        return Ok(()); // A newer version keeps something here that we could not judge.
    }
    file.rewrite(lock, Entry::still_needed(&contents.entries))
}

#[cfg(test)]
mod tests {
    use std::fs;

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
        let whole = fs::read(journal.file().path()).unwrap();
        for cut in 1..whole.len() {
            fs::write(journal.file().path(), &whole[..whole.len() - cut]).unwrap();
            journal.append(&entry("b")).unwrap();
            let contents = journal.read().unwrap();
            assert_eq!(contents.entries.last(), Some(&entry("b")), "cut {cut}");
        }
    }

    #[test]
    fn damaged_and_newer_lines_are_counted_and_skipped() {
        let journal = temporary();
        journal.append(&entry("a")).unwrap();
        let mut bytes = fs::read(journal.file().path()).unwrap();
        bytes.extend(b"garbage\n1 00000000 {}\n2 a505df1b {\"type\":\"x\"}\n\xff\xfe\n");
        let json = br#"{"type":"of tomorrow"}"#;
        bytes.extend(format!("1 {:08x} ", crc32fast::hash(json)).bytes());
        bytes.extend(json);
        fs::write(journal.file().path(), bytes).unwrap();
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
