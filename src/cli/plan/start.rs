//! Starting an agent's program at the terminal, with the text of a handoff.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::backends::{self, Surroundings as _, Way};
use crate::cli::context::Context;
use crate::cli::error::CommandError;
use crate::git::Repo;
use crate::settings::{RoleSetting, Settings};

/// A longer text is put into a file, in bytes: Linux takes at most 128 KiB as one argument.
const ARGUMENT_LIMIT: usize = 64 << 10;

/// The file for a longer text, in Git's folder.
const TEXT_FILE: &str = "HANDOFF.md";

/// A program that can be started at the terminal.
pub(super) struct Started {
    program: PathBuf,
    /// The name under which the user knows it.
    name: &'static str,
    speech: &'static dyn backends::Program,
    role: RoleSetting,
    folder: PathBuf,
}

impl Started {
    /// Finds the program that works with a model: the one that is named for it, else that of the model's vendor.
    ///
    /// Nothing is started yet, and nothing of the repository has a say in which it is.
    pub(super) fn find(
        context: &Context,
        repo: &Repo,
        role: &RoleSetting,
    ) -> Result<Self, CommandError> {
        let by_hand = "start it by hand with the text: git model handoff";
        let Some(folder) = repo.work_tree() else {
            return Err(CommandError::refusal("a bare repository has no files to work on"));
        };
        if !context.terminal.can_ask() || !context.terminal.is_interactive() {
            let text = "there is no terminal here to start an agent in";
            return Err(CommandError::refusal(text).with_hint(by_hand));
        }
        let (name, speech) = choose(role)?;
        let around = Settings::of(repo).around();
        let command = speech.command();
        let program = around.program(command).ok_or_else(|| {
            let text = format!(
                "the program `{command}` is not installed, or stands inside of the repository"
            );
            CommandError::refusal(text).with_hint(by_hand)
        })?;
        Ok(Self { program, name, speech, role: role.clone(), folder: folder.to_path_buf() })
    }

    /// Runs it with a text until the person leaves it; returns its exit code.
    pub(super) fn run(
        &self,
        context: &Context,
        repo: &Repo,
        text: &str,
    ) -> Result<ExitCode, CommandError> {
        let model = &self.role.model;
        let args = if text.len() <= ARGUMENT_LIMIT {
            self.speech.at_terminal(model, text)
        } else {
            let file = written(repo.git_dir(), text)?;
            let text = format!("Read the file {} and do what it says.", file.display());
            self.speech.at_terminal(model, &text)
        };
        let started = format!("starting `{}` with {}", self.name, self.role.model.display());
        context.terminal.note(&started);
        let code = backends::client::run_at_terminal(&self.program, &args, &self.folder);
        let code = code.map_err(|error| {
            let text = format!("cannot start `{}`: {error}", self.program.display());
            CommandError::refusal(text)
                .with_hint("the plan is handed off; the text: git model handoff")
        })?;
        Ok(code.and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
    }
}

/// Chooses the program for a model.
fn choose(
    role: &RoleSetting,
) -> Result<(&'static str, &'static dyn backends::Program), CommandError> {
    let programs = backends::ALL.iter().filter_map(|backend| match backend.way() {
        Way::Program(program) => Some((*backend, program)),
        Way::Api(_) => None,
    });
    let programs = programs.collect::<Vec<_>>();
    let wanted = role.backend.as_deref();
    let vendor = role.model.vendor();
    let found = programs.iter().find(|(backend, _)| wanted == Some(backend.name()));
    // Somebody who asks a provider's interface still works with that vendor's program.
    let found = found.or_else(|| {
        programs.iter().find(|(backend, _)| vendor.is_some() && backend.vendor() == vendor)
    });
    found.map(|(backend, program)| (backend.name(), *program)).ok_or_else(|| {
        let names = programs.iter().map(|(backend, _)| backend.name()).collect::<Vec<_>>();
        let text = format!("it is not known which program works with {}", role.model.display());
        CommandError::refusal(text).with_hint(format!(
            "name one: git model handoff --run --to PROGRAM:{}; there are {}",
            role.model.raw(),
            names.join(", ")
        ))
    })
}

fn written(git_dir: &Path, text: &str) -> Result<PathBuf, CommandError> {
    let folder = git_dir.join("model");
    let file = folder.join(TEXT_FILE);
    let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&file, text));
    written.map_err(|error| {
        CommandError::refusal(format!("cannot write `{}`: {error}", file.display()))
    })?;
    Ok(file)
}
