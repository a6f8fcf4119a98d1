//! Starting `git`: for what only it knows, and for revisions as `git log` takes them.
#![expect(clippy::disallowed_types, reason = "the one place that starts `git`")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::git::Error;

/// Returns a `git` command that reads nothing from our standard input.
pub(super) fn git_command(arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Variables that say which repository is meant.
const REPOSITORY_VARIABLES: [&str; 9] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_GRAFT_FILE",
    "GIT_SHALLOW_FILE",
    "GIT_PREFIX",
];

/// Where `git` runs.
#[derive(Debug, Clone)]
pub(super) struct Place {
    path: PathBuf,
    /// The folder was named: no variable may point to another repository.
    is_named: bool,
}

impl Place {
    pub(super) fn new(path: &Path, is_named: bool) -> Self {
        Self { path: path.to_path_buf(), is_named }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns a `git` command that runs there.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = git_command(arguments);
        command.current_dir(&self.path);
        for variable in REPOSITORY_VARIABLES.iter().filter(|_| self.is_named) {
            command.env_remove(variable);
        }
        command
    }
}

/// Runs `git` and returns what it prints.
pub(super) fn git_output(arguments: &[&str]) -> Result<Vec<u8>, Error> {
    let failed = |reason: String| Error::GitCommand { command: arguments[..1].join(" "), reason };
    let output = git_command(arguments).output().map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let reason = said.lines().next().unwrap_or("it did not say why").trim_start_matches("fatal: ");
    Err(failed(reason.to_owned()))
}
