//! A change, read from a repository: which files, which lines of them, and what is left out.

use crate::git::{
    self, FileChange, FileVersion, HunkLine, Repo, TreeAttribute, hunks_between, is_binary,
    quoted_path,
};
use crate::provenance::CommitId;
use crate::review::left_out::{by_path, is_minified, says_it_is_generated};
use crate::review::limit::limit;
use crate::review::text::{is_hidden, visible};
use crate::review::{Change, ChangedFile, ChangedLine, FileKind, LeftOut, LineKind, Section};

/// So many lines around each change are shown: enough for the head of a short function, and models read worse the more
/// they are given.
const LINES_AROUND: usize = 8;

/// A larger file is not read, in bytes: it is data.
const LARGEST_FILE: usize = 1 << 20;

const SYMBOLIC_LINK: u32 = 0o120_000;
const PROGRAM: u32 = 0o100_755;

/// A file that was read, or why it was not.
enum Reading {
    File(ChangedFile),
    LeftOut(&'static str),
}

impl Change {
    /// Reads the difference between two trees.
    ///
    /// What is left out depends on the tree before it alone, and on what the files are: no change hides itself.
    pub fn between(
        repo: &Repo,
        base: Option<CommitId>,
        tree: CommitId,
    ) -> Result<Self, git::Error> {
        let changes = repo.with_renames(repo.changed_files(base, Some(tree))?)?;
        let mut generated = base.map(|base| TreeAttribute::of(repo, base, "linguist-generated"));
        let mut change = Self { base, tree, files: Vec::new(), left_out: Vec::new() };
        for one in changes {
            let old_path = one.old_path.as_deref().unwrap_or(&one.path);
            let is_generated = match &mut generated {
                Some(generated) => generated.is_set(old_path)?,
                None => false,
            };
            match read(repo, &one, is_generated)? {
                Reading::File(file) => change.files.push(file),
                Reading::LeftOut(why) => {
                    let path = shown(&one.path);
                    change.left_out.push(LeftOut { path, why: why.to_owned() });
                }
            }
        }
        limit(&mut change);
        Ok(change)
    }
}

fn shown(path: &[u8]) -> String {
    quoted_path(path, is_hidden)
}

fn read(repo: &Repo, change: &FileChange, is_generated: bool) -> Result<Reading, git::Error> {
    let path = shown(&change.path);
    if [change.old, change.new].into_iter().flatten().any(FileVersion::is_submodule) {
        return Ok(Reading::LeftOut("a submodule"));
    }
    if let Some(why) = by_path(&path) {
        return Ok(Reading::LeftOut(why));
    }
    if is_generated {
        return Ok(Reading::LeftOut("generated, as .gitattributes said before the change"));
    }
    let (Some(old), Some(new)) = (content(repo, change.old)?, content(repo, change.new)?) else {
        return Ok(Reading::LeftOut("larger than 1 MiB"));
    };
    if is_binary(&old) || is_binary(&new) {
        return Ok(Reading::LeftOut("binary"));
    }
    let (old, new) = (git::decode(&old, None), git::decode(&new, None));
    if says_it_is_generated(&old) {
        return Ok(Reading::LeftOut("generated, as its head said before the change"));
    }
    if is_minified(if change.new.is_some() { &new } else { &old }) {
        return Ok(Reading::LeftOut("minified"));
    }
    let file = ChangedFile {
        path,
        raw_path: change.path.clone(),
        old_path: change.old_path.as_deref().map(shown),
        kind: kind(change),
        remark: None,
        sections: sections(&old.replace("\r\n", "\n"), &new.replace("\r\n", "\n")),
    };
    let only_line_ends = file.sections.is_empty() && old != new;
    Ok(Reading::File(ChangedFile { remark: remark(change, only_line_ends), ..file }))
}

/// Returns the content of a file, empty where there is none; `None` where it is too large.
fn content(repo: &Repo, version: Option<FileVersion>) -> Result<Option<Vec<u8>>, git::Error> {
    let Some(version) = version else { return Ok(Some(Vec::new())) };
    if repo.blob_size(version.id)? > LARGEST_FILE {
        return Ok(None);
    }
    repo.blob(version.id).map(Some)
}

fn kind(change: &FileChange) -> FileKind {
    match (change.old, change.new) {
        (None, _) => FileKind::Added,
        (_, None) => FileKind::Deleted,
        _ if change.old_path.is_some() => FileKind::Renamed,
        _ => FileKind::Changed,
    }
}

fn remark(change: &FileChange, only_line_ends: bool) -> Option<String> {
    let is = |version: Option<FileVersion>, mode: u32| version.is_some_and(|v| v.mode == mode);
    let is_kept = change.old.is_some() && change.new.is_some();
    let text = if is(change.new, SYMBOLIC_LINK) {
        "it is a symbolic link; its line is the path that it leads to"
    } else if is(change.old, SYMBOLIC_LINK) && change.new.is_some() {
        "it was a symbolic link and becomes a file"
    } else if is(change.new, PROGRAM) && !is(change.old, PROGRAM) {
        "it becomes a program"
    } else if is_kept && is(change.old, PROGRAM) && !is(change.new, PROGRAM) {
        "it is no program any more"
    } else if only_line_ends {
        "only its line ends changed"
    } else if is_kept && change.old == change.new {
        "its lines did not change"
    } else {
        return None;
    };
    Some(text.to_owned())
}

/// Returns the sections in which two texts differ.
fn sections(old: &str, new: &str) -> Vec<Section> {
    let lines = |text| str::split_inclusive(text, '\n').collect::<Vec<&str>>();
    let (old_lines, new_lines) = (lines(old), lines(new));
    let number = |at: usize| u32::try_from(at + 1).unwrap_or(u32::MAX);
    let line = |line: HunkLine| {
        let (kind, at, lines) = match line {
            HunkLine::Kept(at) => (LineKind::Kept, at, &new_lines),
            HunkLine::Added(at) => (LineKind::Added, at, &new_lines),
            HunkLine::Deleted(at) => (LineKind::Deleted, at, &old_lines),
        };
        let text = lines.get(at).copied().unwrap_or_default().trim_end_matches('\n');
        ChangedLine { kind, number: number(at), text: visible(text), origin: None }
    };
    hunks_between(old, new, LINES_AROUND)
        .into_iter()
        .map(|hunk| Section { lines: hunk.lines.into_iter().map(line).collect() })
        .collect()
}
