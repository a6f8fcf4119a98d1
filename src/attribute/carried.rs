//! Lines that a commit has from another one, and where it cannot be told from which line they came.

use std::collections::HashMap;

use crate::attribute::line_diff::{LineDiff, lines};
use crate::provenance::{CommitRecord, Contribution};

/// A line with so many letters or digits tells by itself what it is, as in the replay.
const TELLING_LETTERS: usize = 12;

/// The lines of one file in a commit, and where they stood in a source.
#[derive(Debug)]
pub(super) struct Carried {
    path: String,
    forwards: Vec<Option<u32>>,
    /// The same compared from the end; `None` where the two contents are one.
    backwards: Option<Vec<Option<u32>>>,
}

/// What a source says of a line.
#[derive(Debug, Clone, Copy)]
pub(super) enum Claim<'r> {
    /// The line is not from there.
    NotThere,
    /// It is, and nobody is known to have written it.
    Nobodys,
    /// This part of the source's record has it.
    Of(&'r Contribution),
    /// It may be one of two lines of different writers.
    Either,
}

impl Carried {
    /// Compares a file in a source with the same in the commit.
    pub(super) fn between(path: &str, source: &[u8], new: &[u8]) -> Self {
        let forwards = LineDiff::between(source, new).kept();
        let backwards = (source != new).then(|| LineDiff::kept_from_the_end(source, new));
        Self { path: path.to_owned(), forwards, backwards }
    }

    /// Says what the source's record says of a line of the commit, by its number from 0.
    ///
    /// Of two lines of one text each comparison may find another one; that matters where their writers differ.
    pub(super) fn claim<'r>(&self, record: &'r CommitRecord, line: u32) -> Claim<'r> {
        let place = |kept: &[Option<u32>]| kept.get(line as usize).copied().flatten();
        let Some(old) = place(&self.forwards) else { return Claim::NotThere };
        let found = record.part_of_line(&self.path, old + 1);
        let other = self.backwards.as_deref().and_then(place).filter(|other| *other != old);
        if let Some(other) = other
            && record.part_of_line(&self.path, other + 1).map(|one| &one.origin)
                != found.map(|one| &one.origin)
        {
            return Claim::Either;
        }
        found.map_or(Claim::Nobodys, Claim::Of)
    }
}

/// Finds lines of a content in another version of it, each with its number there; both count from 0.
///
/// A line is found where both comparisons, from the start and from the end, keep it; and, moved, where it tells by
/// itself what it is and each version has it once.
pub fn same_lines(other: &[u8], new: &[u8], wanted: &[u32]) -> Vec<(u32, u32)> {
    let forwards = LineDiff::between(other, new).kept();
    let backwards = LineDiff::kept_from_the_end(other, new);
    let (others, news) = (places(other), places(new));
    let all = lines(new).collect::<Vec<_>>();
    let found = wanted.iter().filter_map(|line| {
        let at = |kept: &[Option<u32>]| kept.get(*line as usize).copied().flatten();
        if let (Some(place), Some(second)) = (at(&forwards), at(&backwards)) {
            return (place == second).then_some((*line, place));
        }
        let text = *all.get(*line as usize)?;
        let letters = text.iter().filter(|byte| is_letter(**byte)).count();
        match (&others.get(text)?[..], &news.get(text)?[..]) {
            ([place], [_]) if letters >= TELLING_LETTERS => Some((*line, *place)),
            _ => None,
        }
    });
    found.collect()
}

/// Returns where each line of a content stands.
fn places(content: &[u8]) -> HashMap<&[u8], Vec<u32>> {
    let mut places = HashMap::<_, Vec<u32>>::new();
    for (line, number) in lines(content).zip(0..) {
        places.entry(line).or_default().push(number);
    }
    places
}

/// Says whether a byte belongs to a letter or digit; those beyond ASCII count as such.
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}
