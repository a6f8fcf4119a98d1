//! The program `git-model`: parse, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    git_model::cli::run(std::env::args_os().collect())
}
