//! One moment of the replay: files change together, by one writer or by nobody known.

use std::collections::HashMap;
use std::rc::Rc;

use super::engine::{Engine, Fate, Ghost, Version};
use super::moves::{Fresh, Gone, Line, NO_ROOT, STAYED_LIMIT, Trust, Vanished};
use super::resolve::{Moment, Seen};
use super::text::{Texts, Token};
use super::work::{Work, alike};
use super::{Owner, is_model};

/// So many other files are looked at for what vanished from them in the same gap.
const OTHER_FILES_LIMIT: usize = 64;

/// Among so many files of one moment are lines looked for that were moved and reshaped at once.
const RESHAPED_FILES_LIMIT: usize = 16;

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
            let track = &engine.tracks[seen.file];
            let mut work = Work::new(seen, Rc::clone(&track.now.lines), new);
            work.promise(&track.promised);
            work
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
            work.doubt_sources(&self.engine.texts, &self.engine.witnesses);
            if is_model(self.writer) {
                work.doubt_copies(&self.engine.texts);
            }
        }
        for work in &mut self.works {
            work.claim(&mut self.engine.texts);
        }
        if is_model(self.writer) {
            self.leave_witnessed();
        }
        for work in &mut self.works {
            work.finish(self.writer);
            work.doubt(&self.engine.texts, self.writer);
        }
        self.keep(&vanished);
    }

    /// Lets a file that appears go on from one that vanishes and is much like it.
    ///
    /// A file whose content has nothing to do with the old one appears and vanishes at once.
    fn follow_renames(&mut self) {
        let texts = &self.engine.texts;
        let replaced = self.works.iter().map(|work| work.is_replaced(texts)).collect::<Vec<_>>();
        let appear = (0..self.works.len()).filter(|work| replaced[*work]);
        let appear = appear.filter(|work| !self.works[*work].new.is_empty()).collect::<Vec<_>>();
        if appear.is_empty() {
            return;
        }
        let olds = self.works.iter().map(|work| Rc::clone(&work.old)).collect::<Vec<_>>();
        let vanish = (0..olds.len()).filter(|work| replaced[*work] && !olds[*work].is_empty());
        let mut vanish = vanish.collect::<Vec<_>>();
        let mut found = Vec::new();
        for work in appear {
            let Some(source) = self.vanished_like(work, &vanish, &olds) else { continue };
            let lines = match source {
                Source::Now(source) => {
                    vanish.retain(|work| *work != source);
                    Rc::clone(&olds[source])
                }
                Source::Later(file) => {
                    let lines = Rc::clone(&self.engine.tracks[file].now.lines);
                    self.engine.rename_away(file);
                    lines
                }
                Source::Before(ghost) => {
                    let ghost = self.engine.ghosts.swap_remove(ghost);
                    self.engine.memory.take(ghost.file, ghost.moment);
                    ghost.version.lines
                }
            };
            found.push((work, source, lines));
        }
        for (_, source, _) in &found {
            if let Source::Now(source) = source {
                self.works[*source].go_on_from(Rc::from([]));
            }
        }
        for (work, _, lines) in found {
            let file = self.works[work].seen.file;
            // What stood here and went nowhere is gone.
            let rest = std::mem::replace(&mut self.works[work].old, Rc::from([]));
            let other = Work::new(self.works[work].seen, rest, Vec::new());
            for gone in other.gone(&mut self.engine.texts, self.writer, self.number) {
                self.engine.forget(gone);
            }
            self.engine.tracks[file].versions.push(Version::new(lines.to_vec()));
            self.works[work].go_on_from(lines);
        }
    }

    /// Finds the vanished file with the most lines in common.
    fn vanished_like(
        &mut self,
        work: usize,
        vanish: &[usize],
        olds: &[Rc<[Line]>],
    ) -> Option<Source> {
        let others = vanish.iter().filter(|other| **other != work);
        let mut sources =
            others.map(|other| (Source::Now(*other), Rc::clone(&olds[*other]))).collect::<Vec<_>>();
        if self.writer == Owner::Nobody {
            let last_seen = self.engine.tracks[self.works[work].seen.file].seen;
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
        let new = &self.works[work].new;
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

    /// Finds new lines among those that vanish now, have vanished before, or will vanish next.
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
            fresh.extend(work.fresh(number));
        }
        if fresh.is_empty() {
            return vanished;
        }
        let trust = if is_model(self.writer) { Trust::OneStep } else { Trust::Apart };
        let mut found = vanished.find(&self.engine.texts, &mut fresh, trust, |_| true);
        for (place, gone) in &found {
            let Fresh { change, place, .. } = fresh[*place];
            self.works[change].made[place] = Some(gone.line);
            if let Some(work) = self.works.iter_mut().find(|work| work.seen.file == gone.file) {
                work.is_used[gone.place] = true;
            }
        }
        self.reshape_moved();
        for line in &mut fresh {
            line.is_free &= self.works[line.change].made[line.place].is_none();
        }
        let (texts, memory) = (&self.engine.texts, &mut self.engine.memory);
        let witnesses = &self.engine.witnesses;
        if is_model(self.writer) {
            keep_same_text(texts, &mut self.works);
            for line in &mut fresh {
                line.is_free &= self.works[line.change].made[line.place].is_none();
            }
            found.extend(memory.find(texts, &mut fresh, Trust::Apart, |_| true));
        } else {
            // Where two gaps overlap in time, a person may have moved lines from one file to the other.
            for (number, work) in self.works.iter().enumerate() {
                let seen = self.engine.tracks[work.seen.file].seen;
                let from = fresh.partition_point(|line| line.change < number);
                let to = fresh.partition_point(|line| line.change <= number);
                let overlaps = |gone: &Gone| gone.by == Owner::Nobody && gone.moment + 1 > seen;
                let some = memory.find(texts, &mut fresh[from..to], Trust::Apart, overlaps);
                for (place, mut gone) in some {
                    // It was seen to have gone, and a person may have typed it again.
                    let token = gone.line.token;
                    let is_rare =
                        !texts.is_common(token) || witnesses.last_places(texts, token) <= 1;
                    if is_model(gone.line.owner) && is_rare {
                        gone.line.owner = Owner::Nobody;
                    }
                    found.push((from + place, gone));
                }
            }
        }
        found.extend(self.find_ahead(&mut fresh));
        for (place, gone) in found {
            let Fresh { change, place, .. } = fresh[place];
            let work = &mut self.works[change];
            work.made[place] = Some(Line { token: work.new[place], ..gone.line });
        }
        vanished
    }

    /// Lets lines go on that were moved and joined or split at once, also from one file to another.
    fn reshape_moved(&mut self) {
        let texts = &self.engine.texts;
        for work in &mut self.works {
            work.reshape_anywhere(texts);
        }
        for one in 0..self.works.len().min(RESHAPED_FILES_LIMIT) {
            for other in one + 1..self.works.len().min(RESHAPED_FILES_LIMIT) {
                let (left, right) = self.works.split_at_mut(other);
                left[one].reshape_from(texts, &mut right[0]);
                right[0].reshape_from(texts, &mut left[one]);
            }
        }
    }

    /// Finds new lines among those that other files lack after their next change: code is often written at its new place
    /// before it is taken away at the old one. What a person writes is looked for only where nobody known takes it away.
    fn find_ahead(&mut self, fresh: &mut [Fresh]) -> Vec<(usize, Gone)> {
        let texts = &self.engine.texts;
        if !fresh.iter().any(|line| line.is_free && !texts.is_trivial(line.token)) {
            return Vec::new();
        }
        let mut ahead = Vanished::default();
        for file in self.others() {
            let places = self.engine.gone_ahead(self.moments, file, self.writer);
            let lines = Rc::clone(&self.engine.tracks[file].now.lines);
            let tokens = lines.iter().map(|line| line.token).collect::<Vec<_>>();
            let wanted = places.iter().map(|place| tokens[*place]).collect::<Vec<_>>();
            let unique = self.engine.texts.are_unique(&tokens, &wanted);
            let promised = &self.engine.tracks[file].promised;
            let mut next = usize::MAX;
            for (place, is_unique) in places.iter().copied().zip(unique) {
                let gone = |place: usize| Gone {
                    line: lines[place],
                    file,
                    place,
                    is_unique,
                    follows: true,
                    is_taken: true,
                    by: Owner::Nobody,
                    moment: self.number,
                };
                let between = next..place;
                let follows = next <= place && between.len() <= STAYED_LIMIT;
                for place in between.filter(|_| follows) {
                    ahead.add(&self.engine.texts, gone(place));
                }
                let is_taken = promised.contains(&place);
                ahead.add(&self.engine.texts, Gone { follows, is_taken, ..gone(place) });
                next = place + 1;
            }
        }
        let found = ahead.find(&self.engine.texts, fresh, Trust::Apart, |_| true);
        for (_, gone) in &found {
            self.engine.tracks[gone.file].promised.push(gone.place);
        }
        found
    }

    /// Leaves to nobody what a model would have written newly, where the text was seen before as no model's: a model may
    /// have put it back. A copy is believed where what it was copied from stays, in the end too.
    fn leave_witnessed(&mut self) {
        let (texts, witnesses) = (&self.engine.texts, &self.engine.witnesses);
        let mut wanted = HashMap::<u32, [usize; 2]>::new();
        for (made, token) in self.works.iter().flat_map(|work| work.made.iter().zip(&work.new)) {
            if made.is_none() && !texts.is_trivial(*token) && witnesses.has_seen(texts, *token) {
                let counts =
                    [witnesses.places(texts, *token), witnesses.last_places(texts, *token)];
                let counts = wanted.entry(texts.shape(*token)).or_insert(counts);
                counts[1] = counts[1].saturating_sub(1);
            }
        }
        if wanted.is_empty() {
            return;
        }
        let mut leave = |texts: &Texts<'_>, line: Line| {
            if !is_model(line.owner)
                && let Some([places, _]) = wanted.get_mut(&texts.shape(line.token))
            {
                *places = places.saturating_sub(1);
            }
        };
        for work in &self.works {
            let left = work.old.iter().zip(&work.is_used).filter(|(_, is_used)| !**is_used);
            left.for_each(|(line, _)| leave(texts, *line));
        }
        for file in self.others() {
            let places = self.engine.gone_ahead(self.moments, file, self.writer);
            let lines = &self.engine.tracks[file].now.lines;
            places.iter().for_each(|place| leave(&self.engine.texts, lines[*place]));
        }
        for work in &mut self.works {
            for (made, token) in work.made.iter_mut().zip(&work.new) {
                let Some(counts) = wanted.get(&self.engine.texts.shape(*token)) else { continue };
                // The like of a short line is written again and again.
                let is_short = self.engine.texts.is_common(*token);
                let mut is_gone = counts.iter().map(|places| *places == 0);
                let is_doubtful =
                    if is_short { is_gone.all(|gone| gone) } else { is_gone.any(|gone| gone) };
                if made.is_none() && is_doubtful {
                    *made = Some(Line { token: *token, owner: Owner::Nobody, root: NO_ROOT });
                }
            }
        }
    }

    /// Gives the files their new lines, and remembers what vanished.
    fn keep(self, vanished: &Vanished) {
        for gone in vanished.lines() {
            let work = self.works.iter().find(|work| work.seen.file == gone.file);
            let is_used = work.is_none_or(|work| work.is_used[gone.place]);
            self.engine.forget(Gone { is_taken: gone.is_taken || is_used, ..*gone });
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

/// Lets lines of nobody known go on that vanish at one place and appear at another, whatever they are.
///
/// They are looked for in the same file first.
fn keep_same_text(texts: &Texts<'_>, works: &mut [Work<'_, '_>]) {
    let mut gone = HashMap::<u32, Vec<(usize, usize)>>::new();
    for (number, work) in works.iter().enumerate() {
        for (place, line) in work.old.iter().enumerate() {
            let is_left = !work.is_used[place] && !is_model(line.owner);
            if is_left && !texts.is_trivial(line.token) {
                gone.entry(texts.shape(line.token)).or_default().push((number, place));
            }
        }
    }
    for is_same_file in [true, false] {
        for number in 0..works.len() {
            for line in 0..works[number].new.len() {
                let token = works[number].new[line];
                let places = gone.get_mut(&texts.shape(token));
                let Some(places) = places.filter(|_| works[number].made[line].is_none()) else {
                    continue;
                };
                let found = places.iter().position(|(other, _)| !is_same_file || *other == number);
                if let Some((other, place)) = found.map(|at| places.remove(at)) {
                    works[other].is_used[place] = true;
                    works[number].made[line] = Some(Line { token, ..works[other].old[place] });
                }
            }
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
