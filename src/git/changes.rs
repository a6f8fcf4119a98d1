//! What commits changed against their parents: folders, and lines as `git log --numstat --no-renames` counts them.
//!
//! Trees are compared row by row and equal ones never opened. Each thread has its own reader, with caches, since a
//! file is read once as the new version of a commit and once as the old one of the next.

use std::cmp::Ordering;

use gix::objs::Find;
use gix::odb::pack::cache::{lru, object};

use crate::git::error::Source;
use crate::git::line_count::{count, is_binary};
use crate::git::{Error, HistoryReader, RawCommit};
use crate::provenance::CommitId;

/// What the caches of all threads may hold together, in bytes; the buffers in them take up to thrice as much.
const CACHE_BUDGET: usize = 128 << 20;

/// How many buffers wait to be used again: two for each folder on the way down and two files.
const MOST_SPARE: usize = 16;

/// A larger buffer is not kept for the small objects that most are, in bytes.
const LARGEST_SPARE: usize = 8 << 20;

const TREE: u32 = 0o040_000;
const SUBMODULE: u32 = 0o160_000;

/// What changed in one folder at the top of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderChange {
    /// Its name; empty for the files that lie in no folder.
    pub folder: Vec<u8>,
    /// Lines that the commit adds; 0 where lines are not counted.
    pub added: u64,
    /// Lines that it removes.
    pub deleted: u64,
}

/// How closely changes are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Only which folders changed.
    Folders,
    /// Also how many lines.
    Lines,
}

/// Reads changes, for one thread.
pub struct ChangeReader<'a> {
    reader: &'a HistoryReader,
    detail: Detail,
    first_parent: bool,
    handle: gix::odb::HandleArc,
    /// Buffers of objects, to be used again.
    spare: Vec<Vec<u8>>,
    found: Vec<FolderChange>,
}

/// A row of a tree, borrowed from it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Row<'a> {
    mode: u32,
    name: &'a [u8],
    id: &'a [u8],
}

impl<'a> ChangeReader<'a> {
    /// Makes a reader. With `first_parent` merges are compared with their first parent, else not at all.
    pub fn new(reader: &'a HistoryReader, detail: Detail, first_parent: bool) -> Self {
        let mut handle = reader.handle();
        if detail == Detail::Lines {
            let share = CACHE_BUDGET / super::walk::threads();
            handle.set_pack_cache(move || Box::new(lru::MemoryCappedHashmap::new(share / 5 * 3)));
            handle.set_object_cache(move || {
                Box::new(object::MemoryCappedHashmap::new(share / 5 * 2))
            });
        }
        Self { reader, detail, first_parent, handle, spare: Vec::new(), found: Vec::new() }
    }

    /// Returns what a commit changed, by folder; `None` for a merge that is not compared.
    pub fn read(&mut self, commit: &RawCommit<'_>) -> Result<Option<Vec<FolderChange>>, Error> {
        let mut parents = commit.parents();
        let (first, more) = (parents.next(), parents.next());
        if more.is_some() && !self.first_parent {
            return Ok(None);
        }
        // The first commits of a shallow clone are shown by Git as if they had no parents.
        let parent = first.filter(|_| !self.reader.shallow.contains(&commit.id));
        let damaged = Error::DamagedObject { id: commit.id };
        let new = commit.tree().ok_or(damaged)?;
        let old = parent.map(|parent| self.tree_of(parent)).transpose()?;
        self.found = Vec::new();
        self.compare_trees(old, Some(new), None)?;
        Ok(Some(std::mem::take(&mut self.found)))
    }

    fn tree_of(&mut self, commit: CommitId) -> Result<CommitId, Error> {
        let bytes = self.object(commit)?;
        let tree = RawCommit::parse(commit, &bytes).and_then(|commit| commit.tree());
        self.keep(bytes);
        tree.ok_or(Error::DamagedObject { id: commit })
    }

    /// Compares two trees; `place` is the folder at the top that holds them, `None` at the top itself.
    fn compare_trees(
        &mut self,
        old: Option<CommitId>,
        new: Option<CommitId>,
        place: Option<usize>,
    ) -> Result<(), Error> {
        if old == new {
            return Ok(());
        }
        let old_bytes = old.map_or(Ok(Vec::new()), |tree| self.object(tree))?;
        let new_bytes = new.map_or(Ok(Vec::new()), |tree| self.object(tree))?;
        let damaged = || Error::DamagedObject { id: new.or(old).unwrap_or_else(no_object) };
        let width = self.reader.hash.len_in_bytes();
        let (mut left, mut right) = (&old_bytes[..], &new_bytes[..]);
        while !left.is_empty() || !right.is_empty() {
            let old_row = Row::first(left, width).ok_or_else(damaged)?;
            let new_row = Row::first(right, width).ok_or_else(damaged)?;
            let order = match (&old_row, &new_row) {
                (Some((old, _)), Some((new, _))) => old.order(*new),
                (Some(_), None) => Ordering::Less,
                _ => Ordering::Greater,
            };
            let old_row = old_row.filter(|_| order.is_le());
            let new_row = new_row.filter(|_| order.is_ge());
            left = old_row.map_or(left, |(_, rest)| rest);
            right = new_row.map_or(right, |(_, rest)| rest);
            let (old_row, new_row) = (old_row.map(|(row, _)| row), new_row.map(|(row, _)| row));
            if old_row != new_row {
                self.compare_rows(old_row, new_row, place)?;
            }
        }
        self.keep(old_bytes);
        self.keep(new_bytes);
        Ok(())
    }

    fn compare_rows(
        &mut self,
        old: Option<Row<'_>>,
        new: Option<Row<'_>>,
        place: Option<usize>,
    ) -> Result<(), Error> {
        let Some(either) = new.or(old) else { return Ok(()) };
        let is_tree = either.mode == TREE;
        let place = place.unwrap_or_else(|| {
            let name = if is_tree { either.name } else { b"" };
            let known = self.found.iter().position(|change| change.folder == name);
            known.unwrap_or_else(|| {
                self.found.push(FolderChange { folder: name.to_vec(), added: 0, deleted: 0 });
                self.found.len() - 1
            })
        });
        if self.detail == Detail::Folders {
            return Ok(());
        }
        if is_tree {
            let id = |row: Option<Row<'_>>| row.and_then(Row::id);
            return self.compare_trees(id(old), id(new), Some(place));
        }
        if old.map(|row| row.id) == new.map(|row| row.id) {
            return Ok(());
        }
        let (added, deleted) = self.compare_files(old, new)?;
        self.found[place].added += added;
        self.found[place].deleted += deleted;
        Ok(())
    }

    fn compare_files(
        &mut self,
        old: Option<Row<'_>>,
        new: Option<Row<'_>>,
    ) -> Result<(u64, u64), Error> {
        let old = old.map_or(Ok(Vec::new()), |row| self.content(row))?;
        let new = new.map_or(Ok(Vec::new()), |row| self.content(row))?;
        let counts = if is_binary(&old) || is_binary(&new) { (0, 0) } else { count(&old, &new) };
        self.keep(old);
        self.keep(new);
        Ok(counts)
    }

    /// Returns the content of a file; of a submodule, the one line by which Git shows it.
    fn content(&mut self, row: Row<'_>) -> Result<Vec<u8>, Error> {
        let Some(id) = row.id() else { return Ok(Vec::new()) };
        if row.mode == SUBMODULE {
            return Ok(format!("Subproject commit {id}\n").into_bytes());
        }
        self.object(id)
    }

    /// Keeps a buffer to be used again, if it is worth it: each side that is absent brings an empty one.
    fn keep(&mut self, buffer: Vec<u8>) {
        if self.spare.len() < MOST_SPARE && (1..=LARGEST_SPARE).contains(&buffer.capacity()) {
            self.spare.push(buffer);
        }
    }

    /// Reads an object into a buffer of its own. One that is not here fails: it must not count as no change.
    fn object(&mut self, id: CommitId) -> Result<Vec<u8>, Error> {
        let failed = |why: String| Error::ReadObject { id, source: Source(why) };
        let name = gix::hash::oid::try_from_bytes(id.as_bytes())
            .map_err(|error| failed(error.to_string()))?;
        let mut buffer = self.spare.pop().unwrap_or_default();
        match self.handle.try_find(name, &mut buffer) {
            Ok(Some(_)) => Ok(buffer),
            // Git knows the empty tree of every repository.
            Ok(None) if name.is_empty_tree() => Ok(Vec::new()),
            Ok(None) => Err(Error::MissingObject { id }),
            Err(error) => Err(failed(error.to_string())),
        }
    }
}

impl<'a> Row<'a> {
    /// Reads the first row of a tree and returns it with the rest; the inner `None` at the end of the tree.
    #[expect(clippy::option_option, reason = "the end of a tree is no damage")]
    fn first(tree: &'a [u8], width: usize) -> Option<Option<(Self, &'a [u8])>> {
        if tree.is_empty() {
            return Some(None);
        }
        let space = memchr::memchr(b' ', tree)?;
        let end = space + 1 + memchr::memchr(0, &tree[space + 1..])?;
        let digits = std::str::from_utf8(&tree[..space]).ok()?;
        let row = Self {
            mode: u32::from_str_radix(digits, 8).ok()?,
            name: &tree[space + 1..end],
            id: tree.get(end + 1..end + 1 + width)?,
        };
        Some(Some((row, &tree[end + 1 + width..])))
    }

    fn id(self) -> Option<CommitId> {
        CommitId::from_bytes(self.id)
    }

    /// Git's order in a tree: a folder sorts as if its name ended in `/`. A file and a folder of one name differ.
    fn order(self, other: Self) -> Ordering {
        let common = self.name.len().min(other.name.len());
        let tail = |row: Self| {
            let slash: &[u8] = if row.mode == TREE { b"/" } else { b"" };
            row.name[common..].iter().chain(slash).copied().collect::<Vec<u8>>()
        };
        match self.name[..common].cmp(&other.name[..common]) {
            Ordering::Equal
                if (self.name, self.mode == TREE) == (other.name, other.mode == TREE) =>
            {
                Ordering::Equal
            }
            Ordering::Equal => tail(self).cmp(&tail(other)),
            other => other,
        }
    }
}

fn no_object() -> CommitId {
    CommitId::from_bytes(&[0; 20]).expect("an id has 20 bytes")
}
