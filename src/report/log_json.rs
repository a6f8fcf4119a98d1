//! The audit of a history for programs: one JSON document, and rows for a spreadsheet.

use serde::Serialize;

use crate::format::{Cell, Column, Table, to_json};
use crate::history::{ClassLines, Coverage, LineSums, Summary};
use crate::provenance::Phase;
use crate::report::PlanFacts;
use crate::report::log_cost::{self, CostJson};
use crate::report::log_full::{self, FullJson};
use crate::report::log_groups::{self, GroupJson};
use crate::report::log_plans::{self, MistakeCountJson, PlansJson};
use crate::report::log_report::{LogScope, date, line_cells};
use crate::report::log_reviews::{self, ReviewsJson};

/// The version of the JSON document.
pub(super) const SCHEMA: &str = "git-model/log/1";

#[derive(Serialize)]
pub(super) struct LogJson<'a> {
    schema: &'static str,
    repository: &'a str,
    range: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter: Option<&'a String>,
    commits: u64,
    coverage: CoverageJson,
    first_mark: Option<String>,
    rows: Vec<RowJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<Vec<GroupJson<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<LinesJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    full: Option<FullJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<CostJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plans: Option<PlansJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mistakes: Option<Vec<MistakeCountJson>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reviews: Option<ReviewsJson>,
    tool_without_model: u64,
    mismatches: u64,
    notes_newer: u64,
    notes_unreadable: u64,
}

#[derive(Serialize)]
struct CoverageJson {
    recorded: u64,
    observed: u64,
    declared: u64,
    marks_only: u64,
    human: u64,
    unknown: u64,
    before_first_mark: u64,
    bots: u64,
}

#[derive(Serialize)]
struct RowJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    repository: Option<&'a str>,
    model: &'a str,
    name: &'a str,
    phase: Option<&'a str>,
    commits: u64,
    first: String,
    last: String,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    lines: Option<LineSumsJson>,
}

#[derive(Serialize)]
struct LinesJson {
    #[serde(flatten)]
    all: LineSumsJson,
    recorded: LineSumsJson,
    marks_only: LineSumsJson,
    human: LineSumsJson,
    unknown: LineSumsJson,
}

/// Sums of lines on the wire.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct LineSumsJson {
    lines_added: u64,
    lines_removed: u64,
}

impl From<LineSums> for LineSumsJson {
    fn from(lines: LineSums) -> Self {
        Self { lines_added: lines.added, lines_removed: lines.deleted }
    }
}

impl From<&ClassLines> for LinesJson {
    fn from(lines: &ClassLines) -> Self {
        Self {
            all: lines.all().into(),
            recorded: lines.recorded.into(),
            marks_only: lines.marks_only.into(),
            human: lines.human.into(),
            unknown: lines.unknown.into(),
        }
    }
}

/// Writes the whole document.
pub(super) fn document(scope: &LogScope, summary: &Summary, plans: Option<&PlanFacts>) -> String {
    to_json(&of_one(scope, summary, plans))
}

/// Returns the document of one repository among several: each row names it.
pub(super) fn of_many<'a>(
    scope: &'a LogScope,
    summary: &'a Summary,
    plans: Option<&'a PlanFacts>,
) -> LogJson<'a> {
    let mut document = of_one(scope, summary, plans);
    for row in &mut document.rows {
        row.repository = Some(&scope.repository);
    }
    for group in document.groups.iter_mut().flatten() {
        group.repository = Some(&scope.repository);
    }
    document
}

fn of_one<'a>(
    scope: &'a LogScope,
    summary: &'a Summary,
    plans: Option<&'a PlanFacts>,
) -> LogJson<'a> {
    let Summary { commits, coverage, tool_only, groups, lines, .. } = summary;
    LogJson {
        schema: SCHEMA,
        repository: &scope.repository,
        range: &scope.range,
        filter: (!scope.filter.is_empty()).then_some(&scope.filter),
        commits: *commits,
        coverage: coverage.into(),
        first_mark: summary.first_mark_day.map(date),
        rows: rows(summary),
        by: groups.as_ref().map(|groups| groups.by().name()),
        groups: groups.as_ref().map(|groups| log_groups::json(groups, lines.is_some())),
        lines: lines.as_ref().map(LinesJson::from),
        full: summary.full.as_ref().map(log_full::json),
        cost: summary.cost.as_ref().map(log_cost::json),
        plans: plans.map(log_plans::json),
        mistakes: plans.map(log_plans::mistakes_json),
        reviews: summary.reviews.as_ref().map(log_reviews::json),
        tool_without_model: tool_only.commits,
        mismatches: summary.mismatches,
        notes_newer: summary.newer_notes,
        notes_unreadable: summary.damaged_notes,
    }
}

fn rows(summary: &Summary) -> Vec<RowJson<'_>> {
    let rows = summary.models.iter().flat_map(|model| {
        model.cells.iter().map(|(phase, cell)| RowJson {
            repository: None,
            model: &model.id,
            name: &model.name,
            phase: phase.as_ref().map(Phase::as_str),
            commits: cell.commits,
            first: date(cell.first_day),
            last: date(cell.last_day),
            lines: summary.lines.is_some().then(|| cell.lines.into()),
        })
    });
    rows.collect()
}

impl From<&Coverage> for CoverageJson {
    fn from(coverage: &Coverage) -> Self {
        Self {
            recorded: coverage.recorded,
            observed: coverage.observed,
            declared: coverage.declared,
            marks_only: coverage.marks_only,
            human: coverage.human,
            unknown: coverage.unknown,
            before_first_mark: coverage.before_first_mark,
            bots: coverage.bots,
        }
    }
}

/// Returns models by phase for a spreadsheet.
pub(super) fn csv(summary: &Summary) -> Table {
    let has_lines = summary.lines.is_some();
    let rows = summary.models.iter().flat_map(|model| {
        model.cells.iter().map(move |(phase, cell)| {
            let mut cells = vec![
                Cell::Text(model.id.clone()),
                Cell::Text(model.name.clone()),
                Cell::Text(phase.as_ref().map_or("", Phase::as_str).to_owned()),
                Cell::Number(cell.commits),
                Cell::Text(date(cell.first_day)),
                Cell::Text(date(cell.last_day)),
            ];
            if has_lines {
                cells.extend(line_cells(cell.lines));
            }
            cells
        })
    });
    let mut columns: Vec<Column> =
        ["model", "name", "phase", "commits", "first", "last"].map(Column::left).into();
    if has_lines {
        columns.extend(["lines_added", "lines_removed"].map(Column::left));
    }
    Table { columns, rows: rows.collect() }
}
