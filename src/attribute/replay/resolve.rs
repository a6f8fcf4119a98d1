//! Steps as moments at which contents were seen: what is unknown is found by hunks, forwards or backwards.

use std::rc::Rc;

use super::order::{Item, Part};
use super::patch::{Direction, Patch, apply};
use super::text::{Texts, Token};
use super::{Owner, ReplayFile, ReplayStep};
use crate::provenance::FileState;

/// What was in a file at a moment.
#[derive(Debug, Clone)]
pub(super) enum Content<'a> {
    Absent,
    Bytes(&'a [u8]),
    Lines(Rc<[Token]>),
}

/// What a step says it wrote, where the contents around it are not known.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    pub writer: Owner,
    /// All hunks of one edit.
    pub patches: Vec<Patch>,
}

/// One file at one moment.
#[derive(Debug)]
pub(super) struct Seen<'a> {
    pub file: usize,
    pub content: Content<'a>,
    /// Claims that may explain what is new here.
    pub claims: Vec<Claim>,
}

/// Files seen together, after something that one writer did to all of them.
#[derive(Debug)]
pub(super) struct Moment<'a> {
    pub writer: Owner,
    pub seen: Vec<Seen<'a>>,
}

/// The order of moments: the item, which of its edits of the file, before or after.
type Key = (usize, usize, bool);

struct Slot<'a> {
    item: usize,
    nth: usize,
    part: Part,
    writer: Owner,
    /// Whose a change is that is found when the part begins, or at the end of a window.
    around: Owner,
    before: Option<Content<'a>>,
    after: Option<Content<'a>>,
    patches: Vec<Patch>,
    is_resolved: bool,
}

/// Returns all moments of ordered steps; the last one is the work tree.
pub(super) fn moments<'a>(
    texts: &mut Texts<'a>,
    files: &'a [ReplayFile],
    steps: &'a [ReplayStep],
    items: &[Item],
) -> Vec<Moment<'a>> {
    let mut slots = slots(texts, files.len(), steps, items);
    let mut seen = Vec::<(Key, Owner, Seen<'a>)>::new();
    for (file, slots) in slots.iter_mut().enumerate() {
        let worktree = files[file].worktree.as_deref().map_or(Content::Absent, Content::Bytes);
        if slots.iter().any(|slot| !slot.is_resolved) {
            resolve(texts, &Content::Bytes(&files[file].start), slots, &worktree);
        }
        let mut claims = Vec::new();
        let mut push = |key, writer, content: &Content<'a>, claims: &mut Vec<Claim>| {
            let claims = std::mem::take(claims);
            seen.push((key, writer, Seen { file, content: content.clone(), claims }));
        };
        for slot in slots {
            if let Some(before) = slot.before.as_ref() {
                push((slot.item, slot.nth, false), slot.around, before, &mut claims);
            }
            let is_claim = !slot.patches.is_empty()
                && (!slot.is_resolved || slot.part == Part::Closes && slot.around == Owner::Nobody);
            if is_claim && slot.writer != Owner::Nobody {
                let patches = std::mem::take(&mut slot.patches);
                claims.push(Claim { writer: slot.writer, patches });
            }
            if let Some(after) = slot.after.as_ref() {
                let writer = match slot.part {
                    Part::Closes => slot.around,
                    _ if slot.before.is_none() => Owner::Nobody,
                    _ => slot.writer,
                };
                push((slot.item, slot.nth, true), writer, after, &mut claims);
            }
        }
        push((usize::MAX, 0, true), Owner::Nobody, &worktree, &mut claims);
    }
    seen.sort_by_key(|(key, writer, seen)| (*key, *writer, seen.file));
    let mut moments = Vec::<Moment<'a>>::new();
    let mut last = None;
    for (key, writer, seen) in seen {
        match moments.last_mut().filter(|_| last == Some((key, writer))) {
            Some(moment) => moment.seen.push(seen),
            None => moments.push(Moment { writer, seen: vec![seen] }),
        }
        last = Some((key, writer));
    }
    moments
}

/// A step whose window is open.
#[derive(Debug, Clone, Copy)]
struct Window {
    step: usize,
    span: (i64, i64),
    writer: Owner,
}

/// Says who changed a file while these windows were open: the innermost one, or nobody where they only overlap.
fn owner(open: &[Window]) -> Owner {
    let mut writers = open.iter().filter(|window| window.writer != Owner::Nobody);
    let Some(first) = writers.next() else { return Owner::Nobody };
    let mut inner = *first;
    let mut is_certain = true;
    for window in writers {
        let is_nested = window.span.0 >= inner.span.0 && window.span.1 <= inner.span.1;
        let is_around = window.span.0 <= inner.span.0 && window.span.1 >= inner.span.1;
        is_certain &= is_nested || is_around || window.writer == inner.writer;
        if is_nested {
            inner = *window;
        }
    }
    if is_certain { inner.writer } else { Owner::Nobody }
}

fn slots<'a>(
    texts: &mut Texts<'a>,
    files: usize,
    steps: &'a [ReplayStep],
    items: &[Item],
) -> Vec<Vec<Slot<'a>>> {
    let mut slots = (0..files).map(|_| Vec::<Slot<'a>>::new()).collect::<Vec<_>>();
    let mut open = vec![Vec::<Window>::new(); files];
    for (number, item) in items.iter().enumerate() {
        let step = &steps[item.step];
        let writer = step.writer.map_or(Owner::Nobody, Owner::Writer);
        for edit in step.edits.iter().filter(|edit| edit.file < files) {
            let file = &mut slots[edit.file];
            let nth = file.last().filter(|last| last.item == number).map_or(0, |last| last.nth + 1);
            let around = owner(&open[edit.file]);
            let known = |state: &'a FileState| match state {
                FileState::Absent => Some(Content::Absent),
                FileState::Content(content) => Some(Content::Bytes(content)),
                FileState::Unknown => None,
            };
            let before = if item.part == Part::Closes { None } else { known(&edit.before) };
            let after = if item.part == Part::Opens { None } else { known(&edit.after) };
            let is_resolved = match item.part {
                Part::Opens => before.is_some(),
                Part::Closes => after.is_some(),
                Part::Whole => before.is_some() && after.is_some(),
            };
            let needs_patches = item.part != Part::Opens
                && (!is_resolved || around == Owner::Nobody && item.part == Part::Closes);
            let patches = if needs_patches { Patch::all(texts, &edit.hunks) } else { Vec::new() };
            let slot = Slot {
                item: number,
                nth,
                part: item.part,
                writer,
                around,
                before,
                after,
                patches,
                is_resolved,
            };
            file.push(slot);
            let window = Window { step: item.step, span: step.span, writer };
            let open = &mut open[edit.file];
            match item.part {
                Part::Opens => open.push(window),
                Part::Closes => open.retain(|window| window.step != item.step),
                Part::Whole => {}
            }
        }
    }
    slots
}

/// Finds the unknown contents of one file's steps, from the start on and then from the work tree back.
fn resolve<'a>(
    texts: &mut Texts<'a>,
    start: &Content<'a>,
    slots: &mut [Slot<'a>],
    worktree: &Content<'a>,
) {
    let mut lines = |content: &Content<'a>| -> Rc<[Token]> {
        match content {
            Content::Absent => Rc::from([]),
            Content::Bytes(bytes) => Rc::from(texts.parse(bytes)),
            Content::Lines(lines) => Rc::clone(lines),
        }
    };
    let patched = |content: &[Token], patches: &[Patch], direction| {
        let result = if patches.is_empty() { None } else { apply(content, patches, direction) };
        result.map(Rc::<[Token]>::from)
    };
    let mut now = start.clone();
    for slot in &mut *slots {
        if slot.part == Part::Whole && !slot.is_resolved {
            let known = match (&slot.before, &slot.after) {
                (None, Some(after)) => {
                    let after = lines(after);
                    let before = patched(&after, &slot.patches, Direction::Backwards);
                    before.map(|before| (before, after))
                }
                (before, _) => {
                    let before = lines(before.as_ref().unwrap_or(&now));
                    let after = patched(&before, &slot.patches, Direction::Forwards);
                    after.map(|after| (before, after))
                }
            };
            if let Some((before, after)) = known {
                slot.before.get_or_insert(Content::Lines(before));
                slot.after.get_or_insert(Content::Lines(after));
                slot.is_resolved = true;
            }
        }
        if let Some(content) = slot.after.as_ref().or(slot.before.as_ref()) {
            now = content.clone();
        }
    }
    let mut next = worktree.clone();
    for slot in slots.iter_mut().rev() {
        let is_unknown = slot.before.is_none() && slot.after.is_none();
        if slot.part == Part::Whole && is_unknown {
            let after = lines(&next);
            if let Some(before) = patched(&after, &slot.patches, Direction::Backwards) {
                slot.before = Some(Content::Lines(before));
                slot.after = Some(Content::Lines(after));
                slot.is_resolved = true;
            }
        }
        if let Some(content) = slot.before.as_ref().or(slot.after.as_ref()) {
            next = content.clone();
        }
    }
}
