//! `git model plan new`: write a plan down.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::plan::pick;
use crate::cli::plan::run::{Planning, RunArgs};
use crate::git::Repo;
use crate::provenance::{ModelName, Phase, Plan};
use crate::store::Declared;
use crate::workflow::{NewPlan, check_text, planning_request};

/// What the editor begins with.
const TEMPLATE: &str = "\
<!-- A plan: what is to be done and why, then its steps as a numbered list. The first heading is its title.
     Leave this file as it is, or empty, and no plan is made. This comment is left out. -->
# \n\n\n## Steps\n\n1. \n2. \n";

/// Write a plan down, as a draft
///
/// From a file, from standard input (-), in an editor, or, with --run, by the planning model: that is asked through a
/// provider's interface, or through an agent's program, which can read the repository and cannot write. A step is a
/// top-level numbered item of its text.
#[derive(Debug, clap::Args)]
pub(super) struct New {
    /// The text, in Markdown; - for standard input; without it an editor opens
    #[arg(value_name = "FILE", conflicts_with = "run")]
    file: Option<PathBuf>,

    /// The title (default: the first heading, or the first line)
    #[arg(long)]
    title: Option<String>,

    /// The model that planned, in any spelling (default: who is declared for the phase architecture, if anybody is);
    /// with --run the one that is asked, [BACKEND:]MODEL (default: model.planner)
    #[arg(long)]
    model: Option<String>,

    /// What was asked for, as it was said
    #[arg(long, value_name = "TEXT", conflicts_with = "run")]
    request: Option<String>,

    /// Ask the planning model for the plan; REQUEST is what is to be done, - reads it from standard input
    #[arg(long, value_name = "REQUEST")]
    run: Option<String>,

    #[command(flatten)]
    asking: RunArgs,
}

/// Keeps a new plan.
pub(super) fn run(context: &Context, args: &New) -> Result<ExitCode, CommandError> {
    let repo = context.repo()?;
    if let Some(request) = &args.run {
        return run_planner(context, &repo, args, request);
    }
    args.asking.without_run()?;
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
    tell_draft(context, &plan)
}

/// Asks the planning model and keeps its plan.
fn run_planner(
    context: &Context,
    repo: &Repo,
    args: &New,
    request: &str,
) -> Result<ExitCode, CommandError> {
    let request = match request {
        "-" => pick::text_from(Path::new("-"))?,
        text => text.to_owned(),
    };
    let request = request.trim();
    if request.is_empty() {
        return Err(CommandError::refusal("the request is empty")
            .with_hint("say what is to be done: git model plan new --run \"Add a cache\""));
    }
    let planning = Planning::prepare(context, repo, args.model.as_deref(), &args.asking)?;
    planning.warn_unread(context, "--attach FILE");
    let text = planning_request(request, planning.attached(), planning.boundary());
    let Some(planned) = planning.ask(context, text)? else { return Ok(ExitCode::SUCCESS) };
    let new = NewPlan {
        text: planned.text.clone(),
        title: args.title.clone(),
        request: Some(request.to_owned()),
        planner: Some(planned.planner.clone()),
    };
    let plan = pick::workflow(context, repo)?.create(&new);
    let plan = plan.map_err(|error| planned.rescue(context, error.into()))?;
    context.terminal.note(&planned.cost);
    tell_draft(context, &plan)
}

/// Says that there is a draft now, and what comes next.
fn tell_draft(context: &Context, plan: &Plan) -> Result<ExitCode, CommandError> {
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
