//! Which files of a worktree differ from `HEAD`: what a shell command of an agent may be about to change.

use crate::git::Error;
use crate::git::place::Worktree;
use crate::git::process::Place;
use crate::provenance::CommitId;

/// More files than this are not looked at; a build that makes so many is not somebody's writing.
const FILES_LIMIT: usize = 5000;

/// What of a worktree is not committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dirty {
    /// The commit at `HEAD`; `None` on a branch that has none yet.
    pub head: Option<CommitId>,
    /// The files, from the top of the worktree, sorted.
    pub files: Vec<String>,
}

impl Worktree {
    /// Lists the files that differ from `HEAD` or from the index, untracked ones too, ignored ones not.
    ///
    /// Costs what `git status` costs. Writes nothing, not even the index.
    pub fn dirty(&self) -> Result<Dirty, Error> {
        const COMMAND: &[&str] = &[
            "--no-optional-locks",
            "status",
            "--porcelain=v2",
            "--branch",
            "-z",
            "--untracked-files=all",
            "--no-renames",
            "--ignore-submodules=all",
            "--no-ahead-behind",
        ];
        let output = self.git(COMMAND)?;
        let mut dirty = Dirty { head: None, files: Vec::new() };
        for row in output.split(|byte| *byte == 0).filter_map(|row| std::str::from_utf8(row).ok()) {
            if let Some(id) = row.strip_prefix("# branch.oid ") {
                dirty.head = id.parse().ok();
            } else if let Some(path) = path_of(row).filter(|path| !path.ends_with('/')) {
                dirty.files.push(path.to_owned());
            }
        }
        dirty.files.truncate(FILES_LIMIT);
        dirty.files.sort();
        Ok(dirty)
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

/// Returns the path of a row; `None` for a header, and for a kind of row that nobody asked for.
fn path_of(row: &str) -> Option<&str> {
    let words_before = match row.as_bytes().first()? {
        b'1' => 8,
        b'u' => 10,
        b'?' => 1,
        _ => return None,
    };
    row.splitn(words_before + 1, ' ').nth(words_before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::test_repo::TestRepo;

    #[test]
    fn tells_every_kind_of_file_and_head() {
        let repo = TestRepo::new("sha1");
        let write = |name: &str, text: &str| std::fs::write(repo.path().join(name), text).unwrap();
        let dirty = || Worktree::of(repo.path()).unwrap().dirty().unwrap();
        write("a b", "1\n");
        write("gone", "1\n");
        let unborn = dirty();
        assert_eq!((unborn.head, unborn.files), (None, vec!["a b".to_owned(), "gone".to_owned()]));
        repo.git(&["add", "."]);
        repo.git(&["commit", "-q", "-m", "one"]);
        let head = repo.git(&["rev-parse", "HEAD"]).trim_end().parse().unwrap();
        assert_eq!(dirty(), Dirty { head: Some(head), files: Vec::new() });
        write("a b", "2\n");
        write("staged", "1\n");
        repo.git(&["add", "staged"]);
        repo.git(&["mv", "gone", "moved"]);
        std::fs::create_dir(repo.path().join("new")).unwrap();
        write("new/ ? é", "1\n");
        assert_eq!(dirty().files, ["a b", "gone", "moved", "new/ ? é", "staged"]);
        let tree = |text: &str| {
            write("a b", text);
            repo.git(&["add", "a b"]);
            repo.git(&["write-tree"]).trim_end().to_owned()
        };
        let [base, theirs, ours] = ["1\n", "3\n", "2\n"].map(tree);
        repo.git(&["read-tree", "-m", &base, &ours, &theirs]);
        assert_eq!(dirty().files, ["a b", "gone", "moved", "new/ ? é", "staged"]);
    }
}
