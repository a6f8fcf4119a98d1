//! Which commits a command is about, in the words of `git log`, and their ids as Git lists them.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use crate::git::history_reader::{first_line, git_at};
use crate::git::walk::lock;
use crate::git::{Error, HistoryReader};
use crate::provenance::CommitId;

/// References that hold our records and other people's notes, and no commits of the project.
const NOT_HISTORY: [&str; 2] = ["--exclude=refs/notes/*", "--exclude=refs/model/*"];

/// A choice of commits, as the user typed it for `git log`.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of `git log`")]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Revisions and ranges; without `paths_marked` also paths, as Git tells them apart.
    pub revisions: Vec<String>,
    /// The paths after `--`.
    pub paths: Vec<OsString>,
    /// All branches, tags and `HEAD`; never notes and plans.
    pub all: bool,
    /// Only commits more recent than this.
    pub since: Option<String>,
    /// Only commits older than this.
    pub until: Option<String>,
    /// Only commits of authors that match one of these.
    pub authors: Vec<String>,
    /// Only commits whose message matches one of these.
    pub greps: Vec<String>,
    /// Without regard to case, in messages and authors.
    pub ignore_case: bool,
    /// At most so many.
    pub max_count: Option<u64>,
    /// Follow only the first parent of a merge.
    pub first_parent: bool,
    /// Leave merges out.
    pub no_merges: bool,
}

impl Selection {
    /// Says whether this is everything below some commits, so that no order and no exclusion matters.
    fn is_whole(&self) -> bool {
        let plain = Self { revisions: self.revisions.clone(), all: self.all, ..Self::default() };
        *self == plain && self.revisions.iter().all(|revision| is_plain(revision))
    }

    pub(super) fn revision_arguments(&self) -> Vec<&str> {
        let mut arguments = Vec::new();
        if self.all {
            arguments.extend(NOT_HISTORY);
            arguments.push("--all");
        }
        arguments.push("--end-of-options");
        arguments.extend(self.revisions.iter().map(String::as_str));
        arguments
    }

    fn log_arguments(&self) -> Vec<String> {
        let mut arguments: Vec<String> =
            ["log", "--format=%H", "--no-show-signature", "--no-patch", "--no-color"]
                .map(str::to_owned)
                .into();
        arguments.extend(self.choice_arguments());
        arguments
    }

    /// Returns the arguments of `git log` that choose the commits, all but the paths after `--`.
    pub(super) fn choice_arguments(&self) -> Vec<String> {
        let mut arguments = Vec::new();
        arguments.extend(self.since.iter().map(|date| format!("--since={date}")));
        arguments.extend(self.until.iter().map(|date| format!("--until={date}")));
        arguments.extend(self.authors.iter().map(|author| format!("--author={author}")));
        arguments.extend(self.greps.iter().map(|pattern| format!("--grep={pattern}")));
        arguments.extend(self.ignore_case.then(|| "--regexp-ignore-case".to_owned()));
        arguments.extend(self.max_count.map(|count| format!("--max-count={count}")));
        arguments.extend(self.first_parent.then(|| "--first-parent".to_owned()));
        arguments.extend(self.no_merges.then(|| "--no-merges".to_owned()));
        arguments.extend(self.revision_arguments().into_iter().map(str::to_owned));
        arguments
    }
}

/// Says whether a revision names one commit and cannot be a range, an exclusion or a search.
fn is_plain(revision: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "/_.-~".contains(c);
    !revision.starts_with('-') && !revision.contains("..") && revision.chars().all(allowed)
}

/// The ids of the chosen commits, read from `git log` while it runs.
///
/// Dropping it early ends the command.
pub struct CommitIds {
    child: Arc<Mutex<Child>>,
    output: BufReader<ChildStdout>,
    complaint: Option<JoinHandle<Vec<u8>>>,
}

/// Ends the command that lists commits, while another thread may still wait for its output.
pub(super) struct Stopper(Arc<Mutex<Child>>);

/// How the ids of a list come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Each as soon as Git finds it, for somebody who watches.
    Live,
    /// Many at once, which is faster.
    Bulk,
}

impl HistoryReader {
    /// Returns the tips of a selection that is a whole history; `None` where only Git can list the commits.
    pub fn tips(&self, selection: &Selection) -> Option<Vec<CommitId>> {
        if self.rewired || !selection.is_whole() {
            return None;
        }
        let mut arguments = vec!["rev-list", "--no-walk=unsorted"];
        arguments.extend(selection.revision_arguments());
        if selection.revisions.is_empty() && !selection.all {
            arguments.push("HEAD");
        }
        arguments.push("--");
        // Where Git objects, `git log` is asked, whose words are the better ones and which also takes paths.
        let said = git_at(&self.place, &arguments).ok()?;
        let said = String::from_utf8_lossy(&said);
        let tips = said.lines().map(str::parse).collect::<Result<Vec<_>, _>>().ok()?;
        (!tips.is_empty()).then_some(tips)
    }

    /// Says whether some of a selection are paths, with or without `--` before them.
    pub fn has_paths(&self, selection: &Selection) -> bool {
        let are_revisions = || {
            let mut arguments = vec!["rev-list", "--no-walk=unsorted", "--max-count=1"];
            arguments.extend(selection.revision_arguments());
            arguments.push("--");
            git_at(&self.place, &arguments).is_ok()
        };
        !selection.paths.is_empty() || (!selection.revisions.is_empty() && !are_revisions())
    }

    /// Lists the chosen commits in Git's order.
    pub fn list(&self, selection: &Selection, pace: Pace) -> Result<CommitIds, Error> {
        let failed = |reason: String| Error::GitCommand { command: "log".to_owned(), reason };
        if let Some(option) = selection.revisions.iter().find(|word| word.starts_with('-')) {
            return Err(Error::UnknownRevision { revision: option.clone() });
        }
        let mut command = self.place.command(&["-c", "log.showSignature=false", "--no-pager"]);
        command.args(selection.log_arguments());
        if !selection.paths.is_empty() {
            command.arg("--").args(&selection.paths);
        }
        if pace == Pace::Bulk {
            // Into a pipe Git writes each line by itself unless told not to.
            command.env("GIT_FLUSH", "0");
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
        Ok(CommitIds {
            child: Arc::new(Mutex::new(child)),
            output: BufReader::with_capacity(1 << 16, output),
            complaint: Some(complaint),
        })
    }
}

impl CommitIds {
    /// Returns what ends the list early.
    pub(super) fn stopper(&self) -> Stopper {
        Stopper(Arc::clone(&self.child))
    }

    /// Reads up to `limit` ids, fewer where Git has not found more yet, and none at the end.
    pub(super) fn next_batch(&mut self, limit: usize) -> Result<Vec<CommitId>, Error> {
        let mut ids = Vec::with_capacity(limit);
        let mut line = String::new();
        while ids.is_empty() || (ids.len() < limit && self.output.buffer().contains(&b'\n')) {
            line.clear();
            let read = self.output.read_line(&mut line);
            if read.map_err(|error| self.failed(error.to_string()))? == 0 {
                self.check_end()?;
                break;
            }
            let id = line.trim_end().parse();
            ids.push(
                id.map_err(|_| self.failed("it listed something that is no commit".to_owned()))?,
            );
        }
        Ok(ids)
    }

    /// Turns a failure of `git log` into one of ours, once all of its output is read.
    fn check_end(&mut self) -> Result<(), Error> {
        let Some(complaint) = self.complaint.take() else { return Ok(()) };
        let complaint = complaint.join().unwrap_or_default();
        let status = lock(&self.child).wait().map_err(|error| self.failed(error.to_string()))?;
        if status.success() {
            return Ok(());
        }
        let reason = first_line(&complaint);
        let quoted = || reason.split('\'').nth(1).unwrap_or_default().to_owned();
        if reason.contains("does not have any commits yet") {
            return Err(Error::Unborn { branch: quoted() });
        }
        if reason.starts_with("bad revision") || reason.starts_with("ambiguous argument") {
            return Err(Error::UnknownRevision { revision: quoted() });
        }
        Err(self.failed(reason))
    }

    #[expect(clippy::unused_self, reason = "a failure of this command")]
    fn failed(&self, reason: String) -> Error {
        Error::GitCommand { command: "log".to_owned(), reason }
    }
}

impl Stopper {
    pub(super) fn stop(&self) {
        let mut child = lock(&self.0);
        // It may have ended by itself in the meantime.
        let _ = child.kill();
        let _ = child.wait();
    }
}

impl Drop for CommitIds {
    fn drop(&mut self) {
        if self.complaint.is_some() {
            self.stopper().stop();
        }
    }
}
