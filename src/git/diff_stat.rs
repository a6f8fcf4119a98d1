//! How much some commits change, in Git's own short form.

use std::path::Path;

use crate::git::process::git_output;
use crate::provenance::CommitId;

/// A patch as Git itself makes it: no program of the repository's attributes or of the user's is started for it.
const AS_IT_IS: [&str; 4] = ["--patch", "--no-color", "--no-ext-diff", "--no-textconv"];

/// Lists commits, each with its subject and the files it changes; empty where Git cannot.
pub fn stat_of(commits: &[CommitId]) -> String {
    if commits.is_empty() {
        return String::new();
    }
    let ids = commits.iter().map(CommitId::to_string).collect::<Vec<_>>();
    let mut arguments =
        vec!["log", "--no-walk=unsorted", "--stat=76", "--format=%h %s", "--no-color"];
    arguments.extend(ids.iter().map(String::as_str));
    arguments.push("--");
    said(&arguments)
}

/// Lists the files that differ from `HEAD`, staged or not; empty where none does, or there is no commit yet.
pub fn stat_of_work(work_tree: Option<&Path>) -> String {
    work_tree.map_or_else(String::new, |_| said(&["diff", "--stat=76", "--no-color", "HEAD", "--"]))
}

/// Returns what some commits changed, line by line, each commit with its subject; empty where Git cannot.
pub fn patches_of(commits: &[CommitId]) -> String {
    if commits.is_empty() {
        return String::new();
    }
    let ids = commits.iter().map(CommitId::to_string).collect::<Vec<_>>();
    let mut arguments = vec!["log", "--no-walk=unsorted", "--format=%h %s"];
    arguments.extend(AS_IT_IS);
    arguments.extend(ids.iter().map(String::as_str));
    arguments.push("--");
    said(&arguments)
}

/// Returns what differs from `HEAD`, line by line, staged or not.
pub fn patch_of_work(work_tree: Option<&Path>) -> String {
    let mut arguments = vec!["diff"];
    arguments.extend(AS_IT_IS);
    arguments.extend(["HEAD", "--"]);
    work_tree.map_or_else(String::new, |_| said(&arguments))
}

/// Returns the editor that Git would start in the present folder.
pub fn editor() -> Option<String> {
    let said = said(&["var", "GIT_EDITOR"]);
    Some(said.trim().to_owned()).filter(|editor| !editor.is_empty())
}

fn said(arguments: &[&str]) -> String {
    git_output(arguments)
        .map(|said| String::from_utf8_lossy(&said).into_owned())
        .unwrap_or_default()
}
