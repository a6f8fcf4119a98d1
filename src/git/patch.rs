//! The change that a commit makes, read line by line while Git prints it.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Stdio};

use crate::git::Error;
use crate::git::history_reader::first_line;
use crate::git::process::{git_command, git_output};
use crate::git::quoted_path::unquote;
use crate::provenance::CommitId;

/// A patch that is read while Git makes it. Dropping it early ends the command.
pub struct PatchReader {
    child: Child,
    output: BufReader<ChildStdout>,
    path: String,
    /// The number of the next line of the new version.
    number: u32,
    /// How many lines of the old and the new version the hunk still has.
    left: (u32, u32),
}

/// One line of a patch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatchLine {
    /// What it is.
    pub kind: PatchLineKind,
    /// The line with its sign, without its line break.
    pub text: Vec<u8>,
}

/// What a line of a patch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatchLineKind {
    /// The head of a file or of a hunk, or a remark.
    Head,
    /// A line that both versions have.
    Context,
    /// A line that the commit adds, with its number.
    Added(u32),
    /// A line that the commit deletes.
    Deleted,
}

/// Returns the pager that Git would start in the present folder.
pub fn pager() -> Option<String> {
    let said = git_output(&["var", "GIT_PAGER"]).ok()?;
    Some(String::from_utf8_lossy(&said).trim().to_owned())
}

impl PatchReader {
    /// Asks Git for the change of a commit against its only parent, or against nothing.
    ///
    /// Settings and programs that change the form of a patch do not count.
    pub fn of(commit: CommitId) -> Result<Self, Error> {
        let failed = |reason: String| Error::GitCommand { command: "diff-tree".into(), reason };
        let options = ["--root", "--no-commit-id", "-r", "-p", "-M", "--no-color", "--no-ext-diff"];
        let form = ["--no-textconv", "--src-prefix=a/", "--dst-prefix=b/", "--histogram"];
        let mut command = git_command(&["--no-pager", "-c", "core.quotePath=false", "diff-tree"]);
        command.args(options).args(form).arg(commit.to_string()).env("LC_ALL", "C");
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| failed(error.to_string()))?;
        let output = child.stdout.take().ok_or_else(|| failed("it has no output".to_owned()))?;
        let output = BufReader::with_capacity(1 << 16, output);
        Ok(Self { child, output, path: String::new(), number: 0, left: (0, 0) })
    }

    /// Returns the path of the file in the new version that the last line was about.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Reads the next line; `None` at the end.
    pub fn next_line(&mut self) -> Result<Option<PatchLine>, Error> {
        let mut text = Vec::new();
        let failed = |reason: String| Error::GitCommand { command: "diff-tree".into(), reason };
        let read = self.output.read_until(b'\n', &mut text);
        if read.map_err(|error| failed(error.to_string()))? == 0 {
            return self.finish().map(|()| None);
        }
        if text.last() == Some(&b'\n') {
            text.pop();
        }
        Ok(Some(PatchLine { kind: self.kind(&text), text }))
    }

    fn kind(&mut self, text: &[u8]) -> PatchLineKind {
        let (old, new) = &mut self.left;
        match text.first() {
            Some(b'+') if *new > 0 => {
                *new -= 1;
                self.number += 1;
                return PatchLineKind::Added(self.number - 1);
            }
            Some(b'-') if *old > 0 => {
                *old -= 1;
                return PatchLineKind::Deleted;
            }
            Some(b' ') | None if *old > 0 && *new > 0 => {
                *old -= 1;
                *new -= 1;
                self.number += 1;
                return PatchLineKind::Context;
            }
            _ => {}
        }
        if let Some((number, left)) = hunk(text) {
            self.number = number;
            self.left = left;
        } else if let Some(name) = text.strip_prefix(b"+++ ") {
            // Git ends a name that has a blank with a tab.
            let name = unquote(name.strip_suffix(b"\t").unwrap_or(name));
            let name = name.strip_prefix(b"b/").unwrap_or(&name);
            self.path = String::from_utf8_lossy(name).into_owned();
        }
        PatchLineKind::Head
    }

    fn finish(&mut self) -> Result<(), Error> {
        let failed = |reason: String| Error::GitCommand { command: "diff-tree".into(), reason };
        let mut complaint = Vec::new();
        if let Some(stderr) = &mut self.child.stderr {
            // What could be read of a complaint is better than none.
            let _ = stderr.read_to_end(&mut complaint);
        }
        let status = self.child.wait().map_err(|error| failed(error.to_string()))?;
        if status.success() { Ok(()) } else { Err(failed(first_line(&complaint))) }
    }
}

impl Drop for PatchReader {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads `@@ -1,2 +3,4 @@`: the first new line, and how many old and new ones there are.
fn hunk(text: &[u8]) -> Option<(u32, (u32, u32))> {
    // The words after the numbers may be in any encoding.
    let mut words = text.strip_prefix(b"@@ -")?.split(|byte| *byte == b' ');
    let mut word = || std::str::from_utf8(words.next()?).ok();
    let pair = |word: &str| -> Option<(u32, u32)> {
        let (start, count) = word.split_once(',').unwrap_or((word, "1"));
        Some((start.parse().ok()?, count.parse().ok()?))
    };
    let (_, old) = pair(word()?)?;
    let (start, new) = pair(word()?.strip_prefix('+')?)?;
    Some((start, (old, new)))
}
