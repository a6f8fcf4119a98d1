//! What is to be committed: the work tree, or an older version, or lines of both.

use std::collections::{HashMap, HashSet};

use super::engine::{Engine, Fate, Track, Version};
use super::moves::{Line, NO_ROOT};
use super::pairs::{other_pairs, pair};
use super::text::Token;
use super::{Owner, ReplayFile, ReplayedFile, is_model};

/// In so many older versions are staged lines looked for that the work tree has not.
const VERSIONS_TRIED: usize = 12;

/// Returns the results, once all moments have passed.
pub(super) fn results<'a>(engine: &mut Engine<'a>, files: &'a [ReplayFile]) -> Vec<ReplayedFile> {
    let mut staged = Vec::with_capacity(files.len());
    for (number, file) in files.iter().enumerate() {
        let content = file.staged.as_deref().unwrap_or_default();
        let tokens = engine.texts.parse(content);
        staged.push(lines(engine, number, &tokens));
    }
    let alive = staged.iter().flatten().map(|line| line.root).collect::<HashSet<_>>();
    let owners = |lines: &[Line]| lines.iter().map(|line| line.owner).collect();
    let mut first_root = 0;
    let mut results = Vec::with_capacity(files.len());
    for (staged, track) in staged.iter().zip(&engine.tracks) {
        let roots = first_root..first_root + track.start_len;
        first_root = roots.end;
        let gone = roots.clone().filter(|root| !alive.contains(root));
        let fates = gone.map(|root| (root, engine.fates.get(root as usize).copied().flatten()));
        let deleted = fates.filter_map(|(root, fate)| match fate {
            Some(Fate::Joined) => None,
            Some(Fate::Deleted(by)) => Some((root - roots.start, by)),
            None => Some((root - roots.start, Owner::Nobody)),
        });
        results.push(ReplayedFile {
            staged: owners(staged),
            worktree: owners(&track.now.lines),
            deleted: deleted.collect(),
        });
    }
    results
}

/// Finds the staged lines of one file.
fn lines(engine: &Engine<'_>, file: usize, tokens: &[Token]) -> Vec<Line> {
    let track = &engine.tracks[file];
    if let Some(version) = engine.version(file, tokens) {
        let mut found = version.lines.iter().copied().map(Some).collect::<Vec<_>>();
        doubt_older(engine, track, &mut found);
        return found.into_iter().flatten().collect();
    }
    let mut found = vec![None; tokens.len()];
    let start = track.versions.first();
    let older = track.versions.iter().rev().skip(1).take(VERSIONS_TRIED);
    for version in [&track.now].into_iter().chain(older).chain(start) {
        if found.iter().all(Option::is_some) {
            break;
        }
        fill(engine, version, tokens, &mut found);
    }
    doubt(engine, track, tokens, &mut found);
    doubt_older(engine, track, &mut found);
    let none = |token: &Token| Line { token: *token, owner: Owner::Nobody, root: NO_ROOT };
    found.into_iter().zip(tokens).map(|(line, token)| line.unwrap_or_else(|| none(token))).collect()
}

/// Leaves to nobody what is a model's by the work tree, and not by the start or by another comparison.
fn doubt(engine: &Engine<'_>, track: &Track<'_>, tokens: &[Token], found: &mut [Option<Line>]) {
    let others = other_pairs(&engine.texts, &track.now.tokens(), tokens);
    let start = track.versions.first().map(|start| (start, start.tokens()));
    let start = start.map(|(start, old)| (start, pair(&engine.texts, &old, tokens)));
    for (place, line) in found.iter_mut().enumerate() {
        let Some(line) = line.as_mut().filter(|line| is_model(line.owner)) else { continue };
        let mut others =
            others.iter().map(|pairs| pairs[place].map(|place| track.now.lines[place].owner));
        let first =
            start.as_ref().and_then(|(start, pairs)| Some(start.lines[pairs[place]?].owner));
        let is_other = |owner: Option<Owner>| owner.is_some_and(|owner| !is_model(owner));
        if !engine.texts.is_trivial(line.token) && (others.any(is_other) || is_other(first)) {
            line.owner = Owner::Nobody;
        }
    }
}

/// Leaves to nobody what is a model's by an older version and nobody's in the work tree, if it stands once in both.
fn doubt_older(engine: &Engine<'_>, track: &Track<'_>, found: &mut [Option<Line>]) {
    let shape = |line: &Line| engine.texts.shape(line.token);
    let mut now = HashMap::<u32, Option<Owner>>::new();
    for line in track.now.lines.iter() {
        now.entry(shape(line)).and_modify(|owner| *owner = None).or_insert(Some(line.owner));
    }
    let mut counts = HashMap::<u32, usize>::new();
    for line in found.iter().flatten() {
        *counts.entry(shape(line)).or_default() += 1;
    }
    for line in found.iter_mut().flatten().filter(|line| is_model(line.owner)) {
        let other = now.get(&shape(line)).copied().flatten();
        if counts[&shape(line)] == 1 && other.is_some_and(|owner| !is_model(owner)) {
            line.owner = Owner::Nobody;
        }
    }
}

/// Fills in the lines that a version has at the same place.
///
/// A model's short line is only believed to be there if it stands beside a line beside which it stood.
fn fill(engine: &Engine<'_>, version: &Version, tokens: &[Token], found: &mut [Option<Line>]) {
    let texts = &engine.texts;
    let old = version.tokens();
    for (line, place) in pair(texts, &old, tokens).iter().enumerate() {
        let Some(place) = *place else { continue };
        let is_certain = !is_model(version.lines[place].owner)
            || !texts.is_common(tokens[line])
            || texts.has_same_neighbour((&old, place), (tokens, line));
        if is_certain {
            found[line].get_or_insert(Line { token: tokens[line], ..version.lines[place] });
        }
    }
}
