//! What `git model plan show` says: where a plan stands, its story, the commits that followed it, its text.

use chrono::{DateTime, Local, SecondsFormat, Utc};
use serde::Serialize;

use crate::format::{Block, Cell, Column, Fact, Report, Table, to_json};
use crate::history::PlanCommit;
use crate::provenance::{
    CommitId, Origin, Phase, Plan, PlanAction, PlanEvent, PlanState, Scope, Steps,
};
use crate::report::OriginJson;
use crate::report::plan_words::{
    ActorJson, PlannerJson, action_word, action_words, model_words, plan_origin, planner_json,
};

/// The version of the JSON document.
const SCHEMA: &str = "git-model/plan-show/1";

/// A plan, with what became of it.
#[derive(Debug, Clone)]
pub struct PlanReport {
    /// The plan.
    pub plan: Plan,
    /// The commits that followed it, oldest first.
    pub commits: Vec<PlanCommit>,
    /// The branch of this worktree where it is followed, if it is.
    pub followed_on: Option<String>,
    /// Whether nothing was done for it for two weeks.
    pub is_idle: bool,
}

#[derive(Serialize)]
struct ShowJson<'a> {
    schema: &'static str,
    plan: PlanJson<'a>,
    commits: Vec<CommitJson<'a>>,
    history: Vec<EventJson<'a>>,
}

#[derive(Serialize)]
struct PlanJson<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<&'a str>,
    state: &'static str,
    version: u32,
    hash: CommitId,
    planner: PlannerJson<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requested: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    implementer: Option<PlannerJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    approved_by: Option<crate::provenance::ApprovedBy>,
    steps: Vec<StepJson<'a>>,
    course_corrections: usize,
    created: String,
    changed: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    followed_on: Option<&'a str>,
    idle: bool,
    text: &'a str,
}

#[derive(Serialize)]
struct StepJson<'a> {
    number: u32,
    title: &'a str,
    approved: bool,
    handed_off: bool,
}

#[derive(Serialize)]
struct CommitJson<'a> {
    commit: CommitId,
    date: String,
    subject: &'a str,
    version: u32,
    hash: CommitId,
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<String>,
    grade: &'static str,
    origins: Vec<OriginJson<'a>>,
}

#[derive(Serialize)]
struct EventJson<'a> {
    at: String,
    what: &'static str,
    by: ActorJson<'a>,
    version: u32,
    hash: CommitId,
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    planner: Option<PlannerJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<PlannerJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<PlannerJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    commits: &'a [CommitId],
}

impl PlanReport {
    fn facts(&self) -> Vec<Fact> {
        let plan = &self.plan;
        let mut facts = Vec::new();
        if let Some(request) = &plan.request {
            facts.push(Fact::new("Request", request.clone()));
        }
        facts.push(Fact { label: "Planned by".to_owned(), lines: self.planned() });
        let approvals = plan.approvals().collect::<Vec<_>>();
        let lines = approvals.iter().rev().map(|(event, scope)| {
            format!("{} by {}, {}", scope_words(scope), event.by, local(event.at))
        });
        let mut lines = lines.collect::<Vec<_>>();
        if lines.is_empty() {
            lines.push(self.not_approved().to_owned());
        }
        facts.push(Fact { label: "Approved".to_owned(), lines });
        let handoffs = plan.handoffs().collect::<Vec<_>>();
        let lines = handoffs.iter().rev().map(|(event, to, scope)| {
            format!("{} to {}, {}", scope_words(scope), model_words(to), local(event.at))
        });
        let mut lines = lines.collect::<Vec<_>>();
        if let Some(branch) = &self.followed_on {
            lines.push(format!("followed here, on branch {branch}"));
        }
        if self.is_idle {
            lines.push(
                "idle: nothing was done for it for two weeks, so no commit follows it".to_owned(),
            );
        }
        if !lines.is_empty() {
            facts.push(Fact { label: "Handed off".to_owned(), lines });
        }
        facts.push(Fact::new("Commits", self.counts()));
        facts
    }

    fn planned(&self) -> Vec<String> {
        let Some(planner) = &self.plan.planner else {
            return vec![
                "nobody said (git model plan edit ID --model MODEL)"
                    .replace("ID", self.plan.id.as_str()),
            ];
        };
        let agent = planner.agent.as_ref().map(|agent| format!(", in {agent}"));
        let grade = planner.grade.as_str();
        let mut lines =
            vec![format!("{}; {grade}{}", model_words(&planner.model), agent.unwrap_or_default())];
        let asked = planner.requested.as_ref();
        lines.extend(asked.map(|model| format!("{} was asked, it answered", model.display())));
        lines
    }

    fn not_approved(&self) -> &'static str {
        let before = |event: &PlanEvent| matches!(event.action, PlanAction::Approved { .. });
        match self.plan.state {
            PlanState::Rejected => "no: rejected",
            _ if self.plan.events.iter().any(before) => {
                "not any more: the text changed, or was sent back"
            }
            _ => "not yet",
        }
    }

    fn counts(&self) -> String {
        let corrections = match self.plan.escalations() {
            0 => "no course correction".to_owned(),
            1 => "1 course correction".to_owned(),
            number => format!("{number} course corrections"),
        };
        match self.commits.len() {
            0 => format!("none; {corrections}"),
            number => format!("{number}; {corrections}"),
        }
    }

    fn steps(&self) -> Option<Table> {
        let plan = &self.plan;
        let (approved, handed_off) = (plan.approved(), plan.handed_off());
        let has = |scope: &Option<Scope>, number: u32| match scope {
            Some(Scope::Whole) => "yes",
            Some(Scope::Part(steps)) if steps.numbers().any(|one| one == number) => "yes",
            _ => "-",
        };
        let columns =
            vec![Column::left("Step"), Column::left("Approved"), Column::left("Handed off")];
        let rows = plan.steps().into_iter().map(|step| {
            let title = format!("{} {}", step.number, step.title);
            let yes = [has(&approved, step.number), has(&handed_off, step.number)];
            let cells = yes.map(|word| Cell::Text(word.to_owned()));
            std::iter::once(Cell::Text(title)).chain(cells).collect()
        });
        let rows = rows.collect::<Vec<_>>();
        (!rows.is_empty()).then_some(Table { columns, rows })
    }

    /// Tells what happened, and the commits, in order.
    fn story(&self) -> Vec<Fact> {
        let mut after = vec![Vec::new(); self.plan.events.len()];
        for commit in &self.commits {
            after[self.place_of(commit)].push(commit);
        }
        let mut story = Vec::new();
        let mut version = u32::from(self.plan.version == 1);
        for (event, commits) in self.plan.events.iter().zip(after) {
            let mut text = format!("{}; by {}", action_words(&event.action), event.by);
            if event.version != version {
                version = event.version;
                text.extend([" (version ", &version.to_string(), ")"]);
            }
            story.push(Fact::new(&local(event.at), text));
            story.extend(commits.into_iter().map(|commit| {
                let text =
                    format!("commit {}: {} {}", commit.id.short(), commit.subject, who(commit));
                Fact::new(&local(commit.seconds), text.trim_end().to_owned())
            }));
        }
        story
    }

    /// Finds after which event a commit stands: one after which just its steps of its version were handed off.
    ///
    /// Of several the last one that came before it. The clock of a commit may be another one than ours.
    fn place_of(&self, commit: &PlanCommit) -> usize {
        let mut plan = self.plan.clone();
        let fits = (0..self.plan.events.len()).filter(|place| {
            let event = &self.plan.events[*place];
            plan.events = self.plan.events[..=*place].to_vec();
            (plan.version, plan.hash) = (event.version, event.hash);
            let is_going_on =
                !matches!(event.action, PlanAction::Done | PlanAction::Abandoned { .. });
            let steps = match plan.handed_off() {
                Some(Scope::Part(steps)) => Some(steps),
                Some(Scope::Whole) => None,
                None => return false,
            };
            event.version == commit.followed.version
                && is_going_on
                && steps == commit.followed.steps
        });
        let fits = fits.collect::<Vec<_>>();
        let before = |place: &&usize| self.plan.events[**place].at < commit.seconds;
        let place = fits.iter().rfind(before).or(fits.first());
        let is_its = |event: &PlanEvent| {
            event.version == commit.followed.version
                && matches!(event.action, PlanAction::HandedOff { .. })
        };
        let handoff = || self.plan.events.iter().position(is_its);
        place.copied().or_else(handoff).unwrap_or(self.plan.events.len() - 1)
    }
}

/// Names the models that wrote a commit.
fn who(commit: &PlanCommit) -> String {
    let mut names = Vec::new();
    for one in &commit.record.contributions {
        if let Origin::Model { model, phase, .. } = &one.origin
            && *phase != Some(Phase::Architecture)
            && !names.contains(&model.display())
        {
            names.push(model.display());
        }
    }
    if names.is_empty() { String::new() } else { format!("({})", names.join(", ")) }
}

fn scope_words(scope: &Scope) -> String {
    match scope {
        Scope::Whole => "all".to_owned(),
        Scope::Part(steps) => steps.in_words(),
    }
}

fn time(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

fn local(seconds: i64) -> String {
    time(seconds).with_timezone(&Local).format("%Y-%m-%d %H:%M").to_string()
}

fn exact(seconds: i64) -> String {
    time(seconds).to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn steps_of(scope: &Scope) -> Option<String> {
    match scope {
        Scope::Whole => None,
        Scope::Part(steps) => Some(steps.to_string()),
    }
}

fn event_json(event: &PlanEvent) -> EventJson<'_> {
    let mut json = EventJson {
        at: exact(event.at),
        what: action_word(&event.action),
        by: ActorJson::of(&event.by),
        version: event.version,
        hash: event.hash,
        steps: None,
        planner: None,
        from: None,
        to: None,
        reason: None,
        commits: &[],
    };
    match &event.action {
        PlanAction::Created { planner } | PlanAction::Edited { planner } => {
            json.planner = Some(planner_json(planner.as_ref()));
        }
        PlanAction::Approved { scope } => json.steps = steps_of(scope),
        PlanAction::Rejected { reason } => json.reason = Some(reason),
        PlanAction::HandedOff { from, to, scope } => {
            json.from = Some(plan_origin(from.as_ref()));
            json.to = Some(plan_origin(Some(to)));
            json.steps = steps_of(scope);
        }
        PlanAction::Escalated { reason, to, commits } => {
            json.reason = Some(reason);
            json.to = Some(planner_json(to.as_ref()));
            json.commits = commits;
        }
        PlanAction::Abandoned { reason } => json.reason = reason.as_deref(),
        PlanAction::Done | PlanAction::Unknown => {}
    }
    json
}

fn commit_json(commit: &PlanCommit) -> CommitJson<'_> {
    CommitJson {
        commit: commit.id,
        date: exact(commit.seconds),
        subject: &commit.subject,
        version: commit.followed.version,
        hash: commit.followed.hash,
        steps: commit.followed.steps.as_ref().map(ToString::to_string),
        grade: commit.followed.grade.as_str(),
        origins: commit
            .record
            .contributions
            .iter()
            .map(|one| OriginJson::from(&one.origin))
            .collect(),
    }
}

impl Report for PlanReport {
    fn blocks(&self) -> Vec<Block> {
        let plan = &self.plan;
        let state = plan.state.as_str();
        let head =
            format!("Plan {} \"{}\", version {}: {state}", plan.id, plan.title, plan.version);
        let mut blocks = vec![Block::Sentence(head), Block::Facts(self.facts())];
        blocks.extend(self.steps().map(Block::Table));
        blocks.push(Block::Sentence("Story".to_owned()));
        blocks.push(Block::Facts(self.story()));
        blocks.push(Block::Sentence("Text".to_owned()));
        blocks.push(Block::Verbatim(plan.text.clone()));
        blocks
    }

    fn json(&self) -> String {
        let plan = &self.plan;
        let steps = plan.steps();
        let set = |scope: Option<Scope>| match scope {
            Some(scope) => scope.steps(steps.len()).unwrap_or_default(),
            None => Steps::default(),
        };
        let (approved, handed_off) = (set(plan.approved()), set(plan.handed_off()));
        let step = |step: &'_ crate::provenance::Step| {
            (approved.has(step.number), handed_off.has(step.number))
        };
        to_json(&ShowJson {
            schema: SCHEMA,
            plan: PlanJson {
                id: plan.id.as_str(),
                title: &plan.title,
                request: plan.request.as_deref(),
                state: plan.state.as_str(),
                version: plan.version,
                hash: plan.hash,
                planner: planner_json(plan.planner.as_ref()),
                requested: plan
                    .planner
                    .as_ref()
                    .and_then(|planner| planner.requested.as_ref())
                    .map(crate::provenance::ModelName::id),
                implementer: plan.implementer().map(|model| plan_origin(Some(model))),
                approved_by: plan.approved_by(),
                steps: steps
                    .iter()
                    .map(|one| StepJson {
                        number: one.number,
                        title: &one.title,
                        approved: step(one).0,
                        handed_off: step(one).1,
                    })
                    .collect(),
                course_corrections: plan.escalations(),
                created: exact(plan.created()),
                changed: exact(plan.changed()),
                followed_on: self.followed_on.as_deref(),
                idle: self.is_idle,
                text: &plan.text,
            },
            commits: self.commits.iter().map(commit_json).collect(),
            history: plan.events.iter().map(event_json).collect(),
        })
    }

    fn table(&self) -> Table {
        let columns = ["what", "at", "by", "version"].map(Column::left).to_vec();
        let row = |event: &PlanEvent| {
            vec![
                Cell::Text(action_words(&event.action)),
                Cell::Text(exact(event.at)),
                Cell::Text(event.by.to_string()),
                Cell::Number(u64::from(event.version)),
            ]
        };
        Table { columns, rows: self.plan.events.iter().map(row).collect() }
    }
}
