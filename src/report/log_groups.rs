//! Commits by author, month, folder and so on, as screens, spreadsheets and programs want them.

use serde::Serialize;

use crate::format::{Block, Cell, Column, Table, thousands};
use crate::history::{GroupBy, GroupRow, GroupTable, LineSums, Share};
use crate::report::log_json::LineSumsJson;
use crate::report::log_report::{LINE_COLUMNS, date, line_cells};

/// Groups on the short screen, besides those of commits in no group.
const SHORT_ROWS: usize = 12;

/// A group on the wire.
#[derive(Debug, Serialize)]
pub(super) struct GroupJson<'a> {
    /// Set where several repositories stand in one document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) repository: Option<&'a str>,
    group: Option<String>,
    name: String,
    commits: u64,
    architecture: u64,
    implementation: u64,
    review: u64,
    other_phase: u64,
    phase_not_said: u64,
    tool_only: u64,
    human: u64,
    unknown: u64,
    first: String,
    last: String,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    lines: Option<LineSumsJson>,
}

/// Returns the groups for people; a full table leaves none out.
pub(super) fn blocks(groups: &GroupTable, full: bool, has_lines: bool) -> Vec<Block> {
    let by = groups.by();
    let rows = groups.rows();
    let shares: Vec<Share> = shown_shares(by, &rows);
    let (named, without): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.key.is_some());
    let shown = if full || named.len() <= SHORT_ROWS { named.len() } else { SHORT_ROWS - 1 };
    let (shown, left) = named.split_at(shown);
    let mut columns = vec![Column::left(title(by)), Column::right("commits")];
    columns.extend(shares.iter().map(|share| Column::right(share.title())));
    if has_lines {
        columns.extend(LINE_COLUMNS);
    }
    let mut table = Table { columns, rows: Vec::new() };
    table.rows.extend(shown.iter().map(|row| cells(row, &shares, has_lines)));
    if !left.is_empty() {
        table.rows.push(cells_of_rest(by, left, &shares, has_lines));
    }
    table.rows.extend(without.iter().map(|row| cells(row, &shares, has_lines)));
    let more = if left.is_empty() { "" } else { "; all of them: git model log --full" };
    let note = match by {
        GroupBy::Path => {
            "a commit counts in every folder that it changes and in every column that applies"
        }
        GroupBy::Release => {
            "the first tag, by its date, that contains the commit; a commit counts in every column that applies"
        }
        _ if by.is_of_commits() => "a commit counts in every column that applies",
        _ => "a commit counts in every row and column that applies",
    };
    vec![Block::Table(table), Block::Footnote(format!("{note}{more}"))]
}

/// Returns the groups for programs.
pub(super) fn json(groups: &GroupTable, has_lines: bool) -> Vec<GroupJson<'static>> {
    let rows = groups.rows().into_iter().map(|row| GroupJson {
        repository: None,
        commits: row.commits,
        architecture: row.share(Share::Planned),
        implementation: row.share(Share::Wrote),
        review: row.share(Share::Reviewed),
        other_phase: row.share(Share::OtherPhase),
        phase_not_said: row.share(Share::PhaseNotSaid),
        tool_only: row.share(Share::ToolOnly),
        human: row.share(Share::Human),
        unknown: row.share(Share::Unknown),
        first: date(row.days.0),
        last: date(row.days.1),
        lines: has_lines.then(|| row.lines.into()),
        group: row.key,
        name: row.name,
    });
    rows.collect()
}

/// Returns the groups for a spreadsheet.
pub(super) fn csv(groups: &GroupTable, has_lines: bool) -> Table {
    let mut columns = vec![Column::left(groups.by().name()), Column::left("name")];
    columns.push(Column::left("commits"));
    columns.extend(Share::ALL.map(|share| Column::left(share.field())));
    columns.extend(["first", "last"].map(Column::left));
    if has_lines {
        columns.extend(["lines_added", "lines_removed"].map(Column::left));
    }
    let rows = groups.rows().into_iter().map(|row| {
        let mut cells = vec![
            Cell::Text(row.key.clone().unwrap_or_default()),
            Cell::Text(row.name.clone()),
            Cell::Number(row.commits),
        ];
        cells.extend(row.shares.map(Cell::Number));
        cells.extend([row.days.0, row.days.1].map(|day| Cell::Text(date(day))));
        if has_lines {
            cells.extend(line_cells(row.lines));
        }
        cells
    });
    Table { columns, rows: rows.collect() }
}

/// Returns the columns that say something: those where there is a commit.
fn shown_shares(by: GroupBy, rows: &[GroupRow]) -> Vec<Share> {
    if by == GroupBy::Phase {
        return Vec::new();
    }
    let is_shown = |share: &Share| match share {
        // Such commits are a row of their own there.
        Share::Human | Share::Unknown if !by.is_of_commits() => false,
        Share::ToolOnly if !by.is_of_commits() && by != GroupBy::Tool => false,
        share => rows.iter().any(|row| row.share(*share) > 0),
    };
    Share::ALL.into_iter().filter(is_shown).collect()
}

fn cells(row: &GroupRow, shares: &[Share], has_lines: bool) -> Vec<Cell> {
    let mut cells = vec![Cell::Text(row.name.clone()), Cell::Number(row.commits)];
    cells.extend(shares.iter().map(|share| Cell::Number(row.share(*share))));
    if has_lines {
        cells.extend(line_cells(row.lines));
    }
    cells
}

/// Joins what the short screen leaves out. Where a commit may be in several groups, their sum says nothing of commits.
fn cells_of_rest(by: GroupBy, left: &[GroupRow], shares: &[Share], has_lines: bool) -> Vec<Cell> {
    let name = format!("{} more {}", thousands(left.len() as u64), plural(by));
    let number = |number: u64| {
        if by == GroupBy::Path { Cell::Text(String::new()) } else { Cell::Number(number) }
    };
    let mut cells = vec![Cell::Text(name), number(left.iter().map(|row| row.commits).sum())];
    cells.extend(shares.iter().map(|share| number(left.iter().map(|row| row.share(*share)).sum())));
    if has_lines {
        let mut lines = LineSums::default();
        for row in left {
            lines.add(row.lines);
        }
        cells.extend(line_cells(lines));
    }
    cells
}

fn title(by: GroupBy) -> &'static str {
    match by {
        GroupBy::Model => "Model",
        GroupBy::Family => "Family",
        GroupBy::Vendor => "Vendor",
        GroupBy::Phase => "Phase",
        GroupBy::Tool => "Tool",
        GroupBy::Author => "Author",
        GroupBy::Month => "Month",
        GroupBy::Release => "Release",
        GroupBy::Path => "Folder",
    }
}

fn plural(by: GroupBy) -> &'static str {
    match by {
        GroupBy::Model => "models",
        GroupBy::Family => "families",
        GroupBy::Vendor => "vendors",
        GroupBy::Phase => "phases",
        GroupBy::Tool => "tools",
        GroupBy::Author => "authors",
        GroupBy::Month => "months",
        GroupBy::Release => "releases",
        GroupBy::Path => "folders",
    }
}
