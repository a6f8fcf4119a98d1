//! Starting a program that goes on by itself.
#![expect(
    clippy::disallowed_types,
    reason = "the one place that starts a program other than `git`"
)]

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::os;

/// Starts a program that nobody waits for: in a group of its own, with nothing to read and nobody to tell.
pub fn start_apart(program: &Path, args: &[String], folder: &Path) -> io::Result<()> {
    let mut command = Command::new(program);
    command
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    os::in_own_group(&mut command);
    command.spawn().map(drop)
}
