//! Where the evidence contradicts itself: which lines are left to nobody.

use std::collections::HashMap;
use std::collections::HashSet;

use super::{Work, is_telling};
use crate::attribute::replay::moves::{Line, NO_ROOT};
use crate::attribute::replay::pairs::{Pairs, other_pairs};
use crate::attribute::replay::reshape;
use crate::attribute::replay::text::Texts;
use crate::attribute::replay::witness::Witnesses;
use crate::attribute::replay::{Owner, is_model};

impl Work<'_, '_> {
    /// Takes lines from a model, or leaves them to nobody, where another comparison says otherwise.
    ///
    /// Lines of one text are interchangeable: where only they change their places, nothing is in doubt.
    pub(in crate::attribute::replay) fn doubt(&mut self, texts: &Texts<'_>, writer: Owner) {
        let mut owners = self.old.iter().map(|line| is_model(line.owner)).chain([is_model(writer)]);
        let first = owners.next();
        if self.old.is_empty() || self.new.is_empty() || owners.all(|one| Some(one) == first) {
            return;
        }
        if !is_model(writer) {
            self.doubt_strays(texts);
        }
        for other in other_pairs(texts, &self.old_tokens(), &self.new) {
            self.doubt_by(texts, writer, &other);
            self.doubt_reshaped(texts, &other);
        }
    }

    /// Leaves to nobody a model's short lines that stand beside no line beside which they stood.
    fn doubt_strays(&mut self, texts: &Texts<'_>) {
        let old = self.old_tokens();
        for (line, place) in self.pairs.iter().enumerate() {
            let (Some(place), Some(made)) = (*place, &mut self.made[line]) else { continue };
            if is_model(made.owner)
                && texts.is_common(self.new[line])
                && !texts.has_same_neighbour((&old, place), (&self.new, line))
            {
                made.owner = Owner::Nobody;
            }
        }
    }

    fn doubt_by(&mut self, texts: &Texts<'_>, writer: Owner, other: &Pairs) {
        let owner = |place: Option<usize>| place.map(|place| self.old[place].owner);
        let mut groups = HashMap::<u32, Vec<usize>>::new();
        for (line, place) in self.pairs.iter().enumerate() {
            let token = self.new[line];
            if owner(*place) != owner(other[line]) && !texts.is_trivial(token) {
                groups.entry(texts.shape(token)).or_default().push(line);
            }
        }
        for lines in groups.into_values() {
            let sorted = |pairs: &Pairs| {
                let mut owners = lines.iter().map(|line| owner(pairs[*line])).collect::<Vec<_>>();
                owners.sort_unstable();
                owners
            };
            if sorted(&self.pairs) == sorted(other) {
                continue;
            }
            for line in lines {
                let other = owner(other[line]).unwrap_or(writer);
                if let Some(made) = &mut self.made[line]
                    && is_model(made.owner) != is_model(other)
                {
                    made.owner = Owner::Nobody;
                }
            }
        }
    }

    /// Leaves to nobody what was made of a line, if by the other comparison a twin of another owner went instead.
    fn doubt_reshaped(&mut self, texts: &Texts<'_>, other: &Pairs) {
        if self.sources.is_empty() {
            return;
        }
        let mut models = HashMap::<u32, [usize; 2]>::new();
        for (side, pairs) in [&self.pairs, other].into_iter().enumerate() {
            for place in pairs.iter().flatten().filter(|place| is_model(self.old[**place].owner)) {
                models.entry(texts.shape(self.old[*place].token)).or_default()[side] += 1;
            }
        }
        for (line, old) in &self.sources {
            let is_doubtful = self.old[old.clone()].iter().any(|source| {
                let counts = models.get(&texts.shape(source.token));
                !texts.is_trivial(source.token) && counts.is_some_and(|[one, two]| one != two)
            });
            if let Some(made) = self.made[*line].as_mut().filter(|_| is_doubtful) {
                made.owner = Owner::Nobody;
            }
        }
    }

    /// Leaves to nobody what was joined or split where its text, or a twin of what it was made of, was no model's.
    pub(in crate::attribute::replay) fn doubt_sources(
        &mut self,
        texts: &Texts<'_>,
        witnesses: &Witnesses,
    ) {
        if self.sources.is_empty() {
            return;
        }
        let telling = self.sources.values().cloned().flatten();
        let telling = telling.filter(|place| is_telling(texts, self.old[*place].token));
        let mut twins = telling
            .map(|place| (texts.shape(self.old[place].token), false))
            .collect::<HashMap<_, _>>();
        for line in self.old.iter().filter(|line| !is_model(line.owner)) {
            twins.entry(texts.shape(line.token)).and_modify(|is_nobodys| *is_nobodys = true);
        }
        for (line, old) in &self.sources {
            let token = self.new[*line];
            let mut old = self.old[old.clone()].iter();
            let is_back = witnesses.has_seen(texts, token)
                && (is_telling(texts, token) || witnesses.places(texts, token) == 0);
            let is_doubtful = !texts.is_trivial(token) && is_back
                || old.any(|source| twins.get(&texts.shape(source.token)) == Some(&true));
            if let Some(made) = self.made[*line].as_mut().filter(|made| is_model(made.owner))
                && is_doubtful
            {
                made.owner = Owner::Nobody;
            }
        }
    }

    /// Leaves to nobody a split copy of one of some twins that are no model's: which of them was copied is not told.
    pub(in crate::attribute::replay) fn doubt_copies(&mut self, texts: &Texts<'_>) {
        let fresh = self.fresh_places();
        let starts = fresh.iter().filter_map(|line| reshape::beginning(texts, self.new[*line]));
        let starts = starts.collect::<HashSet<_>>();
        if starts.is_empty() {
            return;
        }
        let is_source = |place: &usize| {
            let line = self.old[*place];
            !is_model(line.owner)
                && reshape::beginning(texts, line.token).is_some_and(|text| starts.contains(&text))
        };
        let sources = (0..self.old.len()).filter(is_source).collect::<Vec<_>>();
        let old = self.old_tokens();
        let mut shapes = sources.iter().map(|place| texts.shape(old[*place])).collect::<Vec<_>>();
        shapes.sort_unstable();
        let has_twin = |place: &usize| {
            let from = shapes.partition_point(|shape| *shape < texts.shape(old[*place]));
            shapes.get(from + 1) == Some(&texts.shape(old[*place]))
        };
        let sources = sources.iter().copied().filter(has_twin).collect();
        for group in reshape::find_anywhere(texts, (&old, sources), (&self.new, fresh)) {
            for line in group.new {
                let token = self.new[line];
                self.made[line].get_or_insert(Line { token, owner: Owner::Nobody, root: NO_ROOT });
            }
        }
    }
}
