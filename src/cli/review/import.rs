//! `git model review --import`: the verdict of a reviewer that people already have.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::review::change::{Kind, Target};
use crate::cli::review::round::Round;
use crate::cli::review::{ReviewArgs, Source, record, tell};
use crate::git::Repo;
use crate::provenance::{CommitId, ModelName};

/// Files are read so far, in bytes; the engine refuses what is larger than 8 MiB and says so.
const READ_LIMIT: u64 = (8 << 20) + 1;

/// Whose verdict is taken, and on what.
#[derive(Debug, clap::Args)]
pub(super) struct FromArgs {
    /// Take the verdict of another reviewer from a file (- for standard input): our JSON, or SARIF 2.1.0
    #[arg(long, value_name = "FILE", requires_all = ["tree", "agent", "model"],
        conflicts_with_all = ["background", "dry_run", "again", "allow_secrets"])]
    pub(super) import: Option<PathBuf>,

    /// The tree that the other reviewer read, as `git write-tree` names it; with --import
    #[arg(long, value_name = "ID", requires = "import")]
    pub(super) tree: Option<CommitId>,

    /// The program that reviewed; with --import
    #[arg(long, value_name = "NAME", requires = "import")]
    pub(super) agent: Option<String>,
}

/// Holds a file against the change, keeps the verdict, and prints it.
pub(super) fn run(
    context: &Context,
    repo: &Repo,
    args: &ReviewArgs,
    file: &Path,
    target: Target,
) -> Result<ExitCode, CommandError> {
    let name = args.model.as_deref().unwrap_or_default();
    let reviewer = ModelName::parse(name)
        .map_err(|error| CommandError::refusal(format!("--model cannot be used: {error}")))?;
    let agent = args.from.agent.as_deref().unwrap_or_default().trim();
    if agent.is_empty() {
        return Err(CommandError::refusal("--agent is empty").with_hint("name who reviewed"));
    }
    if let Some(read) = args.from.tree.filter(|read| *read != target.tree) {
        let hint = match target.kind {
            Kind::Staged(_) => {
                "what is staged changed since; stage what was read, or name its commit"
            }
            _ => "name the commit whose tree was read",
        };
        return Err(CommandError::refusal(format!(
            "the verdict is about the tree {read}, and {} is the tree {}",
            target.words(),
            target.tree
        ))
        .with_hint(hint));
    }
    let text = read(file)?;
    let round = Round::of(context, repo, target)?;
    let outcome = round.import(&text, reviewer, agent)?;
    record(context, repo, &round, &outcome)?;
    tell(context, &round, outcome, Source::Asked, args)
}

fn read(file: &Path) -> Result<String, CommandError> {
    let mut text = String::new();
    let read = if file.as_os_str() == "-" {
        std::io::stdin().take(READ_LIMIT).read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|file| file.take(READ_LIMIT).read_to_string(&mut text))
    };
    match read {
        Ok(_) => Ok(text),
        Err(error) => {
            Err(CommandError::refusal(format!("cannot read `{}`: {error}", file.display())))
        }
    }
}
