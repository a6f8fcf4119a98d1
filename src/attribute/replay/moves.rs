//! Blocks of lines that vanished at one place and appear at another.

use std::collections::HashMap;

use super::text::{Texts, Token};
use super::{Owner, is_model};

/// A line with so many letters or digits tells by itself where it comes from, if it stood once in its file.
pub(super) const DISTINCTIVE_LETTERS: u32 = 12;

/// So many different lines tell together.
const DISTINCTIVE_LINES: usize = 3;

/// So many tell even if none of them stood once in its file and much else may have happened in between.
const MANY_LINES: usize = 5;

/// So many places are tried as the origin of a line.
const TRIES: usize = 8;

/// A block that is not distinctive after so many lines is taken for none.
const PATIENCE: usize = 64;

/// So many lines that stay do not part a block.
pub(super) const STAYED_LIMIT: usize = 2;

/// So many vanished lines are remembered at most; then the older half is forgotten.
const MEMORY_LIMIT: usize = 400_000;

/// One line of one version of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub token: Token,
    pub owner: Owner,
    /// The line of the start that it is, in the count over all files; `NO_ROOT` for a later one.
    pub root: u32,
}

/// A line that is none of the start.
pub(super) const NO_ROOT: u32 = u32::MAX;

/// A line that is no longer where it was.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gone {
    pub line: Line,
    /// Its file, and its place there.
    pub file: usize,
    pub place: usize,
    /// Whether it stood once in its file.
    pub is_unique: bool,
    /// Whether it follows the one before it in the list.
    pub follows: bool,
    /// Whether it was found again; or it never left, and only stands between lines that did.
    pub is_taken: bool,
    /// Who made it vanish.
    pub by: Owner,
    /// The moment at which it was seen to have vanished.
    pub moment: usize,
}

/// A line that was not there before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fresh {
    pub token: Token,
    /// The file's place in the list of changes, and the line in it.
    pub change: usize,
    pub place: usize,
    /// Whether it follows the one before it in the list.
    pub follows: bool,
    /// Where it came from, or `false` and it only stands between fresh lines.
    pub is_free: bool,
}

/// How near to each other lines vanished and appeared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// A model's step did both.
    OneStep,
    /// There was time for much else.
    Apart,
}

/// Lines that vanished, to be found again.
#[derive(Default)]
pub(super) struct Vanished {
    lines: Vec<Gone>,
    places: HashMap<u32, Vec<usize>>,
}

impl Vanished {
    pub(super) fn add(&mut self, texts: &Texts<'_>, gone: Gone) {
        if self.lines.len() >= MEMORY_LIMIT {
            let kept = self.lines.split_off(MEMORY_LIMIT / 2);
            *self = Self::default();
            for gone in kept {
                self.insert(texts, gone);
            }
        }
        self.insert(texts, gone);
    }

    fn insert(&mut self, texts: &Texts<'_>, gone: Gone) {
        self.places.entry(texts.shape(gone.line.token)).or_default().push(self.lines.len());
        self.lines.push(gone);
    }

    /// Takes out what vanished from a file at a moment.
    pub(super) fn take(&mut self, file: usize, moment: usize) {
        let all = self.lines.iter_mut().filter(|gone| gone.file == file && gone.moment == moment);
        all.for_each(|gone| gone.is_taken = true);
    }

    /// Returns all of them, also those that were found again.
    pub(super) fn lines(&self) -> &[Gone] {
        &self.lines
    }

    /// Looks for fresh lines among the vanished ones that are allowed, block by block, and takes them out of both.
    ///
    /// Returns the found ones: the place in `fresh`, and the vanished line.
    pub(super) fn find(
        &mut self,
        texts: &Texts<'_>,
        fresh: &mut [Fresh],
        trust: Trust,
        is_allowed: impl Fn(&Gone) -> bool,
    ) -> Vec<(usize, Gone)> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < fresh.len() {
            let Some((start, length)) = self.best_block(texts, &fresh[at..], trust, &is_allowed)
            else {
                at += 1;
                continue;
            };
            for step in 0..length {
                let (line, gone) = (&mut fresh[at + step], &mut self.lines[start + step]);
                // Of a line that seemed to stay, or to have gone elsewhere, a twin did.
                let is_twin = !is_model(gone.line.owner) && !texts.is_trivial(line.token);
                if line.is_free && (!gone.is_taken || is_twin) {
                    line.is_free = false;
                    gone.is_taken = true;
                    found.push((at + step, *gone));
                }
            }
            at += length;
        }
        found
    }

    /// Returns where the longest distinctive block that begins with the first fresh line begins, and its length.
    fn best_block(
        &self,
        texts: &Texts<'_>,
        fresh: &[Fresh],
        trust: Trust,
        is_allowed: &impl Fn(&Gone) -> bool,
    ) -> Option<(usize, usize)> {
        let first = fresh.first().filter(|line| line.is_free)?;
        let places = self.places.get(&texts.shape(first.token))?;
        let mut best = None;
        let allowed = places.iter().rev().filter(|place| {
            let gone = &self.lines[**place];
            !gone.is_taken && is_allowed(gone)
        });
        for place in allowed.take(TRIES) {
            let length = self.length(texts, fresh, *place, trust, is_allowed);
            if length > best.map_or(0, |(_, length)| length) {
                best = Some((*place, length));
            }
        }
        best
    }

    /// Returns how many lines from a place on are the fresh ones; 0 if they are not distinctive.
    fn length(
        &self,
        texts: &Texts<'_>,
        fresh: &[Fresh],
        start: usize,
        trust: Trust,
        is_allowed: &impl Fn(&Gone) -> bool,
    ) -> usize {
        let mut is_distinctive = false;
        let mut seen = Vec::new();
        let mut has_unique = false;
        let mut length = 0;
        for (step, (line, gone)) in fresh.iter().zip(&self.lines[start..]).enumerate() {
            let token = gone.line.token;
            let goes_on = step == 0 || line.follows && gone.follows;
            let shape = texts.shape(token);
            if !goes_on || texts.shape(line.token) != shape || !gone.is_taken && !is_allowed(gone) {
                break;
            }
            // What stands on both sides or was found already makes no block, but goes on with one.
            let is_free = line.is_free && !gone.is_taken;
            if !is_free && !is_distinctive && !texts.is_trivial(token) {
                break;
            }
            if is_free && !is_distinctive {
                is_distinctive = gone.is_unique && texts.letters(token) >= DISTINCTIVE_LETTERS;
                if !texts.is_trivial(token) && !seen.contains(&shape) {
                    seen.push(shape);
                    has_unique |= gone.is_unique;
                    let is_certain = has_unique || trust == Trust::OneStep;
                    is_distinctive |=
                        is_certain && seen.len() >= DISTINCTIVE_LINES || seen.len() >= MANY_LINES;
                }
            }
            length = step + 1;
            if !is_distinctive && length > PATIENCE {
                break;
            }
        }
        if is_distinctive { length } else { 0 }
    }
}
