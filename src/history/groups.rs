//! Commits counted by group: by author, month, folder and so on. Holds the table only, never commits.

use std::collections::HashMap;

use crate::git::FolderChange;
use crate::history::{Class, CommitReading, GroupBy, LineSums};
use crate::provenance::LineCounts;

/// The groups of a part of a history; those of several threads are merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupTable {
    by: GroupBy,
    rows: HashMap<GroupKey, GroupCounts>,
}

/// What a group is called.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum GroupKey {
    /// A name, with the key that programs know it by.
    Named {
        /// What programs know it by.
        key: String,
        /// What people read.
        name: String,
    },
    /// A name with a place in time.
    Timed {
        /// Its place; a larger one is later.
        order: i64,
        /// What people and programs read.
        name: String,
    },
    /// An author before the mailmap is asked.
    Author {
        /// The name in the commit.
        name: String,
        /// The address in the commit.
        mail: String,
    },
    /// Commits that belong to no group of that kind, with the word for why.
    Rest(&'static str),
}

/// In which way a commit counts in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// A model planned it.
    Planned,
    /// A model wrote it.
    Wrote,
    /// A model reviewed it.
    Reviewed,
    /// A model had a part in another phase.
    OtherPhase,
    /// A model had a part, nobody said which.
    PhaseNotSaid,
    /// A tool is named and no model.
    ToolOnly,
    /// Declared to be without a model.
    Human,
    /// No evidence.
    Unknown,
}

impl Share {
    /// All of them, in the order of the columns.
    pub const ALL: [Self; 8] = [
        Self::Planned,
        Self::Wrote,
        Self::Reviewed,
        Self::OtherPhase,
        Self::PhaseNotSaid,
        Self::ToolOnly,
        Self::Human,
        Self::Unknown,
    ];

    /// Returns the title of its column on the screen.
    pub fn title(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Wrote => "wrote",
            Self::Reviewed => "reviewed",
            Self::OtherPhase => "other phase",
            Self::PhaseNotSaid => "phase not said",
            Self::ToolOnly => "tool only",
            Self::Human => "human",
            Self::Unknown => "unknown",
        }
    }

    /// Returns the name of its column for programs.
    pub fn field(self) -> &'static str {
        match self {
            Self::Planned => "architecture",
            Self::Wrote => "implementation",
            Self::Reviewed => "review",
            Self::OtherPhase => "other_phase",
            Self::PhaseNotSaid => "phase_not_said",
            Self::ToolOnly => "tool_only",
            Self::Human => "human",
            Self::Unknown => "unknown",
        }
    }

    /// Returns the share of a commit in which no model had a part.
    pub(super) fn of_class(reading: &CommitReading) -> Self {
        match reading.class {
            Class::Human => Self::Human,
            Class::Unknown => Self::Unknown,
            Class::Recorded(_) | Class::MarksOnly => Self::ToolOnly,
        }
    }
}

/// One commit as a member of a group.
pub(super) struct Membership {
    pub(super) key: GroupKey,
    pub(super) shares: Vec<Share>,
    pub(super) lines: LineSums,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct GroupCounts {
    commits: u64,
    shares: [u64; 8],
    lines: LineSums,
    days: Option<(i64, i64)>,
}

/// A group with its counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRow {
    /// What programs know it by; `None` for commits in no group of that kind.
    pub key: Option<String>,
    /// What people read.
    pub name: String,
    /// Commits in it.
    pub commits: u64,
    /// Of these by their share, in the order of `Share::ALL`; a commit counts in each that applies.
    pub shares: [u64; 8],
    /// Their lines, where lines are counted.
    pub lines: LineSums,
    /// The day of the first and of the last, counted from 1970-01-01 in UTC, as committed.
    pub days: (i64, i64),
    order: i64,
}

impl GroupKey {
    pub(super) const TOOL_ONLY: Self = Self::Rest("tool named, no model");
    pub(super) const HUMAN: Self = Self::Rest("human");
    pub(super) const UNKNOWN: Self = Self::Rest("unknown");
    pub(super) const NONE: Self = Self::Rest("");

    pub(super) fn named(name: &str) -> Self {
        Self::Named { key: name.to_owned(), name: name.to_owned() }
    }

    pub(super) fn author(name: &str, mail: &str) -> Self {
        Self::Author { name: name.to_owned(), mail: mail.to_owned() }
    }

    /// Says what people read for commits in no group.
    fn rest(by: GroupBy) -> &'static str {
        match by {
            GroupBy::Family => "other families",
            GroupBy::Vendor => "other vendors",
            GroupBy::Phase => "phase not said",
            GroupBy::Tool => "no tool named",
            GroupBy::Release => "in no tag",
            GroupBy::Path => "(merges, and commits that change no file)",
            GroupBy::Month => "no date",
            GroupBy::Model | GroupBy::Author => "none",
        }
    }
}

impl GroupTable {
    /// Makes an empty table.
    pub fn new(by: GroupBy) -> Self {
        Self { by, rows: HashMap::new() }
    }

    /// Returns what the groups are.
    pub fn by(&self) -> GroupBy {
        self.by
    }

    pub(super) fn add(&mut self, groups: Vec<Membership>, day: i64) {
        for group in groups {
            let counts = self.rows.entry(group.key).or_default();
            counts.commits += 1;
            counts.lines.add(group.lines);
            for share in group.shares {
                counts.shares[share as usize] += 1;
            }
            counts.extend_days((day, day));
        }
    }

    /// Adds the counts of another thread.
    pub fn merge(&mut self, other: Self) {
        for (key, counts) in other.rows {
            self.rows.entry(key).or_default().merge(&counts);
        }
    }

    /// Returns the authors before the mailmap, as name and address.
    pub fn authors(&self) -> Vec<(String, String)> {
        let authors = self.rows.keys().filter_map(|key| match key {
            GroupKey::Author { name, mail } => Some((name.clone(), mail.clone())),
            _ => None,
        });
        authors.collect()
    }

    /// Gives authors the names that the mailmap has for them; those who share one become one group.
    pub fn rename_authors(&mut self, names: &HashMap<(String, String), String>) {
        for (key, counts) in std::mem::take(&mut self.rows) {
            let key = match key {
                GroupKey::Author { name, mail } => {
                    let author = (name, mail);
                    let name = names.get(&author).unwrap_or(&author.0);
                    GroupKey::named(name)
                }
                other => other,
            };
            self.rows.entry(key).or_default().merge(&counts);
        }
    }

    /// Returns the rows: latest first where groups lie in time, else those with most of what AI did, then most commits.
    ///
    /// Commits in no group come last.
    pub fn rows(&self) -> Vec<GroupRow> {
        let mut rows: HashMap<Option<String>, GroupRow> = HashMap::new();
        for (key, counts) in &self.rows {
            let row = counts.row(key, self.by);
            let id = if let GroupKey::Rest(word) = key {
                Some(format!("\0{word}"))
            } else {
                row.key.clone()
            };
            // One id may have come under several display names.
            match rows.get_mut(&id) {
                Some(known) => known.merge(&row),
                None => {
                    rows.insert(id, row);
                }
            }
        }
        let mut rows: Vec<GroupRow> = rows.into_values().collect();
        let by = self.by;
        rows.sort_unstable_by(|a, b| {
            let rank = |row: &GroupRow| {
                let by_ai = if by.is_of_time() { row.order } else { row.commits_with_ai(by) };
                (row.key.is_some(), by_ai, row.commits)
            };
            rank(b).cmp(&rank(a)).then_with(|| a.name.cmp(&b.name))
        });
        rows
    }
}

impl GroupCounts {
    fn merge(&mut self, other: &Self) {
        self.commits += other.commits;
        for (own, count) in self.shares.iter_mut().zip(other.shares) {
            *own += count;
        }
        self.lines.add(other.lines);
        if let Some(days) = other.days {
            self.extend_days(days);
        }
    }

    fn extend_days(&mut self, (first, last): (i64, i64)) {
        let (own_first, own_last) = self.days.unwrap_or((first, last));
        self.days = Some((own_first.min(first), own_last.max(last)));
    }

    fn row(&self, key: &GroupKey, by: GroupBy) -> GroupRow {
        let (key, name, order) = match key {
            GroupKey::Named { key, name } => (Some(key.clone()), name.clone(), 0),
            GroupKey::Timed { order, name } => (Some(name.clone()), name.clone(), *order),
            GroupKey::Author { name, .. } => (Some(name.clone()), name.clone(), 0),
            GroupKey::Rest("") => (None, GroupKey::rest(by).to_owned(), i64::MAX),
            GroupKey::Rest(word) => (None, (*word).to_owned(), i64::MIN),
        };
        GroupRow {
            key,
            name,
            commits: self.commits,
            shares: self.shares,
            lines: self.lines,
            days: self.days.unwrap_or_default(),
            order,
        }
    }
}

impl GroupRow {
    /// Returns how many commits count under a share.
    pub fn share(&self, share: Share) -> u64 {
        self.shares[share as usize]
    }

    fn commits_with_ai(&self, by: GroupBy) -> i64 {
        let commits = if by.is_of_commits() {
            self.commits - self.share(Share::Human) - self.share(Share::Unknown)
        } else {
            self.commits
        };
        i64::try_from(commits).unwrap_or(i64::MAX)
    }

    /// Adds the counts of a row of the same group.
    pub fn merge(&mut self, other: &Self) {
        self.commits += other.commits;
        for (own, count) in self.shares.iter_mut().zip(other.shares) {
            *own += count;
        }
        self.lines.add(other.lines);
        self.days = (self.days.0.min(other.days.0), self.days.1.max(other.days.1));
        if other.name < self.name {
            self.name.clone_from(&other.name);
        }
    }
}

impl From<LineCounts> for LineSums {
    fn from(lines: LineCounts) -> Self {
        Self { added: u64::from(lines.added), deleted: u64::from(lines.deleted) }
    }
}

impl From<&FolderChange> for LineSums {
    fn from(change: &FolderChange) -> Self {
        Self { added: change.added, deleted: change.deleted }
    }
}
