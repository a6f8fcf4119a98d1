//! What the plan commands share: who acts, which plan is meant, and where its text comes from.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use crate::agents;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::git::{self, Repo};
use crate::provenance::{Actor, Grade, ModelName, Plan, PlanEvent, PlanId, PlanState, Planner};
use crate::settings;
use crate::store::{Following, Journal, Plans};
use crate::workflow::{Changed, Workflow, check_text};

/// Who acts where Git knows no name.
const NOBODY: &str = "somebody without user.name";

/// What is read of a plan's text at most, in bytes.
const INPUT_LIMIT: u64 = 64 << 20;

/// Begins to work on plans; inside of an agent nobody is named who may not have been there.
pub(super) fn workflow<'r>(
    context: &Context,
    repo: &'r Repo,
) -> Result<Workflow<'r>, CommandError> {
    let actor = match agents::running_agent(&settings::surroundings()) {
        Some(agent) => Actor::Automation { agent },
        None => Actor::Person(repo.committer_name()?.unwrap_or_else(|| NOBODY.to_owned())),
    };
    Ok(Workflow::new(repo, actor, context.now()))
}

/// Refuses to let somebody approve whose name nobody knows.
pub(super) fn need_name(repo: &Repo) -> Result<(), CommandError> {
    let is_agent = agents::running_agent(&settings::surroundings()).is_some();
    if is_agent || repo.committer_name()?.is_some() {
        return Ok(());
    }
    Err(CommandError::refusal("Git does not know your name, so nobody could tell who approved")
        .with_hint("git config --global user.name \"Your Name\""))
}

/// Reads the plan that is named; without a name, the one followed here, or the only one that is in a wanted state.
pub(super) fn pick(
    context: &Context,
    repo: &Repo,
    word: Option<&str>,
    wanted: &[PlanState],
) -> Result<Plan, CommandError> {
    let plans = Plans::of(repo);
    let id = match word {
        Some(word) => plans.find(word)?,
        None => the_one(context, repo, wanted)?,
    };
    read(plans, &id)
}

/// Reads a plan.
pub(super) fn read(plans: Plans<'_>, id: &PlanId) -> Result<Plan, CommandError> {
    let kept = plans.read(id)?;
    let gone = || CommandError::refusal(format!("there is no plan `{id}` here"));
    Ok(kept.ok_or_else(gone)?.plan)
}

fn the_one(context: &Context, repo: &Repo, wanted: &[PlanState]) -> Result<PlanId, CommandError> {
    let listed = Plans::of(repo).list()?;
    let is_wanted = |id: &PlanId| {
        let plan = listed.iter().find(|plan| plan.id == *id);
        plan.and_then(|plan| plan.head.as_ref()).is_some_and(|head| wanted.contains(&head.state))
    };
    let here = followed_here(context, repo)?.into_iter().filter(is_wanted).collect::<Vec<_>>();
    if let [one] = here.as_slice() {
        return Ok(one.clone());
    }
    let all = listed.iter().map(|plan| &plan.id).filter(|id| is_wanted(id)).collect::<Vec<_>>();
    let words = wanted.iter().map(|state| match state {
        PlanState::Draft => "a draft",
        other => other.as_str(),
    });
    let words = match words.collect::<Vec<_>>().as_slice() {
        [others @ .., last] if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        words => words.concat(),
    };
    match all.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(CommandError::answer(format!("no plan here is {words}"))
            .with_hint("list them: git model plan list --all\nbegin one: git model plan new")),
        several => Err(CommandError::refusal(format!(
            "{} plans may be meant: {}",
            several.len(),
            several.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(", ")
        ))
        .with_hint("name one of them; git model plan list shows their titles")),
    }
}

/// Returns the plans that are followed in this worktree and on its branch.
pub(super) fn followed_here(context: &Context, repo: &Repo) -> Result<Vec<PlanId>, CommandError> {
    if repo.work_tree().is_none() {
        return Ok(Vec::new());
    }
    let entries = Journal::of(repo.git_dir()).read()?.entries;
    let branch = repo.head()?.branch;
    let found = Following::on(&entries, branch.as_deref()).into_iter();
    let alive = found.filter(|(_, at)| !Following::is_idle(*at, context.now()));
    Ok(alive.map(|(id, _)| id).collect())
}

/// Reads a model's name as a person writes it.
pub(super) fn model(name: &str) -> Result<ModelName, CommandError> {
    ModelName::parse(name).map_err(|error| CommandError::refusal(error.to_string()))
}

/// Returns the planner that a person names.
pub(super) fn planner(name: Option<&str>) -> Result<Option<Planner>, CommandError> {
    let Some(name) = name else { return Ok(None) };
    Ok(Some(Planner {
        model: model(name)?,
        requested: None,
        agent: None,
        session: None,
        grade: Grade::Declared,
    }))
}

/// Returns a reason in one line, unless it is empty.
pub(super) fn reason(text: &str) -> Result<&str, CommandError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(CommandError::refusal("the reason is empty"));
    }
    Ok(text)
}

/// Reads the text of a plan from a file, or from standard input for `-`.
pub(super) fn text_from(file: &Path) -> Result<String, CommandError> {
    let is_input = file.as_os_str() == "-";
    let name = if is_input { "standard input".to_owned() } else { format!("`{}`", file.display()) };
    let failed = |error: std::io::Error| {
        CommandError::refusal(format!("cannot read the plan from {name}: {error}"))
    };
    let mut bytes = Vec::new();
    if is_input {
        std::io::stdin().take(INPUT_LIMIT).read_to_end(&mut bytes).map_err(failed)?;
    } else {
        let file = fs::File::open(file).map_err(failed)?;
        file.take(INPUT_LIMIT).read_to_end(&mut bytes).map_err(failed)?;
    }
    Ok(check_text(&bytes)?)
}

/// Opens the editor with a text and returns what it is then; `None` where it did not change.
///
/// The file stays where it is until the caller has kept the text.
pub(super) fn text_from_editor(
    context: &Context,
    repo: &Repo,
    text: &str,
) -> Result<Option<String>, CommandError> {
    let file = edited_file(repo);
    let failed = |error: std::io::Error| {
        CommandError::refusal(format!("cannot edit `{}`: {error}", file.display()))
    };
    let editor = git::editor().ok_or_else(|| {
        CommandError::refusal("there is no editor here")
            .with_hint("name a file, or - for standard input")
    })?;
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(&file, text).map_err(failed)?;
    if !context.terminal.edit(&editor, &file).map_err(failed)? {
        return Err(CommandError::refusal(format!("the editor `{editor}` failed"))
            .with_hint("name a file, or - for standard input"));
    }
    let bytes = fs::read(&file).map_err(failed)?;
    if bytes == text.as_bytes() {
        forget_edited(repo);
        return Ok(None);
    }
    Ok(Some(check_text(&bytes)?))
}

/// Removes the file of the editor, whose text is kept now.
pub(super) fn forget_edited(repo: &Repo) {
    let _ = fs::remove_file(edited_file(repo));
}

/// Returns where the editor's file stands, for messages.
pub(super) fn edited_file(repo: &Repo) -> std::path::PathBuf {
    repo.git_dir().join("model").join("PLAN_EDIT.md")
}

/// Tells what others did to a plan while this command ran.
pub(super) fn tell_meanwhile(context: &Context, changed: &Changed) {
    for PlanEvent { by, action, .. } in &changed.meanwhile {
        let what = crate::report::action_words(action);
        context.terminal.warning(&format!("in the meantime: {what}, by {by}"));
    }
}

/// Says on standard error what became of a plan.
pub(super) fn note(context: &Context, plan: &Plan, text: &str) {
    context.terminal.note(&format!("plan {}: {text}", plan.id));
}
