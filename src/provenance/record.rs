//! What is known of one commit.

use super::{CommitId, FollowedPlan, ModelName, Origin, PlanId, Review, Usage};

/// The record of one commit, as its note holds it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CommitRecord {
    /// Who had a part, models first, in the order of the trailers; never `Origin::Unknown`.
    pub contributions: Vec<Contribution>,
    /// Which lines belong to which contribution. Lines that stand nowhere are unknown.
    pub files: Vec<FileAttribution>,
    /// The changed lines that no evidence covers.
    pub unknown: LineCounts,
    /// The trailers that we wrote into the message, as whole lines (`Model: Opus 5.5 (review)`).
    pub trailers: Vec<String>,
    /// Models that an agent's own trailer named and that the evidence does not show.
    pub mismatches: Vec<ModelName>,
    /// Reviews that read the change, which is no verdict.
    pub read_by: Vec<ReadBy>,
    /// The verdicts on exactly this change, in the order in which they were given.
    pub reviews: Vec<Review>,
    /// A review was due, and somebody left it out (`GIT_MODEL_SKIP=review`).
    pub skips_review: bool,
    /// What its sessions cost since the commit before that used their work.
    pub usage: Vec<Usage>,
    /// The plans that it followed.
    pub plans: Vec<FollowedPlan>,
    /// Plans that were being implemented then, and nothing tells which of them it followed.
    pub unclear_plans: Vec<PlanId>,
    /// How the record came to be.
    pub recorder: Recorder,
    /// The Git operation that made the commit.
    pub operation: Operation,
    /// The commits from which the lines came: amended, picked, squashed or reverted ones.
    pub sources: Vec<CommitId>,
}

/// The part that one model or person had in a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    /// Who, in which phase, and how we know.
    pub origin: Origin,
    /// The model that was asked for, where another one answered.
    pub requested: Option<ModelName>,
    /// The agent's name for the session, where known.
    pub session: Option<String>,
    /// The changed lines that are theirs; all zero for a part that wrote nothing (a plan, a review).
    pub lines: LineCounts,
}

/// A review command, skill or helper of an agent that read a change and edited nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadBy {
    /// Its name (`security-review`).
    pub name: String,
    /// The model that read; `None` if nobody told.
    pub model: Option<ModelName>,
    /// The id of the agent.
    pub agent: String,
    /// Its session.
    pub session: Option<String>,
}

/// Numbers of changed lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct LineCounts {
    /// Lines that the commit adds, changed lines included.
    pub added: u32,
    /// Lines that the commit deletes, changed lines included.
    pub deleted: u32,
    /// Those of the added ones that have neither letter nor digit.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub trivial: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// The attributed lines of one file, by their numbers in the new version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileAttribution {
    /// The path from the top of the repository, with `/`; bytes that are not UTF-8 are replaced.
    pub path: String,
    /// Ranges in rising order that do not overlap.
    pub ranges: Vec<AttributedRange>,
}

/// A run of lines that one contribution made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttributedRange {
    /// The first line, from 1.
    pub start: u32,
    /// The last line, included.
    pub end: u32,
    /// The place in `CommitRecord::contributions`.
    pub contribution: usize,
}

/// How a record came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Recorder {
    /// A Git hook, at the commit.
    #[default]
    Hook,
    /// `git model record`, by hand.
    Record,
    /// `git model repair`: rebuilt from the commits that the lines came from.
    Repair,
    /// A backfill, an import, or one that a newer version knows.
    #[serde(other)]
    Other,
}

/// The Git operation that made a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// A plain commit.
    #[default]
    Commit,
    /// `commit --amend`.
    Amend,
    /// `merge`, also one whose conflicts were resolved by hand.
    Merge,
    /// The commit after `merge --squash`.
    Squash,
    /// `cherry-pick`.
    CherryPick,
    /// `revert`.
    Revert,
    /// A step of `rebase`.
    Rebase,
    /// `git am`.
    Apply,
    /// One that a newer version knows.
    #[serde(other)]
    Other,
}

impl LineCounts {
    /// Adds the counts of another.
    pub fn add(&mut self, other: Self) {
        self.added = self.added.saturating_add(other.added);
        self.deleted = self.deleted.saturating_add(other.deleted);
        self.trivial = self.trivial.saturating_add(other.trivial);
    }

    /// Returns added and deleted lines together.
    pub fn changed(self) -> u32 {
        self.added.saturating_add(self.deleted)
    }
}

impl CommitRecord {
    /// Puts the contributions into the order of trailers: phase, then most lines, then id; people last.
    pub fn sort_contributions(&mut self) {
        let mut order = (0..self.contributions.len()).collect::<Vec<_>>();
        order.sort_by(|left, right| {
            let (left, right) = (&self.contributions[*left], &self.contributions[*right]);
            left.rank().cmp(&right.rank())
        });
        let mut place_of = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            place_of[*old] = new;
        }
        for range in self.files.iter_mut().flat_map(|file| &mut file.ranges) {
            range.contribution = place_of[range.contribution];
        }
        self.contributions = order.iter().map(|old| self.contributions[*old].clone()).collect();
    }
}

impl CommitRecord {
    /// Finds whose a line is that the commit added, by its number from 1.
    pub fn part_of_line(&self, path: &str, line: u32) -> Option<&Contribution> {
        let file = self.files.iter().find(|file| file.path == path)?;
        let range = file.ranges.iter().find(|range| (range.start..=range.end).contains(&line))?;
        self.contributions.get(range.contribution)
    }

    /// Removes the contributions without lines that are not wanted; those with lines stay.
    pub fn retain_without_lines(&mut self, is_wanted: impl Fn(&Contribution) -> bool) {
        let stays = |one: &Contribution| one.lines.changed() > 0 || is_wanted(one);
        let mut new_place = Vec::with_capacity(self.contributions.len());
        let mut next = 0;
        for one in &self.contributions {
            new_place.push(next);
            next += usize::from(stays(one));
        }
        for range in self.files.iter_mut().flat_map(|file| &mut file.ranges) {
            range.contribution = new_place[range.contribution];
        }
        self.contributions.retain(stays);
    }
}

impl Contribution {
    fn rank(&self) -> impl Ord + '_ {
        let most_first = std::cmp::Reverse(self.lines.changed());
        match &self.origin {
            // A phase that nobody named comes after those that were.
            Origin::Model { model, phase, .. } => {
                (0, phase.is_none(), phase.as_ref(), most_first, model.id())
            }
            Origin::Human => (1, true, None, most_first, ""),
            Origin::Unknown => (2, true, None, most_first, ""),
        }
    }
}
