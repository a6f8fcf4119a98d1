//! Shell commands of several threads of agents that ran at once: what either may have changed is nobody's.
//!
//! A command is known by what the files were before and after it, so that two at once both seem to have made every
//! change. Where they are one model's, nothing is in doubt.

use std::collections::BTreeSet;

use crate::capture::pending::PendingCall;
use crate::provenance::{SessionId, Subagent};
use crate::store::ShellWatch;

/// A command that was not seen ending counts as running for this long: agents end them after 10 minutes at most.
const LONGEST: i64 = 10 * 60 * 1000;

/// A command, as far as it matters here.
#[derive(Debug)]
struct Shell<'e> {
    session: &'e SessionId,
    subagent: Option<&'e Subagent>,
    model: Option<&'e str>,
    span: (i64, i64),
    /// What it changed; `None` while nobody knows.
    files: Option<BTreeSet<&'e str>>,
}

/// The commands that ran since files were last committed.
#[derive(Debug)]
pub(super) struct Shells<'e> {
    all: Vec<Shell<'e>>,
}

impl<'e> Shells<'e> {
    /// Gathers those that ended, and those that may still run at a time, in milliseconds since 1970.
    pub(super) fn gather(pending: &'e [PendingCall<'e>], open: &'e [ShellWatch], now: i64) -> Self {
        let ended = pending.iter().filter_map(|call| {
            let files = call.files.iter().map(|file| file.path.as_str());
            Some(Shell {
                session: &call.event.session,
                subagent: call.event.subagent.as_ref(),
                model: call.turn.map(|turn| turn.model.as_str()),
                span: (call.event.began?, call.event.at),
                files: Some(files.collect()),
            })
        });
        let open = open.iter().map(|watch| Shell {
            session: &watch.session,
            subagent: watch.subagent.as_ref(),
            model: None,
            span: (watch.began, now.min(watch.began.saturating_add(LONGEST))),
            files: None,
        });
        Self { all: ended.chain(open).collect() }
    }

    /// Says whether a change that an ended command seems to have made may be another one's.
    pub(super) fn doubt(&self, call: &PendingCall<'_>, path: &str) -> bool {
        let Some(began) = call.event.began else { return false };
        let model = call.turn.map(|turn| turn.model.as_str());
        let thread = (&call.event.session, call.event.subagent.as_ref());
        self.has_other(thread, model, (began, call.event.at), path)
    }

    /// Says the same of a command that still runs.
    pub(super) fn doubt_running(&self, watch: &ShellWatch, path: &str, now: i64) -> bool {
        let thread = (&watch.session, watch.subagent.as_ref());
        self.has_other(thread, None, (watch.began, now), path)
    }

    fn has_other(
        &self,
        (session, subagent): (&SessionId, Option<&Subagent>),
        model: Option<&str>,
        span: (i64, i64),
        path: &str,
    ) -> bool {
        self.all.iter().any(|other| {
            let is_own = other.session == session
                && (other.subagent == subagent || (model.is_some() && other.model == model));
            let is_at_once = other.span.0 < span.1 && span.0 < other.span.1;
            !is_own && is_at_once && other.files.as_ref().is_none_or(|files| files.contains(path))
        })
    }
}
