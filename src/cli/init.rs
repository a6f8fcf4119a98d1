//! `git model init` and `git model deinit`: hooks into this repository, and out of it again.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use crate::agents::Scope;
use crate::capture::Moment;
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::{init_agents, wanted_hooks};
use crate::format::counted;
use crate::git::{HookState, HooksFolder, InstallError, Installed, ON_REQUEST, RECORDING, Repo};
use crate::settings::{self, Settings, SyncAt};
use crate::store::Installation;

/// Install the hooks that record, into this repository only
///
/// From then on each commit gets a record in refs/notes/model and, where a model is known, `Model:` trailers. A hook
/// that is there already is kept beside ours, runs first, and its refusal counts. Coding agents that are on this
/// machine get hooks too, for this repository only, in a file of settings that Git does not track. What they did
/// before and what is not committed yet is looked up in their sessions on disk. `git model deinit` undoes it exactly.
#[derive(Debug, clap::Args)]
pub struct InitArgs {
    #[command(flatten)]
    agents: AgentsArgs,

    /// Only say what would be written
    #[arg(long)]
    dry_run: bool,
}

/// Which settings of coding agents get our hooks.
#[derive(Debug, clap::Args)]
struct AgentsArgs {
    /// Hook agents by the settings that the repository shares with everybody who clones it
    #[arg(long, conflicts_with = "global")]
    shared: bool,

    /// Hook agents by your own settings, for every repository where `git model init` was run
    #[arg(long)]
    global: bool,

    /// Hook no agents
    #[arg(long, conflicts_with_all = ["shared", "global"])]
    no_agents: bool,
}

/// Remove the hooks again and put back what stood there before
///
/// Records that were written stay in refs/notes/model. Settings of your own that hook agents for every repository are
/// left as they are, unless asked for.
#[derive(Debug, clap::Args)]
pub struct DeinitArgs {
    /// Also remove our hooks from your own settings of agents, which serve every repository
    #[arg(long)]
    global: bool,
}

/// Installs the hooks.
pub fn run(context: &Context, args: &InitArgs) -> Result<ExitCode, CommandError> {
    let repo = context.repo()?;
    if repo.work_tree().is_none() {
        return Err(CommandError::refusal("a bare repository makes no commits of its own")
            .with_hint("install into a clone, or run this in one of its worktrees"));
    }
    let folder = own_folder(&repo)?;
    let program = context.program()?;
    if args.dry_run {
        context.say(&format!("hooks in {}:", folder.path.display()))?;
        for hook in RECORDING {
            let what = match folder.state(hook, &program) {
                HookState::Absent => "new",
                HookState::Ours | HookState::OursBehindAnother => "there already",
                HookState::OursOutdated => "ours, to be written anew",
                HookState::Foreign => "beside the hook that is there, which still runs",
            };
            context.say(&format!("  {hook}: {what}"))?;
        }
        for line in wanted_hooks::announced(&repo, &folder, &program)? {
            context.say(&line)?;
        }
        if let Some(scope) = args.agents.scope() {
            init_agents::announce(context, &repo, &program, scope)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut outcomes = Vec::new();
    for hook in RECORDING {
        match folder.install(hook, &program) {
            Ok(outcome) => outcomes.push((hook, outcome)),
            Err(error) => {
                // All or nothing: half of the hooks would record half of the commits.
                for (done, outcome) in outcomes {
                    if matches!(outcome, Installed::New | Installed::BesideAnother) {
                        folder.uninstall(done)?;
                    }
                }
                return Err(error.into());
            }
        }
    }
    context.say(&sentence(&repo, &outcomes))?;
    for line in wanted_hooks::settle(&repo, &folder, &program)? {
        context.say(&line)?;
    }
    let mut installation =
        Installation::new(context.now().timestamp_millis(), folder.configured.clone());
    if let Some(scope) = args.agents.scope() {
        init_agents::install(context, &repo, &program, scope, &mut installation)?;
    }
    installation.write(repo.common_dir())?;
    offer_sync(context, &repo)?;
    begin(context, &repo)?;
    context
        .say("say who works where no agent tells: git model use MODEL, or: git model use human")?;
    context.say("undo: git model deinit")?;
    Ok(ExitCode::SUCCESS)
}

/// Offers to share records where there is a remote and nothing syncs yet.
fn offer_sync(context: &Context, repo: &Repo) -> Result<(), CommandError> {
    if Settings::of(repo).sync_at()? != SyncAt::Push && repo.default_remote()?.is_some() {
        context.say(
            "share records: git model sync; at each push: git config model.sync push, and git model init",
        )?;
    }
    Ok(())
}

impl AgentsArgs {
    fn scope(&self) -> Option<Scope> {
        match (self.no_agents, self.shared, self.global) {
            (true, _, _) => None,
            (_, true, _) => Some(Scope::Shared),
            (_, _, true) => Some(Scope::Global),
            _ => Some(Scope::Local),
        }
    }
}

/// Looks up in the sessions on disk what is not committed yet, and says what they know.
fn begin(context: &Context, repo: &Repo) -> Result<(), CommandError> {
    let begun = Moment::new(repo, context.now()).within(settings::surroundings()).begin()?;
    let name = repo.name();
    if begun.files > 0 {
        let files = counted(begun.files, "file");
        context.say(&format!("{name}: sessions on disk tell of {files} not committed yet"))?;
    }
    if begun.commits > 0 {
        context
            .say(&format!("{name}: sessions on disk match {}", counted(begun.commits, "commit")))?;
    }
    Ok(())
}

fn sentence(repo: &Repo, outcomes: &[(&str, Installed)]) -> String {
    let with = |wanted: Installed| {
        let names =
            outcomes.iter().filter(|(_, outcome)| *outcome == wanted).map(|(hook, _)| *hook);
        names.collect::<Vec<_>>().join(", ")
    };
    let (beside, updated) = (with(Installed::BesideAnother), with(Installed::Updated));
    let name = repo.name();
    if outcomes.iter().all(|(_, outcome)| *outcome == Installed::Unchanged) {
        return format!("{name}: the Git hooks are in place already");
    }
    let mut text = format!("{name}: Git hooks installed");
    if !updated.is_empty() {
        text.push_str(" anew");
    }
    if !beside.is_empty() {
        text = format!("{text} beside yours, which still run first ({beside})");
    }
    text
}

/// Removes the hooks.
pub fn deinit(context: &Context, args: &DeinitArgs) -> Result<ExitCode, CommandError> {
    let repo = context.repo()?;
    let folder = repo.hooks_folder()?;
    for warning in Moment::new(&repo, context.now()).write_waiting()?.warnings {
        context.terminal.warning(&warning);
    }
    init_agents::uninstall(context, &repo, args.global)?;
    let mut removed = 0;
    for hook in RECORDING.into_iter().chain(ON_REQUEST) {
        removed += usize::from(folder.uninstall(hook)?);
    }
    for worktree in worktrees(&repo) {
        let state = worktree.join("model");
        if state.is_dir() {
            fs::remove_dir_all(&state)
                .map_err(|source| InstallError::Write { path: state, source })?;
        }
    }
    let name = repo.name();
    context.say(&match removed {
        0 => format!("{name}: no hooks of ours were there"),
        _ => format!("{name}: hooks removed, what stood there before is back"),
    })?;
    if repo.reference(crate::store::note::REFERENCE)?.is_some() {
        context.say("records stay in refs/notes/model (remove them too: git update-ref -d refs/notes/model)")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns the git directories of all worktrees.
fn worktrees(repo: &Repo) -> Vec<std::path::PathBuf> {
    let linked = fs::read_dir(repo.common_dir().join("worktrees")).into_iter().flatten().flatten();
    std::iter::once(repo.common_dir().to_path_buf())
        .chain(linked.map(|entry| entry.path()))
        .collect()
}

pub(super) fn own_folder(repo: &Repo) -> Result<HooksFolder, CommandError> {
    let folder = repo.hooks_folder()?;
    if repo.is_own_folder(&folder) {
        return Ok(folder);
    }
    let configured = folder.configured.unwrap_or_default();
    Err(InstallError::SharedFolder { configured }.into())
}

/// Says in words whether the hooks that Git will run record, a line each.
pub(super) fn recording(repo: &Repo, program: &Path) -> Result<Vec<String>, CommandError> {
    let folder = repo.hooks_folder()?;
    let states = RECORDING.map(|hook| (hook, folder.state(hook, program)));
    let named = |wanted: &[HookState]| {
        let hooks =
            states.iter().filter(|(_, state)| wanted.contains(state)).map(|(hook, _)| *hook);
        hooks.collect::<Vec<_>>()
    };
    let missing = named(&[HookState::Absent, HookState::Foreign]);
    let mut lines = Vec::new();
    if missing.len() == RECORDING.len() {
        lines.push("no Git hooks here: nothing is recorded (git model init)".to_owned());
    } else if missing.is_empty() {
        let kept = RECORDING.iter().filter(|hook| folder.keeps(hook)).count();
        let beside = if kept > 0 { " beside others, which run first" } else { "" };
        lines.push(format!("Git hooks installed{beside}"));
    } else {
        lines.push(format!(
            "some Git hooks are missing or replaced: {} (git model init)",
            missing.join(", ")
        ));
    }
    if !named(&[HookState::OursOutdated]).is_empty() {
        lines.push("the hooks call another git-model (git model init writes them anew)".to_owned());
    }
    lines.extend(wanted_hooks::complaint(repo, program)?);
    let before = Installation::read(repo.common_dir()).map(|made| made.hooks_path);
    let is_all_missing = missing.len() == RECORDING.len();
    match (folder.configured, before) {
        // Making a worktree is enough for some agents to rewrite the setting.
        (now, Some(before)) if now != before => lines.push(format!(
            "core.hooksPath was {} at git model init and is {} now",
            quoted(before.as_deref()),
            quoted(now.as_deref())
        )),
        (Some(path), _) if is_all_missing => {
            lines.push(format!("core.hooksPath is `{path}`: Git looks for hooks there"));
        }
        _ => {}
    }
    Ok(lines)
}

fn quoted(value: Option<&str>) -> String {
    value.map_or("not set".to_owned(), |value| format!("`{value}`"))
}
