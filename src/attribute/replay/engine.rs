//! The replay itself: moment by moment, each line of each file keeps its owner or gets one.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use super::moves::{Gone, Line, NO_ROOT, Vanished};
use super::pairs::{pair, regions};
use super::resolve::{Content, Moment};
use super::step::Step;
use super::text::{Texts, Token};
use super::witness::Witnesses;
use super::{Owner, ReplayFile, is_model};

/// So many lines of older versions are kept at most.
const VERSIONS_LIMIT: usize = 3_000_000;

/// In so many moments is a file's next change looked for.
const MOMENTS_AHEAD: usize = 5;

/// So many changes are looked at: one between two edits, and the edit.
const CHANGES_AHEAD: usize = 2;

/// A version of a file that was seen.
#[derive(Clone)]
pub(super) struct Version {
    hash: u64,
    pub lines: Rc<[Line]>,
}

impl Version {
    pub(super) fn new(lines: Vec<Line>) -> Self {
        Self { hash: hash(lines.iter().map(|line| line.token)), lines: lines.into() }
    }

    fn is(&self, hash: u64, tokens: &[Token]) -> bool {
        self.hash == hash
            && self.lines.len() == tokens.len()
            && self.lines.iter().zip(tokens).all(|(line, token)| line.token == *token)
    }

    pub(super) fn tokens(&self) -> Vec<Token> {
        self.lines.iter().map(|line| line.token).collect()
    }
}

fn hash(tokens: impl Iterator<Item = Token>) -> u64 {
    let mut hasher = DefaultHasher::new();
    tokens.for_each(|token| token.hash(&mut hasher));
    hasher.finish()
}

/// A file on its way.
pub(super) struct Track<'a> {
    pub now: Version,
    pub is_present: bool,
    /// The content as bytes, where it is known so.
    bytes: Option<&'a [u8]>,
    /// The moment at which it was last seen.
    pub seen: usize,
    /// How many lines of the start are its own.
    pub start_len: u32,
    /// What it was before, the oldest first.
    pub versions: Vec<Version>,
    /// The moments at which it is seen, the next one last.
    upcoming: Vec<usize>,
    /// Lines that the next moment lacks and that another file has taken already.
    pub promised: Vec<usize>,
    /// What vanishes next, once it was looked for.
    ahead: Option<Ahead>,
}

/// Lines that will have vanished.
struct Ahead {
    /// Who makes the next change.
    by: Owner,
    /// What is gone after it, and after the one that follows.
    next: Rc<[usize]>,
    later: Rc<[usize]>,
}

/// What became of a line that is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Deleted(Owner),
    /// It is a part of another line.
    Joined,
}

/// A file that vanished.
pub(super) struct Ghost {
    pub file: usize,
    pub moment: usize,
    pub by: Owner,
    pub version: Version,
}

/// All files, and what is remembered of vanished lines.
pub(super) struct Engine<'a> {
    pub texts: Texts<'a>,
    pub tracks: Vec<Track<'a>>,
    pub memory: Vanished,
    pub witnesses: Witnesses,
    pub ghosts: Vec<Ghost>,
    /// What became of each line of the start.
    pub fates: Vec<Option<Fate>>,
    kept_lines: usize,
}

impl<'a> Engine<'a> {
    pub(super) fn new(
        mut texts: Texts<'a>,
        files: &'a [ReplayFile],
        moments: &[Moment<'a>],
    ) -> Self {
        let mut roots = 0..NO_ROOT;
        let mut tracks = Vec::<Track<'_>>::with_capacity(files.len());
        for file in files {
            let tokens = texts.parse(&file.start);
            let owners = file.start_owners.iter().copied().chain(std::iter::repeat(Owner::Start));
            let line =
                |(token, owner)| Line { token, owner, root: roots.next().unwrap_or(NO_ROOT) };
            let now = Version::new(tokens.into_iter().zip(owners).map(line).collect());
            tracks.push(Track {
                is_present: !file.start.is_empty(),
                bytes: Some(&file.start),
                seen: 0,
                start_len: u32::try_from(now.lines.len()).unwrap_or(u32::MAX),
                versions: vec![now.clone()],
                now,
                upcoming: Vec::new(),
                promised: Vec::new(),
                ahead: None,
            });
        }
        for (number, moment) in moments.iter().enumerate().rev() {
            for seen in &moment.seen {
                tracks[seen.file].upcoming.push(number);
            }
        }
        let fates = vec![None; roots.start as usize];
        let mut witnesses = Witnesses::default();
        for (file, track) in files.iter().zip(&tracks) {
            witnesses.add(&texts, &track.now.lines);
            let last = file.worktree.as_deref().unwrap_or_default();
            let tokens = texts.parse_like(last, &file.start, &track.now.tokens());
            witnesses.add_last(&texts, &tokens);
        }
        Self {
            texts,
            tracks,
            memory: Vanished::default(),
            witnesses,
            ghosts: Vec::new(),
            fates,
            kept_lines: 0,
        }
    }

    /// Goes on by one moment; they count from 0.
    pub(super) fn go_on(&mut self, moments: &[Moment<'a>], number: usize) {
        let moment = &moments[number];
        let mut changes = Vec::new();
        for seen in &moment.seen {
            let (tokens, bytes) = self.tokens(seen.file, &seen.content);
            let is_present = !matches!(seen.content, Content::Absent);
            let track = &mut self.tracks[seen.file];
            track.upcoming.pop();
            track.bytes = bytes;
            if track.now.is(hash(tokens.iter().copied()), &tokens) {
                track.seen = number + 1;
                track.is_present = is_present;
            } else {
                changes.push((seen, tokens));
            }
        }
        if !changes.is_empty() {
            Step::new(self, moments, number, changes).run();
        }
    }

    /// Returns a content's lines, and its bytes if it has some.
    fn tokens(&mut self, file: usize, content: &Content<'a>) -> (Vec<Token>, Option<&'a [u8]>) {
        match content {
            Content::Absent => (Vec::new(), Some(b"")),
            Content::Lines(lines) => (lines.to_vec(), None),
            Content::Bytes(bytes) => {
                let track = &self.tracks[file];
                let tokens = match track.bytes {
                    Some(before) => self.texts.parse_like(bytes, before, &track.now.tokens()),
                    None => self.texts.parse(bytes),
                };
                (tokens, Some(bytes))
            }
        }
    }

    /// Gives a file its next version.
    pub(super) fn set(&mut self, file: usize, lines: Vec<Line>, is_present: bool, moment: usize) {
        let track = &mut self.tracks[file];
        self.witnesses.remove(&self.texts, &track.now.lines);
        track.now = Version::new(lines);
        self.witnesses.add(&self.texts, &track.now.lines);
        track.is_present = is_present;
        track.seen = moment + 1;
        track.promised.clear();
        track.ahead = None;
        self.kept_lines += track.now.lines.len();
        track.versions.push(track.now.clone());
        while self.kept_lines > VERSIONS_LIMIT && track.versions.len() > 2 {
            self.kept_lines -= track.versions.remove(1).lines.len().min(self.kept_lines);
        }
    }

    /// Remembers a line that is gone, or was found again in the midst of such lines.
    pub(super) fn forget(&mut self, gone: Gone) {
        self.memory.add(&self.texts, gone);
        if !gone.is_taken
            && let Some(fate) = self.fates.get_mut(gone.line.root as usize)
        {
            *fate = Some(Fate::Deleted(gone.by));
        }
    }

    /// Empties a file that goes on under another name, before it is seen to have gone.
    pub(super) fn rename_away(&mut self, file: usize) {
        let seen = self.tracks[file].seen;
        self.set(file, Vec::new(), false, seen);
        self.tracks[file].seen = seen;
        self.tracks[file].bytes = Some(b"");
    }

    /// Returns the newest older version with just this content.
    pub(super) fn version(&self, file: usize, tokens: &[Token]) -> Option<Version> {
        let hash = hash(tokens.iter().copied());
        self.tracks[file].versions.iter().rev().find(|version| version.is(hash, tokens)).cloned()
    }

    /// Returns the lines of a file when it is next seen, if nobody is known to change it until then.
    pub(super) fn next_in_gap(
        &mut self,
        moments: &[Moment<'a>],
        file: usize,
    ) -> Option<(Vec<Token>, bool)> {
        let moment = &moments[*self.tracks[file].upcoming.last()?];
        if moment.writer != Owner::Nobody {
            return None;
        }
        let seen = moment.seen.iter().find(|seen| seen.file == file)?;
        let (tokens, _) = self.tokens(file, &seen.content);
        Some((tokens, !matches!(seen.content, Content::Absent)))
    }

    /// Returns the lines that a file lacks after its next change; none where that change cannot be one with a writer's.
    pub(super) fn gone_ahead(
        &mut self,
        moments: &[Moment<'a>],
        file: usize,
        writer: Owner,
    ) -> Rc<[usize]> {
        if self.tracks[file].ahead.is_none() {
            let ahead = self.look_ahead(moments, file);
            self.tracks[file].ahead = Some(ahead);
        }
        match &self.tracks[file].ahead {
            Some(ahead) if is_model(writer) => Rc::clone(&ahead.later),
            Some(ahead) if ahead.by == Owner::Nobody => Rc::clone(&ahead.next),
            _ => Rc::from([]),
        }
    }

    /// Finds who makes a file's next change, and which lines vanish by it, and by that and the one after it.
    fn look_ahead(&mut self, moments: &[Moment<'a>], file: usize) -> Ahead {
        let mut ahead = Ahead { by: Owner::Nobody, next: Rc::from([]), later: Rc::from([]) };
        let old = self.tracks[file].now.tokens();
        let mut changes = 0;
        let upcoming = self.tracks[file].upcoming.iter().rev().copied().take(MOMENTS_AHEAD);
        for moment in upcoming.collect::<Vec<_>>() {
            let moment = &moments[moment];
            let Some(seen) = moment.seen.iter().find(|seen| seen.file == file) else { continue };
            let (tokens, _) = self.tokens(file, &seen.content);
            if tokens == old {
                continue;
            }
            let pairs = pair(&self.texts, &old, &tokens);
            let gone = regions(&pairs, old.len()).into_iter().flat_map(|(before, _)| before);
            ahead.later = gone.collect();
            if changes == 0 {
                (ahead.by, ahead.next) = (moment.writer, Rc::clone(&ahead.later));
            }
            changes += 1;
            if changes == CHANGES_AHEAD {
                break;
            }
        }
        ahead
    }
}
