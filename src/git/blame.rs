//! Which commit each line of a file comes from, as `git blame` finds it.
//!
//! Git is the authority for its own options, so it is asked and its porcelain is read. What it prints is kept as it is.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::git::history_reader::{first_line, git_at};
use crate::git::quoted_path::unquote;
use crate::git::{Error, HistoryReader};
use crate::provenance::CommitId;

/// Git itself looks for a zero byte in so much of a file to tell whether it is text.
const LOOKED_AT: usize = 8000;

/// What `git blame` is asked, in its own words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BlameRequest {
    /// The file, from the present folder.
    pub path: OsString,
    /// The revision or range; none means the file as it is in the work tree.
    pub revisions: Vec<String>,
    /// The ranges of `-L`, in any of Git's forms.
    pub lines: Vec<String>,
    /// Ignore changes of blanks (`-w`).
    pub ignore_whitespace: bool,
    /// Find moved lines (`-M`): the thresholds, empty for Git's own.
    pub moves: Vec<String>,
    /// Find copied lines (`-C`): the thresholds, one for each time it was given.
    pub copies: Vec<String>,
    /// Commits to look through (`--ignore-rev`).
    pub ignored_revisions: Vec<String>,
    /// Files with such commits (`--ignore-revs-file`); an empty name clears the list.
    pub ignored_revisions_files: Vec<OsString>,
    /// Look no further back than this date.
    pub since: Option<String>,
    /// Follow only the first parent of a merge.
    pub first_parent: bool,
    /// Repeat the headers of the commit for each line, as `--line-porcelain` does.
    pub repeats_headers: bool,
}

/// What `git blame` printed, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BlameOutput {
    bytes: Vec<u8>,
    /// The lines, by their numbers in the file.
    pub lines: Vec<BlamedLine>,
    /// The paths that lines come from, from the top of the repository; bytes that are not UTF-8 are replaced.
    pub paths: Vec<String>,
}

/// One line of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlamedLine {
    /// The commit; `None` where the line is not committed.
    pub commit: Option<CommitId>,
    /// The commit is where the search ended, not where the line was made; also so of a root commit.
    pub is_boundary: bool,
    /// Its number in the file.
    pub number: u32,
    /// Its number in the commit's version.
    pub original_number: u32,
    /// The place of the file's path in the commit, in [`BlameOutput::paths`].
    pub path: usize,
    headers: Range<usize>,
    text: Range<usize>,
}

/// Why a file cannot be blamed.
#[derive(Debug, thiserror::Error)]
pub enum BlameError {
    /// The repository or the revision.
    #[error(transparent)]
    Git(#[from] Error),
    /// There is no such file.
    #[error("there is no file `{}` in {revision}", path.display())]
    Missing {
        /// As it was typed.
        path: PathBuf,
        /// Where it was looked for.
        revision: String,
    },
    /// The file is there, and Git does not know it.
    #[error("Git does not track the file `{}`", path.display())]
    Untracked {
        /// As it was typed.
        path: PathBuf,
    },
    /// A folder has no lines.
    #[error("`{}` is a folder", path.display())]
    Folder {
        /// As it was typed.
        path: PathBuf,
    },
    /// The path leads out of the repository.
    #[error("`{}` is outside this repository", path.display())]
    Outside {
        /// As it was typed.
        path: PathBuf,
    },
    /// The file has no lines that people could read.
    #[error("`{}` is a binary file", path.display())]
    Binary {
        /// As it was typed.
        path: PathBuf,
    },
    /// Anything else that Git objects to.
    #[error("cannot blame `{}`: {reason}", path.display())]
    Refused {
        /// As it was typed.
        path: PathBuf,
        /// Git's own words.
        reason: String,
    },
}

impl HistoryReader {
    /// Asks Git for the commit of each line.
    pub fn blame(&self, request: &BlameRequest) -> Result<BlameOutput, BlameError> {
        if let Some(option) = request.revisions.iter().find(|word| word.starts_with('-')) {
            return Err(Error::UnknownRevision { revision: option.clone() }.into());
        }
        let failed = |reason: String| Error::GitCommand { command: "blame".to_owned(), reason };
        let mut command = self.place.command(&["--no-pager"]);
        command.args(request.arguments()).arg("--").arg(&request.path).env("LC_ALL", "C");
        let output = command.output().map_err(|error| failed(error.to_string()))?;
        if !output.status.success() {
            return Err(self.refusal(request, first_line(&output.stderr)));
        }
        BlameOutput::parse(output.stdout)
            .ok_or_else(|| failed("it printed something unknown".to_owned()).into())
    }

    /// Says whether a word names a commit, as `git blame FILE REV` looks at it.
    pub fn is_revision(&self, word: &OsStr) -> bool {
        let Some(word) = word.to_str().filter(|word| !word.starts_with('-')) else { return false };
        let commit = format!("{word}^{{commit}}");
        git_at(&self.place, &["rev-parse", "--quiet", "--verify", &commit]).is_ok()
    }

    fn refusal(&self, request: &BlameRequest, reason: String) -> BlameError {
        let path = PathBuf::from(&request.path);
        let there = self.place.path().join(&path);
        if reason == "no such ref: HEAD" {
            let branch = self.branch().unwrap_or_else(|| "HEAD".to_owned());
            return Error::Unborn { branch }.into();
        }
        if let Some(revision) = reason.strip_prefix("bad revision ") {
            return Error::UnknownRevision { revision: revision.replace('\'', "") }.into();
        }
        if reason.contains("is outside repository") {
            return BlameError::Outside { path };
        }
        if reason.starts_with("no such path ") {
            if there.is_dir() {
                return BlameError::Folder { path };
            }
            let at_work_tree = request.revisions.is_empty();
            if at_work_tree && there.exists() {
                return BlameError::Untracked { path };
            }
            let revision = reason.rsplit(' ').next().unwrap_or("HEAD").to_owned();
            return BlameError::Missing { path, revision };
        }
        BlameError::Refused { path, reason }
    }
}

impl BlameRequest {
    /// Returns the command with all options and revisions.
    fn arguments(&self) -> Vec<OsString> {
        let porcelain = if self.repeats_headers { "--line-porcelain" } else { "--porcelain" };
        // Records number the lines of the content itself, not of what a filter makes of it.
        let mut arguments: Vec<OsString> =
            ["blame", porcelain, "--no-progress", "--no-textconv"].map(OsString::from).into();
        let mut add = |text: String| arguments.push(text.into());
        self.lines.iter().for_each(|range| add(format!("-L{range}")));
        if self.ignore_whitespace {
            add("-w".to_owned());
        }
        self.moves.iter().for_each(|score| add(format!("-M{score}")));
        self.copies.iter().for_each(|score| add(format!("-C{score}")));
        self.ignored_revisions.iter().for_each(|commit| add(format!("--ignore-rev={commit}")));
        self.since.iter().for_each(|date| add(format!("--since={date}")));
        if self.first_parent {
            add("--first-parent".to_owned());
        }
        for file in &self.ignored_revisions_files {
            let mut option = OsString::from("--ignore-revs-file=");
            option.push(file);
            arguments.push(option);
        }
        arguments.extend(self.revisions.iter().map(OsString::from));
        arguments
    }
}

impl BlameOutput {
    /// Takes the porcelain apart; `None` where it is none.
    fn parse(bytes: Vec<u8>) -> Option<Self> {
        let mut lines = Vec::new();
        let mut paths = Paths::default();
        // What Git says of a commit once holds for its later lines, until it says otherwise.
        let mut of_commits: HashMap<CommitId, (usize, bool)> = HashMap::new();
        let mut at = 0;
        while at < bytes.len() {
            let start = at;
            let (commit, original_number, number) = numbers(take_line(&bytes, &mut at))?;
            let (mut path, mut is_boundary) =
                of_commits.get(&commit).copied().unwrap_or((0, false));
            let (headers, text) = loop {
                let line_start = at;
                if at >= bytes.len() {
                    return None;
                }
                let line = take_line(&bytes, &mut at);
                if line.starts_with(b"\t") {
                    break (start..line_start, line_start + 1..line_start + line.len());
                }
                if let Some(name) = line.strip_prefix(b"filename ") {
                    path = paths.place(&unquote(name));
                }
                is_boundary |= line == b"boundary";
            };
            of_commits.insert(commit, (path, is_boundary));
            let commit = (!commit.is_zero()).then_some(commit);
            lines.push(BlamedLine {
                commit,
                is_boundary,
                number,
                original_number,
                path,
                headers,
                text,
            });
        }
        Some(Self { bytes, lines, paths: paths.names })
    }

    /// Returns the text of a line, without its line break.
    pub fn text(&self, line: &BlamedLine) -> &[u8] {
        &self.bytes[line.text.clone()]
    }

    /// Returns all that Git printed of a line before its text: whole lines.
    pub fn headers(&self, line: &BlamedLine) -> &[u8] {
        &self.bytes[line.headers.clone()]
    }

    /// Fails for a file that is not text, as Git judges it.
    pub fn check_is_text(&self, path: &Path) -> Result<(), BlameError> {
        let mut left = LOOKED_AT;
        for line in &self.lines {
            let text = self.text(line);
            let looked_at = &text[..text.len().min(left)];
            if looked_at.contains(&0) {
                return Err(BlameError::Binary { path: path.to_path_buf() });
            }
            left -= looked_at.len();
        }
        Ok(())
    }
}

/// The paths that were met, each once.
#[derive(Default)]
struct Paths {
    names: Vec<String>,
    places: HashMap<Vec<u8>, usize>,
}

impl Paths {
    fn place(&mut self, path: &[u8]) -> usize {
        if let Some(place) = self.places.get(path) {
            return *place;
        }
        let place = self.names.len();
        self.names.push(String::from_utf8_lossy(path).into_owned());
        self.places.insert(path.to_vec(), place);
        place
    }
}

/// Returns the line that begins at a place, and moves the place behind its line break.
fn take_line<'b>(bytes: &'b [u8], at: &mut usize) -> &'b [u8] {
    let rest = &bytes[*at..];
    let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    *at += (end + 1).min(rest.len());
    &rest[..end]
}

/// Reads `ID ORIGINAL FINAL [COUNT]`.
fn numbers(line: &[u8]) -> Option<(CommitId, u32, u32)> {
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    let commit = words.next()?.parse().ok()?;
    Some((commit, words.next()?.parse().ok()?, words.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "1123456789abcdef0123456789abcdef01234567";
    const TWO: &str = "0000000000000000000000000000000000000000";

    #[test]
    fn headers_hold_for_the_later_lines_of_a_commit() {
        let text = format!(
            "{ONE} 7 1 2\nauthor A\nboundary\nfilename old.rs\n\tone\n{ONE} 8 2\n\t\n{TWO} 3 3 1\nfilename new.rs\n\
             \tthree\r\n{ONE} 9 4 1\nprevious {TWO} x\nfilename \"a\\tb\"\n\t\tfour\n"
        );
        let output = BlameOutput::parse(text.into_bytes()).unwrap();
        let drawn = output.lines.iter().map(|line| {
            let text = String::from_utf8_lossy(output.text(line)).into_owned();
            let path = output.paths[line.path].as_str();
            (line.number, line.original_number, path, line.is_boundary, text)
        });
        assert_eq!(
            drawn.collect::<Vec<_>>(),
            [
                (1, 7, "old.rs", true, "one".to_owned()),
                (2, 8, "old.rs", true, String::new()),
                (3, 3, "new.rs", false, "three\r".to_owned()),
                (4, 9, "a\tb", true, "\tfour".to_owned()),
            ]
        );
        assert_eq!(output.lines[2].commit, None);
        assert_eq!(output.headers(&output.lines[1]), format!("{ONE} 8 2\n").as_bytes());
    }

    #[test]
    fn what_is_torn_is_refused() {
        for text in ["nonsense\n", &format!("{ONE} 1 1 1\nauthor A\n"), &format!("{ONE} 1\n\tx\n")]
        {
            assert_eq!(BlameOutput::parse(text.as_bytes().to_vec()), None, "{text}");
        }
        assert!(BlameOutput::parse(Vec::new()).unwrap().lines.is_empty());
    }
}
