//! Contents of files that the evidence speaks of and that stand nowhere else, compressed, under their hash.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use xxhash_rust::xxh3::xxh3_128;

use crate::store::Error;
use crate::store::framed::write_replacing;

/// A larger content is not kept: it would cost an agent's hook more than the edit.
const CONTENT_LIMIT: usize = 4 << 20;

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
        if content.len() > CONTENT_LIMIT || path.exists() {
            return Ok(id);
        }
        fs::create_dir_all(&self.folder)
            .map_err(|source| Error::Write { path: self.folder.clone(), source })?;
        write_replacing(&path, &lz4_flex::compress_prepend_size(content))?;
        Ok(id)
    }

    /// Reads a content; `None` if it is not kept, or damaged.
    pub fn read(&self, id: ContentId) -> Option<Vec<u8>> {
        let bytes = fs::read(self.path(id)).ok()?;
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
            if !id.is_some_and(&is_wanted) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}
