//! Files of which each line's origin is known.

use std::collections::{HashMap, HashSet};

use crate::code::Code;
use crate::random::Random;

/// Whose a line truly is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Truth {
    /// It stood there before the history began.
    Start,
    Person,
    /// A model's and a person's, joined.
    Mixed,
    Model(u32),
    /// A model's, but no evidence shows it.
    Unseen(u32),
}

/// Who does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Actor {
    Person,
    Model(u32),
    /// A model of which no evidence is expected.
    Unseen(u32),
    /// A model whose evidence was lost.
    Lost(u32),
}

impl Actor {
    pub(crate) fn truth(self) -> Truth {
        match self {
            Self::Person => Truth::Person,
            Self::Model(model) | Self::Lost(model) => Truth::Model(model),
            Self::Unseen(model) => Truth::Unseen(model),
        }
    }

    pub(crate) fn is_watched(self) -> bool {
        matches!(self, Self::Model(_))
    }
}

#[derive(Debug, Clone)]
pub(crate) struct TrueLine {
    pub text: String,
    pub truth: Truth,
    /// What is right too, by convention.
    pub also: Vec<Truth>,
    /// The same as long as it is the same line.
    pub id: u64,
    /// The lines of which it was joined, or the one from which it was split.
    pub made_of: Vec<u64>,
    /// Into how many that one was split.
    pub parts: usize,
    /// When it was made.
    pub born: i64,
    /// Whose it was before a person put it back.
    pub was: Option<Truth>,
    /// The line of which it is a copy.
    pub copied_from: Option<u64>,
}

impl TrueLine {
    /// Returns the text without white space.
    pub(crate) fn shape(&self) -> String {
        shape(&self.text)
    }

    pub(crate) fn is_trivial(&self) -> bool {
        !self.text.chars().any(char::is_alphanumeric)
    }

    /// Returns all right answers.
    pub(crate) fn answers(&self) -> impl Iterator<Item = Truth> {
        std::iter::once(self.truth).chain(self.also.iter().copied())
    }

    /// Lets another answer be right too.
    pub(crate) fn allow(&mut self, truth: Truth) {
        if !self.answers().any(|one| one == truth) {
            self.also.push(truth);
        }
    }

    /// Makes another answer the first one; what was right stays so.
    fn replace(&mut self, truth: Truth) {
        let before = std::mem::replace(&mut self.truth, truth);
        self.also.retain(|also| *also != truth);
        self.allow(before);
    }

    pub(crate) fn letters(&self) -> usize {
        self.text.chars().filter(|c| c.is_alphanumeric()).count()
    }
}

pub(crate) fn shape(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[derive(Debug, Clone)]
pub(crate) struct TrueFile {
    pub exists: bool,
    pub lines: Vec<TrueLine>,
    pub has_crlf: bool,
    pub ends_with_newline: bool,
    pub code: Code,
    /// When an event showed its content.
    pub observed: Vec<i64>,
}

impl TrueFile {
    pub(crate) fn content(&self) -> Option<Vec<u8>> {
        self.exists.then(|| rendered(&self.lines, self.has_crlf, self.ends_with_newline))
    }
}

pub(crate) fn rendered(lines: &[TrueLine], has_crlf: bool, ends_with_newline: bool) -> Vec<u8> {
    let line_break = if has_crlf { "\r\n" } else { "\n" };
    let mut text = lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(line_break);
    // An empty last line without a line break would be none.
    let ends_empty = lines.last().is_some_and(|line| line.text.is_empty());
    if !lines.is_empty() && (ends_with_newline || ends_empty) {
        text.push_str(line_break);
    }
    text.into_bytes()
}

/// Where and when a line was removed.
#[derive(Debug, Clone, Copy)]
struct Removal {
    file: usize,
    at: i64,
    /// Whether an event shows it.
    is_watched: bool,
}

pub(crate) struct World {
    pub random: Random,
    pub files: Vec<TrueFile>,
    pub clock: i64,
    /// How many lines were ever made with a text, white space aside.
    pub made: HashMap<String, usize>,
    /// The texts of lines that a person put back after an edit had seen them go: they were made twice.
    pub put_back: HashSet<String>,
    /// Whether what is seen in one file says nothing of when another was seen.
    pub has_wrong_times: bool,
    /// Whether events are lost, or come out of order.
    pub has_lost_events: bool,
    /// When the last commit was made.
    pub committed: i64,
    /// What was cut and waits to be pasted.
    pub clipboard: Vec<TrueLine>,
    /// What happened, to be read where an answer is wrong.
    pub log: String,
    /// What was joined, and when.
    joined: (i64, Vec<TrueLine>),
    next_id: u64,
    removed: HashMap<u64, Removal>,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let random = Random::new(seed);
        Self {
            random,
            files: Vec::new(),
            clock: 1000,
            made: HashMap::new(),
            put_back: HashSet::new(),
            has_wrong_times: false,
            has_lost_events: false,
            committed: 1001,
            clipboard: Vec::new(),
            log: String::new(),
            joined: (0, Vec::new()),
            next_id: 0,
            removed: HashMap::new(),
        }
    }

    pub(crate) fn add_file(&mut self, functions: usize) {
        let code = Code { indent: self.random.pick(&["\t", "  ", "    "]) };
        let mut lines = Vec::new();
        for _ in 0..functions {
            lines.extend(code.function(&mut self.random));
        }
        let lines = lines.into_iter().map(|text| self.line(text, Truth::Start)).collect::<Vec<_>>();
        self.files.push(TrueFile {
            exists: functions > 0,
            lines,
            has_crlf: self.random.percent(15),
            ends_with_newline: !self.random.percent(12),
            code,
            observed: Vec::new(),
        });
    }

    /// Makes a line that was not there before.
    pub(crate) fn line(&mut self, text: String, truth: Truth) -> TrueLine {
        *self.made.entry(shape(&text)).or_default() += 1;
        self.next_id += 1;
        TrueLine {
            text,
            truth,
            also: Vec::new(),
            id: self.next_id,
            made_of: Vec::new(),
            parts: 0,
            born: self.clock,
            was: None,
            copied_from: None,
        }
    }

    pub(crate) fn lines(&mut self, texts: Vec<String>, actor: Actor) -> Vec<TrueLine> {
        texts.into_iter().map(|text| self.line(text, actor.truth())).collect()
    }

    /// Returns the numbers of the files that have some lines.
    pub(crate) fn existing(&self, at_least: usize) -> Vec<usize> {
        let files = self.files.iter().enumerate();
        files.filter(|(_, f)| f.exists && f.lines.len() >= at_least).map(|(n, _)| n).collect()
    }

    /// Notes which lines left since then, so that it is known when they come back.
    pub(crate) fn note_removed(&mut self, before: &[TrueFile], actor: Actor) {
        let now = ids(&self.files);
        // What is back is no longer removed.
        self.removed.retain(|id, _| !now.contains_key(id));
        for (file, old) in before.iter().enumerate() {
            for line in old.lines.iter().filter(|line| !now.contains_key(&line.id)) {
                let removal = Removal { file, at: self.clock, is_watched: actor.is_watched() };
                self.removed.insert(line.id, removal);
            }
        }
        // What was made and cut at once was never seen.
        for line in self.clipboard.iter().filter(|line| line.born == self.clock) {
            if !now.contains_key(&line.id) {
                let removal = Removal { file: 0, at: self.clock, is_watched: actor.is_watched() };
                self.removed.entry(line.id).or_insert(removal);
            }
        }
    }

    /// Says whether any content showed a line before it was removed.
    fn was_visible(&self, line: &TrueLine) -> bool {
        let shown = |removal: &Removal| {
            let mut times = self.files[removal.file].observed.iter();
            times.any(|at| (line.born..removal.at).contains(at))
        };
        line.born < self.committed || self.removed.get(&line.id).is_none_or(shown)
    }

    /// Notes lines that are joined now.
    pub(crate) fn note_joined(&mut self, parts: &[TrueLine]) {
        if self.joined.0 != self.clock {
            self.joined = (self.clock, Vec::new());
        }
        self.joined.1.extend_from_slice(parts);
    }

    /// Returns the line which one that is split off now was before both were joined in the same step.
    pub(crate) fn before_joined(&self, text: &str) -> Option<&TrueLine> {
        let bare = |text: &str| shape(text).trim_end_matches(',').to_owned();
        let (at, lines) = &self.joined;
        lines.iter().filter(|_| *at == self.clock).find(|line| bare(&line.text) == bare(text))
    }

    /// Says whether a text was made once and by one.
    pub(crate) fn is_once(&self, text: &str) -> bool {
        self.made.get(text) == Some(&1) && !self.put_back.contains(text)
    }

    /// Returns an older line as it is when somebody puts it back into a file.
    pub(crate) fn put_back(&mut self, line: &TrueLine, file: usize, actor: Actor) -> TrueLine {
        let mut line = line.clone();
        if actor.is_watched() {
            if !self.was_visible(&line) {
                line.replace(actor.truth());
            } else if self.has_lost_events {
                // That it was there before may be what is lost, or comes too late.
                line.allow(actor.truth());
            }
            return line;
        }
        if let Some(removal) = self.removed.get(&line.id) {
            let observed = &self.files[removal.file].observed;
            let noticed = observed.iter().find(|at| **at >= removal.at);
            let last_seen = self.files[file].observed.last().copied().unwrap_or(0);
            if removal.is_watched || noticed.is_some_and(|noticed| last_seen >= *noticed) {
                let is_lost = matches!(actor, Actor::Lost(_));
                let truth = if is_lost { Truth::Person } else { actor.truth() };
                if is_lost || self.has_wrong_times && removal.file != file {
                    line.replace(truth);
                } else {
                    self.put_back.insert(line.shape());
                    line.was = Some(line.truth);
                    (line.truth, line.also) = (truth, Vec::new());
                }
            }
        }
        line
    }
}

/// Where each line stands: the file and the place.
pub(crate) fn ids(files: &[TrueFile]) -> HashMap<u64, (usize, usize)> {
    let all = files.iter().enumerate().filter(|(_, file)| file.exists);
    let lines = all.flat_map(|(number, file)| {
        file.lines.iter().enumerate().map(move |(place, line)| (line.id, (number, place)))
    });
    lines.collect()
}
