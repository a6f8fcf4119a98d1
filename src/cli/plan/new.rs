//! `git model plan new`: write a plan down.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::plan::pick;
use crate::git::Repo;
use crate::provenance::{ModelName, Phase};
use crate::store::Declared;
use crate::workflow::{NewPlan, check_text};

/// What the editor begins with.
const TEMPLATE: &str = "\
<!-- A plan: what is to be done and why, then its steps as a numbered list. The first heading is its title.
     Leave this file as it is, or empty, and no plan is made. This comment is left out. -->
# \n\n\n## Steps\n\n1. \n2. \n";

/// Write a plan down, as a draft
///
/// From a file, from standard input (-), or in an editor. A step is a top-level numbered item of its text.
#[derive(Debug, clap::Args)]
pub(super) struct New {
    /// The text, in Markdown; - for standard input; without it an editor opens
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    /// The title (default: the first heading, or the first line)
    #[arg(long)]
    title: Option<String>,

    /// The model that planned, in any spelling (default: who is declared for the phase architecture, if anybody is)
    #[arg(long)]
    model: Option<String>,

    /// What was asked for, as it was said
    #[arg(long, value_name = "TEXT")]
    request: Option<String>,
}

/// Keeps a new plan.
pub(super) fn run(context: &Context, args: &New) -> Result<ExitCode, CommandError> {
    let repo = context.repo()?;
    let planner = match pick::planner(args.model.as_deref())? {
        Some(planner) => Some(planner),
        None => pick::planner(declared_planner(context, &repo)?.as_deref())?,
    };
    let text = match &args.file {
        Some(file) => pick::text_from(file)?,
        None => match pick::text_from_editor(context, &repo, TEMPLATE)? {
            Some(text) => check_text(without_comment(&text).as_bytes())?,
            None => return Err(CommandError::answer("nothing was written, so no plan is made")),
        },
    };
    let request = args.request.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let new =
        NewPlan { text, title: args.title.clone(), request: request.map(str::to_owned), planner };
    let plan = pick::workflow(context, &repo)?.create(&new)?;
    if args.file.is_none() {
        pick::forget_edited(&repo);
    }
    let planner = plan.planner.as_ref().map(|planner| planner.model.display());
    let steps = match plan.steps().len() {
        0 => "no numbered steps".to_owned(),
        1 => "1 step".to_owned(),
        number => format!("{number} steps"),
    };
    context.say(&format!(
        "plan {} \"{}\": draft, {steps}, {}",
        plan.id,
        plan.title,
        planner.map_or_else(
            || "nobody said who planned it (--model)".to_owned(),
            |name| format!("planned by {name}")
        )
    ))?;
    context.terminal.hint(&format!("read and approve it: git model approve {}", plan.id));
    Ok(ExitCode::SUCCESS)
}

/// Returns who is declared here to plan.
fn declared_planner(context: &Context, repo: &Repo) -> Result<Option<String>, CommandError> {
    if repo.work_tree().is_none() {
        return Ok(None);
    }
    Ok(match context.declared(repo)?.0.who {
        Some(Declared::Model { name, phase: Phase::Architecture }) => {
            ModelName::parse(&name).ok().map(|_| name)
        }
        _ => None,
    })
}

/// Removes the comment of the template.
fn without_comment(text: &str) -> String {
    match (text.find("<!--"), text.find("-->")) {
        (Some(start), Some(end)) if text[..start].trim().is_empty() && start < end => {
            text[end + 3..].trim_start().to_owned()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_comment_of_the_template_goes_and_others_stay() {
        assert!(without_comment(TEMPLATE).starts_with("# \n"));
        assert_eq!(without_comment("# A <!-- b -->"), "# A <!-- b -->");
        assert_eq!(without_comment("--> <!--"), "--> <!--");
    }
}
