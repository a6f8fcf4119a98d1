//! Keys that the user gave to Git's credential helpers.
#![expect(clippy::disallowed_types, reason = "the bytes that go to `git` and come from it")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::git::process::git_command;

/// The name under which a key is kept, so that a password of a person for the same host is never taken for one.
pub const CREDENTIAL_NAME: &str = "git-model";

/// Asks the user's credential helpers for the key of an address, `https://HOST/...`.
///
/// Runs outside of any repository, so that no helper is one that a repository names; asks no person. `None` where no
/// helper knows one.
pub fn credential(address: &str, folder: &Path) -> Option<String> {
    let (protocol, rest) = address.split_once("://")?;
    let host = rest.split('/').next().filter(|host| !host.is_empty())?;
    let question = format!("protocol={protocol}\nhost={host}\nusername={CREDENTIAL_NAME}\n\n");
    let mut command = git_command(&["-c", "credential.interactive=false", "credential", "fill"]);
    away_from_repositories(&mut command, folder);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    let mut stdin = child.stdin.take()?;
    let written = stdin.write_all(question.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().ok()?;
    written.ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
    let is_ours = output.status.success() && field("username=") == Some(CREDENTIAL_NAME);
    field("password=").filter(|key| is_ours && !key.is_empty()).map(str::to_owned)
}

/// No repository is found from there, and no person is asked.
fn away_from_repositories(command: &mut Command, folder: &Path) {
    command
        .current_dir(folder)
        // A path that is no repository is taken for none, and no other is looked for.
        .env("GIT_DIR", folder.join("no-repository"))
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_ASKPASS", "")
        .env("GCM_INTERACTIVE", "never");
    for variable in ["GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE"] {
        command.env_remove(variable);
    }
}
