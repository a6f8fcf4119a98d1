//! What is counted of one model: its commits, and those in each phase.

use std::collections::BTreeMap;

use crate::history::LineSums;
use crate::provenance::{ModelName, Phase};

/// A model's row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModelRow {
    /// The canonical id.
    pub id: String,
    /// The display name.
    pub name: String,
    /// Commits in which it had any part.
    pub commits: u64,
    /// Of these: in which it had a part in any other phase than planning, implementation and review.
    pub other_phase: u64,
    /// By phase, in the order of phases; `None`, first, where nobody said.
    pub cells: Vec<(Option<Phase>, Cell)>,
}

/// Commits in which a model had a part in one phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// How many.
    pub commits: u64,
    /// The day of the first, counted from 1970-01-01 in UTC, as committed.
    pub first_day: i64,
    /// The day of the last.
    pub last_day: i64,
    /// Their lines, where lines are counted: those of the model where a record tells them apart, else all.
    pub lines: LineSums,
}

#[derive(Debug, Clone, Default)]
pub(super) struct ModelCounts {
    pub(super) display: String,
    pub(super) commits: u64,
    pub(super) other_phase: u64,
    pub(super) cells: Cells,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Cells(BTreeMap<Option<Phase>, Cell>);

impl ModelRow {
    pub(super) fn merge(&mut self, other: &Self) {
        self.commits += other.commits;
        self.other_phase += other.other_phase;
        self.cells = merged(&self.cells, &other.cells);
        if other.name < self.name {
            self.name.clone_from(&other.name);
        }
    }
}

impl ModelCounts {
    pub(super) fn new(model: &ModelName) -> Self {
        Self { display: model.display().to_owned(), ..Self::default() }
    }

    pub(super) fn row(self, id: String) -> ModelRow {
        let Self { display: name, commits, other_phase, cells } = self;
        ModelRow { id, name, commits, other_phase, cells: cells.0.into_iter().collect() }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.commits += other.commits;
        self.other_phase += other.other_phase;
        self.cells.merge(other.cells);
        if other.display < self.display {
            self.display = other.display;
        }
    }
}

impl Cells {
    pub(super) fn add(&mut self, phase: Option<&Phase>, cell: Cell) {
        self.0.entry(phase.cloned()).and_modify(|own| own.merge(cell)).or_insert(cell);
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (phase, cell) in other.0 {
            self.add(phase.as_ref(), cell);
        }
    }
}

impl Cell {
    pub(super) fn one(day: i64, lines: LineSums) -> Self {
        Self { commits: 1, first_day: day, last_day: day, lines }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.commits += other.commits;
        self.first_day = self.first_day.min(other.first_day);
        self.last_day = self.last_day.max(other.last_day);
        self.lines.add(other.lines);
    }
}

fn merged(
    one: &[(Option<Phase>, Cell)],
    other: &[(Option<Phase>, Cell)],
) -> Vec<(Option<Phase>, Cell)> {
    let mut cells = Cells::default();
    for (phase, cell) in one.iter().chain(other) {
        cells.add(phase.as_ref(), *cell);
    }
    cells.0.into_iter().collect()
}
