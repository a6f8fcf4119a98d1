//! Which files of a worktree differ from `HEAD`: what a shell command of an agent may be about to change.

use std::path::Path;

use crate::git::Error;
use crate::git::place::Worktree;
use crate::git::process::Place;

/// More files than this are not looked at; a build that makes so many is not somebody's writing.
const FILES_LIMIT: usize = 5000;

impl Worktree {
    /// Lists the files that differ from `HEAD` or from the index, untracked ones too, ignored ones not; sorted.
    ///
    /// Costs what `git status` costs. Writes nothing, not even the index.
    pub fn dirty_files(&self) -> Result<Vec<String>, Error> {
        const COMMAND: [&str; 8] = [
            "--no-optional-locks",
            "status",
            "--porcelain=v1",
            "-z",
            "--untracked-files=all",
            "--no-renames",
            "--ignore-submodules=all",
            "--no-ahead-behind",
        ];
        let failed = |reason| Error::GitCommand { command: "status".to_owned(), reason };
        let output = Place::new(Path::new(&self.top), true)
            .command(&COMMAND)
            .output()
            .map_err(|error| failed(error.to_string()))?;
        if !output.status.success() {
            return Err(failed(super::history_reader::first_line(&output.stderr)));
        }
        let rows = output.stdout.split(|byte| *byte == 0).filter_map(|row| row.get(3..));
        let mut paths = rows
            .filter_map(|path| std::str::from_utf8(path).ok())
            .filter(|path| !path.ends_with('/'))
            .take(FILES_LIMIT)
            .map(str::to_owned)
            .collect::<Vec<_>>();
        paths.sort();
        Ok(paths)
    }
}
