//! Where quoted code stands in a change.
//!
//! Models are often wrong about line numbers, so the quote decides and the numbers only choose between equal places.

use crate::review::text::squeezed;
use crate::review::{Change, ChangedFile, ChangedLine, LineKind};

/// A part of a line that is shorter than this must be the whole line, without white space: `}` is in every line.
const SHORTEST_PART: usize = 4;

/// Where quoted code stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The path of the file.
    pub(super) path: String,
    /// The first line in the new version; of deleted lines, the line that followed them.
    pub(super) start_line: u32,
    /// The last line.
    pub(super) end_line: u32,
    /// None of the lines is in the new version.
    pub(super) is_deleted_code: bool,
    /// The lines as they stand there.
    pub(super) quote: String,
    /// The fingerprints of those that the change adds or deletes.
    pub(super) marks: Vec<u64>,
}

/// Why code is not in a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misplaced {
    /// The change has no such file.
    Path,
    /// The file has no such lines near its changes.
    Code,
    /// It has them, and the change leaves them as they were.
    Unchanged,
}

/// A line of a section, made ready to be compared.
struct Row<'c> {
    line: &'c ChangedLine,
    /// Its number in the new version; of a deleted line, that of the line that followed it.
    number: u32,
    text: String,
}

/// A run of rows that may be the place.
struct Match<'c> {
    rows: Vec<&'c Row<'c>>,
}

/// Finds the lines that are quoted; without a quote, those of the numbers.
pub(super) fn place(
    change: &Change,
    path: &str,
    quote: &str,
    lines: (u32, u32),
) -> Result<Place, Misplaced> {
    let file = find_file(change, path).ok_or(Misplaced::Path)?;
    let sections = file.sections.iter().map(|section| rows(&section.lines)).collect::<Vec<_>>();
    let best = if quote.trim().is_empty() {
        by_numbers(&sections, lines)
    } else {
        by_quote(&sections, quote, lines.0)
    };
    let best = best.ok_or(Misplaced::Code)?;
    if best.has_change() { Ok(best.place(&file.path)) } else { Err(Misplaced::Unchanged) }
}

/// Finds quoted code in any file.
pub(super) fn place_anywhere(change: &Change, quote: &str) -> Result<Place, Misplaced> {
    let mut worst = Misplaced::Code;
    for file in &change.files {
        match place(change, &file.path, quote, (0, 0)) {
            Ok(place) => return Ok(place),
            Err(Misplaced::Unchanged) => worst = Misplaced::Unchanged,
            Err(_) => {}
        }
    }
    Err(worst)
}

/// Returns the fingerprints of all lines that a change adds or deletes.
pub(super) fn all_marks(change: &Change) -> Vec<u64> {
    let of_file = |file: &ChangedFile| {
        let marks = file.lines().filter_map(|line| mark(&file.path, line));
        marks.collect::<Vec<_>>()
    };
    let mut marks = change.files.iter().flat_map(of_file).collect::<Vec<_>>();
    marks.sort_unstable();
    marks.dedup();
    marks
}

/// Returns the fingerprint of a line; `None` for one that is kept or has neither letter nor digit, which is everywhere.
fn mark(path: &str, line: &ChangedLine) -> Option<u64> {
    let sign = match line.kind {
        LineKind::Kept => return None,
        LineKind::Added => "+",
        LineKind::Deleted => "-",
    };
    let text = line.text.trim_end();
    let has_word = text.contains(char::is_alphanumeric);
    has_word.then(|| xxhash_rust::xxh3::xxh3_64(format!("{path}\n{sign}{text}").as_bytes()))
}

fn find_file<'c>(change: &'c Change, path: &str) -> Option<&'c ChangedFile> {
    let is = |path: &str| change.files.iter().find(|file| file.path == path);
    let bare = ["./", "a/", "b/", "/"].iter().find_map(|head| path.strip_prefix(head));
    let was = || change.files.iter().find(|file| file.old_path.as_deref() == Some(path));
    is(path).or_else(|| bare.and_then(is)).or_else(was)
}

fn rows(lines: &[ChangedLine]) -> Vec<Row<'_>> {
    let last = lines.iter().rev().find(|line| line.kind != LineKind::Deleted);
    let mut following = last.map_or(1, |line| line.number.saturating_add(1));
    let mut rows = Vec::with_capacity(lines.len());
    for line in lines.iter().rev() {
        if line.kind != LineKind::Deleted {
            following = line.number;
        }
        rows.push(Row { line, number: following, text: squeezed(&line.text) });
    }
    rows.reverse();
    rows
}

fn by_numbers<'c>(sections: &'c [Vec<Row<'c>>], (start, end): (u32, u32)) -> Option<Match<'c>> {
    let is_meant = |row: &&Row<'_>| (start..=end).contains(&row.number);
    let matches =
        sections.iter().map(|rows| Match { rows: rows.iter().filter(is_meant).collect() });
    let matches = matches.filter(|one| !one.rows.is_empty());
    matches.max_by_key(Match::has_change).map(Match::only_new)
}

fn by_quote<'c>(sections: &'c [Vec<Row<'c>>], quote: &str, near: u32) -> Option<Match<'c>> {
    // Where a model left something out it writes dots; the part before them is enough.
    let pieces = quote.split("...\n").flat_map(|piece| piece.split("…\n"));
    let mut unchanged = None;
    for piece in pieces {
        let as_it_is = piece.lines().map(squeezed).collect::<Vec<_>>();
        let without_marks = piece.lines().map(without_mark).collect::<Vec<_>>();
        for wanted in [as_it_is, without_marks] {
            match best(sections, &wanted, near) {
                Some(best) if best.has_change() => return Some(best),
                best => unchanged = unchanged.or(best),
            }
        }
    }
    unchanged
}

/// Returns a line without the number and the sign in front, as the prompt shows them.
fn without_mark(line: &str) -> String {
    let line = line.trim_start();
    let line = line.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
    squeezed(line.strip_prefix(['+', '-']).unwrap_or(line))
}

/// Finds the lines in what is there now, in the patch as it is printed, and in what was there.
fn best<'c>(sections: &'c [Vec<Row<'c>>], wanted: &[String], near: u32) -> Option<Match<'c>> {
    let wanted = wanted.iter().filter(|line| !line.is_empty()).collect::<Vec<_>>();
    if wanted.is_empty() {
        return None;
    }
    let views: [fn(LineKind) -> bool; 3] =
        [|kind| kind != LineKind::Deleted, |_| true, |kind| kind != LineKind::Added];
    let mut matches = Vec::new();
    for (view, is_in) in views.iter().enumerate() {
        for rows in sections {
            let rows = rows.iter().filter(|row| is_in(row.line.kind) && !row.text.is_empty());
            let rows = rows.collect::<Vec<_>>();
            let runs = rows.windows(wanted.len()).filter(|run| is_run(run, &wanted));
            matches.extend(runs.map(|run| (view, Match { rows: run.to_vec() })));
        }
    }
    let distance = |one: &Match<'_>| {
        let start = one.rows.first().map_or(0, |row| row.number);
        if near == 0 { 0 } else { start.abs_diff(near) }
    };
    let best =
        matches.into_iter().min_by_key(|(view, one)| (!one.has_change(), distance(one), *view));
    best.map(|(_, one)| one)
}

/// Says whether rows are the wanted lines; the first and the last may be wanted in part.
fn is_run(rows: &[&Row<'_>], wanted: &[&String]) -> bool {
    let last = wanted.len() - 1;
    rows.iter().zip(wanted).enumerate().all(|(at, (row, wanted))| {
        let may_be_part = (at == 0 || at == last) && wanted.len() >= SHORTEST_PART;
        row.text == **wanted || may_be_part && row.text.contains(wanted.as_str())
    })
}

impl<'c> Match<'c> {
    fn has_change(&self) -> bool {
        self.rows.iter().any(|row| row.line.kind != LineKind::Kept)
    }

    /// Leaves the deleted lines out where there are added ones.
    fn only_new(self) -> Self {
        let has_new = self.rows.iter().any(|row| row.line.kind == LineKind::Added);
        let is_new = |row: &&'c Row<'c>| !has_new || row.line.kind != LineKind::Deleted;
        Self { rows: self.rows.into_iter().filter(is_new).collect() }
    }

    fn place(&self, path: &str) -> Place {
        let numbers = || self.rows.iter().map(|row| row.number);
        let texts = self.rows.iter().map(|row| row.line.text.as_str()).collect::<Vec<_>>();
        Place {
            path: path.to_owned(),
            start_line: numbers().min().unwrap_or(1),
            end_line: numbers().max().unwrap_or(1),
            is_deleted_code: !self.rows.iter().any(|row| row.line.kind == LineKind::Added),
            quote: texts.join("\n"),
            marks: self.rows.iter().filter_map(|row| mark(path, row.line)).collect(),
        }
    }
}
