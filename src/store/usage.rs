//! What answers cost, as it is kept; and what of it no commit has taken yet.

use serde::{Deserialize, Serialize};

use crate::provenance::{ModelName, Phase, Tokens, Usage};
use crate::store::evidence::{EXPIRES_AFTER, EvidenceEntry};

/// The answers of one model in one session and phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptUsage {
    /// The id of the agent.
    pub agent: String,
    /// Its session.
    pub session: String,
    /// The model, as met.
    pub model: String,
    /// Its effort, where the agent told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<String>,
    /// What it was doing.
    pub phase: Phase,
    /// The number of answers.
    #[serde(default)]
    pub answers: u32,
    /// Their tokens together.
    #[serde(default)]
    pub tokens: Tokens,
}

impl KeptUsage {
    /// Makes the kept form.
    pub fn of(usage: &Usage) -> Self {
        Self {
            agent: usage.agent.clone(),
            session: usage.session.clone(),
            model: usage.model.raw().to_owned(),
            effort: usage.model.effort().map(str::to_owned),
            phase: usage.phase.clone(),
            answers: usage.answers,
            tokens: usage.tokens,
        }
    }

    /// Returns the usage again; `None` if what was kept is no name of a model.
    pub fn usage(&self) -> Option<Usage> {
        let model = ModelName::parse(&self.model).ok()?;
        Some(Usage {
            agent: self.agent.clone(),
            session: self.session.clone(),
            model: match &self.effort {
                Some(effort) => model.with_effort(effort),
                None => model,
            },
            phase: self.phase.clone(),
            answers: self.answers,
            tokens: self.tokens,
        })
    }

    fn is_like(&self, other: &Self) -> bool {
        self.session == other.session
            && self.phase == other.phase
            && self.model == other.model
            && self.effort == other.effort
            && self.agent == other.agent
    }

    fn subtract(&mut self, other: &Self) {
        self.answers = self.answers.saturating_sub(other.answers);
        let (own, other) = (&mut self.tokens, other.tokens);
        own.input = own.input.saturating_sub(other.input);
        own.output = own.output.saturating_sub(other.output);
        own.cache_read = own.cache_read.saturating_sub(other.cache_read);
        own.cache_write = own.cache_write.saturating_sub(other.cache_write);
    }
}

/// What stands in evidence of one model in one session and phase.
struct Account {
    /// What was spent and not yet billed.
    left: KeptUsage,
    /// When the last of it was spent: milliseconds since 1970.
    at: i64,
}

fn accounts(entries: &[EvidenceEntry]) -> Vec<Account> {
    let mut accounts = Vec::<Account>::new();
    for entry in entries {
        let EvidenceEntry::Spent { at, usage } = entry else { continue };
        match accounts.iter_mut().find(|account| account.left.is_like(usage)) {
            Some(account) => {
                account.left.answers = account.left.answers.saturating_add(usage.answers);
                account.left.tokens.add(usage.tokens);
                account.at = account.at.max(*at);
            }
            None => accounts.push(Account { left: usage.clone(), at: *at }),
        }
    }
    for entry in entries {
        let EvidenceEntry::Billed { usage } = entry else { continue };
        for billed in usage {
            if let Some(account) = accounts.iter_mut().find(|account| account.left.is_like(billed))
            {
                account.left.subtract(billed);
            }
        }
    }
    accounts
}

/// Returns what was spent and what no commit has taken yet.
pub fn unbilled(entries: &[EvidenceEntry]) -> Vec<Usage> {
    let left = accounts(entries).into_iter().filter(|account| account.left.answers > 0);
    left.filter_map(|account| account.left.usage()).collect()
}

/// Returns what must go on standing in evidence: what is left of each account, unless it expired.
///
/// `now` is in milliseconds since 1970.
pub(super) fn balance(entries: &[EvidenceEntry], now: i64) -> Vec<EvidenceEntry> {
    let open = accounts(entries).into_iter().filter(|account| {
        account.left.answers > 0 && now.saturating_sub(account.at) < EXPIRES_AFTER
    });
    open.map(|account| EvidenceEntry::Spent { at: account.at, usage: account.left }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(session: &str, phase: Phase, answers: u32) -> KeptUsage {
        let tokens = Tokens { output: u64::from(answers) * 10, ..Tokens::default() };
        KeptUsage {
            agent: "claude-code".to_owned(),
            session: session.to_owned(),
            model: "claude-opus-5-5".to_owned(),
            effort: None,
            phase,
            answers,
            tokens,
        }
    }

    fn spent(at: i64, usage: KeptUsage) -> EvidenceEntry {
        EvidenceEntry::Spent { at, usage }
    }

    #[test]
    fn what_was_billed_is_not_billed_again_and_what_came_since_is_left() {
        let entries = [
            spent(1, usage("s", Phase::Implementation, 2)),
            spent(2, usage("s", Phase::Architecture, 1)),
            EvidenceEntry::Billed { usage: vec![usage("s", Phase::Implementation, 2)] },
            spent(3, usage("s", Phase::Implementation, 3)),
            spent(4, usage("other", Phase::Implementation, 5)),
        ];
        let left = unbilled(&entries);
        let rows = left.iter().map(|one| (one.session.as_str(), one.phase.as_str(), one.answers));
        assert_eq!(
            rows.collect::<Vec<_>>(),
            [("s", "implementation", 3), ("s", "architecture", 1), ("other", "implementation", 5)]
        );
        assert_eq!(left[0].tokens.output, 30);
    }

    #[test]
    fn a_balance_says_the_same_and_what_is_old_goes() {
        let entries = [
            spent(1, usage("s", Phase::Implementation, 2)),
            EvidenceEntry::Billed { usage: vec![usage("s", Phase::Implementation, 1)] },
            spent(EXPIRES_AFTER, usage("later", Phase::Implementation, 4)),
        ];
        assert_eq!(unbilled(&balance(&entries, 2)), unbilled(&entries));
        let later = balance(&entries, EXPIRES_AFTER + 1);
        assert_eq!(later, [spent(EXPIRES_AFTER, usage("later", Phase::Implementation, 4))]);
    }
}
