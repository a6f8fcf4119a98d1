//! By what commits are grouped, and to which groups one commit belongs.

use chrono::{DateTime, Datelike};

use crate::history::groups::{GroupKey, Membership, Share};
use crate::history::{CommitFacts, LineSums};
use crate::provenance::Phase;

/// What the groups of a log are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupBy {
    /// Each model by its canonical id.
    Model,
    /// `Opus`, `GPT`: Claude's line, else the brand.
    Family,
    /// `anthropic`, `openai`.
    Vendor,
    /// `architecture`, `implementation`, `review` and other words.
    Phase,
    /// The program that drove the model.
    Tool,
    /// The author's name, through the mailmap.
    Author,
    /// The month of the committer's date, in UTC.
    Month,
    /// The first tag that contains the commit.
    Release,
    /// The folder at the top of the repository.
    Path,
}

impl GroupBy {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 9] = [
        Self::Model,
        Self::Family,
        Self::Vendor,
        Self::Phase,
        Self::Tool,
        Self::Author,
        Self::Month,
        Self::Release,
        Self::Path,
    ];

    /// Returns the word for it, as after `--by`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Family => "family",
            Self::Vendor => "vendor",
            Self::Phase => "phase",
            Self::Tool => "tool",
            Self::Author => "author",
            Self::Month => "month",
            Self::Release => "release",
            Self::Path => "path",
        }
    }

    /// Finds the one of a word.
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.name() == word)
    }

    /// Says whether a group holds commits as a whole, those without any model too.
    pub fn is_of_commits(self) -> bool {
        matches!(self, Self::Author | Self::Month | Self::Release | Self::Path)
    }

    /// Says whether groups have an order of their own, in time.
    pub fn is_of_time(self) -> bool {
        matches!(self, Self::Month | Self::Release)
    }

    /// Returns the groups of a commit, each once.
    pub(super) fn groups(self, facts: &CommitFacts<'_>) -> Vec<Membership> {
        match self {
            Self::Author => {
                let author = facts.author;
                vec![Membership::whole(GroupKey::author(author.name, author.mail), facts)]
            }
            Self::Month => vec![Membership::whole(month(facts.seconds), facts)],
            Self::Release => {
                let key = facts.release.map_or(GroupKey::NONE, |(name, place)| GroupKey::Timed {
                    order: place,
                    name: name.to_owned(),
                });
                vec![Membership::whole(key, facts)]
            }
            Self::Path => folders(facts),
            Self::Model | Self::Family | Self::Vendor | Self::Phase | Self::Tool => {
                self.groups_of_parts(facts)
            }
        }
    }

    fn groups_of_parts(self, facts: &CommitFacts<'_>) -> Vec<Membership> {
        let reading = facts.reading;
        if reading.parts.is_empty() {
            let special = match Share::of_class(reading) {
                Share::ToolOnly if self == Self::Tool => {
                    let keys = reading.tools.iter().map(|tool| GroupKey::named(tool));
                    return keys.map(|key| Membership::whole(key, facts)).collect();
                }
                Share::ToolOnly => GroupKey::TOOL_ONLY,
                Share::Human => GroupKey::HUMAN,
                _ => GroupKey::UNKNOWN,
            };
            return vec![Membership::whole(special, facts)];
        }
        let has_own_lines = reading.parts.iter().any(|part| part.lines.is_some());
        let mut groups: Vec<Membership> = Vec::new();
        for part in &reading.parts {
            let key = match self {
                Self::Model => GroupKey::Named {
                    key: part.model.id().to_owned(),
                    name: part.model.display().to_owned(),
                },
                Self::Family => part.model.family().map_or(GroupKey::NONE, GroupKey::named),
                Self::Vendor => part.model.vendor().map_or(GroupKey::NONE, GroupKey::named),
                Self::Phase => {
                    part.phase.as_ref().map_or(GroupKey::NONE, |p| GroupKey::named(p.as_str()))
                }
                _ => part.agent.as_deref().map_or(GroupKey::NONE, GroupKey::named),
            };
            let place = groups.iter().position(|group| group.key == key).unwrap_or_else(|| {
                let lines = if has_own_lines { LineSums::default() } else { facts.lines() };
                groups.push(Membership { key, shares: Vec::new(), lines });
                groups.len() - 1
            });
            let group = &mut groups[place];
            if let Some(lines) = part.lines {
                group.lines.add(lines.into());
            }
            group.add(Share::of_phase(part.phase.as_ref()));
        }
        if self == Self::Tool {
            // Tools that are named beside those that ran a model.
            for key in reading.tools.iter().map(|tool| GroupKey::named(tool)) {
                if groups.iter().all(|group| group.key != key) {
                    let lines = if has_own_lines { LineSums::default() } else { facts.lines() };
                    groups.push(Membership { key, shares: vec![Share::ToolOnly], lines });
                }
            }
        }
        groups
    }
}

fn month(seconds: i64) -> GroupKey {
    let Some(time) = DateTime::from_timestamp(seconds, 0) else { return GroupKey::NONE };
    let order = i64::from(time.year()) * 12 + i64::from(time.month0());
    GroupKey::Timed { order, name: format!("{:04}-{:02}", time.year(), time.month()) }
}

fn folders(facts: &CommitFacts<'_>) -> Vec<Membership> {
    let changes = facts.changes.unwrap_or_default();
    if changes.is_empty() {
        return vec![Membership::whole(GroupKey::NONE, facts)];
    }
    let groups = changes.iter().map(|change| {
        let name = String::from_utf8_lossy(&change.folder).into_owned();
        let key = if name.is_empty() { ".".to_owned() } else { name.clone() };
        let name =
            if name.is_empty() { "(files at the top)".to_owned() } else { format!("{name}/") };
        let mut group = Membership::whole(GroupKey::Named { key, name }, facts);
        group.lines = change.into();
        group
    });
    groups.collect()
}

impl Share {
    fn of_phase(phase: Option<&Phase>) -> Self {
        match phase {
            Some(Phase::Architecture) => Self::Planned,
            Some(Phase::Implementation) => Self::Wrote,
            Some(Phase::Review) => Self::Reviewed,
            Some(Phase::Advice | Phase::Other(_)) => Self::OtherPhase,
            None => Self::PhaseNotSaid,
        }
    }
}

impl Membership {
    /// A commit that belongs to a group as a whole.
    fn whole(key: GroupKey, facts: &CommitFacts<'_>) -> Self {
        let mut group = Self { key, shares: Vec::new(), lines: facts.lines() };
        for part in &facts.reading.parts {
            group.add(Share::of_phase(part.phase.as_ref()));
        }
        if facts.reading.parts.is_empty() {
            group.add(Share::of_class(facts.reading));
        }
        group
    }

    fn add(&mut self, share: Share) {
        if !self.shares.contains(&share) {
            self.shares.push(share);
        }
    }
}
