//! The order of steps: by time, and where contents tell better, by contents.

use std::collections::HashSet;

use crate::attribute::line_diff::{is_trivial, lines};
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
///
/// Returns a second order too where times and contents leave in doubt which of two steps came first.
pub(super) fn ordered(
    files: &[ReplayFile],
    steps: &[ReplayStep],
) -> (Vec<Item>, Option<Vec<Item>>) {
    let mut items = Vec::with_capacity(steps.len());
    let mut ends = (0..steps.len()).collect::<Vec<_>>();
    ends.sort_by_key(|step| steps[*step].span.1);
    for (number, step) in steps.iter().enumerate() {
        let inside = inside(steps, &ends, number);
        if !inside.is_empty() && is_between(step, &inside) {
            items.push((step.span.0, Item { step: number, part: Part::Opens }));
            items.push((step.span.1, Item { step: number, part: Part::Closes }));
        } else {
            items.push((step.span.1, Item { step: number, part: Part::Whole }));
        }
    }
    items.sort_by_key(|(time, item)| (*time, item.part, item.step));
    let mut items = items.into_iter().map(|(_, item)| item).collect::<Vec<_>>();
    let in_time = items.clone();
    let chain = Chain { files, steps };
    chain.repair(&mut items);
    let other = chain.other_order(&in_time, &mut items);
    (items, other)
}

/// Returns the steps that share a file with one and end inside of its span, the first first.
fn inside<'s>(steps: &'s [ReplayStep], ends: &[usize], number: usize) -> Vec<&'s ReplayStep> {
    let (begin, end) = steps[number].span;
    if begin >= end {
        return Vec::new();
    }
    let from = ends.partition_point(|other| steps[*other].span.1 <= begin);
    let inside = ends[from..].iter().take_while(|other| steps[**other].span.1 <= end);
    let others = inside.take(WINDOW_LIMIT).filter(|other| {
        **other != number && (steps[**other].span != (begin, end) || **other < number)
    });
    let others = others.map(|other| &steps[*other]);
    others.filter(|other| shares_file(&steps[number], other)).collect()
}

/// Says whether what the steps inside of a step's span found are states between its two ends.
///
/// What both ends have stood there all the time.
fn is_between(step: &ReplayStep, inside: &[&ReplayStep]) -> bool {
    step.edits.iter().all(|edit| {
        let (FileState::Content(before), FileState::Content(after)) = (&edit.before, &edit.after)
        else {
            return true;
        };
        let first = telling(before).collect::<HashSet<_>>();
        let stayed = telling(after).filter(|line| first.contains(line)).collect::<HashSet<_>>();
        let others = inside.iter().flat_map(|other| &other.edits);
        others.filter(|other| other.file == edit.file).take(1).all(|other| match &other.before {
            FileState::Content(content) => {
                let found = telling(content).collect::<HashSet<_>>();
                stayed.is_subset(&found)
            }
            FileState::Absent => stayed.is_empty(),
            FileState::Unknown => true,
        })
    })
}

/// Returns the lines with a letter or digit, without the white space around them.
fn telling(content: &[u8]) -> impl Iterator<Item = &[u8]> {
    lines(content).filter(|line| !is_trivial(line)).map(<[u8]>::trim_ascii)
}

fn shares_file(one: &ReplayStep, other: &ReplayStep) -> bool {
    one.edits.iter().any(|edit| has_file(other, edit.file))
}

fn has_file(step: &ReplayStep, file: usize) -> bool {
    step.edits.iter().any(|edit| edit.file == file)
}

struct Chain<'a> {
    files: &'a [ReplayFile],
    steps: &'a [ReplayStep],
}

impl<'a> Chain<'a> {
    /// Lets neighbours of one file change places where more contents then follow on each other.
    fn repair(&self, items: &mut [Item]) {
        for _ in 0..PASSES {
            let mut is_changed = false;
            for one in 0..items.len() {
                let Some(other) = self.next_to_swap(items, one) else { continue };
                let [now, swapped] = self.links_both_ways(items, one, other, true);
                if swapped > now {
                    items.swap(one, other);
                    is_changed = true;
                }
            }
            if !is_changed {
                break;
            }
        }
    }

    /// Returns the order with those neighbours the other way round of which it is in doubt which was first: both ways as
    /// many contents follow on each other, the first one's on the second's among them; or against the times one more
    /// does, as by chance where somebody goes back to an older version.
    ///
    /// Where neither follows on the other, as after work that was thrown away or lies in a stash, the times tell.
    fn other_order(&self, in_time: &[Item], items: &mut [Item]) -> Option<Vec<Item>> {
        let mut other_order = items.to_vec();
        let mut is_changed = false;
        let mut one = 0;
        while one < items.len() {
            let from = one;
            one += 1;
            let Some(other) = self.next_to_swap(items, from) else { continue };
            let [now, swapped] = self.links_both_ways(items, from, other, false);
            let place = |item: Item| in_time.iter().position(|one| *one == item);
            let is_in_time = place(items[from]) < place(items[other]);
            let is_doubtful = swapped == now && self.follows_on(items[from], items[other]);
            if is_doubtful || !is_in_time && swapped + 1 >= now {
                other_order.swap(from, other);
                is_changed = true;
                one = other + 1;
            }
        }
        is_changed.then_some(other_order)
    }

    /// Counts the links around two places as they are, and with both steps the other way round.
    fn links_both_ways(
        &self,
        items: &mut [Item],
        one: usize,
        other: usize,
        with_returns: bool,
    ) -> [usize; 2] {
        let now = self.links(items, one, other, with_returns);
        items.swap(one, other);
        let swapped = self.links(items, one, other, with_returns);
        items.swap(one, other);
        [now, swapped]
    }

    /// Returns the next step that shares a file with one, if nothing hinders that they change places.
    ///
    /// What only looks stays where it is: to have seen something too early or too late makes nobody its author.
    fn next_to_swap(&self, items: &[Item], one: usize) -> Option<usize> {
        let other = self.next_sharing(items, one)?;
        let are_writers = [one, other].iter().all(|at| self.step(items[*at]).writer.is_some());
        let is_free = are_writers
            && items[one].step != items[other].step
            && !self.has_between(items, one, other);
        is_free.then_some(other)
    }

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

    /// Says whether in some file a step found what another one had left.
    fn follows_on(&self, item: Item, earlier: Item) -> bool {
        let files = self.step(item).edits.iter().map(|edit| edit.file);
        files.filter(|file| has_file(self.step(earlier), *file)).any(|file| {
            follows(self.content(earlier, file, Side::Last), self.content(item, file, Side::First))
        })
    }

    /// Counts how many contents follow on each other around two places, in the files that both have.
    ///
    /// What was there at the start may come back at any time, when work is thrown away or stashed: `with_returns`.
    fn links(&self, items: &[Item], one: usize, other: usize, with_returns: bool) -> usize {
        let mut links = 0;
        let edits = self.step(items[one]).edits.iter().map(|edit| edit.file);
        let mut files =
            edits.filter(|file| has_file(self.step(items[other]), *file)).collect::<Vec<_>>();
        files.sort_unstable();
        files.dedup();
        for file in files.into_iter().filter(|file| *file < self.files.len()) {
            let mine = |place: &usize| has_file(self.step(items[*place]), file);
            let before = (0..one).rev().take(REACH * 4).find(mine);
            let after = (other + 1..items.len()).take(REACH * 4).find(mine);
            let middle = [one, other].into_iter().filter(mine);
            let places = before.into_iter().chain(middle).chain(after).collect::<Vec<_>>();
            let start = Some(&self.files[file].start[..]);
            if before.is_none() {
                links +=
                    usize::from(follows(start, self.content(items[places[0]], file, Side::First)));
            }
            for pair in places.windows(2) {
                let last = self.content(items[pair[0]], file, Side::Last);
                let first = self.content(items[pair[1]], file, Side::First);
                links += usize::from(follows(last, first) || with_returns && follows(start, first));
            }
            if after.is_none() {
                let last =
                    places.last().and_then(|place| self.content(items[*place], file, Side::Last));
                let worktree = self.files[file].worktree.as_deref().unwrap_or_default();
                links += usize::from(follows(last, Some(worktree)));
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

/// Says whether a content is known to follow on another one.
fn follows(one: Option<&[u8]>, other: Option<&[u8]>) -> bool {
    one.zip(other).is_some_and(|(one, other)| is_same(one, other))
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
