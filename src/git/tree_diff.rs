//! Which files differ between two trees. Equal subtrees are never opened.
//!
//! libgit2's own comparison opens them: 23 ms for two identical trees of 50,000 files.
#![expect(clippy::disallowed_types, reason = "git/ is the only room that knows git2")]

use std::cmp::Ordering;

use crate::git::Error;
use crate::git::repo::{Repo, id, oid};
use crate::provenance::CommitId;

/// One side of a changed file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileVersion {
    /// Git's file mode, as `0o100644`.
    pub mode: u32,
    /// The blob; of a submodule, its commit.
    pub id: CommitId,
}

/// A file that differs between two trees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// The path from the top, as Git keeps it.
    pub path: Vec<u8>,
    /// The path in the old tree where it was another one: a rename.
    pub old_path: Option<Vec<u8>>,
    /// What was there; `None` for a new file.
    pub old: Option<FileVersion>,
    /// What is there now; `None` for a deleted file.
    pub new: Option<FileVersion>,
}

impl FileVersion {
    /// Says whether it is a submodule, whose content lies elsewhere.
    pub fn is_submodule(self) -> bool {
        self.mode == 0o160_000
    }

    /// Says whether it is a file rather than a link, a submodule or a folder.
    pub fn is_regular(self) -> bool {
        self.mode & 0o170_000 == 0o100_000
    }

    fn is_tree(self) -> bool {
        self.mode == 0o040_000
    }
}

/// A row of a tree object.
struct Entry {
    name: Vec<u8>,
    version: FileVersion,
}

/// Two folders still to be compared; `None` where there is none on that side.
struct Pair {
    prefix: Vec<u8>,
    old: Option<CommitId>,
    new: Option<CommitId>,
}

impl Repo {
    /// Lists the files that differ between two trees; `None` is the empty tree.
    ///
    /// Renames are not looked for. The order is that of the walk, not of the paths.
    pub fn changed_files(
        &self,
        old: Option<CommitId>,
        new: Option<CommitId>,
    ) -> Result<Vec<FileChange>, Error> {
        let mut changes = Vec::new();
        let mut open = vec![Pair { prefix: Vec::new(), old, new }];
        while let Some(pair) = open.pop() {
            if pair.old == pair.new {
                continue;
            }
            let old = pair.old.map_or(Ok(Vec::new()), |tree| self.tree_entries(tree))?;
            let new = pair.new.map_or(Ok(Vec::new()), |tree| self.tree_entries(tree))?;
            compare(&pair.prefix, old, new, &mut open, &mut changes);
        }
        Ok(changes)
    }

    /// Finds a file in a tree by its path; `None` where there is none.
    pub fn file_in_tree(&self, tree: CommitId, path: &[u8]) -> Result<Option<FileVersion>, Error> {
        let mut tree = tree;
        let mut parts = path.split(|byte| *byte == b'/').peekable();
        while let Some(part) = parts.next() {
            let entries = self.tree_entries(tree)?;
            let Some(entry) = entries.into_iter().find(|entry| entry.name == part) else {
                return Ok(None);
            };
            match (parts.peek().is_some(), entry.version.is_tree()) {
                (true, true) => tree = entry.version.id,
                (false, false) => return Ok(Some(entry.version)),
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    fn tree_entries(&self, tree: CommitId) -> Result<Vec<Entry>, Error> {
        let failed = |source: git2::Error| Error::ReadObject { id: tree, source: source.into() };
        let odb = self.inner.odb().map_err(failed)?;
        let object = odb.read(oid(tree)).map_err(failed)?;
        parse_tree(object.data(), oid(tree).as_bytes().len())
            .ok_or(Error::DamagedObject { id: tree })
    }
}

/// Reads a tree object: `MODE NAME\0` and the raw id, again and again.
fn parse_tree(mut data: &[u8], id_len: usize) -> Option<Vec<Entry>> {
    let mut entries = Vec::with_capacity(data.len() / 40);
    while !data.is_empty() {
        let space = memchr::memchr(b' ', data)?;
        let end = memchr::memchr(0, data)?;
        let mode = u32::from_str_radix(std::str::from_utf8(data.get(..space)?).ok()?, 8).ok()?;
        let name = data.get(space + 1..end)?.to_vec();
        let raw = data.get(end + 1..end + 1 + id_len)?;
        entries.push(Entry {
            name,
            version: FileVersion { mode, id: id(git2::Oid::from_bytes(raw).ok()?) },
        });
        data = &data[end + 1 + id_len..];
    }
    Some(entries)
}

fn compare(
    prefix: &[u8],
    old: Vec<Entry>,
    new: Vec<Entry>,
    open: &mut Vec<Pair>,
    changes: &mut Vec<FileChange>,
) {
    let (mut old, mut new) = (old.into_iter().peekable(), new.into_iter().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(left), Some(right)) => tree_order(left, right),
        };
        let left = if order.is_le() { old.next() } else { None };
        let right = if order.is_ge() { new.next() } else { None };
        let name = left.as_ref().or(right.as_ref()).map_or(&[][..], |entry| &entry.name);
        let path = [prefix, name].concat();
        let left = left.map(|entry| entry.version);
        let right = right.map(|entry| entry.version);
        if left != right {
            push(path, left, right, open, changes);
        }
    }
}

fn push(
    path: Vec<u8>,
    old: Option<FileVersion>,
    new: Option<FileVersion>,
    open: &mut Vec<Pair>,
    changes: &mut Vec<FileChange>,
) {
    let tree = |side: Option<FileVersion>| side.filter(|v| v.is_tree()).map(|v| v.id);
    let file = |side: Option<FileVersion>| side.filter(|v| !v.is_tree());
    if tree(old).is_some() || tree(new).is_some() {
        open.push(Pair { prefix: [&path[..], b"/"].concat(), old: tree(old), new: tree(new) });
    }
    if file(old).is_some() || file(new).is_some() {
        changes.push(FileChange { path, old_path: None, old: file(old), new: file(new) });
    }
}

/// Git's order in a tree: a folder sorts as if its name ended in `/`.
///
/// A file and a folder of one name are two entries, and so compare as different here.
fn tree_order(left: &Entry, right: &Entry) -> Ordering {
    let key = |entry: &Entry| {
        let tail = if entry.version.is_tree() { &b"/"[..] } else { &b""[..] };
        entry.name.iter().chain(tail).copied().collect::<Vec<u8>>()
    };
    let common = left.name.len().min(right.name.len());
    match left.name[..common].cmp(&right.name[..common]) {
        Ordering::Equal => key(left).cmp(&key(right)),
        other => other,
    }
}
