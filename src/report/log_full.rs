//! What `git model log --full` adds: who planned for whom, what was reverted, bots, and what came first.

use serde::Serialize;

use crate::format::{Block, Cell, Column, Fact, Table, thousands};
use crate::history::{Full, Made, Outcome};
use crate::report::log_report::date;

/// Pairs of planner and implementer that have a row of their own.
const PAIRS: usize = 8;

/// Bots that are named.
const BOTS: usize = 5;

/// Of fewer commits no share is told: it would be chance.
const FEWEST_FOR_PERCENT: u64 = 100;

/// What a full report adds on the wire.
#[derive(Debug, Serialize)]
pub(super) struct FullJson<'a> {
    outcomes: Vec<OutcomeJson<'a>>,
    asked: Vec<AskedJson<'a>>,
    bots: Vec<BotJson<'a>>,
    first_agent_file: Option<AgentFileJson<'a>>,
    commits_before_first_agent_file: u64,
    commits_before_first_mark: u64,
}

#[derive(Debug, Serialize)]
struct OutcomeJson<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    planner: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    implementer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
    commits: u64,
    judged: u64,
    reverted: u64,
}

#[derive(Debug, Serialize)]
struct AskedJson<'a> {
    requested: &'a str,
    answered: &'a str,
    commits: u64,
}

#[derive(Debug, Serialize)]
struct BotJson<'a> {
    name: &'a str,
    commits: u64,
}

#[derive(Debug, Serialize)]
struct AgentFileJson<'a> {
    path: &'a str,
    date: String,
}

/// Returns it for programs.
pub(super) fn json(full: &Full) -> FullJson<'_> {
    let outcome = |outcome: &'_ Outcome| (outcome.commits, outcome.judged, outcome.reverted);
    FullJson {
        outcomes: full
            .outcomes
            .iter()
            .map(|one| {
                let (commits, judged, reverted) = outcome(one);
                let (kind, planner, implementer, model) = match &one.made {
                    Made::Planned { planner, implementer } => {
                        ("planned", Some(planner.as_str()), Some(implementer.as_str()), None)
                    }
                    Made::WithoutPlan => ("recorded-without-plan", None, None, None),
                    Made::By(model) => ("model", None, None, Some(model.as_str())),
                    Made::WithoutModel => ("without-model", None, None, None),
                };
                OutcomeJson { kind, planner, implementer, model, commits, judged, reverted }
            })
            .collect(),
        asked: full
            .asked
            .iter()
            .map(|(requested, answered, commits)| AskedJson {
                requested,
                answered,
                commits: *commits,
            })
            .collect(),
        bots: full.bots.iter().map(|(name, commits)| BotJson { name, commits: *commits }).collect(),
        first_agent_file: full.agent_file.as_ref().map(|file| AgentFileJson {
            path: &file.path,
            date: date(file.seconds.div_euclid(86_400)),
        }),
        commits_before_first_agent_file: full.before_agent_file,
        commits_before_first_mark: full.before_first_mark,
    }
}

/// Returns it for people.
pub(super) fn blocks(full: &Full, mismatches: u64, first_mark: Option<i64>) -> Vec<Block> {
    let mut blocks = Vec::new();
    blocks.extend(pairs(full).map(Block::Table));
    blocks.extend(models(full).map(Block::Table));
    blocks.push(Block::Facts(facts(full, mismatches, first_mark)));
    blocks.retain(|block| !matches!(block, Block::Facts(facts) if facts.is_empty()));
    blocks
}

fn pairs(full: &Full) -> Option<Table> {
    let planned: Vec<&Outcome> = full
        .outcomes
        .iter()
        .filter(|outcome| matches!(outcome.made, Made::Planned { .. }))
        .collect();
    if planned.is_empty() {
        return None;
    }
    let (shown, left) = planned.split_at(planned.len().min(PAIRS));
    let mut rows: Vec<Vec<Cell>> =
        shown.iter().map(|outcome| row(outcome.names.join(" -> "), &[outcome])).collect();
    if !left.is_empty() {
        rows.push(row("other pairs".to_owned(), left));
    }
    let without = full.outcomes.iter().filter(|outcome| outcome.made == Made::WithoutPlan);
    rows.extend(without.map(|outcome| row("recorded, no plan".to_owned(), &[outcome])));
    Some(table("Planned by -> written by", rows))
}

fn models(full: &Full) -> Option<Table> {
    let of_models: Vec<Vec<Cell>> = full
        .outcomes
        .iter()
        .filter(|outcome| matches!(outcome.made, Made::By(_)))
        .map(|outcome| row(outcome.names.join(""), &[outcome]))
        .collect();
    if of_models.is_empty() {
        return None;
    }
    let without = full.outcomes.iter().filter(|outcome| outcome.made == Made::WithoutModel);
    let without = without.map(|outcome| row("no AI named".to_owned(), &[outcome]));
    Some(table("With a part of", of_models.into_iter().chain(without).collect()))
}

fn table(title: &'static str, rows: Vec<Vec<Cell>>) -> Table {
    let columns = vec![
        Column::left(title),
        Column::right("commits"),
        Column::right("30 days old"),
        Column::right("reverted in 30 days"),
        Column::right(""),
    ];
    Table { columns, rows }
}

fn row(name: String, outcomes: &[&Outcome]) -> Vec<Cell> {
    let sum = |number: fn(&Outcome) -> u64| outcomes.iter().map(|one| number(one)).sum::<u64>();
    let (judged, reverted) = (sum(|one| one.judged), sum(|one| one.reverted));
    vec![
        Cell::Text(name),
        Cell::Number(sum(|one| one.commits)),
        Cell::Number(judged),
        Cell::Number(reverted),
        Cell::Text(share(reverted, judged)),
    ]
}

/// Writes a share with one decimal; nothing where too few commits were judged.
fn share(part: u64, whole: u64) -> String {
    if whole < FEWEST_FOR_PERCENT {
        return String::new();
    }
    let tenths = (part * 2000 + whole) / (whole * 2);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

fn facts(full: &Full, mismatches: u64, first_mark: Option<i64>) -> Vec<Fact> {
    let mut facts = Vec::new();
    let commits = |number: u64| {
        format!("{} {}", thousands(number), if number == 1 { "commit" } else { "commits" })
    };
    if !full.asked.is_empty() {
        let lines = full.asked.iter().map(|(requested, answered, number)| {
            format!("{requested}, answered by {answered}: {}", commits(*number))
        });
        facts.push(Fact { label: "Asked".to_owned(), lines: lines.collect() });
    }
    if mismatches > 0 {
        let verb = if mismatches == 1 { "names" } else { "name" };
        facts.push(Fact::new(
            "Look at",
            format!(
                "{} whose message {verb} a model that the better source does not",
                commits(mismatches)
            ),
        ));
    }
    if !full.bots.is_empty() {
        let mut names: Vec<String> = full
            .bots
            .iter()
            .take(BOTS)
            .map(|(name, number)| format!("{name} {}", thousands(*number)))
            .collect();
        let left = full.bots.len().saturating_sub(BOTS);
        names.extend((left > 0).then(|| format!("{} more", thousands(left as u64))));
        facts.push(Fact::new("Bots", names.join(", ")));
    }
    let mut first = Vec::new();
    if let Some(file) = &full.agent_file {
        first.push(format!(
            "agent configuration file {} ({}), {} before",
            date(file.seconds.div_euclid(86_400)),
            file.path,
            commits(full.before_agent_file)
        ));
    }
    if let Some(day) = first_mark {
        first.push(format!("mark {}, {} before", date(day), commits(full.before_first_mark)));
    }
    if !first.is_empty() {
        facts.push(Fact { label: "First".to_owned(), lines: first });
    }
    facts
}
