//! What people and models do to files.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::code::edited;
use crate::world::{Actor, TrueLine, Truth, World, ids};

/// What can be done to one file, or from one to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Insert,
    InsertFunction,
    Edit,
    Delete,
    Move,
    MoveAcross,
    Copy,
    Wrap,
    Split,
    Join,
    Reindent,
    Spaces,
    Retype,
    Cut,
    Paste,
    Rename,
    Create,
    Remove,
    LineEnds,
    LastLineEnd,
}

/// How often each is done.
const WEIGHTS: &[(Operation, usize)] = &[
    (Operation::Insert, 20),
    (Operation::InsertFunction, 8),
    (Operation::Edit, 20),
    (Operation::Delete, 8),
    (Operation::Move, 7),
    (Operation::MoveAcross, 5),
    (Operation::Copy, 5),
    (Operation::Wrap, 5),
    (Operation::Split, 7),
    (Operation::Join, 6),
    (Operation::Reindent, 3),
    (Operation::Spaces, 3),
    (Operation::Retype, 3),
    (Operation::Cut, 4),
    (Operation::Paste, 6),
    (Operation::Rename, 2),
    (Operation::Create, 2),
    (Operation::Remove, 1),
    (Operation::LineEnds, 1),
    (Operation::LastLineEnd, 1),
];

impl Operation {
    pub(crate) fn random(world: &mut World) -> Self {
        let all = WEIGHTS.iter().map(|(_, weight)| weight).sum();
        let mut at = world.random.below(all);
        for (operation, weight) in WEIGHTS {
            if at < *weight {
                return *operation;
            }
            at -= weight;
        }
        Self::Insert
    }

    /// Returns one that an agent's edit tool can do to a file.
    pub(crate) fn in_one_file(world: &mut World) -> Self {
        loop {
            let operation = Self::random(world);
            let needs_more = matches!(
                operation,
                Self::MoveAcross
                    | Self::Rename
                    | Self::Create
                    | Self::Remove
                    | Self::LineEnds
                    | Self::LastLineEnd
            );
            if !needs_more {
                return operation;
            }
        }
    }

    /// Does it to a file; nothing where it cannot be done.
    pub(crate) fn run(self, world: &mut World, file: usize, actor: Actor) {
        if !world.files[file].exists && self != Self::Create {
            return;
        }
        let _ = writeln!(world.log, "{}: {actor:?}: {self:?} in {file}", world.clock);
        match self {
            Self::Insert => insert(world, file, actor),
            Self::InsertFunction => {
                let texts = world.files[file].code.function(&mut world.random);
                let at = function_start(world, file);
                let lines = world.lines(texts, actor);
                world.files[file].lines.splice(at..at, lines);
            }
            Self::Edit => edit(world, file, actor),
            Self::Delete => {
                cut(world, file);
            }
            Self::Move => {
                let block = cut(world, file);
                let at = world.random.between(0, world.files[file].lines.len());
                world.files[file].lines.splice(at..at, block);
            }
            Self::MoveAcross => move_across(world, file),
            Self::Copy => copy(world, file, actor),
            Self::Wrap => wrap(world, file, actor),
            Self::Split => split(world, file),
            Self::Join => join(world, file),
            Self::Reindent => reindent(world, file),
            Self::Spaces => spaces(world, file),
            Self::Retype => {
                // What is typed again as it was shows nowhere; only what is new in between does.
                let range = block(world, file, 6);
                let at = world.random.between(range.start, range.end);
                let texts = world.files[file].code.body(&mut world.random, 1);
                let lines = world.lines(texts, actor);
                world.files[file].lines.splice(at..at, lines);
            }
            Self::Cut => {
                let lines = cut(world, file);
                if !lines.is_empty() {
                    world.clipboard = lines;
                }
            }
            Self::Paste => paste(world, file, actor),
            Self::Rename => rename(world, file),
            Self::Create => create(world, actor),
            Self::Remove => {
                if world.existing(1).len() > 2 {
                    world.files[file].exists = false;
                    world.files[file].lines.clear();
                }
            }
            Self::LineEnds => world.files[file].has_crlf ^= true,
            Self::LastLineEnd => world.files[file].ends_with_newline ^= true,
        }
    }
}

fn depth(line: &str, indent: &str) -> usize {
    let blank = line.len() - line.trim_start().len();
    blank / indent.len().max(1)
}

fn insert(world: &mut World, file: usize, actor: Actor) {
    let at = world.random.between(0, world.files[file].lines.len());
    let code = world.files[file].code;
    let around = at.checked_sub(1).map_or("", |before| &world.files[file].lines[before].text);
    let depth = depth(around, code.indent) + usize::from(around.ends_with('{'));
    let texts = code.body(&mut world.random, depth);
    let lines = world.lines(texts, actor);
    world.files[file].lines.splice(at..at, lines);
}

fn function_start(world: &mut World, file: usize) -> usize {
    let lines = &world.files[file].lines;
    let starts = (0..lines.len()).filter(|at| lines[*at].text.starts_with("func"));
    let starts = starts.chain([lines.len()]).collect::<Vec<_>>();
    world.random.pick(&starts)
}

fn edit(world: &mut World, file: usize, actor: Actor) {
    for _ in 0..world.random.between(1, 3) {
        let length = world.files[file].lines.len();
        if length == 0 {
            return;
        }
        let at = world.random.below(length);
        if !world.files[file].lines[at].is_trivial() {
            let text = edited(&mut world.random, &world.files[file].lines[at].text);
            world.files[file].lines[at] = world.line(text, actor.truth());
        }
    }
}

/// Chooses some lines that follow each other, often a whole function.
fn block(world: &mut World, file: usize, most: usize) -> std::ops::Range<usize> {
    let length = world.files[file].lines.len();
    if length == 0 {
        return 0..0;
    }
    if world.random.percent(40) {
        let start = function_start(world, file);
        let lines = &world.files[file].lines;
        let end = (start..length).find(|at| lines[*at].text == "}").map_or(length, |at| at + 1);
        if start < length && end - start < 40 {
            return start..end;
        }
    }
    let start = world.random.below(length);
    let size = world.random.between(1, most);
    start..(start + size).min(length)
}

fn cut(world: &mut World, file: usize) -> Vec<TrueLine> {
    let range = block(world, file, 8);
    world.files[file].lines.drain(range).collect()
}

fn move_across(world: &mut World, file: usize) {
    let others = world.existing(0).into_iter().filter(|other| *other != file).collect::<Vec<_>>();
    if others.is_empty() {
        return;
    }
    let other = world.random.pick(&others);
    let lines = cut(world, file);
    let at = world.random.between(0, world.files[other].lines.len());
    world.files[other].lines.splice(at..at, lines);
}

fn copy(world: &mut World, file: usize, actor: Actor) {
    let range = block(world, file, 6);
    let copied = world.files[file].lines[range].to_vec();
    let texts = copied.iter().map(|line| line.text.clone()).collect();
    let mut lines = world.lines(texts, actor);
    for (line, origin) in lines.iter_mut().zip(copied) {
        line.copied_from = Some(origin.id);
    }
    let at = world.random.between(0, world.files[file].lines.len());
    world.files[file].lines.splice(at..at, lines);
}

/// Puts a condition around some lines, which go in by one step.
fn wrap(world: &mut World, file: usize, actor: Actor) {
    let range = block(world, file, 8);
    if range.is_empty() {
        return;
    }
    let code = world.files[file].code;
    let pad = code.indent.repeat(depth(&world.files[file].lines[range.start].text, code.indent));
    for line in &mut world.files[file].lines[range.clone()] {
        if !line.text.is_empty() {
            line.text.insert_str(0, code.indent);
        }
    }
    let number = world.random.below(500);
    let head = format!("{pad}if feature.enabled({number}) {{");
    let (head, tail) =
        (world.line(head, actor.truth()), world.line(format!("{pad}}}"), actor.truth()));
    let lines = &mut world.files[file].lines;
    lines.insert(range.end, tail);
    lines.insert(range.start, head);
}

/// Lets a formatter give each argument of some calls a line.
fn split(world: &mut World, file: usize) {
    let code = world.files[file].code;
    let many = world.random.percent(40);
    let mut at = 0;
    let mut done = 0;
    while at < world.files[file].lines.len() && done < 6 {
        let line = world.files[file].lines[at].clone();
        let call = line.text.find('(').zip(line.text.rfind(')'));
        let call =
            call.filter(|(open, close)| open < close && line.text[*open..*close].contains(", "));
        if let Some((open, close)) = call
            && !line.text.contains('"')
            && world.random.percent(if many { 50 } else { 12 })
        {
            let pad = code.indent.repeat(depth(&line.text, code.indent));
            let mut texts = vec![line.text[..=open].to_owned()];
            let arguments = line.text[open + 1..close].split(", ");
            texts.extend(arguments.map(|one| format!("{pad}{}{one},", code.indent)));
            texts.push(format!("{pad}{}", &line.text[close..]));
            let count = texts.len();
            let parts = texts.into_iter().map(|text| {
                let part = world.line(text, line.truth);
                let before = world.before_joined(&part.text).cloned();
                let mut part = TrueLine {
                    also: line.also.clone(),
                    made_of: vec![line.id],
                    parts: count,
                    ..part
                };
                before.iter().flat_map(TrueLine::answers).for_each(|truth| part.allow(truth));
                part
            });
            let parts = parts.collect::<Vec<_>>();
            at += parts.len() - 1;
            let place = at + 1 - parts.len();
            world.files[file].lines.splice(place..=place, parts);
            done += 1;
        }
        at += 1;
    }
}

/// Lets a formatter put a call into one line again.
fn join(world: &mut World, file: usize) {
    let lines = &world.files[file].lines;
    let opens = |at: &usize| lines[*at].text.ends_with('(') && *at + 1 < lines.len();
    let starts = (0..lines.len()).filter(opens).collect::<Vec<_>>();
    for start in starts.into_iter().rev() {
        let lines = &world.files[file].lines;
        let end = (start + 1..lines.len().min(start + 12))
            .find(|at| lines[*at].text.trim().starts_with(')'));
        let Some(end) = end else { continue };
        let parts = lines[start..=end].to_vec();
        if parts.iter().any(|line| line.text.contains("//")) || !world.random.percent(70) {
            continue;
        }
        let middle =
            parts[1..parts.len() - 1].iter().map(|line| line.text.trim().trim_end_matches(','));
        let middle = middle.collect::<Vec<_>>().join(", ");
        let text = format!("{}{middle}{}", parts[0].text, parts[parts.len() - 1].text.trim());
        world.note_joined(&parts);
        let mut line = world.line(text, Truth::Mixed);
        (line.truth, line.also) = joined(&parts);
        line.made_of = parts.iter().map(|part| part.id).collect();
        world.files[file].lines.splice(start..=end, [line]);
    }
}

/// Says whose a line is that is joined from others.
fn joined(parts: &[TrueLine]) -> (Truth, Vec<Truth>) {
    let mut shares = Vec::<(Truth, usize)>::new();
    for part in parts.iter().filter(|part| part.letters() > 0) {
        match shares.iter_mut().find(|(truth, _)| *truth == part.truth) {
            Some((_, letters)) => *letters += part.letters(),
            None => shares.push((part.truth, part.letters())),
        }
    }
    shares.sort_by_key(|(_, letters)| std::cmp::Reverse(*letters));
    let is_model = |truth: &Truth| matches!(truth, Truth::Model(_));
    let letters = || parts.iter().filter(|part| part.letters() > 0);
    // A model's is the whole only if each part may be some model's.
    let may_be_model = letters().all(|part| part.answers().any(|truth| is_model(&truth)));
    let also = letters().flat_map(|part| part.also.iter().copied());
    let mut also = also.filter(|also| may_be_model || !is_model(also)).collect::<BTreeSet<_>>();
    let truth = match &shares[..] {
        [] => return (parts[0].truth, parts[0].also.clone()),
        [(truth, _)] => *truth,
        _ if shares.iter().all(|(truth, _)| is_model(truth)) => {
            also.extend(shares[1..].iter().filter(|one| one.1 == shares[0].1).map(|one| one.0));
            shares[0].0
        }
        _ => {
            // With the other answers for its parts it may be a single model's.
            let models = shares.iter().map(|(truth, _)| *truth).filter(is_model);
            also.extend(models.filter(|_| may_be_model));
            Truth::Mixed
        }
    };
    also.remove(&truth);
    (truth, also.into_iter().collect())
}

fn reindent(world: &mut World, file: usize) {
    let old = world.files[file].code.indent;
    let new = world.random.pick(&["\t", "  ", "    "]);
    world.files[file].code.indent = new;
    for line in &mut world.files[file].lines {
        let steps = depth(&line.text, old);
        line.text = format!("{}{}", new.repeat(steps), line.text.trim_start());
    }
}

fn spaces(world: &mut World, file: usize) {
    for at in block(world, file, 12) {
        let line = &mut world.files[file].lines[at];
        if line.text.ends_with(' ') {
            line.text.truncate(line.text.trim_end().len());
        } else if !line.text.is_empty() {
            line.text.push(' ');
        }
    }
}

fn paste(world: &mut World, file: usize, actor: Actor) {
    let lines = std::mem::take(&mut world.clipboard);
    let now = ids(&world.files);
    let back = |line: &TrueLine| {
        if !now.contains_key(&line.id) {
            return world.put_back(line, file, actor);
        }
        // Somebody has put it back already.
        let copy = world.line(line.text.clone(), actor.truth());
        TrueLine { copied_from: Some(line.id), ..copy }
    };
    let lines = lines.iter().map(back).collect::<Vec<_>>();
    let at = world.random.between(0, world.files[file].lines.len());
    world.files[file].lines.splice(at..at, lines);
}

fn rename(world: &mut World, file: usize) {
    let free = (0..world.files.len()).filter(|other| !world.files[*other].exists);
    if let Some(other) = free.into_iter().next() {
        let observed = std::mem::take(&mut world.files[other].observed);
        let mut moved = world.files[file].clone();
        moved.observed = observed;
        world.files[other] = moved;
        world.files[file].exists = false;
        world.files[file].lines.clear();
    }
}

fn create(world: &mut World, actor: Actor) {
    let Some(file) = (0..world.files.len()).find(|file| !world.files[*file].exists) else { return };
    let code = world.files[file].code;
    for _ in 0..world.random.between(1, 3) {
        let texts = code.function(&mut world.random);
        let lines = world.lines(texts, actor);
        world.files[file].lines.extend(lines);
    }
    world.files[file].exists = true;
}
