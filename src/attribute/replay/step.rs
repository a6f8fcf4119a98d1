//! One moment of the replay: files change together, by one writer or by nobody known.

use std::collections::HashMap;
use std::rc::Rc;

use super::engine::{Engine, Fate, Ghost};
use super::moves::{Fresh, Gone, Line, NO_ROOT, Vanished};
use super::resolve::{Moment, Seen};
use super::text::{Texts, Token};
use super::work::Work;
use super::{Owner, is_model};

/// So many other files are looked at for what vanished from them in the same gap.
const OTHER_FILES_LIMIT: usize = 64;

/// All changes of one moment.
pub(super) struct Step<'e, 'm, 'a> {
    engine: &'e mut Engine<'a>,
    moments: &'m [Moment<'a>],
    number: usize,
    writer: Owner,
    works: Vec<Work<'m, 'a>>,
}

impl<'e, 'm, 'a> Step<'e, 'm, 'a> {
    pub(super) fn new(
        engine: &'e mut Engine<'a>,
        moments: &'m [Moment<'a>],
        number: usize,
        changes: Vec<(&'m Seen<'a>, Vec<Token>)>,
    ) -> Self {
        let work = |(seen, new): (&'m Seen<'a>, Vec<Token>)| {
            Work::new(seen, Rc::clone(&engine.tracks[seen.file].now.lines), new)
        };
        let works = changes.into_iter().map(work).collect();
        Self { engine, moments, number, writer: moments[number].writer, works }
    }

    pub(super) fn run(mut self) {
        self.follow_renames();
        for work in &mut self.works {
            work.pair(&self.engine.texts);
            work.reshape(&self.engine.texts);
        }
        if is_model(self.writer) {
            self.restore_versions();
        }
        let vanished = self.find_moved();
        for work in &mut self.works {
            work.claim(&mut self.engine.texts);
            work.finish(self.writer);
            work.doubt(&self.engine.texts, self.writer);
        }
        self.keep(&vanished);
    }

    /// Lets a file that appears go on from one that vanishes and is much like it.
    fn follow_renames(&mut self) {
        for place in 0..self.works.len() {
            let file = self.works[place].seen.file;
            if self.engine.tracks[file].is_present || self.works[place].new.is_empty() {
                continue;
            }
            let Some(source) = self.vanished_like(place) else { continue };
            let version = match source {
                Source::Now(work) => {
                    let source = &mut self.works[work];
                    source.is_used.fill(true);
                    self.engine.tracks[source.seen.file].now.clone()
                }
                Source::Later(file) => {
                    let version = self.engine.tracks[file].now.clone();
                    let seen = self.engine.tracks[file].seen;
                    self.engine.set(file, Vec::new(), false, seen.saturating_sub(1));
                    self.engine.tracks[file].forget_bytes();
                    version
                }
                Source::Before(ghost) => {
                    let ghost = self.engine.ghosts.swap_remove(ghost);
                    self.engine.memory.take(ghost.file, ghost.moment);
                    ghost.version
                }
            };
            self.engine.tracks[file].versions.push(version.clone());
            let work = &mut self.works[place];
            work.is_used = vec![false; version.lines.len()];
            work.old = version.lines;
        }
    }

    /// Finds the vanished file with the most lines in common.
    fn vanished_like(&mut self, place: usize) -> Option<Source> {
        let mut sources = Vec::new();
        for (number, work) in self.works.iter().enumerate() {
            let is_free = !work.old.is_empty() && !work.is_used.contains(&true);
            if number != place && work.new.is_empty() && is_free {
                sources.push((Source::Now(number), Rc::clone(&work.old)));
            }
        }
        if self.writer == Owner::Nobody {
            let file = self.works[place].seen.file;
            let last_seen = self.engine.tracks[file].seen;
            for other in self.others() {
                if !self.engine.tracks[other].is_present {
                    continue;
                }
                let next = self.engine.next_in_gap(self.moments, other);
                if next.is_some_and(|(_, is_present)| !is_present) {
                    let lines = Rc::clone(&self.engine.tracks[other].now.lines);
                    sources.push((Source::Later(other), lines));
                }
            }
            for (number, ghost) in self.engine.ghosts.iter().enumerate() {
                if ghost.by == Owner::Nobody && ghost.moment + 1 > last_seen {
                    sources.push((Source::Before(number), Rc::clone(&ghost.version.lines)));
                }
            }
        }
        let texts = &self.engine.texts;
        let new = &self.works[place].new;
        let alike = sources.into_iter().map(|(source, old)| (alike(texts, &old, new), source));
        let best = alike.filter(|(common, _)| *common > 0).max_by_key(|(common, _)| *common);
        best.map(|(_, source)| source)
    }

    /// Returns the files that are seen at other moments.
    fn others(&self) -> Vec<usize> {
        let now = &self.moments[self.number].seen;
        let all = 0..self.engine.tracks.len();
        let others = all.filter(|file| now.iter().all(|seen| seen.file != *file));
        others.take(OTHER_FILES_LIMIT).collect()
    }

    /// What a model puts back as it once was has its old owners.
    fn restore_versions(&mut self) {
        for work in &mut self.works {
            let Some(version) = self.engine.version(work.seen.file, &work.new) else { continue };
            for (made, line) in work.made.iter_mut().zip(version.lines.iter()) {
                made.get_or_insert(*line);
            }
        }
    }

    /// Finds new lines among those that vanish now, have vanished before, or will be seen to have vanished.
    ///
    /// Returns what vanished now.
    fn find_moved(&mut self) -> Vanished {
        let mut vanished = Vanished::default();
        for work in &self.works {
            for gone in work.gone(&mut self.engine.texts, self.writer, self.number) {
                vanished.add(&self.engine.texts, gone);
            }
        }
        let mut fresh = Vec::new();
        for (number, work) in self.works.iter().enumerate() {
            fresh.extend(work.fresh(&self.engine.texts, number));
        }
        if fresh.is_empty() {
            return vanished;
        }
        let mut found = vanished.find(&self.engine.texts, &mut fresh, |_| true);
        for (_, gone) in &found {
            if let Some(work) = self.works.iter_mut().find(|work| work.seen.file == gone.file) {
                work.is_used[gone.place] = true;
            }
        }
        let (texts, memory) = (&self.engine.texts, &mut self.engine.memory);
        if is_model(self.writer) {
            found.extend(memory.find(texts, &mut fresh, |_| true));
        } else {
            // Where two gaps overlap in time, a person may have moved lines from one file to the other.
            for (number, work) in self.works.iter().enumerate() {
                let seen = self.engine.tracks[work.seen.file].seen;
                let from = fresh.partition_point(|line| line.change < number);
                let to = fresh.partition_point(|line| line.change <= number);
                let overlaps = |gone: &Gone| gone.by == Owner::Nobody && gone.moment + 1 > seen;
                let some = memory.find(texts, &mut fresh[from..to], overlaps);
                found.extend(some.into_iter().map(|(place, gone)| (from + place, gone)));
            }
            found.extend(self.find_ahead(&mut fresh));
        }
        for (place, gone) in found {
            let Fresh { change, place, .. } = fresh[place];
            let work = &mut self.works[change];
            work.made[place] = Some(Line { token: work.new[place], ..gone.line });
        }
        vanished
    }

    /// Finds new lines among those that other files lack when they are next seen, if nobody is known to change them.
    fn find_ahead(&mut self, fresh: &mut [Fresh]) -> Vec<(usize, Gone)> {
        let texts = &self.engine.texts;
        if !fresh.iter().any(|line| line.is_free && !texts.is_trivial(line.token)) {
            return Vec::new();
        }
        let mut ahead = Vanished::default();
        for file in self.others() {
            let places = self.engine.gone_ahead(self.moments, file);
            let lines = Rc::clone(&self.engine.tracks[file].now.lines);
            let tokens = lines.iter().map(|line| line.token).collect::<Vec<_>>();
            let wanted = places.iter().map(|place| tokens[*place]).collect::<Vec<_>>();
            let unique = self.engine.texts.are_unique(&tokens, &wanted);
            let mut last = None;
            for (place, is_unique) in places.iter().copied().zip(unique) {
                let gone = Gone {
                    line: lines[place],
                    file,
                    place,
                    is_unique,
                    follows: last.is_some_and(|last| last + 1 == place),
                    is_taken: self.engine.tracks[file].promised.contains(&place),
                    by: Owner::Nobody,
                    moment: self.number,
                };
                last = Some(place);
                ahead.add(&self.engine.texts, gone);
            }
        }
        let found = ahead.find(&self.engine.texts, fresh, |_| true);
        for (_, gone) in &found {
            self.engine.tracks[gone.file].promised.push(gone.place);
        }
        found
    }

    /// Gives the files their new lines, and remembers what vanished.
    fn keep(self, vanished: &Vanished) {
        for gone in vanished.left() {
            self.engine.memory.add(&self.engine.texts, *gone);
            if let Some(fate) = self.engine.fates.get_mut(gone.line.root as usize) {
                *fate = Some(Fate::Deleted(self.writer));
            }
        }
        for work in self.works {
            let file = work.seen.file;
            let is_present = work.is_present();
            let track = &self.engine.tracks[file];
            if track.is_present && !is_present && !work.is_used.contains(&true) {
                let ghost = Ghost {
                    file,
                    moment: self.number,
                    by: self.writer,
                    version: track.now.clone(),
                };
                self.engine.ghosts.push(ghost);
            }
            for root in work.joined_roots() {
                if let Some(fate) = self.engine.fates.get_mut(root as usize) {
                    fate.get_or_insert(Fate::Joined);
                }
            }
            let lines = work.made.into_iter().zip(&work.new);
            let line = |(made, token): (Option<Line>, &Token)| {
                made.unwrap_or(Line { token: *token, owner: Owner::Nobody, root: NO_ROOT })
            };
            self.engine.set(file, lines.map(line).collect(), is_present, self.number);
        }
    }
}

/// Where a file that appears comes from.
#[derive(Debug, Clone, Copy)]
enum Source {
    /// A change of this moment.
    Now(usize),
    /// A file that is seen to be gone later.
    Later(usize),
    /// A ghost.
    Before(usize),
}

/// Counts the common lines of two contents, trivial ones aside; 0 where they are less than half of the longer one.
fn alike(texts: &Texts<'_>, old: &[Line], new: &[Token]) -> usize {
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
