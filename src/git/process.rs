//! Starting `git`: for what only it knows, and for revisions as `git log` takes them.
#![expect(clippy::disallowed_types, reason = "the one place that starts `git`")]

use std::process::{Command, Stdio};

use crate::git::Error;

/// Returns a `git` command that reads nothing from our standard input.
pub(super) fn git_command(arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.args(arguments).stdin(Stdio::null());
    command
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
