//! The order of steps: by time, and where contents tell better, by contents.

use crate::attribute::line_diff::lines;
use crate::provenance::FileState;

use super::{ReplayFile, ReplayStep};

/// Which part of a step happens at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// It begins; other steps follow before it ends.
    Opens,
    /// It happens at once.
    Whole,
    /// It ends.
    Closes,
}

/// A part of the step with this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Item {
    pub step: usize,
    pub part: Part,
}

/// So far may two steps stand apart that change places.
const REACH: usize = 8;

/// So often may a step move by one.
const PASSES: usize = 4;

/// So many steps are looked at around a step's window; a longer one is taken for one that others split.
const WINDOW_LIMIT: usize = 256;

/// Puts the steps in order, those in two parts between whose ends others change the same files.
pub(super) fn ordered(files: &[ReplayFile], steps: &[ReplayStep]) -> Vec<Item> {
    let mut items = Vec::with_capacity(steps.len());
    let mut ends = (0..steps.len()).collect::<Vec<_>>();
    ends.sort_by_key(|step| steps[*step].span.1);
    for (number, step) in steps.iter().enumerate() {
        if is_split(steps, &ends, number) {
            items.push((step.span.0, Item { step: number, part: Part::Opens }));
            items.push((step.span.1, Item { step: number, part: Part::Closes }));
        } else {
            items.push((step.span.1, Item { step: number, part: Part::Whole }));
        }
    }
    items.sort_by_key(|(time, item)| (*time, item.part, item.step));
    let mut items = items.into_iter().map(|(_, item)| item).collect::<Vec<_>>();
    repair(files, steps, &mut items);
    items
}

/// Says whether another step that shares a file ends inside of this step's span.
fn is_split(steps: &[ReplayStep], ends: &[usize], number: usize) -> bool {
    let (begin, end) = steps[number].span;
    if begin >= end {
        return false;
    }
    let from = ends.partition_point(|other| steps[*other].span.1 <= begin);
    let inside = ends[from..].iter().take_while(|other| steps[**other].span.1 <= end);
    let mut others = inside.take(WINDOW_LIMIT).filter(|other| {
        **other != number && (steps[**other].span != (begin, end) || **other < number)
    });
    others.any(|other| shares_file(&steps[number], &steps[*other]))
}

fn shares_file(one: &ReplayStep, other: &ReplayStep) -> bool {
    one.edits.iter().any(|edit| has_file(other, edit.file))
}

fn has_file(step: &ReplayStep, file: usize) -> bool {
    step.edits.iter().any(|edit| edit.file == file)
}

/// Lets neighbours of one file change places where clearly more contents then follow on each other, or all: a single one
/// may do so by chance, as where somebody goes back to an older version.
fn repair(files: &[ReplayFile], steps: &[ReplayStep], items: &mut [Item]) {
    let chain = Chain { files, steps };
    for _ in 0..PASSES {
        let mut is_changed = false;
        for one in 0..items.len() {
            let Some(other) = chain.next_sharing(items, one) else { continue };
            if items[one].step == items[other].step || chain.has_between(items, one, other) {
                continue;
            }
            let before = chain.links(items, one, other);
            if before.is_complete() {
                continue;
            }
            items.swap(one, other);
            let after = chain.links(items, one, other);
            if after.count > before.count + 1 || after.count > before.count && after.is_complete() {
                is_changed = true;
            } else {
                items.swap(one, other);
            }
        }
        if !is_changed {
            break;
        }
    }
}

struct Chain<'a> {
    files: &'a [ReplayFile],
    steps: &'a [ReplayStep],
}

#[derive(Debug, Clone, Copy, Default)]
struct Links {
    count: usize,
    of: usize,
}

impl Links {
    fn is_complete(self) -> bool {
        self.count == self.of
    }
}

impl<'a> Chain<'a> {
    fn step(&self, item: Item) -> &'a ReplayStep {
        &self.steps[item.step]
    }

    fn next_sharing(&self, items: &[Item], one: usize) -> Option<usize> {
        let after = items.iter().enumerate().skip(one + 1).take(REACH);
        let step = self.step(items[one]);
        after.into_iter().find(|(_, item)| shares_file(step, self.step(**item))).map(|(at, _)| at)
    }

    fn has_between(&self, items: &[Item], one: usize, other: usize) -> bool {
        items[one + 1..other].iter().any(|item| {
            shares_file(self.step(*item), self.step(items[one]))
                || shares_file(self.step(*item), self.step(items[other]))
        })
    }

    /// Counts how many contents follow on each other around two places.
    fn links(&self, items: &[Item], one: usize, other: usize) -> Links {
        let mut links = Links::default();
        let edits = self.step(items[one]).edits.iter().chain(&self.step(items[other]).edits);
        let mut files = edits.map(|edit| edit.file).collect::<Vec<_>>();
        files.sort_unstable();
        files.dedup();
        for file in files.into_iter().filter(|file| *file < self.files.len()) {
            let mine = |place: &usize| has_file(self.step(items[*place]), file);
            let before = (0..one).rev().take(REACH * 4).find(mine);
            let after = (other + 1..items.len()).take(REACH * 4).find(mine);
            let middle = [one, other].into_iter().filter(mine);
            let places = before.into_iter().chain(middle).chain(after).collect::<Vec<_>>();
            if before.is_none() {
                let first = self.content(items[places[0]], file, Side::First);
                links.add(Some(&self.files[file].start), first);
            }
            for pair in places.windows(2) {
                let last = self.content(items[pair[0]], file, Side::Last);
                links.add(last, self.content(items[pair[1]], file, Side::First));
            }
        }
        links
    }

    /// Returns the first or last content that a part of a step shows of a file; `None` if unknown.
    fn content(&self, item: Item, file: usize, side: Side) -> Option<&'a [u8]> {
        let step = self.step(item);
        let edit = step.edits.iter().find(|edit| edit.file == file)?;
        let is_before = match item.part {
            Part::Opens => true,
            Part::Whole => side == Side::First,
            Part::Closes => false,
        };
        match if is_before { &edit.before } else { &edit.after } {
            FileState::Absent => Some(&[]),
            FileState::Content(content) => Some(content),
            FileState::Unknown => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    First,
    Last,
}

impl Links {
    fn add(&mut self, one: Option<&[u8]>, other: Option<&[u8]>) {
        self.of += 1;
        if let (Some(one), Some(other)) = (one, other) {
            self.count += usize::from(is_same(one, other));
        }
    }
}

/// Compares contents, line breaks aside.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one == other {
        return true;
    }
    // Line breaks are a small part of a content, and only they may differ.
    let bare = |line: &[u8]| {
        line.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n')).map_or(0, |last| last + 1)
    };
    let (mut left, mut right) = (lines(one), lines(other));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if one[..bare(one)] == other[..bare(other)] => {}
            _ => return false,
        }
    }
}
