//! The replay of a change: what a file was at each moment, who made each step, and so whose each staged line is.
//!
//! `HEAD`'s content -> what the first edit found -> what it left -> ... -> the work tree -> the index. A step between
//! an edit's two ends is its writer's; every other one is nobody's, since no evidence tells who made it.

mod engine;
mod moves;
mod order;
mod pairs;
mod patch;
mod reshape;
mod resolve;
mod staged;
mod step;
#[cfg(test)]
mod tests;
mod text;
mod witness;
mod work;

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
/// Steps may come in any order; an edit of a file that is not in the list is passed over. The time it takes grows with
/// the contents and hardly with their square.
pub fn replay(files: &[ReplayFile], steps: &[ReplayStep]) -> Vec<ReplayedFile> {
    let (order, other_order) = order::ordered(files, steps);
    let mut results = replay_in(files, steps, &order);
    if let Some(order) = other_order {
        for (result, other) in results.iter_mut().zip(replay_in(files, steps, &order)) {
            agree(&mut result.staged, &other.staged);
            agree(&mut result.worktree, &other.worktree);
        }
    }
    results
}

fn replay_in(
    files: &[ReplayFile],
    steps: &[ReplayStep],
    order: &[order::Item],
) -> Vec<ReplayedFile> {
    let mut texts = text::Texts::default();
    let moments = resolve::moments(&mut texts, files, steps, order);
    let mut engine = engine::Engine::new(texts, files, &moments);
    for number in 0..moments.len() {
        engine.go_on(&moments, number);
    }
    staged::results(&mut engine, files)
}

/// Leaves to nobody what two answers give to different owners, one of them a model.
fn agree(owners: &mut [Owner], others: &[Owner]) {
    for (owner, other) in owners.iter_mut().zip(others) {
        if owner != other && (is_model(*owner) || is_model(*other)) {
            *owner = Owner::Nobody;
        }
    }
}

/// Says whether a model is known to have written something.
fn is_model(owner: Owner) -> bool {
    matches!(owner, Owner::Writer(_))
}
