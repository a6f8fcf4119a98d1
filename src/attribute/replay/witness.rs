//! Which texts stood anywhere as no model's: a model that seems to write one of them may only have put it back.

use std::collections::HashMap;

use super::is_model;
use super::moves::Line;
use super::text::{Texts, Token};

/// Of each text, white space aside, what is known of it as a line of no model.
#[derive(Default)]
pub(super) struct Witnesses {
    /// Whether it was ever seen.
    seen: Vec<bool>,
    /// In how many places it stands now.
    places: Vec<usize>,
    /// In how many places it stands in the end, whosever.
    last: HashMap<u32, usize>,
}

impl Witnesses {
    /// Notes the lines of a version that is there from now on.
    pub(super) fn add(&mut self, texts: &Texts<'_>, lines: &[Line]) {
        for line in lines.iter().filter(|line| !is_model(line.owner)) {
            let shape = texts.shape(line.token) as usize;
            if shape >= self.seen.len() {
                self.seen.resize(shape + 1, false);
                self.places.resize(shape + 1, 0);
            }
            self.seen[shape] = true;
            self.places[shape] += 1;
        }
    }

    /// Notes that a version is there no longer.
    pub(super) fn remove(&mut self, texts: &Texts<'_>, lines: &[Line]) {
        for line in lines.iter().filter(|line| !is_model(line.owner)) {
            if let Some(places) = self.places.get_mut(texts.shape(line.token) as usize) {
                *places = places.saturating_sub(1);
            }
        }
    }

    /// Notes the lines of a file as it is in the end.
    pub(super) fn add_last(&mut self, texts: &Texts<'_>, tokens: &[Token]) {
        for token in tokens {
            *self.last.entry(texts.shape(*token)).or_default() += 1;
        }
    }

    /// Says whether a text was ever seen as no model's.
    pub(super) fn has_seen(&self, texts: &Texts<'_>, token: Token) -> bool {
        self.seen.get(texts.shape(token) as usize).copied().unwrap_or(false)
    }

    /// Returns in how many places it stands in the end.
    pub(super) fn last_places(&self, texts: &Texts<'_>, token: Token) -> usize {
        self.last.get(&texts.shape(token)).copied().unwrap_or(0)
    }

    /// Returns in how many places it stands now.
    pub(super) fn places(&self, texts: &Texts<'_>, token: Token) -> usize {
        self.places.get(texts.shape(token) as usize).copied().unwrap_or(0)
    }
}
