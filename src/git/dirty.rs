//! Which files of a worktree differ from `HEAD`: what a shell command of an agent may be about to change.

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
        const COMMAND: &[&str] = &[
            "--no-optional-locks",
            "status",
            "--porcelain=v1",
            "-z",
            "--untracked-files=all",
            "--no-renames",
            "--ignore-submodules=all",
            "--no-ahead-behind",
        ];
        let output = self.git(COMMAND)?;
        let rows = output.split(|byte| *byte == 0).filter_map(|row| row.get(3..));
        let mut paths = rows
            .filter_map(|path| std::str::from_utf8(path).ok())
            .filter(|path| !path.ends_with('/'))
            .take(FILES_LIMIT)
            .map(str::to_owned)
            .collect::<Vec<_>>();
        paths.sort();
        Ok(paths)
    }

    /// Returns when the last commit was made that changed a file, in seconds since 1970; `None` for a new file.
    pub fn last_commit_of(&self, path: &str) -> Result<Option<i64>, Error> {
        if !self.has_commits() {
            return Ok(None);
        }
        let output = self.git(&["--literal-pathspecs", "log", "-1", "--format=%ct", "--", path])?;
        Ok(std::str::from_utf8(&output).ok().and_then(|text| text.trim_end().parse().ok()))
    }

    fn has_commits(&self) -> bool {
        self.git(&["rev-parse", "--verify", "--quiet", "HEAD"]).is_ok()
    }

    fn git(&self, arguments: &[&str]) -> Result<Vec<u8>, Error> {
        let name = arguments.iter().find(|word| !word.starts_with("--")).copied();
        let failed =
            |reason| Error::GitCommand { command: name.unwrap_or_default().to_owned(), reason };
        let command = &mut Place::new(&self.top, true).command(arguments);
        let output = command.output().map_err(|error| failed(error.to_string()))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(failed(super::history_reader::first_line(&output.stderr)))
    }
}
