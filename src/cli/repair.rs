//! `git model repair [RANGE]`: records that no hook wrote, rebuilt from the commits that these were made of.

use std::process::ExitCode;

use crate::capture::{Moment, Outcome, RepairWish, Repaired, Style, earned};
use crate::cli::FormatArgs;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::git::{Commit, Repo};
use crate::provenance::CommitId;
use crate::report::{RepairReport, RepairedCommit};
use crate::settings::Settings;

/// The most commits that are repaired at once.
const MOST_COMMITS: usize = 20_000;

/// Rebuild the records of commits that no hook saw made
///
/// A host's squash or rebase merge, a rebase by a program that runs no hooks: the new commit gets its record from the commits
/// that it was made of, found by the same files, the same change, the number of the pull request in the message, or the same
/// author and second. They are looked for in all branches, in fetched pull requests (refs/pull/N/head, refs/merge-requests/N/head)
/// and among all commits that have records. A commit that has a record keeps it; no message changes.
#[derive(Debug, clap::Args)]
pub struct RepairArgs {
    /// The commits: a range such as BEFORE..main, or one commit; default: HEAD
    range: Option<String>,

    /// Look for what they were made of only here: the head of a pull request, a branch; may be given several times
    #[arg(long, value_name = "REF")]
    from: Vec<String>,

    /// Read the records of what they were made of here first, as a fork's that were fetched under a name of their own
    #[arg(long, value_name = "NOTES")]
    notes: Option<String>,

    /// Only say what would be rebuilt
    #[arg(long, short = 'n')]
    dry_run: bool,

    /// Print the trailers that a squash of the commits deserves, for the message that is typed on the host
    #[arg(long, conflicts_with_all = ["from", "notes", "dry_run"])]
    message: bool,

    /// The branch that the squash will be merged into; default: the remote's main branch
    #[arg(long, value_name = "COMMIT", requires = "message")]
    onto: Option<String>,

    #[command(flatten)]
    format: FormatArgs,
}

/// Repairs.
pub fn run(context: &Context, args: &RepairArgs) -> Result<ExitCode, CommandError> {
    let repo = context.repo()?;
    if args.message {
        return print_trailers(context, &repo, args);
    }
    let words = args.range.as_deref().unwrap_or("HEAD");
    let mut commits = repo.commits_named(words, MOST_COMMITS + 1)?;
    if commits.len() > MOST_COMMITS {
        return Err(CommandError::refusal(format!(
            "`{words}` has more than {MOST_COMMITS} commits"
        ))
        .with_hint("repair a part of them first"));
    }
    commits.reverse();
    let from = args.from.iter().map(|name| repo.head_named(name)).collect::<Result<Vec<_>, _>>()?;
    let wish = RepairWish { from, notes: args.notes.as_deref().map(notes_reference) };
    if let Some(reference) = &wish.notes
        && repo.reference(reference)?.is_none()
    {
        return Err(CommandError::refusal(format!("there are no notes `{reference}` here"))
            .with_hint(format!("fetch them: git fetch ADDRESS +refs/notes/model:{reference}")));
    }
    let moment = Moment::new(&repo, context.now());
    let (repaired, Outcome { warnings, .. }) = moment.repair(&commits, &wish, args.dry_run)?;
    for warning in warnings {
        context.terminal.warning(&warning);
    }
    let named = |(commit, repaired): (Commit, Repaired)| {
        let subject = commit.message.lines().next().unwrap_or_default().to_owned();
        (RepairedCommit { id: commit.id, subject }, repaired)
    };
    let repaired = repaired.into_iter().map(named).collect();
    let report = RepairReport { range: words.to_owned(), is_dry: args.dry_run, repaired };
    context.print(&report, &args.format.format)?;
    Ok(ExitCode::SUCCESS)
}

/// Returns the full name of a reference of notes, as `git notes --ref` would.
fn notes_reference(name: &str) -> String {
    if name.starts_with("refs/") { name.to_owned() } else { format!("refs/notes/{name}") }
}

fn print_trailers(
    context: &Context,
    repo: &Repo,
    args: &RepairArgs,
) -> Result<ExitCode, CommandError> {
    let (start, head) = match args.range.as_deref().map(|range| (range, range.split_once(".."))) {
        Some((_, Some((start, head)))) => (Some(start), Some(head)),
        Some((head, None)) => (None, Some(head)),
        None => (None, None),
    };
    let head = repo.resolve(head.filter(|head| !head.is_empty()).unwrap_or("HEAD"))?;
    let onto = onto(repo, args.onto.as_deref().or(start))?;
    let record = Moment::new(repo, context.now()).squashed(head, onto)?;
    let settings = Settings::of(repo);
    let style = Style { name: settings.trailer_name()?, effort: settings.trailer_effort()? };
    for trailer in earned(&record, style) {
        context.say(&trailer)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn onto(repo: &Repo, named: Option<&str>) -> Result<CommitId, CommandError> {
    if let Some(name) = named {
        return Ok(repo.resolve(name)?);
    }
    repo.default_branch()?.ok_or_else(|| {
        CommandError::refusal("nothing says which branch it will be merged into")
            .with_hint("name it: git model repair --message --onto main")
    })
}
