//! What `git model sync` says: how many records came and went, and what became of plans.

use serde::Serialize;

use crate::format::{Block, Cell, Column, Fact, Report, Table, counted, to_json};
use crate::provenance::{PlanFate, Synced, SyncedPlan};

/// The version of the JSON document.
const SCHEMA: &str = "git-model/sync/1";

/// What was done with another repository.
#[derive(Debug, Clone)]
pub struct SyncReport {
    /// Its name.
    pub remote: String,
    /// Whether records were to be given to it.
    pub pushes: bool,
    /// Whether nothing was changed.
    pub is_dry: bool,
    /// What was done, or would be.
    pub synced: Synced,
}

#[derive(Serialize)]
struct SyncJson<'a> {
    schema: &'static str,
    remote: &'a str,
    dry_run: bool,
    taken: usize,
    given: usize,
    combined: usize,
    foreign: usize,
    left_aside: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    plans: Option<Vec<PlanJson<'a>>>,
}

#[derive(Serialize)]
struct PlanJson<'a> {
    id: &'a str,
    fate: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

impl SyncReport {
    fn headline(&self) -> String {
        let Synced { taken, given, combined, is_empty, .. } = &self.synced;
        let remote = &self.remote;
        if *is_empty && *taken == 0 {
            return if self.pushes {
                format!("{remote}: no records there, and none here")
            } else {
                format!("{remote}: no records there")
            };
        }
        let mut parts = Vec::new();
        if *taken > 0 {
            parts.push(format!("{} taken", counted(*taken, "record")));
        }
        if *given > 0 {
            parts.push(format!("{} given", counted(*given, "record")));
        }
        if *combined > 0 {
            parts.push(format!("{combined} combined, as both sides had recorded"));
        }
        if parts.is_empty() {
            return format!("{remote}: nothing new on either side");
        }
        let words = parts.join(", ");
        if self.is_dry {
            format!("{remote}, dry run: {words}")
        } else {
            format!("{remote}: {words}")
        }
    }
}

/// Returns what is said of a plan.
fn words(fate: &PlanFate) -> String {
    match fate {
        PlanFate::Taken => "taken".to_owned(),
        PlanFate::Given => "given".to_owned(),
        PlanFate::Joined { is_ours } => {
            let place = if *is_ours { "here" } else { "there" };
            format!("changed on both sides: stands as {place}, its story tells of both")
        }
        PlanFate::HeldBack(reason) => format!("stays here: {reason}"),
        PlanFate::Damaged(reason) => format!("not taken: {reason}"),
        PlanFate::Newer => {
            "changed on both sides, once by a newer git-model: both stay as they are".to_owned()
        }
        PlanFate::Refused(reason) => format!("the remote does not take it: {reason}"),
        PlanFate::Raced => "changed meanwhile: sync again".to_owned(),
    }
}

/// Returns the word for it in JSON.
fn word(fate: &PlanFate) -> &'static str {
    match fate {
        PlanFate::Taken => "taken",
        PlanFate::Given => "given",
        PlanFate::Joined { .. } => "joined",
        PlanFate::HeldBack(_) => "held-back",
        PlanFate::Damaged(_) => "damaged",
        PlanFate::Newer => "newer",
        PlanFate::Refused(_) => "refused",
        PlanFate::Raced => "raced",
    }
}

fn plan_json(plan: &SyncedPlan) -> PlanJson<'_> {
    PlanJson { id: plan.id.as_str(), fate: word(&plan.fate), reason: reason(&plan.fate) }
}

fn reason(fate: &PlanFate) -> Option<&str> {
    match fate {
        PlanFate::HeldBack(reason) | PlanFate::Damaged(reason) | PlanFate::Refused(reason) => {
            Some(reason)
        }
        _ => None,
    }
}

impl Report for SyncReport {
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![Block::Sentence(self.headline())];
        let line = |plan: &SyncedPlan| format!("{} {}", plan.id, words(&plan.fate));
        if let Some(plans) = self.synced.plans.as_ref().filter(|plans| !plans.is_empty()) {
            let lines = plans.iter().map(line).collect();
            blocks.push(Block::Facts(vec![Fact { label: "Plans".to_owned(), lines }]));
        }
        blocks
    }

    fn json(&self) -> String {
        let synced = &self.synced;
        to_json(&SyncJson {
            schema: SCHEMA,
            remote: &self.remote,
            dry_run: self.is_dry,
            taken: synced.taken,
            given: synced.given,
            combined: synced.combined,
            foreign: synced.foreign,
            left_aside: synced.too_large + synced.strange + synced.missing,
            plans: synced.plans.as_ref().map(|plans| plans.iter().map(plan_json).collect()),
        })
    }

    fn table(&self) -> Table {
        let row = |what: &str, number: usize| {
            vec![Cell::Text(what.to_owned()), Cell::Number(number as u64)]
        };
        let synced = &self.synced;
        let rows = vec![
            row("taken", synced.taken),
            row("given", synced.given),
            row("combined", synced.combined),
        ];
        Table { columns: vec![Column::left("what"), Column::right("records")], rows }
    }
}
