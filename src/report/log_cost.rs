//! What `git model log --cost` adds: tokens and list prices by model and phase.

use serde::Serialize;

use crate::format::{Block, Cell, Column, Fact, Table, thousands};
use crate::history::{Amount, Cost, CostRow};
use crate::provenance::{Phase, Tokens};

/// Returns it for people.
pub(super) fn blocks(cost: &Cost) -> Vec<Block> {
    let rows = cost.rows();
    let mut blocks = Vec::new();
    if !rows.is_empty() {
        blocks.push(Block::Table(screen(&rows)));
        blocks.push(Block::Footnote(
            "list prices of input and output; what caches save or cost is not counted".to_owned(),
        ));
    }
    blocks.push(Block::Facts(facts(cost, &rows)));
    blocks
}

/// Returns it as facts alone.
pub(super) fn facts(cost: &Cost, rows: &[CostRow]) -> Vec<Fact> {
    let share = format!(
        "tokens known of {} of {} commits with a record",
        thousands(cost.known),
        thousands(cost.recorded)
    );
    let all = Amount::sum(rows.iter().map(CostRow::amount));
    let mut lines = Vec::new();
    if cost.known > 0 {
        lines.push(format!("{}; {share}", dated(all)));
    } else {
        lines.push(share);
    }
    if !cost.open.is_empty() {
        let answers = cost.open.iter().map(|row| row.answers).sum::<u64>();
        let noun = if answers == 1 { "answer" } else { "answers" };
        let amount = Amount::sum(cost.open.iter().map(CostRow::amount));
        lines.push(format!("not committed: {}, {} {noun}", money(amount), thousands(answers)));
    }
    vec![Fact { label: "Cost".to_owned(), lines }]
}

fn dated(amount: Amount) -> String {
    match amount.date {
        Some(date) => format!("{} at list prices of {date}", money(amount)),
        None => "no list price is known".to_owned(),
    }
}

/// Writes millionths of a dollar in dollars and cents.
pub fn dollars(micros: u64) -> String {
    money(Amount { micros, ..Amount::default() })
}

/// Writes a sum in dollars and cents; one that leaves something out says so.
fn money(amount: Amount) -> String {
    let cents = (amount.micros + 5_000) / 10_000;
    let sum = format!("${}.{:02}", thousands(cents / 100), cents % 100);
    match (amount.is_partial, amount.micros) {
        (_, 1..5_000) => "under $0.01".to_owned(),
        (false, _) => sum,
        (true, 0) => "price unknown".to_owned(),
        (true, _) => format!("at least {sum}"),
    }
}

fn screen(rows: &[CostRow]) -> Table {
    let columns = vec![
        Column::left("Model"),
        Column::left("phase"),
        Column::right("commits"),
        Column::right("answers"),
        Column::right("in"),
        Column::right("out"),
        Column::right("cached"),
        Column::right("list price"),
    ];
    let row = |row: &CostRow| {
        let Tokens { input, output, cache_read, cache_write } = row.tokens;
        let mut cells =
            vec![Cell::Text(row.name.clone()), Cell::Text(row.phase.as_str().to_owned())];
        cells.extend([row.commits, row.answers, input, output].map(Cell::Number));
        cells.push(Cell::Number(cache_read.saturating_add(cache_write)));
        cells.push(Cell::Text(money(row.amount())));
        cells
    };
    Table { columns, rows: rows.iter().map(row).collect() }
}

/// Returns it as rows for a spreadsheet.
pub(super) fn csv(cost: &Cost) -> Table {
    let [model, name, phase] = ["model", "name", "phase"].map(Column::left);
    let numbers = ["commits", "answers", "input", "output", "cache_read", "cache_write", "usd"];
    let columns = [model, name, phase].into_iter().chain(numbers.map(Column::right)).collect();
    let row = |row: &CostRow| {
        let Tokens { input, output, cache_read, cache_write } = row.tokens;
        let words = [row.model.as_str(), &row.name, row.phase.as_str()];
        let numbers = [row.commits, row.answers, input, output, cache_read, cache_write];
        let price = Cell::Text(usd(row.amount()).unwrap_or_default());
        let words = words.map(|text| Cell::Text(text.to_owned())).into_iter();
        words.chain(numbers.map(Cell::Number)).chain([price]).collect()
    };
    Table { columns, rows: cost.rows().iter().map(row).collect() }
}

/// What it cost on the wire.
#[derive(Debug, Serialize)]
pub(super) struct CostJson {
    prices: Option<&'static str>,
    recorded: u64,
    known: u64,
    rows: Vec<CostRowJson>,
    not_committed: Vec<CostRowJson>,
}

#[derive(Debug, Serialize)]
struct CostRowJson {
    model: String,
    name: String,
    phase: Phase,
    commits: u64,
    answers: u64,
    tokens: Tokens,
    usd: Option<String>,
}

/// Returns it for programs.
pub(super) fn json(cost: &Cost) -> CostJson {
    let rows = cost.rows();
    CostJson {
        prices: Amount::sum(rows.iter().map(CostRow::amount)).date,
        recorded: cost.recorded,
        known: cost.known,
        rows: rows.iter().map(row_json).collect(),
        not_committed: cost.open.iter().map(row_json).collect(),
    }
}

fn row_json(row: &CostRow) -> CostRowJson {
    CostRowJson {
        model: row.model.clone(),
        name: row.name.clone(),
        phase: row.phase.clone(),
        commits: row.commits,
        answers: row.answers,
        tokens: row.tokens,
        usd: usd(row.amount()),
    }
}

/// Writes a sum in dollars with all six decimals; `None` where there is no price.
fn usd(amount: Amount) -> Option<String> {
    let (whole, rest) = (amount.micros / 1_000_000, amount.micros % 1_000_000);
    (!amount.is_partial).then(|| format!("{whole}.{rest:06}"))
}
