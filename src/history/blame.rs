//! Whose each line of a file is: Git says which commit made it, the commit's record says whose it is there.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::git::{
    BlameError, BlameOutput, BlameRequest, BlamedLine, Error, HistoryReader, ObjectReader, decode,
};
use crate::history::notes::NotesOnDemand;
use crate::history::{Basis, CommitReading, LineOrigin, LineOrigins, NoteProblem, Sources};
use crate::provenance::{CommitId, Origin};
use crate::store::{self, note};

/// A file with the origin of each line.
#[derive(Debug, Clone)]
pub struct Blame {
    output: BlameOutput,
    /// All origins that lines have, each once.
    pub origins: Vec<LineOrigin>,
    /// For each line of the output, the place of its origin.
    places: Vec<usize>,
    /// The commits where the search ended.
    ends: HashSet<CommitId>,
    /// What was wrong with notes.
    pub problems: Vec<NoteProblem>,
}

/// A line of the file, with its origin.
#[derive(Debug, Clone, Copy)]
pub struct FileLine<'a> {
    /// The commit that made it; `None` where it is not committed.
    pub commit: Option<CommitId>,
    /// The commit is where the search ended: the line is as old, or older.
    pub is_end: bool,
    /// Its number in the file.
    pub number: u32,
    /// Its number in the commit's version.
    pub original_number: u32,
    /// The path of the file in the commit, from the top of the repository.
    pub original_path: &'a str,
    /// Its content, without the line break.
    pub bytes: &'a [u8],
    /// What Git's porcelain says of it before its content: whole lines.
    pub headers: &'a [u8],
    /// The place of its origin in [`Blame::origins`].
    pub origin: usize,
}

/// Finds the origin of each line of a file.
///
/// `uncommitted` tells whose a line of the work tree is that is in no commit, by its number in the file.
pub fn blame(
    reader: &HistoryReader,
    sources: Sources,
    request: &BlameRequest,
    uncommitted: &dyn Fn(u32) -> Origin,
) -> Result<Blame, BlameError> {
    let output = reader.blame(request)?;
    let mut commits = Commits::open(reader, sources, request)?;
    let mut known: HashMap<CommitId, (LineOrigins, Vec<Option<usize>>)> = HashMap::new();
    let mut found = Origins::default();
    let mut places = Vec::with_capacity(output.lines.len());
    for line in &output.lines {
        let Some(commit) = line.commit else {
            let origin = uncommitted(line.number);
            places.push(found.place(&LineOrigin { origin, basis: Basis::NotCommitted }));
            continue;
        };
        let (origins, told) = match known.entry(commit) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let origins = commits.origins(commit, line)?;
                let untold = vec![None; origins.all().len()];
                entry.insert((origins, untold))
            }
        };
        let place = origins.place(&output.paths[line.path], line.original_number);
        let told = &mut told[place];
        places.push(*told.get_or_insert_with(|| found.place(&origins.all()[place])));
    }
    let Commits { ends, problems, .. } = commits;
    Ok(Blame { output, origins: found.origins, places, ends, problems })
}

impl Blame {
    /// Returns the lines, by their numbers.
    pub fn lines(&self) -> impl Iterator<Item = FileLine<'_>> {
        self.output.lines.iter().zip(&self.places).map(|(line, origin)| FileLine {
            commit: line.commit,
            is_end: line.commit.is_some_and(|commit| self.ends.contains(&commit)),
            number: line.number,
            original_number: line.original_number,
            original_path: &self.output.paths[line.path],
            bytes: self.output.text(line),
            headers: self.output.headers(line),
            origin: *origin,
        })
    }

    /// Fails for a file that is not text, as Git judges it; `path` is how it was named.
    pub fn check_is_text(&self, path: &Path) -> Result<(), BlameError> {
        self.output.check_is_text(path)
    }
}

impl<'a> FileLine<'a> {
    /// Returns its text, decoded as the text of commits is.
    pub fn text(&self) -> Cow<'a, str> {
        decode(self.bytes, None)
    }
}

#[derive(Default)]
struct Origins {
    origins: Vec<LineOrigin>,
}

impl Origins {
    fn place(&mut self, origin: &LineOrigin) -> usize {
        self.origins.iter().position(|known| known == origin).unwrap_or_else(|| {
            self.origins.push(origin.clone());
            self.origins.len() - 1
        })
    }
}

/// What is read of commits, each once.
struct Commits<'a> {
    sources: Sources,
    notes: NotesOnDemand,
    headers: ObjectReader,
    objects: ObjectReader,
    reader: &'a HistoryReader,
    first_parent: bool,
    ends: HashSet<CommitId>,
    problems: Vec<NoteProblem>,
}

impl<'a> Commits<'a> {
    fn open(
        reader: &'a HistoryReader,
        sources: Sources,
        request: &BlameRequest,
    ) -> Result<Self, Error> {
        Ok(Self {
            sources,
            notes: NotesOnDemand::open(reader)?,
            headers: reader.objects(),
            objects: reader.objects(),
            reader,
            first_parent: request.first_parent,
            ends: HashSet::new(),
            problems: Vec::new(),
        })
    }

    fn origins(&mut self, id: CommitId, line: &BlamedLine) -> Result<LineOrigins, Error> {
        let commit = self.headers.commit(id)?;
        // Git marks root commits too, and those did make their lines. What a shallow clone ends at did not.
        let parents = commit.parents().count();
        let is_end = line.is_boundary && (parents > 0 || self.reader.is_rewired());
        // Along first parents a merge stands for all that it brought in.
        let is_stand_in = self.first_parent && parents > 1;
        let decoded = commit.decode();
        let text = decoded.text();
        let mut record = None;
        for blob in self.notes.own(id, &mut self.objects)? {
            let note = self.objects.blob(blob).map_err(|_| NoteProblem::Damaged);
            let parsed = note.and_then(|bytes| {
                note::parse_placed(id, bytes).map_err(|error| match error {
                    store::Error::NewerNote { .. } => NoteProblem::Newer,
                    _ => NoteProblem::Damaged,
                })
            });
            match parsed {
                Ok(parsed) => record = record.or(Some(parsed)),
                Err(problem) => self.problems.push(problem),
            }
        }
        let foreign = self.notes.foreign(id, &mut self.objects)?;
        let marks = (self.sources.marks)(&text);
        let bot = (self.sources.is_bot)(text.author);
        let own = record.as_ref().map(|(record, _)| record);
        let reading = CommitReading::combine(own, &foreign, &marks, bot);
        let is_placed = record.as_ref().is_some_and(|(_, is_placed)| *is_placed);
        let origins =
            LineOrigins::new(record.map(|(record, _)| record), is_placed, &foreign, &reading);
        if is_end {
            self.ends.insert(id);
        }
        Ok(if is_end || is_stand_in { origins.of_boundary() } else { origins })
    }
}
