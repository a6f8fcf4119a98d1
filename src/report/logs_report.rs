//! What `git model log` says of several repositories: a line for each, and the table of all.

use serde::Serialize;

use crate::format::{Block, Cell, Column, Report, Table, printable, to_json};
use crate::history::Summary;
use crate::report::PlanFacts;
use crate::report::log_json::{self, LogJson};
use crate::report::log_report::{LogDetail, LogReport, LogScope, date};

/// The audit of several histories.
#[derive(Debug, Clone)]
pub struct LogsReport {
    repositories: Vec<LogReport>,
    total: Option<LogReport>,
}

/// The version of the JSON document.
const SCHEMA: &str = "git-model/logs/1";

#[derive(Serialize)]
struct LogsJson<'a> {
    schema: &'static str,
    commits: u64,
    repositories: Vec<LogJson<'a>>,
}

impl LogsReport {
    /// Makes a report of the counts of each repository, in the order in which they were named.
    pub fn new(
        repositories: Vec<(LogScope, Summary, Option<PlanFacts>)>,
        detail: LogDetail,
    ) -> Self {
        let mut total: Option<Summary> = None;
        for (_, summary, _) in &repositories {
            if let Some(total) = &mut total {
                total.merge(summary);
            } else {
                let own = summary.clone();
                total = Some(Summary { full: None, plans: None, reviews: None, ..own });
            }
        }
        let number = repositories.len();
        let scope = repositories.first().map(|(scope, ..)| LogScope {
            repository: if number == 1 {
                "1 repository".to_owned()
            } else {
                format!("{number} repositories")
            },
            range: if repositories.iter().all(|(other, ..)| other.range == scope.range) {
                scope.range.clone()
            } else {
                "HEAD".to_owned()
            },
            filter: scope.filter.clone(),
        });
        let total = scope.zip(total).map(|(scope, summary)| LogReport::new(scope, summary, detail));
        let repositories = repositories
            .into_iter()
            .map(|(scope, summary, plans)| LogReport::new(scope, summary, detail).with_plans(plans))
            .collect();
        Self { repositories, total }
    }

    fn lines_of_repositories(&self) -> Table {
        let columns = vec![
            Column::left("Repository"),
            Column::right("commits"),
            Column::right("recorded"),
            Column::right("marks only"),
            Column::right("human"),
            Column::right("unknown"),
            Column::left("first mark"),
        ];
        let rows = self.repositories.iter().map(|report| {
            let (scope, summary, _) = report.parts();
            let coverage = &summary.coverage;
            let numbers = [
                summary.commits,
                coverage.recorded,
                coverage.marks_only,
                coverage.human,
                coverage.unknown,
            ];
            let mut cells = vec![Cell::Text(scope.repository.clone())];
            cells.extend(numbers.map(Cell::Number));
            cells.push(Cell::Text(summary.first_mark_day.map_or("-".to_owned(), date)));
            cells
        });
        Table { columns, rows: rows.collect() }
    }
}

impl Report for LogsReport {
    fn blocks(&self) -> Vec<Block> {
        let Some(total) = &self.total else {
            return vec![Block::Sentence("no repository could be read".to_owned())];
        };
        let mut blocks = total.blocks();
        blocks.insert(1, Block::Table(self.lines_of_repositories()));
        for report in &self.repositories {
            let more = report.more();
            if !more.is_empty() {
                blocks.push(Block::Sentence(printable(&report.parts().0.repository)));
                blocks.extend(more);
            }
        }
        blocks
    }

    fn json(&self) -> String {
        let documents = self.repositories.iter().map(|report| {
            let (scope, summary, plans) = report.parts();
            log_json::of_many(scope, summary, plans)
        });
        to_json(&LogsJson {
            schema: SCHEMA,
            commits: self.repositories.iter().map(|report| report.parts().1.commits).sum(),
            repositories: documents.collect(),
        })
    }

    fn table(&self) -> Table {
        let mut all = Table::default();
        for report in &self.repositories {
            let table = report.table();
            all.columns = [vec![Column::left("repository")], table.columns].concat();
            let name = Cell::Text(report.parts().0.repository.clone());
            all.rows.extend(table.rows.into_iter().map(|row| [vec![name.clone()], row].concat()));
        }
        all
    }
}
