//! One file of a replay: what is in it, whose its lines were, and what is to be remembered of it.

use std::collections::HashMap;
use std::path::PathBuf;

use crate::attribute::{Owner, ReplayFile, is_binary, lines};
use crate::capture::agent_hook::read_file;
use crate::capture::moment::Moment;
use crate::capture::{Error, change};
use crate::git::FileVersion;
use crate::provenance::FileState;
use crate::store::{ContentId, FileContents, Memory, Remembered, Run, Writer};

/// The writers of a replay, each with its number.
#[derive(Debug, Default)]
pub(super) struct Writers {
    pub(super) list: Vec<Writer>,
    numbers: HashMap<Writer, u32>,
}

impl Writers {
    /// Returns the number of a writer, the same for the same.
    pub(super) fn number(&mut self, writer: Writer) -> u32 {
        let next = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(writer).or_insert_with_key(|writer| {
            self.list.push(writer.clone());
            next
        })
    }
}

/// One file of a replay, with what is to be kept of it.
pub(super) struct Candidate {
    /// Its path from the top of the worktree.
    pub(super) path: String,
    /// The version at which the replay begins; `None` for no file, or where it begins with what no commit has.
    pub(super) start: Option<FileVersion>,
    /// The version in the index.
    pub(super) staged: Option<FileVersion>,
    /// What is in it.
    pub(super) file: ReplayFile,
}

impl Moment<'_> {
    /// Reads the contents of a file at the start, in the work tree and in the index; `None` for what is no text.
    pub(super) fn candidate(
        &self,
        (path, top): (String, PathBuf),
        (start, staged): (Option<FileVersion>, Option<FileVersion>),
        remembered: Option<Remembered>,
        writers: &mut Writers,
        budget: &mut usize,
    ) -> Result<Option<Candidate>, Error> {
        let Some(head) = change::text(self.repo, start, budget)? else { return Ok(None) };
        let Some(new) = change::text(self.repo, staged, budget)? else { return Ok(None) };
        let mut rest = *budget as u64;
        let worktree = match read_file(&top.join(&path), &mut rest) {
            FileState::Absent => None,
            FileState::Content(content) if !is_binary(&content) => Some(content),
            // A link, or too much: as if the index had it all.
            FileState::Content(_) | FileState::Unknown => staged.map(|_| new.clone()),
        };
        *budget = usize::try_from(rest).unwrap_or(0);
        let mut file = ReplayFile {
            start: head,
            start_owners: Vec::new(),
            worktree,
            staged: staged.map(|_| new),
        };
        let remembered =
            remembered.filter(|one| start.is_some_and(|start| start.id == one.committed));
        let is_committed = remembered.as_ref().is_none_or(|one| one.worktree.is_none());
        if let Some(remembered) = remembered {
            let memory = Memory::of(self.repo.git_dir());
            begin_with(&mut file, &remembered, &memory.contents(), writers);
        }
        Ok(Some(Candidate { path, start: start.filter(|_| is_committed), staged, file }))
    }
}

/// Begins a replay where the last commit left the work tree, with the owners that were known then.
fn begin_with(
    file: &mut ReplayFile,
    remembered: &Remembered,
    contents: &FileContents,
    writers: &mut Writers,
) {
    let content = match remembered.worktree {
        Some(id) => contents.read(id),
        None => Some(file.start.clone()),
    };
    let Some(content) = content else { return };
    let numbers =
        remembered.writers.iter().map(|one| writers.number(one.clone())).collect::<Vec<_>>();
    let owner = |run: &Run| match run.writer {
        Some(place) => numbers.get(place as usize).map_or(Owner::Start, |one| Owner::Writer(*one)),
        None => Owner::Start,
    };
    let owners = remembered
        .runs
        .iter()
        .flat_map(|run| std::iter::repeat_n(owner(run), run.lines as usize))
        .collect::<Vec<_>>();
    if owners.len() == lines(&content).count() {
        file.start = content;
        file.start_owners = owners;
    }
}

/// Returns what is to be remembered of a file, and its content if that is not committed.
///
/// `None` where no line of it is a writer's.
pub(super) fn remembered(
    candidate: &Candidate,
    owners: &[Owner],
    writers: &[Writer],
) -> Option<(Remembered, Option<Vec<u8>>)> {
    let (staged, worktree) = (candidate.staged?, candidate.file.worktree.as_ref()?);
    let mut own = Vec::new();
    let mut runs = Vec::<Run>::new();
    for owner in owners {
        let writer = match owner {
            Owner::Writer(number) => Some(place_in(&mut own, *number)),
            Owner::Start | Owner::Nobody => None,
        };
        match runs.last_mut() {
            Some(run) if run.writer == writer => run.lines += 1,
            _ => runs.push(Run { lines: 1, writer }),
        }
    }
    if own.is_empty() {
        return None;
    }
    let own = own.iter().filter_map(|number| writers.get(*number as usize).cloned()).collect();
    let left = (candidate.file.staged.as_ref() != Some(worktree)).then(|| worktree.clone());
    let id = left.as_deref().map(ContentId::of);
    Some((Remembered::new(candidate.path.clone(), staged.id, id, own, runs), left))
}

fn place_in(list: &mut Vec<u32>, number: u32) -> u32 {
    let place = list.iter().position(|known| *known == number).unwrap_or_else(|| {
        list.push(number);
        list.len() - 1
    });
    u32::try_from(place).unwrap_or(u32::MAX)
}
