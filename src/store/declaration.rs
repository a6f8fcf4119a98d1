//! Who works, as somebody declared it: a model in a phase, or a person.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::provenance::Phase;
use crate::store::Entry;

/// Somebody who was declared to work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Declared {
    /// A model, as the person wrote its name.
    Model {
        /// The name, any spelling.
        name: String,
        /// The phase; never `review`.
        phase: Phase,
    },
    /// A person, by hand.
    Human,
}

/// One `git model use`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declaration {
    /// The branch it is about, as `main`; `None` for a detached `HEAD`.
    pub branch: Option<String>,
    /// Who works from now on; `None` after `--clear`.
    pub who: Option<Declared>,
    /// When it was said: seconds since 1970.
    pub at: i64,
    /// When it ends by itself: seconds since 1970; `None`: never.
    pub expires: Option<i64>,
}

/// What the declarations of a worktree mean on one branch at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was declared here.
    Nothing,
    /// This one holds.
    Holds(Declaration),
    /// This one held, and its time is over.
    Expired(Declaration),
    /// Nothing was declared on this branch; this one sleeps on another.
    Sleeps(Declaration),
}

impl Declaration {
    fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.expires.is_some_and(|end| end <= now.timestamp())
    }
}

impl Standing {
    /// Finds what holds on a branch now; entries are oldest first.
    pub fn on(entries: &[Entry], branch: Option<&str>, now: DateTime<Utc>) -> Self {
        let mut last_of_branch = HashMap::new();
        for entry in entries {
            if let Entry::Use(declaration) = entry {
                last_of_branch.insert(declaration.branch.as_deref(), declaration);
            }
        }
        let own = last_of_branch.remove(&branch);
        let sleeping = last_of_branch
            .into_values()
            .filter(|other| other.who.is_some() && !other.is_over(now))
            .max_by_key(|other| (other.at, other.branch.as_deref()));
        match own {
            Some(own) if own.who.is_some() && !own.is_over(now) => Self::Holds(own.clone()),
            Some(own) if own.who.is_some() => Self::Expired(own.clone()),
            _ => sleeping.map_or(Self::Nothing, |other| Self::Sleeps(other.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(branch: &str, who: Option<Declared>, expires: Option<i64>) -> Entry {
        Entry::Use(Declaration { branch: Some(branch.to_owned()), who, at: 0, expires })
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn the_last_word_on_a_branch_counts_until_it_ends() {
        let entries = [said("main", Some(Declared::Human), Some(100))];
        assert!(matches!(Standing::on(&entries, Some("main"), at(99)), Standing::Holds(_)));
        assert!(matches!(Standing::on(&entries, Some("main"), at(100)), Standing::Expired(_)));
        assert!(matches!(Standing::on(&entries, Some("topic"), at(99)), Standing::Sleeps(_)));
        assert!(matches!(Standing::on(&entries, Some("topic"), at(100)), Standing::Nothing));
    }

    #[test]
    fn clearing_one_branch_leaves_another_asleep() {
        let entries = [said("topic", Some(Declared::Human), None), said("main", None, None)];
        assert!(matches!(Standing::on(&entries, Some("main"), at(1)), Standing::Sleeps(_)));
        let entries = [said("topic", Some(Declared::Human), None), said("topic", None, None)];
        assert_eq!(Standing::on(&entries, Some("main"), at(1)), Standing::Nothing);
    }
}
