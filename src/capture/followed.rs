//! Which plan a commit followed, and who gave advice on the way.
//!
//! An approved plan of a session speaks for what is written under the approving prompt, and for the first turn of a
//! session that opened with its text. Later prompts of the approving session are a weaker sign, and count only where
//! they touch what the plan names or what its own turns touched.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::mem::Discriminant;

use crate::provenance::{
    ApprovedBy, CallId, CommitRecord, Contribution, Grade, LineCounts, ModelName, Operation,
    Origin, Phase, PromptId, ReadBy, SessionId,
};
use crate::store::{
    ContentId, EXPIRES_AFTER, EvidenceEntry, FileContents, KeptAction, KeptEvent, KeptTurn, Writer,
};

/// What the sessions told beside edits.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    /// The events, oldest first, each once.
    events: Vec<KeptEvent>,
    /// The files that were edited under each prompt.
    touched: HashMap<(SessionId, Option<PromptId>), BTreeSet<String>>,
    /// The threads of helpers that edited something.
    editing: HashSet<String>,
    /// The texts of plans.
    texts: HashMap<ContentId, String>,
    /// When a commit last took what stood here: milliseconds since 1970.
    last_commit: i64,
}

/// A plan that was approved.
#[derive(Debug, Clone)]
struct Approval<'e> {
    /// The session in which it is to be followed.
    session: &'e SessionId,
    /// The prompt under which it was approved; `None` for a session that opened with it.
    prompt: Option<&'e PromptId>,
    at: i64,
    /// The session that made it.
    made_in: &'e SessionId,
    agent: &'e str,
    planner: Option<&'e KeptTurn>,
    text: ContentId,
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
                    sessions.last_commit = sessions.last_commit.max(*at);
                }
                EvidenceEntry::Unknown => {}
            }
        }
        for event in sessions.events.iter_mut().filter(|event| event.turn.is_none()) {
            let turn = event.call.as_ref().and_then(|call| answers.get(call));
            event.turn = turn.map(|turn| (*turn).clone());
        }
        sessions.events.sort_by_key(|event| event.at);
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

    /// Reads the texts of the plans.
    pub(super) fn read_texts(&mut self, contents: &FileContents) {
        for event in &self.events {
            if let KeptAction::OpenedWithPlan { text: id, .. }
            | KeptAction::PlanApproved { text: id, .. } = event.what
                && let Some(text) = contents.read(id)
            {
                self.texts.insert(id, String::from_utf8_lossy(&text).into_owned());
            }
        }
    }

    /// Returns the approvals, oldest first.
    fn approvals(&self) -> Vec<Approval<'_>> {
        self.events.iter().filter_map(|event| self.approval(event)).collect()
    }

    fn approval<'e>(&'e self, event: &'e KeptEvent) -> Option<Approval<'e>> {
        match &event.what {
            KeptAction::PlanApproved { text, .. } => Some(Approval {
                session: &event.session,
                prompt: event.prompt.as_ref(),
                at: event.at,
                made_in: &event.session,
                agent: &event.agent,
                planner: event.turn.as_ref(),
                text: *text,
            }),
            KeptAction::OpenedWithPlan { text, from } => {
                let shown = self.shown(*text, from.as_ref(), event.at)?;
                Some(Approval {
                    session: &event.session,
                    prompt: None,
                    at: event.at,
                    made_in: &shown.session,
                    agent: &event.agent,
                    planner: shown.turn.as_ref(),
                    text: *text,
                })
            }
            _ => None,
        }
    }

    /// Finds where a plan was shown that another session opened with: in the session it names, else by its text.
    fn shown(&self, text: ContentId, from: Option<&SessionId>, at: i64) -> Option<&KeptEvent> {
        let earlier = || self.events.iter().rev().filter(move |event| event.at <= at);
        let is_shown = |event: &&KeptEvent| matches!(event.what, KeptAction::PlanShown { .. });
        let of_session =
            from.and_then(|from| earlier().filter(is_shown).find(|event| event.session == *from));
        of_session.or_else(|| {
            earlier().find(|event| {
                matches!(event.what, KeptAction::PlanShown { text: shown } if shown == text)
            })
        })
    }

    /// Adds to a record the planners whose plans its writers followed, and the advisers.
    ///
    /// `used` are the writers that have lines in it, each with their files; `now` is in milliseconds since 1970.
    pub(super) fn add_to(
        &self,
        record: &mut CommitRecord,
        used: &BTreeMap<u32, BTreeSet<String>>,
        writers: &[Writer],
        now: i64,
    ) {
        let approvals = self.approvals();
        for (number, files) in used {
            let Some(writer) = writers.get(*number as usize).filter(|one| !one.in_plan_mode) else {
                continue;
            };
            if matches!(record.operation, Operation::Commit | Operation::Amend)
                && let Some((approval, grade)) = self.followed(writer, files, &approvals, now)
            {
                add_part(record, planner_part(approval, grade));
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
    }

    /// Returns the reviews that ran since the last commit and edited nothing, each once.
    fn read_by(&self) -> Vec<ReadBy> {
        let mut all = Vec::<ReadBy>::new();
        for event in self.events.iter().filter(|event| event.at > self.last_commit) {
            let KeptAction::Read { name } = &event.what else { continue };
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
        now: i64,
    ) -> Option<(&'a Approval<'e>, Grade)> {
        let own = || approvals.iter().rev().filter(|one| *one.session == writer.session);
        if let Some(approval) = own().find(|one| one.prompt == writer.prompt.as_ref()) {
            return Some((approval, Grade::Observed));
        }
        let last = own().next().filter(|one| !self.is_over(one, now))?;
        let key = (last.session.clone(), last.prompt.cloned());
        let touched = self.touched.get(&key);
        let text = self.texts.get(&last.text).map_or("", String::as_str);
        let is_its = |file: &String| {
            let name = file.rsplit('/').next().unwrap_or(file);
            touched.is_some_and(|touched| touched.contains(file)) || names_file(text, name)
        };
        files.iter().any(is_its).then_some((last, Grade::Inferred))
    }

    /// Says whether a plan is given up: its session plans again, or nothing was done for it for two weeks.
    fn is_over(&self, approval: &Approval<'_>, now: i64) -> bool {
        let plans_again = self.events.iter().any(|event| {
            event.session == *approval.session
                && event.at > approval.at
                && matches!(event.what, KeptAction::PlanModeEntered | KeptAction::PlanShown { .. })
        });
        plans_again || now.saturating_sub(approval.at) >= EXPIRES_AFTER
    }
}

/// Says whether a text names a file: its whole name, not a part of a longer word.
fn names_file(text: &str, name: &str) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    text.match_indices(name).any(|(at, _)| {
        let (before, after) = (&text.as_bytes()[..at], &text.as_bytes()[at + name.len()..]);
        !before.last().is_some_and(is_word) && !after.first().is_some_and(is_word)
    })
}

fn planner_part(approval: &Approval<'_>, grade: Grade) -> Option<Contribution> {
    let planner = approval.planner?;
    let model = ModelName::parse(&planner.model).ok()?;
    let model = match &planner.effort {
        Some(effort) => model.with_effort(effort),
        None => model,
    };
    Some(Contribution {
        origin: Origin::Model {
            model,
            phase: Some(Phase::Architecture),
            agent: Some(approval.agent.to_owned()),
            grade,
        },
        requested: planner.requested.as_deref().and_then(|name| ModelName::parse(name).ok()),
        session: Some(approval.made_in.to_string()),
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
