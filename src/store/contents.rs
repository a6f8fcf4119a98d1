//! Contents of files that the evidence speaks of and that stand nowhere else, under their hash, compressed unless
//! they are large.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use xxhash_rust::xxh3::xxh3_128;

use crate::store::Error;
use crate::store::framed::write_replacing;

/// A larger content is not kept: it would cost an agent's hook more than the edit.
const CONTENT_LIMIT: usize = 4 << 20;

/// A larger content is written as it is, in bytes: to compress it would cost an agent's hook more than to write it
/// (`docs/performance.md`, *Capture*).
const COMPRESSED_LIMIT: usize = 256 << 10;

/// What was kept within this time is not removed: an event or a command that names it may be about to be written.
const SPARED: Duration = Duration::from_secs(3600);

/// The hash of a content: XXH3 with 128 bits, as 32 hexadecimal digits.
///
/// It tells contents on this machine apart, and is no proof against somebody who makes two of one hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentId(u128);

impl ContentId {
    /// Returns the id of a content.
    pub fn of(content: &[u8]) -> Self {
        Self(xxh3_128(content))
    }
}

impl fmt::Display for ContentId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", self.0)
    }
}

impl FromStr for ContentId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u128::from_str_radix(text, 16).map(Self)
    }
}

impl Serialize for ContentId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ContentId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The contents that one worktree keeps.
#[derive(Debug, Clone)]
pub struct Contents {
    folder: PathBuf,
}

impl Contents {
    /// Names the contents below a folder of ours; nothing is opened or made.
    pub(super) fn below(folder: &Path) -> Self {
        Self { folder: folder.join("contents") }
    }

    fn path(&self, id: ContentId) -> PathBuf {
        self.folder.join(id.to_string())
    }

    /// Keeps a content, unless it is too large, and returns its id.
    pub fn keep(&self, content: &[u8]) -> Result<ContentId, Error> {
        let id = ContentId::of(content);
        let path = self.path(id);
        // Half of the time, so that what is there still stands when it is named.
        if content.len() > CONTENT_LIMIT || is_younger(&path, SPARED / 2) {
            return Ok(id);
        }
        fs::create_dir_all(&self.folder)
            .map_err(|source| Error::Write { path: self.folder.clone(), source })?;
        if content.len() > COMPRESSED_LIMIT {
            write_replacing(&path, content)?;
        } else {
            write_replacing(&path, &lz4_flex::compress_prepend_size(content))?;
        }
        Ok(id)
    }

    /// Reads a content; `None` if it is not kept, or damaged.
    pub fn read(&self, id: ContentId) -> Option<Vec<u8>> {
        let bytes = fs::read(self.path(id)).ok()?;
        if ContentId::of(&bytes) == id {
            return Some(bytes); // It is written as it was.
        }
        let (len, _) = bytes.split_first_chunk::<4>()?;
        if u32::from_le_bytes(*len) as usize > CONTENT_LIMIT {
            return None;
        }
        let content = lz4_flex::decompress_size_prepended(&bytes).ok()?;
        (ContentId::of(&content) == id).then_some(content)
    }

    /// Removes what is not wanted any more and was not written just now; what cannot be removed stays.
    pub(super) fn retain(&self, is_wanted: impl Fn(ContentId) -> bool) {
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let id = name.to_str().and_then(|name| name.parse().ok());
            if !id.is_some_and(&is_wanted) && !is_younger(&entry.path(), SPARED) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// Says whether a file was written within a time; one that is not there was not.
fn is_younger(path: &Path, time: Duration) -> bool {
    let written = fs::metadata(path).and_then(|data| data.modified());
    // After now, by a clock that was set back, is as just now.
    written.is_ok_and(|at| at.elapsed().map_or(true, |age| age < time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_large_contents_come_back_and_damaged_ones_do_not() {
        let folder =
            std::env::temp_dir().join(format!("git-model-contents-of-{}", std::process::id()));
        let contents = Contents::below(&folder);
        for length in [0, 5, COMPRESSED_LIMIT, COMPRESSED_LIMIT + 1, CONTENT_LIMIT] {
            let content = b"a line of text\n".iter().copied().cycle().take(length);
            let content = content.collect::<Vec<_>>();
            let id = contents.keep(&content).unwrap();
            assert_eq!(contents.read(id), Some(content), "{length}");
            let file = fs::File::options().write(true).open(contents.path(id)).unwrap();
            file.set_len(file.metadata().unwrap().len() / 2).unwrap();
            assert_eq!(contents.read(id), None, "{length}");
        }
        let too_large = contents.keep(&vec![b'x'; CONTENT_LIMIT + 1]).unwrap();
        assert_eq!(contents.read(too_large), None);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_is_not_wanted_goes_unless_it_is_new() {
        let folder =
            std::env::temp_dir().join(format!("git-model-contents-{}", std::process::id()));
        let contents = Contents::below(&folder);
        let ids = ["new", "old", "wanted"].map(|text| contents.keep(text.as_bytes()).unwrap());
        let age = |id| {
            let file = fs::File::options().write(true).open(contents.path(id)).unwrap();
            let written = file.metadata().unwrap().modified().unwrap();
            file.set_modified(written - 2 * SPARED).unwrap();
        };
        age(ids[1]);
        age(ids[2]);
        contents.retain(|id| id == ids[2]);
        let kept = ids.map(|id| contents.read(id).is_some());
        assert_eq!(kept, [true, false, true]);
        // One that is named again is new again.
        contents.keep(b"wanted").unwrap();
        contents.retain(|_| false);
        assert!(contents.read(ids[2]).is_some());
        fs::remove_dir_all(folder).unwrap();
    }
}
