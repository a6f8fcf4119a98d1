//! The evidence that no commit has used yet.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::capture::Error;
use crate::capture::moment::Moment;
use crate::provenance::CallId;
use crate::store::{
    EXPIRES_AFTER, Evidence, EvidenceEntry, KeptAction, KeptEdit, KeptEvent, KeptTurn, Writer,
};

/// A call that changed files, as far as no commit took care of them.
#[derive(Debug, Clone)]
pub(super) struct PendingCall<'e> {
    /// The event.
    pub(super) event: &'e KeptEvent,
    /// The answer that made it; `None` if nobody told.
    pub(super) turn: Option<&'e KeptTurn>,
    /// The files.
    pub(super) files: Vec<&'e KeptEdit>,
}

/// Returns the calls whose files no commit took since, in the order in which they were told, each call once.
pub(super) fn pending_calls(entries: &[EvidenceEntry], now: i64) -> Vec<PendingCall<'_>> {
    let mut committed_at = HashMap::new();
    let mut answers = HashMap::new();
    for (index, entry) in entries.iter().enumerate() {
        match entry {
            EvidenceEntry::Committed { paths, .. } => {
                committed_at.extend(paths.iter().map(|path| (path.as_str(), index)));
            }
            EvidenceEntry::Answered { call, turn } => {
                answers.insert(call, turn);
            }
            EvidenceEntry::Event(event) => {
                if let (Some(call), Some(turn)) = (&event.call, &event.turn) {
                    answers.entry(call).or_insert(turn);
                }
            }
            EvidenceEntry::Unknown => {}
        }
    }
    let mut told = HashSet::<&CallId>::new();
    let mut pending = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let EvidenceEntry::Event(event) = entry else { continue };
        let KeptAction::Edited { files } = &event.what else { continue };
        // A hook and the session file tell of the same call.
        if event.call.as_ref().is_some_and(|call| !told.insert(call)) {
            continue;
        }
        if now.saturating_sub(event.at) >= EXPIRES_AFTER {
            continue;
        }
        let is_open =
            |file: &&KeptEdit| committed_at.get(file.path.as_str()).is_none_or(|at| *at < index);
        let files = files.iter().filter(is_open).collect::<Vec<_>>();
        if !files.is_empty() {
            let turn = event.call.as_ref().and_then(|call| answers.get(call)).copied();
            pending.push(PendingCall { event, turn: turn.or(event.turn.as_ref()), files });
        }
    }
    pending
}

/// What agents told and no commit used yet, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pending {
    /// Calls of tools that changed files.
    pub calls: usize,
    /// The files that they changed.
    pub files: usize,
    /// The calls of which no model is known yet.
    pub without_model: usize,
    /// When each agent was last heard of: its id, and milliseconds since 1970.
    pub heard: Vec<(String, i64)>,
    /// Lines of the evidence that are damaged.
    pub damaged: usize,
}

impl Moment<'_> {
    /// Sums up what agents told about this worktree and no commit used yet.
    pub fn pending(&self) -> Result<Pending, Error> {
        let read = Evidence::of(self.repo.git_dir()).read()?;
        let calls = pending_calls(&read.entries, self.milliseconds());
        let files = calls.iter().flat_map(|call| &call.files).map(|file| file.path.as_str());
        let mut heard = BTreeMap::new();
        for entry in &read.entries {
            if let EvidenceEntry::Event(event) = entry {
                let last = heard.entry(event.agent.clone()).or_insert(event.at);
                *last = event.at.max(*last);
            }
        }
        Ok(Pending {
            files: files.collect::<HashSet<_>>().len(),
            without_model: calls.iter().filter(|call| call.turn.is_none()).count(),
            calls: calls.len(),
            heard: heard.into_iter().collect(),
            damaged: read.damaged,
        })
    }
}

impl PendingCall<'_> {
    /// Returns who made the call; `None` if the model is not known.
    pub(super) fn writer(&self) -> Option<Writer> {
        let turn = self.turn?;
        Some(Writer {
            agent: self.event.agent.clone(),
            session: self.event.session.clone(),
            prompt: self.event.prompt.clone(),
            subagent: self.event.subagent.clone(),
            model: turn.model.clone(),
            effort: turn.effort.clone(),
            requested: turn.requested.clone(),
            in_plan_mode: self.event.in_plan_mode,
        })
    }
}
