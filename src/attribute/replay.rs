//! The replay of a change: what a file was at each moment, who made each step, and so whose each staged line is.
//!
//! `HEAD`'s content -> what the first edit found -> what it left -> ... -> the work tree -> the index. A step between
//! an edit's two ends is its writer's; every other one is nobody's, since no evidence tells who made it.

use crate::attribute::line_diff::{LineDiff, lines};
use crate::provenance::{FileState, Hunk};

/// Whose a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owner {
    /// It stood there at the start, and nothing more is known.
    Start,
    /// No evidence, or evidence that contradicts itself.
    Nobody,
    /// The writer with this number wrote it.
    Writer(u32),
}

/// One file before and after the steps.
#[derive(Debug, Clone, Default)]
pub struct ReplayFile {
    /// The content at the start; empty for no file.
    pub start: Vec<u8>,
    /// Whose each line of it is, as remembered from earlier commits; empty: all `Owner::Start`.
    pub start_owners: Vec<Owner>,
    /// The content of the work tree now; `None` if there is no such file, or it is not text.
    pub worktree: Option<Vec<u8>>,
    /// The content to be committed; `None` if there is no such file.
    pub staged: Option<Vec<u8>>,
}

/// What one call of a tool did.
#[derive(Debug, Clone)]
pub struct ReplayStep {
    /// When it began and ended, in milliseconds; equal for an edit whose beginning nobody told.
    pub span: (i64, i64),
    /// Who made it; `None` for a moment at which contents were seen and nobody wrote.
    pub writer: Option<u32>,
    /// The files that it changed.
    pub edits: Vec<ReplayEdit>,
}

/// What a step did to one file.
#[derive(Debug, Clone)]
pub struct ReplayEdit {
    /// The place in the list of files.
    pub file: usize,
    /// What it found.
    pub before: FileState,
    /// What it left.
    pub after: FileState,
    /// What it says it replaced; may be empty where both contents are known.
    pub hunks: Vec<Hunk>,
}

/// Whose the lines of one file are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReplayedFile {
    /// Of each line to be committed.
    pub staged: Vec<Owner>,
    /// Of each line of the work tree.
    pub worktree: Vec<Owner>,
    /// Who deleted a line of the start that is neither in the index nor moved: its number from 0, and the writer.
    pub deleted: Vec<(u32, Owner)>,
}

/// Replays all steps and returns whose each line is, a result for each file, in their order.
///
/// Steps may come in any order; an edit of a file that is not in the list is passed over.
pub fn replay(files: &[ReplayFile], steps: &[ReplayStep]) -> Vec<ReplayedFile> {
    let mut order = steps.iter().collect::<Vec<_>>();
    order.sort_by_key(|step| (step.span.1, step.span.0));
    let one = |(number, file): (usize, &ReplayFile)| {
        let mut now = Version { content: file.start.clone(), owners: file.start_owners.clone() };
        now.owners.resize(lines(&file.start).count(), Owner::Start);
        for step in &order {
            let writer = step.writer.map_or(Owner::Nobody, Owner::Writer);
            for edit in step.edits.iter().filter(|edit| edit.file == number) {
                now.go_on(&edit.before, Owner::Nobody);
                now.go_on(&edit.after, writer);
            }
        }
        now.go_on(&state(file.worktree.as_ref()), Owner::Nobody);
        let worktree = now.owners.clone();
        now.go_on(&state(file.staged.as_ref()), Owner::Nobody);
        ReplayedFile { staged: now.owners, worktree, deleted: Vec::new() }
    };
    files.iter().enumerate().map(one).collect()
}

fn state(content: Option<&Vec<u8>>) -> FileState {
    content.map_or(FileState::Absent, |content| FileState::Content(content.clone()))
}

struct Version {
    content: Vec<u8>,
    owners: Vec<Owner>,
}

impl Version {
    fn go_on(&mut self, state: &FileState, writer: Owner) {
        let content = match state {
            FileState::Absent => &[][..],
            FileState::Content(content) => content,
            FileState::Unknown => return,
        };
        let kept = LineDiff::between(&self.content, content).kept();
        let owner = |old: &Option<u32>| old.map_or(writer, |old| self.owners[old as usize]);
        self.owners = kept.iter().map(owner).collect();
        self.content = content.to_vec();
    }
}
