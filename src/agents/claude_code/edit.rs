//! What the result of a file tool says about the file: the same object in a hook and in a session file.

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::text::Text;
use crate::provenance::{FileEdit, FileState, Hunk};

#[cfg(test)]
mod tests;

/// The result of `Write`, `Edit`, `MultiEdit` and `NotebookEdit`, as far as it is read.
#[derive(Debug, Deserialize)]
struct EditResult {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(rename = "filePath")]
    file_path: Option<PathBuf>,
    content: Option<Text>,
    #[serde(rename = "originalFile")]
    original: Option<Text>,
    #[serde(rename = "structuredPatch", default)]
    patch: Vec<PatchHunk>,
    #[serde(rename = "oldString")]
    old_string: Option<Text>,
    #[serde(rename = "newString")]
    new_string: Option<Text>,
    #[serde(rename = "replaceAll", default)]
    replaces_all: bool,
    #[serde(rename = "userModified", default)]
    is_changed_by_person: bool,
    notebook_path: Option<PathBuf>,
    original_file: Option<Text>,
    updated_file: Option<Text>,
    error: Option<Text>,
}

#[derive(Debug, Deserialize)]
struct PatchHunk {
    #[serde(rename = "oldStart")]
    old_start: u32,
    #[serde(rename = "newStart")]
    new_start: u32,
    lines: Vec<Text>,
}

/// Reads what a call did to its file; `None` if it did nothing, or does not say to which.
pub(super) fn read(result: &RawValue) -> Option<FileEdit> {
    let result: EditResult = serde_json::from_str(result.get()).ok()?;
    if let Some(path) = result.notebook_path {
        if result.error.is_some_and(|error| !error.0.is_empty()) {
            return None;
        }
        let (before, after) = (state(result.original_file), state(result.updated_file));
        return Some(FileEdit { path, before, after, hunks: Vec::new() });
    }
    let path = result.file_path?;
    let end_before = if tells_end(&result.patch) {
        End::Told(!lacks_break(&result.patch, '-'))
    } else {
        End::AsBefore
    };
    let hunks = result.patch.into_iter().map(PatchHunk::into_hunk).collect::<Vec<_>>();
    let (before, after) = match (result.content, result.original) {
        // A whole file was written.
        (Some(content), Some(original)) => (content_of(original), content_of(content)),
        (Some(content), None) if result.kind.as_deref() == Some("create") => {
            (FileState::Absent, content_of(content))
        }
        // A session file leaves the original of a larger file out.
        (Some(content), None) if !hunks.is_empty() => {
            (state(apply(&content.0, &hunks, Direction::Back, end_before)), content_of(content))
        }
        (Some(content), None) => (FileState::Unknown, content_of(content)),
        (None, Some(original)) => {
            let swap = Swap {
                old: result.old_string.as_ref(),
                new: result.new_string.as_ref(),
                is_everywhere: result.replaces_all,
            };
            let after = edited(&original.0, &hunks, &swap);
            (content_of(original), state(after))
        }
        (None, None) => (FileState::Unknown, FileState::Unknown),
    };
    // Somebody changed the proposal before it was written, so whose lines these are is not known.
    if result.is_changed_by_person {
        return Some(FileEdit { path, before, after: FileState::Unknown, hunks: Vec::new() });
    }
    Some(FileEdit { path, before, after, hunks })
}

/// What a file tool is given, as far as it is read.
#[derive(Debug, Deserialize)]
struct EditInput {
    file_path: Option<PathBuf>,
    notebook_path: Option<PathBuf>,
    content: Option<Text>,
    old_string: Option<Text>,
    new_string: Option<Text>,
}

/// Reads what a call was to do to its file, for files of helpers: their results are the text that the model saw.
pub(super) fn read_input(input: &RawValue, result: Option<&RawValue>) -> Option<FileEdit> {
    let input: EditInput = serde_json::from_str(input.get()).ok()?;
    let path = input.file_path.or(input.notebook_path)?;
    if let Some(content) = input.content {
        let is_new = result.is_some_and(|text| text.get().starts_with("\"File created"));
        let before = if is_new { FileState::Absent } else { FileState::Unknown };
        return Some(FileEdit { path, before, after: content_of(content), hunks: Vec::new() });
    }
    let hunks = match (input.old_string, input.new_string) {
        (Some(old), Some(new)) => vec![hunk_of_texts(&old.0, &new.0)],
        _ => Vec::new(),
    };
    Some(FileEdit { path, before: FileState::Unknown, after: FileState::Unknown, hunks })
}

/// Returns the lines of two texts of which one was put in place of the other, nobody says where.
fn hunk_of_texts(old: &str, new: &str) -> Hunk {
    let (old, new) = (old.lines().collect::<Vec<_>>(), new.lines().collect::<Vec<_>>());
    let shared = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let ends = old[shared..].iter().rev().zip(new[shared..].iter().rev());
    let shared_end = ends.take_while(|(old, new)| old == new).count();
    let signed = |sign: &str, lines: &[&str]| {
        lines.iter().map(|line| format!("{sign}{line}")).collect::<Vec<_>>()
    };
    let lines = [
        signed(" ", &old[..shared]),
        signed("-", &old[shared..old.len() - shared_end]),
        signed("+", &new[shared..new.len() - shared_end]),
        signed(" ", &old[old.len() - shared_end..]),
    ];
    Hunk { old_start: 0, new_start: 0, lines: lines.concat() }
}

impl PatchHunk {
    fn into_hunk(self) -> Hunk {
        let lines = self.lines.into_iter().map(|line| line.0);
        Hunk {
            old_start: self.old_start,
            new_start: self.new_start,
            // `\ No newline at end of file` is no line.
            lines: lines.filter(|line| line.starts_with([' ', '-', '+'])).collect(),
        }
    }
}

fn content_of(text: Text) -> FileState {
    FileState::Content(text.0.into_bytes())
}

fn state(text: Option<Text>) -> FileState {
    text.map_or(FileState::Unknown, content_of)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Forth,
    Back,
}

/// Whether the text that a patch makes ends with a line break, if the patch reaches its end.
#[derive(Debug, Clone, Copy)]
enum End {
    AsBefore,
    Told(bool),
}

/// Says whether a patch tells that the text of one side has no line break at its end.
fn lacks_break(patch: &[PatchHunk], side: char) -> bool {
    let Some(last) = patch.last() else { return false };
    let pairs = last.lines.windows(2);
    pairs.filter(|pair| pair[1].0.starts_with('\\')).any(|pair| pair[0].0.starts_with([side, ' ']))
}

/// Says whether a patch tells anything of the line break at the end.
fn tells_end(patch: &[PatchHunk]) -> bool {
    patch.last().is_some_and(|hunk| hunk.lines.iter().any(|line| line.0.starts_with('\\')))
}

/// The lines of a text, taken from its beginning; many at once as one piece, since files are long and edits short.
struct Lines<'t> {
    /// Without the break after the last line.
    body: &'t str,
    /// Where the next line begins; `None` after the last one.
    at: Option<usize>,
    /// Its number, from 0.
    number: usize,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        let at = (!text.is_empty()).then_some(0);
        Self { body: text.strip_suffix('\n').unwrap_or(text), at, number: 0 }
    }

    fn next(&mut self) -> Option<&'t str> {
        self.take_to(self.number + 1)
    }

    fn rest(&mut self) -> Option<&'t str> {
        self.at.take().map(|at| &self.body[at..])
    }

    /// Takes all lines before that of a number; `None` where there are none.
    fn take_to(&mut self, number: usize) -> Option<&'t str> {
        let count = number.checked_sub(self.number).filter(|count| *count > 0)?;
        let rest = &self.body[self.at?..];
        let Some(end) = memchr::memchr_iter(b'\n', rest.as_bytes()).nth(count - 1) else {
            return self.rest();
        };
        self.at = self.at.map(|at| at + end + 1);
        self.number = number;
        Some(&rest[..end])
    }
}

/// Applies a patch to a text; `None` where a line that it names is not there.
///
/// The text made ends with a line break as the old one does, unless `end` says otherwise.
fn apply(text: &str, hunks: &[Hunk], direction: Direction, end: End) -> Option<Text> {
    let (gone, come) = match direction {
        Direction::Forth => ('-', '+'),
        Direction::Back => ('+', '-'),
    };
    let mut lines = Lines::of(text);
    let come_length = hunks.iter().flat_map(|hunk| &hunk.lines).map(String::len).sum::<usize>();
    let mut made = String::with_capacity(text.len() + come_length + 1);
    let mut push = |line: &str| {
        made.push_str(line);
        made.push('\n');
    };
    for hunk in hunks {
        let start = if direction == Direction::Forth { hunk.old_start } else { hunk.new_start };
        // A side without lines names the line before it.
        let has_lines = hunk.lines.iter().any(|line| !line.starts_with(come));
        let first = if has_lines { start.saturating_sub(1) } else { start } as usize;
        lines.take_to(first).into_iter().for_each(&mut push);
        for line in &hunk.lines {
            let text = &line[1..];
            if line.starts_with(come) {
                push(text);
                continue;
            }
            lines.next().filter(|found| *found == text)?;
            if !line.starts_with(gone) {
                push(text);
            }
        }
    }
    let reaches_end = lines.at.is_none();
    lines.rest().into_iter().for_each(push);
    let ends_with_break = match end {
        End::Told(has_break) if reaches_end => has_break,
        _ => text.is_empty() || text.ends_with('\n'),
    };
    if !ends_with_break {
        made.pop();
    }
    Some(Text(made))
}

/// What an edit put in place of what.
struct Swap<'a> {
    old: Option<&'a Text>,
    new: Option<&'a Text>,
    is_everywhere: bool,
}

impl Swap<'_> {
    fn of(&self, original: &str) -> Option<Text> {
        let (old, new) = (&self.old?.0, &self.new?.0);
        if old.is_empty() || !original.contains(old.as_str()) {
            return None;
        }
        let count = if self.is_everywhere { usize::MAX } else { 1 };
        Some(Text(original.replacen(old, new, count)))
    }
}

/// Returns a file after an edit: by its patch, which is exact but for the end of the file, else by the texts.
fn edited(original: &str, hunks: &[Hunk], swap: &Swap<'_>) -> Option<Text> {
    // Three lines around a change are in the patch, so that only then it can reach the end.
    let last = hunks.last()?;
    let patched = apply(original, hunks, Direction::Forth, End::AsBefore);
    let mut lines = Lines::of(original);
    lines.take_to(last.old_start.saturating_sub(1) as usize);
    let in_hunk = last.lines.iter().filter(|line| !line.starts_with('+')).count();
    lines.take_to(lines.number + in_hunk);
    if patched.is_none() || lines.at.is_none() {
        return swap.of(original).or(patched);
    }
    patched
}
