//! What `git model log` says: one sentence, how much is known, and which model had which part.

use chrono::{DateTime, NaiveDate};

use crate::format::{Block, Cell, Column, Report, Table, ValueLine, thousands};
use crate::history::{Coverage, LineSums, ModelRow, Summary};
use crate::provenance::Phase;
use crate::report::{PlanFacts, log_cost, log_full, log_groups, log_json, log_reviews};

/// Rows of models on the short screen, which stays at about 14 lines with them.
const SHORT_ROWS: usize = 4;

const SECONDS_PER_DAY: i64 = 86_400;

/// Which commits a log is about, in words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogScope {
    /// The name of the repository.
    pub repository: String,
    /// The range as the user named it, or the branch.
    pub range: String,
    /// What the commits were filtered by, as `--model opus*`; empty for no filter.
    pub filter: String,
}

/// The audit of a history.
#[derive(Debug, Clone)]
pub struct LogReport {
    scope: LogScope,
    summary: Summary,
    detail: LogDetail,
    plans: Option<PlanFacts>,
    unasked: Option<String>,
}

/// How much of the counts a log shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogDetail {
    /// Every model, and what deserves a look.
    pub full: bool,
    /// What each model cost in each phase.
    pub cost: bool,
}

impl LogReport {
    /// Makes a report of counts.
    pub fn new(scope: LogScope, summary: Summary, detail: LogDetail) -> Self {
        Self { scope, summary, detail, plans: None, unasked: None }
    }

    /// Adds what became of plans.
    #[must_use]
    pub fn with_plans(self, plans: Option<PlanFacts>) -> Self {
        Self { plans, ..self }
    }

    /// Adds the remote that may have the missing notes, since it was never asked.
    #[must_use]
    pub fn with_unasked(self, unasked: Option<String>) -> Self {
        Self { unasked, ..self }
    }

    /// Says where to ask for the records of commits that only have trailers.
    fn missing_notes(&self) -> Option<Block> {
        let (number, remote) = (self.summary.missing_notes, self.unasked.as_ref()?);
        Some(Block::Footnote(format!(
            "records of {} are not here; ask {remote}: git model sync --fetch-only",
            count(number, "commit"),
        )))
    }

    pub(super) fn parts(&self) -> (&LogScope, &Summary, Option<&PlanFacts>) {
        (&self.scope, &self.summary, self.plans.as_ref())
    }

    pub(super) fn headline(&self) -> String {
        let Summary { commits, coverage, first_mark_day, .. } = &self.summary;
        let LogScope { repository, range, filter } = &self.scope;
        let counted = match filter.as_str() {
            "" => count(*commits, "commit"),
            filter => format!("{} with {filter}", count(*commits, "commit")),
        };
        let start = format!("{repository}, {range}: {counted}");
        let known = coverage.known_since_first_mark();
        let judged = known + coverage.unknown_since_first_mark();
        match first_mark_day {
            _ if *commits == 0 || !filter.is_empty() => start,
            Some(_) => format!(
                "{start}; since the first AI mark {} of {} known, {} %",
                thousands(known),
                thousands(judged),
                percent(known, judged)
            ),
            None if coverage.recorded + coverage.marks_only > 0 => {
                format!("{start}; those that name a model are dated before any AI tool was public")
            }
            None if coverage.human > 0 => format!("{start}; none names a model or an AI tool"),
            None => {
                let them = if *commits == 1 { "it" } else { "them" };
                format!("{start}; nothing says who wrote {them}")
            }
        }
    }

    pub(super) fn coverage(&self) -> Block {
        let coverage = &self.summary.coverage;
        let line =
            |label: &str, number, remark| ValueLine { label: label.to_owned(), number, remark };
        let remark = |text: &str, number| if number > 0 { text.to_owned() } else { String::new() };
        let marks = "inferred from messages, may name the wrong model";
        Block::Values(vec![
            line("recorded", coverage.recorded, recorded_remark(coverage)),
            line("marks only", coverage.marks_only, remark(marks, coverage.marks_only)),
            line("human", coverage.human, remark("declared", coverage.human)),
            line("unknown", coverage.unknown, self.unknown_remark()),
        ])
    }

    fn unknown_remark(&self) -> String {
        let coverage = &self.summary.coverage;
        let mut parts = Vec::new();
        if let Some(day) = self.summary.first_mark_day {
            let (before, since) = (coverage.before_first_mark, coverage.unknown_since_first_mark());
            let first_mark = format!("the first mark ({})", date(day));
            match (before, since) {
                (0, 0) => {}
                (0, since) => parts.push(format!("{} since {first_mark}", thousands(since))),
                (before, since) => {
                    parts.push(format!("{} before {first_mark}", thousands(before)));
                    parts.extend((since > 0).then(|| format!("{} since", thousands(since))));
                }
            }
        }
        if coverage.bots > 0 {
            parts.push(count(coverage.bots, "bot"));
        }
        parts.join(", ")
    }

    pub(super) fn models(&self) -> Option<Table> {
        let summary = &self.summary;
        let mut all = summary.models.iter().chain([&summary.tool_only]);
        let has_other = all.any(|row| row.other_phase > 0);
        let mut table = Table {
            columns: vec![
                Column::left("Model"),
                Column::right("planned"),
                Column::right("wrote"),
                Column::right("reviewed"),
            ],
            rows: Vec::new(),
        };
        if has_other {
            table.columns.push(Column::right("other phase"));
        }
        table.columns.push(Column::right("phase not said"));
        let has_lines = summary.lines.is_some();
        if has_lines {
            table.columns.extend(LINE_COLUMNS);
        }
        let row = |name: String, models: &[ModelRow]| {
            let sum = |wanted: &dyn Fn(Option<&Phase>) -> bool| {
                Cell::Number(models.iter().map(|row| part_of(row, wanted)).sum())
            };
            let mut cells = vec![
                Cell::Text(name),
                sum(&|phase| phase == Some(&Phase::Architecture)),
                sum(&|phase| phase == Some(&Phase::Implementation)),
                sum(&|phase| phase == Some(&Phase::Review)),
            ];
            if has_other {
                cells.push(Cell::Number(models.iter().map(|row| row.other_phase).sum()));
            }
            cells.push(sum(&|phase| phase.is_none()));
            if has_lines {
                let mut lines = LineSums::default();
                let cells_of_models = models.iter().flat_map(|row| &row.cells);
                cells_of_models.for_each(|(_, cell)| lines.add(cell.lines));
                cells.extend(line_cells(lines));
            }
            cells
        };
        let all = summary.models.len();
        let shown = if self.detail.full || all <= SHORT_ROWS { all } else { SHORT_ROWS - 1 };
        let (named, rest) = summary.models.split_at(shown);
        table
            .rows
            .extend(named.iter().map(|model| row(model.name.clone(), std::slice::from_ref(model))));
        if !rest.is_empty() {
            table.rows.push(row(format!("{} more models", thousands(rest.len() as u64)), rest));
        }
        if summary.tool_only.commits > 0 {
            let tool = std::slice::from_ref(&summary.tool_only);
            table.rows.push(row("tool named, no model".to_owned(), tool));
        }
        (!table.rows.is_empty()).then_some(table)
    }

    /// Says how many lines the commits change, and how many of these are of commits that are known.
    pub(super) fn lines(&self) -> Option<Block> {
        let lines = self.summary.lines.as_ref()?;
        let row = |name: &str, lines: LineSums| {
            [vec![Cell::Text(name.to_owned())], line_cells(lines).into()].concat()
        };
        let rows = vec![
            row("recorded", lines.recorded),
            row("marks only", lines.marks_only),
            row("human", lines.human),
            row("unknown", lines.unknown),
            row("all", lines.all()),
        ];
        let columns = [vec![Column::left("Lines of commits")], LINE_COLUMNS.into()].concat();
        Some(Block::Table(Table { columns, rows }))
    }

    pub(super) fn more(&self) -> Vec<Block> {
        let Summary { full, cost, mismatches, first_mark_day, .. } = &self.summary;
        let mut blocks = full
            .as_ref()
            .map_or(Vec::new(), |full| log_full::blocks(full, *mismatches, *first_mark_day));
        if let Some(facts) = self.plans.as_ref().map(PlanFacts::facts).filter(|one| !one.is_empty())
        {
            blocks.push(Block::Facts(facts));
        }
        let reviews = self.summary.reviews.as_ref().and_then(log_reviews::fact);
        blocks.extend(reviews.map(|fact| Block::Facts(vec![fact])));
        match cost {
            Some(cost) if self.detail.cost => blocks.extend(log_cost::blocks(cost)),
            Some(cost) if cost.known > 0 => {
                blocks.push(Block::Facts(log_cost::facts(cost, &cost.rows())));
            }
            _ => {}
        }
        blocks
    }
}

impl Report for LogReport {
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![Block::Sentence(self.headline())];
        if self.summary.commits == 0 {
            return blocks;
        }
        blocks.push(self.coverage());
        blocks.extend(self.lines());
        if let Some(groups) = &self.summary.groups {
            let has_lines = self.summary.lines.is_some();
            blocks.extend(log_groups::blocks(groups, self.detail.full, has_lines));
            blocks.extend(self.more());
            return blocks;
        }
        let Some(table) = self.models() else {
            blocks.push(Block::Footnote(
                "no evidence is \"unknown\", never \"human\"; record from now on: git model init"
                    .to_owned(),
            ));
            return blocks;
        };
        blocks.push(Block::Table(table));
        let more = if self.detail.full { "" } else { "; more: git model log --full" };
        blocks.push(Block::Footnote(format!("a commit counts in every cell that applies{more}")));
        blocks.extend(self.missing_notes());
        blocks.extend(self.more());
        blocks
    }

    fn json(&self) -> String {
        log_json::document(&self.scope, &self.summary, self.plans.as_ref())
    }

    fn table(&self) -> Table {
        if let (true, Some(cost)) = (self.detail.cost, &self.summary.cost) {
            return log_cost::csv(cost);
        }
        match &self.summary.groups {
            Some(groups) => log_groups::csv(groups, self.summary.lines.is_some()),
            None => log_json::csv(&self.summary),
        }
    }
}

fn recorded_remark(coverage: &Coverage) -> String {
    let inferred = coverage.recorded - coverage.observed - coverage.declared;
    let parts =
        [(coverage.observed, "observed"), (coverage.declared, "declared"), (inferred, "inferred")];
    let parts: Vec<_> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, grade)| format!("{} {grade}", thousands(*number)))
        .collect();
    parts.join(", ")
}

fn part_of(row: &ModelRow, wanted: &dyn Fn(Option<&Phase>) -> bool) -> u64 {
    let cells = row.cells.iter().filter(|(phase, _)| wanted(phase.as_ref()));
    cells.map(|(_, cell)| cell.commits).sum()
}

/// The columns of lines, and what stands in them.
pub(super) const LINE_COLUMNS: [Column; 2] = [Column::right("added"), Column::right("removed")];

pub(super) fn line_cells(lines: LineSums) -> [Cell; 2] {
    [Cell::Number(lines.added), Cell::Number(lines.deleted)]
}

/// Writes a share in whole percent, and no share that is not quite all as 100, nor one that is something as 0.
fn percent(part: u64, whole: u64) -> u64 {
    if whole == 0 || part == 0 {
        return 0;
    }
    let rounded = (part * 200 + whole) / (whole * 2);
    if part == whole { 100 } else { rounded.clamp(1, 99) }
}

fn count(number: u64, noun: &str) -> String {
    format!("{} {}", thousands(number), plural(number, noun))
}

fn plural(number: u64, noun: &str) -> String {
    if number == 1 { noun.to_owned() } else { format!("{noun}s") }
}

/// Writes a day, counted from 1970-01-01, as `2025-02-11`; a day that no calendar has, as its number.
pub(super) fn date(day: i64) -> String {
    let time =
        day.checked_mul(SECONDS_PER_DAY).and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    time.map_or_else(|| day.to_string(), |time| NaiveDate::to_string(&time.date_naive()))
}
