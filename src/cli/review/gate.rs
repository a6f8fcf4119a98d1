//! The gate: before a commit the change is reviewed, and refused where something stands against it.
//!
//! The answer to a change that was reviewed before is taken from where it is kept, without asking anybody.

use crate::cli::ask::Asked;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::review::change::{Kind, Target};
use crate::cli::review::round::{Round, reviewer};
use crate::format;
use crate::git::Repo;
use crate::provenance::Verdict;
use crate::review::{Demand, Outcome};
use crate::settings::{self, OnError, ReviewGate, Settings};

/// For so long, in seconds, `commit-msg` does not ask again what `pre-commit` just asked in vain.
const ASKED_JUST_NOW: i64 = 15 * 60;

/// How to go on without.
const WAY_OUT: &str = "to go on without a review, this once: GIT_MODEL_SKIP=review before the command; the record says so";

/// Whether what Git is about to do may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Admission {
    /// It may.
    Granted,
    /// It may not.
    Refused,
}

/// At which hook the gate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Moment {
    /// The change is ready, as far as is known.
    PreCommit,
    /// Other hooks may have changed it since.
    CommitMsg,
    /// It is to be pushed.
    PrePush,
}

/// Reviews what is about to be committed, where the settings want it and no state of Git speaks against it.
pub(in crate::cli) fn before_commit(repo: &Repo, moment: Moment) -> Admission {
    match is_due(repo, ReviewGate::Commit) {
        Ok(false) => Admission::Granted,
        Ok(true) => {
            let context = Context::new();
            let admitted = admit_commit(&context, repo, moment);
            match admitted {
                Ok(admission) => admission,
                // It has nothing to do with the change, and pre-commit said it.
                Err(_) if moment == Moment::CommitMsg && !is_strict(repo) => Admission::Granted,
                Err(error) => not_reviewed(&context, repo, "this commit", &error),
            }
        }
        Err(error) => not_reviewed(&Context::new(), repo, "this commit", &error),
    }
}

/// Says whether a review is due at this gate.
pub(super) fn is_due(repo: &Repo, gate: ReviewGate) -> Result<bool, CommandError> {
    if settings::is_reviewing() || Settings::of(repo).review_gate()? != gate {
        return Ok(false);
    }
    let sequence = repo.sequence();
    let is_in_between = sequence.rebasing
        || sequence.applying
        || !sequence.merge_heads.is_empty()
        || sequence.cherry_pick_head.is_some()
        || sequence.revert_head.is_some();
    Ok(gate == ReviewGate::Push || !is_in_between)
}

fn admit_commit(context: &Context, repo: &Repo, moment: Moment) -> Result<Admission, CommandError> {
    let target = Target::staged(repo)?;
    if target.is_empty() || target.is_reworded(repo)? {
        return Ok(Admission::Granted);
    }
    if settings::skips("review") {
        if moment == Moment::PreCommit {
            context
                .terminal
                .note("git-model: not reviewed (GIT_MODEL_SKIP=review), and recorded so");
        }
        return Ok(Admission::Granted);
    }
    let mut round = Round::of(context, repo, target)?;
    if moment == Moment::CommitMsg
        && let Some((at, outcome)) = round.failed_before()
        && context.now().timestamp() - at < ASKED_JUST_NOW
        && round.answered(None).is_none()
    {
        // It was said at pre-commit, which let it pass: else Git would not have come here.
        return Ok(match Settings::of(repo).review_on_error()? {
            OnError::Warn => Admission::Granted,
            OnError::Block => refuse_unread(context, &outcome),
        });
    }
    let outcome = review(context, repo, &mut round, moment)?;
    conclude(context, repo, &round, outcome)
}

/// Returns the verdict on a change: the one that is kept, else a new one.
pub(super) fn review(
    context: &Context,
    repo: &Repo,
    round: &mut Round<'_>,
    moment: Moment,
) -> Result<Outcome, CommandError> {
    let setting = reviewer(repo, None);
    let known = setting.as_ref().ok().map(|setting| &setting.model);
    let seconds = Settings::of(repo).review_timeout()?;
    if round.answered(known).is_none() {
        round.wait_for_another(seconds)?;
    }
    if let Some(outcome) = round.answered(known) {
        return Ok(outcome);
    }
    let setting = setting?;
    if moment == Moment::CommitMsg {
        context.terminal.note(
            "git-model: the change is another one than at pre-commit, so it is reviewed again",
        );
    }
    let asked = Asked::choose(context, repo, &setting, seconds, None)?;
    let request = round.request(&setting, &asked.chosen.name, Demand::default(), false)?;
    round.ask(&asked, &request, seconds)
}

/// Says what a verdict means for what Git is about to do.
pub(super) fn conclude(
    context: &Context,
    repo: &Repo,
    round: &Round<'_>,
    outcome: Outcome,
) -> Result<Admission, CommandError> {
    let print = |outcome| context.print(&round.report(outcome), format::ALL[0].name());
    match outcome.verdict {
        Verdict::Pass => {
            if !outcome.findings.is_empty() || !outcome.warnings.is_empty() {
                print(outcome)?;
            }
            Ok(Admission::Granted)
        }
        Verdict::Block => {
            print(outcome)?;
            context.terminal.hint(
                "mend it and try again; what did not change since is not held against it anew",
            );
            if matches!(round.target.kind, Kind::Staged(_)) {
                context.terminal.hint(
                    "where a finding is wrong: git model review --dismiss PATH:LINE --because REASON",
                );
            }
            context.terminal.hint(WAY_OUT);
            Ok(Admission::Refused)
        }
        Verdict::NotRun => Ok(match Settings::of(repo).review_on_error()? {
            OnError::Warn => {
                let reason = outcome.reason.as_deref().unwrap_or("it did not come to its end");
                context.terminal.warning(&format!("git-model: not reviewed: {reason}"));
                Admission::Granted
            }
            OnError::Block => refuse_unread(context, &outcome),
        }),
    }
}

fn refuse_unread(context: &Context, outcome: &Outcome) -> Admission {
    let reason = outcome.reason.as_deref().unwrap_or("it did not come to its end");
    context.terminal.error(&format!("not reviewed: {reason}"));
    context.terminal.hint("model.review.onError is `block`");
    context.terminal.hint(WAY_OUT);
    Admission::Refused
}

/// Says whether what is not reviewed is refused.
fn is_strict(repo: &Repo) -> bool {
    Settings::of(repo).review_on_error().is_ok_and(|on_error| on_error == OnError::Block)
}

/// Says that nothing could be reviewed at all, and decides by `model.review.onError`.
pub(super) fn not_reviewed(
    context: &Context,
    repo: &Repo,
    what: &str,
    error: &CommandError,
) -> Admission {
    if is_strict(repo) {
        error.print(&context.terminal);
        context.terminal.hint(WAY_OUT);
        return Admission::Refused;
    }
    context.terminal.note(&format!("git-model: {what} is not reviewed:"));
    error.warn(&context.terminal);
    Admission::Granted
}
