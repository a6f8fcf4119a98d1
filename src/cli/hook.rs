//! `git model hook NAME`: what the installed hooks call. It never stops a commit.

use std::ffi::OsString;
use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use crate::capture::{Error, Moment, Outcome};
use crate::cli::{agent_plans, sync};
use crate::clock;
use crate::git::{PUSHING, Repo};
use crate::provenance::AgentPlan;
use crate::settings;
use crate::terminal::Terminal;

/// What Git can write to a hook's standard input at most, in bytes: a line of 82 for each of 800,000 commits.
const INPUT_LIMIT: u64 = 64 << 20;

/// Runs a hook by its name; an unknown name does nothing, so that an older program serves a newer shim.
///
/// Any failure, a panic too, becomes one warning line. The exit code is always 0: recording never stops a commit.
pub fn run(arguments: &[OsString]) -> ExitCode {
    survive_panics();
    let terminal = Terminal::detect();
    match run_hook(arguments) {
        Ok(outcome) => {
            for warning in &outcome.warnings {
                terminal.warning(&format!("git-model: {warning}"));
            }
            if let Some(line) = outcome.line {
                terminal.note(&line);
            }
        }
        Err(error) => {
            {
                let is_before = arguments
                    .first()
                    .is_some_and(|name| name == "commit-msg" || name == "prepare-commit-msg");
                let is_push = arguments.first().is_some_and(|name| name == PUSHING);
                let what = if is_push {
                    "records stay here"
                } else if is_before {
                    "the record of this commit will be incomplete"
                } else {
                    "this commit is not recorded"
                };
                terminal.warning(&format!("git-model: {what}: {}", chain(&error)));
            };
        }
    }
    ExitCode::SUCCESS
}

/// Makes a panic end this process as any other failure does: a release build would abort, and Git stop the commit.
#[expect(clippy::exit, reason = "a panic has no other way out that Git takes for success")]
pub fn survive_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let text = panic.to_string().lines().collect::<Vec<_>>().join(" ");
        Terminal::detect().warning(&format!(
            "git-model: this commit is not recorded, a mistake in git-model: {text}"
        ));
        std::process::exit(0);
    }));
}

fn run_hook(arguments: &[OsString]) -> Result<Outcome, Error> {
    let word =
        |place: usize| arguments.get(place).map(|word| word.to_string_lossy()).unwrap_or_default();
    let name = word(0);
    if !matches!(
        name.as_ref(),
        "prepare-commit-msg"
            | "commit-msg"
            | "post-commit"
            | "post-merge"
            | "post-rewrite"
            | "post-applypatch"
            | PUSHING
    ) {
        return Ok(Outcome::default());
    }
    let repo = Repo::discover_for_hook()?;
    if name == PUSHING {
        sync::at_push(&repo, &word(1))?;
        return Ok(Outcome::default());
    }
    let now = clock::now();
    let keep_plans = |plans: &[AgentPlan]| agent_plans::keep(&repo, now, plans);
    let moment = Moment::new(&repo, now).within(settings::surroundings());
    let moment = moment.taking_plans(&keep_plans);
    match name.as_ref() {
        "prepare-commit-msg" => match arguments.get(1) {
            Some(file) => moment.prepare_commit_msg(Path::new(file), &word(2), &word(3)),
            None => Ok(Outcome::default()),
        },
        "commit-msg" => match arguments.get(1) {
            Some(file) => moment.commit_msg(Path::new(file)),
            None => Ok(Outcome::default()),
        },
        "post-commit" => moment.post_commit(),
        "post-merge" if word(1) != "1" => moment.post_merge(),
        "post-merge" => Ok(Outcome::default()),
        "post-rewrite" => moment.post_rewrite(&word(1), &standard_input()),
        _ => moment.post_applypatch(),
    }
}

fn standard_input() -> String {
    let mut bytes = Vec::new();
    // What cannot be read is as what Git did not write: those commits keep no record.
    let _ = std::io::stdin().take(INPUT_LIMIT).read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Writes an error and its causes in one line.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
