//! What `git model plan list` says: a line for each plan.

use std::io::{self, Write};

use chrono::{DateTime, Local, SecondsFormat, Utc};
use serde::Serialize;

use crate::format::{
    Block, Canvas, Cell, Column, Format, ListHead, ListItem, Report, Table, to_json,
};
use crate::provenance::{ModelName, PlanId, PlanState};
use crate::report::plan_words::{PlannerJson, plan_origin};

/// The version of the JSON document.
const SCHEMA: &str = "git-model/plan-list/1";

/// The plans of a repository.
#[derive(Debug, Clone, Default)]
pub struct PlanListReport {
    /// Those that are shown.
    pub rows: Vec<PlanRow>,
    /// How many are over and left out.
    pub left_out: usize,
}

/// One plan.
#[derive(Debug, Clone)]
pub struct PlanRow {
    /// Its id.
    pub id: PlanId,
    /// One line.
    pub title: String,
    /// Where it stands.
    pub state: PlanState,
    /// The version.
    pub version: u32,
    /// The model that planned.
    pub planner: Option<ModelName>,
    /// The model that it was handed to.
    pub implementer: Option<ModelName>,
    /// The steps that are approved or handed off, where it is not all.
    pub steps: Option<String>,
    /// When something last happened to it.
    pub changed: DateTime<Utc>,
    /// Whether commits of this worktree and branch follow it.
    pub is_here: bool,
    /// Whether nothing was done for it for two weeks.
    pub is_idle: bool,
}

#[derive(Serialize)]
struct ListJson<'a> {
    schema: &'static str,
    plans: Vec<PlanJson<'a>>,
    left_out: usize,
}

#[derive(Serialize)]
struct PlanJson<'a> {
    id: &'a str,
    title: &'a str,
    state: &'static str,
    version: u32,
    planner: PlannerJson<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    implementer: Option<PlannerJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<&'a str>,
    changed: String,
    here: bool,
    idle: bool,
}

impl PlanRow {
    fn state_words(&self) -> String {
        let mut words = self.state.as_str().to_owned();
        words.extend(self.steps.iter().flat_map(|steps| [" ", steps]));
        if self.is_idle {
            words += ", idle";
        }
        words
    }

    fn models(&self) -> String {
        let planner = self.planner.as_ref().map_or("-", |model| model.display());
        match &self.implementer {
            Some(model) => format!("{planner} -> {}", model.display()),
            None => planner.to_owned(),
        }
    }

    fn json(&self) -> PlanJson<'_> {
        PlanJson {
            id: self.id.as_str(),
            title: &self.title,
            state: self.state.as_str(),
            version: self.version,
            planner: plan_origin(self.planner.as_ref()),
            implementer: self.implementer.as_ref().map(|model| plan_origin(Some(model))),
            steps: self.steps.as_deref(),
            changed: self.changed.to_rfc3339_opts(SecondsFormat::Secs, true),
            here: self.is_here,
            idle: self.is_idle,
        }
    }
}

impl ListItem for PlanRow {
    fn cells(&self) -> Vec<Cell> {
        let changed = self.changed.with_timezone(&Local).format("%Y-%m-%d").to_string();
        let mark = if self.is_here { "* " } else { "  " };
        vec![
            Cell::Text(format!("{mark}{}", self.id)),
            Cell::Text(self.state_words()),
            Cell::Text(changed),
            Cell::Text(self.models()),
            Cell::Text(self.title.clone()),
        ]
    }

    fn json(&self) -> String {
        to_json(&self.json())
    }
}

impl PlanListReport {
    /// Writes a line for each plan, for people.
    pub fn write_lines(
        &self,
        format: &dyn Format,
        canvas: &Canvas,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let columns = ["Plan", "State", "Changed", "Models", "Title"].map(Column::left).to_vec();
        let head = ListHead { columns, fields: Vec::new(), count_field: "plans" };
        let items = self.rows.iter().map(|row| row as &dyn ListItem).collect::<Vec<_>>();
        format.items(&head, &items, (canvas, 0), out)?;
        match (self.rows.len(), self.left_out) {
            (0, 0) => writeln!(out, "no plans here yet (begin one: git model plan new)"),
            (0, over) => writeln!(out, "no open plans; {over} over (git model plan list --all)"),
            (_, _) => Ok(()),
        }
    }
}

impl Report for PlanListReport {
    fn blocks(&self) -> Vec<Block> {
        vec![Block::Table(self.table())]
    }

    fn json(&self) -> String {
        let plans = self.rows.iter().map(PlanRow::json).collect();
        to_json(&ListJson { schema: SCHEMA, plans, left_out: self.left_out })
    }

    fn table(&self) -> Table {
        let titles = ["title", "plan", "state", "version", "planner", "implementer", "changed"];
        let name = |model: &Option<ModelName>| {
            Cell::Text(model.as_ref().map_or("", |model| model.id()).to_owned())
        };
        let row = |row: &PlanRow| {
            vec![
                Cell::Text(row.title.clone()),
                Cell::Text(row.id.to_string()),
                Cell::Text(row.state.as_str().to_owned()),
                Cell::Number(u64::from(row.version)),
                name(&row.planner),
                name(&row.implementer),
                Cell::Text(row.changed.to_rfc3339_opts(SecondsFormat::Secs, true)),
            ]
        };
        Table {
            columns: titles.map(Column::left).to_vec(),
            rows: self.rows.iter().map(row).collect(),
        }
    }
}
