//! One file's change at one moment: which lines go on, which are gone, which are new, and whose.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::moves::{DISTINCTIVE_LETTERS, Fresh, Gone, Line, NO_ROOT};
use super::pairs::{Pairs, pair, pair_from_end, regions};
use super::reshape;
use super::resolve::{Content, Seen};
use super::text::{Texts, Token};
use super::{Owner, is_model};

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
}

impl<'m, 'a> Work<'m, 'a> {
    pub(super) fn new(seen: &'m Seen<'a>, old: Rc<[Line]>, new: Vec<Token>) -> Self {
        let (made, is_used) = (vec![None; new.len()], vec![false; old.len()]);
        Self { seen, old, new, pairs: Vec::new(), made, is_used }
    }

    pub(super) fn is_present(&self) -> bool {
        !matches!(self.seen.content, Content::Absent)
    }

    fn old_tokens(&self) -> Vec<Token> {
        self.old.iter().map(|line| line.token).collect()
    }

    /// Lets lines go on that are the same, white space aside.
    pub(super) fn pair(&mut self, texts: &Texts<'_>) {
        if self.is_used.contains(&true) {
            // The file goes on under another name.
            self.pairs = vec![None; self.new.len()];
            return;
        }
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
        for (before, after) in regions(&self.pairs, self.old.len()) {
            if before.is_empty() || after.is_empty() {
                continue;
            }
            for group in reshape::find(texts, (&old, &before), (&self.new, &after)) {
                self.is_used[group.old.clone()].fill(true);
                for (share, line) in group.shares.iter().zip(group.new) {
                    let root = share.iter().max_by_key(|(_, letters)| *letters);
                    self.made[line] = Some(Line {
                        token: self.new[line],
                        owner: self.owner_of_parts(share),
                        root: root.map_or(NO_ROOT, |(place, _)| self.old[*place].root),
                    });
                }
            }
        }
    }

    /// Says whose a line is that is made of parts of old ones: how many letters it has of which.
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

    /// Returns the old lines that did not go on.
    pub(super) fn gone(&self, texts: &mut Texts<'_>, by: Owner, moment: usize) -> Vec<Gone> {
        let places = (0..self.old.len()).filter(|place| !self.is_used[*place]).collect::<Vec<_>>();
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
            // Trivial lines that stayed do not part a block.
            let between = next..place;
            let is_joined =
                between.len() <= 2 && between.clone().all(|place| texts.is_trivial(tokens[place]));
            let follows = next <= place && is_joined;
            if follows {
                gone.extend(between.map(line));
            }
            gone.push(Gone { is_unique, follows, is_taken: false, ..line(place) });
            next = place + 1;
        }
        gone
    }

    /// Returns the new lines of which nothing is known yet.
    pub(super) fn fresh(&self, texts: &Texts<'_>, change: usize) -> Vec<Fresh> {
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
            let is_joined = between.len() <= 2
                && between.clone().all(|place| texts.is_trivial(self.new[place]));
            let follows = next <= place && is_joined;
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
        for claim in &self.seen.claims {
            let after = claim.patch.after();
            for run in &claim.patch.added {
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
                    self.made[line] =
                        Some(Line { token: self.new[line], owner: claim.writer, root: NO_ROOT });
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

    /// Takes lines from a model, or leaves them to nobody, where a comparison from the end says otherwise.
    ///
    /// Lines of one text are interchangeable: where only they change their places, nothing is in doubt.
    pub(super) fn doubt(&mut self, texts: &Texts<'_>, writer: Owner) {
        let mut owners = self.old.iter().map(|line| is_model(line.owner)).chain([is_model(writer)]);
        let first = owners.next();
        if self.old.is_empty() || self.new.is_empty() || owners.all(|one| Some(one) == first) {
            return;
        }
        let back = pair_from_end(texts, &self.old_tokens(), &self.new);
        let owner = |place: Option<usize>| place.map(|place| self.old[place].owner);
        let mut groups = HashMap::<u32, Vec<usize>>::new();
        for (line, place) in self.pairs.iter().enumerate() {
            let token = self.new[line];
            if owner(*place) != owner(back[line]) && !texts.is_trivial(token) {
                groups.entry(texts.shape(token)).or_default().push(line);
            }
        }
        for lines in groups.into_values() {
            let sorted = |pairs: &Pairs| {
                let mut owners = lines.iter().map(|line| owner(pairs[*line])).collect::<Vec<_>>();
                owners.sort_unstable();
                owners
            };
            if sorted(&self.pairs) == sorted(&back) {
                continue;
            }
            for line in lines {
                let other = owner(back[line]).unwrap_or(writer);
                if let Some(made) = &mut self.made[line]
                    && is_model(made.owner) != is_model(other)
                {
                    made.owner = Owner::Nobody;
                }
            }
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
