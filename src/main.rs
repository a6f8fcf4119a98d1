//! The program `git-model`: parse, run, exit code.

fn main() {}
