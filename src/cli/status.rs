//! `git model status`: who works, what the next commit would say, whether recording works.

use std::process::ExitCode;

use crate::capture::{DeclaredNow, Moment, declared_origin};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::cli::{FormatArgs, init, init_agents};
use crate::provenance::Origin;
use crate::report::{NextCommit, StatusReport};
use crate::settings;
use crate::store::{Declaration, Declared, Entry, Standing};

/// Show who is declared and what the next commit would say
///
/// Also tells whether the hooks that Git will run here record. Writes nothing.
#[derive(Debug, clap::Args)]
pub struct StatusArgs {
    #[command(flatten)]
    format: FormatArgs,
}

/// Shows the state of this worktree.
pub fn run(context: &Context, args: &StatusArgs) -> Result<ExitCode, CommandError> {
    let repo = context.repo()?;
    if repo.work_tree().is_none() {
        return Err(CommandError::refusal("a bare repository has no next commit")
            .with_hint("its history: git model log"));
    }
    let head = repo.head()?;
    let (declared, journal) = context.declared(&repo)?;
    let moment = Moment::new(&repo, context.now()).within(settings::surroundings());
    let pending = moment.pending()?;
    let program = context.program()?;
    let mut recording = init::recording(&repo, &program)?;
    let now = context.now().timestamp_millis();
    recording.extend(init_agents::recording(&repo, &program, &pending, now));
    let next = moment.preview(declared.who.clone())?.map(|preview| {
        let mut parts = preview
            .record
            .contributions
            .iter()
            .map(|one| (one.origin.clone(), one.lines))
            .collect::<Vec<_>>();
        if preview.record.unknown.changed() > 0 {
            parts.push((Origin::Unknown, preview.record.unknown));
        }
        NextCommit { files: preview.files, trailers: preview.trailers, parts }
    });
    let mut remarks = declared.complaint.iter().cloned().collect::<Vec<_>>();
    if pending.damaged > 0 {
        remarks
            .push(format!("{} damaged lines of what agents told were left aside", pending.damaged));
    }
    let waiting = Entry::waiting_notes(&journal.entries).len();
    if waiting > 0 {
        let records = if waiting == 1 { "record waits" } else { "records wait" };
        remarks.push(format!(
            "{waiting} {records} for the lock of refs/notes/model, until the next commit"
        ));
    }
    let report = StatusReport {
        branch: head.branch.unwrap_or_else(|| "a detached HEAD".to_owned()),
        next,
        declared: in_words(&declared),
        declared_origin: declared.who.as_ref().and_then(declared_origin),
        recording,
        pending,
        remarks,
    };
    context.print(&report, &args.format.format)?;
    Ok(ExitCode::SUCCESS)
}

fn in_words(declared: &DeclaredNow) -> String {
    match (&declared.who, &declared.standing) {
        (Some(who), _) if declared.by_environment => format!("{} by the environment", name(who)),
        (Some(who), Standing::Holds(declaration)) => format!("{}{}", name(who), until(declaration)),
        (Some(who), _) => name(who),
        (None, Standing::Expired(declaration)) => {
            format!(
                "nothing: {} has expired (git model use MODEL, or: use human)",
                was(declaration)
            )
        }
        (None, Standing::Sleeps(declaration)) => format!(
            "nothing here: {} holds on {} (git model use MODEL, or: use human)",
            was(declaration),
            declaration.branch.as_deref().unwrap_or("a detached HEAD")
        ),
        (None, _) => "nothing (git model use MODEL, or: use human)".to_owned(),
    }
}

fn was(declaration: &Declaration) -> String {
    declaration.who.as_ref().map_or_else(|| "nobody".to_owned(), name)
}

fn name(who: &Declared) -> String {
    match declared_origin(who) {
        Some(Origin::Model { model, phase: Some(phase), .. }) => {
            format!("{} ({phase})", model.display())
        }
        _ => "you, by hand".to_owned(),
    }
}

fn until(declaration: &Declaration) -> String {
    match declaration.expires.and_then(|end| chrono::DateTime::from_timestamp(end, 0)) {
        Some(end) => {
            format!(", until {}", end.with_timezone(&chrono::Local).format("%Y-%m-%d %H:%M"))
        }
        None => ", until you clear it".to_owned(),
    }
}
