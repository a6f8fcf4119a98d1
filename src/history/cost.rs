//! What the models cost, as far as records hold their tokens.

use std::collections::HashMap;

use crate::git::HistoryReader;
use crate::history::{Class, CommitReading};
use crate::provenance::{ModelName, Phase, Tokens, Usage, catalog};
use crate::store::{Evidence, unbilled};

/// The answers of one model in one phase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostRow {
    /// The id of the model.
    pub model: String,
    /// Its name.
    pub name: String,
    /// What it was doing.
    pub phase: Phase,
    /// The commits that took the cost.
    pub commits: u64,
    /// The answers.
    pub answers: u64,
    /// Their tokens.
    pub tokens: Tokens,
}

/// What commits cost; that of several threads is merged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cost {
    rows: HashMap<(String, Phase), CostRow>,
    /// The commits whose record names a model.
    pub recorded: u64,
    /// Of these: those whose record holds what it cost.
    pub known: u64,
    /// What no commit has taken yet.
    pub open: Vec<CostRow>,
}

/// A sum of money at list prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amount {
    /// Millionths of a dollar; input and output alone, since lists here hold no prices of caches.
    pub micros: u64,
    /// Whether a part has no price and is left out.
    pub is_partial: bool,
    /// When the latest price was read, as `2026-11`.
    pub date: Option<&'static str>,
}

impl CostRow {
    fn new(model: &ModelName, phase: Phase) -> Self {
        Self {
            model: model.id().to_owned(),
            name: model.display().to_owned(),
            phase,
            commits: 0,
            answers: 0,
            tokens: Tokens::default(),
        }
    }

    fn merge(&mut self, other: &Self) {
        self.commits += other.commits;
        self.answers += other.answers;
        self.tokens.add(other.tokens);
        // Threads meet spellings in any order; the result must not depend on it.
        if other.name < self.name {
            self.name.clone_from(&other.name);
        }
    }

    /// Returns its price.
    pub fn amount(&self) -> Amount {
        let price = catalog::find(&self.model).and_then(|row| row.price);
        Amount {
            micros: price
                .map_or(0, |price| price.cost_micros(self.tokens.input, self.tokens.output)),
            is_partial: price.is_none(),
            date: price.map(|price| price.date),
        }
    }
}

impl Amount {
    /// Returns the sum of several.
    pub fn sum(amounts: impl Iterator<Item = Self>) -> Self {
        amounts.fold(Self::default(), |sum, one| Self {
            micros: sum.micros.saturating_add(one.micros),
            is_partial: sum.is_partial || one.is_partial,
            date: sum.date.max(one.date),
        })
    }
}

impl Cost {
    /// Counts a commit.
    pub fn add(&mut self, reading: &CommitReading) {
        self.recorded += u64::from(matches!(reading.class, Class::Recorded(_)));
        self.known += u64::from(!reading.usage.is_empty());
        let mut counted = Vec::new();
        for usage in &reading.usage {
            let row = self.row(usage);
            let key = (usage.model.id(), &usage.phase);
            row.commits += u64::from(!counted.contains(&key));
            counted.push(key);
        }
    }

    fn row(&mut self, usage: &Usage) -> &mut CostRow {
        let key = (usage.model.id().to_owned(), usage.phase.clone());
        let row = self.rows.entry(key);
        let row = row.or_insert_with(|| CostRow::new(&usage.model, usage.phase.clone()));
        row.answers += u64::from(usage.answers);
        row.tokens.add(usage.tokens);
        row
    }

    /// Adds the counts of another thread or repository.
    pub fn merge(&mut self, other: &Self) {
        self.recorded += other.recorded;
        self.known += other.known;
        for (key, row) in &other.rows {
            match self.rows.get_mut(key) {
                Some(own) => own.merge(row),
                None => drop(self.rows.insert(key.clone(), row.clone())),
            }
        }
        for row in &other.open {
            let same = |own: &&mut CostRow| own.model == row.model && own.phase == row.phase;
            match self.open.iter_mut().find(same) {
                Some(own) => own.merge(row),
                None => self.open.push(row.clone()),
            }
        }
    }

    /// Adds what agents' answers cost in a repository that no commit has taken yet; nothing where none are followed.
    pub fn add_open(&mut self, reader: &HistoryReader) {
        let evidence = Evidence::of(reader.common_dir());
        let entries = evidence.read().map(|read| read.entries).unwrap_or_default();
        let mut open = Self::default();
        for usage in unbilled(&entries) {
            open.row(&usage);
        }
        self.merge(&Self { open: open.rows(), ..Self::default() });
    }

    /// Returns the rows, the dearest first, then by tokens written.
    pub fn rows(&self) -> Vec<CostRow> {
        let mut rows = self.rows.values().cloned().collect::<Vec<_>>();
        rows.sort_unstable_by(|one, other| {
            let rank = |row: &CostRow| (row.amount().micros, row.tokens.output);
            let names = (&one.model, &one.phase).cmp(&(&other.model, &other.phase));
            rank(other).cmp(&rank(one)).then(names)
        });
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provenance::Grade;

    fn reading(parts: &[(&str, Phase, u64)]) -> CommitReading {
        let usage = |(model, phase, output): &(&str, Phase, u64)| Usage {
            agent: "claude-code".to_owned(),
            session: format!("{output}"),
            model: ModelName::parse(model).unwrap(),
            phase: phase.clone(),
            answers: 2,
            tokens: Tokens { input: 1000, output: *output, ..Tokens::default() },
        };
        let mut reading = CommitReading::new(Class::Recorded(Grade::Observed), Vec::new());
        reading.usage = parts.iter().map(usage).collect();
        reading
    }

    #[test]
    fn sums_go_by_model_and_phase_and_a_commit_counts_once_in_each() {
        let opus = || ("claude-opus-5-5", Phase::Architecture, 10);
        let mut one = Cost::default();
        one.add(&reading(&[opus(), ("claude-opus-5-5", Phase::Architecture, 20)]));
        one.add(&reading(&[]));
        let mut other = Cost::default();
        other.add(&reading(&[opus(), ("nobody-knows-1", Phase::Implementation, 5)]));
        one.merge(&other);
        assert_eq!((one.recorded, one.known), (3, 2));
        let rows = one.rows();
        let told = |row: &CostRow| (row.commits, row.answers, row.tokens.output);
        assert_eq!(rows.iter().map(told).collect::<Vec<_>>(), [(2, 6, 40), (1, 2, 5)]);
        let price = catalog::find("claude-opus-5-5").unwrap().price.unwrap();
        assert_eq!(rows[0].amount().micros, price.cost_micros(3000, 40));
        let sum = Amount::sum(rows.iter().map(CostRow::amount));
        assert!(sum.is_partial && sum.date == Some(price.date));
        assert_eq!(sum.micros, rows[0].amount().micros);
    }
}
