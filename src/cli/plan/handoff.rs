//! `git model handoff`: hand an approved plan, or a part of it, to the model that implements.

use std::process::ExitCode;

use crate::cli::ask;
use crate::cli::context::Context;
use crate::cli::declare;
use crate::cli::error::CommandError;
use crate::cli::plan::pick;
use crate::cli::plan::start::Started;
use crate::git::Repo;
use crate::provenance::{
    ModelName, Phase, Plan, PlanState, Steps, Strength, compare_strength, has_tier,
};
use crate::settings::{Role, RoleSetting, Settings};
use crate::store::{Declared, Entry, Following, Journal};
use crate::workflow::handoff_text;

/// Hand an approved plan to the model that implements it
///
/// Prints the text for that model on standard output. From then on commits of this worktree and branch, whose lines are
/// declared (`git model use`), follow the plan; on another branch, run it again. It declares nobody without --use. With
/// --run it starts the agent's program of that model here, as you would, and gives it the text.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct HandoffArgs {
    /// The plan (default: the only one that is approved, or the one followed here)
    id: Option<String>,

    /// The model that implements, in any spelling, [PROGRAM:]MODEL (default: model.implementer)
    #[arg(long, value_name = "MODEL")]
    to: Option<String>,

    /// Only these steps (default: what is approved and not handed off yet)
    #[arg(long, value_name = "A-B")]
    steps: Option<Steps>,

    /// Declare that model too, as `git model use MODEL` does
    #[arg(long = "use")]
    declares: bool,

    /// Put the text into the clipboard too
    #[arg(long)]
    copy: bool,

    /// Start the agent of that model in this terminal, with the text
    #[arg(long)]
    run: bool,

    /// Do not ask whether a stronger model than the planner is meant
    #[arg(long, short = 'y')]
    yes: bool,
}

/// Hands a plan off.
pub fn run(context: &Context, args: &HandoffArgs) -> Result<ExitCode, CommandError> {
    let repo = context.repo()?;
    let plan = picked(context, &repo, args)?;
    let role = target(&repo, args)?;
    let to = role.model.clone();
    let started = args.run.then(|| Started::find(context, &repo, &role)).transpose()?;
    question_target(context, &plan, &to, args.yes)?;
    let workflow = pick::workflow(context, &repo)?;
    let (changed, scope) = workflow.hand_off(&plan, &to, args.steps.as_ref())?;
    pick::tell_meanwhile(context, &changed);
    let plan = changed.plan;
    // What is recorded must not hang on a reader of the text who goes away.
    let place = follow(context, &repo, &plan)?;
    let who = Declared::Model { name: to.raw().to_owned(), phase: Phase::Implementation };
    let has_work_tree = repo.work_tree().is_some();
    let declared = (args.declares && has_work_tree)
        .then(|| declare::declare(context, &repo, Some(who)))
        .transpose()?;
    let text = handoff_text(&plan, &to, &scope);
    if started.is_none() {
        let written = context.terminal.print(None, |out| out.write_all(text.as_bytes()));
        written
            .map_err(|error| CommandError::refusal(format!("cannot write the output: {error}")))?;
    }
    if args.copy {
        match context.terminal.copy(&text) {
            Some(program) => context.terminal.note(&format!("copied, by {program}")),
            None => context.terminal.warning(
                "not copied: none of wl-copy, xclip, xsel, pbcopy and clip.exe took the text",
            ),
        }
    }
    let from = plan.planner.as_ref().map_or("nobody named", |planner| planner.model.display());
    let words = if changed.is_new { "handed off" } else { "was handed off already" };
    let (what, to_name) = (scope.in_words(), to.display());
    pick::note(context, &plan, &format!("{what} {words}, {from} -> {to_name}{place}"));
    if let Some(declared) = declared {
        context.terminal.note(&declared);
    } else if args.declares {
        context.terminal.warning("nobody is declared: a bare repository has no commits to be made");
    } else if has_work_tree && started.is_none() {
        let hint = format!("no agent that is recorded? declare it: git model use {}", to.id());
        context.terminal.hint(&hint);
    }
    match started {
        Some(started) => started.run(context, &repo, &text),
        None => Ok(ExitCode::SUCCESS),
    }
}

/// Picks the plan: one that is approved comes before one that is handed off already.
fn picked(context: &Context, repo: &Repo, args: &HandoffArgs) -> Result<Plan, CommandError> {
    let id = args.id.as_deref();
    match pick::pick(context, repo, id, &[PlanState::Approved]) {
        // Of a draft it is then said what is missing.
        Err(none) if id.is_none() && none.is_answer() => {
            let others = [PlanState::Implementing, PlanState::Draft];
            let mut picked = others.iter().map(|state| pick::pick(context, repo, None, &[*state]));
            picked.find(|one| !matches!(one, Err(error) if error.is_answer())).unwrap_or(Err(none))
        }
        picked => picked,
    }
}

/// Returns the model that is to implement, and the program where one is named for it.
fn target(repo: &Repo, args: &HandoffArgs) -> Result<RoleSetting, CommandError> {
    let settings = Settings::of(repo);
    if let Some(name) = &args.to {
        let read = settings.model_to_ask(name);
        return read.map_err(|error| CommandError::refusal(error.to_string()));
    }
    ask::set(repo, Role::Implementer)?.ok_or_else(|| {
        CommandError::refusal("it is not said to which model").with_hint(
            "say it: git model handoff --to MODEL\nor once for all: git config --global model.implementer MODEL",
        )
    })
}

/// Questions a target that is stronger than the planner, and says where nobody knows.
fn question_target(
    context: &Context,
    plan: &Plan,
    to: &ModelName,
    is_sure: bool,
) -> Result<(), CommandError> {
    let Some(planner) = plan.planner.as_ref().map(|planner| &planner.model) else {
        if !has_tier(to) {
            context.terminal.warning(&format!("the tier of {} is unknown", to.display()));
        }
        return Ok(());
    };
    let (target, name) = (to.display(), planner.display());
    match compare_strength(to, planner) {
        Strength::Stronger if !is_sure => {
            context.terminal.warning(&format!("{target} is stronger than {name}, which planned this"));
            if context.terminal.can_ask() && !context.terminal.ask("Hand it off all the same?") {
                return Err(CommandError::answer("not handed off").with_hint(format!(
                    "let the stronger one plan: git model escalate {} --to '{target}' --reason TEXT",
                    plan.id
                )));
            }
        }
        Strength::Unknown if !has_tier(to) => context.terminal.warning(&format!(
            "the tier of {target} is unknown: nothing tells whether it is weaker or stronger than {name}"
        )),
        Strength::Unknown => context.terminal.warning(&format!(
            "nothing tells whether {target} is weaker or stronger than {name}"
        )),
        Strength::Stronger | Strength::Weaker | Strength::Same => {}
    }
    Ok(())
}

/// Notes that a plan is followed in this worktree and branch, and says where that is.
fn follow(context: &Context, repo: &Repo, plan: &Plan) -> Result<String, CommandError> {
    if repo.work_tree().is_none() {
        return Ok(String::new());
    }
    let branch = repo.head()?.branch;
    let place = branch.as_deref().map_or_else(
        || " (on a detached HEAD)".to_owned(),
        |branch| format!(" (on branch {branch})"),
    );
    let following = Following { branch, plan: plan.id.to_string(), at: context.now().timestamp() };
    Journal::of(repo.git_dir()).append(&Entry::Follow(following))?;
    Ok(place)
}
