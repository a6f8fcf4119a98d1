//! Changes as `git log --numstat` counts them: for paths and for grafted parents, which only Git understands.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use crate::git::history_reader::first_line;
use crate::git::{Error, FolderChange, HistoryReader, Selection};
use crate::provenance::CommitId;

/// Before the id of each commit in Git's output.
const COMMIT: char = '\u{1}';

/// The changes of the chosen commits, inside the chosen paths.
#[derive(Debug, Default)]
pub struct ChangesOfGit {
    changes: HashMap<CommitId, Vec<FolderChange>>,
}

impl ChangesOfGit {
    /// Lets Git count. Slower than reading the objects, and holds all of it in memory.
    pub fn read(reader: &HistoryReader, selection: &Selection) -> Result<Self, Error> {
        let failed = |reason: String| Error::GitCommand { command: "log".to_owned(), reason };
        let mut command =
            reader.place.command(&["-c", "log.showSignature=false", "-c", "core.quotePath=false"]);
        command.args(["--no-pager", "log", "--format=%x01%H", "--numstat", "--no-renames"]);
        command.args(["--no-color", "--no-ext-diff", "--no-textconv", "--no-show-signature"]);
        command.args(selection.choice_arguments());
        if !selection.paths.is_empty() {
            command.arg("--").args(&selection.paths);
        }
        let mut child = command
            .env("LC_ALL", "C")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| failed(error.to_string()))?;
        let (Some(output), Some(mut complaint)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(failed("its output cannot be read".to_owned()));
        };
        let complaint = std::thread::spawn(move || {
            let mut text = Vec::new();
            // What could be read of a complaint is better than none.
            let _ = complaint.read_to_end(&mut text);
            text
        });
        let mut read = Self::default();
        let mut current = None;
        for line in BufReader::with_capacity(1 << 16, output).split(b'\n') {
            let line = line.map_err(|error| failed(error.to_string()))?;
            read.take(&line, &mut current);
        }
        let status = child.wait().map_err(|error| failed(error.to_string()))?;
        if status.success() {
            return Ok(read);
        }
        Err(failed(first_line(&complaint.join().unwrap_or_default())))
    }

    /// Returns what a commit changed; `None` where Git shows no changes of it.
    pub fn of(&self, commit: CommitId) -> Option<&[FolderChange]> {
        self.changes.get(&commit).map(Vec::as_slice)
    }

    fn take(&mut self, line: &[u8], current: &mut Option<CommitId>) {
        let text = String::from_utf8_lossy(line);
        if let Some(id) = text.strip_prefix(COMMIT) {
            *current = id.parse().ok();
            return;
        }
        let mut columns = line.splitn(3, |byte| *byte == b'\t');
        let (Some(added), Some(deleted), Some(path), Some(commit)) =
            (columns.next(), columns.next(), columns.next(), *current)
        else {
            return;
        };
        // A binary file has `-` for both.
        let number = |digits: &[u8]| {
            std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()).unwrap_or(0)
        };
        // Git puts odd paths in quotation marks.
        let path = path.strip_prefix(b"\"").unwrap_or(path);
        let folder = memchr::memchr(b'/', path).map_or(&b""[..], |end| &path[..end]);
        let folders = self.changes.entry(commit).or_default();
        let place =
            folders.iter().position(|change| change.folder == folder).unwrap_or_else(|| {
                folders.push(FolderChange { folder: folder.to_vec(), added: 0, deleted: 0 });
                folders.len() - 1
            });
        folders[place].added += number(added);
        folders[place].deleted += number(deleted);
    }
}
