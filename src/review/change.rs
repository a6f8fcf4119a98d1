//! A change as a reviewer reads it: files, sections of lines with their numbers, and what was left out.

use crate::provenance::{CommitId, Origin};

/// What is reviewed: the difference between two trees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The tree before it; `None` before the first commit.
    pub base: Option<CommitId>,
    /// The tree after it, to which the verdict is bound.
    pub tree: CommitId,
    /// The files that are read, by path.
    pub files: Vec<ChangedFile>,
    /// What is not read, by path. Nothing is left out without being named here.
    pub left_out: Vec<LeftOut>,
}

/// A file of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedFile {
    /// The path from the top; where it holds what a line cannot, in quotes as Git prints it.
    pub path: String,
    /// The path as Git keeps it.
    pub raw_path: Vec<u8>,
    /// The path before the change, where it was another one.
    pub old_path: Option<String>,
    /// What happened to it.
    pub kind: FileKind,
    /// What is to be said of it that no line shows: `it becomes a program`.
    pub remark: Option<String>,
    /// The changed lines with some around them, in their order.
    pub sections: Vec<Section>,
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// It is new.
    Added,
    /// It is gone.
    Deleted,
    /// Its lines changed.
    Changed,
    /// It has another path, and perhaps other lines.
    Renamed,
}

/// Changed lines that stand near each other, with some around them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    /// The lines.
    pub lines: Vec<ChangedLine>,
}

/// A line of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedLine {
    /// Whether the change adds it, deletes it, or leaves it.
    pub kind: LineKind,
    /// Its number from 1: in the old version where it is deleted, else in the new one.
    pub number: u32,
    /// It without its line break. Control characters other than tabs are written out, such as `\u{202e}`.
    pub text: String,
    /// Who wrote it, where the change adds it and somebody knows.
    pub origin: Option<Origin>,
}

/// What the change does to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineKind {
    /// Both versions have it.
    Kept,
    /// Only the new version has it.
    Added,
    /// Only the old version has it.
    Deleted,
}

/// Something of the change that is not read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    /// The path, perhaps with the lines that it is about: `src/big.rs (lines 900-4000)`.
    pub path: String,
    /// Why, in a few words: `a lock file`.
    pub why: String,
}

impl Change {
    /// Says whether there is nothing to read, whatever was left out.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Names who wrote the added lines of a file: the function is asked with a line's number in the new version.
    ///
    /// The path is that of a record, in which bytes that are not UTF-8 are replaced.
    pub fn name_authors(&mut self, path: &str, origin_of: impl Fn(u32) -> Option<Origin>) {
        let is_it = |file: &&mut ChangedFile| String::from_utf8_lossy(&file.raw_path) == path;
        let files = self.files.iter_mut().filter(is_it);
        let lines = files.flat_map(|file| &mut file.sections).flat_map(|part| &mut part.lines);
        for line in lines.filter(|line| line.kind == LineKind::Added) {
            line.origin = origin_of(line.number);
        }
    }

    /// Returns the number of lines that it adds and deletes, as far as they are read.
    pub fn lines_changed(&self) -> usize {
        self.files.iter().map(ChangedFile::lines_changed).sum()
    }
}

impl ChangedFile {
    /// Returns its lines in their order.
    pub fn lines(&self) -> impl Iterator<Item = &ChangedLine> {
        self.sections.iter().flat_map(|section| &section.lines)
    }

    /// Returns the number of lines that are added and deleted.
    pub fn lines_changed(&self) -> usize {
        self.lines().filter(|line| line.kind != LineKind::Kept).count()
    }
}

impl FileKind {
    /// Returns the word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "new",
            Self::Deleted => "deleted",
            Self::Changed => "changed",
            Self::Renamed => "renamed",
        }
    }
}
