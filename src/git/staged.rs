//! The tree that the next commit will have, without writing the index.
//!
//! Git writes the ids of its trees into the index (extension `TREE`, "cache tree") before a commit's first hook
//! runs. Where the root there is valid it is the tree to be committed: reading it costs the same for 1,000 and
//! 50,000 files. Where it is not (`commit PATH`, intent-to-add, an earlier hook's `git add`) `git diff-index` tells.
#![expect(clippy::disallowed_types, reason = "git/ is the only room that knows git2")]

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use crate::git::process::git_output;
use crate::git::repo::{Repo, id, oid};
use crate::git::tree_diff::FileVersion;
use crate::git::{Error, environment};
use crate::provenance::CommitId;

/// The end of the index that is read first; enough for the cache tree of some thousand folders.
const SHORT_TAIL: u64 = 64 << 10;

/// The end that is read if the extension does not lie in the short one.
const LONG_TAIL: u64 = 8 << 20;

impl Repo {
    /// Returns the tree that the index would make now, on top of a commit's tree.
    pub fn staged_tree(&self, base: Option<CommitId>) -> Result<CommitId, Error> {
        let path = self.index_path();
        match cached_root(&path) {
            Ok(CachedRoot::Valid(tree)) => Ok(tree),
            Ok(CachedRoot::Invalid | CachedRoot::Absent) => self.tree_from_diff_index(base),
            Err(source) => Err(Error::ReadIndex { path, source }),
        }
    }

    fn index_path(&self) -> PathBuf {
        let inherited = environment::index_file().map(|file| {
            // Git runs hooks at the top of the work tree, and this may be relative to it.
            self.work_tree().map_or(file.clone(), |top| top.join(&file))
        });
        inherited.unwrap_or_else(|| self.git_dir().join("index"))
    }

    fn tree_from_diff_index(&self, base: Option<CommitId>) -> Result<CommitId, Error> {
        let failed = |source: git2::Error| Error::WriteObject { source: source.into() };
        let empty =
            self.inner.treebuilder(None).and_then(|builder| builder.write()).map_err(failed)?;
        let base = base.map_or(empty, oid);
        let raw = git_output(&[
            "diff-index",
            "--cached",
            "--ita-invisible-in-index",
            "--raw",
            "-z",
            "--no-renames",
            "--no-abbrev",
            "--ignore-submodules=none",
            &base.to_string(),
        ])?;
        let tree = self.inner.find_tree(base).map_err(failed)?;
        let mut update = git2::build::TreeUpdateBuilder::new();
        for (path, version) in parse_raw(&raw) {
            match version.and_then(|version| Some((version, file_mode(version.mode)?))) {
                Some((version, mode)) => update.upsert(path, oid(version.id), mode),
                None => update.remove(path),
            };
        }
        update.create_updated(&self.inner, &tree).map(id).map_err(failed)
    }
}

fn file_mode(mode: u32) -> Option<git2::FileMode> {
    match mode {
        0o100_644 => Some(git2::FileMode::Blob),
        0o100_755 => Some(git2::FileMode::BlobExecutable),
        0o120_000 => Some(git2::FileMode::Link),
        0o160_000 => Some(git2::FileMode::Commit),
        _ => None,
    }
}

/// Reads `:OLDMODE NEWMODE OLDID NEWID STATUS\0PATH\0`, again and again; `None` for a deleted file.
fn parse_raw(raw: &[u8]) -> Vec<(&[u8], Option<FileVersion>)> {
    let mut fields = raw.split(|byte| *byte == 0);
    let mut rows = Vec::new();
    while let (Some(head), Some(path)) = (fields.next(), fields.next()) {
        let words = std::str::from_utf8(head).unwrap_or_default().split(' ').collect::<Vec<_>>();
        let [_, mode, _, new, _] = words[..] else { continue };
        let version = u32::from_str_radix(mode, 8)
            .ok()
            .filter(|mode| *mode != 0)
            .and_then(|mode| Some(FileVersion { mode, id: new.parse().ok()? }));
        rows.push((path, version));
    }
    rows
}

/// What an index file says of the tree it would make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CachedRoot {
    /// There is no cache tree.
    Absent,
    /// There is one, and something was staged since.
    Invalid,
    /// This is the tree.
    Valid(CommitId),
}

/// Reads the root of the cache tree in an index file.
fn cached_root(path: &Path) -> std::io::Result<CachedRoot> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(CachedRoot::Absent);
        }
        Err(error) => return Err(error),
    };
    let len = file.metadata()?.len();
    let mut read_tail = |size: u64| {
        let size = len.min(size);
        let mut tail = vec![0; usize::try_from(size).unwrap_or(0)];
        file.seek(SeekFrom::Start(len - size))?;
        file.read_exact(&mut tail).map(|()| root_in_tail(&tail))
    };
    match read_tail(SHORT_TAIL)? {
        CachedRoot::Absent if len > SHORT_TAIL => read_tail(LONG_TAIL),
        root => Ok(root),
    }
}

/// Finds the extension from the end: the last `TREE` whose chain of extensions ends exactly at the checksum.
fn root_in_tail(tail: &[u8]) -> CachedRoot {
    // The checksum has 20 bytes; with index.skipHash it is all zero, but there.
    let Some(end) = tail.len().checked_sub(20) else { return CachedRoot::Absent };
    let start = memchr::memmem::rfind_iter(&tail[..end], b"TREE")
        .find(|start| chain_ends_at(tail, *start, end));
    match start {
        Some(start) => {
            parse_root(&tail[start + 8..end]).map_or(CachedRoot::Invalid, CachedRoot::Valid)
        }
        None => CachedRoot::Absent,
    }
}

fn chain_ends_at(tail: &[u8], start: usize, end: usize) -> bool {
    let mut at = start;
    while at < end {
        let Some(header) = tail.get(at..at + 8) else { return false };
        let size = u32::from_be_bytes([header[4], header[5], header[6], header[7]]);
        if !header[..4].iter().all(u8::is_ascii_alphabetic) {
            return false;
        }
        at = at.saturating_add(8).saturating_add(size as usize);
    }
    at == end
}

/// Reads the first row: path (empty), NUL, number of entries (negative: invalid), space, number of subtrees, LF, id.
fn parse_root(extension: &[u8]) -> Option<CommitId> {
    let rest = extension.strip_prefix(&[0])?;
    let line_end = memchr::memchr(b'\n', rest)?;
    let counts = std::str::from_utf8(&rest[..line_end]).ok()?;
    let entries: i64 = counts.split(' ').next()?.parse().ok()?;
    if entries < 0 {
        return None;
    }
    CommitId::from_bytes(rest.get(line_end + 1..line_end + 21)?)
}
