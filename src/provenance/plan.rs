//! A plan: its text, and all that happened to it.

use std::fmt;
use std::str::FromStr;

use super::steps::{Scope, Step, Steps, steps};
use super::{ApprovedBy, CommitId, Grade, ModelName};

/// How many hexadecimal digits the id of a plan has.
const ID_LENGTH: usize = 8;

/// The longest title, in characters.
const LONGEST_TITLE: usize = 100;

/// The id of a plan, such as `7f3a9c1b`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlanId(String);

/// Why a text is not the id of a plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a plan")]
pub struct ParsePlanIdError;

/// Where a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PlanState {
    /// Nobody has approved this text.
    Draft,
    /// Approved, all or some steps, and not handed off.
    Approved,
    /// Handed off.
    Implementing,
    /// Carried out.
    Done,
    /// Turned down.
    Rejected,
    /// Given up.
    Abandoned,
}

/// Who did something to a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A person, by name.
    Person(String),
    /// An agent, or a program that drives it; never a person's name.
    Automation {
        /// The agent's id, or what else is known of it.
        agent: String,
    },
}

/// The model that made a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planner {
    /// The model that answered, with its effort where known.
    pub model: ModelName,
    /// The model that was asked for, where it is another one.
    pub requested: Option<ModelName>,
    /// The agent's id, where one drove it.
    pub agent: Option<String>,
    /// The agent's session.
    pub session: Option<String>,
    /// How this is known.
    pub grade: Grade,
}

/// One thing that happened to a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanEvent {
    /// When: seconds since 1970.
    pub at: i64,
    /// Who did it.
    pub by: Actor,
    /// The version of the plan after it.
    pub version: u32,
    /// The hash of the text after it: the id that Git gives to it as a file.
    pub hash: CommitId,
    /// What happened.
    pub action: PlanAction,
}

/// What happened to a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanAction {
    /// It was written down.
    Created {
        /// The model that planned.
        planner: Option<Planner>,
    },
    /// Its text, title or planner changed.
    Edited {
        /// The model that planned this text.
        planner: Option<Planner>,
    },
    /// It was approved.
    Approved {
        /// How much of it.
        scope: Scope,
    },
    /// It was turned down.
    Rejected {
        /// Why.
        reason: String,
    },
    /// It was handed to a model.
    HandedOff {
        /// The planning model.
        from: Option<ModelName>,
        /// The model that implements.
        to: ModelName,
        /// How much of it.
        scope: Scope,
    },
    /// It went back to the planning model, as a new version.
    Escalated {
        /// Why.
        reason: String,
        /// The planning model from here on.
        to: Option<Planner>,
        /// The commits that followed the version before.
        commits: Vec<CommitId>,
    },
    /// It is carried out.
    Done,
    /// It is given up.
    Abandoned {
        /// Why, if somebody said.
        reason: Option<String>,
    },
    /// Something that a newer version knows.
    Unknown,
}

/// A plan with its whole story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// One line.
    pub title: String,
    /// What was asked for, where somebody said.
    pub request: Option<String>,
    /// Where it stands.
    pub state: PlanState,
    /// The version, from 1; an escalation and a change of a text that was decided on begin the next one.
    pub version: u32,
    /// The text.
    pub text: String,
    /// The hash of the text: the id that Git gives to it as a file.
    pub hash: CommitId,
    /// The model that made this version.
    pub planner: Option<Planner>,
    /// What happened, oldest first; never empty.
    pub events: Vec<PlanEvent>,
}

/// A plan that a commit followed, as the commit's note holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowedPlan {
    /// Its id.
    pub id: PlanId,
    /// The version.
    pub version: u32,
    /// The hash of that version's text.
    pub hash: CommitId,
    /// Who had approved it; `None` where nobody had.
    pub approved_by: Option<ApprovedBy>,
    /// The steps that were handed off; `None` for all of it.
    pub steps: Option<Steps>,
    /// How this is known.
    pub grade: Grade,
}

impl PlanId {
    /// Makes an id of a number; `None` where it would look like a number or a word.
    pub fn from_number(number: u32) -> Option<Self> {
        let text = format!("{number:0ID_LENGTH$x}");
        let has_letter = text.bytes().any(|byte| byte.is_ascii_alphabetic());
        let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
        (has_letter && has_digit).then_some(Self(text))
    }

    /// Returns it as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PlanId {
    type Err = ParsePlanIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let is_id = text.len() == ID_LENGTH && text.bytes().all(is_hex);
        is_id.then(|| Self(text.to_owned())).ok_or(ParsePlanIdError)
    }
}

impl fmt::Display for PlanId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl PlanState {
    /// Returns the word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Approved => "approved",
            Self::Implementing => "implementing",
            Self::Done => "done",
            Self::Rejected => "rejected",
            Self::Abandoned => "abandoned",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [
            Self::Draft,
            Self::Approved,
            Self::Implementing,
            Self::Done,
            Self::Rejected,
            Self::Abandoned,
        ]
        .into_iter()
        .find(|state| state.as_str() == word)
    }

    /// Says whether nothing more is to come of it.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Rejected | Self::Abandoned)
    }
}

impl Actor {
    /// Returns whether a person or a program did it.
    pub fn kind(&self) -> ApprovedBy {
        match self {
            Self::Person(_) => ApprovedBy::Person,
            Self::Automation { .. } => ApprovedBy::Automation,
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(name) => formatter.write_str(name),
            Self::Automation { agent } => write!(formatter, "automation ({agent})"),
        }
    }
}

impl Plan {
    /// Returns the steps of its text.
    pub fn steps(&self) -> Vec<Step> {
        steps(&self.text)
    }

    /// Returns what happened to this version and this text, newest first.
    fn current(&self) -> impl Iterator<Item = &PlanEvent> {
        let is_current = |event: &&PlanEvent| event.version == self.version;
        self.events.iter().rev().take_while(is_current).filter(|event| event.hash == self.hash)
    }

    /// Returns who approved what of this text, newest first.
    pub fn approvals(&self) -> impl Iterator<Item = (&PlanEvent, &Scope)> {
        self.current().filter_map(|event| match &event.action {
            PlanAction::Approved { scope } => Some((event, scope)),
            _ => None,
        })
    }

    /// Returns what of this version was handed off, newest first: the event, the model, how much.
    pub fn handoffs(&self) -> impl Iterator<Item = (&PlanEvent, &ModelName, &Scope)> {
        self.current().filter_map(|event| match &event.action {
            PlanAction::HandedOff { to, scope, .. } => Some((event, to, scope)),
            _ => None,
        })
    }

    /// Returns how much of this text is approved; `None` for nothing.
    pub fn approved(&self) -> Option<Scope> {
        self.united(self.approvals().map(|(_, scope)| scope))
    }

    /// Returns how much of this version is handed off; `None` for nothing.
    pub fn handed_off(&self) -> Option<Scope> {
        self.united(self.handoffs().map(|(_, _, scope)| scope))
    }

    /// Returns the union; every step of a plan together is all of it.
    fn united<'s>(&self, scopes: impl Iterator<Item = &'s Scope>) -> Option<Scope> {
        let mut union = None::<Steps>;
        for scope in scopes {
            match scope {
                Scope::Whole => return Some(Scope::Whole),
                Scope::Part(steps) => union = Some(union.unwrap_or_default().with(steps)),
            }
        }
        let union = union?;
        let all = Steps::all(self.steps().len());
        Some(if all.without(&union).is_empty() { Scope::Whole } else { Scope::Part(union) })
    }

    /// Returns whether persons approved all that is approved; `None` where nothing is.
    pub fn approved_by(&self) -> Option<ApprovedBy> {
        let approved = self.approved()?;
        let is_person = |event: &PlanEvent| event.by.kind() == ApprovedBy::Person;
        let own = self.approvals().filter(|(event, _)| is_person(event)).map(|(_, scope)| scope);
        let own = self.united(own);
        let by = if own == Some(approved) { ApprovedBy::Person } else { ApprovedBy::Automation };
        Some(by)
    }

    /// Returns the model that implements it; `None` before the handoff.
    pub fn implementer(&self) -> Option<&ModelName> {
        self.handoffs().next().map(|(_, to, _)| to)
    }

    /// Adds what happened to it, to the version and text as they are now.
    pub fn add(&mut self, at: i64, by: Actor, action: PlanAction) {
        self.events.push(PlanEvent { at, by, version: self.version, hash: self.hash, action });
    }

    /// Returns when it was made: seconds since 1970.
    pub fn created(&self) -> i64 {
        self.events.first().map_or(0, |event| event.at)
    }

    /// Returns when something last happened to it: seconds since 1970.
    pub fn changed(&self) -> i64 {
        self.events.last().map_or(0, |event| event.at)
    }

    /// Returns how often it went back to the planning model.
    pub fn escalations(&self) -> usize {
        let is_one = |event: &&PlanEvent| matches!(event.action, PlanAction::Escalated { .. });
        self.events.iter().filter(is_one).count()
    }

    /// Returns what a commit has to say of it that followed the version with this text.
    ///
    /// A text that the plan does not know is that of the version as it is now.
    pub fn followed_as(&self, hash: CommitId, grade: Grade) -> FollowedPlan {
        let is_approval = |event: &&PlanEvent| {
            event.hash == hash && matches!(event.action, PlanAction::Approved { .. })
        };
        match self.events.iter().rev().find(is_approval) {
            Some(event) if hash != self.hash => FollowedPlan {
                id: self.id.clone(),
                version: event.version,
                hash,
                approved_by: Some(event.by.kind()),
                steps: None,
                grade,
            },
            _ => self.followed(grade),
        }
    }

    /// Returns what a commit that follows it now has to say of it.
    pub fn followed(&self, grade: Grade) -> FollowedPlan {
        FollowedPlan {
            id: self.id.clone(),
            version: self.version,
            hash: self.hash,
            approved_by: self.approved_by(),
            steps: match self.handed_off() {
                Some(Scope::Part(steps)) => Some(steps),
                Some(Scope::Whole) | None => None,
            },
            grade,
        }
    }
}

/// Returns the title of a text: its first heading, else its first line with a word, without its number.
pub fn title_of(text: &str) -> String {
    let heading =
        |line: &str| line.strip_prefix('#').map(|rest| clean_title(rest.trim_start_matches('#')));
    let mut headings = text.lines().filter_map(heading).filter(|title| !title.is_empty());
    let plain = |line: &str| {
        let (number, rest) = line.trim_start().split_once(['.', ')']).unwrap_or_default();
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        clean_title(if is_number { rest } else { line }.trim_matches(['#', '-', '*', ' ', '\t']))
    };
    let mut lines = text.lines().map(plain).filter(|title| !title.is_empty());
    headings.next().or_else(|| lines.next()).unwrap_or_else(|| "untitled".to_owned())
}

/// Makes one line of a title, cut where it is long.
pub fn clean_title(text: &str) -> String {
    let words =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let title = words.collect::<Vec<_>>().join(" ");
    if title.chars().count() <= LONGEST_TITLE {
        return title;
    }
    let cut = title.chars().take(LONGEST_TITLE - 1).collect::<String>();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_neither_a_number_nor_a_word() {
        assert_eq!(PlanId::from_number(0x7f3a_9c1b).unwrap().as_str(), "7f3a9c1b");
        assert_eq!(PlanId::from_number(0x0000_000a).unwrap().as_str(), "0000000a");
        assert_eq!(PlanId::from_number(0x1234_5678), None);
        assert_eq!(PlanId::from_number(0xdead_beef), None);
        assert!("7F3A9C1B".parse::<PlanId>().is_err() && "7f3a".parse::<PlanId>().is_err());
    }

    #[test]
    fn a_title_is_the_first_heading_else_the_first_line() {
        assert_eq!(title_of("\ntext\n# Redis  cache\n"), "Redis cache");
        assert_eq!(title_of("\n  We have\tdecided\nmore\n"), "We have decided");
        assert_eq!(title_of("# \n\n## Steps\n1. a\n"), "Steps");
        assert_eq!(title_of("#\n\n1. Keys\n"), "Keys");
        assert_eq!(title_of("#\n---\n"), "untitled");
        let long = title_of(&"word ".repeat(40));
        assert!(long.ends_with("word…") && long.chars().count() <= LONGEST_TITLE, "{long}");
    }
}
