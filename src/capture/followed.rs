//! Which plan a commit followed, and who gave advice on the way.
//!
//! An approved plan of a session speaks for what is written under the approving prompt, and for the first turn of a
//! session that opened with its text. Later prompts of the approving session are a weaker sign, and count only where
//! they touch what the plan names or what its own turns touched.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::mem::Discriminant;

use crate::capture::Error;
use crate::capture::approvals::{Approval, model};
use crate::provenance::{
    ApprovedBy, CallId, CommitRecord, Contribution, Grade, LineCounts, ModelName, Operation,
    Origin, Phase, Plan, PlanId, PlanState, PromptId, ReadBy, SessionId, Usage,
};
use crate::store::{
    ContentId, EXPIRES_AFTER, EvidenceEntry, FileContents, KeptAction, KeptEvent, KeptTurn, Writer,
    unbilled,
};

/// What the sessions told beside edits.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    /// The events that are no edits, oldest first, each once.
    pub(super) events: Vec<KeptEvent>,
    /// The edits.
    pub(super) edits: Vec<SessionEdit>,
    /// When commits were made: milliseconds since 1970.
    pub(super) commits: Vec<i64>,
    /// The files that were edited under each prompt.
    touched: HashMap<(SessionId, Option<PromptId>), BTreeSet<String>>,
    /// The threads of helpers that edited something.
    editing: HashSet<String>,
    /// The texts of plans.
    pub(super) texts: HashMap<ContentId, String>,
    /// The names of those that review.
    reviews: HashSet<String>,
    /// What they cost and no commit took yet.
    unbilled: Vec<Usage>,
}

/// An edit, as far as plans are concerned.
#[derive(Debug)]
pub(super) struct SessionEdit {
    pub(super) session: SessionId,
    pub(super) prompt: Option<PromptId>,
    /// When: milliseconds since 1970.
    pub(super) at: i64,
    pub(super) in_plan_mode: bool,
    call: Option<CallId>,
    /// The answer that made it, where it is known.
    pub(super) turn: Option<KeptTurn>,
}

/// Reads a plan of the repository; `None` for one that is not here, or cannot be read.
pub(super) type ReadPlan<'p> = &'p dyn Fn(&PlanId) -> Option<Plan>;

/// A plan that some of a commit's lines followed.
#[derive(Debug)]
pub(super) struct Followed {
    pub(super) plan: PlanId,
    /// The text that was approved; `None` where only the plan's id is known.
    pub(super) text: Option<ContentId>,
    pub(super) grade: Grade,
}

impl Sessions {
    /// Gathers what the entries of a worktree and of its repository tell.
    pub(super) fn gather(entries: &[EvidenceEntry], shared: &[EvidenceEntry]) -> Self {
        let mut sessions = Self::default();
        let mut answers = HashMap::<&CallId, &KeptTurn>::new();
        let mut told = HashSet::new();
        for entry in entries.iter().chain(shared) {
            match entry {
                EvidenceEntry::Answered { call, turn } => drop(answers.insert(call, turn)),
                EvidenceEntry::Event(event) => sessions.add(event, &mut told),
                EvidenceEntry::Committed { at, .. } => {
                    sessions.commits.push(*at);
                }
                EvidenceEntry::Spent { .. }
                | EvidenceEntry::Billed { .. }
                | EvidenceEntry::Unknown => {}
            }
        }
        for edit in sessions.edits.iter_mut().filter(|edit| edit.turn.is_none()) {
            let turn = edit.call.as_ref().and_then(|call| answers.get(call));
            edit.turn = turn.map(|turn| (*turn).clone());
        }
        sessions.edits.sort_by_key(|edit| edit.at);
        for event in sessions.events.iter_mut().filter(|event| event.turn.is_none()) {
            let turn = event.call.as_ref().and_then(|call| answers.get(call));
            event.turn = turn.map(|turn| (*turn).clone());
        }
        sessions.events.sort_by_key(|event| event.at);
        sessions.unbilled = unbilled(if shared.is_empty() { entries } else { shared });
        sessions
    }

    fn add(
        &mut self,
        event: &KeptEvent,
        told: &mut HashSet<(SessionId, Option<CallId>, Discriminant<KeptAction>, i64)>,
    ) {
        if let KeptAction::Edited { files } = &event.what {
            let key = (event.session.clone(), event.prompt.clone());
            self.editing.extend(event.subagent.as_ref().map(|subagent| subagent.id.clone()));
            self.edits.push(SessionEdit {
                session: event.session.clone(),
                prompt: event.prompt.clone(),
                at: event.at,
                in_plan_mode: event.in_plan_mode,
                call: event.call.clone(),
                turn: event.turn.clone(),
            });
            let touched = self.touched.entry(key).or_default();
            touched.extend(files.iter().map(|file| file.path.clone()));
            return;
        }
        // A hook and the session file tell of the same call at two times, a fork of the same moment twice.
        let kind = std::mem::discriminant(&event.what);
        let at = if event.call.is_some() { 0 } else { event.at };
        if told.insert((event.session.clone(), event.call.clone(), kind, at)) {
            self.events.push(event.clone());
        } else {
            self.prefer(event);
        }
    }

    /// Takes from a second telling what it knows better: a change by hand, and that nobody approved in person.
    fn prefer(&mut self, event: &KeptEvent) {
        let KeptAction::PlanApproved { written: other, by: other_by, .. } = &event.what else {
            return;
        };
        for known in &mut self.events {
            let is_same = known.call == event.call && known.session == event.session;
            if let KeptAction::PlanApproved { written, by, .. } = &mut known.what
                && is_same
            {
                *written = written.or(*other);
                if *other_by == ApprovedBy::Automation {
                    *by = ApprovedBy::Automation;
                }
            }
        }
    }

    /// Asks for each command, skill or helper that ran whether it reviews.
    pub(super) fn ask_reviews(
        &mut self,
        reviews: impl Fn(&str) -> Result<bool, Error>,
    ) -> Result<(), Error> {
        for event in &self.events {
            if let KeptAction::Ran { name } = &event.what
                && !self.reviews.contains(name)
                && reviews(name)?
            {
                self.reviews.insert(name.clone());
            }
        }
        Ok(())
    }

    /// Reads the texts of the plans.
    pub(super) fn read_texts(&mut self, contents: &FileContents) {
        for event in &self.events {
            let ids = match &event.what {
                KeptAction::OpenedWithPlan { text, .. } | KeptAction::PlanShown { text } => {
                    [Some(*text), None]
                }
                KeptAction::PlanApproved { text, written, .. } => [Some(*text), *written],
                _ => continue,
            };
            for id in ids.into_iter().flatten() {
                if let Some(text) = contents.read(id) {
                    self.texts.insert(id, String::from_utf8_lossy(&text).into_owned());
                }
            }
        }
    }

    /// Adds to a record the planners whose plans its writers followed, and the advisers.
    ///
    /// `used` are the writers that have lines in it, each with their files; `plans` reads a plan of the repository;
    /// `now` is in milliseconds since 1970. Returns the plans that were followed.
    pub(super) fn add_to(
        &self,
        record: &mut CommitRecord,
        used: &BTreeMap<u32, BTreeSet<String>>,
        writers: &[Writer],
        (plans, now): (ReadPlan<'_>, i64),
    ) -> Vec<Followed> {
        let approvals = self.approvals();
        let mut all = Vec::<Followed>::new();
        for (number, files) in used {
            let Some(writer) = writers.get(*number as usize).filter(|one| !one.in_plan_mode) else {
                continue;
            };
            if matches!(record.operation, Operation::Commit | Operation::Amend)
                && let Some((approval, grade)) =
                    self.followed(writer, files, &approvals, (plans, now))
            {
                add_part(record, planner_part(approval, grade));
                let text = approval.made.as_ref().map(|made| made.text);
                match all.iter_mut().find(|one| one.plan == approval.plan && one.text == text) {
                    Some(known) => known.grade = known.grade.min(grade),
                    None => all.push(Followed { plan: approval.plan.clone(), text, grade }),
                }
            }
            for event in &self.events {
                if let KeptAction::Advised { model, .. } = &event.what
                    && event.session == writer.session
                    && event.prompt == writer.prompt
                    && let Ok(model) = ModelName::parse(model)
                {
                    add_part(record, Some(adviser_part(model, event)));
                }
            }
        }
        record.sort_contributions();
        if matches!(record.operation, Operation::Commit | Operation::Amend) {
            record.read_by = self.read_by();
        }
        all
    }

    /// Returns what the sessions of a record cost that no commit took yet.
    pub(super) fn bill(&self, record: &CommitRecord) -> Vec<Usage> {
        let has_part = |usage: &&Usage| {
            record.contributions.iter().any(|one| one.session.as_ref() == Some(&usage.session))
        };
        self.unbilled.iter().filter(has_part).cloned().collect()
    }

    /// Returns the reviews that ran since the last commit and edited nothing, each once.
    fn read_by(&self) -> Vec<ReadBy> {
        let mut all = Vec::<ReadBy>::new();
        let last_commit = self.commits.iter().max().copied().unwrap_or(0);
        for event in self.events.iter().filter(|event| event.at > last_commit) {
            let KeptAction::Ran { name } = &event.what else { continue };
            if !self.reviews.contains(name) {
                continue;
            }
            let edits = match &event.subagent {
                Some(helper) => self.editing.contains(&helper.id),
                None => self.touched.contains_key(&(event.session.clone(), event.prompt.clone())),
            };
            if edits {
                continue;
            }
            let model = event.turn.as_ref().and_then(|turn| ModelName::parse(&turn.model).ok());
            let session = Some(event.session.to_string());
            match all.iter_mut().find(|known| known.name == *name && known.session == session) {
                Some(known) => known.model = known.model.take().or(model),
                None => all.push(ReadBy {
                    name: name.clone(),
                    model,
                    agent: event.agent.clone(),
                    session,
                }),
            }
        }
        all
    }

    /// Finds the plan that a writer followed, and how sure that is.
    fn followed<'a, 'e>(
        &self,
        writer: &Writer,
        files: &BTreeSet<String>,
        approvals: &'a [Approval<'e>],
        (plans, now): (ReadPlan<'_>, i64),
    ) -> Option<(&'a Approval<'e>, Grade)> {
        let own = || approvals.iter().rev().filter(|one| *one.session == writer.session);
        if let Some(approval) = own().find(|one| one.prompt == writer.prompt.as_ref()) {
            let state = plans(&approval.plan).map(|plan| plan.state);
            let is_given_up = matches!(state, Some(PlanState::Abandoned | PlanState::Rejected));
            return (!is_given_up).then_some((approval, Grade::Observed));
        }
        let last = own().next().filter(|one| !self.is_over(one, now))?;
        let plan = plans(&last.plan);
        let is_open = plan
            .as_ref()
            .is_none_or(|plan| matches!(plan.state, PlanState::Approved | PlanState::Implementing));
        if !is_open {
            return None;
        }
        let key = (last.session.clone(), last.prompt.cloned());
        let touched = self.touched.get(&key);
        let own_text = last.made.as_ref().and_then(|made| self.texts.get(&made.text));
        let text = own_text.or(plan.as_ref().map(|plan| &plan.text)).map_or("", String::as_str);
        let is_its = |file: &String| {
            let name = file.rsplit('/').next().unwrap_or(file);
            touched.is_some_and(|touched| touched.contains(file)) || names_file(text, name)
        };
        files.iter().any(is_its).then_some((last, Grade::Inferred))
    }

    /// Says whether a plan is given up: its session plans again, or nothing was done for it for two weeks.
    pub(super) fn is_over(&self, approval: &Approval<'_>, now: i64) -> bool {
        let plans_again = self.events.iter().any(|event| {
            event.session == *approval.session
                && event.at > approval.at
                && matches!(event.what, KeptAction::PlanModeEntered | KeptAction::PlanShown { .. })
        });
        plans_again || now.saturating_sub(approval.at) >= EXPIRES_AFTER
    }
}

/// Says whether a text names a file: its whole name, not a part of a longer word.
pub(super) fn names_file(text: &str, name: &str) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    text.match_indices(name).any(|(at, _)| {
        let (before, after) = (&text.as_bytes()[..at], &text.as_bytes()[at + name.len()..]);
        !before.last().is_some_and(is_word) && !after.first().is_some_and(is_word)
    })
}

fn planner_part(approval: &Approval<'_>, grade: Grade) -> Option<Contribution> {
    let made = approval.made.as_ref()?;
    let planner = made.planner?;
    Some(Contribution {
        origin: Origin::Model {
            model: model(planner)?,
            phase: Some(Phase::Architecture),
            agent: Some(approval.agent.to_owned()),
            grade,
        },
        requested: planner.requested.as_deref().and_then(|name| ModelName::parse(name).ok()),
        session: Some(made.session.to_string()),
        lines: LineCounts::default(),
    })
}

fn adviser_part(model: ModelName, event: &KeptEvent) -> Contribution {
    Contribution {
        origin: Origin::Model {
            model,
            phase: Some(Phase::Advice),
            agent: Some(event.agent.clone()),
            grade: Grade::Observed,
        },
        requested: None,
        session: Some(event.session.to_string()),
        lines: LineCounts::default(),
    }
}

/// Adds a part without lines, unless the record has it, with a better grade or the same.
fn add_part(record: &mut CommitRecord, part: Option<Contribution>) {
    let Some(part) = part else { return };
    let Origin::Model { model, phase, grade, .. } = &part.origin else { return };
    for known in &mut record.contributions {
        if let Origin::Model { model: other, phase: other_phase, grade: other_grade, .. } =
            &mut known.origin
            && *other == *model
            && *other_phase == *phase
            && known.session == part.session
        {
            *other_grade = (*other_grade).min(*grade);
            return;
        }
    }
    record.contributions.push(part);
}
