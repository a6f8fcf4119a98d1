//! How much of a change is read. What is over a limit is left out and named.

use crate::review::{Change, ChangedFile, FileKind, LeftOut};

/// So much of a file is read, in bytes of the prompt: some 1,500 lines, more than one reads with care.
const FILE_LIMIT: usize = 64 << 10;

/// So much of a change is read, in bytes of the prompt: some 70,000 tokens, which leaves room for plan and answer in the
/// smallest context of the models that one would ask, 128,000 tokens.
const CHANGE_LIMIT: usize = 256 << 10;

/// So many lines of a file are read that is gone as a whole: enough to see what it was.
const DELETED_LINES_LIMIT: usize = 200;

/// A longer line is cut, in bytes: it is data.
const LINE_LIMIT: usize = 2_000;

/// What each line costs beside its text: its number, its sign and its line break.
const LINE_HEAD: usize = 10;

/// Leaves out what is over a limit.
pub(super) fn limit(change: &mut Change) {
    for file in &mut change.files {
        cut_lines(file, &mut change.left_out);
        cut_file(file, &mut change.left_out);
    }
    leave_out_largest(change);
    change.files.sort_by(|one, other| one.path.cmp(&other.path));
    change.left_out.sort();
}

fn cut_lines(file: &mut ChangedFile, left_out: &mut Vec<LeftOut>) {
    for line in file.sections.iter_mut().flat_map(|section| &mut section.lines) {
        let length = line.text.len();
        if length <= LINE_LIMIT {
            continue;
        }
        let ends = line.text.char_indices().map(|(at, _)| at);
        let end = ends.take_while(|at| *at <= LINE_LIMIT).last().unwrap_or(0);
        line.text.truncate(end);
        line.text.push('…');
        left_out.push(LeftOut {
            path: format!("{} (line {})", file.path, line.number),
            why: format!("the rest of a line of {length} bytes"),
        });
    }
}

fn cut_file(file: &mut ChangedFile, left_out: &mut Vec<LeftOut>) {
    let is_gone = file.kind == FileKind::Deleted;
    let (mut size, mut number) = (0, 0);
    let mut first_cut = None;
    for section in &mut file.sections {
        let mut kept = 0;
        for line in &section.lines {
            size += line.text.len() + LINE_HEAD;
            number += 1;
            if size > FILE_LIMIT || is_gone && number > DELETED_LINES_LIMIT {
                first_cut = first_cut.or(Some(line.number));
                break;
            }
            kept += 1;
        }
        section.lines.truncate(kept);
    }
    file.sections.retain(|section| !section.lines.is_empty());
    if let Some(line) = first_cut {
        let why = if is_gone {
            "the rest of a deleted file"
        } else {
            "the file has more changes than fit"
        };
        let path = format!("{} (from line {line})", file.path);
        left_out.push(LeftOut { path, why: why.to_owned() });
    }
}

/// Leaves out the files with the most changed lines until the rest fits, so that most files are read.
fn leave_out_largest(change: &mut Change) {
    change.files.sort_by_cached_key(|file| (size(file), file.path.clone()));
    let mut total = 0;
    let fitting = change.files.iter().position(|file| {
        total += size(file);
        total > CHANGE_LIMIT
    });
    let Some(fitting) = fitting else { return };
    for file in change.files.split_off(fitting) {
        // Its own cuts say nothing any more.
        let own = format!("{} (", file.path);
        change.left_out.retain(|one| !one.path.starts_with(&own));
        let why = "the change is larger than fits".to_owned();
        change.left_out.push(LeftOut { path: file.path, why });
    }
}

fn size(file: &ChangedFile) -> usize {
    let lines = file.lines().map(|line| line.text.len() + LINE_HEAD).sum::<usize>();
    lines + file.path.len()
}
