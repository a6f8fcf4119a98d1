//! How it stands with the review of what is staged, for `git model status`.

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::review::change::Target;
use crate::cli::review::round::{Round, reviewer};
use crate::git::Repo;
use crate::provenance::Verdict;
use crate::report::ReviewStanding;
use crate::review::Outcome;
use crate::settings::{ReviewGate, Role, Settings};

/// Says how it stands; `None` where nobody here has to do with reviews.
pub(in crate::cli) fn standing(
    context: &Context,
    repo: &Repo,
) -> Result<Option<ReviewStanding>, CommandError> {
    let round = Round::of(context, repo, Target::staged(repo)?)?;
    let settings = Settings::of(repo);
    let setting = reviewer(repo, None);
    let known = setting.as_ref().ok().map(|setting| &setting.model);
    if let Some(outcome) = round.answered(known) {
        return Ok(Some(of_outcome(&outcome)));
    }
    if let Some((_, outcome)) = round.failed_before() {
        return Ok(Some(of_outcome(&outcome)));
    }
    if let Some(earlier) = round.last_of_work() {
        let (name, tree) = (earlier.reviewer.display(), earlier.tree.short());
        let said = match earlier.verdict {
            Verdict::Pass => format!("{name} passed tree {tree}"),
            Verdict::Block => format!("{name} blocked tree {tree}"),
            Verdict::NotRun => format!("the review of tree {tree} was not completed"),
        };
        return Ok(Some(ReviewStanding {
            state: "stale",
            text: format!("no review: {said}; what is staged changed since (git model review)"),
        }));
    }
    let is_wanted = settings.review_gate()? != ReviewGate::Off
        || matches!(settings.role_setting(Role::Reviewer), Ok(Some(_)));
    Ok(is_wanted.then(|| ReviewStanding {
        state: "none",
        text: "no review yet (git model review)".to_owned(),
    }))
}

fn of_outcome(outcome: &Outcome) -> ReviewStanding {
    let name = outcome.reviewer.display();
    let reason = outcome.reason.as_deref().unwrap_or("it did not come to its end");
    let text = match outcome.verdict {
        Verdict::Pass => format!("reviewed: {name} has nothing against it"),
        Verdict::Block => format!("reviewed: blocked by {name}: {reason} (git model review)"),
        Verdict::NotRun => format!("no review: {reason} (git model review)"),
    };
    ReviewStanding { state: outcome.verdict.as_str(), text }
}
