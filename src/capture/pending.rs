//! The evidence that no commit has used yet.

use std::collections::{HashMap, HashSet};

use crate::provenance::CallId;
use crate::store::{
    EXPIRES_AFTER, EvidenceEntry, KeptAction, KeptEdit, KeptEvent, KeptTurn, Writer,
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
