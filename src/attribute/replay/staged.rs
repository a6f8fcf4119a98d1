//! What is to be committed: the work tree, or an older version, or lines of both.

use std::collections::HashSet;

use super::engine::{Engine, Fate, Version};
use super::moves::{Line, NO_ROOT};
use super::pairs::pair;
use super::text::Token;
use super::{Owner, ReplayFile, ReplayedFile};

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
    if let Some(version) = engine.version(file, tokens) {
        return version.lines.to_vec();
    }
    let track = &engine.tracks[file];
    let mut found = vec![None; tokens.len()];
    let start = track.versions.first();
    let older = track.versions.iter().rev().skip(1).take(VERSIONS_TRIED);
    for version in [&track.now].into_iter().chain(older).chain(start) {
        if found.iter().all(Option::is_some) {
            break;
        }
        fill(engine, version, tokens, &mut found);
    }
    let none = |token: &Token| Line { token: *token, owner: Owner::Nobody, root: NO_ROOT };
    found.into_iter().zip(tokens).map(|(line, token)| line.unwrap_or_else(|| none(token))).collect()
}

/// Fills in the lines that a version has at the same place.
fn fill(engine: &Engine<'_>, version: &Version, tokens: &[Token], found: &mut [Option<Line>]) {
    let old = version.tokens();
    for (line, place) in pair(&engine.texts, &old, tokens).iter().enumerate() {
        if let Some(place) = *place {
            found[line].get_or_insert(Line { token: tokens[line], ..version.lines[place] });
        }
    }
}
