//! One file's change at one moment: which lines go on, which are gone, which are new, and whose.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use super::moves::{DISTINCTIVE_LETTERS, Fresh, Gone, Line, NO_ROOT, STAYED_LIMIT};
use super::pairs::{Pairs, pair, regions};
use super::patch::Patch;
use super::reshape;
use super::resolve::{Content, Seen};
use super::text::{Texts, Token};
use super::{Owner, is_model};

mod doubt;

/// So many short lines beside a change are not taken for kept before joins and splits are looked for.
const ISLAND_LIMIT: usize = 4;

/// A file's change at this moment.
pub(super) struct Work<'m, 'a> {
    pub seen: &'m Seen<'a>,
    pub old: Rc<[Line]>,
    pub new: Vec<Token>,
    pairs: Pairs,
    /// The new lines as far as they are known.
    pub made: Vec<Option<Line>>,
    /// Which old lines went on.
    pub is_used: Vec<bool>,
    /// Old lines that another file has taken already.
    promised: Vec<usize>,
    /// Of the lines that were made by joining and splitting old ones: of which.
    sources: HashMap<usize, Range<usize>>,
}

impl<'m, 'a> Work<'m, 'a> {
    pub(super) fn new(seen: &'m Seen<'a>, old: Rc<[Line]>, new: Vec<Token>) -> Self {
        let (made, is_used) = (vec![None; new.len()], vec![false; old.len()]);
        let (pairs, promised, sources) = (Vec::new(), Vec::new(), HashMap::new());
        Self { seen, old, new, pairs, made, is_used, promised, sources }
    }

    /// Takes out old lines that another file has taken already.
    pub(super) fn promise(&mut self, places: &[usize]) {
        for place in places {
            self.is_used[*place] = true;
        }
        self.promised = places.to_vec();
    }

    pub(super) fn is_present(&self) -> bool {
        !matches!(self.seen.content, Content::Absent)
    }

    fn old_tokens(&self) -> Vec<Token> {
        self.old.iter().map(|line| line.token).collect()
    }

    /// Lets lines go on that are the same, white space aside.
    pub(super) fn pair(&mut self, texts: &Texts<'_>) {
        self.pairs = pair(texts, &self.old_tokens(), &self.new);
        for (line, place) in self.pairs.iter().enumerate() {
            if let Some(place) = *place {
                self.made[line] = Some(Line { token: self.new[line], ..self.old[place] });
                self.is_used[place] = true;
            }
        }
    }

    /// Lets lines go on that were joined or split.
    pub(super) fn reshape(&mut self, texts: &Texts<'_>) {
        let old = self.old_tokens();
        let pairs = self.without_islands(texts);
        for (before, after) in regions(&pairs, self.old.len()) {
            if before.is_empty() || after.is_empty() {
                continue;
            }
            for group in reshape::find(texts, (&old, &before), (&self.new, &after)) {
                // One line for one line is no better a pair than the one it has.
                let is_single = group.old.len() == 1 && group.new.len() == 1;
                if !is_single
                    || !self.is_used[group.old.start] && self.made[group.new.start].is_none()
                {
                    self.make(group);
                }
            }
        }
    }

    fn gone_places(&self) -> Vec<usize> {
        (0..self.old.len()).filter(|place| !self.is_used[*place]).collect()
    }

    fn fresh_places(&self) -> Vec<usize> {
        (0..self.new.len()).filter(|line| self.made[*line].is_none()).collect()
    }

    /// Lets lines go on that were joined or split and moved too.
    pub(super) fn reshape_anywhere(&mut self, texts: &Texts<'_>) {
        if self.is_used.iter().all(|is_used| *is_used) || self.made.iter().all(Option::is_some) {
            return;
        }
        // Short lines that are paired may belong to what was reshaped.
        let loose = self.without_islands(texts);
        let mut is_gone = self.is_used.iter().map(|is_used| !is_used).collect::<Vec<_>>();
        let mut fresh = Vec::new();
        for (line, place) in self.pairs.iter().enumerate() {
            let is_loose = place.is_some() && loose[line].is_none();
            if let Some(place) = place.filter(|_| is_loose) {
                is_gone[place] = true;
            }
            if is_loose || self.made[line].is_none() {
                fresh.push(line);
            }
        }
        let gone = (0..self.old.len()).filter(|place| is_gone[*place]).collect();
        let old = self.old_tokens();
        for group in reshape::find_anywhere(texts, (&old, gone), (&self.new, fresh)) {
            self.make(group);
        }
    }

    /// Lets lines of another file go on that were joined or split and moved here.
    pub(super) fn reshape_from(&mut self, texts: &Texts<'_>, other: &mut Self) {
        let (gone, fresh) = (other.gone_places(), self.fresh_places());
        if gone.is_empty() || fresh.is_empty() {
            return;
        }
        let old = other.old_tokens();
        for group in reshape::find_anywhere(texts, (&old, gone), (&self.new, fresh)) {
            other.is_used[group.old.clone()].fill(true);
            for (share, line) in group.shares.iter().zip(group.new) {
                self.made[line] = Some(other.line_of_parts(share, self.new[line]));
            }
        }
    }

    /// Makes the lines of a group of the old ones.
    fn make(&mut self, group: reshape::Group) {
        self.is_used[group.old.clone()].fill(true);
        for (share, line) in group.shares.iter().zip(group.new) {
            if let Some(place) = self.pairs[line].take()
                && !group.old.contains(&place)
            {
                self.is_used[place] = false;
            }
            self.made[line] = Some(self.line_of_parts(share, self.new[line]));
            self.sources.insert(line, group.old.clone());
        }
    }

    /// Returns the line that is made of parts of old ones: how many letters it has of which.
    fn line_of_parts(&self, parts: &[(usize, usize)], token: Token) -> Line {
        let root = parts.iter().max_by_key(|(_, letters)| *letters);
        let root = root.map_or(NO_ROOT, |(place, _)| self.old[*place].root);
        Line { token, owner: self.owner_of_parts(parts), root }
    }

    /// Returns the pairs without short lines at the edges of what changed: a bracket or an argument on a line of its
    /// own is easily paired with another.
    fn without_islands(&self, texts: &Texts<'_>) -> Pairs {
        let is_short = |line: usize| texts.letters(self.new[line]) < DISTINCTIVE_LETTERS;
        let mut is_left = self.pairs.iter().map(Option::is_none).collect::<Vec<_>>();
        let mut line_of = vec![None; self.old.len()];
        for (line, place) in self.pairs.iter().enumerate() {
            if let Some(place) = *place {
                line_of[place] = Some(line);
            }
        }
        let sides = [(0..self.new.len()).map(Some).collect(), line_of];
        for side in sides {
            let is_change =
                |place: usize| side[place].is_none_or(|line| self.pairs[line].is_none());
            for is_downwards in [true, false] {
                let mut room = 0;
                for step in 0..side.len() {
                    let place = if is_downwards { step } else { side.len() - 1 - step };
                    room = match side[place] {
                        _ if is_change(place) => ISLAND_LIMIT,
                        Some(line) if room > 0 && is_short(line) => {
                            is_left[line] = true;
                            room - 1
                        }
                        _ => 0,
                    };
                }
            }
        }
        let kept = self.pairs.iter().zip(is_left);
        kept.map(|(place, is_left)| place.filter(|_| !is_left)).collect()
    }

    /// Says whose such a line is.
    fn owner_of_parts(&self, parts: &[(usize, usize)]) -> Owner {
        let all = parts.iter().map(|(place, letters)| (self.old[*place].owner, *letters));
        let mut shares = Vec::<(Owner, usize)>::new();
        // A bracket alone makes nobody an author, unless there is nothing else.
        let has_letters = parts.iter().any(|(_, letters)| *letters > 0);
        for (owner, letters) in all.filter(|(_, letters)| *letters > 0 || !has_letters) {
            match shares.iter_mut().find(|(known, _)| *known == owner) {
                Some((_, sum)) => *sum += letters,
                None => shares.push((owner, letters)),
            }
        }
        match &shares[..] {
            [(owner, _)] => *owner,
            _ if shares.iter().all(|(owner, _)| is_model(*owner)) => {
                let most = shares.iter().rev().max_by_key(|(_, letters)| *letters);
                most.map_or(Owner::Nobody, |(owner, _)| *owner)
            }
            _ => Owner::Nobody,
        }
    }

    /// Says whether the content is another one, not a later version of the old.
    pub(super) fn is_replaced(&self, texts: &Texts<'_>) -> bool {
        self.new.is_empty() || alike(texts, &self.old, &self.new) == 0
    }

    /// Goes on from another file's lines; what was here before is gone.
    pub(super) fn go_on_from(&mut self, lines: Rc<[Line]>) {
        self.is_used = vec![false; lines.len()];
        self.old = lines;
    }

    /// Returns the old lines that did not go on.
    pub(super) fn gone(&self, texts: &mut Texts<'_>, by: Owner, moment: usize) -> Vec<Gone> {
        let is_promised = |place: usize| self.promised.contains(&place);
        let is_gone = |place: &usize| !self.is_used[*place] || is_promised(*place);
        let places = (0..self.old.len()).filter(is_gone).collect::<Vec<_>>();
        if places.is_empty() {
            return Vec::new();
        }
        let tokens = self.old_tokens();
        let wanted = places.iter().map(|place| tokens[*place]).collect::<Vec<_>>();
        let unique = texts.are_unique(&tokens, &wanted);
        let mut gone = Vec::with_capacity(places.len());
        let mut next = usize::MAX;
        for (place, is_unique) in places.into_iter().zip(unique) {
            let line = |place: usize| Gone {
                line: self.old[place],
                file: self.seen.file,
                place,
                is_unique: false,
                follows: true,
                is_taken: true,
                by,
                moment,
            };
            let between = next..place;
            let follows = next <= place && between.len() <= STAYED_LIMIT;
            if follows {
                gone.extend(between.map(line));
            }
            gone.push(Gone { is_unique, follows, is_taken: is_promised(place), ..line(place) });
            next = place + 1;
        }
        gone
    }

    /// Returns the new lines of which nothing is known yet.
    pub(super) fn fresh(&self, change: usize) -> Vec<Fresh> {
        let mut fresh = Vec::new();
        let mut next = usize::MAX;
        for place in (0..self.new.len()).filter(|place| self.made[*place].is_none()) {
            let line = |place: usize| Fresh {
                token: self.new[place],
                change,
                place,
                follows: true,
                is_free: false,
            };
            let between = next..place;
            let follows = next <= place && between.len() <= STAYED_LIMIT;
            if follows {
                fresh.extend(between.map(line));
            }
            fresh.push(Fresh { follows, is_free: true, ..line(place) });
            next = place + 1;
        }
        fresh
    }

    /// Gives new lines to those who claim them, where the text and what stands around it agree.
    pub(super) fn claim(&mut self, texts: &mut Texts<'_>) {
        if self.seen.claims.is_empty() {
            return;
        }
        let unique = texts.are_unique(&self.new, &self.new);
        let mut places = HashMap::<Token, Vec<usize>>::new();
        for (place, token) in self.new.iter().enumerate() {
            if self.made[place].is_none() {
                places.entry(*token).or_default().push(place);
            }
        }
        // What a hunk found was there before, also where it was only moved or got other white space.
        let mut known = HashSet::new();
        for claim in &self.seen.claims {
            let before = claim.patches.iter().flat_map(Patch::before);
            known.extend(before.map(|token| texts.shape(*token)));
            let runs = claim
                .patches
                .iter()
                .flat_map(|patch| patch.added.iter().map(|run| (patch.after(), run)));
            for (after, run) in runs {
                let lines = &after[run.clone()];
                let context = (run.start.checked_sub(1).map(|at| after[at]), after.get(run.end));
                let starts = lines.first().and_then(|first| places.get(first));
                let place = starts.into_iter().flatten().copied().find(|place| {
                    let end = place + lines.len();
                    let is_here = self.new.get(*place..end) == Some(lines)
                        && self.made[*place..end].iter().all(Option::is_none);
                    let before = place.checked_sub(1).map(|at| self.new[at]);
                    let is_around = context.0.is_some() && context.0 == before
                        || context.1.is_some() && context.1 == self.new.get(end);
                    let is_telling = |at: usize| {
                        unique[at] && texts.letters(self.new[at]) >= DISTINCTIVE_LETTERS
                    };
                    is_here && (is_around || (*place..end).any(is_telling))
                });
                for line in place.into_iter().flat_map(|place| place..place + lines.len()) {
                    let is_new = !known.contains(&texts.shape(self.new[line]));
                    let owner = if is_new { claim.writer } else { Owner::Nobody };
                    self.made[line] = Some(Line { token: self.new[line], owner, root: NO_ROOT });
                }
            }
        }
    }

    /// Gives the rest to the writer.
    pub(super) fn finish(&mut self, writer: Owner) {
        for (made, token) in self.made.iter_mut().zip(&self.new) {
            made.get_or_insert(Line { token: *token, owner: writer, root: NO_ROOT });
        }
    }

    /// Returns the lines of the start that went into others.
    pub(super) fn joined_roots(&self) -> Vec<u32> {
        let kept = self.made.iter().flatten().map(|line| line.root);
        let kept = kept.collect::<HashSet<_>>();
        let used = self.old.iter().zip(&self.is_used).filter(|(_, is_used)| **is_used);
        used.map(|(line, _)| line.root).filter(|root| !kept.contains(root)).collect()
    }
}

/// Says whether a line has so many letters or digits that it tells by itself what it is.
fn is_telling(texts: &Texts<'_>, token: Token) -> bool {
    texts.letters(token) >= DISTINCTIVE_LETTERS
}

/// Counts the common lines of two contents, trivial ones aside; 0 where they are less than half of the longer one.
pub(super) fn alike(texts: &Texts<'_>, old: &[Line], new: &[Token]) -> usize {
    let mut counts = HashMap::<u32, usize>::new();
    let telling = |token: &Token| !texts.is_trivial(*token);
    let old = old.iter().map(|line| line.token).filter(telling).collect::<Vec<_>>();
    for token in &old {
        *counts.entry(texts.shape(*token)).or_default() += 1;
    }
    let (mut common, mut all) = (0, 0);
    for token in new.iter().copied().filter(telling) {
        all += 1;
        if let Some(count) = counts.get_mut(&texts.shape(token)).filter(|count| **count > 0) {
            *count -= 1;
            common += 1;
        }
    }
    if common * 2 >= old.len().max(all) { common } else { 0 }
}
