//! `git model plan edit`: change the text, the title or the planner of a plan.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::plan::pick;
use crate::provenance::PlanState;

/// Change a plan: its text, its title, its planner
///
/// A changed text is a draft again, whatever was approved before; of a plan that was decided on, it is a new version,
/// and the older one is kept.
#[derive(Debug, clap::Args)]
pub(super) struct Edit {
    /// The plan (default: the only draft)
    id: Option<String>,

    /// The new text; - for standard input; without it, and without an option, an editor opens
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    /// The new title
    #[arg(long)]
    title: Option<String>,

    /// The model that planned this text
    #[arg(long)]
    model: Option<String>,
}

/// Changes a plan.
pub(super) fn run(context: &Context, args: &Edit) -> Result<ExitCode, CommandError> {
    let repo = context.repo()?;
    let plan = pick::pick(context, &repo, args.id.as_deref(), &[PlanState::Draft])?;
    let planner = pick::planner(args.model.as_deref())?;
    let wants_editor = args.file.is_none() && args.title.is_none() && planner.is_none();
    let text = match &args.file {
        Some(file) => Some(pick::text_from(file)?),
        None if wants_editor => pick::text_from_editor(context, &repo, &plan.text)?,
        None => None,
    };
    let workflow = pick::workflow(context, &repo)?;
    let changed = workflow.edit(&plan, text.as_deref(), args.title.as_deref(), planner.as_ref());
    let changed = changed.map_err(|error| {
        let failure = CommandError::from(error);
        if !wants_editor {
            return failure;
        }
        let file = pick::edited_file(&repo);
        failure.with_hint(format!("what you wrote is kept: {}", file.display()))
    })?;
    if wants_editor {
        pick::forget_edited(&repo);
    }
    pick::tell_meanwhile(context, &changed);
    let now = &changed.plan;
    if !changed.is_new {
        context.say(&format!("plan {} \"{}\": as it was", now.id, now.title))?;
        return Ok(ExitCode::SUCCESS);
    }
    let (id, title, version) = (&now.id, &now.title, now.version);
    let state = now.state.as_str();
    context.say(&format!("plan {id} \"{title}\": changed, version {version}, {state}"))?;
    if matches!(plan.state, PlanState::Approved | PlanState::Implementing)
        && now.state == PlanState::Draft
    {
        context
            .terminal
            .warning(&format!("it was {}, and is not approved any more", plan.state.as_str()));
    }
    if now.state == PlanState::Draft {
        context.terminal.hint(&format!("read and approve it: git model approve {id}"));
    }
    Ok(ExitCode::SUCCESS)
}
