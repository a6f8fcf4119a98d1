//! What no evidence can decide, as `docs/attribution.md` has it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::world::{TrueFile, TrueLine, Truth, ids};

/// Applies the conventions to what one actor did at once: returns the lines for which another answer is right too.
///
/// Of a block that does not tell where it comes from, that is the mover.
pub(crate) fn undecided(
    before: &[TrueFile],
    after: &[TrueFile],
    made: &HashMap<String, usize>,
    actor: Truth,
) -> BTreeMap<u64, Truth> {
    let old = ids(before);
    let newest = old.keys().copied().max().unwrap_or(0);
    let mut counts = BTreeMap::<(usize, String), usize>::new();
    for (number, file) in before.iter().enumerate() {
        for line in &file.lines {
            *counts.entry((number, line.shape())).or_default() += 1;
        }
    }
    let mut undecided = twins(before, after, &old, actor);
    for (number, file) in after.iter().enumerate().filter(|(_, file)| file.exists) {
        let places = file.lines.iter().map(|line| old.get(&line.id).copied()).collect::<Vec<_>>();
        let is_moved = moved(number, &places);
        undecided.extend(edited_parts(&file.lines, &old).into_iter().map(|id| (id, actor)));
        let mut at = 0;
        while at < places.len() {
            let from = at;
            at += 1;
            let source = places[from].filter(|_| is_moved[from]);
            // A line that is older than the newest one, and was not there: it was put back.
            let is_back = |at: usize| places[at].is_none() && file.lines[at].id < newest;
            if source.is_none() && !is_back(from) {
                continue;
            }
            let goes_on = |at: usize| match source {
                Some((source, place)) => {
                    is_moved[at] && places[at] == Some((source, place + at - from))
                }
                None => is_back(at) && file.lines[at].id > file.lines[at - 1].id,
            };
            while at < places.len() && goes_on(at) {
                at += 1;
            }
            let block = &file.lines[from..at];
            let is_unique = |line: &TrueLine| {
                let once = source.map_or_else(
                    || made.get(&line.shape()) == Some(&1),
                    |(source, _)| counts.get(&(source, line.shape())) == Some(&1),
                );
                line.letters() >= 12 && once
            };
            let telling = block.iter().filter(|line| !line.is_trivial()).map(TrueLine::shape);
            let is_telling = telling.collect::<BTreeSet<_>>().len() >= 3;
            if !is_telling && !block.iter().any(is_unique) {
                undecided.extend(block.iter().map(|line| (line.id, actor)));
            }
        }
    }
    undecided
}

/// Returns what twins make undecided.
///
/// A new line with the text of one that went may be that line, and what that one was joined or split into the actor's.
/// Of two blocks with the same text, one of which goes, it is not told which.
fn twins(
    before: &[TrueFile],
    after: &[TrueFile],
    old: &HashMap<u64, (usize, usize)>,
    actor: Truth,
) -> BTreeMap<u64, Truth> {
    let now = ids(after);
    let moved = moved_ids(after, old);
    let mut gone = HashMap::<String, Vec<(usize, usize)>>::new();
    let places = old.values().copied().collect::<BTreeSet<_>>();
    for (file, place) in places {
        let line = &before[file].lines[place];
        if !line.is_trivial() && (!now.contains_key(&line.id) || moved.contains(&line.id)) {
            gone.entry(line.shape()).or_default().push((file, place));
        }
    }
    let mut found = BTreeMap::new();
    let mut replaced = BTreeMap::new();
    for line in after.iter().flat_map(|file| &file.lines) {
        let Some(places) = gone.get(&line.shape()) else { continue };
        let is_twin = |place: &&(usize, usize)| {
            let is_gone = !now.contains_key(&before[place.0].lines[place.1].id);
            let other = old.get(&line.id);
            other.map_or(is_gone, |other| is_twin_of(before, **place, *other))
        };
        if let Some((file, place)) = places.iter().find(is_twin) {
            let twin = &before[*file].lines[*place];
            found.insert(line.id, twin.truth);
            found.entry(twin.id).or_insert(line.truth);
            replaced.insert(twin.shape(), line.truth);
        }
    }
    // Of a copy all may be the original, where that one moved or went in part.
    for file in after {
        let is_copy = |line: &TrueLine| !old.contains_key(&line.id) && line.copied_from.is_some();
        for run in file.lines.chunk_by(|one, two| is_copy(one) == is_copy(two)) {
            let origins = run.iter().filter(|line| is_copy(line)).filter_map(|line| {
                let (file, place) = old.get(&line.copied_from?)?;
                Some((line, &before[*file].lines[*place]))
            });
            let origins = origins.collect::<Vec<_>>();
            let is_left = |(_, origin): &(&TrueLine, &TrueLine)| {
                !now.contains_key(&origin.id) || moved.contains(&origin.id)
            };
            if origins.iter().any(is_left) {
                for (line, origin) in origins {
                    found.entry(line.id).or_insert(origin.truth);
                    found.entry(origin.id).or_insert(actor);
                }
            }
        }
    }
    for line in after.iter().flat_map(|file| &file.lines) {
        let sources = line.made_of.iter().filter_map(|id| old.get(id));
        let mut shapes = sources.map(|(file, place)| before[*file].lines[*place].shape());
        let other = shapes.find_map(|shape| replaced.get(&shape));
        if let Some(other) = other.filter(|_| !old.contains_key(&line.id)) {
            found.insert(line.id, if *other == line.truth { actor } else { *other });
        }
    }
    found
}

/// Says whether two lines are a line and its copy, or stand in blocks of the same text.
fn is_twin_of(files: &[TrueFile], one: (usize, usize), other: (usize, usize)) -> bool {
    let origin = |(file, place): (usize, usize)| {
        let line = &files[file].lines[place];
        line.copied_from.unwrap_or(line.id)
    };
    one != other && (origin(one) == origin(other) || is_same_block(files, one, other))
}

/// Says whether two lines stand in blocks of the same text with three different lines.
fn is_same_block(files: &[TrueFile], one: (usize, usize), other: (usize, usize)) -> bool {
    one != other && is_same_text((&files[one.0].lines, one.1), (&files[other.0].lines, other.1))
}

/// Says whether there are blocks of the same text with three different lines around two places.
fn is_same_text(one: (&[TrueLine], usize), other: (&[TrueLine], usize)) -> bool {
    let mut shapes = BTreeSet::new();
    for is_down in [true, false] {
        for step in 0..20 {
            let at =
                |place: usize| if is_down { Some(place + step) } else { place.checked_sub(step) };
            let line = |lines: &'_ [TrueLine], place| Some(lines.get(at(place)?)?.shape());
            let (left, right) = (line(one.0, one.1), line(other.0, other.1));
            match left {
                Some(shape) if right.as_ref() == Some(&shape) => {
                    if shape.chars().any(char::is_alphanumeric) {
                        shapes.insert(shape);
                    }
                }
                _ => break,
            }
        }
    }
    shapes.len() >= 3
}

/// Lets be right what is not told where one of two blocks with the same text is staged: which of them it was.
pub(crate) fn allow_staged_twins(staged: &mut TrueFile, work: &TrueFile) {
    let mut allowed = Vec::new();
    for (at, line) in staged.lines.iter().enumerate() {
        for (place, twin) in work.lines.iter().enumerate() {
            let is_other = twin.id != line.id && twin.shape() == line.shape();
            if is_other && is_same_text((&staged.lines, at), (&work.lines, place)) {
                allowed.push((at, twin.truth));
            }
        }
    }
    for (at, truth) in allowed {
        staged.lines[at].allow(truth);
    }
}

/// Returns lines that were joined or split and edited or moved at once: they are the editor's, or as before.
fn edited_parts(lines: &[TrueLine], old: &HashMap<u64, (usize, usize)>) -> Vec<u64> {
    let is_made_now = |line: &&TrueLine| !old.contains_key(&line.id) && !line.made_of.is_empty();
    let is_whole = |line: &TrueLine| {
        let places = line.made_of.iter().map(|id| old.get(id).copied()).collect::<Vec<_>>();
        let follows = |pair: &[Option<(usize, usize)>]| match pair {
            [Some((file, place)), Some(next)] => (*file, place + 1) == *next,
            _ => false,
        };
        let are_old = places[0].is_some() && places.windows(2).all(follows);
        let together = lines.iter().position(|other| other.made_of == line.made_of);
        let together = &lines[together.unwrap_or(0)..];
        let run = together.iter().take_while(|other| other.made_of == line.made_of).count();
        are_old && (line.parts == 0 || line.parts == run)
    };
    let made = lines.iter().filter(is_made_now);
    made.filter(|line| !is_whole(line)).map(|line| line.id).collect()
}

fn moved_ids(after: &[TrueFile], old: &HashMap<u64, (usize, usize)>) -> BTreeSet<u64> {
    let mut ids = BTreeSet::new();
    for (number, file) in after.iter().enumerate().filter(|(_, file)| file.exists) {
        let places = file.lines.iter().map(|line| old.get(&line.id).copied()).collect::<Vec<_>>();
        let lines = file.lines.iter().zip(moved(number, &places));
        ids.extend(lines.filter(|(_, is_moved)| *is_moved).map(|(line, _)| line.id));
    }
    ids
}

/// Says which lines stand in another order to some other line than before, or in another file.
fn moved(file: usize, places: &[Option<(usize, usize)>]) -> Vec<bool> {
    let mut is_moved = vec![false; places.len()];
    let mut highest = None;
    for (line, place) in places.iter().enumerate() {
        match place {
            Some((source, _)) if *source != file => is_moved[line] = true,
            Some((_, place)) => {
                is_moved[line] |= highest.is_some_and(|highest| highest > *place);
                highest = highest.max(Some(*place));
            }
            None => {}
        }
    }
    let mut lowest = usize::MAX;
    for (line, place) in places.iter().enumerate().rev() {
        if let Some((source, place)) = place
            && *source == file
        {
            is_moved[line] |= lowest < *place;
            lowest = lowest.min(*place);
        }
    }
    is_moved
}
