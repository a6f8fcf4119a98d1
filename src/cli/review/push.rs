//! The gate before a push: what the push brings is reviewed at once, as one change.

use crate::capture::Moment;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::review::change::Target;
use crate::cli::review::gate::{self, Admission};
use crate::cli::review::round::Round;
use crate::git::Repo;
use crate::provenance::CommitId;
use crate::settings::{self, ReviewGate};

/// One branch of a push, as Git tells it to the hook.
struct Pushed {
    /// The branch there.
    branch: String,
    /// The commit that it will be at.
    tip: CommitId,
    /// The commit that it is at, where it is there.
    before: Option<CommitId>,
}

/// Reviews what a push brings, branch by branch, where the settings want it.
pub(in crate::cli) fn before_push(repo: &Repo, remote: &str, lines: &str) -> Admission {
    let context = Context::new();
    let admitted = admit(&context, repo, remote, lines);
    admitted.unwrap_or_else(|error| gate::not_reviewed(&context, repo, "this push", &error))
}

fn admit(
    context: &Context,
    repo: &Repo,
    remote: &str,
    lines: &str,
) -> Result<Admission, CommandError> {
    if !gate::is_due(repo, ReviewGate::Push)? {
        return Ok(Admission::Granted);
    }
    let pushed = lines.lines().filter_map(parse).collect::<Vec<_>>();
    if pushed.is_empty() {
        return Ok(Admission::Granted);
    }
    if settings::skips("review") {
        return skip(context, repo, remote, &pushed);
    }
    for one in pushed {
        let Some(target) = target(repo, remote, &one)? else { continue };
        let mut round = Round::of(context, repo, target)?;
        let outcome = gate::review(context, repo, &mut round, gate::Moment::PrePush)?;
        if gate::conclude(context, repo, &round, outcome)? == Admission::Refused {
            return Ok(Admission::Refused);
        }
    }
    Ok(Admission::Granted)
}

/// Lets a push go unread, and says so in the record of each branch's last commit.
fn skip(
    context: &Context,
    repo: &Repo,
    remote: &str,
    pushed: &[Pushed],
) -> Result<Admission, CommandError> {
    context.terminal.note("git-model: not reviewed (GIT_MODEL_SKIP=review), and recorded so");
    for one in pushed {
        if target(repo, remote, one)?.is_some() {
            let done = Moment::new(repo, context.now()).add_skipped_review(one.tip)?;
            done.warnings.iter().for_each(|warning| context.terminal.warning(warning));
        }
    }
    Ok(Admission::Granted)
}

/// Returns the change that a branch gets; `None` where it gets none.
fn target(repo: &Repo, remote: &str, pushed: &Pushed) -> Result<Option<Target>, CommandError> {
    // What is there may be a commit that this clone never saw.
    let before = pushed.before.filter(|id| repo.commit(*id).is_ok());
    let from = match before {
        Some(before) => repo.merge_base(before, pushed.tip)?,
        None => match repo.first_new_commit(pushed.tip, remote)? {
            Some(first) => repo.commit(first)?.parents.first().copied(),
            None => return Ok(None),
        },
    };
    let target = Target::between(repo, from, pushed.tip, &format!("pushed to {}", pushed.branch))?;
    Ok((!target.is_empty()).then_some(target))
}

/// Reads `LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID`; `None` for what is no branch, and for one that is deleted.
fn parse(line: &str) -> Option<Pushed> {
    let words = line.split(' ').collect::<Vec<_>>();
    let [_, tip, there, before] = words[..] else { return None };
    let id = |word: &str| word.parse::<CommitId>().ok().filter(|_| word.bytes().any(|b| b != b'0'));
    let branch = there.strip_prefix("refs/heads/")?.to_owned();
    Some(Pushed { branch, tip: id(tip)?, before: id(before) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_branches_that_stay_are_reviewed() {
        let (one, none) = ("1".repeat(40), "0".repeat(40));
        let read = |there: &str, tip: &str, before: &str| {
            let pushed = parse(&format!("refs/heads/x {tip} {there} {before}"))?;
            Some((pushed.branch, pushed.before.is_some()))
        };
        assert_eq!(read("refs/heads/main", &one, &none), Some(("main".to_owned(), false)));
        assert_eq!(read("refs/heads/main", &one, &one), Some(("main".to_owned(), true)));
        assert_eq!(read("refs/heads/main", &none, &one), None);
        assert_eq!(read("refs/tags/v1", &one, &none), None);
        assert_eq!(read("refs/notes/model", &one, &none), None);
        assert!(parse("").is_none());
    }
}
